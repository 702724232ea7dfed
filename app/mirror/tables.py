"""The mirror's tables: one per noun, keyed by customer and record.

`document` holds the record as Recharge sent it. Other columns are those that rows are looked up,
ordered or compared by. Only `rows.py`, `directory.py` and `shop.py` may use these tables.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table

from app.database import Json, Moment, metadata

PREFIX: Final = "mirror_"


def _owner() -> Column[Any]:
    return Column("customer_id", BigInteger, primary_key=True, autoincrement=False)


def _records(noun: str, *columns: Column[Any]) -> Table:
    return Table(
        f"{PREFIX}{noun}",
        metadata,
        _owner(),
        Column("id", BigInteger, primary_key=True, autoincrement=False),
        # The write that put the row there, counted per customer: see `loads.writes`.
        Column("write", Integer, nullable=False),
        Column("updated_at", Moment),
        Column("document", Json, nullable=False),
        *columns,
    )


loads = Table(
    f"{PREFIX}loads",
    metadata,
    _owner(),
    # Counts the transactions that changed this customer's rows. An answer that was asked for at
    # count n cannot know rows that were written after n, so it may not remove them.
    Column("writes", Integer, nullable=False),
    # When everything was last read; null when only single records are here.
    Column("loaded_at", Moment),
)

customers = _records(
    "customers",
    Column("email", String),  # in lower case
    Column("hash", String),
    Column("read_at", Moment, nullable=False),
)
Index(None, customers.c.email)
Index(None, customers.c.hash)

addresses = _records("addresses")
payment_methods = _records("payment_methods")
subscriptions = _records("subscriptions")
onetimes = _records("onetimes")
charges = _records("charges")
orders = _records("orders", Column("status", String))
memberships = _records("memberships")

shops = Table(
    f"{PREFIX}shops",
    metadata,
    Column("name", String, primary_key=True),
    Column("document", Json, nullable=False),
    Column("loaded_at", Moment, nullable=False),
)
"""What concerns the whole shop: its settings ("shop") and its products ("catalogue")."""
