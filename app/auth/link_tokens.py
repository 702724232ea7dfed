"""The signed text of a quick link: what it asks for, whose it is, and until when.

A JSON Web Token (RFC 7519), signed with HS256 and a secret of the settings. Whoever holds the
secret can make links without asking anybody: the command line does, with no database. It is made
and read here alone, so what is not exactly as it is made here is none of ours.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets as random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from pydantic import ValidationError

from app.actions.quick.wishes import LONGEST, Wish, WishedLink
from app.auth.secrets import digest
from app.clock import Clock, utc_now

PATH: Final = "/do"
"""Where links lead: ``/do/<token>``."""
_ALGORITHM: Final = "HS256"
_TYPE: Final = "doorstep-link+jwt"
"""Names what the token is for, so that no other one of ours is taken for it (RFC 8725, 3.11)."""
_SHAPE: Final = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)
_ID: Final = re.compile(r"[\w-]{22}", re.ASCII)
"""16 random bytes: enough for no two links ever to have the same."""
_LONGEST_TOKEN: Final = 2_000
_LEEWAY: Final = timedelta(seconds=30)
"""By how much the clocks of two machines may differ."""
_CLAIMS: Final = {"aud", "sub", "do", "iat", "exp", "jti"}


@dataclass(frozen=True, slots=True)
class QuickLink:
    """A link as it was signed.

    name:    the digest of its id, which names it in records
    is_over: its time is up: what came of it can still be read
    """

    wish: Wish
    name: str
    made_at: datetime
    expires_at: datetime
    is_over: bool


@dataclass(frozen=True, slots=True)
class SignedLink:
    """A new link: its address at our origin, and when it ends."""

    origin: str
    path: str
    expires_at: datetime

    @property
    def url(self) -> str:
        """The whole address, as it stands in a mail."""
        return f"{self.origin}{self.path}"


class LinkSigner:
    """Signs quick links, and reads them.

    secrets: one or two: the first signs, all are believed. Without one there are no links.
    origin:  ours, as customers see it: a link of another portal's is none of ours
    """

    def __init__(self, secrets: Sequence[str], origin: str, clock: Clock = utc_now) -> None:
        self._keys = {_name_of(secret): OctKey.import_key(secret) for secret in secrets}
        self._signing = _name_of(secrets[0]) if secrets else ""
        self._origin = origin
        self._clock = clock

    @property
    def can_sign(self) -> bool:
        """Whether the settings have a secret."""
        return bool(self._keys)

    def sign(self, link: WishedLink) -> SignedLink:
        """A new link. Each has an id of its own and works once.

        Raises:
            LookupError: the settings have no secret.
        """
        if not self._keys:
            raise LookupError("no secret for quick links is set")
        made_at = self._clock().replace(microsecond=0)
        expires_at = made_at + timedelta(days=link.days)
        claims = {
            "aud": self._origin,
            "sub": str(link.customer),
            "do": link.wish.document,
            "iat": int(made_at.timestamp()),
            "exp": int(expires_at.timestamp()),
            "jti": random.token_urlsafe(16),
        }
        header = {"alg": _ALGORITHM, "kid": self._signing, "typ": _TYPE}
        text = json.dumps(claims, separators=(",", ":"))
        token = jws.serialize_compact(
            header, text, self._keys[self._signing], algorithms=[_ALGORITHM]
        )
        return SignedLink(self._origin, f"{PATH}/{token}", expires_at)

    def read(self, token: str) -> QuickLink | None:
        """The link, or None where this is none of ours: changed on the way, cut off, signed with a
        secret that is no longer set."""
        claims = self._claims(token)
        if claims is None or claims.keys() != _CLAIMS or claims["aud"] != self._origin:
            return None
        moments = claims["iat"], claims["exp"]
        if not all(type(moment) is int and 0 < moment < 2**40 for moment in moments):
            return None
        made_at, expires_at = (datetime.fromtimestamp(moment, UTC) for moment in moments)
        now = self._clock()
        is_sound = made_at < expires_at <= made_at + timedelta(days=LONGEST)
        if not is_sound or made_at > now + _LEEWAY:
            return None
        if not isinstance(claims["do"], dict) or "customer" in claims["do"]:
            return None
        if not isinstance(claims["jti"], str) or not _ID.fullmatch(claims["jti"]):
            return None
        try:
            wish = Wish.model_validate({**claims["do"], "customer": claims["sub"]})
        except ValidationError:
            return None  # of a release that knew other wishes
        return QuickLink(wish, digest(claims["jti"]), made_at, expires_at, now >= expires_at)

    def _claims(self, token: str) -> dict[str, Any] | None:
        """What a token of ours says; None where it is not signed by us as we sign."""
        if len(token) > _LONGEST_TOKEN or not _SHAPE.fullmatch(token):
            return None
        try:
            found = jws.extract_compact(token.encode())
            header = found.headers()
            # joserfc takes a single key for any `kid`, and any `typ`: see what is signed here.
            key = self._keys.get(str(header.get("kid")))
            if key is None or header != {"alg": _ALGORITHM, "kid": header["kid"], "typ": _TYPE}:
                return None
            claims = json.loads(
                jws.deserialize_compact(token, key, algorithms=[_ALGORITHM]).payload
            )
        except (JoseError, ValueError, RecursionError):
            return None
        return claims if isinstance(claims, dict) else None


def _name_of(secret: str) -> str:
    """The key id of a secret: which of two has signed, without a setting more."""
    return hashlib.sha256(f"doorstep quick links {secret}".encode()).hexdigest()[:8]
