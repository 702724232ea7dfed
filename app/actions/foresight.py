"""Records as they will be: what Recharge makes of a customer's deliveries after a change. Pure.

Every action says its effect through these functions (`Action.foreseen`), so the question that the
customer is asked, the page while the answer is awaited, and the check afterwards speak of the same
thing.

The rules, as far as Recharge tells them and as the sandbox keeps them:

- A queued charge holds all that is due to one address on one day. When one of its items changes or
  leaves, the charge is made anew from what is due then. Here it is dropped: what is due is
  projected.
- A discount that was put on one charge is lost when anything on its address changes; one that
  stands on the address stays.
- An item that gets another date, address or status leaves the failed charges that hold it.
- Skipped dates stay as they are, unless the change says otherwise.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final, TypeVar

from app.mirror import Snapshot, charge_rhythm
from app.recharge import (
    Address,
    AppliedDiscount,
    Charge,
    ChargeStatus,
    CustomerReference,
    LineItem,
    Onetime,
    PurchaseItemType,
    Subscription,
)

NEW_ID: Final = 10**18
"""The id of something that Recharge has not made yet, and the first of those for several."""

R = TypeVar("R", Subscription, Onetime, Address, Charge)

Place = tuple[int, date]
"""An address and a day on which something is due to it."""


def with_item(snapshot: Snapshot, item: Subscription | Onetime) -> Snapshot:
    """The records with this subscription or one-time in the place of the one with its id, or
    beside the others where there is none."""
    if isinstance(item, Subscription):
        old: Subscription | Onetime | None = snapshot.subscription(item.id)
        after = replace(snapshot, subscriptions=_put(snapshot.subscriptions, item))
    else:
        old = snapshot.onetime(item.id)
        after = replace(snapshot, onetimes=_put(snapshot.onetimes, item))
    if old is not None and _whereabouts(old) != _whereabouts(item):
        after = _without_lines(after, ChargeStatus.ERROR, item.id)
    return regenerated(after, [*_places(old), *_places(item)])


def without_item(snapshot: Snapshot, id: int) -> Snapshot:
    """The records after a one-time was removed."""
    old = snapshot.onetime(id)
    after = replace(snapshot, onetimes=tuple(one for one in snapshot.onetimes if one.id != id))
    after = _without_lines(after, ChargeStatus.ERROR, id)
    return regenerated(after, _places(old))


def with_address(snapshot: Snapshot, address: Address) -> Snapshot:
    """The records with this address in the place of the one with its id."""
    after = replace(snapshot, addresses=_put(snapshot.addresses, address))
    return regenerated(
        after,
        [
            (address.id, charge.scheduled_at)
            for charge in snapshot.charges
            if charge.address_id == address.id and charge.scheduled_at is not None
        ],
    )


def with_charge(snapshot: Snapshot, charge: Charge) -> Snapshot:
    """The records with this charge in the place of the one with its id; nothing else changes."""
    return replace(snapshot, charges=_put(snapshot.charges, charge))


def without_charge(snapshot: Snapshot, charge: Charge) -> Snapshot:
    """The records after a charge is done with. The others stay as they are."""
    return replace(
        snapshot,
        charges=tuple(one for one in snapshot.charges if one.id != charge.id),
        addresses=tuple(
            _remembering_shipping(one, charge) if one.id == charge.address_id else one
            for one in snapshot.addresses
        ),
    )


def without_skips(snapshot: Snapshot, item_id: int, *, on: date | None = None) -> Snapshot:
    """The records without the skipped dates of a subscription, or without one of them."""
    return _without_lines(snapshot, ChargeStatus.SKIPPED, item_id, on)


def with_skip(snapshot: Snapshot, address_id: int, day: date, ids: Collection[int]) -> Snapshot:
    """The records after these items of a delivery were skipped.

    A subscription whose next charge is skipped has the date after it next. One-time products of a
    delivery that is skipped whole move along to the first of those dates.
    """
    subscriptions = [one for one in snapshot.subscriptions if one.id in ids]
    due = [one for one in subscriptions if one.next_charge_scheduled_at == day]
    others = [
        one
        for one in snapshot.subscriptions
        if (one.address_id, one.next_charge_scheduled_at) == (address_id, day)
        and one.status == "active"
        and one.id not in ids
    ]
    after = replace(
        snapshot, charges=(*snapshot.charges, *_skipped(snapshot, address_id, day, subscriptions))
    )
    moved = []
    for one in due:
        following = next_free_date(after, one, day)
        moved += [following] if following else []
        after = with_item(after, one.model_copy(update={"next_charge_scheduled_at": following}))
    if due and not others and moved:
        for onetime in _onetimes_of(snapshot, address_id, day):
            update = {"next_charge_scheduled_at": min(moved)}
            after = with_item(after, onetime.model_copy(update=update))
    return after


def without_skip(snapshot: Snapshot, address_id: int, day: date, ids: Collection[int]) -> Snapshot:
    """The records after these items of a skipped delivery were put back.

    One-time products are left where they are: only Recharge knows which had moved along.
    """
    after = snapshot
    for id in ids:
        after = without_skips(after, id, on=day)
        one = after.subscription(id)
        if one is None or one.status != "active":
            continue
        following = one.next_charge_scheduled_at
        if following is None or day < following:
            after = with_item(after, one.model_copy(update={"next_charge_scheduled_at": day}))
    return after


def next_free_date(snapshot: Snapshot, subscription: Subscription, day: date) -> date | None:
    """The first date of the subscription's rhythm after `day` that is not skipped."""
    skipped = {
        charge.scheduled_at
        for charge in snapshot.charges
        if charge.status == ChargeStatus.SKIPPED
        and any(line.purchase_item_id == subscription.id for line in charge.line_items)
    }
    rhythm = charge_rhythm(subscription)
    following = rhythm.after(day)
    while following in skipped:
        following = rhythm.after(following)  # type: ignore[arg-type]  # None is never skipped
    return following


def regenerated(snapshot: Snapshot, places: Iterable[Place]) -> Snapshot:
    """The records once Recharge has made the queued charges of these places anew."""
    touched = set(places)
    addresses = {address_id for address_id, _ in touched}
    charges: list[Charge] = []
    dropped: dict[int, Charge] = {}
    for charge in snapshot.charges:
        if charge.status != ChargeStatus.QUEUED or charge.address_id not in addresses:
            charges.append(charge)
        elif (charge.address_id, charge.scheduled_at) in touched or _has_own_discount(
            snapshot, charge
        ):
            dropped[charge.address_id] = charge
        else:
            charges.append(charge)
    return replace(
        snapshot,
        charges=tuple(charges),
        addresses=tuple(
            _remembering_shipping(address, dropped.get(address.id))
            for address in snapshot.addresses
        ),
    )


def _remembering_shipping(address: Address, charge: Charge | None) -> Address:
    """Sending costs what it cost on the charge that is made anew."""
    if charge is None or address.shipping_lines_override or address.shipping_lines_conserved:
        return address
    return address.model_copy(update={"shipping_lines_conserved": charge.shipping_lines})


def _has_own_discount(snapshot: Snapshot, charge: Charge) -> bool:
    address = snapshot.address(charge.address_id)
    standing = {discount.id for discount in address.discounts} if address else set()
    return any(discount.id not in standing for discount in charge.discounts)


def _without_lines(
    snapshot: Snapshot, status: ChargeStatus, item_id: int, on: date | None = None
) -> Snapshot:
    """The charges of a status without an item; one that holds nothing else is gone."""
    charges: list[Charge] = []
    for charge in snapshot.charges:
        left = tuple(line for line in charge.line_items if line.purchase_item_id != item_id)
        is_concerned = charge.status == status and on in (None, charge.scheduled_at)
        if not is_concerned or len(left) == len(charge.line_items):
            charges.append(charge)
        elif any(line.purchase_item_id for line in left):
            charges.append(_holding(charge, left))
    return replace(snapshot, charges=tuple(charges))


def _skipped(
    snapshot: Snapshot, address_id: int, day: date, subscriptions: Sequence[Subscription]
) -> Iterator[Charge]:
    """The skipped charges that Recharge will hold for a day: one for what each queued charge held,
    and one for what had no charge yet."""
    number = max([NEW_ID - 1, *(charge.id for charge in snapshot.charges)])
    left = {one.id: _line(one) for one in subscriptions}
    for charge in _of_day(snapshot, address_id, day, ChargeStatus.QUEUED):
        lines = tuple(line for line in charge.line_items if line.purchase_item_id in left)
        if lines:
            number += 1
            held = _holding(charge, lines)
            yield held.model_copy(update={"id": number, "status": ChargeStatus.SKIPPED})
            left = {id: line for id, line in left.items() if id not in _ids_of(lines)}
    if left:
        bare = Charge(
            id=number + 1,
            address_id=address_id,
            customer=CustomerReference(id=snapshot.customer.id),
            scheduled_at=day,
            status=ChargeStatus.SKIPPED,
            total_price=Decimal("0.00"),
            has_uncommitted_changes=True,  # what sending it costs is the store's to say
            **_standing(snapshot, address_id),
        )
        yield _holding(bare, tuple(left.values()))


def _standing(snapshot: Snapshot, address_id: int) -> dict[str, Any]:
    """What sending to an address costs, as far as that is known, and its discounts."""
    address = snapshot.address(address_id)
    if address is None:
        return {}
    lines = address.shipping_lines_override or address.shipping_lines_conserved
    charges = [charge for charge in snapshot.charges if charge.address_id == address_id]
    if not lines and charges:
        lines = max(charges, key=lambda charge: charge.id).shipping_lines
    return {"shipping_lines": lines, "discounts": address.discounts}


def _holding(charge: Charge, lines: tuple[LineItem, ...]) -> Charge:
    """The charge with these lines alone, and what it costs then. Taxes cannot be foreseen."""
    if len(lines) == len(charge.line_items):
        return charge
    goods = sum((line.total_price or Decimal(0) for line in lines), Decimal("0.00"))
    shipping = sum((each.price or Decimal(0) for each in charge.shipping_lines), Decimal("0.00"))
    off = sum((_reduction(each, goods, shipping) for each in charge.discounts), Decimal("0.00"))
    costs = {"total_discounts": off, "total_price": goods + shipping - off}
    return charge.model_copy(update={"line_items": lines} | costs)


def _reduction(discount: AppliedDiscount, goods: Decimal, shipping: Decimal) -> Decimal:
    value = discount.value or Decimal(0)
    if discount.value_type == "fixed_amount":
        return min(value, goods)
    base = shipping if discount.value_type == "shipping" else goods
    return (base * min(value, Decimal(100)) / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _ids_of(lines: Iterable[LineItem]) -> set[int | None]:
    return {line.purchase_item_id for line in lines}


def _line(one: Subscription) -> LineItem:
    return LineItem(
        purchase_item_id=one.id,
        purchase_item_type=PurchaseItemType.SUBSCRIPTION,
        external_product_id=one.external_product_id,
        external_variant_id=one.external_variant_id,
        quantity=one.quantity,
        title=one.product_title,
        variant_title=one.variant_title,
        unit_price=one.price,
        total_price=None if one.price is None else one.price * one.quantity,
    )


def _of_day(snapshot: Snapshot, address_id: int, day: date, status: ChargeStatus) -> list[Charge]:
    return [
        charge
        for charge in snapshot.charges
        if (charge.address_id, charge.scheduled_at, charge.status) == (address_id, day, status)
    ]


def _onetimes_of(snapshot: Snapshot, address_id: int, day: date) -> list[Onetime]:
    return [
        one
        for one in snapshot.onetimes
        if (one.address_id, one.next_charge_scheduled_at) == (address_id, day)
        and not one.is_cancelled
    ]


def _places(item: Subscription | Onetime | None) -> list[Place]:
    if item is None or item.next_charge_scheduled_at is None:
        return []
    return [(item.address_id, item.next_charge_scheduled_at)]


def _whereabouts(item: Subscription | Onetime) -> tuple[int, date | None, str]:
    status = str(item.status) if isinstance(item, Subscription) else str(item.is_cancelled)
    return item.address_id, item.next_charge_scheduled_at, status


def _put(records: tuple[R, ...], record: R) -> tuple[R, ...]:
    kept = [record if one.id == record.id else one for one in records]
    if all(one.id != record.id for one in records):
        kept.append(record)
    return tuple(kept)
