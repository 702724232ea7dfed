"""Why a payment failed: Recharge's `error_type` in plain words, and what helps.

The types are those of Recharge's support article "Managing order errors", about 110, and what the
API documents beside it. The list is open: a type that is not here, or none at all, is told as
what it is, a payment that did not go through.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.i18n import Message, say


class Remedy(StrEnum):
    """What helps against a failed payment."""

    CARD = "card"
    """Another card, or this one entered anew."""
    BANK = "bank"
    """A word with the bank, or another card."""
    MONEY = "money"
    """Enough money on the account, or another card."""
    CONFIRM = "confirm"
    """The bank must ask the owner, which it does while a card is added."""
    BILLING = "billing"
    """The billing address as the bank knows it."""
    ADDRESS = "address"
    """The address of the delivery."""
    SHOP = "shop"
    """Nothing that the customer can do: the shop must mend something."""
    WAIT = "wait"
    """Nothing at all: it is tried again by itself."""
    UNKNOWN = "unknown"
    """Nobody can say."""


_ADVICE: Final[Mapping[Remedy, Message]] = {
    Remedy.CARD: say("Please use another card."),
    Remedy.BANK: say("Please use another card, or ask your bank."),
    Remedy.MONEY: say("Please see that there is enough on the account, or use another card."),
    Remedy.CONFIRM: say(
        "Please add the card once more, so that your bank can ask you; or use another card."
    ),
    Remedy.BILLING: say("Please check the billing address of the card."),
    Remedy.ADDRESS: say("Please check the address that it goes to."),
    Remedy.SHOP: say("Another card does not help. Please write to the shop."),
    Remedy.WAIT: say("You do not have to do anything."),
    Remedy.UNKNOWN: say("Please use another card. If that does not help, write to the shop."),
}


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a payment failed.

    reason: one sentence for the customer
    remedy: what helps
    """

    reason: Message
    remedy: Remedy

    @property
    def advice(self) -> Message:
        """What to do, in a sentence or two."""
        return _ADVICE[self.remedy]

    @property
    def is_helped_by_card(self) -> bool:
        """Whether another card may help, so that it is worth offering."""
        return self.remedy not in (Remedy.SHOP, Remedy.ADDRESS, Remedy.WAIT)


UNKNOWN_FAILURE: Final = Failure(say("The payment did not go through."), Remedy.UNKNOWN)
"""What is said where the reason is not told, or not known here."""

_DECLINED = Failure(say("The bank declined the card."), Remedy.BANK)
_EXPIRED = Failure(say("The card has expired."), Remedy.CARD)
_WRONG_NUMBER = Failure(say("The card's details are not right."), Remedy.CARD)
_WRONG_ACCOUNT = Failure(say("The bank account's details are not right."), Remedy.CARD)
_NO_CARD = Failure(say("There is no card to charge."), Remedy.CARD)
_UNFIT = Failure(say("The shop cannot charge this kind of payment method."), Remedy.CARD)
_REVOKED = Failure(say("The permission to charge this payment method has ended."), Remedy.CARD)
_LIMIT = Failure(say("The amount is above what the card allows."), Remedy.BANK)
_CONFIRM = Failure(say("The bank wants you to confirm the payment."), Remedy.CONFIRM)
_NOT_CONFIRMED = Failure(say("The payment was not confirmed with the bank."), Remedy.CONFIRM)
_BILLING = Failure(say("The billing address is not the one that the bank knows."), Remedy.BILLING)
_ADDRESS = Failure(say("The shop could not use the delivery address."), Remedy.ADDRESS)
_SUSPECTED = Failure(say("The payment was stopped, because it looked unusual."), Remedy.BANK)
_STOCK = Failure(say("Something in this delivery is out of stock."), Remedy.SHOP)
_GONE = Failure(say("Something in this delivery is no longer sold."), Remedy.SHOP)
_SHIPPING = Failure(say("The shop could not work out what shipping costs."), Remedy.SHOP)
_TAX = Failure(say("The shop could not work out the taxes."), Remedy.SHOP)
_DISCOUNT = Failure(say("The discount on this delivery could not be used."), Remedy.SHOP)
_SHOPS = Failure(say("Something in the shop's own system went wrong."), Remedy.SHOP)
_SHORT = Failure(say("The payment service did not answer in time."), Remedy.WAIT)

_FAILURES: Final[Mapping[str, Failure]] = {
    # the card or account itself
    "ACCOUNT_CLOSED": Failure(say("The account behind the card is closed."), Remedy.CARD),
    "BANK_ACCOUNT_RESTRICTED": Failure(say("The bank account is blocked."), Remedy.BANK),
    "BUYER_CANCELED_PAYMENT_METHOD": _REVOKED,
    "CARDNUMBER_INCORRECT": _WRONG_NUMBER,
    "CARD_EXPIRED": _EXPIRED,
    "CUSTOMER_NEEDS_TO_UPDATE_CARD": Failure(say("The card is no longer valid."), Remedy.CARD),
    "CUSTOMER_NOT_FOUND": _NO_CARD,
    "CUSTOMER_NO_TOKEN": _NO_CARD,
    "DEBIT_AUTHORIZATION_REVOKED": _REVOKED,
    "DEBIT_NOT_AUTHORIZED": _REVOKED,
    "EXPIRED_PAYMENT_METHOD": _EXPIRED,
    "INCORRECT_NUMBER": _WRONG_NUMBER,
    "INVALID_ACCOUNT_NUMBER": _WRONG_ACCOUNT,
    "INVALID_CUSTOMER_BILLING_AGREEMENT": _REVOKED,
    "INVALID_EXPIRY_DATE": _WRONG_NUMBER,
    "INVALID_NUMBER": _WRONG_NUMBER,
    "INVALID_PAYMENT_METHOD": _UNFIT,
    "INVALID_PURCHASE_TYPE": _UNFIT,
    "INVALID_ROUTING_NUMBER": _WRONG_ACCOUNT,
    "INVALID_TOKEN": _REVOKED,
    "PAYMENT_METHOD_NOT_FOUND": _NO_CARD,
    "PAYMENT_METHOD_NOT_SPECIFIED": _NO_CARD,
    "PAYMENT_METHOD_REVOKED": _REVOKED,
    "PAYMENT_METHOD_UNSUPPORTED": _UNFIT,
    "PICK_UP_CARD": Failure(say("The bank has blocked the card."), Remedy.BANK),
    "PURCHASE_TYPE_NOT_SUPPORTED_BY_CARD": Failure(
        say("The card cannot be used for payments like this one."), Remedy.CARD
    ),
    # what the bank says
    "CALL_ISSUER": _DECLINED,
    "CARD_DECLINED": _DECLINED,
    "CARD_ERROR_GENERAL": _DECLINED,
    "DO_NOT_HONOR": _DECLINED,
    "FRAUD_SUSPECTED": _SUSPECTED,
    "HIGH_RISK_FRAUD_SUSPECTED": _SUSPECTED,
    "INSTRUMENT_DECLINED": _DECLINED,
    "INSUFFICIENT_FUNDS": Failure(
        say("The bank says there is not enough money on the account."), Remedy.MONEY
    ),
    "PAYMENT_INTENT_PAYMENT_ATTEMPT_FAILED": _DECLINED,
    "PAYMENT_METHOD_DECLINED": _DECLINED,
    "PAYPAL_ERROR_GENERAL": Failure(say("PayPal declined the payment."), Remedy.BANK),
    "REFER_TO_CUSTOMER": _DECLINED,
    "RETRY_DECLINED": _DECLINED,
    "SEPA_DEBIT_FAILURE": Failure(
        say("The bank did not let the amount be taken from the account."), Remedy.BANK
    ),
    "AMOUNT_TOO_LARGE": _LIMIT,
    "TRANSACTION_LIMIT_EXCEEDED": _LIMIT,
    "TRANSACTION_SIZE_DECLINE": _LIMIT,
    # what the customer must confirm
    "AUTHENTICATION_FAILED": _NOT_CONFIRMED,
    "AUTHENTICATION_REQUIRED": _CONFIRM,
    "CANCELLED_PAYMENT": Failure(say("The payment was stopped."), Remedy.CARD),
    "CONFIRMATION_REJECTED": _NOT_CONFIRMED,
    "EXPIRED_BUYER_ACTION": _NOT_CONFIRMED,
    "OFF_SESSION_REJECTED": _CONFIRM,
    "PENDING_SCA_AUTHENTICATION": _CONFIRM,
    "SCA_CONFIRM_FAILED": _NOT_CONFIRMED,
    # addresses
    "BILLING_ADDRESS_ERROR": _BILLING,
    "CARD_ZIPCODE_FAILED_VALIDATION": _BILLING,
    "INCORRECT_ADDRESS": _BILLING,
    "INCORRECT_ZIP": _BILLING,
    "INVALID_BILLING_ADDRESS": _BILLING,
    "INVALID_COUNTRY": _ADDRESS,
    "INVALID_PHONE_NUMBER": _ADDRESS,
    "INVALID_SHIPPING_ADDRESS": _ADDRESS,
    "INVALID_SHIPPING_PROVINCE": _ADDRESS,
    "INVALID_ZIP_CODE": _ADDRESS,
    # the shop and its goods
    "EXTERNAL_VARIANT_NOT_FOUND": _GONE,
    "INVENTORY_ALLOCATIONS_NOT_FOUND": _STOCK,
    "INSUFFICIENT_CREDIT_BALANCE": Failure(
        say("There is not enough store credit for it."), Remedy.CARD
    ),
    "INVALID_DISCOUNT": _DISCOUNT,
    "INVALID_DISCOUNT_AMOUNT": _DISCOUNT,
    "SHIPPING_RATE_ERROR": _SHIPPING,
    "TAX_RATE_ERROR": _TAX,
    "TEST_MODE": Failure(say("The shop takes no real payments at the moment."), Remedy.SHOP),
    "UNEXPECTED_INVENTORY_LEVEL": _STOCK,
    "UNEXPECTED_VARIANT_ERROR_TYPE": _GONE,
    "VARIANT_DOES_NOT_EXIST": _GONE,
    # what passes
    "CARD_UPDATED_NOW_PENDING_NEXT_ATTEMPT": Failure(
        say("Your new card is known, and the payment will be tried with it."), Remedy.WAIT
    ),
    "PAYMENT_PROVIDER_ERROR": _SHORT,
    "PROCESSING_ERROR": _SHORT,
    "THROTTLE": _SHORT,
    "TRANSIENT_ERROR": _SHORT,
    "CLOSED_MAX_RETRIES_REACHED": Failure(
        say("The payment failed several times, and the shop has stopped trying."), Remedy.CARD
    ),
    **dict.fromkeys((
        "AMOUNT_TOO_SMALL", "AUTHENTICATION_ERROR", "BLOCKED_FROM_AUTOMATIC_PROCESSING",
        "CAPTURE_AMOUNT_EXCEEDS_AUTHORIZED", "CAPTURE_FAILED", "CAPTURE_PAYMENT_ERROR",
        "CARD_TESTING", "CONTRACT_NOT_AVAILABLE", "CONTRACT_TERMINATED",
        "CONTRACT_UNDER_REVIEW", "CUSTOMER_INVALID", "EMPTY_CHARGE_ENTRY",
        "FREE_GIFT_CARD_NOT_ALLOWED", "INVALID", "INVALID_CURRENCY",
        "INVALID_LINE_ITEM_PROPERTY", "INVALID_PICK_UP_LOCATION", "MERCHANT_ACCOUNT_ERROR",
        "MERCHANT_RULE", "MIN_CHARGE_ERROR", "NON_TEST_ORDER_LIMIT_REACHED", "NO_JSON_FOUND",
        "PAYMENT_CAPTURE_ERROR", "PAYMENT_METHOD_INCOMPATIBLE_WITH_GATEWAY_CONFIG",
        "PAYMENT_PROVIDER_IS_NOT_ENABLED", "SHOPIFY_REJECTED", "UNEXPECTED_REGEN_ERROR",
    ), _SHOPS),
}  # fmt: skip


def failure_of(error_type: str | None) -> Failure:
    """Why a payment failed, and what helps. COULD_NOT_PROCESS, GENERIC_ERROR and their like say
    nothing, so they are told as an unknown reason."""
    return _FAILURES.get((error_type or "").strip().upper(), UNKNOWN_FAILURE)


def failure_reason(error_type: str | None) -> Message:
    """Why a payment failed, in one sentence."""
    return failure_of(error_type).reason
