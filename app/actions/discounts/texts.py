"""What is said about discount codes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.actions.comparison import due
from app.actions.deliveries import texts as delivery_texts
from app.actions.effect import Shown
from app.actions.situation import Situation
from app.i18n import Message, say


def gone() -> Message:
    return say("This address is not in your account any more. Nothing was changed.")


def no_delivery(day: date) -> Message:
    return say("There is no delivery on {date}, so nothing was changed.", date=day)


def not_prepared(day: date) -> Message:
    return say(
        "The shop has not prepared your delivery of {date} yet. A code can be used for it later, "
        "or now for all deliveries.",
        date=day,
    )


def only_one() -> Message:
    return say("There is a discount already, and the shop takes one at a time.")


def applied_already(code: str) -> Message:
    return say("{code} is in use here already, so nothing was changed.", code=code)


def of_the_shop() -> Message:
    return say("This discount is from the shop itself, so it cannot be changed here.")


def none_there() -> Message:
    return say("There is no discount to remove, so nothing was changed.")


def stands_on_all(code: str) -> Message:
    return say("{code} is on all your deliveries to this address. Remove it there.", code=code)


def changed_since(code: str) -> Message:
    return say(
        "{code} gives something else now than you saw, so nothing was changed. "
        "Please look at it again.",
        code=code,
    )


def refused(code: str) -> Message:
    return say(
        "The shop did not take the code {code}: it may be used up, or you have used it before. "
        "Nothing was changed by it.",
        code=code,
    )


def shown_on_delivery(situation: Situation, address_id: int, day: date) -> tuple[Shown, ...]:
    """What the delivery holds and costs, and what is taken off now."""
    delivery = situation.delivery(address_id, day, skipped=False)
    if delivery is None:
        return (Shown("status", "none", no_delivery(day)),)
    codes = list(delivery.discounts)
    return (*delivery_texts.shown(day, True, delivery, None), _shown_codes(codes))


def shown_on_all(situation: Situation, address_id: int) -> tuple[Shown, ...]:
    """What stands on the address, and what its next delivery costs."""
    address = situation.snapshot.address(address_id)
    codes = [one.code for one in address.discounts if one.code] if address else []
    first = next((each for each in due(situation) if each.address_id == address_id), None)
    facts = delivery_texts.shown(first.date, True, first, None) if first else ()
    return (_shown_codes(codes), *facts)


def _shown_codes(codes: Sequence[str]) -> Shown:
    now = say("No discount is in use now.")
    if codes:
        now = say("{codes} is in use now.", codes=list(codes))
    return Shown("discount", ",".join(sorted(codes)), now)
