"""The plain page that asks for a code, and the pages that lead to it, behind the real gate."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from html import unescape

import httpx
import pytest

from app.actions import STEP_UP, Services
from app.auth import Codes, Limits
from app.web import StepUpPost, StepUpRoutes
from tests.actions.adding import added, with_cards
from tests.actions.conftest import pattern, services, shop
from tests.actions.shop import Shop
from tests.web.shop import Outbox
from tests.web.test_cards import ADD, CardPages, token

__all__ = ["pattern", "services", "shop"]

PAGE = "/step-up"


class StepUpPages(CardPages):
    """The pages for a card with what they lead to: nobody has given a code yet."""

    def __init__(self, shop: Shop, services: Services) -> None:
        super().__init__(shop, services)
        self.outbox = Outbox()
        clock = shop.sandbox.clock.now
        self.codes = StepUpPost(
            shop.mirror,
            Codes(shop.database, clock),
            Limits(shop.database),
            self.outbox,
            self.front.pages,
            clock,
        )
        services.is_proven = self.codes.is_proven
        self.application.router.routes[:0] = StepUpRoutes(self.codes, self.front.pages).routes()

    async def code(self) -> str:
        await self.codes.settle()
        found = re.search(r"^(\d{3}) (\d{3})$", self.outbox.mails[-1].text, re.MULTILINE)
        assert found is not None
        return found[1] + found[2]

    async def post(self, browser: httpx.AsyncClient, target: str, **fields: str) -> httpx.Response:
        """Fill in the page that leads on to `target`, and send it."""
        page = f"{PAGE}?{httpx.QueryParams(next=target)}"
        form = {"form": await token(browser, page), "next": target, **fields}
        return await browser.post(PAGE, data=form)

    async def prove(self, browser: httpx.AsyncClient, target: str = "/account") -> httpx.Response:
        await self.post(browser, target, send="1")
        return await self.post(browser, target, code=await self.code())


@pytest.fixture
async def pages(shop: Shop) -> AsyncIterator[StepUpPages]:
    found = StepUpPages(shop, with_cards(shop))
    yield found
    await found.codes.settle()
    await found.front.close()


def words(answer: httpx.Response) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


async def test_opening_the_page_sends_nothing(pages: StepUpPages) -> None:
    browser = await pages.browser()
    for method in ("GET", "HEAD"):
        await browser.request(method, PAGE)
    await pages.codes.settle()
    assert pages.outbox.mails == []


async def test_a_code_leads_on_to_where_one_was(pages: StepUpPages) -> None:
    browser = await pages.browser()
    target = "/payment-methods/add?address=201"
    sent = await pages.post(browser, target, send="1")
    assert (sent.status_code, sent.headers["location"]) == (
        303,
        f"{PAGE}?{httpx.QueryParams(next=target)}",
    )
    code = await pages.code()
    shown = await browser.get(sent.headers["location"])
    mail = pages.outbox.mails[0].to
    assert f"{mail[0]}…@{mail.partition('@')[2]}" in words(shown)
    assert mail not in shown.text, "who looks over a shoulder learns no address"
    assert 'autocomplete="one-time-code"' in shown.text
    assert 'inputmode="numeric"' in shown.text

    done = await pages.post(browser, target, code=f" {code[:3]} {code[3:]}")
    assert (done.status_code, done.headers["location"]) == (303, target)
    again = await browser.get(f"{PAGE}?{httpx.QueryParams(next=target)}")
    assert again.headers["location"] == target, "nobody is asked twice"


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example", "/step-up?next=/step-up", "/sign-out", ""]
)
async def test_it_leads_nowhere_else(pages: StepUpPages, target: str) -> None:
    browser = await pages.browser()
    done = await pages.prove(browser, target)
    assert done.headers["location"] == "/account"


async def test_wrong_codes_are_told_at_the_field(pages: StepUpPages) -> None:
    browser = await pages.browser()
    await pages.post(browser, "/account", send="1")
    right = await pages.code()
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    first = await pages.post(browser, "/account", code=wrong)
    assert first.status_code == 422
    assert "You can try 4 more times." in words(first)
    assert 'aria-describedby="problem"' in first.text
    assert wrong not in first.text
    for _ in range(4):
        last = await pages.post(browser, "/account", code=wrong)
    assert "Please have a new one sent." in words(last)
    refused = await pages.post(browser, "/account", code=right)
    assert refused.status_code == 422
    principal = await pages.sessions.read(browser.cookies[pages.sessions.cookies.session])
    assert principal is not None
    assert not await pages.codes.is_proven(principal, STEP_UP)


async def test_a_form_that_is_not_ours_sends_and_takes_nothing(pages: StepUpPages) -> None:
    browser = await pages.browser()
    other = await pages.browser(102)
    foreign = await token(other, PAGE)
    for fields in ({"send": "1"}, {"code": "123456"}, {"send": "1", "form": foreign}):
        answer = await browser.post(PAGE, data=fields)
        assert answer.status_code == 403
    await pages.codes.settle()
    assert pages.outbox.mails == []


async def test_another_code_is_sent_after_half_a_minute(pages: StepUpPages) -> None:
    browser = await pages.browser()
    await pages.post(browser, "/account", send="1")
    soon = await pages.post(browser, "/account", send="1")
    assert soon.status_code == 429
    assert "The code is on its way, so no other was sent." in words(soon)
    await pages.shop.advance(timedelta(seconds=31))
    again = await pages.post(browser, "/account", send="1")
    assert "The one before does not count any more." in words(again)
    await pages.codes.settle()
    assert len(pages.outbox.mails) == 2


async def test_without_an_address_that_takes_mail_it_says_so(pages: StepUpPages) -> None:
    browser = await pages.browser()
    await pages.shop.client.customers.update(101, email="mara@nowhere")
    await pages.shop.mirror.customer(101).refresh()
    page = words(await browser.get(PAGE))
    assert "has no e-mail address of yours" in page
    assert "nothing was changed" in page


async def test_a_card_is_asked_for_after_the_code(pages: StepUpPages) -> None:
    browser = await pages.browser()
    asked = await browser.get(f"{ADD}?address=201")
    assert asked.status_code == 303
    assert httpx.URL(asked.headers["location"]).params["next"] == f"{ADD}?address=201"
    assert (await pages.prove(browser)).status_code == 303
    page = await pages.begin(browser, 201)
    await pages.type_card(page, browser)
    done = await browser.get(f"{page}/done")
    assert done.headers["location"] == "/payment-methods"
    assert len(await added(pages.shop)) == 1


async def test_what_was_ticked_is_ticked_after_the_code(pages: StepUpPages) -> None:
    browser = await pages.browser()
    await pages.prove(browser)
    form = await token(browser, ADD)
    await pages.shop.advance(timedelta(minutes=11))
    late = await browser.post(ADD, data={"address-202": "1", "form": form})
    assert httpx.URL(late.headers["location"]).params["next"] == f"{ADD}?address=202"


async def test_a_card_that_took_long_comes_in_after_another_code(pages: StepUpPages) -> None:
    browser = await pages.browser()
    await pages.prove(browser)
    page = await pages.begin(browser, 201)
    await pages.type_card(page, browser)
    await pages.shop.advance(timedelta(minutes=11))

    done = await browser.get(f"{page}/done")
    assert done.headers["location"] == f"{page}?back=1"
    assert await added(pages.shop) == []
    asked = await browser.get(f"{page}?back=1")
    assert httpx.URL(asked.headers["location"]).params["next"] == f"{page}?back=1"

    back = await pages.prove(browser, page)
    form = await token(browser, back.headers["location"])
    put = await browser.post(page, data={"form": form})
    assert put.headers["location"] == "/payment-methods"
    assert len(await added(pages.shop)) == 1
