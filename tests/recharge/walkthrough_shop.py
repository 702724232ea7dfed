"""Every method of the resources that belong to the shop rather than to one customer."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from app.recharge import ExternalId, RechargeClient


async def catalogue(client: RechargeClient) -> None:
    product = await client.products.create(
        external_product_id="7999",
        title="Test roast",
        variants=[{"external_variant_id": "8999", "title": "", "prices": {"unit_price": "9.00"}}],
    )
    assert (await client.products.get("7999")).title == product.title
    assert (await client.products.update("7999", title="Last roast")).title == "Last roast"
    assert len(await client.products.list(external_product_ids=["7001", "7999"]).all()) == 2
    rhythm: Any = {
        "charge_interval_frequency": 1, "order_interval_frequency": 1, "interval_unit": "month",
    }  # fmt: skip
    plan = await client.plans.create(
        external_product_id=ExternalId(ecommerce="7999"),
        title="Monthly",
        type="subscription",
        subscription_preferences=rhythm,
    )
    assert (await client.plans.get(plan.id)).title == "Monthly"
    await client.plans.update(plan.id, title="Every month")
    more = await client.plans.create_many(
        "7999", [{"title": "M", "type": "subscription", "subscription_preferences": rhythm}]
    )
    await client.plans.update_many("7999", [{"id": more[0].id, "title": "Every month"}])
    assert len(await client.plans.list(external_product_id="7999").all()) == 2
    await client.plans.delete_many("7999", [more[0].id])
    await client.plans.delete(plan.id)
    collection = await client.collections.create(title="Tests", type="manual")
    await client.collections.update(collection.id, description="Only here")
    assert (await client.collections.get(collection.id)).description == "Only here"
    assert await client.collections.list().first()
    await client.collections.add_products(collection.id, ["7001", "7999"])
    assert len(await client.collections.products(collection.id).all()) == 2
    await client.collections.remove_products(collection.id, ["7999"])
    await client.collections.delete(collection.id)
    await client.products.delete("7999")


async def money(client: RechargeClient) -> None:
    discount = await client.discounts.create(
        code="WALK10", value=Decimal("10"), value_type="percentage", status="enabled"
    )
    assert (await client.discounts.get(discount.id)).value == Decimal("10.00")
    await client.discounts.update(discount.id, status="disabled")
    assert await client.discounts.list(discount_code="WALK10").first()
    await client.discounts.delete(discount.id)
    account = await client.credit_accounts.create(
        customer_id=101, initial_balance=Decimal("20"), type="manual", name="Sorry!"
    )
    await client.credit_accounts.update(account.id, name="Thank you!")
    await client.credit_adjustments.create(account.id, amount=Decimal("7.50"), type="debit")
    assert (await client.credit_accounts.get(account.id)).available_balance == Decimal("12.50")
    assert await client.credit_accounts.list(customer_id=101, include=["customer"]).all()
    assert len(await client.credit_adjustments.list_of_account(account.id).all()) == 1
    assert await client.credit_adjustments.list().all()
    summary = await client.customers.credit_summary(101, include=["credit_details"])
    assert summary.total_available_balance is not None
    assert summary.total_available_balance >= Decimal("12.50")


async def memberships(client: RechargeClient) -> None:
    (program,) = await client.membership_programs.list(
        include=["collections", "membership_benefits"]
    ).all()
    assert [one.name for one in program.benefits][:1] == ["Free shipping"]
    again = await client.membership_programs.get(program.id, include=["membership_benefits"])
    assert again.benefits == program.benefits
    every = await client.memberships.list(include_cancelled=True).all()
    (going,) = await client.memberships.list(customer_id=101).all()
    assert len(every) == 3
    assert not going.is_cancelled
    cancelled = await client.memberships.cancel(
        going.id,
        cancellation_reason="Test",
        cancellation_reason_comments="A walk.",
        expires_at=going.expires_at,
    )
    assert (cancelled.is_cancelled, cancelled.status) == (True, "active")
    assert await client.memberships.list(customer_id=101).all() == []
    assert (await client.memberships.get(going.id)).cancellation_reason == "Test"
    active = await client.memberships.activate(going.id)
    assert active.next_charge_scheduled_at == going.next_charge_scheduled_at


async def the_rest(client: RechargeClient) -> None:
    field = await client.metafields.create(
        owner_resource="customer", owner_id=101, namespace="walk", key="steps", value="7",
        value_type="integer",
    )  # fmt: skip
    await client.metafields.update(field.id, value="8")
    assert (await client.metafields.get(field.id)).owner_id == 101
    assert await client.metafields.list(owner_resource="customer", owner_id=101).all()
    await client.metafields.delete(field.id)
    strategy = await client.retention_strategies.create(reason="Test", prevention_text="Stay?")
    await client.retention_strategies.update(strategy.id, incentive_type="skip_charge")
    assert (await client.retention_strategies.get(strategy.id)).reason == "Test"
    assert await client.retention_strategies.list().all()
    await client.retention_strategies.delete(strategy.id)
    selection = await client.bundle_selections.list().first()
    assert selection is not None
    assert selection.purchase_item_id is not None
    items: Any = [
        {
            "collection_id": item.collection_id, "collection_source": "shopify",
            "external_product_id": item.external_product_id,
            "external_variant_id": item.external_variant_id, "quantity": item.quantity,
        }
        for item in selection.items
    ]  # fmt: skip
    assert (await client.bundle_selections.get(selection.id)).items == selection.items
    assert (await client.bundle_selections.update(selection.id, items=items)).id == selection.id
    other = await client.bundle_selections.create(
        purchase_item_id=selection.purchase_item_id, items=items
    )
    await client.bundle_selections.delete(other.id)
    hook = await client.webhooks.create(
        address="http://127.0.0.1:9/hooks", topic="subscription/updated", included_objects=[]
    )
    await client.webhooks.update(hook.id, address="http://127.0.0.1:9/other")
    assert (await client.webhooks.get(hook.id)).address == "http://127.0.0.1:9/other"
    assert len(await client.webhooks.list().all()) == 1
    await client.webhooks.test(hook.id)
    await client.webhooks.delete(hook.id)
