"""The shop's people look as a customer: signed in by their word, recorded, and let out again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.actions import Acting
from app.auth import Looks
from app.mirror import UnknownCustomer
from app.recharge import ConnectFailed
from app.web import LookRoutes
from app.web.look_bands import LookBands
from tests.auth.world import EMAILS, JONAS, MARA, make_settings
from tests.web.conftest import Portal, make_portal
from tests.web.reading import press

WORD = "a-word-of-the-shop-s-people"
HOME = "/merchant/customers"
PATHS = (HOME, f"{HOME}/sign-in", f"{HOME}/sign-out")


class Mirror:
    """People, who can be found by their numbers too."""

    def __init__(self, portal: Portal) -> None:
        self._people = portal.people
        self.find_customer = portal.people.find_customer

    def customer(self, customer_id: int) -> Any:
        async def snapshot() -> None:
            if self._people.failure is not None:
                raise self._people.failure
            if customer_id not in EMAILS:
                raise UnknownCustomer(customer_id)

        return SimpleNamespace(snapshot=snapshot)


def with_looks(portal: Portal, word: str | None = WORD, **values: Any) -> Looks:
    """Give the portal its side for the shop's people, and a plain page to look at."""
    settings = make_settings(support_minutes=20, **values)
    looks = Looks(portal.database, portal.sessions, word, settings, portal.clock)
    side = LookRoutes(
        portal.front.pages,
        portal.front.errors,
        cast(Any, Mirror(portal)),
        portal.database,
        portal.sessions,
        looks,
        word,
        clock=portal.clock,
    )

    async def plain(request: Request) -> Response:
        acting = request.state.principal.acting
        return await portal.front.pages.message("A receipt", f"Seen as {acting}", status=200)

    portal.application.router.routes[:0] = [
        *side.routes(), Route("/orders/{id}/receipt", plain), Route("/account/data.zip", plain)
    ]  # fmt: skip
    portal.application.user_middleware.append(_middleware(looks, portal))
    return looks


def _middleware(looks: Looks, portal: Portal) -> Any:
    from starlette.middleware import Middleware

    return Middleware(LookBands, looks=looks, sessions=portal.sessions, pages=portal.front.pages)


@pytest.fixture
async def portal(tmp_path: Path) -> AsyncIterator[Portal]:
    portal = await make_portal(tmp_path)
    yield portal
    await portal.close()


@pytest.fixture
def looks(portal: Portal) -> Looks:
    return with_looks(portal, support_may_change=True)


async def sign_in(
    browser: httpx.AsyncClient, word: str = WORD, who: str = "Noor"
) -> httpx.Response:
    return await press(browser, await browser.get(f"{HOME}/sign-in"), word=word, who=who)


@asynccontextmanager
async def helper(portal: Portal) -> AsyncIterator[httpx.AsyncClient]:
    """A browser of one of the shop's people."""
    async with portal.browser() as browser:
        assert (await sign_in(browser)).headers["location"] == HOME
        yield browser


async def look(
    browser: httpx.AsyncClient, customer: str = str(MARA), reason: str = "ticket 12"
) -> httpx.Response:
    page = await browser.get(HOME)
    return await press(browser, page, customer=customer, reason=reason)


# Who may look


@pytest.mark.parametrize("word", [None, ""])
async def test_without_a_word_nobody_looks(portal: Portal, word: str | None) -> None:
    with_looks(portal, word)
    async with portal.browser() as browser:
        for path in PATHS:
            assert (await browser.get(path)).status_code == 404
        for path in (*PATHS, f"{HOME}/behalf"):
            answer = await browser.post(path, data={"customer": "101", "reason": "x", "form": ""})
            assert answer.status_code in (404, 405)


async def test_a_stranger_is_led_to_the_sign_in(portal: Portal, looks: Looks) -> None:
    async with portal.browser() as browser:
        answer = await browser.get(HOME)
        assert answer.headers["location"] == f"{HOME}/sign-in?next=%2Fmerchant%2Fcustomers"
        for path in (HOME, f"{HOME}/behalf"):
            answer = await browser.post(path, data={"customer": str(MARA), "reason": "x"})
            assert answer.headers["location"].startswith(f"{HOME}/sign-in?")
    assert await looks.latest(50) == []


@pytest.mark.parametrize(
    ("word", "who", "status"), [("wrong", "Noor", 403), (WORD, "  ", 422), (WORD, "Noor", 303)]
)
async def test_the_word_and_a_name_open_it(
    portal: Portal, looks: Looks, word: str, who: str, status: int
) -> None:
    async with portal.browser() as browser:
        answer = await sign_in(browser, word, who)
        assert answer.status_code == status
        assert ("doorstep-support" in answer.headers.get("set-cookie", "")) is (status == 303)
        if status == 303:
            assert "SameSite=Strict" in answer.headers["set-cookie"]
            assert "Noor" in (await browser.get(HOME)).text


async def test_a_customers_session_opens_nothing(portal: Portal, looks: Looks) -> None:
    cookie, _ = await portal.sessions.start(MARA, method="test")
    async with portal.browser() as browser:
        browser.cookies.set(portal.sessions.cookies.session, cookie)
        assert (await browser.get(HOME)).status_code == 303


# Looking


@pytest.mark.parametrize("named", [str(MARA), EMAILS[MARA], EMAILS[MARA].upper()])
async def test_a_look_leads_into_the_portal_and_changes_nothing(
    portal: Portal, looks: Looks, named: str
) -> None:
    async with helper(portal) as browser:
        answer = await look(browser, f" {named} ", "  ticket \n 12 ")
        assert answer.headers["location"] == "/"
        page = await browser.get("/orders/701/receipt")
        assert "Seen as merchant looking" in page.text
        assert "You look as the customer. Nothing can be changed." in page.text
        assert "Noor, until" in page.text
        principal = await portal.sessions.read(browser.cookies[portal.sessions.cookies.session])
        assert principal is not None
        assert (principal.customer_id, principal.acting) == (MARA, Acting.LOOKING)
        [row] = await looks.latest(50)
        assert (row.name, row.reason, row.customer_id) == ("Noor", "ticket 12", MARA)


async def test_nothing_is_shown_of_a_customer_before_it_is_recorded(
    portal: Portal, looks: Looks
) -> None:
    async with helper(portal) as browser:
        await look(browser, EMAILS[MARA])
        page = await browser.get(HOME)
        assert EMAILS[MARA] not in page.text
        assert "ticket 12" in page.text


@pytest.mark.parametrize(
    ("customer", "reason", "said"),
    [
        ("", "ticket 12", "neither an e-mail address nor"),
        ("0101", "ticket 12", "neither an e-mail address nor"),
        ("../101", "ticket 12", "neither an e-mail address nor"),
        (str(MARA), " \t ", "Please say why first"),
        ("999", "ticket 12", "We found no such customer"),
        ("nobody@example.com", "ticket 12", "We found no such customer"),
    ],
)
async def test_what_does_not_lead_to_a_customer_is_said(
    portal: Portal, looks: Looks, customer: str, reason: str, said: str
) -> None:
    async with helper(portal) as browser:
        answer = await look(browser, customer, reason)
        assert answer.status_code == 422
        assert said in answer.text
        assert f'value="{customer}"' in answer.text, "what was typed stays"
        assert portal.sessions.cookies.session not in browser.cookies
    assert await looks.latest(50) == []


@pytest.mark.parametrize("customer", [str(MARA), EMAILS[MARA]])
async def test_recharge_away_is_said(portal: Portal, looks: Looks, customer: str) -> None:
    async with helper(portal) as browser:
        page = await browser.get(HOME)
        portal.people.failure = ConnectFailed("no answer")
        answer = await press(browser, page, customer=customer, reason="ticket 12")
        assert answer.status_code == 503
        assert "Recharge does not answer" in answer.text


async def test_a_form_of_another_site_starts_no_look(portal: Portal, looks: Looks) -> None:
    async with helper(portal) as browser:
        data = {"customer": str(MARA), "reason": "x", "form": "0" * 64}
        assert (await browser.post(HOME, data=data)).status_code == 403
        assert (await browser.post(f"{HOME}/behalf", data=data)).status_code == 403
    assert await looks.latest(50) == []


async def test_too_many_looks_have_to_wait(portal: Portal, looks: Looks) -> None:
    for _ in range(120):
        await looks.refused_until()
    async with helper(portal) as browser:
        answer = await look(browser)
        assert answer.status_code == 429
        assert int(answer.headers["retry-after"]) > 0


# Within a look


@pytest.mark.parametrize("acting", [Acting.LOOKING, Acting.BEHALF])
async def test_what_is_for_the_customer_alone_stays_closed(
    portal: Portal, looks: Looks, acting: Acting
) -> None:
    async with helper(portal) as browser:
        await look(browser)
        if acting is Acting.BEHALF:
            await press(browser, await browser.get("/orders/701/receipt"))  # leaves
            await look(browser)
            await act(portal, browser)
        answer = await browser.get("/account/data.zip")
        assert answer.status_code == 403
        assert "This is for the customer alone" in answer.text


async def act(portal: Portal, browser: httpx.AsyncClient) -> httpx.Response:
    """Press the band's button."""
    from app.auth import form_token

    cookie = browser.cookies[portal.sessions.cookies.session]
    token = form_token(cookie, "sign-out")
    return await browser.post(f"{HOME}/behalf", data={"form": token})


async def test_leaving_ends_the_look_alone(portal: Portal, looks: Looks) -> None:
    own, _ = await portal.sessions.start(MARA, method="test")
    async with helper(portal) as browser:
        await look(browser)
        cookie = browser.cookies[portal.sessions.cookies.session]
        page = await browser.get("/orders/701/receipt")
        answer = await press(browser, page, everywhere="yes")
        assert answer.headers["location"] == f"{HOME}?why=over"
        assert await portal.sessions.read(cookie) is None
        assert await portal.sessions.read(own), "the customer stays signed in"
        assert "The look has ended." in (await browser.get(f"{HOME}?why=over")).text
        [row] = await looks.latest(50)
        assert row.ended_at == portal.clock()


async def test_acting_is_a_press_of_its_own(portal: Portal, looks: Looks) -> None:
    async with helper(portal) as browser:
        await look(browser)
        portal.clock.move(minutes=1)
        first = browser.cookies[portal.sessions.cookies.session]
        answer = await act(portal, browser)
        assert answer.headers["location"] == "/"
        assert await portal.sessions.read(first) is None
        page = await browser.get("/orders/701/receipt")
        assert "Seen as merchant<" in page.text
        assert "You act for the customer." in page.text
        behalf, _ = await looks.latest(50)
        assert behalf.acting is Acting.BEHALF


async def test_acting_needs_the_setting(portal: Portal) -> None:
    looks = with_looks(portal)
    async with helper(portal) as browser:
        await look(browser)
        assert (await act(portal, browser)).headers["location"] == "/"
        assert "Seen as merchant looking" in (await browser.get("/orders/701/receipt")).text
    assert [one.acting for one in await looks.latest(50)] == [Acting.LOOKING]


async def test_acting_needs_the_word_as_well(portal: Portal, looks: Looks) -> None:
    """Who has only the cookie of a look, such as one that was left open, cannot act."""
    async with helper(portal) as browser:
        await look(browser)
        browser.cookies.delete(portal.sessions.cookies.support)
        assert "/sign-in" in (await act(portal, browser)).headers["location"]
    assert [one.acting for one in await looks.latest(50)] == [Acting.LOOKING]


async def test_a_look_without_a_record_ends(portal: Portal, looks: Looks) -> None:
    cookie, _ = await portal.sessions.start(JONAS, method="merchant", acting=Acting.LOOKING)
    async with portal.browser() as browser:
        browser.cookies.set(portal.sessions.cookies.session, cookie)
        answer = await browser.get("/orders/701/receipt")
        assert answer.headers["location"] == "/sign-in"
    assert await portal.sessions.read(cookie) is None


async def test_pages_of_customers_have_no_band(portal: Portal, looks: Looks) -> None:
    cookie, _ = await portal.sessions.start(MARA, method="test")
    async with portal.browser() as browser:
        browser.cookies.set(portal.sessions.cookies.session, cookie)
        page = await browser.get("/orders/701/receipt")
        assert "Seen as customer" in page.text
        assert "ds-plain-band" not in page.text
