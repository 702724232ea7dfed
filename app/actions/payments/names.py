"""What cards, wallets and accounts on file are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from app.i18n import Message, say
from app.recharge import PaymentMethod

CARD_BRANDS: Final[Mapping[str, str]] = {
    "visa": "Visa",
    "mastercard": "Mastercard",
    "master": "Mastercard",
    "amex": "American Express",
    "american_express": "American Express",
    "discover": "Discover",
    "diners": "Diners Club",
    "diners_club": "Diners Club",
    "jcb": "JCB",
    "unionpay": "UnionPay",
    "maestro": "Maestro",
    "cartes_bancaires": "Cartes Bancaires",
    "elo": "Elo",
    "hipercard": "Hipercard",
    "bancontact": "Bancontact",
    "bogus": "Bogus",
}
"""How the brands that Recharge names are written."""

KINDS: Final[Mapping[str, str]] = {
    "PAYPAL": "PayPal",
    "PAYPAL_EXPRESS": "PayPal",
    "APPLE_PAY": "Apple Pay",
    "GOOGLE_PAY": "Google Pay",
    "SHOP_PAY": "Shop Pay",
    "AMAZON_PAY": "Amazon Pay",
    "IDEAL": "iDEAL",
    "SOFORT": "Sofort",
    "GIROPAY": "giropay",
    "AFTERPAY_CLEARPAY": "Afterpay",
    "KLARNA": "Klarna",
}
"""How the kinds of payment that are a brand of their own are written; they are not translated."""

_DESCRIBED: Final[Mapping[str, Message]] = {
    "CREDIT_CARD": say("your card on file"),
    "SEPA_DEBIT": say("your bank account (SEPA)"),
    "STORED_VALUE": say("your store balance"),
    "INVOICE": say("an invoice"),
}

_TITLED: Final[Mapping[str, Message]] = {
    "CREDIT_CARD": say("Card on file"),
    "SEPA_DEBIT": say("Bank account (SEPA)"),
    "STORED_VALUE": say("Store balance"),
    "INVOICE": say("Invoice"),
}

_WALLETS: Final[Mapping[str, str]] = {
    "apple_pay": "Apple Pay",
    "google_pay": "Google Pay",
    "samsung_pay": "Samsung Pay",
    "shop_pay": "Shop Pay",
    "paypal": "PayPal",
}


def brand_of(method: PaymentMethod) -> str | None:
    """The card's brand as it writes itself: "American Express". One that is not known here is
    written as the processor has it; None where it tells none."""
    brand = (method.payment_details.brand or "").strip()
    key = brand.lower().replace(" ", "_").replace("-", "_")
    return CARD_BRANDS.get(key, brand) or None


def wallet_of(method: PaymentMethod) -> str | None:
    """The wallet or service that the method is kept in: "Apple Pay"; None for a bare card."""
    kind = KINDS.get(str(method.payment_type or ""))
    wallet = (method.payment_details.wallet_type or "").strip().lower().replace(" ", "_")
    return kind or _WALLETS.get(wallet)


def card_named(method: PaymentMethod) -> Message:
    """A method as its owner knows it, as it stands within a sentence: "Visa ending in 4242",
    "Apple Pay, Visa ending in 4242", "PayPal, ana@example.com", "your bank account (SEPA)"."""
    known = method.payment_details
    wallet, brand = wallet_of(method), brand_of(method)
    if known.paypal_email:
        return say("PayPal, {email}", email=known.paypal_email)
    if known.last4:
        if str(method.payment_type) == "SEPA_DEBIT":
            return say("the bank account ending in {last_four}", last_four=known.last4)
        if brand is None:
            card = say("the card ending in {last_four}", last_four=known.last4)
        else:
            card = say("{brand} ending in {last_four}", brand=brand, last_four=known.last4)
        return card if wallet is None else say("{wallet}, {card}", wallet=wallet, card=card)
    if wallet is not None:
        return say("{wallet}", wallet=wallet)
    described = _DESCRIBED.get(str(method.payment_type or ""))
    if brand is not None:
        return say("your {brand} card", brand=brand)
    return described or say("your payment method on file")


def card_titled(method: PaymentMethod) -> Message:
    """The same, as it stands alone: "Card ending in 4242", "Bank account (SEPA)"."""
    known, kind = method.payment_details, str(method.payment_type or "")
    wallet, brand = wallet_of(method), brand_of(method)
    if known.paypal_email or wallet is not None:
        return card_named(method)
    if known.last4:
        if kind == "SEPA_DEBIT":
            return say("Bank account ending in {last_four}", last_four=known.last4)
        return (
            card_named(method)
            if brand
            else say("Card ending in {last_four}", last_four=known.last4)
        )
    if brand is not None:
        return say("{brand} card", brand=brand)
    return _TITLED.get(kind, say("Payment method on file"))
