"""Quick links on the demo shop, behind the real gate."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import httpx
from starlette.applications import Starlette

from app.actions import Principal, Services
from app.actions.quick.wishes import What, WishedLink
from app.auth import Limits, LinkSigner, PortalTokens, QuickLinks, Sessions, SignInLinks
from app.i18n import Texts
from app.web import Front, LinkApi, QuickLinkRoutes
from tests.actions.shop import Shop
from tests.auth.world import StandingClock
from tests.web.leaving import Form
from tests.web.shop import Outbox

SECRET = "a secret of the shop's that is long enough"
WORD = "the merchant's word, told to nobody"


@dataclass
class Quick:
    """One shop's quick links, and the pages behind them."""

    shop: Shop
    services: Services
    language: str = "en"
    secrets: tuple[str, ...] = (SECRET,)
    word: str = WORD
    clock: StandingClock = field(default_factory=StandingClock)

    def __post_init__(self) -> None:
        settings, database = self.shop.settings, self.shop.database
        sessions = Sessions(database, settings, self.clock)
        signer = LinkSigner(self.secrets, settings.origin, self.clock)
        links = QuickLinks(database, signer, self.clock)

        async def is_proven(_principal: Principal, _what: str) -> bool:
            return False

        async def nobody(_hash: str) -> None:
            return None

        self.services.is_signed_in = links.is_live
        self.services.is_proven = is_proven
        front = Front(
            settings,
            database,
            self.shop.mirror,
            sessions,
            SignInLinks(database, settings, sessions, self.clock),
            PortalTokens(database, sessions, nobody, self.clock),
            Outbox(),
            Texts(self.language),
            clock=self.clock,
        )
        self.signer, self.links = signer, links
        self.application = Starlette()
        routes = [
            *QuickLinkRoutes(self.services, front.pages, links, self.clock).routes(),
            *LinkApi(signer, self.word, Limits(database), self.clock).routes(),
        ]
        front.install(self.application, more=routes)

    def browser(self, host: str = "203.0.113.7", **headers: str) -> httpx.AsyncClient:
        """A browser with cookies of its own."""
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(self.application, client=(host, 50000)),
            base_url=self.shop.settings.origin,
            headers={"Sec-Fetch-Site": "same-origin", **headers},
        )

    def link(self, what: str, customer: int = 101, **wish: Any) -> str:
        """The path of a new link."""
        return self.signer.sign(WishedLink(what=What(what), customer=customer, **wish)).path

    async def open(self, path: str) -> httpx.Response:
        return await self.browser().get(path)

    async def press(self, path: str) -> httpx.Response:
        """Open a link and press its button; the page that follows."""
        browser = self.browser()
        return await send(browser, await browser.get(path))

    async def executed(self) -> int:
        """How many changes were made at the shop."""
        return sum((await self.shop.executed()).values())


async def send(browser: httpx.AsyncClient, page: httpx.Response, **fields: str) -> httpx.Response:
    """Press the page's button, with other fields where they are given."""
    form = Form(page)
    assert form.action, page.text
    return await browser.post(form.action, data={**form.fields, **fields}, follow_redirects=True)
