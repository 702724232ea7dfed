"""Sign-ins that are under way at an identity provider."""

from __future__ import annotations

revision = "0019_oidc"
down_revision = "0018_sign_in_codes"


def upgrade() -> None:
    pass
