"""What is said about cards and wallets on file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.actions.addresses.texts import place
from app.actions.effect import Change, Shown
from app.actions.payments.names import card_named
from app.actions.payments.standing import (
    Standing,
    addresses_of,
    last_day,
    standing_of,
    why_invalid,
)
from app.actions.situation import Situation
from app.i18n import Message, say
from app.recharge import Address, PaymentMethod


def gone() -> Message:
    return say("This payment method is not in your account any more, so nothing was changed.")


def no_address() -> Message:
    return say("This address is not there any more, so nothing was changed.")


def read_only() -> Message:
    return say(
        "The shop keeps this payment method with Shopify Payments, so it cannot be changed here. "
        "Ask for the link to change it: the shop sends it to you by e-mail."
    )


def pays_there_already(method: PaymentMethod, address: Address) -> Message:
    return say(
        "{card} pays for deliveries to {place} already.",
        card=card_named(method),
        place=place(address),
    )


def is_default_already(method: PaymentMethod) -> Message:
    return say("{card} is your default already.", card=card_named(method))


def still_pays(method: PaymentMethod, addresses: Sequence[Address]) -> Message:
    return say(
        "{card} still pays for deliveries to {places}, so it was not removed. "
        "Choose another payment method there first.",
        card=card_named(method),
        places=[place(each) for each in addresses],
    )


def warnings(situation: Situation, method: PaymentMethod) -> tuple[Change, ...]:
    """What speaks against paying with a method, as far as that is known."""
    standing = standing_of(situation, method)
    last = last_day(method)
    if standing is Standing.EXPIRED and last is not None:
        text = say(
            "{card} has expired on {date}: the payment will fail.",
            card=card_named(method),
            date=last,
        )
    elif standing is Standing.EXPIRES_FIRST and last is not None:
        text = say(
            "{card} expires on {date}, before the next delivery.",
            card=card_named(method),
            date=last,
        )
    elif standing is Standing.INVALID:
        text = say(
            "{reason} Payments with {card} will probably fail.",
            reason=why_invalid(method),
            card=card_named(method),
        )
    else:
        return ()
    return (Change("warning", text),)


def shown_method(situation: Situation, method_id: int) -> Shown:
    """A method, as the customer decides by it."""
    found = situation.snapshot.payment_method(method_id)
    if found is None:
        return Shown("method", "gone", say("A payment method is not in your account any more."))
    known = found.payment_details
    value = (found.id, known.last4, known.exp_month, known.exp_year, str(found.status))
    text = say("{card} has been changed since.", card=card_named(found))
    return Shown("method", repr(value), text)


def shown_use(situation: Situation, method_id: int) -> Shown:
    """Where a method is used."""
    found = addresses_of(situation, method_id)
    if not found:
        return Shown("use", "none", say("It does not pay for anything now."))
    return Shown(
        "use",
        repr(sorted(each.id for each in found)),
        say("It now pays for deliveries to {places}.", places=[place(each) for each in found]),
    )


def tried_with_it(day: date, retry: date | None) -> Change:
    if retry is None:
        text = say(
            "The payment for {date} has failed. The shop does not try it again by itself: "
            "try it again here, then this one is charged.",
            date=day,
        )
    else:
        text = say(
            "The payment for {date} has failed. The shop tries it again on {retry}, with this one.",
            date=day,
            retry=retry,
        )
    return Change("failed", text)


def is_under_way(day: date) -> Change:
    return Change(
        "pending",
        say("The payment for {date} is under way already, and is not changed by this.", date=day),
    )
