"""What customers get by mail when something is done."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008_receipts"
down_revision = "0007_retention"

_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("action_keys", sa.Column("receipt", _JSON))
    op.create_table(
        "receipts",
        sa.Column("activity_id", sa.String(32), nullable=False),
        sa.Column("customer_id", sa.BigInteger, nullable=False),
        sa.Column("number", sa.String(16), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("content", _JSON, nullable=False),
        sa.Column("is_confirmed", sa.Boolean, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("copy", sa.String),
        sa.Column("due_at", _MOMENT),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("sent_at", _MOMENT),
        sa.PrimaryKeyConstraint("activity_id", name="pk_receipts"),
    )
    op.create_index("ix_receipts_due_at", "receipts", ["due_at"])
