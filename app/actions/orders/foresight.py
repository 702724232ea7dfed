"""Records as they will be once a charge is paid, and once prepaid deliveries have moved. Pure.

- A paid charge is gone from what is to come. Its subscriptions have the next date of their rhythm
  that is not skipped; after a late payment, dates that have passed meanwhile are not charged for.
- Its one-time products are done with.
- Prepaid goods: the deliveries after the first become orders that wait for their day.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, time

from app.actions.foresight import NEW_ID, next_free_date, without_charge
from app.mirror import Snapshot, charge_rhythm, delivery_rhythm
from app.recharge import Charge, LineItem, Order, OrderCharge, OrderStatus, Subscription


def with_paid_charge(snapshot: Snapshot, charge: Charge, today: date) -> Snapshot:
    """The records after this charge was paid today."""
    day = charge.scheduled_at
    if day is None:
        return snapshot
    ids = {line.purchase_item_id for line in charge.line_items}
    after = without_charge(snapshot, charge)
    moved = {
        one.id: _moved_on(after, one, day, today if charge.charge_attempts else None)
        for one in after.subscriptions
        if one.id in ids and (one.status, one.next_charge_scheduled_at) == ("active", day)
    }
    return with_orders(
        replace(
            after,
            subscriptions=tuple(moved.get(one.id, one) for one in after.subscriptions),
            onetimes=tuple(one for one in after.onetimes if one.id not in ids),
        ),
        _later_orders(snapshot, charge, day),
    )


def with_orders(snapshot: Snapshot, orders: Iterable[Order]) -> Snapshot:
    """The records with these orders that wait for their day, in the place of those with their
    ids, or beside the others."""
    known = {order.id: order for order in snapshot.prepaid_orders}
    known |= {order.id: order for order in orders}
    documents = (
        json.dumps(order.model_dump(mode="json", exclude_unset=True, exclude={"include"}))
        for _, order in sorted(known.items())
    )
    return replace(snapshot, coming_documents=tuple(documents))


def moment_of(snapshot: Snapshot, day: date) -> datetime:
    """The start of a day in the shop's zone, as orders are scheduled."""
    return datetime.combine(day, time.min, tzinfo=snapshot.shop.timezone)


def _moved_on(
    snapshot: Snapshot, one: Subscription, day: date, not_before: date | None
) -> Subscription:
    following = next_free_date(snapshot, one, day)
    while not_before is not None and following is not None and following <= not_before:
        following = next_free_date(snapshot, one, following)
    return one.model_copy(
        update={"next_charge_scheduled_at": following, "max_retries_reached": False}
    )


def _later_orders(snapshot: Snapshot, charge: Charge, day: date) -> list[Order]:
    """What a charge pays for that is not sent with it."""
    parcels: dict[date, list[LineItem]] = {}
    for line in charge.line_items:
        one = snapshot.subscription(line.purchase_item_id)
        if one is None or not one.is_prepaid:
            continue
        rhythm = delivery_rhythm(one)
        due: date | None = day
        for _ in range(charge_rhythm(one).every // rhythm.every - 1 if rhythm.every else 0):
            due = rhythm.after(due) if due else None
            if due:
                parcels.setdefault(due, []).append(line)
    return [
        Order(
            id=NEW_ID + number,
            address_id=charge.address_id,
            charge=OrderCharge(id=charge.id),
            currency=charge.currency,
            customer=charge.customer,
            is_prepaid=True,
            line_items=tuple(lines),
            scheduled_at=moment_of(snapshot, due),
            status=OrderStatus.QUEUED,
            total_price=charge.total_price * 0,
        )
        for number, (due, lines) in enumerate(sorted(parcels.items()))
    ]


def by_day(snapshot: Snapshot, address_id: int, day: date) -> tuple[Order, ...]:
    """The orders that wait for a day, of an address, by id."""
    return tuple(
        order
        for order in snapshot.prepaid_orders
        if order.address_id == address_id and day_of(snapshot, order) == day
    )


def day_of(snapshot: Snapshot, order: Order) -> date | None:
    """The day of an order in the shop's zone."""
    moment = order.scheduled_at
    return moment.astimezone(snapshot.shop.timezone).date() if moment else None


def moved(snapshot: Snapshot, days: Mapping[int, date]) -> Snapshot:
    """The records with these orders, by id, on other days."""
    return with_orders(
        snapshot,
        (
            order.model_copy(update={"scheduled_at": moment_of(snapshot, days[order.id])})
            for order in snapshot.prepaid_orders
            if order.id in days
        ),
    )
