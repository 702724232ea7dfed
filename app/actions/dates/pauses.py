"""Pause a subscription until a date, and let it come again."""

from __future__ import annotations

import datetime

from app.actions.comparison import DatesPromise, compared, due
from app.actions.dates import rules, texts
from app.actions.dates.subscriptions import NextDateAction, void_skips
from app.actions.effect import Change, Effect
from app.actions.errors import NotPossible
from app.actions.situation import Situation
from app.i18n import say
from app.mirror import charge_rhythm
from app.recharge import Subscription


class PauseSubscription(NextDateAction):
    """Nothing of a subscription comes until a date, on which it goes on in its rhythm.

    Recharge has no paused status: a pause is a later next date, of which it is told that it is a
    pause (``set_next_charge_date?pause=true``, webhook ``subscription/paused``). So the record of
    this action is what tells a pause from a move: see `app.actions.dates.paused`.
    """

    name = "pause subscription"
    is_pause = True

    until: datetime.date

    def inverse(self, before: Situation) -> ResumeSubscription | None:
        subscription = before.snapshot.subscription(self.subscription_id)
        planned = subscription.next_charge_scheduled_at if subscription else None
        if planned is None or not rules.can_come(before, planned):
            return None
        return ResumeSubscription(
            address_id=self.address_id,
            subscription_id=self.subscription_id,
            from_date=self.until,
            date=planned,
        )

    def _day(self, subscription: Subscription) -> datetime.date:
        return self.until

    def _check_planned(
        self, situation: Situation, subscription: Subscription, planned: datetime.date | None
    ) -> None:
        super()._check_planned(situation, subscription, planned)
        if planned is not None and self.until < planned:
            notice = say(
                "{item} comes on {date} next. Choose a later date to pause it until then.",
                item=texts.called(subscription),
                date=planned,
            )
            raise NotPossible(notice=notice)

    def _effect(
        self, before: Situation, after: Situation, subscription: Subscription, day: datetime.date
    ) -> Effect:
        item = texts.called(subscription)
        gone = [each.date for each in due(before, {subscription.id}) if each.date < day]
        changes = [
            Change(
                "pause",
                say(
                    "It pauses for {time}, until {date}.",
                    time=texts.how_long(before.today, day),
                    date=day,
                ),
            )
        ]
        if gone:
            text = say("You do not get it on {dates}.", dates=texts.some(gone))
            changes.append(Change("left out", text))
        changes += compared(before, after, {subscription.id})
        changes += void_skips(before, subscription, day)
        return Effect(
            question=say("How long should {item} pause?", item=item),
            confirm=say("Pause until {date}", date=day),
            done=say("{item} pauses until {date}. It comes again then.", item=item, date=day),
            changes=tuple(changes),
            stays=(
                say("You pay nothing for it until then, and can resume it at any time."),
                say("Everything else you get keeps its dates."),
            ),
            promises=(DatesPromise.of(after, subscription.id),),
        )


class ResumeSubscription(NextDateAction):
    """A paused subscription comes again, from a date that is earlier than the pause's end, or from
    any date where it had none."""

    name = "resume subscription"

    date: datetime.date

    def inverse(self, before: Situation) -> PauseSubscription | None:
        subscription = before.snapshot.subscription(self.subscription_id)
        planned = subscription.next_charge_scheduled_at if subscription else None
        if planned is None:
            return None  # Recharge takes no date away
        return PauseSubscription(
            address_id=self.address_id,
            subscription_id=self.subscription_id,
            from_date=self.date,
            until=planned,
        )

    def _day(self, subscription: Subscription) -> datetime.date:
        return self.date

    def _check_planned(
        self, situation: Situation, subscription: Subscription, planned: datetime.date | None
    ) -> None:
        if planned is None:
            return
        super()._check_planned(situation, subscription, planned)
        if self.date > planned:
            notice = say(
                "{item} comes on {date} already, which is earlier.",
                item=texts.called(subscription),
                date=planned,
            )
            raise NotPossible(notice=notice)

    def _effect(
        self, before: Situation, after: Situation, subscription: Subscription, day: datetime.date
    ) -> Effect:
        item = texts.called(subscription)
        return Effect(
            question=say("When should {item} come again?", item=item),
            confirm=say("Resume on {date}", date=day),
            done=say("{item} comes again, next on {date}.", item=item, date=day),
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


def earliest_of_rhythm(
    situation: Situation, subscription: Subscription, known: datetime.date
) -> datetime.date:
    """The earliest possible date of the rhythm in which `known` is a date, or the earliest possible
    date at all where the rhythm is not known."""
    first = rules.first_day(situation)
    day: datetime.date | None = known
    while day is not None and day < first:
        day = charge_rhythm(subscription).after(day)
    return day or first
