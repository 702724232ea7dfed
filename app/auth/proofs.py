"""What a browser shows of its session: the portal's own cookie, the cookie of a frame, a bearer.

The cookie of a frame goes along with whatever the shop's page and its other frames request of us
(``SameSite=None``). So it counts only where the browser says that our own page asks, or that a
frame is opened, which nobody but the shop's pages may do; and never for a tab of its own, where the
portal's own cookie says who is there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.datastructures import Headers
from starlette.requests import cookie_parser

from app.actions import Principal
from app.auth.bearers import Bearers
from app.auth.secrets import is_secret
from app.auth.sessions import Sessions

_FRAMES: Final = ("iframe", "frame")
_FRAMED_AREAS: Final = ("/embed/", "/_nicegui_ws/")
"""What a page in a frame asks for by script."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Who was recognised, and by what.

    principal: None when nothing good was shown
    secret:    the cookie or bearer that counted; of one that is over as well
    is_cookie: whether it was a cookie
    """

    principal: Principal | None
    secret: str | None
    is_cookie: bool


class Proofs:
    """Recognises who comes. Without `bearers` there are none."""

    def __init__(self, sessions: Sessions, bearers: Bearers | None = None) -> None:
        self._sessions = sessions
        self._bearers = bearers

    async def of_request(self, path: str, headers: Headers, *, touch: bool) -> Shown:
        """Who makes a request. A bearer that is shown counts alone: it was meant."""
        bearer = _bearer(headers)
        if bearer is not None and self._bearers is not None:
            return Shown(await self._bearers.read(bearer, touch=touch), bearer, False)
        own, framed = self.brought(headers)
        tried = [framed, own] if _may_be_framed(path, headers) else [own]
        found: list[Shown] = []
        for cookie in filter(None, tried):
            found.append(Shown(await self._sessions.read(cookie, touch=touch), cookie, True))
            if found[-1].principal is not None:
                return found[-1]
        return found[-1] if found else Shown(None, None, True)

    async def of_connection(self, headers: Headers) -> list[Principal]:
        """Whose sessions the cookies of a connection name: one for each cookie that is good. Which
        of them it speaks for is told by the page that it belongs to."""
        found = [await self._sessions.read(one, touch=False) for one in self.brought(headers)]
        return [principal for principal in found if principal is not None]

    async def of_greeting(self, greeting: object) -> Principal | None:
        """Who connects without a cookie, by the bearer in the first packet."""
        if self._bearers is None or not isinstance(greeting, dict):
            return None
        bearer = greeting.get("bearer")
        return await self._bearers.read(bearer, touch=False) if isinstance(bearer, str) else None

    def brought(self, headers: Headers) -> tuple[str | None, str | None]:
        """The two cookies that came along, the portal's own and that of a frame, good or not."""
        brought = cookie_parser(headers.get("cookie", ""))
        names = self._sessions.cookies
        own, framed = brought.get(names.session), brought.get(names.framed)
        return own if is_secret(own) else None, framed if is_secret(framed) else None


def _bearer(headers: Headers) -> str | None:
    scheme, _, value = headers.get("authorization", "").partition(" ")
    return value.strip() if scheme.lower() == "bearer" else None


def _may_be_framed(path: str, headers: Headers) -> bool:
    if headers.get("sec-fetch-dest") in _FRAMES:
        return headers.get("sec-fetch-mode") == "navigate"
    return path.startswith(_FRAMED_AREAS) and headers.get("sec-fetch-site") == "same-origin"
