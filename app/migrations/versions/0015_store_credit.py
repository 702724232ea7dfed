"""Store credit as it was last read."""

from __future__ import annotations

revision = "0015_store_credit"
down_revision = "0014_profile"


def upgrade() -> None:
    pass
