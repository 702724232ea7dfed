"""Cancel a subscription, and take a cancelled one up again."""

from __future__ import annotations

import datetime
from typing import Annotated, ClassVar, Final

from pydantic import Field

from app.actions.base import Upstream
from app.actions.comparison import DatesPromise, compared, rest
from app.actions.dates.rules import can_come, refuse_day
from app.actions.effect import Effect, Shown
from app.actions.ending import texts, told
from app.actions.ending.closed import may_close
from app.actions.ending.gone import has_ended
from app.actions.ending.minimum import refuse_too_few
from app.actions.ending.receipts import of_cancelling, of_reactivating
from app.actions.errors import NotPossible, SwitchedOff
from app.actions.foresight import with_item, without_skips
from app.actions.products.subscriptions import SubscriptionAction, price_of
from app.actions.products.texts import name_of
from app.actions.receipts import Receipt
from app.actions.situation import LONGEST, Situation
from app.i18n import Message, say
from app.mirror import Snapshot, charge_rhythm
from app.recharge import (
    Conflict,
    RateLimited,
    Refused,
    Subscription,
    SubscriptionStatus,
)
from app.retention import Decision, Subject

UNTOLD_REASON: Final = "Cancelled by the customer, without a reason"
"""What the merchant reads where the customer gave no reason: Recharge asks for one."""

_DECIDED_BY = ("status", "product", "date", "address")


class CancelSubscription(SubscriptionAction):
    """End a subscription: ``POST /subscriptions/{id}/cancel``.

    It is never refused for a cut-off: who may buy online may also end it online. What is being sent
    already is said instead. A minimum of orders holds where the merchant asks for one and the law
    of the customer's place lets it, and so does the merchant's switch. It is called cancelled once
    that was read back, and never before.

    reason:  in the customer's words, for the merchant; empty where none was given
    is_undo: no minimum of orders holds. Only so that starting again can be taken back.
    """

    name = "cancel subscription"
    switch: ClassVar[str | None] = "cancel_subscription"
    is_shown_at_once: ClassVar[bool] = False
    is_done_when_read: ClassVar[bool] = True

    reason: Annotated[str, Field(max_length=255)] = ""
    comments: Annotated[str, Field(max_length=1024)] = ""
    is_undo: bool = False

    @property
    def ends(self) -> tuple[Subject, Decision]:
        return Subject("subscription", self.subscription_id), Decision.CANCELLED

    def check_offered(self, situation: Situation) -> None:
        found = situation.snapshot.subscription(self.subscription_id)
        if not self.is_offered(situation.snapshot.shop) and may_close(situation, found):
            contact = situation.plan.contact or situation.snapshot.shop.email
            raise SwitchedOff(
                f"{self.name}: {self.switch}", notice=texts.ended_by_the_shop(contact)
            )

    def check(self, situation: Situation) -> None:
        self._ending(situation)

    def shown(self, situation: Situation) -> tuple[Shown, ...]:
        return tuple(one for one in super().shown(situation) if one.name in _DECIDED_BY)

    def foreseen(self, situation: Situation) -> Snapshot:
        found = self._ending(situation)
        ended = found.model_copy(
            update={
                "status": SubscriptionStatus.CANCELLED,
                "cancelled_at": situation.now,
                "cancellation_reason": self.reason or UNTOLD_REASON,
                "cancellation_reason_comments": self.comments or None,
                "next_charge_scheduled_at": None,
                "has_queued_charges": False,
            }
        )
        return with_item(without_skips(situation.snapshot, found.id), ended)

    def effect(self, situation: Situation) -> Effect:
        found = self._ending(situation)
        after = self.after(situation)
        name = name_of(found)
        return Effect(
            question=say("Cancel your subscription to {name}?", name=name),
            confirm=self.press(situation),
            done=say("Your subscription to {name} is cancelled.", name=name),
            changes=(
                told.stops(situation, found),
                *told.still_coming(situation, found),
                *told.failed_payments(situation, [found]),
                *rest(situation, after, {found.id}),
                *told.lost_discounts(situation, after),
                *told.price_at_stake(situation, found),
                *told.forgotten(situation, [found]),
            ),
            stays=told.goes_on(situation, {found.id}),
            promises=(DatesPromise.of(after, found.id),),
        )

    def press(self, situation: Situation) -> Message:
        return say("Cancel {name}", name=name_of(self._ending(situation)))

    async def run(self, upstream: Upstream) -> None:
        self._going_on(upstream.situation)
        answer = await upstream.client.subscriptions.cancel(
            self.subscription_id,
            cancellation_reason=self.reason or UNTOLD_REASON,
            cancellation_reason_comments=self.comments or None,
        )
        upstream.answers.append(answer)

    async def is_done(self, upstream: Upstream) -> bool:
        found = upstream.situation.snapshot.subscription(self.subscription_id)
        if found is None:
            return await has_ended(
                upstream.client.subscriptions.get(self.subscription_id),
                lambda one: one.status == SubscriptionStatus.CANCELLED,
            )
        return found.status == SubscriptionStatus.CANCELLED

    def holds(self, situation: Situation) -> bool:
        found = situation.snapshot.subscription(self.subscription_id)
        return found is None or found.status != SubscriptionStatus.ACTIVE

    def receipt(self, before: Situation, effect: Effect) -> Receipt:
        return of_cancelling(before, self._ending(before), effect)

    def while_unknown(self) -> Message:
        return texts.asked_to_cancel(1)

    def if_not_done(self) -> Message:
        return texts.not_cancelled()

    def if_refused(self) -> Message:
        return texts.end_refused()

    def inverse(self, before: Situation) -> ReactivateSubscription | None:
        found = before.snapshot.subscription(self.subscription_id)
        day = found.next_charge_scheduled_at if found else None
        if day is None:
            return None  # it had no date, and would get one
        return ReactivateSubscription(
            address_id=self.address_id,
            subscription_id=self.subscription_id,
            date=day if can_come(before, day) else None,
        )

    def possible_until(self, situation: Situation) -> None:
        return None

    def _ending(self, situation: Situation) -> Subscription:
        """The subscription, when it may end now.

        Raises:
            NotPossible: it has ended, goes to another address now, or is held to more orders.
        """
        found = self._going_on(situation)
        if not self.is_undo:
            refuse_too_few(situation, found)
        return found

    def _going_on(self, situation: Situation) -> Subscription:
        """The subscription, when there is something to end.

        Raises:
            NotPossible: it has ended, or goes to another address now.
        """
        found = situation.snapshot.subscription(self.subscription_id)
        if found is None or found.address_id != self.address_id:
            raise NotPossible(notice=texts.gone())
        if found.status == SubscriptionStatus.CANCELLED:
            raise NotPossible(notice=texts.cancelled_already(name_of(found)))
        if found.status == SubscriptionStatus.EXPIRED:
            raise NotPossible(notice=texts.over(name_of(found)))
        return found


class ReactivateSubscription(SubscriptionAction):
    """Take a cancelled subscription up again: ``POST /subscriptions/{id}/activate``.

    Recharge names the date of the next delivery itself, by a rule that it does not publish. Where
    it is another one than was promised, the promised date is set; where that is refused, the
    difference is told.

    date: the day of the next delivery; None is the first of its rhythm that can still be changed
    """

    name = "reactivate subscription"
    switch: ClassVar[str | None] = "reactivate_subscription"

    date: datetime.date | None = None

    def check(self, situation: Situation) -> None:
        self._planned(situation)

    def shown(self, situation: Situation) -> tuple[Shown, ...]:
        found = situation.snapshot.subscription(self.subscription_id)
        facts = [one for one in super().shown(situation) if one.name != "date"]
        day = self._day(situation, found) if found else None
        if day is not None:
            facts.append(texts.day_shown(day))
        return tuple(facts)

    def foreseen(self, situation: Situation) -> Snapshot:
        found, day = self._planned(situation)
        active = found.model_copy(
            update={
                "status": SubscriptionStatus.ACTIVE,
                "cancelled_at": None,
                "cancellation_reason": None,
                "cancellation_reason_comments": None,
                "max_retries_reached": False,
                "next_charge_scheduled_at": day,
                "has_queued_charges": True,
            }
        )
        return with_item(situation.snapshot, active)

    def effect(self, situation: Situation) -> Effect:
        found, day = self._planned(situation)
        after = self.after(situation)
        name = name_of(found)
        changes = compared(situation, after, {found.id})
        own, present = price_of(situation, found), told.present_price(situation, found)
        if own and present and present < own:
            changes = (*changes, texts.cheaper_anew(present))
        address = situation.snapshot.address(found.address_id)
        if address is not None and address.payment_method_id is None:
            changes = (*changes, texts.no_card())
        return Effect(
            question=say("Start {name} again?", name=name),
            confirm=self.press(situation),
            done=say("{name} is active again, and comes next on {date}.", name=name, date=day),
            changes=changes,
            stays=(texts.price_stays(own), texts.rhythm_stays(found)),
            promises=(DatesPromise.of(after, found.id),),
        )

    def press(self, situation: Situation) -> Message:
        return say("Start again on {date}", date=self._planned(situation)[1])

    def spelled_out(self, situation: Situation) -> ReactivateSubscription:
        return self.model_copy(update={"date": self._planned(situation)[1]})

    async def run(self, upstream: Upstream) -> None:
        subscriptions = upstream.client.subscriptions
        found = upstream.situation.snapshot.subscription(self.subscription_id)
        if found is None:
            raise NotPossible(notice=texts.gone())
        if found.status == SubscriptionStatus.CANCELLED:
            found = await subscriptions.activate(self.subscription_id)
            upstream.answers.append(found)
        if self.date is None or found.next_charge_scheduled_at == self.date:
            return
        try:
            answer = await subscriptions.set_next_charge_date(
                self.subscription_id, date=self.date, commit=True
            )
        except (Conflict, RateLimited):
            raise
        except Refused:
            return  # it is active, on another day: the promise tells which
        upstream.answers.append(answer)

    async def is_done(self, upstream: Upstream) -> bool:
        found = upstream.situation.snapshot.subscription(self.subscription_id)
        return found is not None and found.status == SubscriptionStatus.ACTIVE

    def if_refused(self) -> Message:
        return texts.start_refused()

    def receipt(self, before: Situation, effect: Effect) -> Receipt:
        return of_reactivating(self._planned(before)[0], effect)

    def inverse(self, before: Situation) -> CancelSubscription | None:
        found = before.snapshot.subscription(self.subscription_id)
        if found is None:
            return None
        return CancelSubscription(
            address_id=self.address_id,
            subscription_id=self.subscription_id,
            reason=(found.cancellation_reason or "")[:255],
            comments=(found.cancellation_reason_comments or "")[:1024],
            is_undo=True,
        )

    def possible_until(self, situation: Situation) -> datetime.datetime | None:
        if self.date is None:
            return None
        return situation.changes_end(self.date) - datetime.timedelta.resolution

    def _planned(self, situation: Situation) -> tuple[Subscription, datetime.date]:
        """The subscription, and the day of its next delivery.

        Raises:
            NotPossible: it is not cancelled, or has no day to come.
        """
        found = situation.snapshot.subscription(self.subscription_id)
        if found is None or found.address_id != self.address_id:
            raise NotPossible(notice=texts.gone())
        if found.status == SubscriptionStatus.ACTIVE:
            raise NotPossible(notice=texts.active_already(name_of(found)))
        if found.status != SubscriptionStatus.CANCELLED:
            raise NotPossible(notice=texts.over(name_of(found)))
        day = self._day(situation, found)
        if day is None:
            raise NotPossible(notice=texts.no_rhythm(name_of(found)))
        if situation.is_too_late(day) and day >= situation.today:
            raise NotPossible(notice=texts.too_late(situation.change_until(day)))
        refuse_day(situation, day)
        return found, day

    def _day(self, situation: Situation, found: Subscription) -> datetime.date | None:
        """The day asked for, or the first of the old rhythm that can still be changed."""
        if self.date is not None or found.created_at is None:
            return self.date
        rhythm = charge_rhythm(found)
        last = situation.today + LONGEST
        day = rhythm.after(found.created_at.astimezone(situation.now.tzinfo).date())
        while day is not None and day <= last:
            if day > situation.today and not situation.is_too_late(day):
                return day
            day = rhythm.after(day)
        return None
