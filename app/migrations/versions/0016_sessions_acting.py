"""Who acts in a session, and in which language and place it is shown."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016_sessions_acting"
down_revision = "0015_store_credit"


def upgrade() -> None:
    for column in (
        sa.Column("acting", sa.String(16), nullable=False, server_default="customer"),
        sa.Column("language", sa.String(35)),
        sa.Column("is_framed", sa.Boolean, nullable=False, server_default=sa.false()),
    ):
        op.add_column("sessions", column)
