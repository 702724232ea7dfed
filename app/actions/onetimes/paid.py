"""Whether a one-time product that is gone was taken out, or was paid for and comes."""

from __future__ import annotations

from app.actions.base import Upstream
from app.actions.errors import NotPossible
from app.actions.onetimes import effects
from app.recharge import ChargeStatus

_PAID = (ChargeStatus.SUCCESS, ChargeStatus.PARTIALLY_REFUNDED)
_UNDER_WAY = (ChargeStatus.PENDING, ChargeStatus.PENDING_MANUAL_PAYMENT)


async def refuse_paid(upstream: Upstream, onetime_id: int) -> None:
    """A one-time is gone once it was paid for, as it is when it was taken out.

    Raises:
        NotPossible: it was paid for, or is being paid for.
        RechargeError: it could not be looked up.
    """
    charge = await upstream.client.charges.list(
        customer_id=upstream.situation.snapshot.customer.id,
        purchase_item_id=onetime_id,
        status=_PAID + _UNDER_WAY,
    ).first()
    if charge is None:
        return
    day = charge.scheduled_at or upstream.situation.today
    if charge.status in _UNDER_WAY:
        raise NotPossible(notice=effects.being_paid(day))
    held = (line for line in charge.line_items if line.purchase_item_id == onetime_id)
    line = next(held, None)
    raise NotPossible(notice=effects.paid_already(line.title if line else "", day))
