"""How a frame gets its session beside a token of the shop's server: by Shopify, by a provider."""

from __future__ import annotations

import http.server
import json
import re
import threading
import time
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.auth.test_app_proxy import SECRET, SHOP, signed
from tests.browser.service import NewCustomer, Service, running_service
from tests.browser.shop_page import PATIENCE, ShopPage
from tests.oidc_mock import MockProvider, running_mock

THEME = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>The shop</title></head>
<body><h1>Your account</h1><ol id="events"></ol>
<script>
for (const name of ["ready", "signed-in", "signed-out", "failed"])
  document.addEventListener(`doorstep:${name}`, (event) => {
    const line = document.createElement("li");
    line.textContent = `${event.type} ${JSON.stringify(event.detail)}`;
    document.querySelector("#events").append(line);
  });
</script>
<script src="PORTAL/embed.js"
    data-token-url="/apps/portal/embed-code" data-token-method="GET"></script>
</body></html>"""
"""A page of a Shopify theme, with the script tag of docs/embedding.md."""


class Shopify:
    """A shop at Shopify: its page, and its app proxy, which passes on who is signed in.

    account: who is signed in to the shop; empty where nobody is
    refusal: what the proxy answers once in place of the portal's answer
    """

    def __init__(self) -> None:
        self.account, self.portal = "", ""
        self.refusal: tuple[int, str] | None = None
        self.answered: list[tuple[str, int]] = []
        shopify = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer(*shopify.answer("GET", self.path))

            def do_POST(self) -> None:
                self._answer(*shopify.answer("POST", self.path))

            def _answer(self, status: int, kind: str, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Nothing."""

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self.server.server_port}"

    def answer(self, method: str, path: str) -> tuple[int, str, bytes]:
        if not path.startswith("/apps/portal"):
            return 200, "text/html", THEME.replace("PORTAL", self.portal).encode()
        if self.refusal is not None:
            (status, reason), self.refusal = self.refusal, None
            self.answered.append((method, status))
            return status, "application/json", json.dumps({"reason": reason}).encode()
        # Signed as by Shopify, which counts whole seconds.
        query = signed(
            shop=SHOP,
            logged_in_customer_id=self.account,
            path_prefix="/apps/portal",
            timestamp=str(int(time.time())),
        ).decode()
        address = f"{self.portal}/shopify/proxy{path.removeprefix('/apps/portal')}?{query}"
        found = httpx.request(method, address, trust_env=False)
        self.answered.append((method, found.status_code))
        return found.status_code, found.headers["content-type"], found.content

    def asked(self) -> list[tuple[str, int]]:
        """What the proxy was asked since the last time, and what it answered."""
        found, self.answered = self.answered, []
        return found


@pytest.fixture(scope="module")
def mock() -> Iterator[MockProvider]:
    with running_mock() as found:
        yield found


@pytest.fixture(scope="module")
def shopify() -> Iterator[Shopify]:
    shopify = Shopify()
    thread = threading.Thread(target=shopify.server.serve_forever)
    thread.start()
    yield shopify
    shopify.server.shutdown()
    thread.join()
    shopify.server.server_close()


@pytest.fixture(scope="module")
def service(
    mock: MockProvider, shopify: Shopify, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    ways = {
        "DOORSTEP_EMBED_ORIGINS": shopify.origin,
        "DOORSTEP_OIDC": json.dumps({"harbor": mock.settings()}),
        "DOORSTEP_SHOPIFY_SHOP": SHOP,
        "DOORSTEP_SHOPIFY_SECRET": SECRET,
    }
    with running_service(tmp_path_factory.mktemp("ways"), **ways) as found:
        shopify.portal = found.address
        yield found


@pytest.fixture
def shop(page: Page, service: Service) -> ShopPage:
    # The mock's page wants a style sheet from elsewhere.
    page.context.route("https://**", lambda route: route.abort())
    return ShopPage(page, service, "partitioned")


@pytest.fixture
def customer(service: Service, shopify: Shopify) -> NewCustomer:
    """Who is signed in to the shop."""
    made = service.new_customer(subscriptions=1)
    shopify.account = str(7_000_000 + made.id)
    account = {"external_customer_id": {"ecommerce": shopify.account}}
    service.sandbox.put(f"/customers/{made.id}", json=account).raise_for_status()
    return made


def test_a_theme_needs_one_tag(shop: ShopPage, shopify: Shopify, customer: NewCustomer) -> None:
    shop.page.goto(shopify.origin)
    expect(shop.skip_button()).to_be_visible(timeout=PATIENCE)
    shop.was_told("signed-in")
    assert shopify.asked() == [("GET", 200)]


def test_two_pages_of_one_second_both_come_up(
    shop: ShopPage, shopify: Shopify, customer: NewCustomer
) -> None:
    """Shopify signs both alike, and what is signed works once."""
    shopify.refusal = (409, "used")
    shop.page.goto(shopify.origin)
    expect(shop.skip_button()).to_be_visible(timeout=PATIENCE)
    assert shopify.asked() == [("GET", 409), ("GET", 200)]


@pytest.mark.parametrize(("account", "status"), [("", 401), ("7999999", 403)])
def test_who_is_no_customer_may_sign_in_by_mail(
    shop: ShopPage, shopify: Shopify, account: str, status: int
) -> None:
    shopify.account = account
    shop.page.goto(shopify.origin)
    shop.shows("See your deliveries")
    shop.was_told("signed-out")
    assert shopify.asked() == [("GET", status)]


def test_a_refusal_of_the_proxy_is_no_sign_out(
    shop: ShopPage, shopify: Shopify, customer: NewCustomer
) -> None:
    shopify.refusal = (400, "late")
    shop.page.goto(shopify.origin)
    shop.shows("Your deliveries cannot be shown here")
    shop.was_told("failed")
    shop.portal.get_by_role("button", name="Try again").click()
    expect(shop.skip_button()).to_be_visible(timeout=PATIENCE)
    assert shopify.asked() == [("GET", 400), ("GET", 200)]


def test_an_identity_provider_opens_outside_of_the_frame(
    shop: ShopPage, mock: MockProvider, customer: NewCustomer
) -> None:
    """Through five pages and redirects, of which each keeps hold of the frame that waits."""
    mock.know(f"account-{customer.id}", email=customer.email, email_verified=True)
    shop.open(None, "/?vouches=no")
    with shop.page.expect_popup() as opened:
        shop.portal.get_by_role("button", name="Sign in").click()
    window = opened.value
    window.get_by_role("button", name="Sign in with Harbor ID").click()
    expect(window).to_have_url(re.compile(rf"{re.escape(mock.issuer)}/oauth2/authorize\?.*"))
    window.get_by_placeholder("sub").fill(f"account-{customer.id}")
    with window.expect_event("close"):
        window.get_by_role("button", name="Authorize").click()
    expect(shop.skip_button()).to_be_visible(timeout=PATIENCE)
    shop.was_told("signed-in")
