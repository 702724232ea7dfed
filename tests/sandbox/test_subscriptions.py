"""What subscriptions do, and what that does to charges."""

from __future__ import annotations

from datetime import date

import pytest

from app.sandbox import Sandbox
from app.sandbox.dates import step
from tests.sandbox.small import PLACE, Api, Document, items, subscription

RHYTHM = {
    "charge_interval_frequency": 2,
    "order_interval_frequency": 2,
    "order_interval_unit": "month",
}


async def test_a_new_subscription_is_filled_from_the_catalogue_and_queued(api: Api) -> None:
    body = {
        "address_id": 202,
        "external_variant_id": {"ecommerce": "8002"},
        "quantity": 2,
        "next_charge_scheduled_at": "2026-03-12",
        "plan_id": 2001,
    }
    created = await api.post("/subscriptions", body)
    assert (created["product_title"], created["variant_title"]) == ("Coffee", "Coffee 8002")
    assert created["price"] == "27.00", "the variant's price less the plan's ten percent"
    assert (created["order_interval_unit"], created["order_interval_frequency"]) == ("week", 3)
    assert (created["customer_id"], created["status"]) == (101, "active")
    assert created["has_queued_charges"] is True
    assert (await api.queued(202))["2026-03-12"] == [created["id"]]
    customer = (await api.get("/customers/101"))["customer"]
    assert customer["subscriptions_active_count"] == 4


async def test_a_new_subscription_cannot_start_in_the_past(api: Api) -> None:
    body = {
        "address_id": 201,
        "external_variant_id": {"ecommerce": "8001"},
        "quantity": 1,
        "next_charge_scheduled_at": "2026-03-09",
        **RHYTHM,
    }
    # This one message is a bare text in the recorded answers.
    assert await api.refused("POST", "/subscriptions", body) == {
        "next_charge_scheduled_at": "Cannot be in the past"
    }
    assert "external_variant_id" in await api.refused(
        "POST", "/subscriptions", {**body, "external_variant_id": {"ecommerce": "1"}}
    )
    assert "address_id" in await api.refused("POST", "/subscriptions", {**body, "address_id": 999})


async def test_moving_a_date_leaves_the_old_charge_and_makes_one_on_the_new(api: Api) -> None:
    moved = await api.post("/subscriptions/301/set_next_charge_date", {"date": "2026-03-25"})
    assert moved["next_charge_scheduled_at"] == "2026-03-25"
    assert await api.queued() == {"2026-03-20": [302, 401], "2026-03-25": [301]}


async def test_meeting_another_on_a_date_makes_a_charge_with_a_new_id(api: Api) -> None:
    await api.post("/subscriptions/301/set_next_charge_date", {"date": "2026-03-25"})
    alone = await api.charge(address_id=201, scheduled_at="2026-03-25")
    await api.post("/subscriptions/302/set_next_charge_date", {"date": "2026-03-25"})
    together = await api.charge(address_id=201, scheduled_at="2026-03-25")
    assert sorted(items(together)) == [301, 302]
    assert together["id"] != alone["id"]
    assert (await api.call("GET", f"/charges/{alone['id']}"))[0] == 404
    assert await api.queued() == {"2026-03-20": [401], "2026-03-25": [301, 302]}


@pytest.mark.parametrize("day", ["2026-03-10", "2026-03-09"])
async def test_a_date_must_be_far_enough_ahead(api: Api, day: str) -> None:
    assert await api.refused("POST", "/subscriptions/301/set_next_charge_date", {"date": day}) == {
        "date": ["date is not far enough in the future"]
    }


async def test_cancel_and_come_back_on_the_old_cadence(api: Api, sandbox: Sandbox) -> None:
    assert "cancellation_reason" in await api.refused("POST", "/subscriptions/301/cancel", {})
    gone = await api.post("/subscriptions/301/cancel", {"cancellation_reason": "too much"})
    assert (gone["status"], gone["next_charge_scheduled_at"]) == ("cancelled", None)
    assert gone["cancellation_reason"] == "too much"
    assert gone["has_queued_charges"] is False
    assert "." in gone["cancelled_at"], "this one moment has microseconds"
    assert await api.queued() == {"2026-03-20": [302, 401]}
    assert "status" in await api.refused(
        "POST", "/subscriptions/301/cancel", {"cancellation_reason": "again"}
    )
    await api.client.put("/_sandbox/clock", json={"now": "2026-05-02T12:00:00Z"})
    back = await api.post("/subscriptions/301/activate")
    assert (back["status"], back["next_charge_scheduled_at"]) == ("active", "2026-05-20")
    assert (back["cancelled_at"], back["cancellation_reason"]) == (None, None)


async def test_the_last_cancelled_item_takes_its_charge_with_it(api: Api) -> None:
    charge = await api.charge(address_id=202)
    await api.post("/subscriptions/303/cancel", {"cancellation_reason": "done"})
    assert (await api.call("GET", f"/charges/{charge['id']}"))[0] == 404


async def test_a_swap_takes_the_new_variant_s_names_and_price(api: Api) -> None:
    swapped = await api.put("/subscriptions/301", {"external_variant_id": {"ecommerce": "8002"}})
    assert (swapped["variant_title"], swapped["sku"]) == ("Coffee 8002", "SKU-8002")
    assert swapped["price"] == "27.00"
    charge = await api.charge(address_id=201)
    line = next(each for each in charge["line_items"] if each["purchase_item_id"] == 301)
    assert (line["unit_price"], line["external_variant_id"]) == ("27.00", {"ecommerce": "8002"})


async def test_half_a_rhythm_is_refused(api: Api) -> None:
    errors = await api.refused("PUT", "/subscriptions/301", {"order_interval_unit": "week"})
    assert isinstance(errors["charge_interval_unit_type"], str)
    odd = {**RHYTHM, "charge_interval_frequency": 3}
    assert "charge_interval_frequency" in await api.refused("PUT", "/subscriptions/301", odd)


async def test_a_new_rhythm_counts_from_the_last_charge_and_forgets_skips(api: Api) -> None:
    charge = await api.charge(address_id=201)
    await api.post(f"/charges/{charge['id']}/process")
    assert await api.next_date(301) == "2026-04-20"
    await api.post("/subscriptions/301/charges/skip", {"date": "2026-05-20"})
    await api.post("/subscriptions/301/set_next_charge_date", {"date": "2026-04-28"})
    changed = await api.put("/subscriptions/301", RHYTHM)
    assert changed["next_charge_scheduled_at"] == "2026-05-20"
    assert await api.charges(status="skipped") == []


async def test_a_cancelled_subscription_ignores_changes_unless_forced(api: Api) -> None:
    await api.post("/subscriptions/301/cancel", {"cancellation_reason": "x"})
    assert (await api.put("/subscriptions/301", {"quantity": 5}))["quantity"] == 1
    forced = await api.put("/subscriptions/301", {"quantity": 5}, force_update="true")
    assert forced["quantity"] == 5


async def test_moving_to_another_address_of_the_same_customer(api: Api, sandbox: Sandbox) -> None:
    moved = await api.post("/subscriptions/301/change_address", {"address_id": 202})
    assert moved["address_id"] == 202
    assert await api.queued(201) == {"2026-03-20": [302, 401]}
    assert await api.queued(202) == {"2026-03-20": [301], "2026-04-01": [303]}
    sandbox.plant(
        [
            (
                "customers",
                {"id": 102, "email": "b@example.com", "first_name": "B", "last_name": "C"},
            ),
            ("addresses", {"id": 209, "customer_id": 102, **PLACE}),
        ]
    )
    assert "address_id" in await api.refused(
        "POST", "/subscriptions/301/change_address", {"address_id": 209}
    )


async def test_a_subscription_ends_after_its_number_of_charges(api: Api, sandbox: Sandbox) -> None:
    sandbox.plant(
        [subscription(321, "2026-03-15", address_id=202, expire_after_specific_number_of_charges=2)]
    )
    await api.client.put("/_sandbox/clock", json={"now": "2026-04-16T12:00:00Z"})
    found = (await api.get("/subscriptions/321"))["subscription"]
    assert (found["status"], found["next_charge_scheduled_at"]) == ("expired", None)
    assert "status" in await api.refused("POST", "/subscriptions/321/activate")


async def test_a_gifted_delivery_goes_to_somebody_else_once(api: Api) -> None:
    friend = {**PLACE, "first_name": "Jo", "email": "jo@example.com"}
    body = {"purchase_item_ids": [301], "recipient_address": friend}
    [gift] = await api.post("/purchase_items/skip_gift", body)
    assert gift["next_charge_scheduled_at"] == "2026-03-20"
    assert await api.queued(gift["address_id"]) == {"2026-03-20": [gift["id"]]}
    assert await api.next_date(301) == "2026-04-20"


async def test_deleting_is_not_cancelling(api: Api) -> None:
    assert (await api.call("DELETE", "/subscriptions/301"))[0] == 204
    assert (await api.call("GET", "/subscriptions/301"))[0] == 404
    assert await api.queued() == {"2026-03-20": [302, 401]}


# Many at a time, in the older version


OLD = {"X-Recharge-Version": "2021-01"}


async def test_many_subscriptions_at_a_time_in_the_old_names(api: Api, sandbox: Sandbox) -> None:
    path = "/addresses/201/subscriptions-bulk"
    assert (await api.call("POST", path, {"subscriptions": []}))[0] == 426
    old = Api(sandbox, **OLD)
    item: Document = {
        "shopify_variant_id": 8002,
        "quantity": 1,
        "charge_interval_frequency": "2",
        "order_interval_frequency": "2",
        "order_interval_unit": "week",
        "next_charge_scheduled_at": "2026-03-20T00:00:00",
    }
    async with old.client:
        [created] = await old.post(path, {"subscriptions": [item]})
        assert (created["status"], created["shopify_variant_id"]) == ("ACTIVE", 8002)
        assert created["charge_interval_frequency"] == "2"
        assert created["next_charge_scheduled_at"] == "2026-03-20T00:00:00"
        [changed] = await old.put(path, {"subscriptions": [{"id": created["id"], "quantity": "3"}]})
        assert changed["quantity"] == 3
        gone = {"subscriptions": [{"id": created["id"]}], "send_email": False}
        assert (await old.call("DELETE", path, gone))[0] == 204
        too_many = {"subscriptions": [item] * 21}
        assert "subscriptions" in await old.refused("POST", path, too_many)
        strange = {"subscriptions": [{"id": 303, "quantity": 2}]}
        assert "subscriptions" in await old.refused("PUT", path, strange)
    assert await api.queued() == {"2026-03-20": [301, 302, 401]}


@pytest.mark.parametrize(
    ("start", "unit", "frequency", "expected"),
    [
        ("2027-01-31", "month", 1, "2027-02-28"),
        ("2028-01-31", "month", 1, "2028-02-29"),
        ("2027-11-30", "month", 3, "2028-02-29"),
        ("2026-12-31", "month", 12, "2027-12-31"),
        ("2026-03-01", "week", 2, "2026-03-15"),
        ("2026-03-01", "day", 30, "2026-03-31"),
    ],
)
def test_one_step_of_a_rhythm(start: str, unit: str, frequency: int, expected: str) -> None:
    assert step(date.fromisoformat(start), unit, frequency) == date.fromisoformat(expected)
