"""One network makes so many requests a minute, and no more."""

from __future__ import annotations

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from app.auth.traffic import Traffic


class Seconds:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


async def fine(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("fine")(scope, receive, send)


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def traffic(seconds: Seconds) -> Traffic:
    return Traffic(fine, 60, monotonic=seconds)


def browser(traffic: Traffic, host: str, **headers: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(traffic, client=(host, 50000))
    return httpx.AsyncClient(transport=transport, base_url="http://portal", headers=headers)


async def codes(client: httpx.AsyncClient, count: int, path: str = "/sign-in") -> list[int]:
    return [(await client.get(path)).status_code for _ in range(count)]


async def test_a_network_that_asks_too_much_waits(traffic: Traffic, seconds: Seconds) -> None:
    stranger = browser(traffic, "203.0.113.7")
    assert await codes(stranger, 60) == [200] * 60
    refused = await stranger.get("/sign-in")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")
    seconds.now += 2
    assert await codes(stranger, 3) == [200, 200, 429]


async def test_others_do_not_pay_for_it(traffic: Traffic) -> None:
    await codes(browser(traffic, "203.0.113.7"), 61)
    assert await codes(browser(traffic, "203.0.113.8"), 1) == [200]


async def test_one_house_counts_as_one_network(traffic: Traffic) -> None:
    assert await codes(browser(traffic, "2001:db8:1:2::7"), 60) == [200] * 60
    assert await codes(browser(traffic, "2001:db8:1:2:ffff::1"), 1) == [429]
    assert await codes(browser(traffic, "2001:db8:1:3::7"), 1) == [200]


async def test_files_are_free(traffic: Traffic) -> None:
    stranger = browser(traffic, "203.0.113.7")
    assert await codes(stranger, 100, "/plain.css") == [200] * 100
    assert await codes(stranger, 1) == [200]


async def test_what_the_shop_system_passes_on_is_not_one_customer(traffic: Traffic) -> None:
    shopify = browser(traffic, "203.0.113.7")
    assert await codes(shopify, 100, "/shopify/proxy/orders") == [200] * 100


async def test_a_proxy_that_nobody_named_is_not_counted_as_one_customer(traffic: Traffic) -> None:
    proxy = browser(traffic, "10.0.0.2", **{"X-Forwarded-For": "203.0.113.7"})
    assert await codes(proxy, 100) == [200] * 100


async def test_where_proxies_are_named_everybody_is_who_they_seem(seconds: Seconds) -> None:
    traffic = Traffic(fine, 60, monotonic=seconds, names_proxies=True)
    inside = browser(traffic, "10.0.0.2", **{"X-Forwarded-For": "10.0.0.2"})
    assert await codes(inside, 61) == [200] * 60 + [429]


async def test_a_stranger_does_not_pass_for_a_proxy(traffic: Traffic) -> None:
    stranger = browser(traffic, "8.8.8.8", **{"X-Forwarded-For": "203.0.113.7"})
    assert await codes(stranger, 61) == [200] * 60 + [429]


async def test_it_remembers_so_many_networks_and_no_more(
    traffic: Traffic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.auth.traffic._MOST_NETWORKS", 10)
    for number in range(50):
        await codes(browser(traffic, f"203.0.113.{number}"), 1)
    assert len(traffic._buckets) == 10
