"""The twelve customers of the demo's shop, as the mirror has them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from app.mirror import Delivery, DeliveryStatus, Mirror, Snapshot
from app.recharge import DeliverySchedule, SubscriptionStatus
from tests.mirror.conftest import Upstream

AHEAD = timedelta(days=200)

Story = Callable[[Snapshot, tuple[Delivery, ...]], bool]


def active(snapshot: Snapshot) -> int:
    return sum(one.status == SubscriptionStatus.ACTIVE for one in snapshot.subscriptions)


STORIES: dict[int, tuple[str, Story]] = {
    101: ("Mara", lambda of, plan: active(of) >= 8 and len(of.addresses) == 2),
    102: ("Jonas", lambda of, plan: not of.orders and plan[0].status is DeliveryStatus.QUEUED),
    103: ("Priya", lambda of, plan: any(item.is_prepaid for item in plan[0].items)),
    104: ("Tom", lambda of, plan: plan[0].status is DeliveryStatus.FAILED),
    105: ("Elena", lambda of, plan: bool(of.subscriptions) and not active(of) and not plan),
    106: ("Sam", lambda of, plan: len({delivery.address_id for delivery in plan}) == 2),
    107: ("Claire", lambda of, plan: {one.total.currency for one in plan} == {"EUR", "USD"}),
    108: ("Hannah", lambda of, plan: any(address.is_gift for address in of.addresses)),
    109: ("ليلى", lambda of, plan: of.customer.last_name == "حداد" and bool(plan)),
    110: ("美咲", lambda of, plan: of.addresses[0].country_code == "JP" and bool(plan)),
    111: ("Walter", lambda of, plan: len(of.orders) == 50 and of.has_more_orders),
    112: ("Ada", lambda of, plan: not (of.addresses or of.subscriptions or of.orders or plan)),
}


@pytest.mark.parametrize("id", STORIES)
async def test_a_snapshot_holds_what_recharge_holds(
    mirror: Mirror, upstream: Upstream, id: int
) -> None:
    await mirror.customer(id).snapshot()
    found = await mirror.customer(id).snapshot()
    today = mirror.today(found.shop)
    name, is_told = STORIES[id]
    assert found.customer.first_name == name
    assert is_told(found, found.schedule(today, today + AHEAD))

    client = upstream.client
    assert found.addresses == by_id(await client.addresses.list(customer_id=id).all())
    methods = by_id(await client.payment_methods.list(customer_id=id).all())
    assert [one.id for one in found.payment_methods] == [one.id for one in methods]
    assert found.subscriptions == by_id(await client.subscriptions.list(customer_id=id).all())
    assert found.onetimes == by_id(await client.onetimes.list(customer_id=id).all())
    open_ones = ["queued", "skipped", "error", "pending"]
    charges = await client.charges.list(customer_id=id, status=open_ones).all()
    assert found.charges == by_id(charges)
    assert found.orders == (await client.orders.list(customer_id=id).page()).records


def by_id(records: list[Any]) -> tuple[Any, ...]:
    return tuple(sorted(records, key=lambda record: int(record.id)))


@pytest.mark.parametrize("id", STORIES)
async def test_the_schedule_is_recharges_own(mirror: Mirror, upstream: Upstream, id: int) -> None:
    """Recharge's schedule, asked for in the test only: pages do without the call."""
    found = await mirror.customer(id).snapshot()
    today = mirror.today(found.shop)
    theirs = await upstream.client.customers.delivery_schedule(
        id, date_min=today, date_max=today + AHEAD, delivery_count_future=500
    )
    ahead = [day for day in found.schedule(today, today + AHEAD) if day.date >= today]
    assert items_of(ahead) == items_of_schedule(theirs)


def items_of(plan: list[Delivery]) -> list[tuple[str, int | None, int | None, bool]]:
    """Date, address, item and whether it is skipped, of what is to come."""
    return sorted(
        (
            delivery.date.isoformat(),
            delivery.address_id,
            item.purchase_item_id,
            delivery.status is DeliveryStatus.SKIPPED,
        )
        for delivery in plan
        for item in delivery.items
    )


def items_of_schedule(
    schedule: DeliverySchedule,
) -> list[tuple[str, int | None, int | None, bool]]:
    return sorted(
        (delivery.date.isoformat(), order.address_id, line.subscription_id, line.is_skipped)
        for delivery in schedule.deliveries
        for order in delivery.orders
        for line in order.line_items
        if delivery.date is not None
    )
