"""Visits of signed-in customers to the registered page."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
import pytest
from nicegui import Client, core, ui
from nicegui.testing import User, user_simulation
from starlette.types import ASGIApp, Receive, Scope, Send

from app.actions import Principal, Services
from app.pages import page, register
from tests.actions.shop import signed_in

LOOKS = 600
"""How often a test looks for what comes after the page, with a rest of NiceGUI's between: half a
minute at least. It is there long before; only who waits in vain looks that often."""


async def until(user: User, text: str) -> None:
    """Waits for a text that comes after the page."""
    await user.should_see(text, retries=LOOKS)


async def until_gone(user: User, what: str | type[ui.element]) -> None:
    """Waits until a text, or a component, has gone from the page."""
    await user.should_not_see(what, retries=LOOKS)


class SignedIn:
    """What the gate does for a good session: it says who comes."""

    def __init__(self, app: ASGIApp, principal: Principal) -> None:
        self.app = app
        self.principal = principal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["state"] = {"principal": self.principal, "sign_out_token": "a-token"}
        await self.app(scope, receive, send)


@dataclass
class Owners:
    """Remembers which page was built for whom."""

    pages: dict[str, int] = field(default_factory=dict)

    def own(
        self, client: Client, principal: Principal, on_card: Callable[[], None] | None = None
    ) -> None:
        self.pages[client.id] = principal.customer_id


@dataclass
class Portals:
    """The service's page, and a door to it for each customer."""

    owners: Owners

    def visitor(self, customer_id: int) -> User:
        app = SignedIn(core.app, signed_in(customer_id))
        transport = httpx.ASGITransport(app)
        return User(httpx.AsyncClient(transport=transport, base_url="http://test"))


@asynccontextmanager
async def portals(services: Services) -> AsyncIterator[Portals]:
    with pytest.MonkeyPatch.context() as patch:
        async with _registered(services, patch) as made:
            yield made


@asynccontextmanager
async def _registered(services: Services, patch: pytest.MonkeyPatch) -> AsyncIterator[Portals]:
    owners = Owners()
    async with user_simulation(root=lambda: None):
        # The records come with the page, however busy the machine is: its frame alone is another
        # test's concern. What is fetched in the background comes later: see `until`.
        patch.setattr(page, "PATIENCE", 20.0)
        register(services, owners, services.settings)
        try:
            yield Portals(owners)
        finally:
            for client in list(Client.instances.values()):
                client.delete()
            # NiceGUI would take the modules of our page for its user's script, and forget them.
            Client.page_routes.clear()
