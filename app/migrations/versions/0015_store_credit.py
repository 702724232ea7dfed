"""Store credit as it was last read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015_store_credit"
down_revision = "0014_profile"


def upgrade() -> None:
    document = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    op.create_table(
        "mirror_credits",
        sa.Column("customer_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("document", document, nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", name="pk_mirror_credits"),
    )
