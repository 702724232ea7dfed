"""What is said when several addresses become one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Final

from app.actions.addresses.elsewhere_texts import discount_left
from app.actions.addresses.texts import place
from app.actions.addresses.uses import days_of, go_to, uses
from app.actions.comparison import due, lost_discounts
from app.actions.deliveries.texts import about, named
from app.actions.effect import Change
from app.actions.names import called
from app.actions.payments.names import card_named
from app.actions.products.rhythms import skipped_dates
from app.actions.products.texts import name_of
from app.actions.situation import Situation
from app.i18n import Message, Money, say, say_many
from app.mirror import Delivery
from app.recharge import Address, PaymentMethod, Subscription

COSTS: Final = 3
"""Deliveries whose cost is told one by one."""


def moved(
    before: Situation,
    after: Situation,
    going: Sequence[Subscription],
    target: Address,
    more: Collection[int] = (),
) -> Iterator[Change]:
    """What goes elsewhere: the subscriptions, which deliveries that changes, what they cost then,
    with which card they are paid, and what is lost.

    more: ids of what goes along once
    """
    for id in dict.fromkeys(one.address_id for one in going):
        source = before.snapshot.address(id)
        names = [name_of(one) for one in going if one.address_id == id]
        text = say_many(
            "{names} goes to {place}.", "{names} go to {place}.", len(names),
            names=names, place=place(target),
        )  # fmt: skip
        old = place(source) if source else None
        yield Change(f"moved {id}", text, before=old, after=place(target))
    ids = {one.id for one in going} | set(more)
    days = days_of(due(after, ids))
    if days:
        yield Change("deliveries", go_to(place(target), days))
    yield from _together(after, ids, target, days)
    yield from _costs(before, after, ids, days)
    yield from _card(before, going, target)
    for one in going:
        skipped = skipped_dates(before, one)
        if skipped:
            text = say(
                "What you skipped of {name} on {dates} is forgotten: it comes on those days again.",
                name=name_of(one),
                dates=list(skipped),
            )
            yield Change("skips", text)
    yield from lost_discounts(before, after)


def onetimes_moved(before: Situation, ids: Collection[int], target: Address) -> Iterator[Change]:
    """What goes along once."""
    for one in before.snapshot.onetimes:
        if one.id in ids:
            name = called(one.product_title, one.variant_title, one.quantity)
            text = say("{name} goes to {place}.", name=name, place=place(target))
            yield Change(f"moved once {one.id}", text)


def others_of(before: Situation, sources: Sequence[Address], target: Address) -> Iterator[Change]:
    """What stands at an address itself, and does not go along."""
    for source in sources:
        yield from discount_left(source, target)
        note = (source.order_note or "").strip()
        if note and note != (target.order_note or "").strip():
            text = say(
                "The delivery note of {place} does not go along: {note}",
                place=place(source),
                note=note,
            )
            yield Change("note", text)


def removed(addresses: Sequence[Address]) -> Iterator[Change]:
    """Which addresses are deleted."""
    if addresses:
        text = say_many(
            "{places} is deleted.", "{places} are deleted.", len(addresses),
            places=[place(one) for one in addresses],
        )  # fmt: skip
        yield Change("removed", text)


def kept(moved: Situation, addresses: Sequence[Address]) -> Iterator[Change]:
    """Which are not, and what for."""
    for one in addresses:
        reasons = uses(moved, one.id)
        if reasons:
            text = say("{place} is kept. {reason}", place=place(one), reason=reasons[0].text)
            yield Change("kept", text)


def final() -> Change:
    return Change("final", say("This cannot be undone here."))


def stays(going: Sequence[Subscription], onetime_ids: Collection[int]) -> list[Message]:
    """What a customer may worry about."""
    told = [say("Your past orders stay as they are.")]
    if going or onetime_ids:
        told.insert(0, say("Everything keeps the dates that it has."))
    return told


def card_now(address: Address, card: PaymentMethod | None) -> Message:
    if card is None:
        return say("What goes to {place} has no card now.", place=place(address))
    return say("What goes to {place} is now paid with {card}.", place=place(address),
               card=card_named(card))  # fmt: skip


def same_twice() -> Message:
    return say("An address cannot become part of itself. Please choose others.")


def nothing_to_merge() -> Message:
    return say("Nothing goes to these addresses, so nothing was changed.")


def other_currency(source: Address, theirs: str, target: Address, mine: str) -> Message:
    return say(
        "What goes to {source} is paid in {theirs}, and what goes to {target} in {mine}. "
        "Addresses of different currencies cannot become one, so nothing was changed.",
        source=place(source),
        theirs=theirs,
        target=place(target),
        mine=mine,
    )


def _together(
    after: Situation, ids: Collection[int], target: Address, days: Sequence[date]
) -> Iterator[Change]:
    """What the next ones come together with."""
    for delivery in _at(after, target, days[:COSTS]):
        others = [item for item in delivery.items if item.purchase_item_id not in ids]
        if others and len(others) < len(delivery.items):
            text = say(
                "On {date} it comes together with {items}.",
                date=delivery.date,
                items=named(others),
            )
            yield Change("together", text)


def _costs(
    before: Situation, after: Situation, ids: Collection[int], days: Sequence[date]
) -> Iterator[Change]:
    """What is paid for the next days, all together."""
    for day in days[:COSTS]:
        old, new = _paid(before, day), _paid(after, day)
        if new is None:
            yield Change("cost", say("What comes on {date}: price not known yet.", date=day))
        elif old is not None and old[0] != new[0]:
            text = say(
                "What comes on {date} costs {after} instead of {before}.",
                date=day,
                after=about(*new),
                before=about(*old),
            )
            yield Change("cost", text, before=about(*old), after=about(*new))
        else:
            yield Change("cost", say("What comes on {date} costs {cost}, as now.",
                                     date=day, cost=about(*new)))  # fmt: skip


def _paid(situation: Situation, day: date) -> tuple[Money, bool] | None:
    """What all deliveries of a day cost, and whether that is an estimate; None where it is not
    known."""
    found = [one for one in due(situation) if one.date == day]
    if not found or not all(one.is_total_known for one in found):
        return None
    totals = [one.total for one in found]
    if len({one.currency for one in totals}) > 1:
        return None
    return sum(totals[1:], totals[0]), any(one.is_estimate for one in found)


def _card(before: Situation, going: Sequence[Subscription], target: Address) -> Iterator[Change]:
    """With which card it is paid from now on, where that is another one."""
    snapshot = before.snapshot
    sources = [snapshot.address(one.address_id) for one in going]
    old = {one.payment_method_id for one in sources if one is not None}
    new = snapshot.payment_method(target.payment_method_id)
    if new is None or old <= {new.id}:
        return
    cards = [snapshot.payment_method(id) for id in old if id != new.id]
    yield Change(
        "card",
        say("It is paid with {card} from now on.", card=card_named(new)),
        before=card_named(cards[0]) if len(cards) == 1 and cards[0] else None,
        after=card_named(new),
    )


def _at(situation: Situation, address: Address, days: Sequence[date]) -> list[Delivery]:
    return [one for one in due(situation) if one.address_id == address.id and one.date in days]
