"""How addresses are called, and what is said when deliveries to them join or split."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Final

from app.actions.comparison import cost, due
from app.actions.deliveries.texts import named
from app.actions.effect import Change
from app.actions.errors import sentences
from app.actions.names import called
from app.actions.situation import Situation
from app.i18n import Message, Money, address_lines, say, say_many
from app.mirror import Delivery
from app.recharge import Address

_REASONS: Final = 3
"""Things that are told one by one."""


def place(address: Address) -> Message:
    """An address as a customer calls it: "12 Elm Street, Portland"."""
    if address.address1 and address.city:
        return say("{street}, {city}", street=address.address1, city=address.city)
    return say("{street}", street=address.address1 or address.city or str(address.id))


def whole(address: Address) -> str:
    """An address in one line, in the order of its country, with the name that it bears."""
    lines = address_lines(
        address.country_code,
        name=" ".join(part for part in (address.first_name, address.last_name) if part),
        company=address.company or "",
        street=(address.address1, address.address2 or ""),
        city=address.city,
        province=address.province or "",
        postcode=address.zip or "",
    )
    return ", ".join(lines)


def gone() -> Message:
    """What is said of an address that is not in the account."""
    return say("This address is not there any more, so nothing was changed.")


def no_card(address: Address) -> Message:
    """Why nothing more goes there."""
    return say(
        "There is no card for {place}, so nothing that goes there can be paid. "
        "Please choose a card for it first.",
        place=place(address),
    )


def not_deleted(address: Address, reasons: Sequence[Message]) -> Message:
    """Why an address is kept: what still goes there."""
    told = list(reasons[:_REASONS])
    more = len(reasons) - len(told)
    if more > 0:
        told.append(say_many("And {count} more.", "And {count} more.", more))
    return say(
        "{place} is still needed, so it cannot be deleted yet. {reasons}",
        place=place(address),
        reasons=sentences(told),
    )


def onetime_goes(before: Situation, id: int) -> Message:
    """A step, in a few words."""
    found = before.snapshot.onetime(id)
    if found is None:
        return say("Deliver what comes once")
    name = called(found.product_title, found.variant_title, found.quantity)
    return say("Deliver {name}", name=name)


def joins_and_splits(
    before: Situation, after: Situation, ids: Collection[int]
) -> tuple[Change, ...]:
    """Which next deliveries these items leave and which they join, and how many there are then."""
    old, new = due(before, ids), due(after, ids)
    if not old or not new:
        return ()
    changes: list[Change] = []
    left = _at(after, old[0].address_id, old[0].date)
    if left is not None:
        text = say(
            "Your delivery of {date} splits. What still comes to the old address, for {cost}: "
            "{items}.",
            date=left.date,
            items=named(left.items),
            cost=cost(left),
        )
        changes.append(Change("split", text, before=cost(old[0]), after=cost(left)))
    others = [item for item in new[0].items if item.purchase_item_id not in ids]
    if others:
        text = say(
            "It joins {items} on {date}: together {cost}.",
            items=named(others),
            date=new[0].date,
            cost=cost(new[0]),
        )
        changes.append(Change("join", text, after=cost(new[0])))
    places = {(one.address_id, one.date) for one in (old[0], new[0])}
    changes += _shipping_change(_shipping(before, places), _shipping(after, places))
    return tuple(changes)


def _shipping(
    situation: Situation, places: Collection[tuple[int, date]]
) -> tuple[Money, ...] | None:
    """What sending the deliveries of these places costs, each; None where one is not known."""
    found: list[Money] = []
    for delivery in due(situation):
        if (delivery.address_id, delivery.date) in places:
            if delivery.shipping is None:
                return None
            found.append(delivery.shipping)
    return tuple(found)


def _shipping_change(
    old: tuple[Money, ...] | None, new: tuple[Money, ...] | None
) -> tuple[Change, ...]:
    """What shipping costs all together, where that changes or is not known."""
    if new is None:
        return (Change("shipping", say("The shop works out what shipping there costs.")),)
    if not old or not new or len({one.currency for one in (*old, *new)}) > 1:
        return ()
    before, after = sum(old[1:], old[0]), sum(new[1:], new[0])
    if before == after:
        return (Change("shipping", say("Shipping costs {cost}, as now.", cost=after)),)
    text = say("Shipping costs {after} instead of {before}.", after=after, before=before)
    return (Change("shipping", text, before=before, after=after),)


def _at(situation: Situation, address_id: int, day: date) -> Delivery | None:
    for delivery in due(situation):
        if (delivery.address_id, delivery.date) == (address_id, day):
            return delivery
    return None
