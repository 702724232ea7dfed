"""Purchase history without end: rows to look through, and how far they have been read."""

from __future__ import annotations

revision = "0012_history"
down_revision = "0011_exit_mailbox"


def upgrade() -> None:
    pass
