"""Settings that take more than a pattern to check."""

from __future__ import annotations

import re
import warnings
from typing import Final

from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import ECKey, OctKey, RSAKey
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

_DRIVERS: Final = {
    "sqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
}

_PUBLIC: Final = re.compile(r"pk_(live|test)_[!-~]+")
_SECRET: Final = re.compile(r"[sr]k_(live|test)_[!-~]+")
_PUBLIC_NAME: Final = "DOORSTEP_STRIPE_PUBLIC_KEY"
_SECRET_NAME: Final = "DOORSTEP_STRIPE_SECRET_KEY"  # noqa: S105 (a name, not a key)


def wrong_pair(public_key: str, secret_key: str) -> str:
    """What is wrong with two keys of Stripe, told by what they begin with; Stripe is not asked.
    It names the settings and shows neither key. Nothing where both fit, or where there are none."""
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


def with_async_driver(url: str) -> str:
    """The address of a database, with the driver that the service uses.

    Raises:
        ValueError: it is none that the service can use.
    """
    driver, colon, place = url.partition(":")
    url = _DRIVERS.get(driver, driver) + colon + place
    if not url.startswith(("sqlite+aiosqlite://", "postgresql+asyncpg://")):
        raise ValueError("must start with sqlite:// or postgresql://")
    try:
        parts = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise ValueError("must look like postgresql://user:password@host:5432/name") from error
    if url.startswith("sqlite") and (parts.host or not parts.database):
        raise ValueError("must look like sqlite:///path, with three slashes before the path")
    return url


SigningKey = OctKey | RSAKey | ECKey
"""What the shop signs embed tokens with, or the public half of it."""

LEAST_SECRET: Final = 32
"""Bytes of a shared secret: RFC 7518, 3.2 wants as many bits as HS256 gives."""
_LEAST_RSA: Final = 2048
"""Bits of an RSA key: RFC 7518, 3.3."""


def signing_key(text: str) -> tuple[str, SigningKey]:
    """A key of the settings and the one algorithm that it is for: a secret, or a public key in PEM.
    That the key settles the algorithm, and not the token, is RFC 8725, 3.1 and 3.2.

    Raises:
        ValueError: it is too weak, a private key, or of another kind.
    """
    text = text.strip()
    if not text.startswith("-----BEGIN"):
        if len(text.encode()) < LEAST_SECRET:
            raise ValueError(f"a secret must have {LEAST_SECRET} characters or more")
        return "HS256", OctKey.import_key(text)
    if "PRIVATE" in text:
        raise ValueError("a key in PEM must be the public half; the private one stays in the shop")
    for algorithm, kind in (("RS256", RSAKey), ("ES256", ECKey)):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", SecurityWarning)  # a weak one is refused below
                key = kind.import_key(text)
        except (JoseError, ValueError, TypeError):
            continue
        if isinstance(key, RSAKey) and key.raw_value.key_size >= _LEAST_RSA:
            return algorithm, key
        if isinstance(key, ECKey) and key.curve_name == "P-256":
            return algorithm, key
    raise ValueError(f"a key in PEM must be a public RSA key of {_LEAST_RSA} bits or of P-256")
