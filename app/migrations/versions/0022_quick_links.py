"""Links in mails that were pressed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0022_quick_links"
down_revision = "0021_looks"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "quick_links",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("shop", sa.String(64), nullable=False),
        sa.Column("customer_id", sa.BigInteger, nullable=False),
        sa.Column("action", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("pressed_at", _MOMENT),
        sa.Column("activity_id", sa.String(32)),
        sa.Column("kept_until", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_quick_links"),
    )
    op.create_index("ix_quick_links_kept_until", "quick_links", ["kept_until"])
