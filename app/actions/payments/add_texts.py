"""What is said about adding a card."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal

from app.actions.addresses.texts import place
from app.actions.effect import Change, Shown
from app.actions.payments.names import card_named
from app.actions.situation import Situation
from app.i18n import Message, Money, Value, say
from app.recharge import Address, Charge


def takes_none() -> Message:
    return say(
        "The shop does not let new cards be added here, so nothing was changed. "
        "Please write to the shop."
    )


def no_retries() -> Message:
    return say(
        "The shop does not let payments be tried again here, so nothing was changed. "
        "The card can be added without that."
    )


def nothing_failed() -> Message:
    return say("No payment is open any more, so there is nothing to try again.")


def other_places(
    situation: Situation, failed: Sequence[Charge], address_ids: Collection[int]
) -> Message:
    left = {one.address_id for one in failed} - set(address_ids)
    return say(
        "A payment for {places} has failed too. It can only be tried again with the new card when "
        "the card pays there. Choose that as well.",
        places=_places(situation, left),
    )


def in_account(card: Message) -> Message:
    return say("{card} is in your account already, and pays for all that you chose.", card=card)


def pays(situation: Situation, address_ids: Collection[int], card: Message) -> Change:
    return Change(
        "card",
        say(
            "{card} pays for all that comes to {places}.",
            card=card,
            places=_places(situation, address_ids),
        ),
        after=card,
    )


def pays_nowhere() -> Change:
    return Change("card", say("It does not pay for anything yet. You can choose that later."))


def owed(situation: Situation, failed: Sequence[Charge]) -> Money | None:
    """What is charged when all that has failed goes through; None in several currencies."""
    currencies = {one.currency or situation.snapshot.shop.currency for one in failed}
    if len(currencies) != 1:
        return None
    return Money(sum((one.total_price for one in failed), Decimal(0)), currencies.pop())


def tried_at_once(failed: Sequence[Charge], amount: Money | None) -> Change:
    days = _days(failed)
    if amount is None:
        text = say("The payments of {days} that failed are tried again at once.", days=days)
    else:
        text = say(
            "The payment of {days} that failed is tried again at once: {amount} is charged.",
            days=days,
            amount=amount,
        )
    return Change("retry", text, after=amount)


def gives(address: Address) -> Message:
    return say("Let it pay for {place}", place=place(address))


def place_of(situation: Situation, address_id: int) -> Message:
    """What a customer calls an address, by its id."""
    address = situation.snapshot.address(address_id)
    return say("an address that is gone") if address is None else place(address)


def while_unknown(card: Message) -> Message:
    return say(
        "We have sent {card} to the shop and have no answer yet, so we do not know if it is in "
        "your account. We look it up and tell you here. Please do not add it a second time.",
        card=card,
    )


def not_added(card: Message) -> Message:
    return say(
        "{card} did not come into your account, and nothing was changed. Please go on once more: "
        "you do not have to type it again.",
        card=card,
    )


def refused(card: Message) -> Message:
    return say(
        "The shop did not take {card}, so it is not in your account and nothing was changed. "
        "Please use another card, or write to the shop.",
        card=card,
    )


def does_not_pay(addresses: Sequence[Address]) -> Message:
    return say(
        "It does not pay for what comes to {places} yet: choose it there.",
        places=[place(each) for each in addresses],
    )


def still_open(charges: Sequence[Charge]) -> Message:
    return say(
        "The payment of {days} has not gone through yet. You see on your overview when it has.",
        days=_days(charges),
    )


def shown_default(situation: Situation) -> Shown:
    found = next((one for one in situation.snapshot.payment_methods if one.default), None)
    if found is None:
        return Shown("default", "none", say("No payment method is your default now."))
    return Shown(
        "default", str(found.id), say("{card} is your default now.", card=card_named(found))
    )


def shown_failed(failed: Sequence[Charge]) -> Shown:
    value = repr([(one.id, str(one.total_price)) for one in failed])
    return Shown("failed", value, say("The payments that have failed are not the same any more."))


def shown_use(situation: Situation, address_id: int) -> Shown:
    """What pays for an address now."""
    address = situation.snapshot.address(address_id)
    if address is None:
        return Shown(f"pays {address_id}", "gone", say("An address is not there any more."))
    method = situation.snapshot.payment_method(address.payment_method_id)
    now = (
        say("Nothing pays for what comes to {place} now.", place=place(address))
        if method is None
        else say(
            "{card} pays for what comes to {place} now.",
            card=card_named(method),
            place=place(address),
        )
    )
    return Shown(f"pays {address_id}", str(address.payment_method_id), now)


def _days(charges: Sequence[Charge]) -> list[Value]:
    return [*sorted({one.scheduled_at for one in charges if one.scheduled_at is not None})]


def _places(situation: Situation, ids: Collection[int]) -> list[Value]:
    found = (situation.snapshot.address(id) for id in ids)
    return [place(each) for each in found if each is not None]
