"""A request of the app proxy is believed only as Shopify has signed it, a moment ago, once."""

from __future__ import annotations

import hmac
from datetime import timedelta
from hashlib import sha256
from urllib.parse import urlencode

import pytest

from app.auth import AppProxy, Proxied, ProxyFault, SingleUse
from app.auth.app_proxy import FRESH_FOR, signature_of
from app.database import Database
from tests.auth.world import StandingClock

SECRET, SHOP = "hush", "shop-name.myshopify.com"


def signed(secret: str = SECRET, /, **given: str | list[str]) -> bytes:
    """A query as Shopify would sign it."""
    text = "".join(
        sorted(f"{name}={','.join([v] if isinstance(v, str) else v)}" for name, v in given.items())
    )
    signature = hmac.new(secret.encode(), text.encode(), sha256).hexdigest()
    return urlencode({**given, "signature": signature}, doseq=True).encode()


@pytest.fixture
def now(clock: StandingClock) -> int:
    return int(clock().timestamp())


@pytest.fixture
def parameters(now: int) -> dict[str, str]:
    return {
        "shop": SHOP,
        "logged_in_customer_id": "7001",
        "path_prefix": "/apps/portal",
        "timestamp": str(now),
    }


@pytest.fixture
def proxy(database: Database, clock: StandingClock) -> AppProxy:
    return AppProxy(SHOP, SECRET, SingleUse(database, clock), clock)


@pytest.mark.parametrize(
    ("account", "signature"),
    [
        (None, "a9718877bea71c2484f91608a7eaea1532bdf71f5c56825065fa4ccabe549ef3"),
        ("1", "4c68c8624d737112c91818c11017d24d334b524cb5c2b8ba08daa056f7395ddb"),
    ],
)
def test_the_signature_is_that_of_shopifys_own_examples(
    account: str | None, signature: str
) -> None:
    """shopify.dev, "Authenticate app proxies", of two years."""
    pairs = [
        ("extra", "1"),
        ("extra", "2"),
        ("shop", SHOP),
        ("path_prefix", "/apps/awesome_reviews"),
        ("timestamp", "1317327555"),
        ("signature", signature),
    ]
    pairs += [("logged_in_customer_id", account)] if account else []
    assert signature_of(pairs, b"hush") == signature


async def test_what_shopify_has_signed_is_believed(
    proxy: AppProxy, parameters: dict[str, str]
) -> None:
    assert await proxy.check(signed(**parameters)) == Proxied("7001", "/apps/portal")


async def test_a_stranger_in_the_shop_is_nobody(
    proxy: AppProxy, parameters: dict[str, str]
) -> None:
    query = signed(**parameters | {"logged_in_customer_id": ""})
    assert await proxy.check(query) == Proxied("", "/apps/portal")
    assert await proxy.check(query) == Proxied("", "/apps/portal"), "nothing is used up"


async def test_it_works_once(proxy: AppProxy, parameters: dict[str, str]) -> None:
    query = signed(**parameters)
    assert isinstance(await proxy.check(query), Proxied)
    assert await proxy.check(query) is ProxyFault.USED
    other_order = b"&".join(reversed(query.split(b"&")))
    assert await proxy.check(other_order) is ProxyFault.USED


@pytest.mark.parametrize("off", [FRESH_FOR, -FRESH_FOR])
async def test_it_works_for_a_moment(
    proxy: AppProxy, clock: StandingClock, parameters: dict[str, str], off: timedelta
) -> None:
    query = signed(**parameters)
    clock.now += off
    assert isinstance(await proxy.check(query), Proxied)
    clock.now += timedelta(seconds=1) if off > timedelta() else timedelta(seconds=-1)
    assert await proxy.check(query) is ProxyFault.LATE


async def test_one_that_is_forgotten_is_too_old(
    proxy: AppProxy, clock: StandingClock, parameters: dict[str, str]
) -> None:
    """At no moment between its use and its end does it work again."""
    query = signed(**parameters)
    clock.now -= FRESH_FOR  # signed by a clock that runs ahead: it lives longest
    assert isinstance(await proxy.check(query), Proxied)
    for _ in range(181):
        clock.move(seconds=1)
        assert await proxy.check(query) in (ProxyFault.USED, ProxyFault.LATE)


@pytest.mark.parametrize(
    "change",
    [
        {"logged_in_customer_id": "7002"},
        {"path_prefix": "/apps/other"},
        {"timestamp": "1795253401"},
        {"extra": "1"},
    ],
)
async def test_a_change_breaks_the_signature(
    proxy: AppProxy, parameters: dict[str, str], change: dict[str, str]
) -> None:
    query = signed(**parameters)
    signature = query.rpartition(b"=")[2].decode()
    forged = urlencode({**parameters, **change, "signature": signature})
    assert await proxy.check(forged.encode()) is ProxyFault.FORGED


async def test_another_secret_or_shop_is_not_ours(
    proxy: AppProxy, parameters: dict[str, str]
) -> None:
    assert await proxy.check(signed("other", **parameters)) is ProxyFault.FORGED
    other = parameters | {"shop": "other.myshopify.com"}
    assert await proxy.check(signed(**other)) is ProxyFault.FORGED


@pytest.mark.parametrize("name", ["signature", "shop", "logged_in_customer_id", "timestamp",
                                  "path_prefix"])  # fmt: skip
@pytest.mark.parametrize("same", [True, False])
async def test_a_parameter_that_is_there_twice_is_refused(
    proxy: AppProxy, parameters: dict[str, str], name: str, same: bool
) -> None:
    query = signed(**parameters)
    value = dict(part.split("=") for part in query.decode().split("&"))[name]
    again = f"&{name}={value if same else '1'}".encode()
    assert await proxy.check(query + again) is ProxyFault.MALFORMED


async def test_a_parameter_that_is_signed_twice_is_refused(
    proxy: AppProxy, parameters: dict[str, str]
) -> None:
    both: dict[str, str | list[str]] = {**parameters, "logged_in_customer_id": ["7001", "7002"]}
    query = signed(SECRET, **both)
    assert await proxy.check(query) is ProxyFault.MALFORMED


@pytest.mark.parametrize("name", ["signature", "shop", "logged_in_customer_id", "timestamp",
                                  "path_prefix"])  # fmt: skip
async def test_a_parameter_that_is_missing_is_refused(
    proxy: AppProxy, parameters: dict[str, str], name: str
) -> None:
    query = signed(**parameters).decode().split("&")
    rest = "&".join(part for part in query if not part.startswith(f"{name}="))
    assert await proxy.check(rest.encode()) is ProxyFault.MALFORMED


@pytest.mark.parametrize("account", ["0", "007", "-1", " 7001", "7001,7002", "7_001", "٧٠٠١", "x"])
async def test_an_id_that_is_none_is_refused(
    proxy: AppProxy, parameters: dict[str, str], account: str
) -> None:
    query = signed(**parameters | {"logged_in_customer_id": account})
    assert await proxy.check(query) is ProxyFault.MALFORMED


@pytest.mark.parametrize("query", [b"", b"&&", b"signature", b"\xff=1", b"%ff=1",
                                   b"a=1&" * 60, b"a=" + b"1" * 5000])  # fmt: skip
async def test_what_is_no_query_is_refused(proxy: AppProxy, query: bytes) -> None:
    assert await proxy.check(query) is ProxyFault.MALFORMED


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        # A stranger opens the shop with the first parameters; Shopify signs the text; that text is
        # then sent to us cut at other places.
        ({"a": "logged_in_customer_id=7002m"}, {"a": "", "mlogged_in_customer_id": ""}),
        ({"a": "logged_in_customer_id=7002m="}, {"a": "", "m": "logged_in_customer_id="}),
        ({"a": "logged_in_customer_id=7002"}, {"a": ""}),
    ],
)
async def test_a_text_with_two_readings_signs_nobody_in(
    proxy: AppProxy, parameters: dict[str, str], typed: dict[str, str], read: dict[str, str]
) -> None:
    """A signature that runs names and values together says less than it seems to."""
    stranger = parameters | {"logged_in_customer_id": ""} | typed
    signature = signed(**stranger).rpartition(b"=")[2].decode()
    sent = parameters | {"logged_in_customer_id": "7002"} | read
    found = await proxy.check(urlencode({**sent, "signature": signature}).encode())
    assert found in (Proxied("", "/apps/portal"), ProxyFault.FORGED, ProxyFault.MALFORMED)
    if len(read) == 2:
        assert found == Proxied("", "/apps/portal"), "the attack is a real one: the text fits"
