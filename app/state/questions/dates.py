"""When something comes: another date, or so much later."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, Literal

from app.actions import (
    Action,
    ActionError,
    DelayDelivery,
    DelaySubscription,
    MoveDelivery,
    MoveOnce,
    MoveSubscription,
    NotPossible,
    Situation,
)
from app.actions.dates import rules
from app.actions.dates.deliveries import movable_items
from app.i18n import Message, Value, say, say_many
from app.mirror import DeliveryItem, DeliveryStatus
from app.retention import Span
from app.state.question import Question

if TYPE_CHECKING:
    from app.state.delivery import DeliveryState
    from app.state.portal import Portal
    from app.state.subscription import SubscriptionState

Scope = Literal["all", "once"]
"""Whether all later deliveries move along, or only the next one moves."""

_NEAR: Final = timedelta(days=28)
"""How far from a date others are near it."""
_MOST_TOGETHER: Final = 2
"""Dates of other deliveries that are suggested."""
_SHIFTS: Final[tuple[tuple[int, Message], ...]] = (
    (-7, say("One week earlier")),
    (3, say("A few days later")),
    (7, say("One week later")),
    (14, say("Two weeks later")),
)


def _by(span: Span) -> tuple[int, rules.Span, Message]:
    later = {
        "day": say_many("{count} day later", "{count} days later", span.count),
        "week": say_many("{count} week later", "{count} weeks later", span.count),
        "month": say_many("{count} month later", "{count} months later", span.count),
    }
    return span.count, span.unit, later[span.unit]


_DELAYS: Final = (
    *map(_by, (Span(1, "week"), Span(2, "week"), Span(1, "month"))),
    (1, "interval", say("One delivery later")),
)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A date that many would choose, and why."""

    date: date
    reason: Message


@dataclass(frozen=True, slots=True)
class Delay:
    """So much later, and the date that this comes to."""

    count: int
    unit: rules.Span
    words: Message
    date: date


class DayQuestion(Question):
    """A question in which a day can be chosen."""

    @property
    def today(self) -> date:
        """The day in the shop's zone."""
        return self.portal.situation.today

    @property
    def first(self) -> date:
        """The first day that can be chosen; `last` the last."""
        return rules.first_day(self.portal.situation)

    @property
    def last(self) -> date:
        return rules.last_day(self.portal.situation)


class DateQuestion(DayQuestion):
    """A question that is answered with a date.

    date:      as chosen; at first the one that most would choose
    suggested: some dates, earliest first
    """

    def __init__(
        self, portal: Portal, address_id: int, ids: Collection[int], planned: date | None
    ) -> None:
        super().__init__(portal)
        self.planned = planned
        self._address_id = address_id
        self._ids = frozenset(ids)
        self.suggested = self.suggestions()
        self.date = self.likely()

    def is_allowed(self, day: date) -> bool:
        """Whether a day can be chosen."""
        return day != self.planned and rules.is_possible(self.portal.situation, self._ids, day)

    def suggestions(self) -> tuple[Suggestion, ...]:
        """Dates around the planned one, and those on which other things come to the address."""
        planned = self.planned or self.first
        shifted = [Suggestion(planned + timedelta(days=by), why) for by, why in _SHIFTS]
        together = [
            one
            for one in together_with(self.portal.situation, self._address_id, self._ids, planned)
            if self.is_allowed(one.date)
        ]
        near = {one.date for one in together[:_MOST_TOGETHER]}
        found = together[:_MOST_TOGETHER] + [one for one in shifted if one.date not in near]
        return tuple(sorted((one for one in found if self.is_allowed(one.date)), key=_by_date))

    def likely(self) -> date | None:
        """The date that is chosen at first: a week later where that is possible."""
        week = self.planned + timedelta(days=7) if self.planned else None
        if week is not None and self.is_allowed(week):
            return week
        later = [one.date for one in self.suggested if not self.planned or one.date > self.planned]
        return next(iter(later), None)


class MoveQuestion(DateQuestion):
    """When the next delivery of a subscription should come.

    scope: whether all after it move along
    """

    def __init__(self, subscription: SubscriptionState) -> None:
        record = subscription.subscription
        self.subscription = subscription
        super().__init__(
            subscription.portal, record.address_id, {record.id}, record.next_charge_scheduled_at
        )
        self.scope: Scope = "all"

    @property
    def can_be_once(self) -> bool:
        """Whether the merchant lets a single delivery be moved: it takes a skip and a one-time."""
        if self.date is None or not self.subscription.subscription.is_skippable:
            return False
        try:
            self._once(self.date).check_offered(self.portal.situation)
        except ActionError:
            return False
        return True

    @property
    def action(self) -> Action | None:
        if self.date is None:
            return None
        if self.scope == "once":
            return self._once(self.date)
        record = self.subscription.subscription
        return MoveSubscription.of(
            address_id=record.address_id,
            subscription_id=record.id,
            from_date=self.planned,
            date=self.date,
        )

    def _once(self, day: date) -> MoveOnce:
        record = self.subscription.subscription
        return MoveOnce.of(
            address_id=record.address_id,
            subscription_id=record.id,
            from_date=self.planned,
            date=day,
        )


class MoveDeliveryQuestion(DateQuestion):
    """When a delivery should come.

    movable: the items that can be given another date
    chosen:  the ids of those that move; at first all
    """

    def __init__(self, delivery: DeliveryState) -> None:
        planned = delivery.delivery
        self.movable = movable_items(delivery.portal.records, planned)
        self.chosen = ids_of(self.movable)
        super().__init__(delivery.portal, planned.address_id, self.chosen, planned.date)
        self._delivery = planned

    @property
    def action(self) -> MoveDelivery | None:
        if self.date is None or not self.chosen:
            return None
        return MoveDelivery.of(
            address_id=self._delivery.address_id,
            date=self._delivery.date,
            to=self.date,
            purchase_item_ids=tuple(sorted(self.chosen)),
        )


class DelayQuestion(Question):
    """How much later the next delivery of a subscription should come.

    delay:  as chosen; at first the shortest
    delays: what there is to choose from: `spans`, where they are given
    """

    def __init__(
        self, subscription: SubscriptionState, spans: Sequence[Span] | None = None
    ) -> None:
        super().__init__(subscription.portal)
        self.subscription = subscription
        planned = subscription.subscription.next_charge_scheduled_at
        offered = _DELAYS if spans is None else tuple(map(_by, spans))
        found: dict[date, Delay] = {}
        for count, unit, words in offered:
            day = self._date(planned, count, unit)
            if day is not None:
                found.setdefault(day, Delay(count, unit, words, day))
        self.delays = tuple(sorted(found.values(), key=lambda one: one.date))
        self.delay = next(iter(self.delays), None)

    @property
    def action(self) -> DelaySubscription | None:
        if self.delay is None:
            return None
        record = self.subscription.subscription
        return DelaySubscription.of(
            address_id=record.address_id,
            subscription_id=record.id,
            from_date=record.next_charge_scheduled_at,
            count=self.delay.count,
            unit=self.delay.unit,
        )

    def _date(self, planned: date | None, count: int, unit: rules.Span) -> date | None:
        record = self.subscription.subscription
        try:
            day = rules.later(planned, count, unit, record) if planned else None
        except NotPossible:
            return None
        situation = self.portal.situation
        return day if day and rules.is_possible(situation, {record.id}, day) else None


class DelayDeliveryQuestion(Question):
    """How much later a delivery should come. As `DelayQuestion`, for all of it."""

    def __init__(self, delivery: DeliveryState) -> None:
        super().__init__(delivery.portal)
        self._delivery = planned = delivery.delivery
        self._ids = ids_of(movable_items(delivery.portal.records, planned))
        found = []
        for count, unit, words in _DELAYS:
            if unit == "interval":
                continue  # what comes together has several rhythms, or one that a span names too
            day = rules.later(planned.date, count, unit)
            if rules.is_possible(self.portal.situation, self._ids, day):
                found.append(Delay(count, unit, words, day))
        self.delays = tuple(found)
        self.delay = next(iter(self.delays), None)

    @property
    def action(self) -> DelayDelivery | None:
        if self.delay is None or not self._ids:
            return None
        return DelayDelivery.of(
            address_id=self._delivery.address_id,
            date=self._delivery.date,
            purchase_item_ids=tuple(sorted(self._ids)),
            count=self.delay.count,
            unit=self.delay.unit,
        )


def can_move(subscription: SubscriptionState) -> bool:
    """Whether the next date of a subscription can be changed. Cheap: asked for every card."""
    portal = subscription.portal
    if subscription.is_pending or not portal.is_offered(MoveSubscription):
        return False
    try:
        rules.check_next(portal.situation, subscription.key)
    except NotPossible:
        return False
    return True


def can_move_delivery(delivery: DeliveryState) -> bool:
    """Whether something of a delivery can be given another date. Cheap: asked for every one."""
    portal, planned = delivery.portal, delivery.delivery
    if delivery.is_pending or not portal.is_offered(MoveDelivery):
        return False
    if planned.status not in (DeliveryStatus.QUEUED, DeliveryStatus.PROJECTED):
        return False
    situation = portal.situation
    movable = movable_items(situation.snapshot, planned)
    try:
        rules.refuse_late(situation, planned.date)
        rules.refuse_open_payments(situation, ids_of(movable))
    except NotPossible:
        return False
    return bool(movable)


def together_with(
    situation: Situation, address_id: int, ids: Collection[int], planned: date
) -> list[Suggestion]:
    """Dates near a planned one on which other things come to the same address, nearest first."""
    found = []
    for delivery in situation.coming(planned):
        others = [item for item in delivery.items if item.purchase_item_id not in ids]
        is_near = delivery.date != planned and abs(delivery.date - planned) <= _NEAR
        if delivery.address_id == address_id and others and is_near:
            found.append(
                Suggestion(delivery.date, say("Together with {items}", items=_few(others)))
            )
    return sorted(found, key=lambda one: (abs(one.date - planned), one.date))


def ids_of(items: Sequence[DeliveryItem]) -> tuple[int, ...]:
    """The ids of items, those that have one."""
    return tuple(item.purchase_item_id for item in items if item.purchase_item_id)


def _few(items: Sequence[DeliveryItem]) -> list[Value]:
    if len(items) <= 2:
        return [item.title for item in items]
    return [items[0].title, say("{count} more", count=len(items) - 1)]


def _by_date(one: Suggestion) -> date:
    return one.date
