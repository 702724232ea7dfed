"""Which customer an e-mail address or a portal hash belongs to: the one look-up across customers.

It reads ids, never records.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select

from app.database import Database, metadata
from app.mirror import tables


async def find(
    database: Database, *, email: str | None = None, hash: str | None = None
) -> list[tuple[int, datetime]]:
    """Ids of the customers kept here who have this e-mail address (folded) or hash, each with the
    moment at which that customer's record was last read."""
    row = tables.customers.c
    known = row.email == email if email is not None else row.hash == hash
    async with database.read() as connection:
        found = await connection.execute(select(row.customer_id, row.read_at).where(known))
        return [(customer_id, read_at) for customer_id, read_at in found.all()]


async def empty(database: Database) -> None:
    """Remove every row of the mirror."""
    async with database.begin() as connection:
        for table in metadata.tables.values():
            if table.name.startswith(tables.PREFIX):
                await connection.execute(delete(table))
