"""The ways to leave without signing in, on the demo shop, behind the real gate."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser

import httpx
from starlette.applications import Starlette

from app.actions import Services
from app.auth import ExitLinks, PortalTokens, Sessions, SignInLinks
from app.i18n import Texts
from app.web import ExitPost, Front, leave_routes
from tests.actions.shop import Shop
from tests.auth.world import StandingClock
from tests.web.shop import Outbox

EMAILS = {
    101: "mara.lindqvist@example.com",
    102: "jonas.weber@example.com",
    107: "claire.dubois@example.com",
}


@dataclass
class Way:
    """One shop's pages, and the mails that they send."""

    shop: Shop
    services: Services
    language: str = "en"
    clock: StandingClock = field(default_factory=StandingClock)
    outbox: Outbox = field(default_factory=Outbox)

    def __post_init__(self) -> None:
        settings, database, texts = (
            self.shop.settings,
            self.shop.database,
            Texts(self.language),
        )
        self.sessions = Sessions(database, settings, self.clock)
        self.exits = ExitLinks(database, self.clock)
        self.services.is_signed_in = self.exits.is_live

        async def nobody(_hash: str) -> None:
            return None

        self.front = Front(
            settings,
            database,
            self.shop.mirror,
            self.sessions,
            SignInLinks(database, settings, self.sessions, self.clock),
            PortalTokens(database, self.sessions, nobody, self.clock),
            self.outbox,
            texts,
            clock=self.clock,
        )
        self.post = ExitPost(
            self.services, self.exits, self.outbox, self.front.pages, settings.origin
        )
        self.origin = settings.origin
        self.application = Starlette()
        routes = leave_routes(
            self.services,
            self.front.pages,
            self.sessions.cookies,
            self.exits,
            self.post,
            self.clock,
        )
        self.front.install(self.application, more=routes)

    def browser(self, host: str = "203.0.113.7", **headers: str) -> httpx.AsyncClient:
        """A browser with cookies of its own."""
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(self.application, client=(host, 50000)),
            base_url=self.origin,
            headers={"Sec-Fetch-Site": "same-origin", **headers},
        )

    async def ask(
        self,
        order: str,
        email: str = EMAILS[101],
        path: str = "/cancel",
        browser: httpx.AsyncClient | None = None,
    ) -> httpx.Response:
        """Ask for a link, and wait until what is done about it is done."""
        browser = browser or self.browser()
        page = await browser.get(path)
        answer = await send(browser, page, email=email, order=order)
        await self.post.settle()
        return answer

    async def link(
        self, order: str = "1506", email: str = EMAILS[101], path: str = "/cancel"
    ) -> str:
        """The link that comes by mail."""
        before = len(self.outbox.mails)
        answer = await self.ask(order, email, path)
        assert answer.status_code == 303, answer.text
        (mail,) = self.outbox.mails[before:]
        found = re.search(rf"{re.escape(self.origin)}({path}/[\w-]{{43}})", mail.text)
        assert found is not None, mail.text
        assert found[0] in mail.html
        return found[1]

    async def press(
        self,
        link: str,
        *,
        tick: tuple[int, ...] | None = None,
        memberships: tuple[int, ...] = (),
        **typed: str,
    ) -> httpx.Response:
        """Open a link and press its button; the page that follows."""
        browser = self.browser()
        page = await browser.get(link)
        return await send(browser, page, tick=tick, memberships=memberships, follow=True, **typed)


class Form(HTMLParser):
    """A page's form as a browser would send it."""

    def __init__(self, page: httpx.Response) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}
        self.boxes: dict[str, str] = {}
        self.buttons: list[dict[str, str]] = []
        self.tags: list[str] = []
        self.feed(page.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        if tag == "form":
            self.action = given["action"]
        elif tag == "input" and given.get("type") == "checkbox":
            self.boxes[given["name"]] = given["value"]
            if "checked" in given:
                self.fields[given["name"]] = given["value"]
        elif tag == "input":
            self.fields[given["name"]] = given.get("value", "")
        elif tag == "button":
            self.buttons.append(given)

    def ticked(self) -> set[int]:
        """The subscriptions that are ticked."""
        return {int(name[5:]) for name in self.fields if name.startswith("item-")}

    def offered(self) -> set[int]:
        """Those that can be."""
        return {int(name[5:]) for name in self.boxes if name.startswith("item-")}

    def memberships(self) -> dict[int, bool]:
        """The memberships that can be ticked, and whether they are."""
        names = [name for name in self.boxes if name.startswith("membership-")]
        return {int(name[11:]): name in self.fields for name in names}


async def send(
    browser: httpx.AsyncClient,
    page: httpx.Response,
    *,
    tick: tuple[int, ...] | None = None,
    memberships: tuple[int, ...] = (),
    follow: bool = False,
    made_up: str = "",
    **typed: str,
) -> httpx.Response:
    """Send the page's form, with other boxes ticked and other things typed: `tick` are the only
    subscriptions, `memberships` come on top. `made_up` is a field that the page does not have."""
    form = Form(page)
    assert form.action, page.text
    fields = dict(form.fields)
    if tick is not None:
        fields = {name: value for name, value in fields.items() if name not in form.boxes}
        fields |= {f"item-{id}": form.boxes[f"item-{id}"] for id in tick}
    fields |= {f"membership-{id}": form.boxes[f"membership-{id}"] for id in memberships}
    if made_up:
        fields[made_up] = "x"
    return await browser.post(form.action, data={**fields, **typed}, follow_redirects=follow)


def read(page: httpx.Response) -> str:
    """What a page says, without its markup."""
    body = page.text.split("<main", 1)[-1].split(">", 1)[-1]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())
