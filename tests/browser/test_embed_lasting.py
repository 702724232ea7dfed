"""The portal in a frame without a cookie, over time: bearers end, and sessions end for others."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Playwright, Request, Route, WebSocket, expect

from app.auth import MOST_PER_CUSTOMER
from tests.browser.portal import in_words
from tests.browser.service import NewCustomer, Service
from tests.browser.shop_page import PATIENCE, ShopPage, shop_browser

HOURS = 3_600_000
"""Milliseconds."""


@pytest.fixture
def context(playwright: Playwright, service: Service, tmp_path: Path) -> Iterator[BrowserContext]:
    with shop_browser(playwright, tmp_path / "profile", service, "no cookie") as context:
        yield context


@pytest.fixture
def customer(service: Service) -> NewCustomer:
    return service.new_customer(subscriptions=1)


@pytest.fixture
def shop(context: BrowserContext, service: Service) -> ShopPage:
    return ShopPage(context.pages[0], service, "no cookie")


def another(shop: ShopPage, customer: NewCustomer) -> ShopPage:
    """One more tab, in which the portal has come up."""
    tab = ShopPage(shop.page.context.new_page(), shop.service, shop.mode).open(customer)
    expect(tab.skip_button()).to_be_visible(timeout=PATIENCE)
    return tab


def crowd_out(shop: ShopPage) -> None:
    """Begin as many sessions elsewhere as a customer may have."""
    for _ in range(MOST_PER_CUSTOMER):
        token = shop.page.evaluate(
            "async () => (await (await fetch('/portal-token', {method: 'POST'})).json()).token"
        )
        status = shop.frame.evaluate(
            """async token => (await fetch('/embed/session', {
                method: 'POST', headers: {'Content-Type': 'application/json'},
                body: JSON.stringify({token})
            })).status""",
            token,
        )
        assert status == 200


def tokens_asked(context: BrowserContext) -> list[Request]:
    asked: list[Request] = []
    context.on("request", lambda one: asked.append(one) if "/portal-token" in one.url else None)
    return asked


def test_more_tabs_than_sessions_do_not_end_each_other_for_ever(
    context: BrowserContext, shop: ShopPage, customer: NewCustomer
) -> None:
    asked = tokens_asked(context)
    shop.open(customer)
    expect(shop.skip_button()).to_be_visible(timeout=PATIENCE)
    tabs = [shop, *(another(shop, customer) for _ in range(MOST_PER_CUSTOMER))]

    shop.shows("You went on elsewhere")
    shop.was_told("failed")
    assert len(asked) == len(tabs)

    shop.portal.get_by_role("button", name="Go on here").click()
    expect(shop.skip_button()).to_be_visible(timeout=PATIENCE)
    tabs[1].shows("You went on elsewhere")
    for tab in (shop, *tabs[2:]):
        expect(tab.skip_button()).to_be_visible()
        tab.frame.wait_for_function("window.socket?.connected")
    assert len(asked) == len(tabs) + 1


def test_a_page_that_was_open_for_long_begins_anew_by_itself(
    context: BrowserContext, shop: ShopPage, customer: NewCustomer
) -> None:
    """As after a long pause: nobody is kept from what they look at."""
    shop.open(customer)
    expect(shop.skip_button()).to_be_visible(timeout=PATIENCE)
    shop.frame.evaluate("hours => { performance.now = () => hours; window.old = true }", HOURS)
    crowd_out(shop)
    shop.frame.wait_for_function("!window.old")
    expect(shop.skip_button()).to_be_visible(timeout=PATIENCE)


def test_a_page_that_nobody_looks_at_waits(
    context: BrowserContext, shop: ShopPage, customer: NewCustomer
) -> None:
    shop.open(customer)
    expect(shop.skip_button()).to_be_visible(timeout=PATIENCE)
    shop.page.add_init_script(
        "Object.defineProperty(document, 'visibilityState',"
        " {configurable: true, get: () => window.isSeen ? 'visible' : 'hidden'})"
    )
    shop.frame.evaluate("hours => { performance.now = () => hours }", HOURS)
    asked = tokens_asked(context)
    crowd_out(shop)
    waiting = shop.portal.get_by_role("status")
    expect(waiting).to_have_text("Your deliveries are on their way…", timeout=PATIENCE)
    assert len(asked) == MOST_PER_CUSTOMER
    shop.frame.evaluate(
        "window.isSeen = true; document.dispatchEvent(new Event('visibilitychange'))"
    )
    expect(shop.skip_button()).to_be_visible(timeout=PATIENCE)
    assert len(asked) == MOST_PER_CUSTOMER + 1


# ---- bearers ---------------------------------------------------------------------------------


def end_bearers(service: Service) -> None:
    """As if ten minutes had gone by for the bearers that there are. Their sessions go on."""
    assert service.log_file is not None
    file = service.log_file.parent / "var" / "doorstep.db"
    with sqlite3.connect(file, timeout=20) as connection:
        connection.execute("UPDATE embed_bearers SET expires_at = '2020-01-01 00:00:00.000000'")
    connection.close()


def greetings(shop: ShopPage) -> list[str]:
    """The bearers that the page's sockets show, as they come."""
    shown: list[str] = []

    def look(payload: str | bytes) -> None:
        if isinstance(payload, str) and payload.startswith("40{"):
            shown.append(json.loads(payload[2:])["bearer"])

    def watch(socket: WebSocket) -> None:
        socket.on("framesent", look)

    shop.page.on("websocket", watch)
    return shown


def is_renewal(url: str, body: str | None) -> bool:
    return "/embed/session" in url and '"bearer"' in (body or "")


def open_and_mark(shop: ShopPage, customer: NewCustomer) -> None:
    """Open the page, in such a way that it is seen whether it is loaded anew."""
    shop.open(customer)
    expect(shop.skip_button()).to_be_visible(timeout=PATIENCE)
    shop.frame.wait_for_function("window.socket?.connected")
    shop.frame.evaluate("window.isTheSame = true")
    assert shop.kept_by() == "bearer"


def skip(shop: ShopPage, customer: NewCustomer) -> None:
    shop.skip_button().click()
    shop.portal.get_by_role("dialog").locator("[data-key=confirm]").click()
    notice = shop.portal.locator("[data-component=notice-bar]")
    expect(notice).to_contain_text(in_words(customer.next_date), timeout=PATIENCE)
    assert shop.frame.evaluate("window.isTheSame") is True
    assert shop.service.executed("POST /charges/{id}/skip") == 1


def reconnect(shop: ShopPage, shown: list[str]) -> None:
    known = len(shown)
    shop.frame.evaluate("window.socket.io.engine.close()")
    shop.frame.wait_for_function("!window.socket.connected")
    shop.frame.wait_for_function("window.socket.connected")
    assert len(shown) > known


def test_a_page_outlives_its_bearers(shop: ShopPage, customer: NewCustomer) -> None:
    shown = greetings(shop)

    def short(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json={**answer.json(), "seconds": 5})

    shop.page.route("**/embed/session", short)
    open_and_mark(shop, customer)
    with shop.page.expect_response(
        lambda answer: is_renewal(answer.url, answer.request.post_data), timeout=PATIENCE
    ) as renewed:
        end_bearers(shop.service)
    document = renewed.value.json()
    assert document["kept"] is True, "it is the same session"
    shop.page.unroute("**/embed/session")

    reconnect(shop, shown)
    assert shown[-1] == document["bearer"] != shown[0]
    skip(shop, customer)


def test_a_device_that_slept_comes_back_to_the_same_page(
    shop: ShopPage, customer: NewCustomer
) -> None:
    """Its bearer is over, and its socket is gone, before its timers know."""
    shown = greetings(shop)
    open_and_mark(shop, customer)
    end_bearers(shop.service)
    shop.frame.evaluate("hours => { const now = Date.now; Date.now = () => now() + hours }", HOURS)
    reconnect(shop, shown)
    assert shown[-1] != shown[0]
    skip(shop, customer)


def test_a_page_that_is_seen_again_and_again_asks_once(
    context: BrowserContext, shop: ShopPage, customer: NewCustomer
) -> None:
    open_and_mark(shop, customer)
    asked = tokens_asked(context)
    shop.frame.evaluate("hours => { const now = Date.now; Date.now = () => now() + hours }", HOURS)
    with shop.page.expect_response(re.compile("/embed/session")):
        shop.frame.evaluate(
            "for (let each = 0; each < 3; each++)"
            " document.dispatchEvent(new Event('visibilitychange'))"
        )
    skip(shop, customer)
    assert len(asked) == 1
