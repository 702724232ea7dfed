"""What customers did, and the keys that keep a change from being made twice."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002_activity"
down_revision = "0001_mirror"

_MOMENT = sa.DateTime(timezone=True)
_JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "activities",
        sa.Column("row_id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), autoincrement=True),
        sa.Column("activity_id", sa.String(32), nullable=False),
        sa.Column("shop", sa.String, nullable=False),
        sa.Column("customer_id", sa.BigInteger, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("method", sa.String, nullable=False),
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("session", sa.String, nullable=False),
        sa.Column("action", sa.String, nullable=False),
        sa.Column("object", sa.String, nullable=False),
        sa.Column("input", _JSON, nullable=False),
        sa.Column("undoes", sa.String(32)),
        sa.Column("result", sa.String, nullable=False),
        sa.Column("text", _JSON, nullable=False),
        sa.Column("before", _JSON),
        sa.Column("after", _JSON),
        sa.Column("undo_until", _MOMENT),
        sa.Column("reason", sa.String),
        sa.PrimaryKeyConstraint("row_id", name="pk_activities"),
    )
    op.create_index("ix_activities_customer_id_row_id", "activities", ["customer_id", "row_id"])
    op.create_index("ix_activities_activity_id", "activities", ["activity_id"])
    op.create_index("ix_activities_undoes", "activities", ["undoes"])
    op.create_table(
        "action_keys",
        sa.Column("shop", sa.String, nullable=False),
        sa.Column("customer_id", sa.BigInteger, nullable=False),
        sa.Column("key", sa.String(100), nullable=False),
        sa.Column("body", sa.String(64), nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("claimed_at", _MOMENT, nullable=False),
        sa.Column("runs_until", _MOMENT, nullable=False),
        sa.Column("activity_id", sa.String(32), nullable=False),
        sa.Column("action", sa.String, nullable=False),
        sa.Column("object", sa.String, nullable=False),
        sa.Column("input", _JSON),
        sa.Column("effect", _JSON),
        sa.Column("inverse_action", sa.String),
        sa.Column("inverse", _JSON),
        sa.Column("undo_until", _MOMENT),
        sa.Column("answer", _JSON),
        sa.PrimaryKeyConstraint("shop", "customer_id", "key", name="pk_action_keys"),
    )
    op.create_index("ix_action_keys_state", "action_keys", ["state"])
    op.create_index("ix_action_keys_activity_id", "action_keys", ["activity_id"])
