"""Links to leave by are good for the mailbox that they were sent to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011_exit_mailbox"
down_revision = "0010_memberships"


def upgrade() -> None:
    op.add_column("exit_links", sa.Column("mailbox", sa.String(64)))
