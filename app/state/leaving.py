"""The ways out of what a customer has, as far as the open page has gone them."""

from __future__ import annotations

from datetime import datetime

from app.actions import (
    Action,
    CancelSeveral,
    CancelSubscription,
    CancelTogether,
    ReactivateSubscription,
    SwitchedOff,
    TakeBack,
    which,
)
from app.i18n import Message, say
from app.recharge import Subscription
from app.retention import Flow, Plan, Reason, Rules, Subject
from app.state.leaving_membership import MembershipRetention
from app.state.left import Other
from app.state.places import MEMBERSHIPS, SUBSCRIPTIONS, shows
from app.state.portal import Portal
from app.state.question import Question
from app.state.questions.cancel import ReactivateQuestion, can_reactivate
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
        """What else the customer has that goes on, and that can be ended with it."""
        return [one for one in _beside(self.subscription) if self._may_end(one)]

    @property
    def action(self) -> CancelSubscription | CancelSeveral:
        record = self.subscription.subscription
        if self.is_all and self.others:
            records = [record, *(one.subscription for one in self.others)]
            return CancelSeveral.of(subscriptions=tuple(map(which, records)))
        return _end_of(record)

    def _may_end(self, other: SubscriptionState) -> bool:
        try:
            _end_of(other.subscription).check_offered(self.portal.situation)
        except SwitchedOff:
            return False
        return True

    def worded(self, action: Action) -> Action:
        if self.retention is None:
            return action
        given, comments = self.retention.reason, self.retention.comments
        words = {"reason": given.for_merchant[:255] if given else "", "comments": comments[:1024]}
        return action.model_copy(update=words)


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
    def heading(self) -> Message:
        return say("Cancel your subscription")

    @property
    def keep(self) -> Message:
        return say("Keep my subscription")

    @property
    def over_text(self) -> Message:
        if self.subscription.status == "expired":
            return say("Your subscription to {name} has come to its end", name=self.title)
        if self.receipt is not None and self.receipt.content.parts:
            return self.receipt.content.title  # of all that was ended with it
        return say("Your subscription to {name} is cancelled", name=self.title)

    @property
    def rules(self) -> Rules:
        return self.subscription.rules

    @property
    def plan(self) -> Plan:
        return self.portal.situation.plan

    @property
    def is_over(self) -> bool:
        known = self.portal.confirmed
        found = known.subscription(self.subscription.key)
        if found is None:  # gone from the account, if all that is there can be read
            return not known.unreadable
        return str(found.status) in ("cancelled", "expired")

    @property
    def ended_at(self) -> datetime | None:
        found = self.portal.confirmed.subscription(self.subscription.key)
        return found.cancelled_at if found else None

    @property
    def others(self) -> tuple[Other, ...]:
        has_pages = shows(self.portal, SUBSCRIPTIONS)
        going = [
            Other(one.title, f"/subscriptions/{one.key}", has_pages)
            for one in _beside(self.subscription)
        ]
        if shows(self.portal, MEMBERSHIPS):
            members = self.portal.memberships
            going += [Other(one.title, one.path) for one in members if not one.is_over]
        return tuple(going)

    def ends(self, action: Action) -> bool:
        if isinstance(action, CancelSubscription):
            return action.subscription_id == self.subscription.key
        if isinstance(action, CancelSeveral | CancelTogether):
            return self.subscription.key in action.ids
        return False

    def restart(self, back: Action | None) -> ReactivateQuestion | None:
        if not can_reactivate(self.subscription):
            return None
        for step in back.parts if isinstance(back, TakeBack) else (back,):
            if (
                isinstance(step, ReactivateSubscription)
                and step.subscription_id == self.subscription.key
            ):
                return ReactivateQuestion(self.subscription, step.date)
        return ReactivateQuestion(self.subscription)

    def question_for(self, reason: Reason, flow: Flow) -> Question | None:
        return question_for(self.subscription, reason, self.plan, flow.id)


def _beside(subscription: SubscriptionState) -> list[SubscriptionState]:
    """What else the customer has that goes on."""
    return [
        one
        for one in subscription.portal.subscriptions
        if one.key != subscription.key and one.status in ("active", "paused")
    ]


def _end_of(record: Subscription) -> CancelSubscription:
    return CancelSubscription.of(address_id=record.address_id, subscription_id=record.id)


class Leavings:
    """The ways out that this page has shown: each stays the same while the page is open, so that
    what a customer has chosen or written is there when they come back to a step."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        self._known: dict[Subject, Retention] = {}

    def of(self, subject: Subject) -> Retention | None:
        """The way out of this; None where the customer has no such thing."""
        known = self._known.get(subject)
        if subject.kind == "membership":
            made = self._of_membership(subject.id, known)
        else:
            made = self._of_subscription(subject.id, known)
        if made is None:
            return known  # one that is gone since has ended
        if known is not None and known is not made:
            known.close()
        self._known[subject] = made
        return made

    def _of_subscription(self, id: int, known: Retention | None) -> Retention | None:
        found = next((one for one in self._portal.subscriptions if one.key == id), None)
        if isinstance(known, SubscriptionRetention) and known.subscription is found:
            return known
        return SubscriptionRetention(found) if found else None

    def _of_membership(self, id: int, known: Retention | None) -> Retention | None:
        found = next((one for one in self._portal.memberships if one.key == id), None)
        if isinstance(known, MembershipRetention) and known.membership is found:
            return known
        return MembershipRetention(found) if found else None

    def close(self) -> None:
        """The page is gone."""
        for retention in self._known.values():
            retention.close()
