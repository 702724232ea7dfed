"""What a session runs in, and codes that are sent and given back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014_profile"
down_revision = "0013_card_setups"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.add_column("sessions", sa.Column("browser", sa.String(32)))
    op.add_column("sessions", sa.Column("system", sa.String(32)))
    op.create_table(
        "codes",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("shop", sa.String(64), nullable=False),
        sa.Column("customer_id", sa.BigInteger),
        sa.Column("purpose", sa.String(32), nullable=False),
        sa.Column("about", sa.String(254), nullable=False),
        sa.Column("salt", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.Column("proven_at", moment),
        sa.PrimaryKeyConstraint("name", name="pk_codes"),
    )
    op.create_index("ix_codes_expires_at", "codes", ["expires_at"])
