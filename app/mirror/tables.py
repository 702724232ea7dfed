"""The mirror's tables: one per noun, keyed by customer and record.

`document` holds the record as Recharge sent it. Other columns are those that rows are looked up,
ordered or compared by. Only `rows.py`, `purchase_rows.py`, `directory.py`, `shop.py` and
`credit.py` may use these tables.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text

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
    Column("external_customer_id", String),  # of the customer's account in the shop
    Column("read_at", Moment, nullable=False),
)
Index(None, customers.c.email)
Index(None, customers.c.hash)
Index(None, customers.c.external_customer_id)

addresses = _records("addresses")
payment_methods = _records("payment_methods")
subscriptions = _records("subscriptions")
onetimes = _records("onetimes")
charges = _records("charges")
orders = _records("orders", Column("status", String))
# What lies ahead is asked for with every snapshot, however many orders there are.
Index(f"ix_{PREFIX}orders_status", orders.c.customer_id, orders.c.status, orders.c.id)
memberships = _records("memberships")

credits = Table(
    f"{PREFIX}credits",
    metadata,
    _owner(),
    Column("document", Json, nullable=False),
    Column("read_at", Moment, nullable=False),
)
"""Store credit, as it was when it was last asked for: see `credit.py`."""

purchases = Table(
    f"{PREFIX}purchases",
    metadata,
    _owner(),
    Column("kind", String(10), primary_key=True),  # "order" or "charge"
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("write", Integer, nullable=False),
    Column("updated_at", Moment),
    Column("at", Moment, nullable=False),
    Column("status", String(20), nullable=False),
    # The charge that an order came from, which is not listed beside it.
    Column("charge_id", BigInteger),
    # What is searched, folded: never shown.
    Column("text", Text, nullable=False),
)
"""A narrow row for each order and charge, by which they are paged, filtered and searched."""
_OF_PURCHASE = purchases.c.at, purchases.c.kind, purchases.c.id
Index(f"ix_{PREFIX}purchases_at", purchases.c.customer_id, *_OF_PURCHASE)
Index(f"ix_{PREFIX}purchases_status", purchases.c.customer_id, purchases.c.status, *_OF_PURCHASE)
Index(f"ix_{PREFIX}purchases_charge", purchases.c.customer_id, purchases.c.charge_id)

histories = Table(
    f"{PREFIX}histories",
    metadata,
    _owner(),
    # Where the reading of orders goes on; null at its start.
    Column("cursor", Text),
    # The reading is of what has changed since then; null where it is of everything.
    Column("since", Moment),
    Column("began_at", Moment, nullable=False),
    # When a reading was last begun that has come to its end; null while there is none.
    Column("read_at", Moment),
)
"""How far a customer's orders have been read; no row for those who never asked for theirs."""

shops = Table(
    f"{PREFIX}shops",
    metadata,
    Column("name", String, primary_key=True),
    Column("document", Json, nullable=False),
    Column("loaded_at", Moment, nullable=False),
)
"""What concerns the whole shop: its settings ("shop") and its products ("catalogue")."""
