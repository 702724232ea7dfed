"""Links in mails that were pressed."""

from __future__ import annotations

revision = "0022_quick_links"
down_revision = "0021_looks"


def upgrade() -> None:
    pass
