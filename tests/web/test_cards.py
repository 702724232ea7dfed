"""The plain pages on which a card is added, behind the real gate."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from html import unescape

import httpx
import pytest
from starlette.applications import Starlette

from app.actions import Level, Services
from app.auth import PortalTokens, Sessions, SignInLinks
from app.i18n import Texts
from app.sandbox.cards import submit
from app.web import CardRoutes, Front
from app.web.card_policy import card_policy
from tests.actions.adding import CARD, CREATE, added, with_cards
from tests.actions.conftest import pattern, services, shop
from tests.actions.shop import Shop
from tests.web.shop import Outbox

__all__ = ["pattern", "services", "shop"]

ADD = "/payment-methods/add"


class CardPages:
    """The pages of one shop, and browsers at them."""

    def __init__(self, shop: Shop, services: Services) -> None:
        self.shop, self.services = shop, services
        settings, database = shop.settings, shop.database
        self.sessions = Sessions(database, settings)
        services.is_signed_in = self.sessions.is_signed_in

        async def nobody(_hash: str) -> None:
            return None

        self.front = Front(
            settings,
            database,
            shop.mirror,
            self.sessions,
            SignInLinks(database, settings, self.sessions),
            PortalTokens(database, self.sessions, nobody),
            Outbox(),
            Texts("en"),
        )
        pages = CardRoutes(services, self.front.pages, self.front.errors, settings.origin)
        self.application = Starlette()
        self.front.install(self.application, more=pages.routes())

    async def browser(self, customer_id: int = 101, **headers: str) -> httpx.AsyncClient:
        cookie, _ = await self.sessions.start(customer_id, method="test", level=Level.LINK)
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(self.application, client=("203.0.113.7", 50000)),
            base_url=self.shop.settings.origin,
            cookies={self.sessions.cookies.session: cookie},
            headers={"Sec-Fetch-Site": "same-origin", **headers},
        )

    async def begin(self, browser: httpx.AsyncClient, *address_ids: int) -> str:
        fields = {f"address-{id}": "1" for id in address_ids}
        answer = await browser.post(ADD, data={**fields, "form": await token(browser, ADD)})
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"])

    async def type_card(self, page: str, browser: httpx.AsyncClient, **typed: str) -> None:
        frame = re.findall(
            r'<iframe[^>]* src="[^"]+/cards/([^"]+)"', (await browser.get(page)).text
        )
        submit(self.shop.sandbox.shop, frame[0], {**CARD, **typed})


async def token(browser: httpx.AsyncClient, page: str) -> str:
    found = re.findall(r'name="form" value="([0-9a-f]{64})"', (await browser.get(page)).text)
    return str(found[0])


async def read(browser: httpx.AsyncClient, page: str) -> str:
    text = re.sub(r"<[^>]+>", " ", (await browser.get(page)).text)
    return " ".join(unescape(text).split())


@pytest.fixture
async def pages(shop: Shop) -> AsyncIterator[CardPages]:
    found = CardPages(shop, with_cards(shop))
    yield found
    await found.front.close()


async def test_from_the_choice_into_the_account(pages: CardPages) -> None:
    browser = await pages.browser()
    assert "Now: " in await read(browser, f"{ADD}?address=201")
    page = await pages.begin(browser, 201)
    await pages.type_card(page, browser)

    answer = await browser.get(f"{page}/done?redirect_status=failed&payment_method=pm_made_up")

    assert (answer.status_code, answer.headers["location"]) == (303, "/payment-methods")
    assert len(await added(pages.shop)) == 1


async def test_what_the_browser_brings_along_is_not_believed(pages: CardPages) -> None:
    browser = await pages.browser()
    page = await pages.begin(browser, 201)
    await browser.get(page)

    answer = await browser.get(f"{page}/done?redirect_status=succeeded&payment_method=pm_1")

    assert answer.headers["location"] == f"{page}?back=1"
    assert "was not finished, so no card was added" in await read(browser, f"{page}?back=1")
    assert await pages.shop.executed() == {}


async def test_the_policy_lets_the_frame_in_and_nothing_else(pages: CardPages) -> None:
    browser = await pages.browser()
    page = await pages.begin(browser)

    policy = (await browser.get(page)).headers["content-security-policy"]

    assert "frame-src http://localhost:9" in policy.split("; ")
    assert "default-src 'none'" in policy.split("; ")
    assert "frame-ancestors 'none'" in policy.split("; ")
    assert "script-src" not in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize(
    ("allows", "said"),
    [
        ({"script-src": ("*",)}, r"\*"),
        ({"script-src": ("'unsafe-inline'",)}, "unsafe-inline"),
        ({"script-src": ("https://a.example; object-src *",)}, "object-src"),
        ({"frame-ancestors": ("https://a.example",)}, "frame-ancestors"),
    ],
)
def test_a_maker_cannot_open_the_policy(allows: dict[str, tuple[str, ...]], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        card_policy(allows)


async def test_other_sites_and_other_customers_get_nothing(pages: CardPages) -> None:
    mine, theirs = await pages.browser(), await pages.browser(102)
    page = await pages.begin(mine, 201)
    await pages.type_card(page, mine)
    await mine.get(page)

    strange = await mine.post(page, data={"form": "0" * 64})
    from_elsewhere = await mine.post(
        page, data={"form": await token(mine, page)}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    looked = await theirs.get(page)
    came = await theirs.get(f"{page}/done")

    assert (strange.status_code, from_elsewhere.status_code) == (403, 403)
    assert (looked.status_code, came.status_code) == (404, 404)
    assert await pages.shop.executed() == {}


async def test_what_is_not_on_the_page_cannot_be_chosen(pages: CardPages) -> None:
    browser = await pages.browser()
    theirs = [one.id async for one in pages.shop.client.addresses.list(customer_id=102)]

    page = await pages.begin(browser, *theirs, 201)

    setup = await pages.services.card_setups.find(101, page.rsplit("/", 1)[1])
    assert setup is not None
    assert setup.address_ids == (201,)


async def test_a_retry_without_its_address_is_said_at_the_choice(pages: CardPages) -> None:
    browser = await pages.browser(104)
    assert "that failed again at once, with it: $" in await read(browser, ADD)

    answer = await browser.post(ADD, data={"retry": "1", "form": await token(browser, ADD)})

    assert answer.status_code == 409
    assert "Choose that as well" in answer.text
    assert '<input type="checkbox" id="retry" name="retry" value="1" checked' in answer.text


async def test_a_confirmed_card_waits_and_is_put_in_by_a_press(pages: CardPages) -> None:
    browser = await pages.browser()
    page = await pages.begin(browser, 201)
    await pages.type_card(page, browser)

    said = await read(browser, page)
    assert "is not in your account yet" in said
    assert "You do not have to type the card again" in said
    assert await pages.shop.executed() == {}
    form = await token(browser, page)
    answers = [await browser.post(page, data={"form": form}) for _ in range(2)]

    assert {one.headers["location"] for one in answers} == {"/payment-methods"}
    assert (await pages.shop.executed())[CREATE] == 1
    assert "is in your account" in await read(browser, page)


async def test_a_processor_that_does_not_answer_loses_nothing(pages: CardPages) -> None:
    browser = await pages.browser()
    page = await pages.begin(browser, 201)
    await pages.type_card(page, browser)
    processor = pages.shop.sandbox.token
    pages.shop.sandbox.token = "another"

    answer = await browser.get(page)
    assert answer.status_code == 503
    assert "does not answer at the moment" in answer.text
    assert "nothing was changed" in answer.text

    pages.shop.sandbox.token = processor
    assert "is not in your account yet" in await read(browser, page)


async def test_a_shop_without_a_form_says_what_to_do(shop: Shop) -> None:
    pages = CardPages(shop, shop.services())
    said = await read(await pages.browser(), ADD)
    assert "The shop takes no new cards here, so nothing was changed" in said
    await pages.front.close()
