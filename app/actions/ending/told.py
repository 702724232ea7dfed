"""What a customer has to know before a subscription ends: what stops, what still comes, what goes
on, and what is lost. And of one that starts again: what it costs, and how often it comes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from app.actions.comparison import due, due_soon
from app.actions.effect import Change
from app.actions.ending import membership_texts, texts
from app.actions.ending.minimum import UNDER_WAY
from app.actions.products.subscriptions import currency_of, price_of
from app.actions.products.swaps import plan_with
from app.actions.products.texts import name_of
from app.actions.situation import Situation
from app.i18n import Message, Money
from app.mirror import catalogue
from app.recharge import Charge, ChargeStatus, OrderStatus, Subscription
from app.retention.past import order_day, orders_of

STILL_COMES: Final = ("under way", "ordered", "paid", "packed")
"""Changes that name what of it cannot be stopped any more."""
LOST: Final = ("discount", "price", "skipped")
"""Changes that name what does not come back as it was."""


def stops(situation: Situation, found: Subscription) -> Change:
    """What does not come any more."""
    name, day = name_of(found), found.next_charge_scheduled_at
    if _paid_in_advance(situation, found):
        return texts.ends_after_what_is_paid(name)
    if day is None or day in _tried_on(situation, found):
        return texts.ended(name)
    return texts.ended_before(name, day)


def all_stop(situation: Situation, ending: Sequence[Subscription]) -> Change:
    """That none of several comes any more."""
    return texts.all_ended(any(_paid_in_advance(situation, found) for found in ending))


def next_of_all(situation: Situation, ending: Sequence[Subscription]) -> Iterator[Change]:
    """Which of several would have come next, day by day; and those of which nothing was to come, or
    of which something still comes."""
    days: dict[date, list[Message]] = {}
    others: list[Message] = []
    for found in ending:
        day = found.next_charge_scheduled_at
        is_told = _paid_in_advance(situation, found) or day in _tried_on(situation, found)
        names = others if day is None or is_told else days.setdefault(day, [])
        names.append(name_of(found))
    for day, names in sorted(days.items()):
        yield texts.not_on(day, names)
    if others:
        yield texts.these_end(others)


def still_coming(situation: Situation, found: Subscription) -> Iterator[Change]:
    """What of it cannot be stopped any more."""
    for charge in situation.snapshot.charges:
        if charge.status in UNDER_WAY and charge.scheduled_at and _holds(charge, found):
            yield texts.payment_under_way(charge.scheduled_at)
    if sent := _on_its_way(situation, found):
        yield texts.ordered(name_of(found), sent)
    if paid := _paid_in_advance(situation, found):
        yield texts.paid_in_advance(name_of(found), paid)
    day = found.next_charge_scheduled_at
    if day is not None and situation.is_too_late(day) and day not in _tried_on(situation, found):
        yield texts.perhaps_packed(day)


def failed_payments(situation: Situation, ending: Sequence[Subscription]) -> Iterator[Change]:
    """Payments that have failed, and are not tried again for what ends."""
    ids = {found.id for found in ending}
    for charge in situation.snapshot.charges:
        day, held = charge.scheduled_at, {line.purchase_item_id for line in charge.line_items}
        if charge.status == ChargeStatus.ERROR and day is not None and held & ids:
            others = held - ids - {None}
            yield texts.tried_without_them(day, len(ids)) if others else texts.not_tried_again(day)


def lost_discounts(situation: Situation, after: Situation) -> Iterator[Change]:
    """Discounts that count for nothing any more. One that stands on the address stays there; one
    that was put on a single charge goes with it."""
    if _codes(situation) <= {
        (each.address_id, code) for each in due_soon(after) for code in each.discounts
    }:
        return
    kept = {(each.address_id, code) for each in due(after) for code in each.discounts}
    told: set[str] = set()
    for delivery in due(situation):
        address = situation.snapshot.address(delivery.address_id)
        standing = {discount.code for discount in address.discounts} if address else set()
        for code in delivery.discounts:
            if (delivery.address_id, code) in kept or code in told:
                continue
            told.add(code)
            if code in standing:
                yield texts.discount_unused(code)
            else:
                yield texts.discount_lost(code, delivery.date)


def forgotten(situation: Situation, ending: Sequence[Subscription]) -> Iterator[Change]:
    """Dates that were skipped: Recharge forgets them."""
    skipped = {
        charge.scheduled_at
        for charge in situation.snapshot.charges
        if charge.status == ChargeStatus.SKIPPED
        and charge.scheduled_at is not None
        and charge.scheduled_at >= situation.today
        and any(_holds(charge, found) for found in ending)
    }
    if skipped:
        yield texts.skips_forgotten(sorted(skipped), len(ending))


def price_at_stake(situation: Situation, found: Subscription) -> Iterator[Change]:
    """A price that nobody gets any more who subscribes anew."""
    own, present = price_of(situation, found), present_price(situation, found)
    if own and present and own.currency == present.currency and own < present:
        may_start_again = situation.snapshot.shop.allows("reactivate_subscription")
        yield texts.price_lost(name_of(found), own, present, is_kept=may_start_again)


def goes_on(situation: Situation, ids: Collection[int]) -> tuple[Message, ...]:
    """What stays as it is when these end."""
    others = [
        name_of(one)
        for one in situation.snapshot.subscriptions
        if one.id not in ids and one.status == "active"
    ]
    told = [texts.others_go_on(others)] if others else []
    if members := [
        membership_texts.name_of(situation.snapshot, one)
        for one in situation.snapshot.memberships
        if not one.is_cancelled
    ]:
        told.append(membership_texts.memberships_go_on(members))
    if situation.snapshot.shop.allows("reactivate_subscription"):
        told.append(texts.can_be_taken_up(len(ids)))
    return tuple(told)


def present_price(situation: Situation, found: Subscription) -> Money | None:
    """What somebody pays each time who subscribes to the same today; None where it is not known, or
    known in another currency."""
    snapshot = situation.snapshot
    product = snapshot.products.get(found.external_product_id.ecommerce or "")
    variant_id = found.external_variant_id.ecommerce
    currency = currency_of(situation, found)
    if product is None or currency != snapshot.shop.currency:
        return None
    for offering in catalogue.offerings(snapshot, product, "subscription"):
        plan = plan_with(offering, found)
        if offering.variant.external_variant_id == variant_id and plan is not None:
            amount = catalogue.unit_price(offering.variant, plan)
            return None if amount is None else Money(amount, currency) * found.quantity
    return None


def _codes(situation: Situation) -> set[tuple[int | None, str]]:
    """All that can be on a delivery, by address: of those to which something is to come, and of
    charges."""
    snapshot = situation.snapshot
    places = {one.address_id for one in snapshot.subscriptions if one.status == "active"}
    places |= {one.address_id for one in snapshot.onetimes if not one.is_cancelled}
    is_coming = bool(snapshot.prepaid_orders)
    found = [(one.id, one.discounts) for one in snapshot.addresses if is_coming or one.id in places]
    on_charges = [(one.address_id, one.discounts) for one in snapshot.charges]
    return {(id, each.code) for id, every in (*found, *on_charges) for each in every if each.code}


def _tried_on(situation: Situation, found: Subscription) -> set[date | None]:
    """The days for which a payment is under way or has failed: what becomes of that delivery is
    told with the payment."""
    return {
        charge.scheduled_at
        for charge in situation.snapshot.charges
        if charge.status in (*UNDER_WAY, ChargeStatus.ERROR) and _holds(charge, found)
    }


def _on_its_way(situation: Situation, found: Subscription) -> list[date]:
    """Days of orders that are paid and may not have arrived yet."""
    since = situation.today - timedelta(days=max(situation.plan.delivery_days, 0))
    days = (
        order_day(situation.snapshot, order)
        for order in orders_of(situation.snapshot, found)
        if order.status != OrderStatus.QUEUED
    )
    return sorted({day for day in days if day is not None and since <= day <= situation.today})


def _paid_in_advance(situation: Situation, found: Subscription) -> list[date]:
    """Days of orders of paid goods. Recharge says that they go out whatever is cancelled:
    https://support.getrecharge.com/hc/en-us/articles/360008828973."""
    zone = situation.snapshot.shop.timezone
    days = {
        order.scheduled_at.astimezone(zone).date()
        for order in situation.snapshot.prepaid_orders
        if order.scheduled_at is not None
        and any(line.purchase_item_id == found.id for line in order.line_items)
    }
    return sorted(day for day in days if day >= situation.today)


def _holds(charge: Charge, found: Subscription) -> bool:
    return any(line.purchase_item_id == found.id for line in charge.line_items)
