"""Give the next delivery of a subscription another date, and all after it with it."""

from __future__ import annotations

import datetime
from abc import abstractmethod
from typing import Annotated, Any, ClassVar, Self

from pydantic import Field

from app.actions.at_address import AddressAction, Id, check_subscription
from app.actions.base import Upstream
from app.actions.comparison import DatesPromise, compared
from app.actions.dates import rules, texts
from app.actions.effect import Change, Effect, Shown
from app.actions.errors import NotPossible
from app.actions.foresight import with_item
from app.actions.situation import Situation
from app.i18n import Message, say
from app.mirror import Snapshot, charge_rhythm
from app.recharge import Subscription

Count = Annotated[int, Field(ge=1, le=60)]


class NextDateAction(AddressAction):
    """A change of the next date of one subscription: ``POST …/set_next_charge_date``.

    from_date: the date it stands on now; None is whatever that is. Named, it keeps an older wish
               from moving what has been moved since.
    """

    switch: ClassVar[str | None] = "edit_scheduled_date"
    is_pause: ClassVar[bool] = False
    """Whether Recharge is told that the subscription pauses: its webhook says so then."""

    subscription_id: Id
    from_date: datetime.date | None = None

    def check_owner(self, situation: Situation) -> None:
        super().check_owner(situation)
        check_subscription(situation, self.subscription_id)

    def check(self, situation: Situation) -> None:
        self._concerned(situation)

    def shown(self, situation: Situation) -> tuple[Shown, ...]:
        return texts.shown_of(situation.snapshot.subscription(self.subscription_id))

    def foreseen(self, situation: Situation) -> Snapshot:
        subscription, day = self._concerned(situation)
        moved = subscription.model_copy(update={"next_charge_scheduled_at": day})
        return with_item(situation.snapshot, moved)

    def effect(self, situation: Situation) -> Effect:
        subscription, day = self._concerned(situation)
        return self._effect(situation, self.after(situation), subscription, day)

    def spelled_out(self, situation: Situation) -> Self:
        subscription, day = self._concerned(situation)
        from_date = subscription.next_charge_scheduled_at
        return self.model_copy(update={"from_date": from_date, **self._absolute(day)})

    async def run(self, upstream: Upstream) -> None:
        _, day = self._concerned(upstream.situation)
        answer = await upstream.client.subscriptions.set_next_charge_date(
            self.subscription_id, day, commit=True, pause=True if self.is_pause else None
        )
        upstream.answers.append(answer)

    async def is_done(self, upstream: Upstream) -> bool:
        found = upstream.situation.snapshot.subscription(self.subscription_id)
        return found is not None and found.next_charge_scheduled_at == self._day(found)

    def possible_until(self, situation: Situation) -> datetime.datetime | None:
        subscription = situation.snapshot.subscription(self.subscription_id)
        days = [self.from_date, self._day(subscription) if subscription else None]
        ends = [situation.changes_end(day) for day in days if day is not None]
        return min(ends) - datetime.timedelta.resolution if ends else None

    @abstractmethod
    def _day(self, subscription: Subscription) -> datetime.date:
        """The new date.

        Raises:
            NotPossible: it cannot be told.
        """

    @abstractmethod
    def _effect(
        self, before: Situation, after: Situation, subscription: Subscription, day: datetime.date
    ) -> Effect:
        """What the new date changes."""

    def _absolute(self, day: datetime.date) -> dict[str, Any]:
        """The fields that name the new date."""
        return {}

    def _concerned(self, situation: Situation) -> tuple[Subscription, datetime.date]:
        """The subscription, and its new date.

        Raises:
            NotPossible: it cannot be done, with the reason.
        """
        subscription = rules.active(situation, self.subscription_id)
        if subscription.address_id != self.address_id:
            raise NotPossible(notice=texts.elsewhere(subscription))
        planned = subscription.next_charge_scheduled_at
        self._check_planned(situation, subscription, planned)
        day = self._day(subscription)
        if day == planned:
            raise NotPossible(notice=texts.there_already(day))
        rules.refuse_day(situation, day)
        rules.refuse_skipped(situation, {subscription.id}, day)
        return subscription, day

    def _check_planned(
        self, situation: Situation, subscription: Subscription, planned: datetime.date | None
    ) -> None:
        """Whether the delivery can leave the date on which it stands.

        Raises:
            NotPossible: it cannot.
        """
        if planned is None:
            raise NotPossible(notice=texts.no_date(subscription))
        if self.from_date is not None and self.from_date != planned:
            raise NotPossible(notice=texts.moved_meanwhile(subscription, planned))
        rules.refuse_late(situation, planned)


class MoveSubscription(NextDateAction):
    """The next delivery comes on another date, and those after it follow in the same rhythm."""

    name = "move subscription"

    date: datetime.date

    def inverse(self, before: Situation) -> MoveSubscription | None:
        subscription = before.snapshot.subscription(self.subscription_id)
        return way_back(before, subscription, self.date) if subscription else None

    def _day(self, subscription: Subscription) -> datetime.date:
        return self.date

    def _effect(
        self, before: Situation, after: Situation, subscription: Subscription, day: datetime.date
    ) -> Effect:
        item = texts.called(subscription)
        return move_effect(
            say("When should {item} come next?", item=item), before, after, day, item, subscription
        )


class DelaySubscription(NextDateAction):
    """The next delivery comes so much later: "2 weeks later". Those after it follow from there.

    to: the date that this comes to, once it is spelled out
    """

    name = "delay subscription"

    count: Count = 1
    unit: rules.Span
    to: datetime.date | None = None

    def inverse(self, before: Situation) -> MoveSubscription | None:
        subscription = before.snapshot.subscription(self.subscription_id)
        if subscription is None:
            return None
        return way_back(before, subscription, self._day(subscription))

    def _absolute(self, day: datetime.date) -> dict[str, Any]:
        return {"to": day}

    def _day(self, subscription: Subscription) -> datetime.date:
        planned = subscription.next_charge_scheduled_at
        if self.to is not None:
            return self.to
        if planned is None:
            raise NotPossible(notice=texts.no_date(subscription))
        return rules.later(planned, self.count, self.unit, subscription)

    def _effect(
        self, before: Situation, after: Situation, subscription: Subscription, day: datetime.date
    ) -> Effect:
        item = texts.called(subscription)
        question = say("How much later should {item} come?", item=item)
        return move_effect(question, before, after, day, item, subscription)


def way_back(
    before: Situation, subscription: Subscription, moved_to: datetime.date
) -> MoveSubscription | None:
    """The action that brings a subscription back to the date on which it stands now; None where it
    cannot come back there."""
    planned = subscription.next_charge_scheduled_at
    if planned is None or not rules.can_come(before, planned):
        return None
    return MoveSubscription(
        address_id=subscription.address_id,
        subscription_id=subscription.id,
        from_date=moved_to,
        date=planned,
    )


def move_effect(
    question: Message,
    before: Situation,
    after: Situation,
    day: datetime.date,
    item: Message,
    subscription: Subscription,
) -> Effect:
    """What another next date of a subscription changes."""
    return Effect(
        question=question,
        confirm=say("Move to {date}", date=day),
        done=say("{item} now comes on {date}.", item=item, date=day),
        changes=(
            *compared(before, after, {subscription.id}),
            *void_skips(before, subscription, day),
        ),
        stays=(
            say("Later deliveries follow from {date}, as often as before.", date=day),
            say("Everything else you get keeps its dates."),
        ),
        promises=(DatesPromise.of(after, subscription.id),),
    )


def void_skips(
    situation: Situation, subscription: Subscription, day: datetime.date
) -> list[Change]:
    """Skips that stand for nothing any more when the next date becomes `day`."""
    skipped = rules.skipped_days(situation, subscription.id)
    if not skipped:
        return []
    dates = set(charge_rhythm(subscription).dates(day, skipped[-1]))
    void = [each for each in skipped if each > day and each not in dates]
    if not void:
        return []
    text = say(
        "You had skipped {dates}. The new dates are other ones, and none of them is skipped.",
        dates=texts.some(void),
    )
    if dates & set(skipped):
        text = say(
            "You had skipped {dates}, which is no longer one of its dates.",
            dates=texts.some(void),
        )
    return [Change("skips", text)]
