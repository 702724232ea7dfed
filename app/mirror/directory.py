"""Which customer an e-mail address, a portal hash or an account in the shop belongs to: the one
look-up across customers.

It reads ids, never records.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, select

from app.database import Database, metadata
from app.mirror import tables


class SoughtBy(StrEnum):
    """What a customer is looked up by: our column and Recharge's filter have this name."""

    EMAIL = "email"
    HASH = "hash"
    EXTERNAL_ID = "external_customer_id"


async def find(database: Database, by: SoughtBy, value: str) -> list[tuple[int, datetime]]:
    """Ids of the customers kept here who have this e-mail address (folded), hash or account in the
    shop, each with the moment at which that customer's record was last read."""
    row = tables.customers.c
    known = row[by] == value
    async with database.read() as connection:
        found = await connection.execute(select(row.customer_id, row.read_at).where(known))
        return [(customer_id, read_at) for customer_id, read_at in found.all()]


async def empty(database: Database) -> None:
    """Remove every row of the mirror."""
    async with database.begin() as connection:
        for table in metadata.tables.values():
            if table.name.startswith(tables.PREFIX):
                await connection.execute(delete(table))
