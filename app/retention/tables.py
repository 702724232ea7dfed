"""The tables of leaving.

`retention_flows` holds one row for each wish to leave, `retention_follow_ups` whether what was to
be left was still active 30, 60 and 90 days later, and `retention_discounts` which of the discounts
that a customer may be given are taken.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, Text

from app.database import Moment, metadata

flows = Table(
    "retention_flows",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("shop", String(64), nullable=False),
    Column("customer_id", BigInteger, nullable=False),
    Column("subject_kind", String(16), nullable=False),
    Column("subject_id", BigInteger, nullable=False),
    Column("door", String(16), nullable=False),
    Column("region", String(16), nullable=False),
    # Whether the law of the region lets an offer be shown at all.
    Column("may_offer", Boolean, nullable=False),
    Column("group", String(16), nullable=False),
    Column("started_at", Moment, nullable=False),
    # What holds the place of the one open flow about a subject; empty once it is decided or old.
    Column("open_as", String(160), unique=True),
    # What was said and shown. `reason_text` is the reason as the merchant worded it then.
    Column("reason", String(64), nullable=False),
    Column("reason_text", Text, nullable=False),
    Column("comments", Text, nullable=False),
    Column("offer", String(16)),
    Column("offered_at", Moment),
    # How it ended.
    Column("decision", String(16)),
    Column("decided_at", Moment),
    Column("saved_by", String(16)),
    Column("activity_id", String(32)),
    Column("presses", Integer, nullable=False),
    # Planted by the demo: nobody ever wished this.
    Column("is_made_up", Boolean, nullable=False),
)
Index(None, flows.c.shop, flows.c.started_at)
Index(None, flows.c.customer_id, flows.c.subject_id)

follow_ups = Table(
    "retention_follow_ups",
    metadata,
    Column("flow_id", String(32), primary_key=True),
    Column("days", Integer, primary_key=True, autoincrement=False),
    Column("shop", String(64), nullable=False),
    Column("due_at", Moment, nullable=False),
    # While one process looks, no other does the same work.
    Column("taken_until", Moment),
    Column("is_active", Boolean),
    Column("checked_at", Moment),
)
Index(None, follow_ups.c.shop, follow_ups.c.checked_at, follow_ups.c.due_at)

discounts = Table(
    "retention_discounts",
    metadata,
    Column("shop", String(64), primary_key=True),
    Column("customer_id", BigInteger, primary_key=True, autoincrement=False),
    # The customer's first, second, … discount: the key lets each be taken once at a time.
    Column("slot", Integer, primary_key=True, autoincrement=False),
    Column("flow_id", String(32), nullable=False, unique=True),
    Column("taken_at", Moment, nullable=False),
)
