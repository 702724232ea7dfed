"""What must not be under way twice, such as the payment of a charge."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006_once"
down_revision = "0005_calendar_feeds"


def upgrade() -> None:
    op.add_column("action_keys", sa.Column("once", sa.String(100)))
    is_under_way = sa.text("state IN ('running', 'unknown')")
    op.create_index(
        "ix_action_keys_shop_once",
        "action_keys",
        ["shop", "once"],
        unique=True,
        sqlite_where=is_under_way,
        postgresql_where=is_under_way,
    )
