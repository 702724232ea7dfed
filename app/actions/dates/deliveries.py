"""Give one delivery another date: all that comes to one address on one day, or some of it."""

from __future__ import annotations

import datetime
from abc import abstractmethod
from collections.abc import Iterable
from typing import ClassVar, Self

from app.actions.at_address import AddressAction, Ids, check_items
from app.actions.base import Upstream
from app.actions.comparison import DatesPromise, compared
from app.actions.dates import rules, texts
from app.actions.dates.subscriptions import Count, void_skips
from app.actions.deliveries.texts import following, gone, named, not_in_delivery
from app.actions.deliveries.texts import shown as shown_of_delivery
from app.actions.effect import Change, Effect, Shown
from app.actions.errors import NotPossible
from app.actions.foresight import with_item
from app.actions.promises import DeliveryPromise
from app.actions.situation import LONGEST, Situation
from app.i18n import Message, say
from app.mirror import Delivery, DeliveryItem, Snapshot
from app.recharge import ChargeStatus, Onetime, RechargeError, Subscription

_NO_SUCH_ROUTE = (404, 405, 501)


class DeliveryDateAction(AddressAction):
    """A change of the date of one delivery, or of some items of it.

    A whole charge is moved by its own route, ``POST /charges/{id}/change_next_charge_date``. That
    route is known from Recharge's storefront client only: where the store does not have it, and
    for single items, each subscription is given its date (``set_next_charge_date``) and each
    one-time product (``PUT /onetimes/{id}``).

    `purchase_item_ids` are the items that move; None is all that can.
    """

    switch: ClassVar[str | None] = "edit_scheduled_date"

    date: datetime.date
    purchase_item_ids: Ids | None = None

    def check_owner(self, situation: Situation) -> None:
        super().check_owner(situation)
        check_items(situation, self.purchase_item_ids or ())

    def check(self, situation: Situation) -> None:
        self._concerned(situation)

    def shown(self, situation: Situation) -> tuple[Shown, ...]:
        after = following(situation, self.address_id, self.date, None)
        return shown_of_delivery(self.date, False, self._delivery(situation), after)

    def foreseen(self, situation: Situation) -> Snapshot:
        _, items, day = self._concerned(situation)
        snapshot = situation.snapshot
        for record in _records(snapshot, _ids(items)):
            moved = record.model_copy(update={"next_charge_scheduled_at": day})
            snapshot = with_item(snapshot, moved)
        return snapshot

    def effect(self, situation: Situation) -> Effect:
        delivery, items, day = self._concerned(situation)
        ids = frozenset(_ids(items))
        after = self.after(situation)
        moving = Change(
            "items",
            say("{items} will come on {date}.", items=named(items), date=day),
            before=self.date,
            after=day,
        )
        subscriptions = [
            one for one in _records(situation.snapshot, ids) if isinstance(one, Subscription)
        ]
        stays = [say("Everything else you get keeps its dates.")]
        if subscriptions:
            text = say(
                "Later deliveries of {items} follow from {date}, as often as before.",
                items=[texts.called(one) for one in subscriptions],
                date=day,
            )
            stays.insert(0, text)
        skips = [each for one in subscriptions for each in void_skips(situation, one, day)]
        is_whole = len(items) == len(delivery.items)
        return Effect(
            question=self._question(),
            confirm=say("Move to {date}", date=day),
            done=_done(items, self.date, day, is_whole=is_whole),
            changes=(moving, *compared(situation, after, ids), *skips),
            stays=tuple(stays),
            promises=(
                DeliveryPromise(self.address_id, day, ids),
                *(DatesPromise.of(after, one.id) for one in subscriptions),
            ),
        )

    def spelled_out(self, situation: Situation) -> Self:
        _, items, day = self._concerned(situation)
        return self.model_copy(update={"purchase_item_ids": _ids(items), "to": day})

    def touches(self, before: Situation) -> tuple[str, ...]:
        return ("charges", "subscriptions", "onetimes")

    async def run(self, upstream: Upstream) -> None:
        day = self._day(upstream.situation)
        left = set(self._left(upstream.situation))
        if not left:
            raise NotPossible(notice=gone(self.date))
        for charge_id, ids in self._whole_charges(upstream.situation, left):
            if await self._move_charge(upstream, charge_id, day):
                left -= ids
        for record in _records(upstream.situation.snapshot, sorted(left)):
            if isinstance(record, Subscription):
                answer: (
                    Subscription | Onetime
                ) = await upstream.client.subscriptions.set_next_charge_date(
                    record.id, day, commit=True
                )
            else:
                answer = await upstream.client.onetimes.update(
                    record.id, next_charge_scheduled_at=day
                )
            upstream.answers.append(answer)

    async def is_done(self, upstream: Upstream) -> bool:
        wanted = set(self.purchase_item_ids or ())
        return wanted == self._moved(upstream.situation)

    def is_partly_done(self, situation: Situation) -> bool:
        return bool(self._moved(situation))

    def inverse(self, before: Situation) -> MoveDelivery | None:
        _, items, day = self._concerned(before)
        if not rules.can_come(before, self.date):
            return None
        return MoveDelivery(
            address_id=self.address_id, date=day, to=self.date, purchase_item_ids=_ids(items)
        )

    def possible_until(self, situation: Situation) -> datetime.datetime:
        ends = (situation.changes_end(day) for day in (self.date, self._day(situation)))
        return min(ends) - datetime.timedelta.resolution

    @abstractmethod
    def _day(self, situation: Situation) -> datetime.date:
        """The new date.

        Raises:
            NotPossible: it cannot be told.
        """

    def _question(self) -> Message:
        return say("When should your delivery of {date} come?", date=self.date)

    def _delivery(self, situation: Situation) -> Delivery | None:
        if self.date > situation.today + LONGEST:
            return None
        return situation.delivery(self.address_id, self.date, skipped=False)

    def _concerned(
        self, situation: Situation
    ) -> tuple[Delivery, tuple[DeliveryItem, ...], datetime.date]:
        """The delivery, those of its items that move, and their new date.

        Raises:
            NotPossible: it cannot be done, with the reason.
        """
        delivery = self._delivery(situation)
        if delivery is None:
            raise NotPossible(notice=gone(self.date))
        items = self._chosen(situation, delivery)
        rules.refuse_open_payments(situation, _ids(items))
        rules.refuse_late(situation, self.date)
        day = self._day(situation)
        if day == self.date:
            raise NotPossible(notice=texts.there_already(day))
        rules.refuse_day(situation, day)
        rules.refuse_skipped(situation, _ids(items), day)
        return delivery, items, day

    def _chosen(self, situation: Situation, delivery: Delivery) -> tuple[DeliveryItem, ...]:
        chosen = delivery.items
        if self.purchase_item_ids is not None:
            wanted = set(self.purchase_item_ids)
            chosen = tuple(item for item in chosen if item.purchase_item_id in wanted)
            if {item.purchase_item_id for item in chosen} < wanted:
                raise NotPossible(notice=not_in_delivery(self.date))
        movable = movable_items(situation.snapshot, delivery)
        fixed = tuple(item for item in chosen if item not in movable)
        if fixed and (self.purchase_item_ids is not None or len(fixed) == len(chosen)):
            prepaid = tuple(item for item in fixed if item.is_prepaid)
            if prepaid:
                raise NotPossible(notice=texts.prepaid_items(prepaid))
            raise NotPossible(notice=texts.only_the_next(fixed, self.date))
        return tuple(item for item in chosen if item in movable)

    def _left(self, situation: Situation) -> tuple[int, ...]:
        """The items that still stand on the old date."""
        return tuple(
            record.id
            for record in _records(situation.snapshot, self.purchase_item_ids or ())
            if record.next_charge_scheduled_at == self.date
        )

    def _moved(self, situation: Situation) -> set[int]:
        """The items that stand on the new date."""
        day = self._day(situation)
        return {
            record.id
            for record in _records(situation.snapshot, self.purchase_item_ids or ())
            if record.next_charge_scheduled_at == day
        }

    def _whole_charges(
        self, situation: Situation, left: set[int]
    ) -> Iterable[tuple[int, frozenset[int]]]:
        """Queued charges of the day of which everything moves, and what they hold."""
        for charge in situation.snapshot.charges:
            place = charge.address_id, charge.scheduled_at, charge.status
            if place != (self.address_id, self.date, ChargeStatus.QUEUED):
                continue
            ids = frozenset(
                line.purchase_item_id for line in charge.line_items if line.purchase_item_id
            )
            if ids and ids <= left:
                yield charge.id, ids

    async def _move_charge(self, upstream: Upstream, id: int, day: datetime.date) -> bool:
        """Whether the charge could be moved by its own route."""
        try:
            answer = await upstream.client.charges.change_next_charge_date(id, day)
        except RechargeError as error:
            if error.status in _NO_SUCH_ROUTE:
                return False
            raise
        upstream.answers.append(answer)
        return True


class MoveDelivery(DeliveryDateAction):
    """A delivery comes on another date."""

    name = "move delivery"

    to: datetime.date

    def _day(self, situation: Situation) -> datetime.date:
        return self.to


class DelayDelivery(DeliveryDateAction):
    """A delivery comes so much later: "2 weeks later".

    An interval is that of the delivery's subscriptions, where it is the same for all of them.
    to: the date that this comes to, once it is spelled out
    """

    name = "delay delivery"

    count: Count = 1
    unit: rules.Span
    to: datetime.date | None = None

    def _question(self) -> Message:
        return say("How much later should your delivery of {date} come?", date=self.date)

    def _day(self, situation: Situation) -> datetime.date:
        if self.to is not None:
            return self.to
        return rules.later(self.date, self.count, self.unit, self._rhythm_giver(situation))

    def _rhythm_giver(self, situation: Situation) -> Subscription | None:
        """A subscription with the interval of all; None where they have several."""
        delivery = self._delivery(situation)
        if self.unit != "interval" or delivery is None:
            return None
        ids = _ids(self._chosen(situation, delivery))
        found = [one for one in _records(situation.snapshot, ids) if isinstance(one, Subscription)]
        dates = {rules.later(self.date, self.count, "interval", one) for one in found}
        return found[0] if len(dates) == 1 else None


def movable_items(snapshot: Snapshot, delivery: Delivery) -> tuple[DeliveryItem, ...]:
    """The items of a delivery that can be given another date: the next of their subscription, not
    paid for in advance, and one-time products."""

    def is_movable(item: DeliveryItem) -> bool:
        subscription = snapshot.subscription(item.purchase_item_id)
        onetime = snapshot.onetime(item.purchase_item_id)
        if subscription is not None:
            is_next = subscription.next_charge_scheduled_at == delivery.date
            return is_next and subscription.status == "active" and not subscription.is_prepaid
        return onetime is not None and onetime.next_charge_scheduled_at == delivery.date

    return tuple(item for item in delivery.items if is_movable(item))


def _ids(items: Iterable[DeliveryItem]) -> tuple[int, ...]:
    return tuple(sorted({item.purchase_item_id for item in items if item.purchase_item_id}))


def _records(snapshot: Snapshot, ids: Iterable[int]) -> list[Subscription | Onetime]:
    found = (snapshot.subscription(id) or snapshot.onetime(id) for id in ids)
    return [one for one in found if one is not None]


def _done(
    items: tuple[DeliveryItem, ...], day: datetime.date, to: datetime.date, *, is_whole: bool
) -> Message:
    if is_whole:
        return say("Your delivery of {date} now comes on {to}.", date=day, to=to)
    return say(
        "{items} now comes on {to}. The rest stays on {date}.", items=named(items), to=to, date=day
    )
