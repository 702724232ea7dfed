"""Whether a card or wallet can pay: what is known of it, and until when it is valid. Pure."""

from __future__ import annotations

import calendar
from datetime import date
from enum import StrEnum
from typing import Final

from app.actions.orders.failures import UNKNOWN_FAILURE, failure_of
from app.actions.situation import Situation
from app.i18n import Message, say
from app.mirror import DeliveryStatus
from app.recharge import Address, PaymentMethod, PaymentMethodStatus

READ_ONLY: Final = frozenset({"shopify_payments"})
"""Processors whose methods Recharge's API does not change: neither the billing address nor which is
the default. The owner changes them by a link that the shop mails."""

_COMES: Final = (DeliveryStatus.QUEUED, DeliveryStatus.PROJECTED)


class Standing(StrEnum):
    """How a method stands, the worst first."""

    EXPIRED = "expired"
    INVALID = "invalid"
    EMPTY = "empty"
    EXPIRES_FIRST = "expires first"
    """Before the next delivery that it pays for."""
    UNKNOWN = "unknown"
    """A status that is not known here."""
    UNCHECKED = "unchecked"
    GOOD = "good"

    @property
    def is_trouble(self) -> bool:
        """Whether the owner has to do something before it can pay."""
        return self in (Standing.EXPIRED, Standing.INVALID, Standing.EMPTY, Standing.EXPIRES_FIRST)


def last_day(method: PaymentMethod) -> date | None:
    """The last day on which a card is valid: the end of the month printed on it, on the shop's
    calendar. None where no such month is told."""
    year, month = method.payment_details.exp_year, method.payment_details.exp_month
    if year is None or month is None or not 1 <= month <= 12:
        return None
    if 0 <= year < 100:  # as it is printed on the card
        year += 2000
    if not 1 <= year <= 9999:
        return None
    return date(year, month, calendar.monthrange(year, month)[1])


def addresses_of(situation: Situation, method_id: int) -> tuple[Address, ...]:
    """The addresses whose deliveries a method pays for."""
    return tuple(one for one in situation.snapshot.addresses if one.payment_method_id == method_id)


def next_day_of(situation: Situation, method_id: int) -> date | None:
    """The date of the next delivery that a method will be charged for; None where none is known."""
    for delivery in situation.deliveries:
        # What was paid in advance is not charged again.
        is_charged = not delivery.is_total_known or delivery.total.amount > 0
        if delivery.payment_method_id == method_id and delivery.status in _COMES and is_charged:
            return delivery.date
    return None


def standing_of(situation: Situation, method: PaymentMethod) -> Standing:
    """How a method stands today, seen from what it has to pay next."""
    last = last_day(method)
    if last is not None and last < situation.today:
        return Standing.EXPIRED
    status = method.status
    if status == PaymentMethodStatus.INVALID:
        return Standing.INVALID
    if status == PaymentMethodStatus.EMPTY:
        return Standing.EMPTY
    if last is not None:
        day = next_day_of(situation, method.id)
        if day is not None and last < day:
            return Standing.EXPIRES_FIRST
    if status is not None and not status.is_known:
        return Standing.UNKNOWN
    if status in (PaymentMethodStatus.UNVALIDATED, PaymentMethodStatus.NOT_VALIDATED):
        return Standing.UNCHECKED
    return Standing.GOOD


def why_invalid(method: PaymentMethod) -> Message:
    """Why a method cannot be charged: the reason that Recharge tells, where it is one of those that
    payments fail for."""
    told = (method.status_reason or "").strip().replace(" ", "_")
    if told.lower() == "expired":
        return say("The card has expired.")
    failure = failure_of(told)
    if failure is UNKNOWN_FAILURE:
        return say("The payment service says that it cannot be charged.")
    return failure.reason
