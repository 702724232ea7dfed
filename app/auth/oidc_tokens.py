"""ID tokens: whether one is a provider's own, made for us, for this sign-in, and now.

OpenID Connect Core 1.0, 3.1.3.7. Signatures are joserfc's work, claims authlib's; what both leave
open is looked at here: which key, which audience, how old, and that texts are texts.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key

from app.auth.oidc_talk import OidcError, Problem

LEEWAY: Final = timedelta(seconds=120)
"""How far the provider's clock may be from ours."""
LARGEST_TOKEN: Final = 16_000
LONGEST_SUBJECT: Final = 255
"""OpenID Connect Core 1.0, 2: at most 255 ASCII characters."""
MOST_KEYS: Final = 50

_KIND_OF_KEY: Final = {"RS": "RSA", "PS": "RSA", "ES": "EC"}
_SMALLEST_RSA: Final = 2048


class UnknownKey(OidcError):
    """The token names a key that is not there: the provider may have changed its keys."""

    def __init__(self) -> None:
        super().__init__(Problem.UNTRUSTED, "the token's key is not known")


def read_keys(document: object) -> tuple[Key, ...]:
    """The public keys of a key set that signatures can be checked with; others are passed over.

    Raises:
        OidcError: it is no key set, or holds too many keys.
    """
    found = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(found, list) or len(found) > MOST_KEYS:
        raise OidcError(Problem.UNTRUSTED, "no key set")
    return tuple(key for one in found if (key := _read_key(one)) is not None)


def check_id_token(
    token: object,
    keys: Sequence[Key],
    *,
    issuer: str,
    client_id: str,
    algorithms: Sequence[str],
    nonce: str,
    access_token: object,
    began_at: datetime,
    now: datetime,
) -> dict[str, Any]:
    """The claims of an ID token.

    began_at: when the sign-in began; a token from before is another's

    Raises:
        UnknownKey: it names a key that is not among `keys`.
        OidcError: it proves nothing.
    """
    if not isinstance(token, str) or not token.isascii() or len(token) > LARGEST_TOKEN:
        raise _untrusted("no ID token")
    try:
        header = jws.extract_compact(token.encode(), registry=_registry(algorithms)).headers()
        algorithm = header.get("alg")
        if not isinstance(algorithm, str) or algorithm not in algorithms:
            raise _untrusted("the token's algorithm is not one of the settings")
        if "crit" in header:
            raise _untrusted("the token asks for more than we know")
        key = _key_for(header, keys)
        decoded = jwt.decode(token, key, registry=_registry((algorithm,)))
        claims = CodeIDToken(
            decoded.claims,
            decoded.header,
            {"iss": {"essential": True, "value": issuer}},
            {
                "nonce": nonce,
                "client_id": client_id,
                "access_token": access_token if isinstance(access_token, str) else None,
            },
        )
        claims.validate(now=int(now.timestamp()), leeway=int(LEEWAY.total_seconds()))
    except JoseError as error:
        raise _untrusted(f"the token was refused ({type(error).__name__})") from None
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        raise _untrusted("the token cannot be read") from None
    _check_rest(claims, client_id, nonce, began_at)
    return dict(claims)


def _check_rest(claims: Mapping[str, Any], client_id: str, nonce: str, began_at: datetime) -> None:
    audience = claims["aud"]
    # A list with others in it would be a token that these could use here.
    if audience not in (client_id, [client_id]):
        raise _untrusted("the token is for another")
    if not isinstance(claims.get("nonce"), str) or claims["nonce"] != nonce:
        raise _untrusted("the token is of another sign-in")
    if claims["iat"] < (began_at - LEEWAY).timestamp():
        raise _untrusted("the token is older than the sign-in")
    subject = claims["sub"]
    if not (isinstance(subject, str) and subject.isascii() and subject.isprintable()):
        raise _untrusted("the token names nobody")
    if not 0 < len(subject) <= LONGEST_SUBJECT:
        raise _untrusted("the token names nobody")


def _key_for(header: Mapping[str, Any], keys: Sequence[Key]) -> Key:
    """The one key that the header means. Keys that the token itself brings are never looked at."""
    algorithm = str(header["alg"])
    fits = [
        key
        for key in keys
        if key.key_type == _KIND_OF_KEY[algorithm[:2]] and key.get("alg") in (None, algorithm)
    ]
    if "kid" in header:
        fits = [key for key in fits if key.get("kid") == header["kid"]]
    if len(fits) == 1:
        return fits[0]
    if fits:
        raise _untrusted("several keys could be meant")
    raise UnknownKey


def _read_key(document: object) -> Key | None:
    if not isinstance(document, dict) or document.get("kty") not in _KIND_OF_KEY.values():
        return None
    if document.get("use") not in (None, "sig"):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of small keys, which are passed over below
            key = JWKRegistry.import_key(document)
    except (JoseError, ValueError, TypeError, KeyError, AttributeError):
        return None
    size: int = getattr(key.raw_value, "key_size", _SMALLEST_RSA)
    return None if key.key_type == "RSA" and size < _SMALLEST_RSA else key


def _registry(algorithms: Sequence[str]) -> jws.JWSRegistry:
    return jws.JWSRegistry(algorithms=list(algorithms), strict_check_header=False)


def _untrusted(detail: str) -> OidcError:
    return OidcError(Problem.UNTRUSTED, detail)
