"""The downloads on the demo shop, behind a gate that knows who is signed in."""

from __future__ import annotations

from collections.abc import Sequence

import httpx
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from app.actions import Principal

HOST = "203.0.113.7"


class SignedInAs:
    """What the gate does for a good session."""

    def __init__(self, app: ASGIApp, principal: Principal | None) -> None:
        self._app = app
        self._principal = principal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["state"] = {"principal": self._principal}
        await self._app(scope, receive, send)


def browser(
    routes: Sequence[Route], principal: Principal | None = None, host: str = HOST
) -> httpx.AsyncClient:
    """A browser, or a calendar program, of this customer."""
    app = SignedInAs(Starlette(routes=list(routes)), principal)
    transport = httpx.ASGITransport(app, client=(host, 50000))
    return httpx.AsyncClient(transport=transport, base_url="http://test")
