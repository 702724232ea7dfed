"""Every method of every resource, once, against a fresh demo shop."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.recharge import (
    Address,
    ChargeStatus,
    ExternalId,
    OrderStatus,
    RechargeClient,
    Refused,
    Subscription,
    SubscriptionStatus,
)
from tests.recharge.walkthrough_shop import catalogue, memberships, money, the_rest

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
    await memberships(client)
    await the_rest(client)


async def look_around(client: RechargeClient) -> None:
    """Every list, with all that can come along."""
    store = await client.store.get()
    assert store.timezone.iana_name == "America/New_York"
    assert (await client.store.settings()).customer_portal.subscription.skip_scheduled_order
    [canada] = [one for one in await client.store.shipping_countries() if one.code == "CA"]
    assert ("Quebec", "QC") in {(one.name, one.code) for one in canada.provinces}
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
    with pytest.raises(Refused):  # no payment here is only authorised
        await client.charges.capture_payment(moved.id)
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
    sent = await client.orders.list(customer_id=103, status=OrderStatus.SUCCESS).first()
    assert sent is not None
    again = await client.orders.clone(sent.id, delayed.scheduled_at + timedelta(days=7))
    await client.orders.update(again.id, scheduled_at=delayed.scheduled_at + timedelta(days=14))
    await client.orders.delete(again.id)
