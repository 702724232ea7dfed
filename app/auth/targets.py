"""Where a customer is sent on to: only to paths of our own."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, quote, unquote, urlencode

from app.auth.secrets import is_secret

_LONGEST = 1024
_HIDDEN = re.compile(r"[\x00-\x20\x7f\\]")
"""Browsers drop tabs and line ends from addresses and read a backslash as a slash."""
_NAMES = "/payment-methods/add/"
"""What is below has the shape of a secret and is a name: it opens for its own customer alone."""
_NOT_AFTER_SIGN_IN = (
    "/sign-in", "/sign-out", "/portal/", "/tools/recurring/", "/demo", "/_nicegui",
)  # fmt: skip
"""Where one is signed in or out by arriving: who goes on there is not who they signed in as."""


def local_path(target: str | None) -> str | None:
    """The target as a path of ours that may stand in ``Location``, or None when it is not one.

    ASVS 5.0, 3.7.2: redirects go to an allow-list. Ours is "this host". What a browser could read
    as another host after any amount of decoding is refused rather than repaired: ``//host``,
    ``/\\host``, ``/%2fhost``, control characters, ``/a/../..//host``. A ``token`` in the query is
    taken out, as is all that has the shape of a secret of ours: no address shows one twice. What
    leads back to signing in or out is not a place to go on to.
    """
    if not target or len(target) > _LONGEST or not target.startswith("/"):
        return None
    path, _, query = target.partition("#")[0].partition("?")
    decoded = path
    for _ in range(3):
        if _HIDDEN.search(decoded) or "//" in decoded or _has_dots(decoded):
            return None
        decoded = unquote(decoded)
    if unquote(decoded) != decoded or decoded.startswith(_NOT_AFTER_SIGN_IN):
        return None
    if _HIDDEN.search(query) or _holds_secret(decoded):
        return None
    clean = quote(path, safe="/%-._~!$&'()*+,;=:@")
    pairs = [
        (name, value)
        for name, value in parse_qsl(query)
        if name.lower() != "token" and not is_secret(value)
    ]
    return f"{clean}?{urlencode(pairs)}" if pairs else clean


def _holds_secret(path: str) -> bool:
    return not path.startswith(_NAMES) and any(is_secret(part) for part in path.split("/"))


def _has_dots(path: str) -> bool:
    return any(segment in (".", "..") for segment in path.split("/"))
