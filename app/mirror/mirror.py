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

_HASH = re.compile(r"[A-Za-z0-9_-]{1,128}", re.ASCII)
_EMAIL = re.compile(r"[^\s@]{1,64}@[^\s@]{1,255}")


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
        self, *, email: str | None = None, hash: str | None = None
    ) -> int | None:
        """The id of the customer with this e-mail address (in any case) or portal hash.

        What is kept here is asked first, then Recharge, with one call. None when there is nobody,
        which is remembered for `UNKNOWN_FOR`, or when several customers share the address.

        Raises:
            RechargeError: nothing is kept and Recharge could not be asked.
            ValueError: not exactly one of `email` and `hash` was given.
        """
        if (email is None) == (hash is None):
            raise ValueError("give email or hash, one of them")
        email = folded(email)
        if not (_EMAIL.fullmatch(email) if email else _HASH.fullmatch(hash or "")):
            return None
        kept = await directory.find(self._database, email=email, hash=hash)
        if len(kept) > 1:
            _log.warning("several customers share an address", customers=len(kept))
            return None
        if kept and self._is_trusted(kept[0][1]):
            return kept[0][0]
        key = email or hash or ""
        if self._is_unknown(key):
            return None
        try:
            return await self._tasks.once(("find", key), lambda: self._ask(key, email, hash))
        except RechargeError:
            if not kept:
                raise
            _log.warning("a kept address could not be checked", customer_id=kept[0][0])
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

    async def _ask(self, key: str, email: str | None, hash: str | None) -> int | None:
        client = self._client.with_options(priority=Priority.MISS)
        page = await client.customers.list(email=email, hash=hash, limit=50).page()
        found = [one for one in page.records if _is_match(one, email, hash)]
        if len(found) == 1:
            await self.customer(found[0].id).store(found[0])
            return found[0].id
        if found:
            _log.warning("several customers share an address", customers=len(found))
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


def _is_match(customer: Customer, email: str | None, hash: str | None) -> bool:
    """Recharge's own filter is not relied on: a loose match would sign in somebody else."""
    return customer.hash == hash if email is None else folded(customer.email) == email
