"""What a one-time product changes, in words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import TypedDict

from app.actions.comparison import DatesPromise, NewItemPromise, cost, lost_discounts
from app.actions.deliveries import texts
from app.actions.effect import Change, Effect, Shown
from app.actions.situation import Situation
from app.i18n import Message, Money, say
from app.mirror import Delivery, DeliveryItem
from app.mirror.catalogue import Offering
from app.recharge import Onetime


class Where(TypedDict, total=False):
    """How Recharge is told the day of a new one-time: one of the two."""

    add_to_next_charge: bool
    next_charge_scheduled_at: date


def too_late(until: datetime) -> Message:
    return say("This delivery could be changed until {until}. Nothing was changed.", until=until)


def too_far() -> Message:
    return say("That day is too far away. Nothing was changed. Please choose an earlier one.")


def being_paid(day: date) -> Message:
    return say(
        "The payment for {date} is being dealt with, so this delivery cannot be changed.", date=day
    )


def not_offered() -> Message:
    return say("The shop does not offer this product any more. Please choose another one.")


def gone() -> Message:
    return say("This product is not in a delivery any more, so nothing was changed.")


def paid_already(title: str, day: date) -> Message:
    """title: as the paid charge has it; "" where that does not tell"""
    if not title:
        return say(
            "This product is paid for with your delivery of {date}, so it will come. "
            "Nothing was changed. Please write to the shop if you do not want it.",
            date=day,
        )
    return say(
        "{title} is paid for with your delivery of {date}, so it will come. "
        "Nothing was changed. Please write to the shop if you do not want it.",
        title=title,
        date=day,
    )


def nothing_changed() -> Message:
    return say("That is how it is already. Choose another quantity or another day.")


def added(before: Situation, after: Situation, new: Onetime) -> Effect:
    """The effect of adding a product to a delivery."""
    day = new.next_charge_scheduled_at or after.today
    item = _item(after, new, day)
    known = {one.id for one in before.snapshot.onetimes}
    known |= {one.id for one in before.snapshot.subscriptions}
    is_alone = before.delivery(new.address_id, day, skipped=False) is None
    where = (
        say("You will get {items} on {date}.", items=texts.named([item]), date=day)
        if is_alone
        else say("{items} comes with your delivery of {date}.", items=texts.named([item]), date=day)
    )
    question = say("Add something to your delivery of {date}?", date=day)
    if is_alone:
        question = say("Order something for {date}?", date=day)
    return Effect(
        question=question,
        confirm=say("Add to {date}", date=day),
        done=where,
        changes=(
            # The cost first: on a phone it is seen below the product that was pressed.
            *costs(before, after, new.address_id, [day]),
            Change("items", where, after=texts.named([item])),
            *lost_discounts(before, after),
        ),
        stays=(say("It comes once. Your subscriptions stay as they are."),),
        amount=item.total if item.is_total_known else None,
        promises=(
            NewItemPromise(
                new.address_id, day, new.product_title, new.quantity, frozenset(known - {new.id})
            ),
        ),
    )


def changed(before: Situation, after: Situation, new: Onetime) -> Effect:
    """The effect of another quantity or day of a one-time product."""
    old = before.snapshot.onetime(new.id) or new
    old_day = old.next_charge_scheduled_at or before.today
    day = new.next_charge_scheduled_at or old_day
    item = _item(after, new, day)
    items = texts.named([item])
    changes: list[Change] = []
    if new.quantity != old.quantity:
        text = say(
            "You will get {quantity} of {title} instead of {before}.",
            quantity=new.quantity,
            title=new.product_title,
            before=old.quantity,
        )
        changes.append(Change("quantity", text))
    if day != old_day:
        text = say(
            "{items} comes on {date} instead of {before}.", items=items, date=day, before=old_day
        )
        changes.append(Change("date", text, before=old_day, after=day))
    changes += costs(before, after, new.address_id, [old_day, day])
    changes += lost_discounts(before, after)
    if day == old_day:
        confirm = say("Make it {quantity}", quantity=new.quantity)
        done = say("You will get {items} on {date}.", items=items, date=day)
    else:
        confirm = say("Move to {date}", date=day)
        done = say("{items} now comes on {date}.", items=items, date=day)
    return Effect(
        question=say("Change {title}?", title=new.product_title),
        confirm=confirm,
        done=done,
        changes=tuple(changes),
        stays=(say("It comes once. Your subscriptions stay as they are."),),
        amount=item.total if item.is_total_known else None,
        promises=(DatesPromise.of(after, new.id),),
    )


def removed(before: Situation, after: Situation, old: Onetime, day: date) -> Effect:
    """The effect of taking a product out of its delivery."""
    item = _item(before, old, day)
    items = texts.named([item])
    rest = after.delivery(old.address_id, day, skipped=False)
    stays = [say("Your subscriptions stay as they are.")]
    if rest is not None:
        stays.insert(
            0,
            say("You will still get {items} on {date}.", items=texts.named(rest.items), date=day),
        )
    return Effect(
        question=say("Remove {items} from your delivery of {date}?", items=items, date=day),
        confirm=say("Remove it from {date}", date=day),
        done=say("{items} will not come on {date}.", items=items, date=day),
        changes=(
            Change(
                "items",
                say("You will not get {items} on {date}.", items=items, date=day),
                before=items,
            ),
            *costs(before, after, old.address_id, [day]),
            *lost_discounts(before, after),
        ),
        stays=tuple(stays),
        amount=item.total if item.is_total_known else None,
        promises=(DatesPromise(old.id, (), title=old.product_title),),
    )


def shown_delivery(situation: Situation, address_id: int, day: date) -> tuple[Shown, ...]:
    """What a delivery holds and costs; or that nothing comes on that day."""
    delivery = situation.delivery(address_id, day, skipped=False)
    if delivery is None:
        return (Shown("status", "none", say("Nothing comes on {date} now.", date=day)),)
    # Whether another follows is of no concern here.
    return texts.shown(day, True, delivery, None)


def shown_price(offering: Offering | None) -> Shown:
    """What a product costs."""
    if offering is None:
        return Shown("price", "none", not_offered())
    price = offering.price
    return Shown(
        "price",
        f"{price.amount:f} {price.currency}",
        say("{title} now costs {price}.", title=offering.title, price=price),
    )


def shown_onetime(found: Onetime | None) -> Shown:
    """How many come, and when."""
    if found is None or found.next_charge_scheduled_at is None:
        return Shown("item", "gone", gone())
    day = found.next_charge_scheduled_at
    return Shown(
        "item",
        f"{found.quantity} {day} {found.price}",
        say(
            "{quantity} of {title} now comes on {date}.",
            quantity=found.quantity,
            title=found.product_title,
            date=day,
        ),
    )


def _item(situation: Situation, one: Onetime, day: date) -> DeliveryItem:
    """The one-time as its delivery holds it."""
    delivery = situation.delivery(one.address_id, day, skipped=False)
    for item in delivery.items if delivery else ():
        if item.purchase_item_id == one.id:
            return item
    currency = one.presentment_currency or situation.snapshot.shop.currency
    price = None if one.price is None else Money(one.price, currency)
    return DeliveryItem(
        purchase_item_id=one.id,
        kind="onetime",
        title=one.product_title,
        variant_title=one.variant_title,
        quantity=one.quantity,
        unit_price=price,
        total=(price or Money(Decimal("0.00"), currency)) * one.quantity,
        is_total_known=price is not None,
    )


def costs(
    before: Situation, after: Situation, address_id: int, days: Iterable[date]
) -> list[Change]:
    """What deliveries of these days cost, where that changes; and those that come or go."""
    told: list[Change] = []
    for day in dict.fromkeys(days):
        old = before.delivery(address_id, day, skipped=False)
        new = after.delivery(address_id, day, skipped=False)
        if change := _cost_change(day, old, new):
            told.append(change)
    return told


def _cost_change(day: date, old: Delivery | None, new: Delivery | None) -> Change | None:
    if new is None:
        if old is None:
            return None
        text = say("Then nothing comes on {date}, and nothing is charged.", date=day)
        return Change("total", text, before=cost(old))
    if old is None:
        return Change(
            "total",
            say("A delivery comes on {date}, for {cost}.", date=day, cost=cost(new)),
            after=cost(new),
        )
    if (old.total, old.is_total_known) == (new.total, new.is_total_known):
        return None
    text = say(
        "Your delivery of {date} costs {cost} instead of {before}.",
        date=day,
        cost=cost(new),
        before=cost(old),
    )
    return Change("total", text, before=cost(old), after=cost(new))
