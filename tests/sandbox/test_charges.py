"""Charges: discounts, gifts, processing, refunds, moves; and their orders."""

from __future__ import annotations

from app.sandbox import Sandbox
from tests.sandbox.small import Api, Document, items


async def queued_at(api: Api, address_id: int) -> Document:
    return await api.charge(address_id=address_id, status="queued")


async def test_a_code_takes_its_part_off_and_comes_off_again(api: Api) -> None:
    charge = await queued_at(api, 201)
    path = f"/charges/{charge['id']}"
    cheaper = await api.post(f"{path}/apply_discount", {"discount_code": "ten"})
    assert (cheaper["subtotal_price"], cheaper["total_discounts"]) == ("41.40", "4.60")
    assert cheaper["discounts"][0]["code"] == "TEN"
    assert "discount_code" in await api.refused(
        "POST", f"{path}/apply_discount", {"discount_code": "TEN"}
    )
    plain = await api.post(f"{path}/remove_discount")
    assert (plain["total_price"], plain["discounts"]) == (charge["total_price"], [])
    assert await api.refused("POST", f"{path}/apply_discount", {"discount_code": "NONE"}) == {
        "discount_code": ["Not found"]
    }


async def test_a_code_on_a_charge_is_lost_when_it_regenerates(api: Api) -> None:
    charge = await queued_at(api, 201)
    await api.post(f"/charges/{charge['id']}/apply_discount", {"discount_id": 901})
    await api.put("/subscriptions/301", {"quantity": 2})
    assert (await queued_at(api, 201))["discounts"] == []


async def test_a_code_on_an_address_stands_on_every_charge(api: Api) -> None:
    address = await api.put("/addresses/201", {"discounts": [{"code": "TEN"}]})
    assert address["discounts"][0]["id"] == 901
    charge = await queued_at(api, 201)
    assert charge["total_discounts"] == "4.60"
    path = f"/charges/{charge['id']}"
    assert "discount_id" in await api.refused(
        "POST", f"{path}/apply_discount", {"discount_id": 901}
    )
    assert "discount" in await api.refused("POST", f"{path}/remove_discount")
    await api.put("/addresses/201", {"discounts": []})
    assert (await queued_at(api, 201))["discounts"] == []


async def test_a_discount_that_has_ended_cannot_be_used(api: Api) -> None:
    body = {
        "code": "OLD",
        "value": "5",
        "value_type": "fixed_amount",
        "ends_at": "2026-01-01T00:00:00Z",
    }
    ended = await api.post("/discounts", body)
    assert ended["status"] == "disabled"
    charge = await queued_at(api, 201)
    assert "discount_code" in await api.refused(
        "POST", f"/charges/{charge['id']}/apply_discount", {"discount_code": "OLD"}
    )
    assert "code" in await api.refused("POST", "/discounts", body)


async def test_processing_makes_an_order_and_queues_the_next(api: Api) -> None:
    charge = await queued_at(api, 201)
    paid = await api.post(f"/charges/{charge['id']}/process")
    assert (paid["status"], paid["charge_attempts"]) == ("success", 1)
    assert paid["processed_at"].endswith("+00:00")
    [order] = (await api.get("/orders", charge_id=charge["id"]))["orders"]
    assert (order["status"], order["total_price"]) == ("success", "46.00")
    assert order["scheduled_at"] == "2026-03-20T04:00:00+00:00", "the shop's midnight"
    assert order["charge"]["id"] == charge["id"]
    assert await api.queued() == {"2026-04-03": [302], "2026-04-20": [301]}
    assert (await api.get("/onetimes"))["onetimes"] == []
    assert "status" in await api.refused("POST", f"/charges/{charge['id']}/process")


async def test_a_prepaid_charge_pays_for_several_orders(api: Api) -> None:
    charge = await queued_at(api, 202)
    assert charge["orders_count"] == 3
    assert charge["shipping_lines"][0]["price"] == "14.70"
    await api.post(f"/charges/{charge['id']}/process")
    body = await api.get("/orders", charge_id=charge["id"], sort_by="scheduled_at-asc")
    orders = body["orders"]
    assert [each["scheduled_at"][:10] for each in orders] == [
        "2026-04-01",
        "2026-05-01",
        "2026-06-01",
    ]
    assert [each["status"] for each in orders] == ["success", "queued", "queued"]
    assert [each["total_price"] for each in orders] == ["13.90"] * 3
    assert await api.next_date(303) == "2026-07-01"
    delayed = await api.post(f"/orders/{orders[1]['id']}/delay")
    assert delayed["scheduled_at"][:10] == "2026-06-01"
    last = (await api.get(f"/orders/{orders[2]['id']}"))["order"]
    assert last["scheduled_at"][:10] == "2026-07-01"
    await api.client.put("/_sandbox/clock", json={"now": "2026-06-02T12:00:00Z"})
    sent = (await api.get(f"/orders/{orders[1]['id']}"))["order"]
    assert (sent["status"], sent["processed_at"][:10]) == ("success", "2026-06-01")
    clone = await api.post(f"/orders/{orders[0]['id']}/clone", {"scheduled_at": "2026-08-01"})
    assert (clone["status"], clone["scheduled_at"]) == ("queued", "2026-08-01T04:00:00+00:00")


async def test_refunds_in_part_and_whole(api: Api) -> None:
    charge = await queued_at(api, 201)
    path = f"/charges/{charge['id']}"
    assert "status" in await api.refused("POST", f"{path}/refund", {"amount": "1.00"})
    await api.post(f"{path}/process")
    part = await api.post(f"{path}/refund", {"amount": "10.00"})
    assert (part["status"], part["total_refunds"]) == ("partially_refunded", "10.00")
    [order] = (await api.get("/orders", charge_id=charge["id"]))["orders"]
    assert (order["status"], order["charge"]["status"]) == ("success", "partially_refunded")
    assert order["total_refunds"] == "10.00"
    assert "amount" in await api.refused("POST", f"{path}/refund", {"amount": "40.00"})
    whole = await api.post(f"{path}/refund", {"full_refund": True})
    assert (whole["status"], whole["total_refunds"]) == ("refunded", "46.00")


async def test_gifts_cost_nothing_and_can_be_taken_off(api: Api) -> None:
    charge = await queued_at(api, 201)
    path = f"/charges/{charge['id']}"
    gift = {"free_gifts": [{"external_variant_id": "8002", "quantity": 1}]}
    richer = await api.post(f"{path}/add_free_gift", gift)
    assert [each["unit_price"] for each in richer["line_items"]].count("0.00") == 1
    assert richer["total_price"] == charge["total_price"]
    poorer = await api.post(f"{path}/remove_free_gift", {"external_variant_ids": ["8002"]})
    assert items(poorer) == items(charge)
    strange = {"free_gifts": [{"external_variant_id": "1"}]}
    assert "free_gifts" in await api.refused("POST", f"{path}/add_free_gift", strange)


async def test_a_moved_charge_keeps_its_id_unless_it_joins_another(api: Api) -> None:
    charge = await queued_at(api, 201)
    path = f"/charges/{charge['id']}/change_next_charge_date"
    moved = await api.post(path, {"next_charge_date": "2026-03-28"})
    assert (moved["id"], moved["scheduled_at"]) == (charge["id"], "2026-03-28")
    assert await api.queued() == {"2026-03-28": [301, 302, 401]}
    await api.post("/subscriptions/301/set_next_charge_date", {"date": "2026-03-30"})
    joined = await api.post(path, {"next_charge_date": "2026-03-30"})
    assert joined["id"] != charge["id"]
    assert await api.queued() == {"2026-03-30": [301, 302, 401]}
    skipped = await api.post(f"/charges/{joined['id']}/skip")
    errors = await api.refused(
        "POST",
        f"/charges/{skipped['id']}/change_next_charge_date",
        {"next_charge_date": "2026-05-01"},
    )
    assert "one of queued, error" in errors["status"][0]


async def test_uncaptured_charges_are_captured(api: Api, sandbox: Sandbox) -> None:
    charge = await queued_at(api, 202)
    assert "status" in await api.refused("POST", f"/charges/{charge['id']}/capture_payment")
    sandbox.plant([("charges", {**charge, "status": "pending"})])
    paid = await api.post(f"/charges/{charge['id']}/capture_payment")
    assert paid["status"] == "success"


async def test_old_paid_charges_are_hidden_and_their_orders_stay(api: Api) -> None:
    charge = await queued_at(api, 201)
    await api.post("/subscriptions/301/cancel", {"cancellation_reason": "x"})
    await api.post("/subscriptions/302/cancel", {"cancellation_reason": "x"})
    await api.post(f"/charges/{charge['id']}/process")
    for day, status in (("2026-06-08", 200), ("2026-06-10", 404)):
        await api.client.put("/_sandbox/clock", json={"now": f"{day}T12:00:00Z"})
        assert (await api.call("GET", f"/charges/{charge['id']}"))[0] == status
        listed = await api.charges(ids=str(charge["id"]))
        assert len(listed) == (1 if status == 200 else 0)
    assert (await api.get("/orders", charge_id=charge["id"]))["orders"] != []
