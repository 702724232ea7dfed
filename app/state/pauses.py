"""Which of the customer's subscriptions pause."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.actions import Pause, PauseSubscription, pauses
from app.recharge import Subscription

if TYPE_CHECKING:
    from app.state.portal import Portal


class Pauses:
    """The pauses of one customer, as the record has them."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        self._made: dict[int, Pause] = {}

    def of(self, subscription: Subscription) -> Pause | None:
        """The pause of a subscription; None where it has none, or where it is over: moved, resumed
        or come to its end."""
        made, day = self._made.get(subscription.id), subscription.next_charge_scheduled_at
        if made is None or made.until != day or subscription.status != "active":
            return None
        return made if made.until > self._portal.situation.today else None

    def expect(self, action: PauseSubscription) -> None:
        """Take this for made until the record is read again. Where it is not made, the date of the
        subscription tells so."""
        self._made[action.subscription_id] = Pause(action.until, action.from_date)

    async def read(self) -> None:
        """Read the record."""
        self._made = await pauses(self._portal.services, self._portal.principal)
