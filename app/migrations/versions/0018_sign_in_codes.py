"""Several codes may be open for one browser."""

from __future__ import annotations

revision = "0018_sign_in_codes"
down_revision = "0017_hand_offs"


def upgrade() -> None:
    pass
