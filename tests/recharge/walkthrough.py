"""Every method of every resource, once, against a fresh demo shop."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from app.recharge import (
    Address,
    ChargeStatus,
    ExternalId,
    OrderStatus,
    RechargeClient,
    Subscription,
    SubscriptionStatus,
)

HOME: Any = {
    "address1": "5 Harbour Row", "city": "Portland", "country_code": "US", "first_name": "Ada",
    "last_name": "Newton", "phone": "", "province": "Maine", "zip": "04101",
}  # fmt: skip


async def walk(client: RechargeClient) -> None:
    """All of it; what the shop holds is changed a good deal."""
    await look_around(client)
    await customers(client)
    await payment_methods(client)
    await catalogue(client)
    await subscriptions(client)
    await charges(client)
    await orders(client)
    await money(client)
    await the_rest(client)


async def look_around(client: RechargeClient) -> None:
    """Every list, with all that can come along."""
    store = await client.store.get()
    assert store.timezone.iana_name == "America/New_York"
    assert (await client.store.settings()).customer_portal.subscription.skip_scheduled_order
    assert "read_customers" in (await client.token_information.get()).scopes
    people = await client.customers.list(
        include=["addresses", "metafields", "payment_methods", "subscriptions"]
    ).all()
    assert len(people) == 12
    for address in await client.addresses.list(
        include=["charge_activities", "customer", "discount", "payment_methods", "subscriptions"]
    ).all():
        assert address.include.customer is not None
        assert address.include.customer.id == address.customer_id
    assert await client.subscriptions.list(
        include=[
            "address", "bundle_product", "bundle_selections", "charge_activities", "customer",
            "metafields",
        ]
    ).all()  # fmt: skip
    for charge in await client.charges.list(
        limit=250,
        include=[
            "charge_activities", "customer", "metafields", "payment_methods", "subscriptions",
        ],
    ).all():  # fmt: skip
        assert charge.status.is_known
    history = client.orders.list(
        customer_id=111, limit=100, include=["customer", "metafields", "subscriptions"]
    )
    assert len({order.id for order in await history.all()}) >= 400
    assert await client.onetimes.list(
        include=[
            "address", "bundle_product", "bundle_selections", "charge_activities", "customer",
            "metafields",
        ]
    ).all()  # fmt: skip
    assert await client.payment_methods.list(include=["addresses"]).all()


async def customers(client: RechargeClient) -> None:
    made = await client.customers.create(
        email="grace@example.com", first_name="Grace", last_name="Hopper", phone=None
    )
    assert await client.customers.list(email="grace@example.com").first() == made
    renamed = await client.customers.update(made.id, last_name="Murray")
    assert (await client.customers.get(made.id)).last_name == renamed.last_name == "Murray"
    await client.notifications.send(102, "upcoming_charge", charge_id=(await _queued(client, 102)))
    address = await client.addresses.create(customer_id=made.id, **HOME)
    assert (await client.addresses.get(address.id)).city == "Portland"
    moved = await client.addresses.update(address.id, commit=True, city="Bath")
    assert moved.city == "Bath"
    other = await client.addresses.create(customer_id=made.id, **HOME)
    merged = await client.addresses.merge(
        address.id, [other.id], delete_source_addresses=True, next_charge_date=None
    )
    assert merged.id == address.id
    await client.addresses.delete(address.id)
    await client.customers.delete(made.id)


async def _queued(client: RechargeClient, customer_id: int) -> int:
    charge = await client.charges.list(customer_id=customer_id, status="queued").first()
    assert charge is not None
    return charge.id


async def payment_methods(client: RechargeClient) -> None:
    made = await client.payment_methods.create(
        customer_id=112,
        payment_type="CREDIT_CARD",
        processor_name="stripe",
        processor_customer_token="cus_112",
        processor_payment_method_token="pm_card_visa",
        default=True,
    )
    assert (await client.payment_methods.get(made.id)).customer_id == 112
    billed = await client.payment_methods.update(
        made.id, billing_address={**HOME, "address1": "6 Harbour Row"}
    )
    assert billed.billing_address is not None
    assert billed.billing_address.address1 == "6 Harbour Row"
    await client.payment_methods.delete(made.id)
    assert await client.payment_methods.list(customer_id=112, include_deleted=True).all()


async def catalogue(client: RechargeClient) -> None:
    product = await client.products.create(
        external_product_id="7999",
        title="Test roast",
        variants=[{"external_variant_id": "8999", "title": "", "prices": {"unit_price": "9.00"}}],
    )
    assert (await client.products.get("7999")).title == product.title
    assert (await client.products.update("7999", title="Last roast")).title == "Last roast"
    assert len(await client.products.list(external_product_ids=["7001", "7999"]).all()) == 2
    rhythm = {
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


def _in_days(days: int) -> date:
    return datetime.now(UTC).date() + timedelta(days=days)


async def subscriptions(client: RechargeClient) -> None:
    """A subscription's whole life, with a one-time beside it."""
    address, second = await client.addresses.list(customer_id=106).all()
    blend = ExternalId(ecommerce="8001")
    rhythm: Any = {
        "charge_interval_frequency": 1,
        "order_interval_frequency": 1,
        "order_interval_unit": "month",
    }
    made = await client.subscriptions.create(
        address_id=address.id,
        external_variant_id=blend,
        quantity=1,
        next_charge_scheduled_at=_in_days(20),
        **rhythm,
    )
    assert (await client.subscriptions.get(made.id)).next_charge_scheduled_at == _in_days(20)
    assert (await client.subscriptions.update(made.id, commit=True, quantity=3)).quantity == 3
    later = await client.subscriptions.set_next_charge_date(made.id, _in_days(25))
    assert later.next_charge_scheduled_at == _in_days(25)
    await _skip_ahead(client, address, later)
    skipped = await client.subscriptions.skip_charge(made.id, _in_days(25))
    assert skipped.status == ChargeStatus.SKIPPED
    assert (await client.subscriptions.change_address(made.id, second.id)).address_id == second.id
    given = await client.onetimes.skip_gift([made.id], {**HOME, "email": "ada@example.com"})
    assert len(given) == 1
    ended = await client.subscriptions.cancel(
        made.id, cancellation_reason="Too much", send_email=False
    )
    assert ended.status == SubscriptionStatus.CANCELLED
    assert (await client.subscriptions.activate(made.id)).status == SubscriptionStatus.ACTIVE
    onetime = await client.onetimes.create(
        address_id=second.id, external_variant_id=blend, quantity=1, add_to_next_charge=True
    )
    assert (await client.onetimes.update(onetime.id, quantity=2)).quantity == 2
    assert (await client.onetimes.get(onetime.id)).quantity == 2
    await client.onetimes.delete(onetime.id)
    await client.subscriptions.delete(made.id, send_email=False)
    await _several(client, address, blend, rhythm)


async def _skip_ahead(client: RechargeClient, address: Address, found: Subscription) -> None:
    """Skips the first date of a subscription that has no charge yet."""
    schedule = await client.customers.delivery_schedule(address.customer_id, future_interval=120)
    ahead = min(
        delivery.date
        for delivery in schedule.deliveries
        for order in delivery.orders
        if order.charge_id is None
        and found.id in {item.subscription_id for item in order.line_items}
    )
    charge = await client.addresses.skip_charge(address.id, date=ahead, subscription_ids=[found.id])
    assert (charge.status, charge.scheduled_at) == (ChargeStatus.SKIPPED, ahead)


async def _several(
    client: RechargeClient, address: Address, variant: ExternalId, rhythm: Any
) -> None:
    new: Any = {
        "address_id": address.id,
        "external_variant_id": variant,
        "quantity": 1,
        "next_charge_scheduled_at": _in_days(30),
        **rhythm,
    }
    made = await client.subscriptions_bulk.create(address.id, [new, new])
    changed = await client.subscriptions_bulk.update(
        address.id, [{"id": each.id, "quantity": 4} for each in made]
    )
    assert [each.quantity for each in changed] == [4, 4]
    assert changed[0].external_variant_id == variant
    await client.subscriptions_bulk.delete(address.id, [each.id for each in made])


async def charges(client: RechargeClient) -> None:
    found = await client.charges.list(customer_id=101, status=ChargeStatus.QUEUED).first()
    assert found is not None
    first = found.line_items[0].purchase_item_id
    assert first is not None
    assert (await client.charges.get(found.id)).line_items == found.line_items
    skipped = await client.charges.skip(found.id, purchase_item_ids=[first])
    assert skipped.status == ChargeStatus.SKIPPED
    back = await client.charges.unskip(skipped.id, purchase_item_ids=[first])
    assert back.status == ChargeStatus.QUEUED
    assert back.scheduled_at is not None
    code = await client.discounts.create(code="ONCE5", value=Decimal(5), value_type="fixed_amount")
    cheaper = await client.charges.apply_discount(back.id, discount_code=code.code)
    assert cheaper.discounts[0].code == "ONCE5"
    assert not (await client.charges.remove_discount(back.id)).discounts
    await client.charges.add_free_gift(
        back.id, free_gifts=[{"external_variant_id": {"ecommerce": "8001"}, "quantity": 1}]
    )
    await client.charges.remove_free_gift(back.id, external_variant_ids=["8001"])
    moved = await client.charges.change_next_charge_date(
        back.id, back.scheduled_at + timedelta(days=1)
    )
    paid = await client.charges.process(moved.id)
    assert paid.status == ChargeStatus.SUCCESS
    refunded = await client.charges.refund(paid.id, amount=Decimal("1.00"))
    assert refunded.status == ChargeStatus.PARTIALLY_REFUNDED


async def orders(client: RechargeClient) -> None:
    waiting = await client.orders.list(customer_id=103, status=OrderStatus.QUEUED).first()
    assert waiting is not None
    assert waiting.scheduled_at is not None
    assert (await client.orders.get(waiting.id)) == waiting
    delayed = await client.orders.delay(waiting.id)
    assert delayed.scheduled_at is not None
    assert delayed.scheduled_at > waiting.scheduled_at
    again = await client.orders.clone(waiting.id, delayed.scheduled_at + timedelta(days=7))
    await client.orders.update(again.id, scheduled_at=delayed.scheduled_at + timedelta(days=14))
    await client.orders.delete(again.id)


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
