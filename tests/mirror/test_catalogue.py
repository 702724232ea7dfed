"""The shop's products and their plans: kept, searched, priced."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from app.database import Database, upsert
from app.mirror import Mirror, Snapshot, catalogue
from app.mirror.tables import shops
from app.recharge import Plan, Variant
from tests.mirror.conftest import Upstream, Watch


@pytest.fixture
async def known(mirror: Mirror) -> Snapshot:
    """A customer with the shop's catalogue beside them."""
    await mirror.customer(105).snapshot()
    await mirror.settled()
    return await mirror.customer(105).snapshot()


def plan(**values: Any) -> Plan:
    given = {
        "id": 1,
        "type": "subscription",
        "discount_type": "percentage",
        "discount_amount": "10.00",
        "subscription_preferences": {
            "charge_interval_frequency": 2,
            "order_interval_frequency": 2,
            "interval_unit": "week",
        },
        **values,
    }
    return Plan.model_validate(given)


def variant(price: str | None) -> Variant:
    return Variant.model_validate({"external_variant_id": "1", "prices": {"unit_price": price}})


async def test_plans_are_kept_with_the_products(
    known: Snapshot, upstream: Upstream, mirror: Mirror, sqlite: Database, watch: Watch
) -> None:
    assert len(known.plans["7001"]) == 6
    assert "7029" not in known.plans  # the cup comes once
    assert known.bundles == {"7030"}
    assert not known.is_unlisted
    requests = await upstream.requests()
    assert requests["GET /plans"] == 1  # 250 on a page
    assert requests["GET /bundle_selections"] == 1

    later = Mirror(sqlite, upstream.client, clock=watch)
    await later.customer(105).snapshot()
    await later.settled()
    assert (await later.customer(105).snapshot()).plans == known.plans
    assert (await upstream.requests())["GET /plans"] == 1
    await later.close()


async def test_a_catalogue_kept_without_plans_is_read_anew(
    sqlite: Database, upstream: Upstream, watch: Watch
) -> None:
    row = {"name": "catalogue", "document": {"products": []}, "loaded_at": watch()}
    async with sqlite.begin() as connection:
        await upsert(connection, shops, [row], ("name",))
    mirror = Mirror(sqlite, upstream.client, clock=watch)
    await mirror.customer(105).snapshot()
    await mirror.settled()
    assert (await mirror.customer(105).snapshot()).plans["7001"]
    await mirror.close()


async def test_a_store_that_refuses_its_list_is_told_from_one_not_read_yet(
    mirror: Mirror, upstream: Upstream
) -> None:
    await upstream.fault(method="GET", path="/products", kind="422", times=99)
    first = await mirror.customer(105).snapshot()
    assert (first.products, first.is_unlisted) == ({}, False)
    await mirror.settled()
    second = await mirror.customer(105).snapshot()
    assert (second.products, second.is_unlisted) == ({}, True)
    assert second.plans["7001"]  # rhythms can be chosen all the same
    assert catalogue.find(second, "coffee") == ()


async def test_a_store_without_bundles_has_all_else(mirror: Mirror, upstream: Upstream) -> None:
    await upstream.fault(method="GET", path="/bundle_selections", kind="422", times=99)
    await mirror.customer(105).snapshot()
    await mirror.settled()
    found = await mirror.customer(105).snapshot()
    assert (len(found.products), found.bundles) == (30, frozenset())


@pytest.mark.parametrize("words", ["harbor", "HARBOR  bl", "blend hárb", "esp harb"])
def test_words_are_found_by_their_beginnings(known: Snapshot, words: str) -> None:
    found = catalogue.find(known, words)
    assert "Harbor Blend" in {one.title for one in found}


def test_what_was_not_meant_is_not_found(known: Snapshot) -> None:
    assert catalogue.find(known, "arbor") == ()
    assert catalogue.find(known, "harbor tea") == ()


def test_a_short_list_shows_many_products(known: Snapshot) -> None:
    found = catalogue.find(known, "", limit=8)
    assert len({one.title for one in found}) == 8


def test_only_what_has_a_plan_on_display_is_subscribed_to(known: Snapshot) -> None:
    titles = {one.title for one in catalogue.find(known, "", limit=999)}
    once = {one.title for one in catalogue.find(known, "", "onetime", limit=999)}
    assert once - titles == {"Northbound Enamel Cup"}
    hidden = plan(channel_settings={"customer_portal": {"display": False}})
    without = replace(known, plans={**known.plans, "7001": (hidden,)})
    assert catalogue.find(without, "harbor") == ()
    assert catalogue.find(without, "harbor", "onetime") != ()


def test_a_subscription_costs_less_its_plans_discount(known: Snapshot) -> None:
    [subscribed] = catalogue.find(known, "harbor filter 12")
    [once] = catalogue.find(known, "harbor filter 12", "onetime")
    assert (subscribed.price.amount, once.price.amount) == (Decimal("15.75"), Decimal("17.50"))
    assert once.plans == ()
    assert len(subscribed.plans) == 6


@pytest.mark.parametrize(
    ("price", "its", "costs"),
    [
        ("17.50", plan(), "15.75"),
        ("9.99", plan(), "8.99"),
        ("0.05", plan(discount_amount="10"), "0.05"),  # 0.045: halves up
        ("10.00", plan(discount_type="fixed_amount", discount_amount="2.50"), "7.50"),
        ("2.00", plan(discount_type="fixed_amount", discount_amount="2.50"), "0.00"),
        ("10.00", plan(discount_amount=None), "10.00"),
        ("10.00", None, "10.00"),
        (
            "20.00",
            plan(
                type="prepaid",
                subscription_preferences={
                    "charge_interval_frequency": 3,
                    "order_interval_frequency": 1,
                    "interval_unit": "month",
                },
            ),
            "54.00",
        ),
    ],
)
def test_what_one_piece_costs(price: str, its: Plan | None, costs: str) -> None:
    assert catalogue.unit_price(variant(price), its) == Decimal(costs)


def test_a_price_that_is_not_known_stays_unknown(known: Snapshot) -> None:
    assert catalogue.unit_price(variant(None), plan()) is None


@pytest.mark.parametrize(
    "broken",
    [
        {"type": "onetime"},
        {"type": "membership_subscription"},
        {"subscription_preferences": {}},
        {
            "subscription_preferences": {
                "charge_interval_frequency": 2,
                "order_interval_frequency": 2,
                "interval_unit": "fortnight",
            }
        },
    ],
)
def test_a_plan_without_a_known_rhythm_is_not_offered(broken: dict[str, Any]) -> None:
    assert catalogue.is_complete(plan())
    assert not catalogue.is_complete(plan(**broken))


def test_a_plan_for_some_variants_holds_for_those_alone() -> None:
    some = plan(has_variant_restrictions=True, external_variant_ids=["8001"])
    assert catalogue.plans_of((some,), "8001") == (some,)
    assert catalogue.plans_of((some,), "8002") == ()


def test_deleted_plans_are_left_out() -> None:
    its = {"external_product_id": {"ecommerce": "7001"}}
    document = catalogue.document_of(
        [], [plan(**its), plan(id=2, deleted_at="2026-01-01", **its)], [], is_refused=False
    )
    found = catalogue.catalogue_of(document, datetime(2026, 1, 1, tzinfo=UTC))
    assert [one.id for one in found.plans["7001"]] == [1]
