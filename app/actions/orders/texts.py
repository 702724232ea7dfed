"""What is said about ordering a delivery now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from app.actions.deliveries.texts import named
from app.actions.effect import Change, Shown
from app.actions.payments.names import card_named
from app.i18n import Message, Money, Value, say
from app.mirror import DeliveryItem
from app.recharge import Address, Charge, ChargeStatus, PaymentMethod


def gone() -> Message:
    return say(
        "This delivery has changed or is ordered already, so you were not charged. "
        "Please look at what is shown now."
    )


def paid_already(day: date) -> Message:
    return say("Your delivery of {date} is paid already. You were not charged again.", date=day)


def under_way(day: date) -> Message:
    return say(
        "The payment for {date} is under way already, so you were not charged again.", date=day
    )


def being_updated() -> Message:
    return say(
        "The shop is updating this delivery, so you were not charged. "
        "Please try again in a few seconds."
    )


def too_late(until: datetime, day: date) -> Message:
    return say(
        "This delivery could be changed until {until}. It will be charged on {date} by itself.",
        until=until,
        date=day,
    )


def no_card() -> Message:
    return say("There is no card for this delivery, so it cannot be paid now.")


def no_retries() -> Message:
    return say("The shop does not let a failed payment be tried again here.")


def costs_otherwise(amount: Money) -> Message:
    return say(
        "This delivery costs {amount} now, so you were not charged. Please look again.",
        amount=amount,
    )


def moved(day: date | None) -> Message:
    if day is None:
        return gone()
    return say("This delivery is now planned for {date}, so you were not charged.", date=day)


def while_unknown() -> Message:
    return say(
        "We do not know yet if your payment went through. We are checking, and will tell you here. "
        "Please do not order again meanwhile."
    )


def not_charged() -> Message:
    return say("You were not charged, and nothing was ordered. You can order again.")


def question(day: date, *, is_retry: bool) -> Message:
    if is_retry:
        return say("Try the payment for {date} again?", date=day)
    return say("Order now instead of on {date}?", date=day)


def done(amount: Money) -> Message:
    return say("Your order is placed. You paid {amount}.", amount=amount)


def payment(amount: Money, method: PaymentMethod) -> Change:
    text = say("You pay {amount} now, with {card}.", amount=amount, card=card_named(method))
    return Change("charge", text, after=amount)


def sent(items: Sequence[DeliveryItem], address: Address, day: date, *, is_retry: bool) -> Change:
    values: dict[str, Value] = {"items": named(items), "address": street(address)}
    if is_retry:
        return Change("items", say("{items} will be sent to {address}.", **values))
    text = say("{items} will be sent to {address} now, not on {date}.", **values, date=day)
    return Change("items", text)


def final() -> Change:
    return Change(
        "final", say("This cannot be undone here: once it is paid, only the shop can stop it.")
    )


def street(address: Address) -> str:
    """Enough of an address to tell it from the customer's others."""
    return ", ".join(part for part in (address.address1, address.city) if part)


def shown(
    charge: Charge | None, amount: Money | None, method: PaymentMethod | None, address: Address
) -> tuple[Shown, ...]:
    """What the customer decides by: what is paid, for when, with what, and where it goes."""
    if charge is None or charge.scheduled_at is None or amount is None:
        return (Shown("status", "gone", gone()),)
    day = charge.scheduled_at
    items = sorted((line.purchase_item_id or 0, line.quantity) for line in charge.line_items)
    card = "none" if method is None else f"{method.id} {method.payment_details.last4}"
    place = (address.address1, address.address2, address.city, address.zip, address.country_code)
    return (
        Shown("status", charge.status, _status(charge.status, day)),
        Shown("date", day.isoformat(), say("It is now planned for {date}.", date=day)),
        Shown("items", repr(items), say("It now holds other products or quantities.")),
        Shown(
            "total",
            f"{amount.amount:f} {amount.currency}",
            say("It now costs {total}.", total=amount),
        ),
        Shown(
            "card",
            card,
            no_card()
            if method is None
            else say("It is now paid with {card}.", card=card_named(method)),
        ),
        Shown("address", repr(place), say("It now goes to {address}.", address=street(address))),
    )


def _status(status: ChargeStatus, day: date) -> Message:
    match status:
        case ChargeStatus.QUEUED:
            return say("It is planned for {date}.", date=day)
        case ChargeStatus.ERROR:
            return say("The payment for {date} has failed.", date=day)
        case ChargeStatus.SKIPPED:
            return say("Your delivery of {date} is skipped.", date=day)
        case _:
            return under_way(day)
