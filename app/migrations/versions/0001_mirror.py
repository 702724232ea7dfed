"""The mirror's tables."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001_mirror"
down_revision = None

_MOMENT = sa.DateTime(timezone=True)
_JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def _records(noun: str, *columns: sa.Column[Any]) -> None:
    op.create_table(
        f"mirror_{noun}",
        sa.Column("customer_id", sa.BigInteger, nullable=False),
        sa.Column("id", sa.BigInteger, nullable=False),
        sa.Column("write", sa.Integer, nullable=False),
        sa.Column("updated_at", _MOMENT),
        sa.Column("document", _JSON, nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("customer_id", "id", name=f"pk_mirror_{noun}"),
    )


def upgrade() -> None:
    op.create_table(
        "mirror_loads",
        sa.Column("customer_id", sa.BigInteger, nullable=False),
        sa.Column("writes", sa.Integer, nullable=False),
        sa.Column("loaded_at", _MOMENT),
        sa.PrimaryKeyConstraint("customer_id", name="pk_mirror_loads"),
    )
    _records(
        "customers",
        sa.Column("email", sa.String),
        sa.Column("hash", sa.String),
        sa.Column("read_at", _MOMENT, nullable=False),
    )
    op.create_index("ix_mirror_customers_email", "mirror_customers", ["email"])
    op.create_index("ix_mirror_customers_hash", "mirror_customers", ["hash"])
    for noun in ("addresses", "payment_methods", "subscriptions", "onetimes", "charges"):
        _records(noun)
    _records("orders", sa.Column("status", sa.String))
    op.create_table(
        "mirror_shops",
        sa.Column("name", sa.String, nullable=False),
        sa.Column("document", _JSON, nullable=False),
        sa.Column("loaded_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_mirror_shops"),
    )
