"""Cards that are being added, and mails asked of a payment processor."""

from __future__ import annotations

revision = "0013_card_setups"
down_revision = "0012_history"


def upgrade() -> None:
    pass
