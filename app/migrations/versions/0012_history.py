"""Purchase history without end: rows to look through, and how far they have been read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012_history"
down_revision = "0011_exit_mailbox"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_index("ix_mirror_orders_status", "mirror_orders", ["customer_id", "status", "id"])
    op.create_table(
        "mirror_purchases",
        sa.Column("customer_id", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("id", sa.BigInteger, nullable=False),
        sa.Column("write", sa.Integer, nullable=False),
        sa.Column("updated_at", _MOMENT),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("charge_id", sa.BigInteger),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("customer_id", "kind", "id", name="pk_mirror_purchases"),
    )
    for name, columns in {
        "at": ["customer_id", "at", "kind", "id"],
        "status": ["customer_id", "status", "at", "kind", "id"],
        "charge": ["customer_id", "charge_id"],
    }.items():
        op.create_index(f"ix_mirror_purchases_{name}", "mirror_purchases", columns)
    op.create_table(
        "mirror_histories",
        sa.Column("customer_id", sa.BigInteger, nullable=False),
        sa.Column("cursor", sa.Text),
        sa.Column("since", _MOMENT),
        sa.Column("began_at", _MOMENT, nullable=False),
        sa.Column("read_at", _MOMENT),
        sa.PrimaryKeyConstraint("customer_id", name="pk_mirror_histories"),
    )
