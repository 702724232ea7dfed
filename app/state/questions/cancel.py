"""Whether to end a subscription, and whether to take an ended one up again."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from app.actions import ReactivateSubscription
from app.state.question import Question

if TYPE_CHECKING:
    from app.state.subscription import SubscriptionState


class ReactivateQuestion(Question):
    """Whether to take a subscription up again.

    date: the day of its next delivery; None is the first of its rhythm that can still be changed
    """

    def __init__(self, subscription: SubscriptionState, date: date | None = None) -> None:
        super().__init__(subscription.portal)
        self.subscription = subscription
        self.date = date

    @property
    def action(self) -> ReactivateSubscription:
        return _reactivation(self.subscription, self.date)


def can_cancel(subscription: SubscriptionState) -> bool:
    """Whether to show the way to its end. Also where a minimum of orders holds it, and where the
    shop ends it itself: what that comes to is told there, and whom to write to."""
    return not (subscription.is_pending or subscription.is_over)


def can_reactivate(subscription: SubscriptionState) -> bool:
    """Whether to offer to take it up again."""
    if subscription.is_pending or subscription.status == "active":  # most are: it is asked of all
        return False
    return subscription.portal.can(_reactivation(subscription))


def _reactivation(
    subscription: SubscriptionState, date: date | None = None
) -> ReactivateSubscription:
    record = subscription.subscription
    return ReactivateSubscription.of(
        address_id=record.address_id, subscription_id=record.id, date=date
    )
