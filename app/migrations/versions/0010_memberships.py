"""Memberships in the mirror."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0010_memberships"
down_revision = "0009_exit_links"


def upgrade() -> None:
    op.create_table(
        "mirror_memberships",
        sa.Column("customer_id", sa.BigInteger, nullable=False),
        sa.Column("id", sa.BigInteger, nullable=False),
        sa.Column("write", sa.Integer, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True)),
        sa.Column("document", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", "id", name="pk_mirror_memberships"),
    )
