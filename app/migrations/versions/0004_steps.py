"""The steps of changes that have several, and how many promises were not kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004_steps"
down_revision = "0003_sign_in"

_MOMENT = sa.DateTime(timezone=True)
_JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column(
        "activities",
        sa.Column("differences", sa.Integer, nullable=False, server_default="0"),
    )
    op.create_table(
        "action_steps",
        sa.Column("activity_id", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("action", sa.String, nullable=False),
        sa.Column("input", _JSON, nullable=False),
        sa.Column("revision", sa.Text, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("text", _JSON, nullable=False),
        sa.Column("reason", _JSON),
        sa.Column("at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("activity_id", "number", name="pk_action_steps"),
    )
