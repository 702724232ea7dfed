"""What a session is known by, and e-mail addresses that are being changed."""

from __future__ import annotations

revision = "0014_profile"
down_revision = "0013_card_setups"


def upgrade() -> None:
    pass
