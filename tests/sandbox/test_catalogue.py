"""Products, plans, collections, and the smaller nouns."""

from __future__ import annotations

import pytest

from app.sandbox import Sandbox
from tests.sandbox.small import Api


async def test_products_are_known_by_their_outside_id(api: Api) -> None:
    product = (await api.get("/products/7001"))["product"]
    assert product["title"] == "Coffee"
    listed = await api.get("/products", external_product_ids="7002, 7001")
    assert [each["title"] for each in listed["products"]] == ["Tea", "Coffee"]
    body = {"external_product_id": "7009", "title": "Mug", "variants": []}
    assert (await api.post("/products", body))["vendor"] is None
    assert "external_product_id" in await api.refused("POST", "/products", body)
    assert (await api.put("/products/7009", {"title": "Cup"}))["title"] == "Cup"
    assert (await api.call("DELETE", "/products/7009"))[0] == 204
    assert (await api.call("GET", "/products/7009"))[0] == 404


async def test_plans_one_and_many(api: Api) -> None:
    plan = (await api.get("/plans", external_product_id="7001"))["plans"][0]
    assert plan["subscription_preferences"]["interval_unit"] == "week"
    assert plan["channel_settings"]["customer_portal"] == {"display": True}
    path = "/products/7002/plans-bulk"
    fresh = {"title": "Monthly", "type": "subscription", "discount_amount": "5"}
    status, body = await api.call("POST", path, {"plans": [fresh, fresh]})
    assert status == 201
    first, second = body["plans"]
    changed = await api.put(path, {"plans": [{"id": first["id"], "title": "Each month"}]})
    assert changed[0]["title"] == "Each month"
    assert "plans" in await api.refused("PUT", path, {"plans": [{"id": plan["id"]}]})
    gone = {"plan_ids": [{"id": first["id"]}, {"id": second["id"]}]}
    assert (await api.call("DELETE", path, gone))[0] == 204
    assert (await api.get("/plans", external_product_id="7002"))["plans"] == []


async def test_collections_hold_products(api: Api) -> None:
    created = await api.post("/collections", {"title": "Hot drinks"})
    path = f"/collections/{created['id']}/collection_products-bulk"
    body = {"collection_products": [{"external_product_id": "7001"}]}
    await api.post(path, body)
    await api.post(f"/collections/{created['id']}/products", body)
    inside = await api.get("/collection_products", collection_id=created["id"])
    assert [each["external_product_id"] for each in inside["collection_products"]] == ["7001"]
    assert (await api.call("DELETE", path, body))[0] == 204
    inside = await api.get("/collection_products", collection_id=created["id"])
    assert inside["collection_products"] == []


async def test_credits_are_spent_and_summed_up(api: Api) -> None:
    account = await api.post(
        "/credit_accounts", {"customer_id": 101, "initial_balance": "20", "type": "reward"}
    )
    assert account["available_balance"] == "20.00"
    path = f"/credit_accounts/{account['id']}/credit_adjustments"
    spent = await api.post(path, {"amount": "7.50", "type": "debit"})
    assert spent["ending_balance"] == "12.50"
    assert "amount" in await api.refused("POST", path, {"amount": "100", "type": "debit"})
    assert len((await api.get(path))["credit_adjustments"]) == 1
    await api.post(
        "/credit_accounts",
        {"customer_id": 101, "initial_balance": "9", "expires_at": "2026-01-01T00:00:00Z"},
    )
    found = await api.get("/customers/101/credit_summary", include="credit_details")
    summary = found["credit_summary"]
    assert summary["total_available_balance"] == "12.50", "what has expired does not count"
    assert len(summary["include"]["credit_details"]) == 2


async def test_a_bundle_s_choice(api: Api) -> None:
    item = {
        "collection_id": "1",
        "collection_source": "shopify",
        "external_product_id": "7002",
        "external_variant_id": "8003",
        "quantity": 2,
    }
    made = await api.post("/bundle_selections", {"purchase_item_id": 301, "items": [item]})
    assert made["external_product_id"] == "7001", "a plain text on this noun"
    assert made["items"][0]["price"] == "10.00"
    found = await api.get("/bundle_selections", purchase_item_ids="301")
    assert [each["id"] for each in found["bundle_selections"]] == [made["id"]]
    only = await api.get("/subscriptions", bundles_only="true", include="bundle_selections")
    assert [each["id"] for each in only["subscriptions"]] == [301]
    assert "purchase_item_id" in await api.refused(
        "POST", "/bundle_selections", {"purchase_item_id": 999, "items": [item]}
    )


async def test_metafields_come_flat_or_wrapped(api: Api) -> None:
    field = {
        "key": "roast",
        "namespace": "taste",
        "owner_id": 101,
        "owner_resource": "customer",
        "value": "dark",
        "value_type": "string",
    }
    flat = await api.post("/metafields", field)
    wrapped = await api.post("/metafields", {"metafield": {**field, "key": "grind"}})
    assert (flat["value"], wrapped["key"]) == ("dark", "grind")
    assert "owner_resource" in await api.refused("GET", "/metafields")
    listed = await api.get("/metafields", owner_resource="customer", owner_id=101)
    assert len(listed["metafields"]) == 2
    customer = (await api.get("/customers/101", include="metafields"))["customer"]
    assert len(customer["include"]["metafields"]) == 2


async def test_retention_strategies(api: Api) -> None:
    made = await api.post("/retention_strategies", {"reason": "Too much", "prevention_text": "?"})
    assert made["cancellation_flow_type"] == "subscription"
    path = f"/retention_strategies/{made['id']}"
    assert (await api.put(path, {"incentive_type": "discount"}))["incentive_type"] == "discount"
    assert "incentive_type" in await api.refused("PUT", path, {"incentive_type": "flowers"})


async def test_the_store_and_its_settings(api: Api, sandbox: Sandbox) -> None:
    assert (await api.get("/store"))["store"]["timezone"]["iana_name"] == "America/New_York"
    changes = {"customer_portal": {"subscription": {"skip_scheduled_order": False}}}
    await api.client.put("/_sandbox/shop_settings", json=changes)
    more = {"customer_portal": {"discount_input": True}}
    await api.client.put("/_sandbox/shop_settings", json={"shop_settings": more})
    portal = (await api.get("/shop/settings"))["shop_settings"]["customer_portal"]
    assert portal["subscription"]["skip_scheduled_order"] is False
    assert portal["discount_input"] is True


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"customer_portal": "off"}, {"customer_portal": ["Invalid input type."]}),
        ({"customer_portal": None}, {"customer_portal": ["Invalid input type."]}),
        (
            {"customer_portal": {"subscription": False}},
            {"customer_portal": {"subscription": ["Invalid input type."]}},
        ),
        (
            {"customer_portal": {"subscription": {"skip_scheduled_order": "false"}}},
            {
                "customer_portal": {
                    "subscription": {"skip_scheduled_order": ["Not a valid boolean."]}
                }
            },
        ),
        (
            {"customer_portal": {"discount_input": None, "onetime": {"enabled": 1}}},
            {
                "customer_portal": {
                    "discount_input": ["Not a valid boolean."],
                    "onetime": {"enabled": ["Not a valid boolean."]},
                }
            },
        ),
    ],
)
async def test_settings_keep_their_shape(api: Api, changes: object, errors: object) -> None:
    """Also in a shop without the seed, where most switches have not been set yet."""
    before = (await api.client.get("/_sandbox/shop_settings")).json()
    answer = await api.client.put("/_sandbox/shop_settings", json=changes)
    assert (answer.status_code, answer.json()) == (422, {"errors": errors})
    assert (await api.client.get("/_sandbox/shop_settings")).json() == before


async def test_settings_that_are_no_switches_may_be_anything(api: Api) -> None:
    portal = {"subscription": {"edit_order_frequency": "Limited"}, "new_in_spring": {"depth": 3}}
    answer = await api.client.put("/_sandbox/shop_settings", json={"customer_portal": portal})
    assert answer.status_code == 200
    shown = answer.json()["shop_settings"]["customer_portal"]
    assert shown["subscription"] == {"edit_order_frequency": "Limited"}
    assert shown["new_in_spring"] == {"depth": 3}
