"""The shop's server of the tests: mints embed tokens, good ones unless told otherwise."""

from __future__ import annotations

import json
import secrets
from datetime import datetime
from typing import Any

from joserfc import jwt
from joserfc.jwk import OctKey

from tests.auth.world import MARA

SHOP = "https://shop.example"
KEY_ID = "2026-11"
SECRET = "a secret of the shop, 32 or longer"
PORTAL = "http://localhost:8080"
EMBEDDING: dict[str, Any] = {
    "embed_origins": SHOP,
    "embed_keys": json.dumps({KEY_ID: SECRET, "2026-12": SECRET[::-1]}),
}
"""Settings of a portal that the shop's pages may show."""


def claims(now: datetime, **changes: Any) -> dict[str, Any]:
    """What a good token says; None takes a claim away."""
    made = int(now.timestamp())
    said = {
        "iss": SHOP,
        "aud": PORTAL,
        "sub": str(MARA),
        "iat": made,
        "exp": made + 300,
        "jti": secrets.token_urlsafe(16),
        **changes,
    }
    return {name: value for name, value in said.items() if value is not None}


def minted(
    now: datetime,
    *,
    secret: str = SECRET,
    header: dict[str, Any] | None = None,
    **changes: Any,
) -> str:
    """A token. `changes` are of its claims, `header` of its header; None takes one away."""
    said = {"alg": "HS256", "typ": "portal-embed+jwt", "kid": KEY_ID, **(header or {})}
    said = {name: value for name, value in said.items() if value is not None}
    token: str = jwt.encode(
        said,
        claims(now, **changes),
        OctKey.import_key(secret),
        algorithms=["HS256", "HS384", "HS512"],
        default_type=None,
    )
    return token
