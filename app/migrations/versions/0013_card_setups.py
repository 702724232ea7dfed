"""Cards that are being added."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013_card_setups"
down_revision = "0012_history"

_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "card_setups",
        sa.Column("id", sa.String(43), nullable=False),
        sa.Column("shop", sa.String(64), nullable=False),
        sa.Column("customer_id", sa.BigInteger, nullable=False),
        sa.Column("maker", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("address_ids", _JSON, nullable=False),
        sa.Column("make_default", sa.Boolean, nullable=False),
        sa.Column("retry_charges", sa.Boolean, nullable=False),
        sa.Column("reference", sa.String(255), nullable=False),
        sa.Column("customer_token", sa.String(255), nullable=False),
        sa.Column("tokens", _JSON),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("revision", sa.String, nullable=False),
        sa.Column("activity_id", sa.String(32)),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_card_setups"),
    )
    op.create_index("ix_card_setups_customer_id_state", "card_setups", ["customer_id", "state"])
    op.create_index("ix_card_setups_expires_at", "card_setups", ["expires_at"])
