"""What crosses the border of the frame, and what does not."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect

from tests.browser.service import Service
from tests.browser.shop_page import ShopPage

PAGE = "<!doctype html><title>A page of somebody else's</title><h1>Not the shop</h1>"


class _Stranger(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(PAGE.encode())

    def log_message(self, *_: object) -> None:
        """Nothing: the tests look at what the browser says."""


@pytest.fixture
def stranger() -> Iterator[str]:
    """The origin of a site that the shop knows nothing of."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Stranger)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def shop(page: Page, service: Service) -> ShopPage:
    return ShopPage(page, service, "partitioned")


def _frame(page: Page, address: str) -> None:
    page.evaluate(
        """address => new Promise(resolve => {
            const frame = document.createElement("iframe")
            frame.onload = resolve
            frame.src = address
            document.body.append(frame)
        })""",
        address,
    )


@pytest.mark.parametrize("path", ["/", "/embed?next=/", "/sign-in", "/embed/back", "/arrive"])
def test_a_stranger_can_show_the_portal_in_no_frame(
    page: Page, service: Service, stranger: str, path: str
) -> None:
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.goto(service.sign_in_link(101))
    page.goto(stranger)
    _frame(page, f"{service.address}{path}")
    [frame] = page.main_frame.child_frames
    assert frame.url.startswith("chrome-error:")
    assert any("frame-ancestors" in text for text in told), told


@pytest.mark.parametrize("path", ["/sign-out", "/embed/back", "/cancel", "/merchant/sign-in"])
def test_a_page_that_is_no_part_of_the_portal_can_be_framed_by_nobody(
    shop: ShopPage, path: str
) -> None:
    shop.open(101)
    shop.skip_button().wait_for()
    with shop.page.expect_console_message(_is_about_frames):
        shop.page.evaluate(
            "address => void (document.querySelector('iframe').src = address)",
            f"{shop.service.address}{path}",
        )


def _is_about_frames(message: ConsoleMessage) -> bool:
    return "frame-ancestors" in message.text


FORGED = (
    {"doorstep": "height", "height": 4000},
    {"doorstep": "at", "path": "/orders"},
    {"doorstep": "event", "name": "skipped", "detail": {}},
    {"doorstep": "token"},
)


def test_the_shops_page_hears_its_own_frame_only(shop: ShopPage, stranger: str) -> None:
    """Neither the page itself nor a window that has opened it is taken for the portal."""
    shop.open(shop.service.new_customer(subscriptions=1))
    other = shop.page.context.new_page()
    other.goto(stranger)
    with other.expect_popup() as opened:
        other.evaluate("address => void (window.shop = window.open(address))", shop.page.url)
    seen = ShopPage(opened.value, shop.service, shop.mode)
    seen.skip_button().wait_for()
    height = seen.frame.evaluate("innerHeight")
    asked: list[str] = []
    seen.page.on("request", lambda request: asked.append(request.url))
    for message in FORGED:
        other.evaluate("message => window.shop.postMessage(message, '*')", message)
        seen.page.evaluate("message => window.postMessage(message, '*')", message)
    seen.page.evaluate("new Promise(resolve => setTimeout(resolve))")  # all have been delivered
    assert seen.frame.evaluate("innerHeight") == height
    assert not seen.page.url.endswith("#/orders")
    expect(seen.page.locator("#events")).not_to_contain_text("skipped")
    assert [url for url in asked if "portal-token" in url] == []


WRONG = (
    {"doorstep": "height", "height": "4000px"},
    {"doorstep": "height", "height": 10**9},
    {"doorstep": "at", "path": "//elsewhere.example"},
    {"doorstep": "at", "path": "javascript:alert(1)"},
    {"doorstep": "at", "path": "/\\elsewhere.example"},
    {"doorstep": "event", "name": "Not A Name", "detail": {}},
    {"doorstep": "event", "name": "skipped", "detail": None},
    {"doorstep": "constructor"},
    {"doorstep": "toString"},
    "height",
    None,
)


def test_what_has_another_form_is_not_heard(shop: ShopPage) -> None:
    shop.open(shop.service.new_customer(subscriptions=1))
    shop.skip_button().wait_for()
    errors: list[str] = []
    shop.page.on("pageerror", lambda error: errors.append(str(error)))
    before = shop.page.evaluate("[document.querySelector('iframe').style.height, location.href]")
    told = shop.page.locator("#events li")
    count = told.count()
    for message in WRONG:
        shop.frame.evaluate("message => parent.postMessage(message, '*')", message)
    # What comes last has the right form: so all before it has been looked at.
    last = {"doorstep": "event", "name": "changed", "detail": {"action": "last"}}
    shop.frame.evaluate("message => parent.postMessage(message, '*')", last)
    shop.was_told("changed")
    expect(told).to_have_count(count + 1)
    after = shop.page.evaluate("[document.querySelector('iframe').style.height, location.href]")
    assert after == before
    assert errors == []


def test_the_frame_hears_the_shops_page_only(shop: ShopPage) -> None:
    shop.open(shop.service.new_customer(subscriptions=1))
    shop.skip_button().wait_for()
    # From within the frame itself, at the portal's own origin, and of a wrong form from the shop.
    shop.frame.evaluate("postMessage({doorstep: 'go', path: '/orders'}, '*')")
    for path in ("//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example", 7):
        message = {"doorstep": "go", "path": path}
        shop.page.evaluate(
            "message => document.querySelector('iframe').contentWindow.postMessage(message, '*')",
            message,
        )
    right = {"doorstep": "go", "path": "/schedule"}
    shop.page.evaluate(
        "message => document.querySelector('iframe').contentWindow.postMessage(message, '*')", right
    )
    shop.shows("Schedule")
    assert shop.frame.url == f"{shop.service.address}/schedule"
    shop.was_told("view")
    expect(shop.page.locator("#events")).not_to_contain_text("/orders")


def test_a_token_that_was_used_is_asked_for_anew(shop: ShopPage) -> None:
    customer = shop.service.new_customer(subscriptions=1)
    shop.open(customer)
    shop.skip_button().wait_for()
    used = shop.page.evaluate(
        """async () => {
            const {token} = await (await fetch('/portal-token', {method: 'POST'})).json()
            return token
        }"""
    )
    answer = shop.frame.evaluate(
        """async token => (await fetch('/embed/session', {
            method: 'POST', headers: {'Content-Type': 'application/json'},
            body: JSON.stringify({token})
        })).status""",
        used,
    )
    assert answer == 200
    times: list[str] = []

    def once_the_used_one(route: object) -> None:
        times.append("asked")
        if len(times) == 1:
            route.fulfill(json={"token": used})  # type: ignore[attr-defined]
        else:
            route.continue_()  # type: ignore[attr-defined]

    shop.page.route("**/portal-token", once_the_used_one)
    shop.page.reload()
    expect(shop.skip_button()).to_be_visible()
    assert len(times) == 2


def test_where_the_shop_cannot_vouch_there_is_another_try_and_a_tab(shop: ShopPage) -> None:
    shop.page.route("**/portal-token", lambda route: route.fulfill(status=500))
    shop.open(101)
    shop.shows("Your deliveries cannot be shown here")
    link = shop.portal.get_by_role("link", name="Open in a new tab")
    expect(link).to_have_attribute("href", "/")
    shop.was_told("failed")
    shop.page.unroute("**/portal-token")
    shop.portal.get_by_role("button", name="Try again").click()
    expect(shop.skip_button()).to_be_visible()
