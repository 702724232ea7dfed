"""Whether to end a subscription, and whether to take an ended one up again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.actions import CancelSubscription, ReactivateSubscription
from app.i18n import Message, say
from app.state.question import Question

if TYPE_CHECKING:
    from app.state.subscription import SubscriptionState

REASONS: Final[tuple[Message, ...]] = (
    say("I have too much of it"),
    say("It is too expensive"),
    say("I do not like it"),
    say("I buy it somewhere else"),
    say("Another reason"),
)
"""What most customers say. The merchant reads the English words."""


class CancelQuestion(Question):
    """Whether to end a subscription.

    reason:   one of `REASONS`; None where the customer does not tell
    comments: what the customer writes besides
    """

    def __init__(self, subscription: SubscriptionState) -> None:
        super().__init__(subscription.portal)
        self.subscription = subscription
        self.reason: Message | None = None
        self.comments = ""

    @property
    def action(self) -> CancelSubscription:
        record = self.subscription.subscription
        return CancelSubscription.of(
            address_id=record.address_id,
            subscription_id=record.id,
            reason=str(self.reason) if self.reason else "",
            comments=self.comments,
        )


class ReactivateQuestion(Question):
    """Whether to take a subscription up again."""

    def __init__(self, subscription: SubscriptionState) -> None:
        super().__init__(subscription.portal)
        self.subscription = subscription

    @property
    def action(self) -> ReactivateSubscription:
        return _reactivation(self.subscription)


def can_cancel(subscription: SubscriptionState) -> bool:
    """Whether to offer to end it."""
    record = subscription.subscription
    action = CancelSubscription(address_id=record.address_id, subscription_id=record.id)
    return not subscription.is_pending and subscription.portal.can(action)


def can_reactivate(subscription: SubscriptionState) -> bool:
    """Whether to offer to take it up again."""
    return not subscription.is_pending and subscription.portal.can(_reactivation(subscription))


def _reactivation(subscription: SubscriptionState) -> ReactivateSubscription:
    record = subscription.subscription
    return ReactivateSubscription(address_id=record.address_id, subscription_id=record.id)
