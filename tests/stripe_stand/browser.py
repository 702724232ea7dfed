"""Stripe's addresses in a browser, answered by the stand."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, Request, Route

from tests.stripe_stand.server import LocalStripe

PUBLIC_KEY = "pk_test_localstripe"
_HERE = Path(__file__).parent


def stand_in(page: Page, stripe: LocalStripe) -> list[Request]:
    """Answer Stripe's own addresses. The page, its script and its policy stay those of a real shop;
    the policy is enforced before anything is sent.

    Gives what is asked of Stripe, as it is asked.
    """
    asked: list[Request] = []

    def script(route: Route) -> None:
        asked.append(route.request)
        route.fulfill(path=_HERE / "stripe.js", content_type="text/javascript")

    def element(route: Route) -> None:
        asked.append(route.request)
        route.fulfill(path=_HERE / "element.html", content_type="text/html")

    def api(route: Route) -> None:
        asked.append(route.request)
        path = route.request.url.removeprefix("https://api.stripe.com")
        if path == "/js.stripe.com/v3/stripe.js":
            path = "/js.stripe.com/v3/"
        answer = stripe.api.request(
            route.request.method,
            path,
            content=route.request.post_data_buffer or b"",
            headers={"Authorization": ""},  # a browser has the public key alone
        )
        route.fulfill(
            status=answer.status_code,
            body=answer.content,
            content_type=answer.headers["content-type"],
            headers={"Access-Control-Allow-Origin": "*"},
        )

    page.route("https://js.stripe.com/**/stripe.js", script)
    page.route("https://js.stripe.com/stand/element.html", element)
    page.route("https://api.stripe.com/**", api)
    return asked
