"""How long a subscription should pause, and when a paused one should come again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from app.actions import Outcome, PauseSubscription, ResumeSubscription
from app.actions.dates import rules
from app.actions.dates.pauses import earliest_of_rhythm
from app.i18n import Message, say, say_many
from app.mirror import charge_rhythm
from app.retention import Span
from app.state.question import Previewed
from app.state.questions.dates import DateQuestion, Suggestion, can_move, together_with

if TYPE_CHECKING:
    from app.state.subscription import SubscriptionState

_LENGTHS: Final[tuple[tuple[int, rules.Span], ...]] = (
    (2, "week"),
    (1, "month"),
    (2, "month"),
    (3, "month"),
    (6, "month"),
    (12, "month"),
)
_MOST_LENGTHS: Final = 4
_LEAST: Final = 7
"""Days by which a pause that is suggested is later than the next date, at least."""


class PauseQuestion(DateQuestion):
    """How long a subscription should pause: `date` is the day on which it comes again.

    `spans` are the lengths to choose from, where the shop has its own.
    """

    def __init__(
        self, subscription: SubscriptionState, spans: Sequence[Span] | None = None
    ) -> None:
        record = subscription.subscription
        self.subscription = subscription
        self._lengths = _LENGTHS if spans is None else [(one.count, one.unit) for one in spans]
        super().__init__(
            subscription.portal, record.address_id, {record.id}, record.next_charge_scheduled_at
        )

    @property
    def action(self) -> PauseSubscription | None:
        if self.date is None:
            return None
        record = self.subscription.subscription
        return PauseSubscription.of(
            address_id=record.address_id,
            subscription_id=record.id,
            from_date=self.planned,
            until=self.date,
        )

    async def confirm(self, pressed: Previewed | None = None) -> Outcome | None:
        action = self.action
        if action is not None and self.preview is not None:
            # Shown as paused at once: the dates alone do not tell a pause from a move.
            self.portal.pauses.expect(action)
        return await super().confirm(pressed)

    def is_allowed(self, day: date) -> bool:
        return (self.planned is None or day > self.planned) and super().is_allowed(day)

    def suggestions(self) -> tuple[Suggestion, ...]:
        found = []
        for count, unit in self._lengths:
            day = rules.later(self.today, count, unit)
            is_long = self.planned is None or (day - self.planned).days >= _LEAST
            if is_long and self.is_allowed(day):
                found.append(Suggestion(day, _for(count, unit)))
        return tuple(found[:_MOST_LENGTHS])

    def likely(self) -> date | None:
        return next((one.date for one in self.suggested), None)


class ResumeQuestion(DateQuestion):
    """When a paused subscription should come again."""

    def __init__(self, subscription: SubscriptionState) -> None:
        record = subscription.subscription
        self.subscription = subscription
        pause = subscription.pause
        self._known = pause.planned if pause else None
        super().__init__(
            subscription.portal, record.address_id, {record.id}, record.next_charge_scheduled_at
        )

    @property
    def action(self) -> ResumeSubscription | None:
        if self.date is None:
            return None
        record = self.subscription.subscription
        return ResumeSubscription.of(
            address_id=record.address_id,
            subscription_id=record.id,
            from_date=self.planned,
            date=self.date,
        )

    def is_allowed(self, day: date) -> bool:
        return (self.planned is None or day < self.planned) and super().is_allowed(day)

    def suggestions(self) -> tuple[Suggestion, ...]:
        situation, record = self.portal.situation, self.subscription.subscription
        found = [Suggestion(self.first, say("As soon as possible"))]
        if self._known is not None:
            day = earliest_of_rhythm(situation, record, self._known)
            found.append(Suggestion(day, say("On the day it would have come")))
            following = charge_rhythm(record).after(day)
            if following is not None:
                found.append(Suggestion(following, say("One delivery later")))
        found += together_with(situation, record.address_id, {record.id}, self.first)[:2]
        reasons: dict[date, Message] = {}
        for one in found:
            if self.is_allowed(one.date):
                reasons[one.date] = one.reason
        return tuple(Suggestion(day, reasons[day]) for day in sorted(reasons))

    def likely(self) -> date | None:
        """The earliest date of the rhythm that it had before the pause."""
        if self._known is not None:
            record = self.subscription.subscription
            day = earliest_of_rhythm(self.portal.situation, record, self._known)
            if self.is_allowed(day):
                return day
        return next((one.date for one in self.suggested), None)


def can_pause(subscription: SubscriptionState) -> bool:
    """Whether a subscription can pause. Cheap: asked for every card."""
    return subscription.status == "active" and can_move(subscription)


def can_resume(subscription: SubscriptionState) -> bool:
    """Whether a paused subscription can come again earlier. Cheap: asked for every card."""
    if subscription.status != "paused" or subscription.is_pending:
        return False
    portal, record = subscription.portal, subscription.subscription
    if record.is_prepaid or not portal.is_offered(ResumeSubscription):
        return False
    planned = record.next_charge_scheduled_at
    return planned is None or planned > rules.first_day(portal.situation)


def _for(count: int, unit: rules.Span) -> Message:
    if unit == "week":
        return say_many("For {count} week", "For {count} weeks", count)
    return say_many("For {count} month", "For {count} months", count)
