"""The narrow rows of one customer's purchases, and how far their orders have been read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    Table,
    cast,
    delete,
    exists,
    false,
    func,
    not_,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from app.database import upsert
from app.mirror import tables
from app.mirror.own_rows import OwnRows
from app.mirror.purchases import Purchase, PurchaseKind, PurchaseStatus, day_of, row_of, words_of
from app.mirror.unreadable import is_unreadable
from app.recharge import Charge, Order

_row = tables.purchases.c
_ORDER: Final = (_row.at, _row.kind, _row.id)
"""By what purchases are listed, the newest first. No two are equal in all of it."""
_TABLES: Final[Mapping[PurchaseKind, tuple[Table, TypeAdapter[Any]]]] = {
    PurchaseKind.ORDER: (tables.orders, TypeAdapter(Order)),
    PurchaseKind.CHARGE: (tables.charges, TypeAdapter(Charge)),
}
_orders = tables.purchases.alias("mirror_purchases_of_orders")


@dataclass(frozen=True)
class Place:
    """Where a page of purchases ends, so that the next one can go on there."""

    at: datetime
    kind: str
    id: int


@dataclass(frozen=True)
class Wanted:
    """Which purchases.

    until:    those before this moment: what is due later lies ahead
    since:    those from this moment on
    statuses: those that have come so far; all where there are none
    search:   those in which all its words are, as the customer wrote them
    """

    until: datetime
    since: datetime | None = None
    statuses: frozenset[PurchaseStatus] = frozenset()
    search: str = ""


@dataclass(frozen=True)
class Found:
    """A page of purchases, and where the next one begins; None after the last."""

    purchases: tuple[Purchase, ...]
    next: Place | None


@dataclass(frozen=True)
class Summary:
    """How many purchases there are of each status, and the moment of the oldest."""

    counts: Mapping[PurchaseStatus, int] = field(default_factory=dict)
    oldest: datetime | None = None


@dataclass(frozen=True)
class Progress:
    """How far a customer's orders have been read.

    cursor:   where to go on; None at the start
    since:    what is read are changes since then; None for everything
    began_at: when this reading began
    read_at:  when the last one began that has come to its end; None while there is none
    """

    began_at: datetime
    cursor: str | None = None
    since: datetime | None = None
    read_at: datetime | None = None

    @property
    def is_under_way(self) -> bool:
        """Whether there is more to read."""
        return self.read_at is None or self.since is not None


class PurchaseRows(OwnRows):
    """The purchases of one customer."""

    async def page(
        self,
        wanted: Wanted,
        zone: tzinfo,
        *,
        after: Place | None,
        limit: int,
        known: Mapping[str, Purchase],
    ) -> Found:
        """So many purchases, the newest first, from `after` on.

        Records are read anew only where they are not `known`, by key, as they are now.
        """
        columns = _row.kind, _row.id, _row.at, _row.status, _row.write
        query = self._wanted(select(*columns), wanted)
        if after is not None:
            query = query.where(tuple_(*_ORDER) < tuple_(after.at, after.kind, after.id))
        query = query.order_by(*(column.desc() for column in _ORDER)).limit(limit + 1)
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
            more, rows = rows[limit:], rows[:limit]
            unknown = [one for one in rows if not _is_known(one, known)]
            records = await self._records(connection, unknown)
        found = []
        for row in rows:
            key = f"{row.kind}-{row.id}"
            if _is_known(row, known):
                found.append(known[key])
            elif (record := records.get(key)) is not None:
                status = PurchaseStatus(row.status)
                found.append(Purchase(record, status, day_of(record, zone), row.write))
        last = rows[-1] if more else None
        return Found(tuple(found), Place(last.at, last.kind, last.id) if last else None)

    async def count(self, wanted: Wanted) -> int:
        """How many there are."""
        query = self._wanted(select(func.count()).select_from(tables.purchases), wanted)
        async with self._database.read() as connection:
            return int((await connection.execute(query)).scalar_one())

    async def summary(self, until: datetime) -> Summary:
        """All that there are before a moment."""
        counts: dict[PurchaseStatus, int] = {}
        oldest: list[datetime] = []
        query = self._wanted(select(_row.status, func.count(), func.min(_row.at)), Wanted(until))
        async with self._database.read() as connection:
            for status, count, first in await connection.execute(query.group_by(_row.status)):
                counts[PurchaseStatus(status)] = count
                oldest += [first] if first.timestamp() else []
        return Summary(counts, min(oldest, default=None))

    async def is_empty(self) -> bool:
        """Whether there is none at all, not even one that lies ahead."""
        query = self._mine(select(_row.id), tables.purchases).limit(1)
        async with self._database.read() as connection:
            return (await connection.execute(query)).first() is None

    async def keep(
        self,
        connection: AsyncConnection,
        records: Iterable[Order | Charge],
        *,
        zone: tzinfo,
        write: int,
        where: Callable[[Table, Any], ColumnElement[bool]] | None,
    ) -> None:
        """Write the rows of these records, in the transaction that writes the records."""
        rows = [
            {
                "customer_id": self.customer_id,
                "write": write,
                "updated_at": record.updated_at,
                **row_of(record, zone),
            }
            for record in records
        ]
        await upsert(connection, tables.purchases, rows, ("customer_id", "kind", "id"), where=where)

    async def drop(
        self, connection: AsyncConnection, kind: PurchaseKind, ids: Collection[int]
    ) -> None:
        """Remove the rows of records that are gone."""
        if ids:
            gone = self._mine(delete(tables.purchases), tables.purchases)
            await connection.execute(gone.where(_row.kind == kind.value, _row.id.in_(list(ids))))

    async def keep_old(self, zone: tzinfo) -> None:
        """Write the rows of records that were kept before there were any rows of purchases."""
        async with self._database.begin() as connection:
            for table, model in _TABLES.values():
                columns = cast(table.c.document, String).label("document"), table.c.write
                kept = await connection.execute(self._mine(select(*columns), table))
                for document, write in kept.all():
                    if (record := _read(model, document)) is not None:
                        await self.keep(
                            connection,
                            [record],
                            zone=zone,
                            write=write,
                            where=lambda _old, _new: false(),
                        )

    async def progress(self) -> Progress | None:
        """How far the orders have been read; None where nobody has asked for them."""
        known = tables.histories.c
        columns = known.began_at, known.cursor, known.since, known.read_at
        async with self._database.read() as connection:
            query = self._mine(select(*columns), tables.histories)
            row = (await connection.execute(query)).first()
        return None if row is None else Progress(*row)

    async def begin(self, progress: Progress) -> None:
        """Note the beginning of a reading."""
        row = {"customer_id": self.customer_id, **vars(progress)}
        async with self._database.begin() as connection:
            await upsert(connection, tables.histories, [row], ("customer_id",))

    async def advance(self, progress: Progress) -> None:
        """Note how far the reading has come, unless the customer was forgotten meanwhile."""
        noted = update(tables.histories).values(**vars(progress))
        async with self._database.begin() as connection:
            await connection.execute(self._mine(noted, tables.histories))

    async def clear(self, connection: AsyncConnection) -> None:
        """Keep nothing of this customer."""
        for table in (tables.purchases, tables.histories):
            await connection.execute(self._mine(delete(table), table))

    def _wanted(self, query: Select[Any], wanted: Wanted) -> Select[Any]:
        query = self._mine(query, tables.purchases).where(_row.at < wanted.until)
        if wanted.since is not None:
            query = query.where(_row.at >= wanted.since)
        if wanted.statuses:
            query = query.where(_row.status.in_(sorted(wanted.statuses)))
        else:
            query = query.where(_row.status != PurchaseStatus.COMING.value)
        for ways in words_of(wanted.search):
            # Not LIKE: nothing that a customer writes can be taken for a pattern.
            query = query.where(or_(*(self._holds(_row.text, word) for word in ways)))
        # A charge that has its order is the order.
        of_order = (
            self._mine(select(_orders.c.id), _orders)  # type: ignore[arg-type]
            .where(_orders.c.charge_id == _row.id, _orders.c.status != PurchaseStatus.COMING.value)
            .correlate(tables.purchases)
        )
        return query.where(or_(_row.kind == PurchaseKind.ORDER.value, not_(exists(of_order))))

    def _holds(self, column: ColumnElement[str], word: str) -> ColumnElement[bool]:
        find = func.instr if self._database.is_sqlite else func.strpos
        return find(column, word) > 0

    async def _records(
        self, connection: AsyncConnection, rows: Sequence[Any]
    ) -> dict[str, Order | Charge]:
        records: dict[str, Order | Charge] = {}
        for kind, (table, model) in _TABLES.items():
            ids = [row.id for row in rows if row.kind == kind.value]
            if not ids:
                continue
            columns = table.c.id, cast(table.c.document, String)
            query = self._mine(select(*columns), table).where(table.c.id.in_(ids))
            for id, document in await connection.execute(query):
                if (record := _read(model, document)) is not None:
                    records[f"{kind}-{id}"] = record
        return records


def _is_known(row: Any, known: Mapping[str, Purchase]) -> bool:
    before = known.get(f"{row.kind}-{row.id}")
    return before is not None and before.revision == row.write


def _read(model: TypeAdapter[Any], document: str) -> Any:
    if is_unreadable(document):
        return None
    try:
        return model.validate_json(document)
    except ValidationError:  # an earlier release kept it, with other ideas of a record
        return None
