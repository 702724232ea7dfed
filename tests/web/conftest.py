"""The front of the portal around a page that says who is there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from app.auth import PortalTokens, Sessions, SignInLinks
from app.database import Database
from app.i18n import Texts
from app.web import Front
from tests.auth.world import StandingClock, make_settings, new_database
from tests.web.shop import Outbox, People


@dataclass
class Portal:
    """A whole front, and what stands behind it."""

    application: Starlette
    front: Front
    clock: StandingClock
    people: People
    outbox: Outbox
    sessions: Sessions
    links: SignInLinks
    tokens: PortalTokens
    database: Database
    origin: str

    def browser(self, host: str = "203.0.113.7", **headers: str) -> httpx.AsyncClient:
        """A browser with cookies of its own, coming from `host`."""
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(self.application, client=(host, 50000)),
            base_url=self.origin,
            headers={"Sec-Fetch-Site": "same-origin", **headers},
        )

    async def close(self) -> None:
        await self.front.close()
        await self.database.close()


async def who(request: Request) -> Response:
    return PlainTextResponse(f"customer {request.state.principal.customer_id}")


async def broken(_: Request) -> Response:
    raise RuntimeError("sk_live_123 at https://api.example/?token=verysecret")


async def make_portal(folder: Path, **values: Any) -> Portal:
    texts = Texts(values.pop("language", "en"))
    demo_inbox = values.pop("demo_inbox", "")
    settings = make_settings(**values)
    clock, people, outbox = StandingClock(), People(), Outbox()
    database = await new_database(folder)
    sessions = Sessions(database, settings, clock)
    links = SignInLinks(database, settings, sessions, clock)

    async def find_by_hash(customer_hash: str) -> int | None:
        return await people.find_customer(hash=customer_hash)

    tokens = PortalTokens(database, sessions, find_by_hash, clock)
    front = Front(
        settings,
        database,
        people,
        sessions,
        links,
        tokens,
        outbox,
        texts,
        clock=clock,
        demo_inbox=demo_inbox,
    )
    pages = ["/", "/schedule", "/subscriptions/301", "/orders"]
    application = Starlette(
        routes=[*(Route(page, who) for page in pages), Route("/broken", broken)]
    )
    front.install(application)
    return Portal(
        application, front, clock, people, outbox, sessions, links, tokens, database,
        settings.origin,
    )  # fmt: skip


@pytest.fixture
async def portal(tmp_path: Path) -> AsyncIterator[Portal]:
    portal = await make_portal(tmp_path)
    yield portal
    await portal.close()


@pytest.fixture
async def secure_portal(tmp_path: Path) -> AsyncIterator[Portal]:
    """One that customers reach over TLS."""
    portal = await make_portal(tmp_path, public_url="https://account.shop.example")
    yield portal
    await portal.close()
