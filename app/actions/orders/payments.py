"""How a payment is told: with which card, and why it did not go through."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from app.actions.errors import Declined, sentences
from app.i18n import Message, say
from app.recharge import Charge, PaymentMethod

CARD_BRANDS: Final[Mapping[str, str]] = {
    "visa": "Visa",
    "mastercard": "Mastercard",
    "amex": "American Express",
    "american_express": "American Express",
    "discover": "Discover",
    "diners": "Diners Club",
    "diners_club": "Diners Club",
    "jcb": "JCB",
    "unionpay": "UnionPay",
    "maestro": "Maestro",
}
"""How the brands that Recharge names are written."""

_REASONS: Final[Mapping[str, Message]] = {
    "CARD_EXPIRED": say("The card has expired."),
    "CARD_DECLINED": say("The bank declined the card."),
    "INSUFFICIENT_FUNDS": say("The bank says there is not enough money on the account."),
    "DO_NOT_HONOR": say("The bank declined the card."),
    "AUTHENTICATION_REQUIRED": say("The bank wants you to confirm the payment."),
    "CUSTOMER_NEEDS_TO_UPDATE_CARD": say("The card is no longer valid."),
    "PAYMENT_METHOD_NOT_FOUND": say("There is no card to charge."),
}

_OF_THE_SHOP: Final = frozenset({
    "EXTERNAL_VARIANT_NOT_FOUND",
    "SHIPPING_RATE_ERROR",
    "TAX_RATE_ERROR",
    "UNEXPECTED_INVENTORY_LEVEL",
    "VARIANT_DOES_NOT_EXIST",
})  # fmt: skip
"""Reasons that no other card helps against."""


def card_named(method: PaymentMethod) -> Message:
    """A card as its owner knows it: "Visa ending in 4242"."""
    known = method.payment_details
    if known.last4:
        brand = CARD_BRANDS.get((known.brand or "").lower(), known.brand)
        if brand is None:
            return say("the card ending in {last_four}", last_four=known.last4)
        return say("{brand} ending in {last_four}", brand=brand, last_four=known.last4)
    if known.paypal_email:
        return say("PayPal, {email}", email=known.paypal_email)
    return say("your payment method on file")


def failure_reason(error_type: str | None) -> Message:
    """Why a payment failed, in plain words. Recharge knows about 110 reasons; most say little."""
    return _REASONS.get(error_type or "", say("The payment did not go through."))


def declined(charge: Charge) -> Declined:
    """What to tell of a charge whose payment was tried and refused: why, that nothing was paid, and
    what to do."""
    if charge.error_type in _OF_THE_SHOP:
        told = [
            say("The shop cannot send this order at the moment. You were not charged."),
            say("Please write to the shop."),
        ]
    else:
        told = [
            failure_reason(charge.error_type),
            say("You were not charged, and nothing was ordered."),
            say("Please use another card, or ask your bank."),
        ]
    if charge.retry_date is not None:
        told.append(say("The shop will try the payment again on {date}.", date=charge.retry_date))
    return Declined(f"charge declined: {charge.error_type}", notice=sentences(told))
