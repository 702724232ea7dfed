"""From the shop through Shopify's proxy into the portal: signed in, or to the sign-in page."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from html import unescape
from pathlib import Path

import httpx
import pytest
from structlog.testing import capture_logs

from app.auth import AppProxy, HandOffs, SingleUse
from app.recharge import ConnectFailed
from app.web import AppProxyRoutes, Arrival
from tests.auth.test_app_proxy import SECRET, SHOP, signed
from tests.auth.world import MARA
from tests.web.conftest import Portal, make_portal
from tests.web.reading import press, tags

OPENED = {
    "Sec-Fetch-Site": "cross-site",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Dest": "document",
}


def with_proxy(portal: Portal, *, is_set: bool = True) -> Portal:
    """Give the portal its way in through Shopify."""
    hand_offs = HandOffs(portal.database, portal.sessions, portal.clock)
    proxy = AppProxy(SHOP, SECRET, SingleUse(portal.database, portal.clock), portal.clock)
    portal.application.router.routes[:0] = [
        *AppProxyRoutes(
            portal.front.pages,
            portal.front.errors,
            proxy if is_set else None,
            hand_offs,
            portal.people,
            portal.origin,
        ).routes(),
        *Arrival(portal.front.pages, portal.sessions, hand_offs).routes(),
    ]
    return portal


@pytest.fixture
async def portal(tmp_path: Path) -> AsyncIterator[Portal]:
    portal = with_proxy(await make_portal(tmp_path))
    yield portal
    await portal.close()


@pytest.fixture
async def shopify(portal: Portal) -> AsyncIterator[httpx.AsyncClient]:
    """It brings neither a cookie nor a word about where a request comes from."""
    async with portal.browser("198.51.100.30") as client:
        del client.headers["Sec-Fetch-Site"]
        yield client


def query(portal: Portal, account: str = "7001", **more: str) -> str:
    given = {
        "shop": SHOP,
        "logged_in_customer_id": account,
        "path_prefix": "/apps/portal",
        "timestamp": str(int(portal.clock().timestamp())),
        **more,
    }
    return signed(**given).decode()


def goes_to(answer: httpx.Response) -> str:
    """Where the page leads on to by itself."""
    assert answer.headers["content-type"].startswith("text/html")
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]*)"', answer.text)
    assert found is not None, answer.text
    assert f'href="{found[1]}"' in answer.text, "and a link, where it does not"
    return unescape(found[1])


async def test_who_is_signed_in_at_the_shop_is_signed_in_here(
    portal: Portal, shopify: httpx.AsyncClient
) -> None:
    answer = await shopify.get(f"/shopify/proxy/subscriptions/301?{query(portal)}")
    assert answer.status_code == 200, "a redirect would be followed by Shopify itself"
    assert "set-cookie" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"
    link = goes_to(answer)
    assert link.startswith(f"{portal.origin}/arrive?code=")
    async with portal.browser(**OPENED) as browser:
        asked = await browser.get(link)
        browser.headers["Sec-Fetch-Site"] = "same-origin"
        arrived = await press(browser, asked)
        assert arrived.headers["location"] == "/subscriptions/301"
        page = await browser.get(arrived.headers["location"])
        assert page.text == f"customer {MARA}"
        cookie = browser.cookies[portal.sessions.cookies.session]
        principal = await portal.sessions.read(cookie)
        assert principal is not None
        assert (principal.method, principal.level.name) == ("shop", "CODE")
    async with portal.browser(**OPENED) as thief:
        assert "why=portal" in (await thief.get(link)).headers["location"]


async def test_the_page_needs_nothing_from_us(portal: Portal, shopify: httpx.AsyncClient) -> None:
    """It is shown at the shop's address, where our style sheet is not."""
    answer = await shopify.get(f"/shopify/proxy?{query(portal)}")
    assert not {"script", "link", "img", "iframe", "form"} & set(tags(answer))
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'; style-src 'sha256-" in policy
    assert "frame-ancestors 'none'" in policy


async def test_who_is_signed_in_nowhere_is_asked_to(
    portal: Portal, shopify: httpx.AsyncClient
) -> None:
    answer = await shopify.get(f"/shopify/proxy/schedule?{query(portal, '')}")
    assert goes_to(answer) == f"{portal.origin}/sign-in?next=%2Fschedule"
    answer = await shopify.get(f"/shopify/proxy?{query(portal, '')}")
    assert goes_to(answer) == f"{portal.origin}/sign-in"


async def test_an_address_with_more_in_it_signs_nobody_in(
    portal: Portal, shopify: httpx.AsyncClient
) -> None:
    answer = await shopify.get(f"/shopify/proxy/schedule?{query(portal, utm_source='mail')}")
    assert goes_to(answer) == f"{portal.origin}/sign-in?next=%2Fschedule"
    answer = await shopify.get(f"/shopify/proxy/embed-code?{query(portal, utm_source='mail')}")
    assert answer.json()["reason"] == "anonymous"


@pytest.mark.parametrize("path", ["//evil.example", "/\\evil.example", "/%2fevil.example",
                                  "/sign-out", "/..//evil.example"])  # fmt: skip
async def test_the_way_leads_to_places_of_ours_alone(
    portal: Portal, shopify: httpx.AsyncClient, path: str
) -> None:
    answer = await shopify.get(f"/shopify/proxy{path}?{query(portal, '')}")
    if answer.status_code == 200:
        assert goes_to(answer) == f"{portal.origin}/sign-in"
    else:
        assert answer.status_code == 404


async def test_an_account_without_a_customer_is_told_so(
    portal: Portal, shopify: httpx.AsyncClient
) -> None:
    answer = await shopify.get(f"/shopify/proxy/orders?{query(portal, '7009')}")
    assert "There are no subscriptions in this shop account" in answer.text
    assert "refresh" not in answer.text
    assert f'href="{portal.origin}/sign-in?next=%2Forders"' in answer.text
    portal.clock.move(seconds=1)  # else it is the same request: the path is not signed
    answer = await shopify.get(f"/shopify/proxy/embed-code?{query(portal, '7009')}")
    assert (answer.status_code, answer.json()["reason"]) == (403, "unknown")


async def test_recharge_away_is_said(portal: Portal, shopify: httpx.AsyncClient) -> None:
    portal.people.failure = ConnectFailed("no answer")
    answer = await shopify.get(f"/shopify/proxy/orders?{query(portal)}")
    assert answer.status_code == 503
    assert 'href="/apps/portal/orders"' in answer.text
    portal.clock.move(seconds=1)
    answer = await shopify.get(f"/shopify/proxy/embed-code?{query(portal)}")
    assert (answer.status_code, answer.json()["reason"]) == (503, "unavailable")


async def test_a_replay_gets_no_second_code(portal: Portal, shopify: httpx.AsyncClient) -> None:
    address = f"/shopify/proxy/orders?{query(portal)}"
    head = await shopify.head(address)
    assert head.status_code == 200, "looking does not use it up"
    assert "arrive?code" in (await shopify.get(address)).text
    again = await shopify.get(address)
    assert again.status_code == 403
    assert "arrive" not in again.text
    assert "refresh" not in again.text, "it could come back for ever"
    assert 'href="/apps/portal/orders"' in again.text, "the shop's own address, signed anew"
    code = f"/shopify/proxy/embed-code?{query(portal)}"
    second = await shopify.get(code)
    assert (second.status_code, second.json()["reason"]) == (409, "used"), "one request, one code"


async def test_an_old_one_leads_back_to_the_shop(
    portal: Portal, shopify: httpx.AsyncClient
) -> None:
    address = f"/shopify/proxy?{query(portal)}"
    portal.clock.move(seconds=91)
    answer = await shopify.get(address)
    assert answer.status_code == 403
    assert 'href="/apps/portal"' in answer.text


async def test_a_forged_one_leads_nowhere(portal: Portal, shopify: httpx.AsyncClient) -> None:
    forged = query(portal)[:-4] + "0000"
    with capture_logs() as logs:
        answer = await shopify.get(f"/shopify/proxy/orders?{forged}")
        code = await shopify.get(f"/shopify/proxy/embed-code?{forged}")
        nothing = await shopify.get("/shopify/proxy/orders")
    assert (answer.status_code, code.status_code, nothing.status_code) == (403, 400, 400)
    assert "href" not in answer.text
    assert code.json()["reason"] == "forged"
    assert {line["reason"] for line in logs} == {"forged", "malformed"}
    assert all("7001" not in str(line) and forged not in str(line) for line in logs)


async def test_the_frame_gets_a_code_of_its_own(portal: Portal, shopify: httpx.AsyncClient) -> None:
    answer = await shopify.get(f"/shopify/proxy/embed-code?{query(portal)}")
    assert answer.status_code == 200
    assert "access-control-allow-origin" not in answer.headers, "for the shop's own page alone"
    hand_offs = HandOffs(portal.database, portal.sessions, portal.clock)
    taken = await hand_offs.take(answer.json()["code"])
    assert taken is not None
    assert taken.principal.customer_id == MARA
    assert taken.principal.is_framed


async def test_a_body_is_never_read(portal: Portal, shopify: httpx.AsyncClient) -> None:
    """Shopify passes it on, and does not sign it."""
    answer = await shopify.post(
        f"/shopify/proxy?{query(portal, '')}", data={"logged_in_customer_id": "7001"}
    )
    assert answer.status_code in (403, 405)


async def test_without_a_shop_at_shopify_nothing_is_there(tmp_path: Path) -> None:
    portal = with_proxy(await make_portal(tmp_path), is_set=False)
    async with portal.browser() as browser:
        for path in ("", "/orders", "/embed-code"):
            assert (await browser.get(f"/shopify/proxy{path}?{query(portal)}")).status_code == 404
    await portal.close()
