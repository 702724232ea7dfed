"""Signing in at providers that no one here wrote, as a browser goes through it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from app.auth import Limit, ProviderSignIns, oidc
from app.clock import utc_now
from app.web import PLAIN_POLICY, ProviderRoutes
from tests.auth.world import EMAILS, JONAS, MARA
from tests.oidc_mock import MockProvider, running_mock
from tests.web import reading
from tests.web.conftest import Portal, make_portal

ANOTHER_SITE = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "document"}


@pytest.fixture(scope="module")
def harbor() -> Iterator[MockProvider]:
    with running_mock() as found:
        found.know("mara", email=EMAILS[MARA], email_verified=True)
        found.know("jonas", email=EMAILS[JONAS], email_verified=True)
        found.know("unsure", email=EMAILS[MARA], email_verified=False)
        found.know("silent", email=EMAILS[MARA])
        found.know("nobody", email="nobody@example.com", email_verified=True)
        yield found


@pytest.fixture(scope="module")
def island() -> Iterator[MockProvider]:
    with running_mock() as found:
        found.know("7002", shop_account="7002")
        found.know("stranger", shop_account="7999")
        yield found


async def with_providers(folder: Path, **oidc: Any) -> Portal:
    """A portal whose providers keep real time, as the mock does."""
    portal = await make_portal(folder, oidc=oidc)
    settings = portal.front._settings
    sign_ins = ProviderSignIns(portal.database, settings, portal.sessions, portal.people, utc_now)
    routes = ProviderRoutes(
        portal.front.pages, portal.front.errors, portal.sessions, sign_ins, portal.clock
    )
    portal.application.router.routes[:0] = routes.routes()
    portal.front.sign_in.providers = routes.buttons
    portal.front.sign_in.notices = routes.notices
    return portal


@pytest.fixture
async def portal(
    tmp_path: Path, harbor: MockProvider, island: MockProvider
) -> AsyncIterator[Portal]:
    portal = await with_providers(
        tmp_path,
        harbor=harbor.settings(),
        island=island.settings("Island & Sons", customer_claim="shop_account"),
    )
    yield portal
    await portal.close()


async def press(browser: httpx.AsyncClient, name: str, next: str = "") -> httpx.Response:
    """Press a provider's button on the sign-in page."""
    page = await browser.get("/sign-in", params={"next": next} if next else {})
    return await reading.press(browser, page, f"/sign-in/with/{name}")


def led_to(answer: httpx.Response) -> str:
    """Where a page leads by itself."""
    seconds, _, address = answer.headers["refresh"].partition("; url=")
    assert seconds == "0"
    return address


async def come_back(browser: httpx.AsyncClient, address: str) -> httpx.Response:
    """The provider sends the browser back: from another site, as a page."""
    return await browser.get(address, headers=ANOTHER_SITE)


async def told(browser: httpx.AsyncClient, answer: httpx.Response) -> str:
    """What the sign-in page says to who was sent back there."""
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?")
    page = await browser.get(answer.headers["location"])
    assert page.status_code == 200
    assert "email" in page.text, "the other ways in are there"
    return page.text.partition('role="status">')[2].partition("</p>")[0]


async def test_a_customer_signs_in_and_gets_where_they_wanted(
    portal: Portal, harbor: MockProvider
) -> None:
    browser = portal.browser()
    answer = await press(browser, "harbor", "/schedule")
    assert answer.status_code == 200
    assert answer.headers["content-security-policy"] == PLAIN_POLICY
    assert answer.headers["cache-control"] == "no-store"
    assert "You are going on to Harbor ID." in answer.text
    address = led_to(answer)
    assert address.startswith(f"{harbor.issuer}/oauth2/authorize?")

    done = await come_back(browser, harbor.press(address, "mara"))

    assert done.status_code == 303
    assert done.headers["location"] == "/schedule"
    assert (await browser.get("/schedule")).text == f"customer {MARA}"


async def test_several_providers_stand_side_by_side(
    portal: Portal, harbor: MockProvider, island: MockProvider
) -> None:
    page = await portal.browser().get("/sign-in")
    assert "Sign in with Harbor ID" in page.text
    assert "Sign in with Island &amp; Sons" in page.text
    for provider, name, subject, customer_id in (
        (harbor, "harbor", "jonas", JONAS),
        (island, "island", "7002", JONAS),
        (harbor, "harbor", "mara", MARA),
    ):
        browser = portal.browser()
        address = led_to(await press(browser, name))
        assert (await come_back(browser, provider.press(address, subject))).status_code == 303
        assert (await browser.get("/")).text == f"customer {customer_id}"


@pytest.mark.parametrize(
    ("name", "subject", "words"),
    [
        ("harbor", "unsure", "Harbor ID does not vouch for your e-mail address"),
        ("harbor", "silent", "Harbor ID does not vouch for your e-mail address"),
        ("harbor", "nobody", "belongs to no customer of this shop"),
        ("harbor", "who@is.this", "Harbor ID does not vouch for your e-mail address"),
        ("island", "stranger", "Your account at Island &amp; Sons belongs to no customer"),
    ],
)
async def test_who_is_not_signed_in_is_told_why(
    portal: Portal,
    harbor: MockProvider,
    island: MockProvider,
    name: str,
    subject: str,
    words: str,
) -> None:
    browser = portal.browser()
    address = led_to(await press(browser, name, "/orders"))
    provider = harbor if name == "harbor" else island
    answer = await come_back(browser, provider.press(address, subject))
    assert parse_qs(urlsplit(answer.headers["location"]).query)["next"] == ["/orders"]
    sentence = await told(browser, answer)
    assert words in sentence
    assert "Nothing was changed." in sentence
    assert "doorstep" not in browser.cookies


async def test_another_account_with_the_same_address_is_told_so(
    portal: Portal, harbor: MockProvider
) -> None:
    harbor.know("mara again", email=EMAILS[MARA], email_verified=True)
    browser = portal.browser()
    address = led_to(await press(browser, "harbor"))
    assert (await come_back(browser, harbor.press(address, "mara"))).headers["location"] == "/"
    stranger = portal.browser()
    address = led_to(await press(stranger, "harbor"))
    answer = await come_back(stranger, harbor.press(address, "mara again"))
    assert "another account at Harbor ID" in await told(stranger, answer)


async def test_who_says_no_there_finds_the_other_ways(portal: Portal, harbor: MockProvider) -> None:
    browser = portal.browser()
    address = led_to(await press(browser, "harbor", "/schedule"))
    state = parse_qs(urlsplit(address).query)["state"][0]
    back = harbor.press(address, action="deny")
    # The mock forgets the state, which RFC 6749, 4.1.2.1 demands.
    answer = await come_back(browser, f"{back}&state={state}")
    assert "You did not finish signing in with Harbor ID" in await told(browser, answer)


async def test_an_answer_is_worth_nothing_in_another_browser_or_twice(
    portal: Portal, harbor: MockProvider
) -> None:
    browser, stranger = portal.browser(), portal.browser()
    back = harbor.press(led_to(await press(browser, "harbor")), "mara")
    await press(stranger, "harbor")
    for other in (stranger, portal.browser()):
        assert "another browser" in await told(other, await come_back(other, back))
        assert (await other.get("/")).status_code == 303
    assert (await come_back(browser, back)).headers["location"] == "/"
    # Opened once more, as by a reload, it starts no second session.
    again = await come_back(browser, back)
    assert again.headers["location"] == "/"
    assert "set-cookie" not in again.headers


@pytest.mark.parametrize(
    "more", ["&code=other", "&state=other", "&iss=http%3A%2F%2F127.0.0.1%3A1", "&iss=a&iss=b"]
)
async def test_what_stands_there_twice_or_of_another_counts_for_nothing(
    portal: Portal, harbor: MockProvider, more: str
) -> None:
    browser = portal.browser()
    back = harbor.press(led_to(await press(browser, "harbor")), "mara")
    answer = await come_back(browser, back + more)
    assert "Nothing was changed." in await told(browser, answer)
    assert "doorstep" not in browser.cookies


async def test_an_answer_at_another_providers_door_is_none(
    portal: Portal, harbor: MockProvider
) -> None:
    browser = portal.browser()
    back = harbor.press(led_to(await press(browser, "harbor")), "mara")
    answer = await come_back(browser, back.replace("/with/harbor/", "/with/island/"))
    assert "Island &amp; Sons was stopped there, took too long" in await told(browser, answer)


async def test_only_a_page_of_its_own_signs_in(portal: Portal, harbor: MockProvider) -> None:
    browser = portal.browser()
    back = harbor.press(led_to(await press(browser, "harbor")), "mara")
    assert (await browser.head(back)).status_code == 400
    for headers in (
        {"Sec-Fetch-Dest": "iframe"},
        {"Sec-Fetch-Dest": "image"},
        {"Sec-Purpose": "prefetch"},
    ):
        assert (await browser.get(back, headers=headers)).status_code == 400
    assert (await come_back(browser, back)).headers["location"] == "/"


async def test_only_a_press_on_our_page_begins(portal: Portal) -> None:
    """Nobody is signed in unseen, by another site or by a link (ASVS 5.0, 7.6.2)."""
    browser = portal.browser()
    address = "/sign-in/with/harbor"
    assert (await browser.get(address)).headers["location"] == "/sign-in"
    _, fields = reading.form(await browser.get("/sign-in"), address)
    answer = await browser.post(address, data=fields, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    for form in ({}, {"form": "x" * 64}, {"form": fields["form"], "next": "/schedule", "x": "é"}):
        answer = await portal.browser().post(address, data=form)
        assert "once more" in await told(browser, answer)
    assert (await browser.post("/sign-in/with/nobody", data=fields)).status_code == 404
    assert (await browser.get("/sign-in/with/nobody/back?code=x&state=y")).status_code == 404


@pytest.mark.parametrize("next", ["https://evil.example", "//evil.example", "/sign-in", "/\\x"])
async def test_where_to_go_on_to_is_a_place_of_ours(
    portal: Portal, harbor: MockProvider, next: str
) -> None:
    browser = portal.browser()
    page = await browser.get("/sign-in")
    address = led_to(await reading.press(browser, page, "/sign-in/with/harbor", next=next))
    answer = await come_back(browser, harbor.press(address, "mara"))
    assert answer.headers["location"] == "/"


async def test_a_provider_that_is_not_there_leaves_the_other_ways_open(
    tmp_path: Path, harbor: MockProvider
) -> None:
    nowhere = harbor.settings("Nowhere", issuer="http://127.0.0.1:9")
    wrong = harbor.settings("Wrong", issuer=f"{harbor.issuer.replace('127.0.0.1', 'localhost')}/")
    portal = await with_providers(tmp_path, nowhere=nowhere, wrong=wrong, harbor=harbor.settings())
    browser = portal.browser()
    assert "Nowhere does not answer" in await told(browser, await press(browser, "nowhere"))
    assert "could not check what Wrong" in await told(browser, await press(browser, "wrong"))
    address = led_to(await press(browser, "harbor"))
    assert (await come_back(browser, harbor.press(address, "mara"))).headers["location"] == "/"
    await portal.close()


async def test_a_network_that_begins_too_many_is_told_so(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    two = Limit("providers per network, hour", 2, timedelta(hours=1))
    monkeypatch.setattr(oidc, "PROVIDERS_PER_NETWORK", (two,))
    browser = portal.browser()
    for _ in range(2):
        assert led_to(await press(browser, "harbor"))
    assert "Too many people" in await told(browser, await press(browser, "harbor"))
    elsewhere = portal.browser("203.0.113.8")
    assert led_to(await press(elsewhere, "harbor"))


async def test_without_providers_the_page_offers_none(tmp_path: Path) -> None:
    portal = await with_providers(tmp_path)
    page = await portal.browser().get("/sign-in?why=harbor.denied")
    assert "/sign-in/with/" not in page.text
    assert 'role="status"' not in page.text
    assert (await portal.browser().get("/sign-in/with/harbor")).status_code == 404
    await portal.close()
