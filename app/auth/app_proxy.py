"""What a shop's Shopify passes on to us: requests to its app proxy, signed by Shopify.

::

    customer ── shop.example/apps/portal/schedule ──► Shopify ── signed ──► /shopify/proxy/schedule

Rules: shopify.dev, "Authenticate app proxies". The signature runs names and values together without
separators, so that one text can be read in several ways: a visitor who chooses the name of a
parameter could have Shopify sign a text that also reads as another customer's id. So a customer is
believed only where the query has the five parameters of Shopify's, each once and in its own form:
that has one reading.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final
from urllib.parse import parse_qsl

from app.auth.single_use import SingleUse
from app.clock import Clock, utc_now

FRESH_FOR: Final = timedelta(seconds=90)
"""How old a request may be; as far ahead of us the shop's clock may be."""

_KIND: Final = "shopify proxy"
_LONGEST: Final = 4096
"""Bytes of a query that are looked at."""
_MOST: Final = 50
"""Parameters."""
_FORMS: Final = {
    "logged_in_customer_id": re.compile(r"([1-9][0-9]{0,18})?", re.ASCII),
    "path_prefix": re.compile(r"(/[^/\s=?#\\\x00-\x1f\x7f]{1,64}){1,4}"),
    "shop": re.compile(r"[a-z0-9][a-z0-9.-]{0,99}", re.ASCII),
    "timestamp": re.compile(r"[0-9]{1,11}", re.ASCII),
    "signature": re.compile(r"[0-9a-f]{64}", re.ASCII),
}
"""The parameters of Shopify's. All are there, whoever looks at the shop."""


class ProxyFault(StrEnum):
    """Why a request is not believed."""

    MALFORMED = "malformed"
    """A parameter is missing, is there twice, or has not its form."""
    FORGED = "forged"
    """Not signed by this shop's Shopify."""
    LATE = "late"
    """Signed too long ago, or in the future."""
    USED = "used"
    """It has been here before."""


@dataclass(frozen=True, slots=True)
class Proxied:
    """A request that Shopify has signed.

    account:   id of the shop account that is signed in there; empty where nobody is, and where the
               query has more in it than Shopify's own, so that the id is not believed
    prefix:    the path in the shop that leads here, such as "/apps/portal"
    """

    account: str
    prefix: str


class AppProxy:
    """Checks such requests for one shop.

    shop:   its own Shopify domain, such as "harbor.myshopify.com"
    secret: the client secret of the app whose proxy leads here
    """

    def __init__(
        self, shop: str, secret: str, single_use: SingleUse, clock: Clock = utc_now
    ) -> None:
        self._shop = shop
        self._secret = secret.encode()
        self._single_use = single_use
        self._clock = clock

    async def check(self, query: bytes) -> Proxied | ProxyFault:
        """Whether a request is what Shopify has signed, a moment ago and never before.

        query: as it came over the wire; what a body says is not signed, and is never read
        """
        pairs = _pairs(query)
        if pairs is None:
            return ProxyFault.MALFORMED
        given = {name: value for name, value in pairs if name in _FORMS}
        is_whole = sum(name in _FORMS for name, _ in pairs) == len(given) == len(_FORMS)
        if not is_whole or not all(_FORMS[name].fullmatch(given[name]) for name in given):
            return ProxyFault.MALFORMED
        if not hmac.compare_digest(given["signature"], signature_of(pairs, self._secret)):
            return ProxyFault.FORGED
        if given["shop"] != self._shop:
            return ProxyFault.FORGED
        signed_at = datetime.fromtimestamp(int(given["timestamp"]), UTC)
        if abs(self._clock() - signed_at) > FRESH_FOR:
            return ProxyFault.LATE
        account = given["logged_in_customer_id"] if len(pairs) == len(_FORMS) else ""
        if account and not await self._single_use.take(
            _KIND, given["signature"], signed_at + FRESH_FOR + timedelta(seconds=1)
        ):
            return ProxyFault.USED
        return Proxied(account, given["path_prefix"])


def signature_of(pairs: list[tuple[str, str]], secret: bytes) -> str:
    """Shopify's signature over a query: HMAC-SHA256 as hexadecimal digits over "name=value", sorted
    and run together, where the values of a name that is there several times are joined by commas.

    pairs: names and values as the query means them, not as they are quoted in it
    """
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        if name != "signature":
            values.setdefault(name, []).append(value)
    text = "".join(sorted(f"{name}={','.join(each)}" for name, each in values.items()))
    return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()


def _pairs(query: bytes) -> list[tuple[str, str]] | None:
    """Names and values in their order, or None for what is no query."""
    if len(query) > _LONGEST:
        return None
    try:
        return parse_qsl(
            query.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=_MOST,
        )
    except ValueError:
        return None
