"""Cancel a subscription, and take a cancelled one up again."""

from __future__ import annotations

import datetime
from typing import Annotated, ClassVar, Final

from pydantic import Field

from app.actions.base import Upstream
from app.actions.comparison import DatesPromise, compared
from app.actions.dates.rules import can_come, refuse_day
from app.actions.effect import Change, Effect, Shown
from app.actions.ending import texts
from app.actions.ending.receipts import of_cancelling, of_reactivating
from app.actions.errors import NotPossible
from app.actions.foresight import with_item, without_skips
from app.actions.products.subscriptions import SubscriptionAction
from app.actions.products.texts import name_of
from app.actions.receipts import Receipt
from app.actions.situation import LONGEST, Situation
from app.i18n import Message, say
from app.mirror import Snapshot, charge_rhythm
from app.recharge import (
    ChargeStatus,
    Conflict,
    RateLimited,
    Refused,
    Subscription,
    SubscriptionStatus,
)

UNTOLD_REASON: Final = "Cancelled by the customer, without a reason"
"""What the merchant reads where the customer gave no reason: Recharge asks for one."""

_UNDER_WAY = (ChargeStatus.PENDING, ChargeStatus.PENDING_MANUAL_PAYMENT)
_DECIDED_BY = ("status", "product", "date", "address")


class CancelSubscription(SubscriptionAction):
    """End a subscription: ``POST /subscriptions/{id}/cancel``.

    It is never refused for a cut-off: who may buy online may also end it online. What is being sent
    already is said instead.

    reason: in the customer's words, for the merchant; empty where none was given
    """

    name = "cancel subscription"
    switch: ClassVar[str | None] = "cancel_subscription"

    reason: Annotated[str, Field(max_length=255)] = ""
    comments: Annotated[str, Field(max_length=1024)] = ""

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
        around = compared(situation, after, {found.id})
        return Effect(
            question=say("Cancel your subscription to {name}?", name=name),
            confirm=say("Cancel {name}", name=name),
            done=say("Your subscription to {name} is cancelled.", name=name),
            changes=(
                texts.ended(name),
                *self._still_coming(situation, found),
                *(change for change in around if change.name in ("rest", "discount")),
                *self._forgotten(situation, found),
            ),
            stays=self._stays(situation, found),
            promises=(DatesPromise.of(after, found.id),),
        )

    async def run(self, upstream: Upstream) -> None:
        self._ending(upstream.situation)
        answer = await upstream.client.subscriptions.cancel(
            self.subscription_id,
            cancellation_reason=self.reason or UNTOLD_REASON,
            cancellation_reason_comments=self.comments or None,
        )
        upstream.answers.append(answer)

    async def is_done(self, upstream: Upstream) -> bool:
        found = upstream.situation.snapshot.subscription(self.subscription_id)
        return found is None or found.status == SubscriptionStatus.CANCELLED

    def receipt(self, before: Situation, effect: Effect) -> Receipt:
        return of_cancelling(before, self._ending(before), effect)

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

    def _still_coming(self, situation: Situation, found: Subscription) -> list[Change]:
        """What of it cannot be stopped any more."""
        told: list[Change] = []
        for charge in situation.snapshot.charges:
            is_its = any(line.purchase_item_id == found.id for line in charge.line_items)
            if is_its and charge.status in _UNDER_WAY and charge.scheduled_at is not None:
                told.append(texts.payment_under_way(charge.scheduled_at))
        paid = [
            delivery.date
            for delivery in situation.deliveries
            for item in delivery.items
            if item.purchase_item_id == found.id
            and item.is_prepaid
            and item.charge_id is None
            and not item.total.amount
            and _is_ordered(situation, found, delivery.date)
        ]
        if paid:
            told.append(texts.paid_in_advance(paid))
        day = found.next_charge_scheduled_at
        if day is not None and situation.is_too_late(day):
            told.append(texts.perhaps_packed(day))
        return told

    def _forgotten(self, situation: Situation, found: Subscription) -> list[Change]:
        skipped = [
            charge.scheduled_at
            for charge in situation.snapshot.charges
            if charge.status == ChargeStatus.SKIPPED
            and charge.scheduled_at is not None
            and charge.scheduled_at >= situation.today
            and any(line.purchase_item_id == found.id for line in charge.line_items)
        ]
        return [texts.skips_forgotten(sorted(skipped))] if skipped else []

    def _stays(self, situation: Situation, found: Subscription) -> tuple[Message, ...]:
        others = [
            name_of(one)
            for one in situation.snapshot.subscriptions
            if one.id != found.id and one.status == "active"
        ]
        told = [texts.others_go_on(others)] if others else []
        if situation.snapshot.shop.allows("reactivate_subscription"):
            told.append(texts.can_be_taken_up())
        return tuple(told)


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
        address = situation.snapshot.address(found.address_id)
        if address is not None and address.payment_method_id is None:
            changes = (*changes, texts.no_card())
        return Effect(
            question=say("Start {name} again?", name=name),
            confirm=say("Start again on {date}", date=day),
            done=say("{name} is active again, and comes next on {date}.", name=name, date=day),
            changes=changes,
            stays=(texts.rhythm_stays(found),),
            promises=(DatesPromise.of(after, found.id),),
        )

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


def _is_ordered(situation: Situation, found: Subscription, day: datetime.date) -> bool:
    """Whether an order of paid goods waits for that day: it goes out whatever is cancelled."""
    zone = situation.snapshot.shop.timezone
    return any(
        order.scheduled_at is not None
        and order.scheduled_at.astimezone(zone).date() == day
        and any(line.purchase_item_id == found.id for line in order.line_items)
        for order in situation.snapshot.prepaid_orders
    )
