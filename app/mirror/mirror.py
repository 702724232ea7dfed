"""The mirror: a local copy of customers' records."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final
from weakref import WeakValueDictionary

import structlog

from app.clock import Clock, utc_now
from app.database import Database
from app.mirror import directory
from app.mirror.changes import Changes
from app.mirror.customer import CustomerMirror
from app.mirror.directory import SoughtBy
from app.mirror.lookups import Lookups
from app.mirror.rows import folded
from app.mirror.shop import Shop, ShopMirror
from app.mirror.snapshot import Snapshot
from app.mirror.tasks import Tasks
from app.recharge import Customer, Priority, RechargeClient, RechargeError

_log = structlog.get_logger(__name__)

UNKNOWN_FOR: Final = timedelta(seconds=60)
"""How long "nobody has this" is remembered: guesses must not spend the upstream budget."""

MOST_UNKNOWN: Final = 10_000
"""How many such answers are remembered."""

TRUSTED_FOR: Final = timedelta(hours=24)
"""How long a kept e-mail address is believed without asking Recharge: it may have changed hands."""

_FORM: Final = {
    SoughtBy.EMAIL: re.compile(r"[^\s@]{1,64}@[^\s@]{1,255}"),
    SoughtBy.HASH: re.compile(r"[A-Za-z0-9_-]{1,128}", re.ASCII),
    SoughtBy.EXTERNAL_ID: re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII),
}
"""What such a thing looks like. Anything else is nobody's, without asking."""


class Mirror:
    """Local copies of the shop and its customers.

    database:  brought up to date with `Database.upgrade`
    client:    every call that the mirror makes goes through it, at its own priorities
    clock:     the present moment, aware
    overrides: what customers may do, over the store's own settings
    """

    def __init__(
        self,
        database: Database,
        client: RechargeClient,
        *,
        clock: Clock = utc_now,
        overrides: Mapping[str, bool] | None = None,
    ) -> None:
        self.changes = Changes()
        self._database = database
        self._client = client
        self._clock = clock
        self._tasks = Tasks()
        self._shop = ShopMirror(
            database=database,
            client=client,
            tasks=self._tasks,
            changes=self.changes,
            clock=clock,
            overrides=overrides or {},
        )
        self._unknown: dict[str, datetime] = {}
        self._lookups = Lookups()
        self._news = Changes()
        self._in_use: WeakValueDictionary[int, Snapshot] = WeakValueDictionary()
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def shop(self) -> Shop:
        """The shop: from memory or the database; from Recharge (4 calls) when it is not there.

        Raises:
            RechargeError: it is not there and could not be read.
        """
        return await self._shop.get()

    def today(self, shop: Shop) -> date:
        """The day in the shop's zone: that of its delivery dates."""
        return self._clock().astimezone(shop.timezone).date()

    def customer(self, customer_id: int) -> CustomerMirror:
        """The part of one customer. The caller has made sure who is asking."""
        return CustomerMirror(
            customer_id,
            database=self._database,
            client=self._client,
            shop=self._shop,
            tasks=self._tasks,
            changes=self.changes,
            clock=self._clock,
            in_use=self._in_use,
            turn=self._turns.setdefault(customer_id, asyncio.Lock()),
            lookups=self._lookups,
            news=self._news,
        )

    async def find_customer(
        self, *, email: str | None = None, hash: str | None = None, external_id: str | None = None
    ) -> int | None:
        """The id of the customer with this e-mail address (in any case), portal hash, or account in
        the shop (its id there).

        What is kept here is asked first, then Recharge, with one call. None when there is nobody,
        which is remembered for `UNKNOWN_FOR`, or when several customers share it.

        Raises:
            RechargeError: nothing is kept and Recharge could not be asked.
            ValueError: not exactly one of `email`, `hash` and `external_id` was given.
        """
        by, value = _sought(email, hash, external_id)
        if not _FORM[by].fullmatch(value):
            return None
        kept = await directory.find(self._database, by, value)
        if len(kept) > 1:
            _log.warning("several customers share one", by=by.value, customers=len(kept))
            return None
        if kept and self._is_trusted(kept[0][1]):
            return kept[0][0]
        key = f"{by} {value}"
        if self._is_unknown(key):
            return None
        try:
            return await self._tasks.once(("find", key), lambda: self._ask(key, by, value))
        except RechargeError:
            if not kept:
                raise
            _log.warning("a customer could not be checked", by=by.value, customer_id=kept[0][0])
            return kept[0][0]

    async def forget_everything(self) -> None:
        """Keep nothing of anybody, nor of the shop: for a database that has seen another shop, such
        as the demo's before it was planted anew."""
        await directory.empty(self._database)
        self._shop.forget()
        self._unknown.clear()
        self._in_use.clear()
        self.changes.publish_to_all()

    async def settled(self) -> None:
        """Returns when nothing is being read in the background."""
        await self._tasks.settled()

    async def close(self) -> None:
        """Stop what is being read in the background."""
        await self._tasks.close()

    async def _ask(self, key: str, by: SoughtBy, value: str) -> int | None:
        customers = self._client.with_options(priority=Priority.MISS).customers
        match by:
            case SoughtBy.EMAIL:
                asked = customers.list(email=value, limit=50)
            case SoughtBy.HASH:
                asked = customers.list(hash=value, limit=50)
            case SoughtBy.EXTERNAL_ID:
                asked = customers.list(external_customer_id=value, limit=50)
        found = [one for one in (await asked.page()).records if _is_match(one, by, value)]
        if len(found) == 1:
            await self.customer(found[0].id).store(found[0])
            return found[0].id
        if found:
            _log.warning("several customers share one", by=by.value, customers=len(found))
        self._remember_unknown(key)
        return None

    def _is_trusted(self, read_at: datetime) -> bool:
        return self._clock() - read_at <= TRUSTED_FOR

    def _is_unknown(self, key: str) -> bool:
        until = self._unknown.get(key)
        return until is not None and self._clock() < until

    def _remember_unknown(self, key: str) -> None:
        self._unknown.pop(key, None)
        while len(self._unknown) >= MOST_UNKNOWN:
            self._unknown.pop(next(iter(self._unknown)))
        self._unknown[key] = self._clock() + UNKNOWN_FOR


def _sought(email: str | None, hash: str | None, external_id: str | None) -> tuple[SoughtBy, str]:
    given = [
        (by, value)
        for by, value in (
            (SoughtBy.EMAIL, email),
            (SoughtBy.HASH, hash),
            (SoughtBy.EXTERNAL_ID, external_id),
        )
        if value is not None
    ]
    if len(given) != 1:
        raise ValueError("give email, hash or external_id, one of them")
    ((by, value),) = given
    return by, (folded(value) or "") if by is SoughtBy.EMAIL else value


def _is_match(customer: Customer, by: SoughtBy, value: str) -> bool:
    """Recharge's own filter is not relied on: a loose match would sign in somebody else."""
    match by:
        case SoughtBy.EMAIL:
            return folded(customer.email) == value
        case SoughtBy.HASH:
            return customer.hash == value
        case SoughtBy.EXTERNAL_ID:
            return customer.external_customer_id.ecommerce == value
