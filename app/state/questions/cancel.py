"""Whether to end a subscription, and whether to take an ended one up again."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from app.actions import CancelSubscription, ReactivateSubscription
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
    """Whether to offer to end it."""
    record = subscription.subscription
    action = CancelSubscription(address_id=record.address_id, subscription_id=record.id)
    return not subscription.is_pending and subscription.portal.can(action)


def can_reactivate(subscription: SubscriptionState) -> bool:
    """Whether to offer to take it up again."""
    return not subscription.is_pending and subscription.portal.can(_reactivation(subscription))


def _reactivation(
    subscription: SubscriptionState, date: date | None = None
) -> ReactivateSubscription:
    record = subscription.subscription
    return ReactivateSubscription.of(
        address_id=record.address_id, subscription_id=record.id, date=date
    )
