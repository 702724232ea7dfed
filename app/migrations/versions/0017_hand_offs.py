"""Codes that hand a sign-in over, and what may be used once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017_hand_offs"
down_revision = "0016_sessions_acting"


def upgrade() -> None:
    op.create_table(
        "hand_offs",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("shop", sa.String(64), nullable=False),
        sa.Column("customer_id", sa.BigInteger, nullable=False),
        sa.Column("method", sa.String(32), nullable=False),
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("acting", sa.String(16), nullable=False),
        sa.Column("seconds", sa.Integer),
        sa.Column("language", sa.String(35), nullable=False),
        sa.Column("is_framed", sa.Boolean, nullable=False),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_hand_offs"),
    )
    op.create_index("ix_hand_offs_expires_at", "hand_offs", ["expires_at"])
    op.create_table(
        "used_once",
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kind", "digest", name="pk_used_once"),
    )
    op.create_index("ix_used_once_expires_at", "used_once", ["expires_at"])
