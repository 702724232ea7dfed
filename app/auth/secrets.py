"""Secrets that stand in cookies and links: 256 random bits each, kept only as digests."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
"""32 bytes as URL-safe base64 without padding."""


def new_secret() -> str:
    """32 random bytes as text that may stand in a cookie or a path."""
    return secrets.token_urlsafe(32)


def is_secret(text: str | None) -> bool:
    """Whether `text` has the shape of a secret. Anything else never reaches the database."""
    return bool(text) and _SECRET.fullmatch(text or "") is not None


def digest(secret: str) -> str:
    """What is kept of a secret: 64 hexadecimal digits.

    A plain SHA-256 is enough for 256 random bits; salt and stretching protect guessable ones.
    """
    return hashlib.sha256(secret.encode()).hexdigest()


def form_token(secret: str, purpose: str) -> str:
    """What a form carries to prove that it came from a page made for the holder of `secret`."""
    return hmac.new(secret.encode(), f"form:{purpose}".encode(), hashlib.sha256).hexdigest()


def is_form_token(given: str, secret: str | None, purpose: str) -> bool:
    """Compares in constant time; without a secret nothing fits."""
    if not secret:
        return False
    return hmac.compare_digest(given.encode(), form_token(secret, purpose).encode())
