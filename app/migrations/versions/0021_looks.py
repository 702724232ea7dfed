"""When the shop looked at a customer's portal."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021_looks"
down_revision = "0020_embed"


def upgrade() -> None:
    op.add_column("merchant_sessions", sa.Column("name", sa.String(80)))
    op.create_table(
        "looks",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("shop", sa.String(64), nullable=False),
        sa.Column("customer_id", sa.BigInteger, nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("acting", sa.String(16), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("session", sa.String(64), nullable=False),
        sa.Column("word_digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_looks"),
        sa.UniqueConstraint("session", name="uq_looks_session"),
    )
    op.create_index("ix_looks_started_at", "looks", ["started_at"])
    op.create_index("ix_looks_shop_customer_id", "looks", ["shop", "customer_id"])
