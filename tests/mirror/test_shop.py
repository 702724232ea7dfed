"""The shop: its zone, its switches, its products."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from app.database import Database, upsert
from app.mirror import Mirror
from app.mirror.shop import CATALOGUE_AGE, SHOP_AGE, switches_of
from app.mirror.tables import shops
from app.recharge import RechargeError
from tests.mirror.conftest import Upstream, Watch
from tests.mirror.records import SHOP


async def test_the_shop_is_read_once(sqlite: Database, upstream: Upstream, watch: Watch) -> None:
    mirror = Mirror(sqlite, upstream.client, clock=watch)
    shop = await mirror.shop()
    assert shop.name == "Northbound Coffee & Pantry"
    assert (shop.currency, shop.timezone) == ("USD", ZoneInfo("America/New_York"))
    assert "EUR" in shop.currencies
    assert "@" in shop.email
    assert shop.allows("skip_scheduled_order")
    await mirror.shop()
    await Mirror(sqlite, upstream.client, clock=watch).shop()
    assert await upstream.requests() == {
        "GET /store": 1,
        "GET /shop/settings": 1,
        "GET /retention_strategies": 1,
        "GET /shop/shipping_countries": 1,
    }
    await mirror.close()


async def test_the_countries_that_the_store_sends_to(
    sqlite: Database, upstream: Upstream, watch: Watch
) -> None:
    settings = {"shipping_countries": ["CA", "DE", "JP"]}
    await upstream.http.put("/_sandbox/settings", json=settings)
    mirror = Mirror(sqlite, upstream.client, clock=watch)
    found = (await mirror.shop()).shipping_countries
    assert found is not None
    assert set(found) == {"CA", "DE", "JP"}
    assert ("Quebec", "QC") in found["CA"]
    assert found["DE"] == ()
    assert (await Mirror(sqlite, upstream.client).shop()).shipping_countries == found
    await mirror.close()


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "422", "status": 404, "body": {"errors": "Not Found"}},
        {"kind": "422", "status": 200, "body": {"shipping_countries": []}},
        {"kind": "500", "times": 3},
    ],
    ids=["not known", "none", "broken"],
)
async def test_a_store_that_does_not_tell_where_it_sends_to_sends_everywhere(
    sqlite: Database, upstream: Upstream, fault: dict[str, Any]
) -> None:
    await upstream.fault(method="GET", path="/shop/shipping_countries", **fault)
    mirror = Mirror(sqlite, upstream.client)
    assert (await mirror.shop()).shipping_countries is None
    await mirror.close()


async def test_a_shop_that_an_earlier_release_kept_is_read_anew(
    sqlite: Database, upstream: Upstream, watch: Watch
) -> None:
    async with sqlite.begin() as connection:
        for name, document in (
            ("shop", {"store": {}, "customer_portal": {}}),
            ("catalogue", {"products": [{}]}),
        ):
            row: dict[str, Any] = {"name": name, "document": document, "loaded_at": watch()}
            await upsert(connection, shops, [row], ("name",))
    mirror = Mirror(sqlite, upstream.client, clock=watch)
    await mirror.customer(112).snapshot()
    await mirror.settled()
    snapshot = await mirror.customer(112).snapshot()
    assert snapshot.shop.name == "Northbound Coffee & Pantry"
    assert len(snapshot.products) == 30
    await mirror.close()


async def test_the_merchants_switches_and_ours_over_them(
    sqlite: Database, upstream: Upstream
) -> None:
    switches = {"subscription": {"skip_scheduled_order": False, "change_quantity": False}}
    await upstream.http.put("/_sandbox/shop_settings", json={"customer_portal": switches})
    mirror = Mirror(sqlite, upstream.client, overrides={"change_quantity": True})
    shop = await mirror.shop()
    assert not shop.allows("skip_scheduled_order")
    assert shop.allows("change_quantity")
    assert shop.allows("a_switch_that_nobody_has_set")
    await mirror.close()


async def test_a_changed_switch_is_seen_when_the_settings_have_aged(
    mirror: Mirror, upstream: Upstream, watch: Watch
) -> None:
    told: list[str] = []
    mirror.changes.subscribe(101, lambda: told.append("changed"))
    portal = {"customer_portal": {"subscription": {"skip_scheduled_order": False}}}
    await upstream.http.put("/_sandbox/shop_settings", json=portal)
    assert (await mirror.shop()).allows("skip_scheduled_order")
    watch.forward(SHOP_AGE + timedelta(seconds=1))
    assert (await mirror.shop()).allows("skip_scheduled_order")
    await mirror.settled()
    assert not (await mirror.shop()).allows("skip_scheduled_order")
    assert told == ["changed"]


async def test_a_store_that_does_not_tell_its_settings_allows_what_is_usual(
    sqlite: Database, upstream: Upstream
) -> None:
    await upstream.fault(
        method="GET", path="/shop/settings", kind="422", status=404, body={"errors": "Not Found"}
    )
    mirror = Mirror(sqlite, upstream.client, overrides={"cancel_subscription": False})
    shop = await mirror.shop()
    assert shop.allows("skip_scheduled_order")
    assert not shop.allows("cancel_subscription")
    await mirror.close()


async def test_settings_that_could_not_be_read_do_not_pass_for_everything_allowed(
    sqlite: Database, upstream: Upstream
) -> None:
    await upstream.fault(method="GET", path="/shop/settings", kind="500", times=3)
    mirror = Mirror(sqlite, upstream.client)
    with pytest.raises(RechargeError):
        await mirror.shop()
    assert (await mirror.shop()).name == "Northbound Coffee & Pantry"
    await mirror.close()


async def test_the_retention_strategies_come_with_the_shop_the_oldest_first(
    sqlite: Database, upstream: Upstream, watch: Watch
) -> None:
    mirror = Mirror(sqlite, upstream.client, clock=watch)
    strategies = (await mirror.shop()).strategies
    assert [each.id for each in strategies] == [951, 952, 953, 954, 955, 956, 957, 958, 959]
    assert strategies[1].discount_code == "STAY20"
    assert {str(each.cancellation_flow_type) for each in strategies} == {
        "subscription",
        "membership",
    }
    again = await Mirror(sqlite, upstream.client, clock=watch).shop()
    assert again.strategies == strategies
    await mirror.close()


async def test_a_changed_strategy_is_seen_when_the_settings_have_aged(
    mirror: Mirror, upstream: Upstream, watch: Watch
) -> None:
    assert (await mirror.shop()).strategies[0].reason == "I have more than I can use"
    await upstream.client.retention_strategies.update(951, reason="There is too much of it")
    watch.forward(SHOP_AGE + timedelta(seconds=1))
    await mirror.shop()
    await mirror.settled()
    assert (await mirror.shop()).strategies[0].reason == "There is too much of it"


@pytest.mark.parametrize("status", [401, 403, 404, 422])
async def test_a_store_that_does_not_list_its_strategies_has_none(
    sqlite: Database, upstream: Upstream, status: int
) -> None:
    path = "/retention_strategies"
    await upstream.fault(method="GET", path=path, kind="422", status=status, body={"errors": "No"})
    mirror = Mirror(sqlite, upstream.client)
    assert (await mirror.shop()).strategies == ()
    await mirror.close()


@pytest.mark.parametrize("kind", ["429", "500"])
async def test_strategies_that_could_not_be_read_do_not_pass_for_none(
    sqlite: Database, upstream: Upstream, kind: str
) -> None:
    await upstream.fault(method="GET", path="/retention_strategies", kind=kind, times=99)
    mirror = Mirror(sqlite, upstream.client)
    with pytest.raises(RechargeError):
        await mirror.shop()
    await upstream.mend()
    assert len((await mirror.shop()).strategies) == 9
    await mirror.close()


async def test_a_shop_that_was_kept_without_strategies_still_loads(
    sqlite: Database, upstream: Upstream, watch: Watch
) -> None:
    await Mirror(sqlite, upstream.client, clock=watch).shop()
    async with sqlite.begin() as connection:
        row = (await connection.execute(select(shops).where(shops.c.name == "shop"))).one()
        document = {name: value for name, value in row.document.items() if name != "strategies"}
        kept = {"name": "shop", "document": document, "loaded_at": row.loaded_at}
        await upsert(connection, shops, [kept], ("name",))
    await upstream.forget_requests()
    mirror = Mirror(sqlite, upstream.client, clock=watch)
    assert (await mirror.shop()).strategies == ()
    assert await upstream.requests() == {}
    watch.forward(SHOP_AGE + timedelta(seconds=1))
    await mirror.shop()
    await mirror.settled()
    assert len((await mirror.shop()).strategies) == 9
    await mirror.close()


def test_the_names_of_switches() -> None:
    portal = {
        "discount_input": True,
        "collection_ids": [1],
        "onetime": {"enabled": False, "available_products": "all"},
        "subscription": {"skip_scheduled_order": False, "edit_order_frequency": "Any"},
    }
    assert switches_of(portal) == {
        "discount_input": True,
        "onetime_enabled": False,
        "skip_scheduled_order": False,
    }


async def test_products_come_in_the_background_and_pages_are_told(
    mirror: Mirror, upstream: Upstream
) -> None:
    told: list[str] = []
    first = await mirror.customer(105).snapshot()
    assert first.products == {}
    mirror.changes.subscribe(105, lambda: told.append("changed"))
    await mirror.settled()
    assert told == ["changed"]

    second = await mirror.customer(105).snapshot()
    assert len(second.products) == 30
    for subscription in second.subscriptions:
        assert subscription.external_product_id.ecommerce in second.pictures
    await mirror.customer(112).snapshot()
    await mirror.settled()
    assert (await upstream.requests())["GET /products"] == 1


async def test_products_are_read_again_after_a_day(
    mirror: Mirror, upstream: Upstream, watch: Watch
) -> None:
    await mirror.customer(112).snapshot()
    await mirror.settled()
    watch.forward(CATALOGUE_AGE + timedelta(seconds=1))
    assert len((await mirror.customer(112).snapshot()).products) == 30
    await mirror.settled()
    assert (await upstream.requests())["GET /products"] == 2


async def test_a_store_that_lists_no_products_shows_its_items_pictures(
    mirror: Mirror, upstream: Upstream, sqlite: Database, watch: Watch
) -> None:
    await upstream.fault(method="GET", path="/products", kind="422", times=99)
    await mirror.customer(101).snapshot()
    await mirror.settled()
    await upstream.mend()
    snapshot = await mirror.customer(101).snapshot()
    assert snapshot.products == {}
    assert snapshot.pictures
    delivery = snapshot.next_delivery(mirror.today(snapshot.shop))
    assert delivery is not None
    assert all(item.picture for item in delivery.items)
    await mirror.settled()
    later = Mirror(sqlite, upstream.client, clock=watch)
    await later.customer(101).snapshot()
    await later.settled()
    assert (await upstream.requests())["GET /products"] == 1  # the refusal is kept as well
    await later.close()


async def test_products_that_could_not_be_read_are_tried_again_later(
    mirror: Mirror, upstream: Upstream
) -> None:
    await upstream.fault(method="GET", path="/products", kind="500", times=3)
    await mirror.customer(101).snapshot()
    await mirror.settled()
    assert (await mirror.customer(101).snapshot()).products == {}


async def test_today_is_the_shops_day(sqlite: Database, upstream: Upstream) -> None:
    late = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)  # 22:00 of 30 November in New York
    mirror = Mirror(sqlite, upstream.client, clock=lambda: late)
    assert mirror.today(SHOP) == date(2026, 11, 30)
    await mirror.close()
