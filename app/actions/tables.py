"""The tables of actions.

`activities` is the record of what was done. Rows are added and never changed: an activity has one
row when its write begins and one more for each result that becomes known.

`action_steps` holds what is known of each step of a change of several steps.

`action_keys` holds the idempotency keys, and what is known of the change that each one stands for.

`receipts` holds what is to be mailed of activities, and what became of that. No address stands in
it, unless it is one that the customer has left: else it is looked up when the mail goes out.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, Text

from app.database import Json, Moment, metadata

activities = Table(
    "activities",
    metadata,
    Column("row_id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("activity_id", String(32), nullable=False),
    Column("shop", String, nullable=False),
    Column("customer_id", BigInteger, nullable=False),
    Column("at", Moment, nullable=False),
    # Who, and how they were signed in.
    Column("method", String, nullable=False),
    Column("level", Integer, nullable=False),
    Column("session", String, nullable=False),
    # What.
    Column("action", String, nullable=False),
    Column("object", String, nullable=False),
    Column("input", Json, nullable=False),
    Column("undoes", String(32)),
    # What came of it. `before` and `after` are the facts that the customer decided by.
    Column("result", String, nullable=False),
    Column("text", Json, nullable=False),
    Column("before", Json),
    Column("after", Json),
    Column("undo_until", Moment),
    Column("reason", String),
    # How much came out otherwise than was promised.
    Column("differences", Integer, nullable=False, server_default="0"),
)
Index(None, activities.c.customer_id, activities.c.row_id)
Index(None, activities.c.activity_id)
Index(None, activities.c.undoes)

action_steps = Table(
    "action_steps",
    metadata,
    Column("activity_id", String(32), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("action", String, nullable=False),
    Column("input", Json, nullable=False),
    # What the customer decided by, as it was to be when the turn came to this step.
    Column("revision", Text, nullable=False),
    Column("state", String, nullable=False),
    # What the step is, and why it was not made.
    Column("text", Json, nullable=False),
    Column("reason", Json),
    Column("at", Moment, nullable=False),
)

action_keys = Table(
    "action_keys",
    metadata,
    Column("shop", String, primary_key=True),
    Column("customer_id", BigInteger, primary_key=True, autoincrement=False),
    Column("key", String(100), primary_key=True),
    Column("body", String(64), nullable=False),
    Column("state", String, nullable=False),
    Column("claimed_at", Moment, nullable=False),
    # While the write runs, nobody else takes it for lost before this moment.
    Column("runs_until", Moment, nullable=False),
    Column("activity_id", String(32), nullable=False),
    Column("action", String, nullable=False),
    Column("object", String, nullable=False),
    # Known from the moment before the write: the wish spelled out, its effect, its way back.
    Column("input", Json),
    Column("effect", Json),
    Column("inverse_action", String),
    Column("inverse", Json),
    Column("undo_until", Moment),
    # The outcome, or the refusal, for whoever asks again with the same key.
    Column("answer", Json),
    # What must not be under way twice, such as the payment of a charge.
    Column("once", String(100)),
    # What the customer gets by mail when it is done.
    Column("receipt", Json),
)
Index(None, action_keys.c.state)
Index(None, action_keys.c.activity_id)
_UNDER_WAY = action_keys.c.state.in_(("running", "unknown"))
Index(
    None,
    action_keys.c.shop,
    action_keys.c.once,
    unique=True,
    sqlite_where=_UNDER_WAY,
    postgresql_where=_UNDER_WAY,
)

receipts = Table(
    "receipts",
    metadata,
    Column("activity_id", String(32), primary_key=True),
    Column("customer_id", BigInteger, nullable=False),
    Column("number", String(16), nullable=False),
    # When the customer asked for it.
    Column("at", Moment, nullable=False),
    Column("content", Json, nullable=False),
    # Whether the result was read back; else that comes before the mail.
    Column("is_confirmed", Boolean, nullable=False),
    Column("state", String, nullable=False),
    # Of the shop's copy, where it gets one.
    Column("copy", String),
    # The next attempt; while one is made, when it is taken for lost. NULL at the end.
    Column("due_at", Moment),
    Column("tries", Integer, nullable=False),
    Column("sent_at", Moment),
)
Index(None, receipts.c.due_at)
