"""Figures for the monitoring, in the form of Prometheus, and the clock around each request."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.auth import Access
from app.meters import REQUEST_SECONDS
from app.web.errors import ErrorPages


class Metrics:
    """The route ``/metrics``, for who brings the token. Without one in the settings it is not
    there."""

    def __init__(self, token: str, errors: ErrorPages, measure: Callable[[], None]) -> None:
        """`measure` brings what is not counted as it happens up to date."""
        self._token = token
        self._errors = errors
        self._measure = measure

    def routes(self) -> list[Route]:
        return [Route("/metrics", self.show, methods=["GET"])]

    async def show(self, request: Request) -> Response:
        if not self._token:
            return await self._errors.not_found(request)
        if not is_bearer(request, self._token):
            return PlainTextResponse(
                "A token is needed.", 401, {"WWW-Authenticate": 'Bearer realm="metrics"'}
            )
        self._measure()
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def is_bearer(request: Request, token: str) -> bool:
    """Whether the request brings this token. The time that it takes tells nothing of it."""
    kind, _, given = request.headers.get("authorization", "").partition(" ")
    one, other = (hashlib.sha256(text.encode()).digest() for text in (given.strip(), token))
    return bool(token) and kind.lower() == "bearer" and hmac.compare_digest(one, other)


class RequestClock:
    """ASGI middleware: how long each request takes, by the template of its route."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._access = Access()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status = time.perf_counter(), 0

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watch)
        finally:
            entry = self._access.find(scope["path"], scope["method"])
            route = entry.path if entry else "other"
            method = scope["method"] if scope["method"] in _METHODS else "other"
            REQUEST_SECONDS.labels(route, method, f"{status // 100}xx").observe(
                time.perf_counter() - started
            )


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
