"""Customers, addresses, payment methods and one-times."""

from __future__ import annotations

import pytest

from app.sandbox import Sandbox
from tests.sandbox.small import PLACE, Api, card, items

RECORDED_REQUIRED = (
    "city, country_code, first_name, province, last_name, customer_id, address1 are required "
    "fields."
)


async def test_customer_errors_have_their_recorded_shapes(api: Api) -> None:
    fresh = {"email": "mara@example.com", "first_name": "M", "last_name": "L"}
    assert await api.refused("POST", "/customers", fresh) == {
        "email": "email already exists on store"
    }
    assert await api.refused("PUT", "/customers/101", {"first_name": ""}) == {
        "first_name": ["Shorter than minimum length 1."]
    }
    assert await api.refused("PUT", "/customers/101", {"firstname": "M"}) == {
        "firstname": ["Unknown field."]
    }
    assert await api.refused("DELETE", "/customers/101") == {
        "subscriptions": ["Customer has active subscriptions"]
    }


async def test_a_customer_keeps_count(api: Api) -> None:
    customer = (await api.get("/customers/101"))["customer"]
    assert customer["subscriptions_active_count"] == 3
    assert customer["subscriptions_total_count"] == 3
    assert customer["has_valid_payment_method"] is True
    await api.post("/subscriptions/301/cancel", {"cancellation_reason": "x"})
    customer = (await api.get("/customers/101"))["customer"]
    assert customer["subscriptions_active_count"] == 2
    assert customer["subscriptions_total_count"] == 3


async def test_an_address_without_its_fields(api: Api) -> None:
    assert await api.refused("POST", "/addresses", {}) == {
        "_schema": [RECORDED_REQUIRED, RECORDED_REQUIRED]
    }
    assert await api.refused("PUT", "/addresses/201", {"address1": None}) == {
        "address1": ["Field may not be null."]
    }
    assert "country" in await api.refused("PUT", "/addresses/201", {"country": "Germany"})


async def test_a_new_address_has_no_card_until_it_is_given_one(api: Api, sandbox: Sandbox) -> None:
    created = await api.post("/addresses", {**PLACE, "customer_id": 101})
    assert created["payment_method_id"] is None
    path = f"/addresses/{created['id']}"
    assert (await api.put(path, {"payment_method_id": 601}))["payment_method_id"] == 601
    assert "payment_method_id" in await api.refused("PUT", path, {"payment_method_id": 999})
    assert (await api.call("DELETE", path))[0] == 204


async def test_an_address_in_use_stays(api: Api) -> None:
    assert await api.refused("DELETE", "/addresses/201") == {
        "subscriptions": ["Address has active subscriptions"]
    }


async def test_a_changed_address_shows_on_its_charges(api: Api) -> None:
    await api.put("/addresses/201", {"address1": "2 Side Street"})
    charge = await api.charge(address_id=201)
    assert charge["shipping_address"]["address1"] == "2 Side Street"
    lines = [{"code": "express", "price": "12.5", "title": "Express"}]
    await api.put("/addresses/201", {"shipping_lines_override": lines})
    charge = await api.charge(address_id=201)
    assert charge["shipping_lines"][0]["price"] == "12.50"
    assert charge["total_price"] == "58.50"


async def test_addresses_are_merged(api: Api) -> None:
    body = {
        "target_address": {"id": 201},
        "source_addresses": [{"id": 202}],
        "delete_source_addresses": True,
        "next_charge_date": "2026-03-20",
    }
    merged = await api.post("/addresses/merge", body)
    assert merged["id"] == 201
    assert (await api.call("GET", "/addresses/202"))[0] == 404
    assert await api.queued() == {"2026-03-20": [301, 302, 303, 401]}
    assert "source_addresses" in await api.refused(
        "POST", "/addresses/merge", {**body, "source_addresses": [{"id": 201}]}
    )
    eleven = [{"id": 202}] * 11
    assert "source_addresses" in await api.refused(
        "POST", "/addresses/merge", {**body, "source_addresses": eleven}
    )


async def test_addresses_of_two_currencies_do_not_merge(api: Api, sandbox: Sandbox) -> None:
    euro = {"id": 203, "customer_id": 101, "presentment_currency": "EUR", **PLACE}
    sandbox.plant([("addresses", euro)])
    body = {"target_address": {"id": 201}, "source_addresses": [{"id": 202}, {"id": 203}]}
    assert "source_addresses" in await api.refused("POST", "/addresses/merge", body)
    assert await api.queued(202) == {"2026-04-01": [303]}, "nothing moved"


# Payment methods

NEW_CARD = {
    "customer_id": 101,
    "payment_type": "CREDIT_CARD",
    "processor_name": "stripe",
    "processor_customer_token": "cus_1",
    "processor_payment_method_token": "pm_card_mastercard",
}


async def test_a_new_card_comes_as_tokens_and_attaches_where_told(api: Api) -> None:
    strange = {**NEW_CARD, "processor_customer_token": "tok_1"}
    assert await api.refused("POST", "/payment_methods", strange) == {
        "processor_customer_token": ["Not found"]
    }
    created = await api.post(
        "/payment_methods", {**NEW_CARD, "default": True, "address_ids": [201]}
    )
    assert created["payment_details"]["brand"] == "mastercard"
    assert "+" not in created["created_at"], "this noun writes moments without an offset"
    assert (await api.get("/addresses/201"))["address"]["payment_method_id"] == created["id"]
    assert (await api.get("/addresses/202"))["address"]["payment_method_id"] == 601
    old = (await api.get("/payment_methods/601"))["payment_method"]
    assert (created["default"], old["default"]) == (True, False)
    assert "card_number" in await api.refused(
        "PUT", "/payment_methods/601", {"card_number": "4242424242424242"}
    )


async def test_a_billing_address_replaces_the_old_one(api: Api) -> None:
    billing = {**PLACE, "address1": "9 Bank Street"}
    changed = await api.put("/payment_methods/601", {"billing_address": billing})
    assert changed["billing_address"]["country"] == "US"
    assert (await api.charge(address_id=201))["billing_address"]["address1"] == "9 Bank Street"
    nothing = {"billing_address": {**PLACE, "address1": None}}
    assert await api.refused("PUT", "/payment_methods/601", nothing) == {
        "billing_address": {"address1": ["Field may not be null."]}
    }


async def test_a_card_in_use_stays(api: Api, sandbox: Sandbox) -> None:
    assert await api.refused("DELETE", "/payment_methods/601") == {
        "address": ["Can not delete payment method associated with addresses"]
    }
    sandbox.plant([card(602, default=False)])
    assert (await api.call("DELETE", "/payment_methods/602"))[0] == 204
    assert (await api.call("GET", "/payment_methods/602"))[0] == 404
    listed = await api.get("/payment_methods", customer_id=101)
    assert [each["id"] for each in listed["payment_methods"]] == [601]
    deleted = await api.get("/payment_methods", customer_id=101, include_deleted="true")
    assert deleted["payment_methods"][0]["deleted_at"]


# One-times

EXTRA = {"address_id": 202, "external_variant_id": {"ecommerce": "8001"}, "quantity": 2}


async def test_a_onetime_joins_the_next_charge(api: Api) -> None:
    created = await api.post("/onetimes", {**EXTRA, "add_to_next_charge": True})
    assert created["next_charge_scheduled_at"] == "2026-04-01"
    assert (created["price"], created["product_title"]) == ("20.00", "Coffee")
    assert "status" not in created
    charge = await api.charge(address_id=202)
    assert sorted(items(charge)) == [303, created["id"]]
    path = f"/onetimes/{created['id']}"
    assert (await api.put(path, {"quantity": 1}))["quantity"] == 1
    moved = await api.put(path, {"next_charge_scheduled_at": "2026-04-05"})
    assert moved["next_charge_scheduled_at"] == "2026-04-05"
    assert await api.queued(202) == {"2026-04-01": [303], "2026-04-05": [created["id"]]}
    assert (await api.call("DELETE", path))[0] == 204
    assert await api.queued(202) == {"2026-04-01": [303]}


async def test_a_onetime_is_told_when_exactly_once(api: Api) -> None:
    both = {**EXTRA, "add_to_next_charge": True, "next_charge_scheduled_at": "2026-04-01"}
    for body in (EXTRA, both):
        assert "next_charge_scheduled_at" in await api.refused("POST", "/onetimes", body)
    await api.post("/subscriptions/303/cancel", {"cancellation_reason": "x"})
    assert "add_to_next_charge" in await api.refused(
        "POST", "/onetimes", {**EXTRA, "add_to_next_charge": True}
    )


@pytest.mark.parametrize("token", ["cus_", "cus_unknown", "cus_unknown_123"])
@pytest.mark.parametrize("processor", ["stripe", "braintree"])
async def test_a_card_of_nobody(api: Api, token: str, processor: str) -> None:
    body = {**NEW_CARD, "processor_name": processor, "processor_customer_token": token}
    assert await api.refused("POST", "/payment_methods", body) == {
        "processor_customer_token": ["Not found"]
    }
