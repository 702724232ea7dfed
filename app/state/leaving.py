"""The ways out of what a customer has, as far as the open page has gone them."""

from __future__ import annotations

from app.actions import CancelSeveral, CancelSubscription, which
from app.retention import Flow, Plan, Reason, Rules, Subject, rules_for
from app.state.portal import Portal
from app.state.question import Question
from app.state.questions.staying import question_for
from app.state.retention import Retention
from app.state.subscription import SubscriptionState


class EndQuestion(Question):
    """Whether to end a subscription.

    is_all: all that the customer has, at once
    """

    def __init__(self, subscription: SubscriptionState) -> None:
        super().__init__(subscription.portal)
        self.subscription = subscription
        self.is_all = False
        self.retention: SubscriptionRetention | None = None

    @property
    def others(self) -> list[SubscriptionState]:
        """What else the customer has that goes on."""
        return [
            one
            for one in self.portal.subscriptions
            if one.key != self.subscription.key and one.status in ("active", "paused")
        ]

    @property
    def action(self) -> CancelSubscription | CancelSeveral:
        record, reason, comments = self.subscription.subscription, "", ""
        if self.retention is not None:
            given = self.retention.reason
            reason = given.said("") if given else ""
            comments = self.retention.comments
        if self.is_all and self.others:
            records = [record, *(one.subscription for one in self.others)]
            return CancelSeveral.of(subscriptions=tuple(map(which, records)), reason=reason[:255])
        return CancelSubscription.of(
            address_id=record.address_id,
            subscription_id=record.id,
            reason=reason[:255],
            comments=comments[:1024],
        )


class SubscriptionRetention(Retention):
    """The way out of a subscription."""

    def __init__(self, subscription: SubscriptionState) -> None:
        self.subscription = subscription
        self.ending: EndQuestion
        super().__init__(
            subscription.portal,
            Subject("subscription", subscription.key),
            EndQuestion(subscription),
        )
        self.ending.retention = self

    @property
    def home(self) -> str:
        return f"/subscriptions/{self.subscription.key}"

    @property
    def title(self) -> str:
        return self.subscription.title

    @property
    def rules(self) -> Rules:
        return rules_for(self.portal.records, self.subscription.subscription)

    @property
    def plan(self) -> Plan:
        return self.portal.situation.plan

    @property
    def is_over(self) -> bool:
        return self.subscription.is_over

    def question_for(self, reason: Reason, flow: Flow) -> Question | None:
        return question_for(self.subscription, reason, self.plan, flow.id)


class Leavings:
    """The ways out that this page has shown: each stays the same while the page is open, so that
    what a customer has chosen or written is there when they come back to a step."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        self._known: dict[Subject, Retention] = {}

    def of(self, subject: Subject) -> Retention | None:
        """The way out of this; None where the customer has no such thing."""
        known = self._known.get(subject)
        found = next((one for one in self._portal.subscriptions if one.key == subject.id), None)
        if subject.kind != "subscription" or found is None:
            return None
        if isinstance(known, SubscriptionRetention) and known.subscription is found:
            return known
        if known is not None:
            known.close()
        self._known[subject] = made = SubscriptionRetention(found)
        return made

    def close(self) -> None:
        """The page is gone."""
        for retention in self._known.values():
            retention.close()
