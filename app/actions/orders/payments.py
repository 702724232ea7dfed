"""How a payment that was tried and refused is told."""

from __future__ import annotations

from app.actions.errors import Declined, sentences
from app.actions.orders.failures import Remedy, failure_of
from app.i18n import say
from app.recharge import Charge


def declined(charge: Charge) -> Declined:
    """What to tell of a charge whose payment was tried and refused: why, that nothing was paid, and
    what to do."""
    failure = failure_of(charge.error_type)
    told = [failure.reason, say("You were not charged, and nothing was ordered.")]
    if failure.remedy is not Remedy.WAIT:
        told.append(failure.advice)
    if charge.retry_date is not None:
        told.append(say("The shop will try the payment again on {date}.", date=charge.retry_date))
    return Declined(f"charge declined: {charge.error_type}", notice=sentences(told))
