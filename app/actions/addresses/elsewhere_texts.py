"""What is said when something goes to an address that is not there yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Literal

from app.actions.addresses.texts import gone, no_card, place, whole
from app.actions.addresses.uses import coming_to, days_of, go_to, stay_at
from app.actions.comparison import cost, due
from app.actions.dates.rules import active
from app.actions.deliveries.texts import named
from app.actions.effect import Change
from app.actions.errors import NotPossible
from app.actions.products.rhythms import skipped_dates
from app.actions.situation import Situation
from app.i18n import Message, say
from app.mirror import Delivery, DeliveryItem
from app.recharge import Address, Subscription


def goes(name: Message, old: Address, new: Address) -> Change:
    """Where a subscription goes."""
    text = say("{name} goes to {address}.", name=name, address=whole(new))
    return Change("address", text, before=place(old), after=place(new))


def going(after: Situation, address_id: int, new: Address) -> Iterator[Change]:
    """Which deliveries go there."""
    days = days_of(coming_to(after, address_id))
    if days:
        yield Change("deliveries", go_to(place(new), days))


def staying(before: Situation, after: Situation) -> list[Message]:
    """Which deliveries still go where they went."""
    told = []
    for one in before.snapshot.addresses:
        left = set(days_of(coming_to(after, one.id)))
        days = [day for day in days_of(coming_to(before, one.id)) if day in left]
        if days:
            told.append(stay_at(place(one), days))
    return told


def discount_left(old: Address, new: Address) -> Iterator[Change]:
    """A discount on all that goes to the one address, and not to the other."""
    there = {one.id for one in new.discounts}
    for one in old.discounts:
        if one.id not in there and one.code:
            text = say(
                "The discount {code} is for what goes to {place}, and does not go along.",
                code=one.code,
                place=place(old),
            )
            yield Change("discount", text)


def goes_once(delivery: Delivery, old: Address, new: Address) -> Iterator[Change]:
    """What goes elsewhere this once."""
    text = say(
        "Sent to {address} this once: {items}.",
        address=whole(new),
        items=named(delivery.items),
    )
    yield Change("address", text, before=place(old), after=place(new))
    how = say(
        "Your delivery of {date} is skipped where it is, and the same comes once to {place}.",
        date=delivery.date,
        place=place(new),
    )
    yield Change("how", how)


def cost_there(delivery: Delivery, after: Situation, address_id: int) -> Iterator[Change]:
    """What it costs there, so far as it is known."""
    there = [one for one in due(after) if (one.address_id, one.date) == (address_id, delivery.date)]
    if there and there[0].shipping is not None:
        text = say("It costs {after} there.", after=cost(there[0]))
        yield Change("cost", text, before=cost(delivery), after=cost(there[0]))
    elif there:
        text = say(
            "It costs {after} there, and the shop works out what shipping and tax are.",
            after=cost(there[0]),
        )
        yield Change("cost", text, before=cost(delivery), after=cost(there[0]))


def forgotten(before: Situation, found: Subscription) -> Iterator[Change]:
    """What was skipped of a subscription that goes elsewhere."""
    skipped = skipped_dates(before, found)
    if skipped:
        text = say(
            "What you skipped on {dates} is forgotten: it comes on those days again.",
            dates=list(skipped),
        )
        yield Change("skips", text)


def ids_of(
    items: Iterable[DeliveryItem], kind: Literal["subscription", "onetime"]
) -> tuple[int, ...]:
    """The ids of the items of a kind."""
    found = {one.purchase_item_id for one in items if one.kind == kind}
    return tuple(sorted(id for id in found if id is not None))


def refuse_prepaid(situation: Situation, subscription_id: int) -> None:
    """What was paid for in advance does not come once elsewhere.

    Raises:
        NotPossible: this was, or its payment is open, or it has ended.
    """
    active(situation, subscription_id)


def refuse_place(situation: Situation, from_id: int, to_id: int) -> None:
    """Something can be sent from the one address to the other.

    Raises:
        NotPossible: they are the same, or nothing pays for what goes there.
    """
    found = situation.snapshot.address(to_id)
    if found is None:
        raise NotPossible(notice=gone())
    if from_id == to_id:
        raise NotPossible(notice=say("It goes there already."))
    if found.payment_method_id is None:
        raise NotPossible(notice=no_card(found))


def nothing_there(day: date) -> Message:
    return say("There is no delivery on {date}, so nothing was changed.", date=day)
