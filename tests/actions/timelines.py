"""Two schedules side by side: what was foreseen, what the mirror holds, what the shop itself says.

Deliveries are compared by day, address, and whether they come; items by title, variant and
quantity, since Recharge gives new ones ids of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from app.actions import Situation
from app.mirror import Delivery
from app.mirror.delivery import group_of
from app.recharge import Address, DeliverySchedule, RechargeClient

DAYS = 400
"""How far schedules are compared, in days: the horizon of a situation."""


class Key(NamedTuple):
    """Which delivery it is. `group` is "due", "skipped", "failed", …"""

    day: date
    place: str
    group: str


class Item(NamedTuple):
    """What comes."""

    title: str
    variant: str
    quantity: int


Contents = dict[Key, list[Item]]


def differences(foreseen: Situation, after: Situation, unforeseen: Sequence[str] = ()) -> list[str]:
    """Where what was foreseen is not what came, a sentence each; none when it is the same.

    `unforeseen` are titles that count on neither side.
    """
    found = unlike(contents(foreseen, without=unforeseen), contents(after, without=unforeseen))
    one, other = _known(foreseen, unforeseen), _known(after, unforeseen)
    for key in sorted(one.keys() & other.keys()):
        found += [f"{' '.join(map(str, key))}: {text}" for text in _costs(one[key], other[key])]
    found += [f"payments: {one}" for one in sorted(payments(foreseen) ^ payments(after))]
    mine, theirs = (_memberships(each) for each in (foreseen, after))
    return found + [
        f"membership {id}: {mine[id]}, and then {theirs.get(id)}"
        for id in mine
        if mine[id] != theirs.get(id)
    ]


def payments(situation: Situation) -> set[str]:
    """What pays where, and what there is to pay with, as a customer would tell it."""
    snapshot = situation.snapshot
    named = {
        one.id: f"{one.payment_details.brand} {one.payment_details.last4}"
        for one in snapshot.payment_methods
    }
    found = {
        f"{one.address1}, {one.city}: {named.get(one.payment_method_id or 0)}"
        for one in snapshot.addresses
    }
    for one in snapshot.payment_methods:
        billing = one.billing_address
        lines = (billing.address1, billing.city, billing.zip) if billing else ()
        found.add(f"{named[one.id]}, default: {one.default}, bills to {lines}")
    return found


def _memberships(situation: Situation) -> dict[int, tuple[object, ...]]:
    """What a customer would call the same membership."""
    return {
        one.id: (one.is_cancelled, one.status, one.next_charge_scheduled_at, one.expires_at)
        for one in situation.snapshot.memberships
    }


def _known(situation: Situation, unforeseen: Sequence[str]) -> dict[Key, Delivery]:
    return {
        _key(each, situation): each
        for each in situation.deliveries
        if not any(item.title in unforeseen for item in each.items)
    }


async def differences_upstream(client: RechargeClient, situation: Situation) -> list[str]:
    """Where the mirror's schedule is not the shop's own, a sentence each."""
    id = situation.snapshot.customer.id
    schedule = await client.customers.delivery_schedule(id, future_interval=DAYS)
    addresses = [each async for each in client.addresses.list(customer_id=id)]
    mine = contents(situation, since=situation.today, is_coarse=True)
    found = unlike(mine, contents_upstream(schedule, addresses))
    upstream = _totals_upstream(schedule, addresses)
    for key, totals in _totals(situation).items():
        if key in upstream and upstream[key] != totals:
            found.append(f"{' '.join(map(str, key))}: costs {totals}, and upstream {upstream[key]}")
    return found


def _totals(situation: Situation) -> dict[Key, list[Decimal]]:
    """What deliveries cost that Recharge itself holds a charge for. Several addresses can be at one
    place."""
    found: dict[Key, list[Decimal]] = {}
    for delivery in situation.deliveries:
        if not delivery.is_estimate and delivery.charge_id is not None:
            key = _key(delivery, situation)
            found[key] = sorted([*found.get(key, []), delivery.total.amount])
    return found


def _totals_upstream(
    schedule: DeliverySchedule, addresses: Sequence[Address]
) -> dict[Key, list[Decimal]]:
    found: dict[Key, list[Decimal]] = {}
    for delivery in schedule.deliveries:
        for order in delivery.orders:
            is_part_skipped = any(line.is_skipped for line in order.line_items)
            if order.total_price is not None and not is_part_skipped:
                key = Key(delivery.date, _place(order.address_id, addresses), "due")
                found[key] = sorted([*found.get(key, []), order.total_price])
    return found


def contents(
    situation: Situation,
    *,
    since: date | None = None,
    is_coarse: bool = False,
    without: Sequence[str] = (),
) -> Contents:
    """A situation's deliveries, from a day on, without products of these titles. `is_coarse`: a
    delivery whose payment failed or is under way counts as one that is due."""
    found: Contents = {}
    for delivery in situation.deliveries:
        if since and delivery.date < since:
            continue
        key = _key(delivery, situation)
        if is_coarse and key.group != "skipped":
            key = key._replace(group="due")
        items = [
            Item(item.title, item.variant_title or "", item.quantity)
            for item in delivery.items
            if item.title not in without
        ]
        if items:
            found[key] = sorted([*found.get(key, []), *items])
    return found


def contents_upstream(schedule: DeliverySchedule, addresses: Iterable[Address]) -> Contents:
    """What the shop itself lists."""
    known = list(addresses)
    found: Contents = {}
    for delivery in schedule.deliveries:
        for order in delivery.orders:
            for line in order.line_items:
                group = "skipped" if line.is_skipped else "due"
                key = Key(delivery.date, _place(order.address_id, known), group)
                item = Item(line.product_title, line.variant_title or "", line.quantity)
                found[key] = sorted([*found.get(key, []), item])
    return found


def unlike(one: Contents, other: Contents) -> list[str]:
    """Where two differ, a sentence each."""
    return [
        f"{' '.join(map(str, key))}: {_told(one.get(key))}, and then {_told(other.get(key))}"
        for key in sorted({*one, *other})
        if one.get(key) != other.get(key)
    ]


def _told(items: list[Item] | None) -> str:
    if items is None:
        return "nothing"
    return ", ".join(f"{item.quantity} × {item.title} {item.variant}" for item in items)


def _costs(foreseen: Delivery, came: Delivery) -> list[str]:
    """Costs that differ, as far as both sides know them."""
    if not (foreseen.is_total_known and came.is_total_known):
        return []
    if not (foreseen.is_estimate or came.is_estimate) and foreseen.total != came.total:
        return [f"costs {foreseen.total}, and then {came.total}"]
    if foreseen.discount is None or came.discount is None:
        return []
    one, other = _after_discounts(foreseen), _after_discounts(came)
    return [] if one == other else [f"goods for {one}, and then {other}"]


def _after_discounts(delivery: Delivery) -> Decimal:
    goods = sum((item.total.amount for item in delivery.items), Decimal(0))
    return goods - (delivery.discount.amount if delivery.discount else Decimal(0))


def _key(delivery: Delivery, situation: Situation) -> Key:
    place = _place(delivery.address_id, situation.snapshot.addresses)
    return Key(delivery.date, place, group_of(delivery.status))


def _place(id: int | None, addresses: Iterable[Address]) -> str:
    """An address by where it is: a new one has an id that nobody could foresee."""
    for each in addresses:
        if each.id == id:
            return f"{each.first_name} {each.last_name}, {each.address1}, {each.zip}"
    return f"address {id}"
