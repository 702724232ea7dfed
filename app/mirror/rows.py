"""One customer's rows: the only way to read or write them.

Every statement on a customer's rows goes through `OwnRows._mine`, which puts the customer's id into
it, or through `CustomerRows._row`, which writes it into the row. There is no third way, and tests
watch that there is none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    Table,
    and_,
    cast,
    delete,
    false,
    literal,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import ReturningDelete

from app.database import Database, upsert
from app.mirror import tables
from app.mirror.errors import ForeignRow
from app.mirror.own_rows import OwnRows
from app.mirror.purchase_rows import PurchaseRows
from app.mirror.purchases import PurchaseKind
from app.mirror.unreadable import UNREADABLE, is_unreadable
from app.recharge import (
    Address,
    Charge,
    Customer,
    Membership,
    Onetime,
    Order,
    PaymentMethod,
    Record,
    Subscription,
)

NEWEST_ORDERS: Final = 50
"""Orders of a snapshot. One more is kept, which tells that there are more."""


class Noun(StrEnum):
    """The kinds of record that the mirror keeps of a customer."""

    CUSTOMER = "customer"
    ADDRESSES = "addresses"
    PAYMENT_METHODS = "payment_methods"
    SUBSCRIPTIONS = "subscriptions"
    ONETIMES = "onetimes"
    CHARGES = "charges"
    ORDERS = "orders"
    MEMBERSHIPS = "memberships"


_KINDS: Final[Mapping[Noun, tuple[Table, type[Record]]]] = {
    Noun.CUSTOMER: (tables.customers, Customer),
    Noun.ADDRESSES: (tables.addresses, Address),
    Noun.PAYMENT_METHODS: (tables.payment_methods, PaymentMethod),
    Noun.SUBSCRIPTIONS: (tables.subscriptions, Subscription),
    Noun.ONETIMES: (tables.onetimes, Onetime),
    Noun.CHARGES: (tables.charges, Charge),
    Noun.ORDERS: (tables.orders, Order),
    Noun.MEMBERSHIPS: (tables.memberships, Membership),
}


@dataclass(frozen=True)
class Unreadable:
    """A record of the customer's that cannot be read. Kept, so that nobody takes what is left for
    everything; of its contents nothing is.

    id: its own, or a number below zero where that is unreadable too
    """

    noun: Noun
    id: int
    updated_at: None = None


def noun_of(record: Record | Unreadable) -> Noun:
    """The noun under which a record is kept.

    Raises:
        TypeError: the mirror keeps no such records.
    """
    if isinstance(record, Unreadable):
        return record.noun
    for noun, (_table, model) in _KINDS.items():
        if isinstance(record, model):
            return noun
    raise TypeError(f"the mirror keeps no {type(record).__name__}")


@dataclass(frozen=True)
class Stored:
    """What is kept of a customer: documents as JSON text, by noun, in order of their ids.

    writes:    counts the changes of this customer's rows
    loaded_at: when everything was last read; None when only single records are kept
    coming:    orders that are not made yet: what is left of prepaid goods
    """

    writes: int = 0
    loaded_at: datetime | None = None
    documents: Mapping[Noun, list[str]] = field(default_factory=dict)
    coming: list[str] = field(default_factory=list)


_COMING: Final = "coming"
_BOUGHT: Final = {Noun.ORDERS: PurchaseKind.ORDER, Noun.CHARGES: PurchaseKind.CHARGE}


class CustomerRows(OwnRows):
    """The rows of one customer. `purchases` has those to look through: they are written with the
    orders and charges that they are of."""

    def __init__(self, database: Database, customer_id: int) -> None:
        super().__init__(database, customer_id)
        self.purchases = PurchaseRows(database, customer_id)

    async def writes(self) -> int:
        """How often this customer's rows have changed: taken before asking upstream, it tells
        later which rows the answer could not know."""
        async with self._database.read() as connection:
            return await self._writes(connection)

    async def read(self, known: tuple[int, datetime] | None = None) -> Stored:
        """Everything, with the newest orders only; without documents when not all is there, or
        when `writes` and `loaded_at` are those that the caller knows."""
        async with self._database.read() as connection:
            columns = tables.loads.c.writes, tables.loads.c.loaded_at
            load = (await connection.execute(self._mine(select(*columns), tables.loads))).first()
            if load is None:
                return Stored()
            if load.loaded_at is None or (load.writes, load.loaded_at) == known:
                return Stored(load.writes, load.loaded_at)
            found: dict[str, list[str]] = {part: [] for part in (*Noun, _COMING)}
            query = union_all(*map(self._documents, Noun), self._coming_orders())
            for part, _id, document in sorted((await connection.execute(query)).all()):
                found[part].append(document)
            documents = {noun: found[noun] for noun in Noun}
            return Stored(load.writes, load.loaded_at, documents, found[_COMING])

    async def document(self, noun: Noun, id: int) -> str | None:
        """One record; None where it is not kept, or cannot be read."""
        table = _KINDS[noun][0]
        query = self._mine(select(cast(table.c.document, String)), table).where(table.c.id == id)
        async with self._database.read() as connection:
            found = (await connection.execute(query)).scalar()
        return None if found is None or is_unreadable(found) else str(found)

    async def write(
        self,
        records: Iterable[Record | Unreadable],
        *,
        read_at: datetime,
        whole: Collection[Noun] = (),
        asked_at: int | None = None,
        zone: tzinfo = UTC,
        is_past: bool = False,
    ) -> None:
        """Keep records, all of them or none.

        read_at:   the moment when upstream was asked
        whole:     nouns of which `records` are all there are: other rows are removed
        asked_at:  `writes()` when upstream was asked; rows written since then stay as they are
                   unless the answer is newer. None: the answer knows everything.
        zone:      of the shop: charges are due on its days
        is_past:   no snapshot holds any of these: open ones stay as they are

        A record whose `updated_at` is older than that of its row is passed over.

        Raises:
            ForeignRow: a record belongs to another customer.
        """
        rows: dict[Noun, list[dict[str, Any]]] = {}
        lost: dict[Noun, list[int]] = {}
        bought: list[Order | Charge] = []
        for record in records:
            noun = noun_of(record)
            rows.setdefault(noun, []).append(self._row(noun, record, read_at))
            if isinstance(record, Order | Charge):
                bought.append(record)
            elif isinstance(record, Unreadable):
                lost.setdefault(noun, []).append(record.id)
        async with self._database.begin() as connection:
            is_all = set(whole) == set(Noun)
            count = await self._count(connection, read_at if is_all else None, by=int(not is_past))
            seen = count if asked_at is None else asked_at

            def is_newer(old: Table, new: Any) -> ColumnElement[bool]:
                unordered = or_(
                    old.c.updated_at.is_(None),
                    new.updated_at.is_(None),
                    old.c.updated_at == new.updated_at,
                )
                return or_(old.c.updated_at < new.updated_at, and_(unordered, old.c.write <= seen))

            for noun, batch in rows.items():
                table = _KINDS[noun][0]
                numbered = [{**row, "write": count} for row in batch]
                await upsert(connection, table, numbered, ("customer_id", "id"), where=is_newer)
            await self.purchases.keep(connection, bought, zone=zone, write=count, where=is_newer)
            for noun in whole:
                kept = [row["id"] for row in rows.get(noun, ())]
                gone = await connection.execute(self._gone(noun, kept, seen))
                lost.setdefault(noun, []).extend(gone.scalars())
            for noun, kind in _BOUGHT.items():
                await self.purchases.drop(connection, kind, lost.get(noun, ()))

    async def clear(self) -> None:
        """Keep nothing of this customer."""
        async with self._database.begin() as connection:
            for table in (*(table for table, _model in _KINDS.values()), tables.credits):
                await connection.execute(self._mine(delete(table), table))
            await self.purchases.clear(connection)
            await self._count(connection, None)
            forget = update(tables.loads).values(loaded_at=None)
            await connection.execute(self._mine(forget, tables.loads))

    def _row(self, noun: Noun, record: Any, read_at: datetime) -> dict[str, Any]:
        """A row of this customer.

        Raises:
            ForeignRow: the record says that it belongs to another.
        """
        row = {"customer_id": self.customer_id, "id": record.id, "updated_at": record.updated_at}
        if isinstance(record, Unreadable):
            row["document"] = UNREADABLE
            return row | ({"status": None} if noun is Noun.ORDERS else {})
        owner = _owner(noun, record)
        if owner != self.customer_id:
            raise ForeignRow(noun, record.id, owner, self.customer_id)
        row["document"] = record.model_dump(mode="json", exclude_unset=True, exclude={"include"})
        if noun is Noun.CUSTOMER:
            row |= {
                "email": folded(record.email),
                "hash": record.hash or None,
                "external_customer_id": record.external_customer_id.ecommerce or None,
                "read_at": read_at,
            }
        if noun is Noun.ORDERS:
            row["status"] = record.status
        return row

    def _documents(self, noun: Noun, part: str | None = None) -> Select[Any]:
        """One noun's documents, as the text they are stored as: the model reads JSON itself."""
        table = _KINDS[noun][0]
        columns = literal(part or noun, String), table.c.id, cast(table.c.document, String)
        query = self._mine(select(*columns), table)
        if noun is not Noun.ORDERS or part:
            return query
        newest = query.order_by(table.c.id.desc()).limit(NEWEST_ORDERS + 1).subquery()
        return select(newest)

    def _coming_orders(self) -> Select[Any]:
        return self._documents(Noun.ORDERS, _COMING).where(tables.orders.c.status == "queued")

    def _gone(self, noun: Noun, kept: list[int], seen: int) -> ReturningDelete[int]:
        """Removes the rows that the answer should have held and did not. Gives their ids."""
        table = _KINDS[noun][0]
        statement = self._mine(delete(table), table)
        statement = statement.where(table.c.write <= seen, table.c.id.not_in(kept))
        if noun is Noun.ORDERS and len(kept) > NEWEST_ORDERS:
            statement = statement.where(
                table.c.id > min(id for id in kept if id > 0)
            )  # older ones were not asked for
        return statement.returning(table.c.id)

    async def _writes(self, connection: AsyncConnection) -> int:
        query = self._mine(select(tables.loads.c.writes), tables.loads)
        return (await connection.execute(query)).scalar() or 0

    async def _count(
        self, connection: AsyncConnection, loaded_at: datetime | None, by: int = 1
    ) -> int:
        """Count a write. On PostgreSQL this also makes this customer's writers take turns."""
        first = {"customer_id": self.customer_id, "writes": 0}
        await upsert(
            connection, tables.loads, [first], ("customer_id",), where=lambda _old, _new: false()
        )
        values: dict[str, Any] = {"writes": tables.loads.c.writes + by}
        if loaded_at is not None:
            values["loaded_at"] = loaded_at
        counted = self._mine(update(tables.loads).values(values), tables.loads)
        return int(
            (await connection.execute(counted.returning(tables.loads.c.writes))).scalar_one()
        )


def folded(email: str | None) -> str | None:
    """An e-mail address as it is compared: without regard to case."""
    return email.strip().lower() or None if email else None


def _owner(noun: Noun, record: Any) -> int | None:
    """Whose a record is, as the record itself says."""
    match noun:
        case Noun.CUSTOMER:
            owner = record.id
        case Noun.CHARGES | Noun.ORDERS:
            owner = record.customer.id if record.customer else None
        case _:
            owner = record.customer_id
    return owner if isinstance(owner, int) else None
