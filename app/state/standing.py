"""How an order or a charge stands, in words. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, tzinfo
from typing import Final, Literal

from app.actions.orders.failures import Failure, failure_of
from app.i18n import Message, say
from app.recharge import Charge, ChargeStatus, Order, OrderStatus

Mood = Literal["success", "info", "warning", "error", "quiet"]


@dataclass(frozen=True)
class Standing:
    """A word or two for a badge, and a sentence where more is to be said."""

    word: Message
    mood: Mood
    sentence: Message | None = None


_UNKNOWN: Final = Standing(say("State not known"), "warning")
_REFUNDED: Final = Standing(say("Refunded"), "quiet")
_PARTLY_REFUNDED: Final = Standing(say("Partly refunded"), "info")

_ORDERS: Final = {
    OrderStatus.SUCCESS: Standing(say("Ordered"), "success"),
    OrderStatus.ERROR: Standing(
        say("Not sent"),
        "error",
        say("The shop could not take up this order. Please write to the shop."),
    ),
    OrderStatus.QUEUED: Standing(
        say("Planned"), "info", say("It is paid for already, and comes on its day.")
    ),
    OrderStatus.CANCELLED: Standing(
        say("Cancelled"),
        "quiet",
        say("This order was cancelled. The shop can tell you about the payment."),
    ),
    OrderStatus.PENDING_CHARGE_STATUS: Standing(
        say("Payment under way"), "info", say("It is sent once the payment has gone through.")
    ),
}

_CHARGES: Final = {
    ChargeStatus.QUEUED: Standing(
        say("Planned"), "info", say("It is paid for on its day. Nothing was charged yet.")
    ),
    ChargeStatus.SUCCESS: Standing(say("Paid"), "success"),
    ChargeStatus.ERROR: Standing(say("Payment failed"), "error"),
    ChargeStatus.SKIPPED: Standing(
        say("Skipped"), "quiet", say("You skipped this delivery. Nothing was charged.")
    ),
    ChargeStatus.REFUNDED: _REFUNDED,
    ChargeStatus.PARTIALLY_REFUNDED: _PARTLY_REFUNDED,
    ChargeStatus.PENDING: Standing(
        say("Payment under way"), "info", say("The bank is still working on the payment.")
    ),
    ChargeStatus.PENDING_MANUAL_PAYMENT: Standing(
        say("Payment awaited"),
        "warning",
        say("The shop is waiting for your payment. Please write to the shop if you have paid."),
    ),
}


def standing_of(record: Order | Charge) -> Standing:
    """How it stands. A status of tomorrow is told as one that is not known."""
    if isinstance(record, Charge):
        return _CHARGES.get(record.status, _UNKNOWN)
    paid = record.charge.status
    if paid == ChargeStatus.REFUNDED or 0 < record.total_price == record.total_refunds:
        return _REFUNDED
    if paid == ChargeStatus.PARTIALLY_REFUNDED or record.total_refunds > 0:
        return _PARTLY_REFUNDED
    return _ORDERS.get(record.status, _UNKNOWN)


def day_of(record: Order | Charge, zone: tzinfo) -> date | None:
    """The day in the shop's zone by which a customer knows it: when it was made, else when it is
    planned."""
    moment = record.processed_at
    if moment is not None:
        return moment.astimezone(zone).date()
    if isinstance(record, Charge):
        return record.scheduled_at
    moment = record.scheduled_at or record.created_at
    return moment.astimezone(zone).date() if moment else None


def failure_of_charge(record: Order | Charge | None) -> Failure | None:
    """Why its payment failed; None where it did not."""
    if isinstance(record, Charge) and record.status == ChargeStatus.ERROR:
        return failure_of(record.error_type)
    return None
