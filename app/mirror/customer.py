"""One customer's part of the mirror."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from dataclasses import replace
from datetime import UTC, timedelta
from itertools import chain
from typing import Final, Generic, TypeVar

import structlog
from pydantic import TypeAdapter, ValidationError

from app.clock import Clock
from app.database import Database
from app.mirror.changes import Changes
from app.mirror.credit import CreditRows, StoreCredit
from app.mirror.credit import ask as ask_credit
from app.mirror.errors import UnknownCustomer
from app.mirror.history import History
from app.mirror.lookups import Lookups
from app.mirror.rows import CustomerRows, Noun, Stored
from app.mirror.shop import SYNC_SECONDS, Shop, ShopMirror
from app.mirror.snapshot import Snapshot
from app.mirror.tasks import Tasks
from app.mirror.unreadable import is_unreadable, readable
from app.mirror.upstream import OPEN_CHARGES, ask
from app.recharge import (
    Address,
    BudgetExceeded,
    Charge,
    Customer,
    Membership,
    NotFound,
    Onetime,
    Order,
    PaymentMethod,
    Priority,
    RechargeClient,
    Record,
    Subscription,
)

_log = structlog.get_logger(__name__)

REPAIR_AFTER: Final = timedelta(minutes=15)
"""A copy older than this is read again in the background, after it has been shown: the bound on
what a lost message can hide."""

_DATED: Final = frozenset({Noun.CHARGES})
"""What is due on days of the shop."""

R = TypeVar("R", bound=Record)
D = TypeVar("D", Order, Charge)


class CustomerMirror:
    """The mirror of one customer: whatever is asked of it, it answers for this customer alone."""

    def __init__(
        self,
        customer_id: int,
        *,
        database: Database,
        client: RechargeClient,
        shop: ShopMirror,
        tasks: Tasks,
        changes: Changes,
        clock: Clock,
        in_use: MutableMapping[int, Snapshot],
        turn: asyncio.Lock,
        lookups: Lookups,
        news: Changes,
    ) -> None:
        """`in_use` holds the newest snapshot of every customer for as long as somebody looks at it,
        so that all open pages of a customer share one. They hear of a change at the same moment:
        `turn` lets the first build the snapshot that the others then find. `news` tells of what
        only the history holds."""
        self.customer_id = customer_id
        self._rows = CustomerRows(database, customer_id)
        self._credit_rows = CreditRows(database, customer_id)
        self._client = client
        self._shop = shop
        self._tasks = tasks
        self._changes = changes
        self._clock = clock
        self._in_use = in_use
        self._turn = turn
        self._lookups = lookups
        self.history = History(
            self._rows,
            client=client,
            shop=shop,
            tasks=tasks,
            changes=changes,
            news=news,
            clock=clock,
        )
        """Everything that was ever bought."""

    async def snapshot(self) -> Snapshot:
        """Everything of this customer.

        The first time it is read from Recharge, with at most 4 calls, and 5 where the shop has
        memberships; callers who come meanwhile wait for the same calls. Afterwards it comes from
        the database alone, and when it is older than `REPAIR_AFTER` it is read again in the
        background.

        Raises:
            UnknownCustomer: Recharge knows no such customer; nothing is kept.
            RechargeError: the first read failed; nothing is kept.
        """
        shop = await self._shop.get()
        async with self._turn:
            found = await self._kept(shop)
        if found is None:
            await self._tasks.once(("load", self.customer_id), self._load)
            found = self._built(shop, await self._rows.read())
        elif abs(self._clock() - found.loaded_at) > REPAIR_AFTER:
            self._tasks.start(("repair", self.customer_id), self._repair)
        return found

    async def refresh(self, *nouns: str, priority: Priority = Priority.WRITE) -> None:
        """Read these nouns from Recharge again, all of them when none is named: "customer",
        "addresses", "payment_methods", "subscriptions", "onetimes", "charges", "orders",
        "memberships" (which cost no call where the shop has none).

        One call per noun at most. Rows that are gone are removed. Everything happens in one
        transaction: after a failure the rows are as they were.

        Raises:
            UnknownCustomer: Recharge knows the customer no more; nothing is kept.
            ForeignRow: an answer held another customer's record.
            RechargeError: a call failed.
        """
        wanted = {Noun(noun) for noun in nouns} or set(Noun)
        asked_at = await self._rows.writes()
        client = self._client.with_options(
            priority=priority,
            customer_id=self.customer_id,
            timeout=SYNC_SECONDS if priority >= Priority.REPAIR else None,
        )
        read_at = self._clock()
        try:
            records, complete = await ask(client, self.customer_id, await self._asked(wanted))
        except UnknownCustomer:
            if asked_at:
                await self.forget()
            raise
        await self._rows.write(
            records,
            read_at=read_at,
            whole=complete | wanted,
            asked_at=asked_at,
            zone=(await self._shop.get()).timezone if wanted & _DATED else UTC,
        )
        self._changes.publish(self.customer_id)

    async def order(self, id: int) -> Order | None:
        """One order, however old: from what is kept, and with one call where it is not there. None
        where this customer has no such order.

        Raises:
            BudgetExceeded: this customer has had too many looked for.
            RechargeError: it could not be asked for.
        """
        return await self._one(Order, Noun.ORDERS, id)

    async def charge(self, id: int) -> Charge | None:
        """One charge, as `order`. Recharge forgets those that are paid after 90 days."""
        return await self._one(Charge, Noun.CHARGES, id)

    async def kept_credit(self) -> StoreCredit | None:
        """The customer's store credit as it was last read; None where nobody has asked for it."""
        return await self._credit_rows.read()

    async def read_credit(self) -> StoreCredit:
        """The customer's store credit, asked for now: one call, one more for what was given, and
        one for each of these. Kept; the snapshot has no part in it.

        Raises:
            RechargeError: it could not be asked for.
        """
        return await self._tasks.once(("credit", self.customer_id), self._read_credit)

    async def store(self, *records: Record) -> None:
        """Keep what a write answered.

        Raises:
            ForeignRow: a record belongs to another customer; none was kept.
            TypeError: the mirror keeps no such records.
        """
        is_dated = any(isinstance(one, Charge) for one in records)
        zone = (await self._shop.get()).timezone if is_dated else UTC
        await self._rows.write(records, read_at=self._clock(), zone=zone)
        self._changes.publish(self.customer_id)

    async def forget(self) -> None:
        """Keep nothing of this customer; the next snapshot reads everything again."""
        await self._rows.clear()
        self._changes.publish(self.customer_id)

    async def _one(self, model: type[D], noun: Noun, id: int) -> D | None:
        if id.bit_length() > 63:
            return None  # no database holds such a number
        kept = await self._rows.document(noun, id)
        if kept is not None:
            try:
                return model.model_validate_json(kept)
            except ValidationError:
                # An earlier release kept it, with other ideas of what a record must hold.
                _log.warning("a kept record is read anew", model=model.__name__)
        key = noun, self.customer_id, id
        found = await self._tasks.once(key, lambda: self._look_up(noun, id))
        return found if isinstance(found, model) else None

    async def _look_up(self, noun: Noun, id: int) -> Order | Charge | None:
        if not self._lookups.take(self.customer_id, self._clock()):
            raise BudgetExceeded("this customer has had too many records looked for")
        client = self._client.with_options(priority=Priority.MISS, customer_id=self.customer_id)
        found: Order | Charge
        try:
            if noun is Noun.ORDERS:
                found = await client.orders.get(id)
            else:
                found = await client.charges.get(id)
        except NotFound:
            return None
        if found.customer.id != self.customer_id or found.id != id:
            # Asked for by number alone, Recharge answers for any customer.
            return None
        if isinstance(found, Order):
            await self._rows.write([found], read_at=self._clock())
        return found

    async def _read_credit(self) -> StoreCredit:
        client = self._client.with_options(priority=Priority.MISS, customer_id=self.customer_id)
        found = await ask_credit(client, self.customer_id, self._clock())
        await self._credit_rows.keep(found)
        return found

    async def _kept(self, shop: Shop) -> Snapshot | None:
        """The snapshot of what is kept; None when that is nothing, or cannot be used."""
        in_use = self._in_use.get(self.customer_id)
        known = (in_use.revision, in_use.loaded_at) if in_use else None
        stored = await self._rows.read(known)
        if stored.loaded_at is None:
            return None
        if in_use and known == (stored.writes, stored.loaded_at):
            return self._renewed(in_use, shop)
        try:
            return self._built(shop, stored)
        except ValidationError as error:
            # An earlier release kept it, with other ideas of what a record must hold.
            _log.warning("kept records are read anew", models=error.title)
            return None

    async def _asked(self, wanted: set[Noun]) -> set[Noun]:
        """What of it has to be asked for: of what the shop does not have there is none."""
        has_memberships = Noun.MEMBERSHIPS in wanted and (await self._shop.get()).has_memberships
        return wanted if has_memberships else wanted - {Noun.MEMBERSHIPS}

    async def _load(self) -> None:
        await self.refresh(priority=Priority.MISS)

    async def _repair(self) -> None:
        await self.refresh(priority=Priority.REPAIR)

    def _renewed(self, snapshot: Snapshot, shop: Shop) -> Snapshot:
        """A snapshot whose rows are as they were, with the shop as it is now."""
        found = self._shop.catalogue()
        if snapshot.shop is shop and snapshot.products is found.products:
            return snapshot
        self._in_use[self.customer_id] = renewed = replace(
            snapshot,
            shop=shop,
            products=found.products,
            plans=found.plans,
            bundles=found.bundles,
            is_unlisted=found.is_refused,
            memberships=snapshot.memberships if shop.has_memberships else (),
            programs=found.programs,
        )
        return renewed

    def _built(self, shop: Shop, stored: Stored) -> Snapshot:
        customers = _CUSTOMERS.read(stored, Noun.CUSTOMER)
        if not customers or stored.loaded_at is None:
            raise UnknownCustomer(self.customer_id)
        charges = _CHARGES.read(stored, Noun.CHARGES)
        found = self._shop.catalogue()
        unreadable = sum(map(is_unreadable, chain.from_iterable(stored.documents.values())))
        self._in_use[self.customer_id] = built = Snapshot(
            shop=shop,
            customer=customers[0],
            addresses=_ADDRESSES.read(stored, Noun.ADDRESSES),
            payment_methods=_PAYMENT_METHODS.read(stored, Noun.PAYMENT_METHODS),
            subscriptions=_SUBSCRIPTIONS.read(stored, Noun.SUBSCRIPTIONS),
            onetimes=_ONETIMES.read(stored, Noun.ONETIMES),
            charges=tuple(charge for charge in charges if _is_open(charge)),
            products=found.products,
            plans=found.plans,
            bundles=found.bundles,
            is_unlisted=found.is_refused,
            memberships=_MEMBERSHIPS.read(stored, Noun.MEMBERSHIPS) if shop.has_memberships else (),
            programs=found.programs,
            loaded_at=stored.loaded_at,
            revision=stored.writes,
            unreadable=unreadable,
            order_documents=readable(stored.documents[Noun.ORDERS]),
            coming_documents=tuple(stored.coming),
        )
        return built


class _Reader(Generic[R]):
    """Reads many documents of one model at once."""

    def __init__(self, model: type[R]) -> None:
        # The type is made from a value, which the type checker does not follow.
        self._adapter: TypeAdapter[tuple[R, ...]] = TypeAdapter(tuple[model, ...])  # type: ignore[valid-type]

    def read(self, stored: Stored, noun: Noun) -> tuple[R, ...]:
        documents = readable(stored.documents.get(noun, ()))
        return self._adapter.validate_json(f"[{','.join(documents)}]")


def _is_open(charge: Charge) -> bool:
    """Not done with, as far as is known: a status of tomorrow may mean anything."""
    return charge.status in OPEN_CHARGES or not charge.status.is_known


_CUSTOMERS = _Reader(Customer)
_ADDRESSES = _Reader(Address)
_PAYMENT_METHODS = _Reader(PaymentMethod)
_SUBSCRIPTIONS = _Reader(Subscription)
_ONETIMES = _Reader(Onetime)
_CHARGES = _Reader(Charge)
_MEMBERSHIPS = _Reader(Membership)
