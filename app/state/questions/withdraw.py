"""Whether to withdraw from the contract of a subscription, in its first days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.actions import WithdrawFromSubscription
from app.retention import Rules
from app.state.question import Question

if TYPE_CHECKING:
    from app.state.subscription import SubscriptionState


class WithdrawQuestion(Question):
    """Whether to withdraw from it: another thing than to end it."""

    def __init__(self, subscription: SubscriptionState) -> None:
        super().__init__(subscription.portal)
        self.subscription = subscription

    @property
    def action(self) -> WithdrawFromSubscription:
        return _withdrawal(self.subscription)

    @property
    def rules(self) -> Rules:
        """What the law of the customer's place prescribes."""
        return self.subscription.rules


def can_withdraw(subscription: SubscriptionState) -> bool:
    """Whether the days for it are not over."""
    return not subscription.is_pending and subscription.portal.can(_withdrawal(subscription))


def _withdrawal(subscription: SubscriptionState) -> WithdrawFromSubscription:
    record = subscription.subscription
    return WithdrawFromSubscription.of(address_id=record.address_id, subscription_id=record.id)
