"""When the shop looked at a customer's portal."""

from __future__ import annotations

revision = "0021_looks"
down_revision = "0020_embed"


def upgrade() -> None:
    pass
