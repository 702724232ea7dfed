"""How many requests one network may make."""

from __future__ import annotations

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Final

import structlog
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.auth.access import Access, Who
from app.auth.limits import network
from app.meters import REFUSALS

_log = structlog.get_logger(__name__)

_MOST_NETWORKS: Final = 20_000
"""How many networks are remembered; the one not seen for longest is forgotten."""

_PASSED_ON: Final = "/shopify/proxy"

Busy = Callable[[Scope, int], Awaitable[Response]]
"""Draws the answer to a request too many; the number is the seconds until it helps again."""


async def plain_busy(_: Scope, seconds: int) -> Response:
    """The answer where no pages are at hand."""
    return PlainTextResponse("Too many requests", 429, {"Retry-After": str(seconds)})


class Traffic:
    """ASGI middleware: each network has a bucket of `a_minute` requests, which refills evenly.

    Counted in this process alone: it keeps one stranger from taking the whole process, and what
    must be counted exactly, such as tries at a code, has limits of its own.

    Files that are the same for everybody are free, since a browser asks for dozens at once. So is
    what the shop system passes on for all customers from its few addresses: it is signed, and
    nothing is looked up before that is checked. `free` are more prefixes.

    names_proxies: the settings name the proxies in front, so that whoever seems to come does come
    """

    def __init__(
        self,
        app: ASGIApp,
        a_minute: int,
        *,
        free: tuple[str, ...] = (),
        names_proxies: bool = False,
        answer: Busy = plain_busy,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app = app
        self._most = float(a_minute)
        self._free = (*free, _PASSED_ON)
        self._names_proxies = names_proxies
        self._answer = answer
        self._monotonic = monotonic
        self._access = Access()
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._is_warned = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket") or self._is_free(scope):
            await self._app(scope, receive, send)
            return
        seconds = self._take(network((scope.get("client") or ("",))[0]))
        if seconds == 0:
            await self._app(scope, receive, send)
            return
        # Counted and not logged: whoever floods us must not fill the log.
        REFUSALS.labels("request" if scope["type"] == "http" else "socket", "too_many").inc()
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 4429})
        else:
            response = await self._answer(scope, seconds)
            await response(scope, receive, send)

    def _is_free(self, scope: Scope) -> bool:
        if scope["type"] == "http":
            if scope["path"].startswith(self._free):
                return True
            entry = self._access.find(scope["path"], scope["method"])
            if entry is not None and entry.who is Who.FILE:
                return True
        return self._is_unnamed_proxy(scope)

    def _is_unnamed_proxy(self, scope: Scope) -> bool:
        """Whether everybody seems to come from one machine beside this one, which the settings do
        not name as a proxy: its customers cannot be told apart, and must not pay for one another.
        """
        host = (scope.get("client") or ("",))[0]
        if self._names_proxies or "x-forwarded-for" not in Headers(scope=scope):
            return False
        try:
            is_beside = ipaddress.ip_address(host).is_private
        except ValueError:
            return False
        if is_beside and not self._is_warned:
            self._is_warned = True
            _log.warning("requests of a proxy are not counted", advice="name it as trusted")
        return is_beside

    def _take(self, name: str) -> int:
        """Take one request from a network's bucket; 0, or the seconds until there is one again."""
        now = self._monotonic()
        left, at = self._buckets.pop(name, (self._most, now))
        left = min(self._most, left + (now - at) * self._most / 60)
        is_full = left < 1
        self._buckets[name] = (left if is_full else left - 1, now)
        if len(self._buckets) > _MOST_NETWORKS:
            self._buckets.popitem(last=False)
        return max(1, math.ceil((1 - left) * 60 / self._most)) if is_full else 0
