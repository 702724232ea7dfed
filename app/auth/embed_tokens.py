"""Tokens by which the shop's own server says whose page it is that shows the portal in a frame.

A JSON Web Token (RFC 7519), signed with a key that the shop shares with us or whose public half we
have. It is no session: it is exchanged for one, once, within five minutes.

joserfc checks the signature and nothing else here: its own checks of claims let tokens pass that
expire in the year 9999, that are ten years old, of any `typ`, and without a `kid`. What a token
must hold is checked in this module, by the rules of RFC 8725.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

import structlog
from joserfc import jws
from joserfc.errors import JoseError

from app.auth.errors import AuthError
from app.auth.single_use import SingleUse
from app.auth.strict_json import BadJson, strict_json
from app.clock import Clock, utc_now
from app.setting_checks import signing_key
from app.settings import Settings

_log = structlog.get_logger(__name__)

TOKEN_TYPE: Final = "portal-embed+jwt"  # noqa: S105 (a name, not a token)
"""`typ` of these tokens: one that was made for something else is none (RFC 8725, 3.11)."""

LONGEST_LIFE: Final = timedelta(minutes=5)
"""From `iat` to `exp`, and the age at which a token is too old whatever it says."""

LEEWAY: Final = timedelta(seconds=30)
"""How far the shop's clock may be from ours, both ways."""

LARGEST_TOKEN: Final = 4096
"""Characters of one token."""

_USED: Final = "embed token"
_HEADER: Final = frozenset({"alg", "typ", "kid"})
"""All that may stand in the header: a key that a token brings along is never looked at."""
_CUSTOMER: Final = re.compile(r"[1-9][0-9]{0,18}")
_LARGEST_ID: Final = 2**63 - 1
"""What an id can be, at Recharge and in the database."""
_ID: Final = re.compile(r"[!-~]{16,128}")
_LATEST: Final = 253_402_300_799
"""The last second of the year 9999, in seconds since 1970: what a date can hold."""


class EmbedFault(StrEnum):
    """What is wrong with a token, in a word for programs."""

    OFF = "off"
    MALFORMED = "malformed"
    KEY = "key"
    SIGNATURE = "signature"
    ISSUER = "issuer"
    AUDIENCE = "audience"
    EXPIRED = "expired"
    EARLY = "early"
    LIFE = "life"
    SUBJECT = "subject"
    ID = "id"
    USED = "used"


_WORDS: Final = {
    EmbedFault.OFF: "No keys for embed tokens are set here: see DOORSTEP_EMBED_KEYS.",
    EmbedFault.MALFORMED: "This is no signed token with the header alg, typ and kid, of which typ "
    f'is "{TOKEN_TYPE}".',
    EmbedFault.KEY: "No key here has the id in `kid`, or it is not for the algorithm in `alg`.",
    EmbedFault.SIGNATURE: "The signature does not fit: the key with that id is another one here.",
    EmbedFault.ISSUER: "`iss` is not the issuer that is set here.",
    EmbedFault.AUDIENCE: "`aud` is not the address of this portal: scheme, host and port, as text.",
    EmbedFault.EXPIRED: "The token is over: `exp` has passed. Make one for each request.",
    EmbedFault.EARLY: "`iat` or `nbf` is in the future: the two clocks differ.",
    EmbedFault.LIFE: "`iat` and `exp` must be whole seconds, five minutes apart at most.",
    EmbedFault.SUBJECT: '`sub` must be an id in digits, as text, and `sub_type` "customer" (of '
    'Recharge, the default) or "account" (of the shop).',
    EmbedFault.ID: "`jti` must be a text of 16 to 128 printable characters, new for each token.",
    EmbedFault.USED: "The token was used before, and each works once: make a new one.",
}


class BadEmbedToken(AuthError):
    """A token that nobody is let in by. `words` are for who writes the shop's side."""

    def __init__(self, fault: EmbedFault) -> None:
        self.fault = fault
        self.words = _WORDS[fault]
        super().__init__(f"embed token refused: {fault.value}")


@dataclass(frozen=True, slots=True)
class Vouched:
    """What a good token says.

    subject:    the customer's id, in digits
    is_account: whether it is the id of their account in the shop; else Recharge's
    """

    subject: str
    is_account: bool


class EmbedTokens:
    """Checks tokens. There may be two keys at a time, so that the shop can change them."""

    def __init__(self, settings: Settings, single_use: SingleUse, clock: Clock = utc_now) -> None:
        self._keys = {kid: signing_key(text) for kid, text in settings.signing_keys.items()}
        self._issuer = settings.issuer
        self._audience = settings.origin
        self._single_use = single_use
        self._clock = clock

    @property
    def are_on(self) -> bool:
        """Whether the shop has set a key."""
        return bool(self._keys)

    async def use(self, token: str) -> Vouched:
        """Whose page it is, for a token that is used up by this.

        Raises:
            BadEmbedToken: it is not good, or not any more; `fault` says why.
        """
        claims = self._claims(token)
        self._check_address(claims)
        until = self._check_times(claims)
        vouched = _vouched(claims)
        name = claims.get("jti")
        if not isinstance(name, str) or not _ID.fullmatch(name):
            raise BadEmbedToken(EmbedFault.ID)
        if not await self._single_use.take(_USED, name, until):
            _log.warning("embed token refused", reason=EmbedFault.USED.value)
            raise BadEmbedToken(EmbedFault.USED)
        return vouched

    def _claims(self, token: str) -> dict[str, Any]:
        """What the token says, once the signature has been found good."""
        if not self._keys:
            raise BadEmbedToken(EmbedFault.OFF)
        header = _header(token)
        algorithm, key = self._keys.get(header["kid"], ("", None))
        if key is None or header["alg"] != algorithm:
            raise BadEmbedToken(EmbedFault.KEY)
        try:
            signed = jws.deserialize_compact(token, key, algorithms=[algorithm])
        except JoseError as error:
            _log.warning("embed token refused", reason=EmbedFault.SIGNATURE.value)
            raise BadEmbedToken(EmbedFault.SIGNATURE) from error
        return _object(signed.payload)

    def _check_address(self, claims: dict[str, Any]) -> None:
        if claims.get("iss") != self._issuer:
            raise BadEmbedToken(EmbedFault.ISSUER)
        if claims.get("aud") != self._audience:
            raise BadEmbedToken(EmbedFault.AUDIENCE)

    def _check_times(self, claims: dict[str, Any]) -> datetime:
        """Until when a use of the token is remembered: while it would be good by any clock here."""
        made, ends = _moment(claims.get("iat")), _moment(claims.get("exp"))
        not_before = _moment(claims.get("nbf", claims.get("iat")))
        if made is None or ends is None or not_before is None:
            raise BadEmbedToken(EmbedFault.LIFE)
        if not timedelta() < ends - made <= LONGEST_LIFE:
            raise BadEmbedToken(EmbedFault.LIFE)
        now = self._clock()
        if max(made, not_before) > now + LEEWAY:
            raise BadEmbedToken(EmbedFault.EARLY)
        if ends + LEEWAY <= now:
            raise BadEmbedToken(EmbedFault.EXPIRED)
        return ends + LEEWAY + LONGEST_LIFE


def _vouched(claims: dict[str, Any]) -> Vouched:
    subject, kind = claims.get("sub"), claims.get("sub_type", "customer")
    if not isinstance(subject, str) or not _CUSTOMER.fullmatch(subject):
        raise BadEmbedToken(EmbedFault.SUBJECT)
    if int(subject) > _LARGEST_ID:
        raise BadEmbedToken(EmbedFault.SUBJECT)
    if kind not in ("customer", "account"):
        raise BadEmbedToken(EmbedFault.SUBJECT)
    return Vouched(subject, kind == "account")


def _header(token: str) -> dict[str, str]:
    """The header, before anything is believed: it only names the key."""
    parts = token.split(".")
    if len(token) > LARGEST_TOKEN or len(parts) != 3 or not token.isascii():
        raise BadEmbedToken(EmbedFault.MALFORMED)
    try:
        encoded = parts[0] + "=" * (-len(parts[0]) % 4)
        header = _object(base64.b64decode(encoded, altchars=b"-_", validate=True))
    except binascii.Error as error:
        raise BadEmbedToken(EmbedFault.MALFORMED) from error
    is_ours = (
        header.keys() == _HEADER
        and all(isinstance(value, str) for value in header.values())
        and header["typ"] == TOKEN_TYPE
    )
    if not is_ours:
        raise BadEmbedToken(EmbedFault.MALFORMED)
    return header


def _object(text: bytes) -> dict[str, Any]:
    try:
        found = strict_json(text)
    except BadJson as error:
        raise BadEmbedToken(EmbedFault.MALFORMED) from error
    if not isinstance(found, dict):
        raise BadEmbedToken(EmbedFault.MALFORMED)
    return found


def _moment(value: object) -> datetime | None:
    """Whole seconds since 1970 as a moment; None for anything else (RFC 7519 allows fractions,
    which no shop needs)."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _LATEST:
        return None
    return datetime.fromtimestamp(value, UTC)
