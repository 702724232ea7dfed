"""Short-lived bearers of framed sessions."""

from __future__ import annotations

revision = "0020_embed"
down_revision = "0019_oidc"


def upgrade() -> None:
    pass
