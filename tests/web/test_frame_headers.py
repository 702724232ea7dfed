"""Who may show an answer in a frame: exactly the shop's pages, and exactly what is for them."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.auth import PROVIDER_PATH
from app.auth.access import ACCESS
from app.web import SecurityHeaders
from tests.auth.world import make_settings
from tests.web.conftest import make_portal

SHOP = "https://shop.example,https://www.shop.example"
LISTED = sorted({(entry.path, entry.framed) for entry in ACCESS})
FRAMED = ["/", "/embed", "/{path:path}"]


async def policies(path: str, origins: str = SHOP, **brought: str) -> httpx.Headers:
    """The headers of an answer that brings some itself."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name.replace("_", "-"): value for name, value in brought.items()}
        await Response("x", headers=headers)(scope, receive, send)

    application = SecurityHeaders(
        answer, make_settings(embed_origins=origins), unguarded=("/sandbox/", "/demo")
    )
    client = httpx.AsyncClient(
        transport=httpx.ASGITransport(application), base_url="http://localhost:8080"
    )
    async with client:
        return (await client.get(path)).headers


def ancestors(headers: httpx.Headers) -> list[str]:
    """Who may show it, by the policy; the older header must not say otherwise."""
    (rule,) = re.findall(r"(?:^|; )frame-ancestors ([^;]+)", headers["content-security-policy"])
    assert ("x-frame-options" in headers) == (rule == "'none'")
    return str(rule).split(" ")


def filled(template: str) -> str:
    return re.sub(r"\{\w+(:\w+)?\}", "1", template)


def test_few_addresses_are_for_frames() -> None:
    assert sorted({entry.path for entry in ACCESS if entry.framed}) == FRAMED


@pytest.mark.parametrize(("template", "framed"), LISTED)
async def test_each_address_says_who_may_show_it(template: str, framed: bool) -> None:
    expected = ["https://shop.example", "https://www.shop.example"] if framed else ["'none'"]
    assert ancestors(await policies(filled(template))) == expected


@pytest.mark.parametrize("template", [template for template, _ in LISTED])
async def test_without_origins_nobody_may(template: str) -> None:
    assert ancestors(await policies(filled(template), origins="")) == ["'none'"]


@pytest.mark.parametrize(
    "path", ["/sandbox/", "/demo/sign-in/101", "/sign-in/a/b/c", "/merchant/x", "/_nicegui_ws/x"]
)
async def test_what_is_no_page_of_the_customer_is_shown_nowhere(path: str) -> None:
    assert ancestors(await policies(path)) == ["'none'"]


async def test_an_answer_cannot_say_otherwise() -> None:
    brought = "default-src 'none'; frame-ancestors *; base-uri 'none'"
    headers = await policies("/sign-out", content_security_policy=brought, x_frame_options="ALLOW")
    assert ancestors(headers) == ["'none'"]
    assert headers["x-frame-options"] == "DENY"
    assert "base-uri 'none'" in headers["content-security-policy"]
    headers = await policies("/schedule", x_nicegui_content="page", x_frame_options="DENY")
    assert ancestors(headers) == ["https://shop.example", "https://www.shop.example"]
    assert "unsafe-eval" in headers["content-security-policy"]


async def test_only_what_a_frame_opens_keeps_its_opener() -> None:
    """A sign-in in a window of its own hands its code back to the frame that opened it."""
    opened = {
        path: (await policies(path))["cross-origin-opener-policy"]
        for path in ("/sign-in", "/sign-in/sent", "/sign-in/with/harbor/back", "/embed/back",
                     "/", "/embed", "/sign-out", "/account", "/sign-in-not")
    }  # fmt: skip
    assert [path for path, policy in opened.items() if policy == "unsafe-none"] == [
        "/sign-in", "/sign-in/sent", "/sign-in/with/harbor/back", "/embed/back"
    ]  # fmt: skip
    closed = await policies("/sign-in", origins="")
    assert closed["cross-origin-opener-policy"] == "same-origin"


SIGN_IN = sorted({entry.path for entry in ACCESS if entry.path.startswith("/sign-in")})


@pytest.mark.parametrize("template", SIGN_IN)
async def test_every_step_of_a_sign_in_keeps_its_opener(template: str) -> None:
    """One answer on the way that lets go of it, a redirect too, and the frame hears nothing."""
    found = await policies(filled(template))
    assert found["cross-origin-opener-policy"] == "unsafe-none"


def test_a_provider_leads_through_the_sign_in() -> None:
    led = {path for path in SIGN_IN if path.startswith(PROVIDER_PATH)}
    assert led == {PROVIDER_PATH, f"{PROVIDER_PATH}/back"}


async def test_what_is_for_the_shops_page_says_so() -> None:
    headers = await policies("/embed.js", cross_origin_resource_policy="cross-origin")
    assert headers["cross-origin-resource-policy"] == "cross-origin"
    assert (await policies("/plain.css"))["cross-origin-resource-policy"] == "same-origin"


async def test_a_failure_is_shown_where_the_page_would_be(tmp_path: Path) -> None:
    """A frame that shows nothing tells the customer nothing."""
    portal = await make_portal(tmp_path, embed_origins="https://shop.example")
    cookie, _ = await portal.sessions.start(101, method="link")
    browser = portal.browser(Cookie=f"doorstep={cookie}")

    failed = await browser.get("/broken")
    assert failed.status_code == 500
    assert ancestors(failed.headers) == ["https://shop.example"]
    assert ancestors((await browser.get("/sign-out")).headers) == ["'none'"]
    await portal.close()


OPENED = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Site": "cross-site"}


async def test_a_frame_without_a_session_is_led_to_the_embed_door(tmp_path: Path) -> None:
    """The sign-in page is shown in no frame."""
    portal = await make_portal(tmp_path, embed_origins="https://shop.example")
    browser = portal.browser(**OPENED)

    async def led(path: str, place: str) -> str:
        answer = await browser.get(path, headers={"Sec-Fetch-Dest": place})
        assert answer.status_code == 303
        return answer.headers["location"]

    assert await led("/", "iframe") == "/embed"
    assert await led("/orders?status=paid", "iframe") == "/embed?next=%2Forders%3Fstatus%3Dpaid"
    assert await led("/orders", "document") == "/sign-in?next=%2Forders"
    assert await led("/payment-methods/add", "iframe") == "/sign-in?next=%2Fpayment-methods%2Fadd"
    over = {"Cookie": "doorstep-embed=" + "A" * 43}
    assert (await browser.get("/", headers={**over, "Sec-Fetch-Dest": "iframe"})).headers[
        "location"
    ] == "/embed"
    await portal.close()


async def test_where_nothing_is_embedded_a_frame_is_no_special_place(tmp_path: Path) -> None:
    portal = await make_portal(tmp_path)
    answer = await portal.browser(**OPENED).get("/orders", headers={"Sec-Fetch-Dest": "iframe"})
    assert answer.headers["location"] == "/sign-in?next=%2Forders"
    await portal.close()
