"""The secret addresses at which calendars fetch deliveries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005_calendar_feeds"
down_revision = "0004_steps"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "calendar_feeds",
        sa.Column("shop", sa.String(64), nullable=False),
        sa.Column("customer_id", sa.BigInteger, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("last_used_at", _MOMENT),
        sa.PrimaryKeyConstraint("shop", "customer_id", name="pk_calendar_feeds"),
        sa.UniqueConstraint("digest", name="uq_calendar_feeds_digest"),
    )
