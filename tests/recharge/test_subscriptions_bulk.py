"""Several subscriptions at once: another version on the wire, the same words for callers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.recharge import Conflict, ExternalId, InvalidArgument, SubscriptionStatus
from tests.recharge.upstream import Answer, Upstream, client_of

OLD: dict[str, Any] = {
    "id": 301, "address_id": 201, "customer_id": 101, "charge_interval_frequency": "2",
    "created_at": "2023-04-06T05:16:37", "has_queued_charges": 1, "max_retries_reached": 0,
    "next_charge_scheduled_at": "2023-05-09T00:00:00", "order_interval_frequency": "1",
    "order_interval_unit": "month", "price": 10.0, "product_title": "Apple",
    "shopify_product_id": 7001, "shopify_variant_id": 8001, "status": "ACTIVE",
}  # fmt: skip


async def test_creating_speaks_the_old_version_and_answers_in_the_new() -> None:
    upstream = Upstream([Answer(200, {"subscriptions": [OLD]})])
    made = await client_of(upstream).subscriptions_bulk.create(
        201,
        [
            {
                "address_id": 201,
                "external_variant_id": ExternalId(ecommerce="8001"),
                "quantity": 1,
                "next_charge_scheduled_at": date(2023, 5, 9),
                "charge_interval_frequency": 2,
                "order_interval_frequency": 1,
                "order_interval_unit": "month",
                "price": Decimal("10"),
            }
        ],
        commit_update=True,
    )
    request = upstream.requests[0]
    assert (request.method, request.path) == ("POST", "/addresses/201/subscriptions-bulk")
    assert request.headers["x-recharge-version"] == "2021-01"
    assert request.body == {
        "subscriptions": [
            {
                "address_id": 201,
                "shopify_variant_id": 8001,
                "quantity": 1,
                "next_charge_scheduled_at": "2023-05-09",
                "charge_interval_frequency": "2",
                "order_interval_frequency": "1",
                "order_interval_unit": "month",
                "price": "10.00",
            }
        ],
        "commit_update": True,
    }
    (subscription,) = made
    assert subscription.external_product_id.ecommerce == "7001"
    assert subscription.external_variant_id.ecommerce == "8001"
    assert subscription.status is SubscriptionStatus.ACTIVE
    assert subscription.charge_interval_frequency == 2
    assert subscription.next_charge_scheduled_at == date(2023, 5, 9)
    assert subscription.has_queued_charges is True
    assert not (subscription.model_extra or {}).keys() & {"shopify_product_id"}


async def test_answers_in_the_new_words_are_read_as_they_are() -> None:
    new = {name: value for name, value in OLD.items() if not name.startswith("shopify")}
    new |= {"external_variant_id": {"ecommerce": "8001"}, "status": "active"}
    upstream = Upstream([Answer(200, {"subscriptions": [new]})])
    changed = await client_of(upstream).subscriptions_bulk.update(201, [{"id": 301, "quantity": 2}])
    assert changed[0].external_variant_id.ecommerce == "8001"
    assert upstream.requests[0].body == {"subscriptions": [{"id": 301, "quantity": 2}]}


async def test_deleting_names_ids_alone() -> None:
    upstream = Upstream([Answer(204)])
    await client_of(upstream).subscriptions_bulk.delete(201, [301, 302], send_email=False)
    assert upstream.requests[0].body == {
        "subscriptions": [{"id": 301}, {"id": 302}],
        "send_email": False,
    }


async def test_creating_is_sent_once_and_updating_may_be_repeated() -> None:
    locked = Answer(409, {"error": "A call to this route is already in progress."})
    upstream = Upstream([locked, locked, Answer(200, {"subscriptions": [OLD]})])
    bulk = client_of(upstream).subscriptions_bulk
    with pytest.raises(Conflict):
        await bulk.create(201, [_new()])
    assert len(await bulk.update(201, [{"id": 301, "quantity": 2}])) == 1
    assert len(upstream.requests) == 3


async def test_bounds_are_kept_before_anything_is_sent() -> None:
    upstream = Upstream([Answer(200, {"subscriptions": []})])
    bulk = client_of(upstream).subscriptions_bulk
    odd = _new() | {"external_variant_id": ExternalId(ecommerce="sku-9")}
    for wrong in ([], [_new()] * 21, [odd]):
        with pytest.raises(InvalidArgument):
            await bulk.create(201, wrong)
    with pytest.raises(InvalidArgument):
        await bulk.delete(201, [])
    with pytest.raises(InvalidArgument):
        await bulk.delete(201, [0])
    assert upstream.requests == []


def _new() -> Any:
    return {
        "address_id": 201,
        "external_variant_id": ExternalId(ecommerce="8001"),
        "quantity": 1,
        "next_charge_scheduled_at": date(2023, 5, 9),
    }
