"""Whether a request comes from our own pages."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers

from app.settings import Settings

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_DEFAULT_PORTS = {"http": 80, "https": 443}
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class Origins:
    """Knows our own origin: the one of the settings.

    A portal on this machine, such as the demo, also answers at the host it was asked at, so that
    ``127.0.0.1`` works as ``localhost`` does. Only names of this machine count, since any other
    name in ``Host`` could have been pointed here by a stranger.
    """

    def __init__(self, settings: Settings) -> None:
        self._own = _normal(settings.origin)
        self._is_local = (urlsplit(settings.origin).hostname or "") in _LOOPBACK

    def is_own(self, origin: str | None, host: str | None) -> bool:
        """Whether the value of ``Origin`` is ours; `host` is the value of ``Host``."""
        found = _normal(origin)
        if found is None:
            return False
        if found == self._own:
            return True
        return self._is_local and found[1] in _LOOPBACK and found == _normal(f"http://{host}")

    def is_own_request(self, headers: Headers) -> bool | None:
        """Whether the browser says that a request was made by one of our pages; None if it says
        nothing.

        Every current engine sends ``Sec-Fetch-Site``, and a page cannot forge it. Older ones send
        ``Origin``, but ours write ``null`` there, because a form of a page with the referrer policy
        ``no-referrer`` is sent so; it is then up to the form's token.
        """
        site = headers.get("sec-fetch-site")
        if site is not None:
            return site == "same-origin"
        origin = headers.get("origin")
        if origin is None or origin == "null":
            return None
        return self.is_own(origin, headers.get("host"))


def _normal(origin: str | None) -> tuple[str, str, int] | None:
    """Scheme, host and port; None for what is not an origin."""
    if not origin:
        return None
    try:
        parts = urlsplit(origin)
        port = parts.port or _DEFAULT_PORTS.get(parts.scheme, 0)
    except ValueError:
        return None
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        return None
    if parts.path or parts.query or parts.fragment or parts.username is not None:
        return None
    return parts.scheme, parts.hostname, port
