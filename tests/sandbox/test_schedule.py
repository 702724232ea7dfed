"""The delivery schedule of a customer."""

from __future__ import annotations

from typing import Any

from app.sandbox import Sandbox
from tests.sandbox.small import Api, subscription


async def schedule(api: Api, **query: Any) -> dict[str, list[Any]]:
    """The orders by date."""
    body = await api.get("/customers/101/delivery_schedule", **query)
    assert set(body) == {"customer", "deliveries"}, "this answer has no envelope"
    assert set(body["customer"]) == {"id", "email", "first_name", "last_name"}
    return {each["date"]: each["orders"] for each in body["deliveries"]}


def things(order: Any) -> list[int]:
    return sorted(each["subscription_id"] for each in order["line_items"])


async def test_what_is_queued_comes_first_and_the_rest_is_projected(api: Api) -> None:
    found = await schedule(api, date_max="2026-05-10")
    assert {day: [things(order) for order in orders] for day, orders in found.items()} == {
        "2026-03-20": [[301, 302, 401]],
        "2026-04-01": [[303]],
        "2026-04-03": [[302]],
        "2026-04-17": [[302]],
        "2026-04-20": [[301]],
        "2026-05-01": [[302], [303]],
    }
    charge = await api.charge(address_id=201)
    [first], [projected] = found["2026-03-20"], found["2026-04-20"]
    assert first["charge_id"] == charge["id"]
    assert first["total_price"] == charge["total_price"] == "46.00"
    assert (projected["id"], projected["charge_id"]) == (None, None)
    assert projected["total_price"] == "22.90", "the coffee and the standard shipping"
    assert first["payment_method"]["payment_details"]["last4"] == "4242"


async def test_a_skipped_delivery_is_still_listed(api: Api) -> None:
    charge = await api.charge(address_id=201)
    await api.post(f"/charges/{charge['id']}/skip", {"purchase_item_ids": [301]})
    found = await schedule(api, date_max="2026-03-31")
    [order] = found["2026-03-20"]
    assert {each["subscription_id"]: each["is_skipped"] for each in order["line_items"]} == {
        301: True,
        302: False,
        401: False,
    }
    assert order["charge_id"] == charge["id"]
    prepaid = (await schedule(api, date_max="2026-04-01"))["2026-04-01"][0]["line_items"][0]
    assert (prepaid["is_skippable"], prepaid["plan_type"]) == (False, "prepaid")


async def test_prepaid_orders_that_wait_carry_their_id(api: Api) -> None:
    charge = await api.charge(address_id=202)
    await api.post(f"/charges/{charge['id']}/process")
    found = await schedule(api, date_max="2026-07-01")
    orders = {
        each["scheduled_at"][:10]: each["id"]
        for each in (await api.get("/orders", status="queued"))["orders"]
    }
    assert sorted(orders) == ["2026-05-01", "2026-06-01"]
    for day, id in orders.items():
        tea = next(each for each in found[day] if each["address_id"] == 202)
        assert tea["id"] == id
    assert any(each["address_id"] == 202 for each in found["2026-07-01"])


async def test_a_delayed_order_comes_beside_the_next_charge_of_its_subscription(api: Api) -> None:
    charge = await api.charge(address_id=202)
    await api.post(f"/charges/{charge['id']}/process")
    orders = (await api.get("/orders", status="queued"))["orders"]
    last = max(orders, key=lambda each: str(each["scheduled_at"]))
    await api.post(f"/orders/{last['id']}/delay")
    [order] = [
        each
        for each in (await schedule(api, date_max="2026-07-01"))["2026-07-01"]
        if each["address_id"] == 202
    ]
    assert things(order) == [303, 303]
    assert (
        order["total_price"] == (await api.charge(address_id=202, status="queued"))["total_price"]
    )


async def test_the_last_parcel_of_one_charge_can_meet_the_next_charge(
    api: Api, sandbox: Sandbox
) -> None:
    """Every 4 days, paid for two at a time, always on a Friday: both land on the same one."""
    rhythm = {"charge_interval_frequency": 4, "order_interval_frequency": 2}
    fixed = {"order_interval_unit": "day", "order_day_of_week": 4, "address_id": 202}
    sandbox.plant([subscription(304, "2026-03-20", **rhythm, **fixed)])
    found = await schedule(api, date_max="2026-03-27")
    assert [things(order) for order in found["2026-03-27"]] == [[304, 304]]


async def test_the_window_is_bounded(api: Api) -> None:
    assert len(await schedule(api, delivery_count_future=2)) == 2
    assert list(await schedule(api, future_interval=10)) == ["2026-03-20"]
    assert min(await schedule(api, date_min="2026-04-02")) == "2026-04-03"
    path = "/customers/101/delivery_schedule"
    assert "date_max" in await api.refused("GET", path, date_max="later")
    assert await api.call("GET", "/customers/999/delivery_schedule") == (
        404,
        {"errors": "Not Found"},
    )
