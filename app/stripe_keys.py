"""Whether two keys of Stripe can be a pair: told by what they begin with, without asking Stripe."""

from __future__ import annotations

import re
from typing import Final

_PUBLIC: Final = re.compile(r"pk_(live|test)_[!-~]+")
_SECRET: Final = re.compile(r"[sr]k_(live|test)_[!-~]+")
_PUBLIC_NAME: Final = "DOORSTEP_STRIPE_PUBLIC_KEY"
_SECRET_NAME: Final = "DOORSTEP_STRIPE_SECRET_KEY"  # noqa: S105 (a name, not a key)


def wrong_pair(public_key: str, secret_key: str) -> str:
    """What is wrong with them, in words that name the settings and show neither key; nothing where
    both fit, and where there are none."""
    both = f"the keys of Stripe, {_PUBLIC_NAME} and {_SECRET_NAME},"
    if not public_key and not secret_key:
        return ""
    if not public_key or not secret_key:
        return f"{both} must be set together"
    public, secret = _PUBLIC.fullmatch(public_key), _SECRET.fullmatch(secret_key)
    if public is None:
        return f"the key in {_PUBLIC_NAME} must be a public one: pk_live_… or pk_test_…"
    if secret is None:
        return f"the key in {_SECRET_NAME} must be a secret one: sk_live_…, sk_test_… or rk_…"
    if public[1] != secret[1]:
        return f"{both} must be of one mode, live or test"
    return ""
