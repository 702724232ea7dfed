"""Skip a delivery, and put it back."""

from __future__ import annotations

import datetime
from abc import abstractmethod
from typing import ClassVar, Self

from app.actions.at_address import AddressAction, Ids, check_items
from app.actions.base import Upstream
from app.actions.deliveries import texts
from app.actions.deliveries.effects import put_back_effect, skip_effect
from app.actions.effect import Effect, Shown
from app.actions.errors import NotPossible
from app.actions.foresight import with_skip, without_skip
from app.actions.promises import DeliveryPromise
from app.actions.situation import LONGEST, Situation
from app.mirror import Delivery, DeliveryItem, DeliveryStatus, Snapshot

Items = tuple[DeliveryItem, ...]


class DeliveryAction(AddressAction):
    """A change of one delivery: all that comes to one address on one date.

    `purchase_item_ids` are the subscriptions concerned; None is all of the delivery's.
    """

    switch: ClassVar[str | None] = "skip_scheduled_order"
    from_skipped: ClassVar[bool]
    """Whether the action starts from the skipped delivery of that day, or from the one to come."""

    date: datetime.date
    purchase_item_ids: Ids | None = None

    def check_owner(self, situation: Situation) -> None:
        super().check_owner(situation)
        check_items(situation, self.purchase_item_ids or ())

    def check(self, situation: Situation) -> None:
        self._concerned(situation)

    def shown(self, situation: Situation) -> tuple[Shown, ...]:
        delivery = self._delivery(situation)
        following = texts.following(situation, self.address_id, self.date, None)
        return texts.shown(self.date, self.from_skipped, delivery, following)

    def spelled_out(self, situation: Situation) -> Self:
        _, items = self._concerned(situation)
        return self.model_copy(update={"purchase_item_ids": _ids(items)})

    def touches(self, before: Situation) -> tuple[str, ...]:
        is_joined = any(
            onetime.address_id == self.address_id for onetime in before.snapshot.onetimes
        )
        return ("charges", "subscriptions", "onetimes") if is_joined else super().touches(before)

    async def is_done(self, upstream: Upstream) -> bool:
        wanted = set(self.purchase_item_ids or ())
        left = _held(self._delivery(upstream.situation))
        return wanted <= self._reached(upstream.situation) and not wanted & left

    def is_partly_done(self, situation: Situation) -> bool:
        return bool(set(self.purchase_item_ids or ()) & self._reached(situation))

    def possible_until(self, situation: Situation) -> datetime.datetime:
        return situation.changes_end(self.date) - datetime.timedelta.resolution

    @abstractmethod
    def _concerned(self, situation: Situation) -> tuple[Delivery, Items]:
        """The delivery, and those of its items that the action changes.

        Raises:
            NotPossible: it cannot be done, with the reason.
        """

    def _delivery(self, situation: Situation) -> Delivery | None:
        if self.date > situation.today + LONGEST:
            return None
        return situation.delivery(self.address_id, self.date, skipped=self.from_skipped)

    def _reached(self, situation: Situation) -> set[int]:
        """The items that stand where the action is to bring them."""
        return _held(situation.delivery(self.address_id, self.date, skipped=not self.from_skipped))

    def _chosen(self, delivery: Delivery) -> Items:
        """The items of the input, as they stand in the delivery."""
        if self.purchase_item_ids is None:
            return tuple(item for item in delivery.items if item.kind == "subscription")
        chosen = tuple(
            item for item in delivery.items if item.purchase_item_id in self.purchase_item_ids
        )
        if set(_ids(chosen)) < set(self.purchase_item_ids):
            raise NotPossible(notice=texts.not_in_delivery(self.date))
        return chosen

    def _left(self, upstream: Upstream) -> dict[int | None, tuple[int, ...]]:
        """The items still to be written, by the charge that holds them (None: no charge yet)."""
        delivery = self._delivery(upstream.situation)
        wanted = set(self.purchase_item_ids or ())
        left: dict[int | None, tuple[int, ...]] = {}
        for item in delivery.items if delivery else ():
            if item.purchase_item_id is not None and item.purchase_item_id in wanted:
                left[item.charge_id] = (*left.get(item.charge_id, ()), item.purchase_item_id)
        return left


class SkipDelivery(DeliveryAction):
    """Let one delivery pass, or some items of it. Later deliveries keep their dates.

    A delivery that Recharge holds a charge for is skipped through the charge, another one through
    the address: ``POST /charges/{id}/skip``, ``POST /addresses/{id}/charges/skip``. One-time
    products of a delivery that is skipped whole move along to the next one.
    """

    name = "skip delivery"
    from_skipped = False

    def effect(self, situation: Situation) -> Effect:
        delivery, items = self._concerned(situation)
        ids = frozenset(_ids(items))
        following = texts.following(situation, self.address_id, self.date, ids)
        promises: tuple[DeliveryPromise, ...] = ()
        if following:
            kept = ids & _held(following)
            promises = (DeliveryPromise(self.address_id, following.date, kept),)
        return skip_effect(situation, delivery, items, promises)

    def foreseen(self, situation: Situation) -> Snapshot:
        _, items = self._concerned(situation)
        return with_skip(situation.snapshot, self.address_id, self.date, _ids(items))

    async def run(self, upstream: Upstream) -> None:
        left = self._left(upstream)
        if not left:
            raise NotPossible(notice=texts.gone(self.date))
        for charge_id, ids in left.items():
            if charge_id is None:
                answer = await upstream.client.addresses.skip_charge(
                    self.address_id, date=self.date, subscription_ids=ids
                )
            else:
                answer = await upstream.client.charges.skip(charge_id, purchase_item_ids=ids)
            upstream.answers.append(answer)

    def inverse(self, before: Situation) -> PutBackDelivery:
        return PutBackDelivery(
            address_id=self.address_id,
            date=self.date,
            purchase_item_ids=self.spelled_out(before).purchase_item_ids,
        )

    def _concerned(self, situation: Situation) -> tuple[Delivery, Items]:
        delivery = self._delivery(situation)
        if delivery is None:
            skipped = situation.delivery(self.address_id, self.date, skipped=True)
            reason = texts.already_skipped if skipped else texts.gone
            raise NotPossible(notice=reason(self.date))
        if delivery.status is DeliveryStatus.FAILED:
            raise NotPossible(notice=texts.payment_failed(self.date))
        if delivery.status is DeliveryStatus.PENDING:
            raise NotPossible(notice=texts.payment_under_way(self.date))
        if situation.is_too_late(self.date):
            raise NotPossible(notice=texts.too_late_to_skip(situation.change_until(self.date)))
        chosen = self._chosen(delivery)
        skippable = tuple(item for item in chosen if item.is_skippable)
        if self.purchase_item_ids is not None and len(skippable) < len(chosen):
            skippable = ()
        if not skippable:
            raise NotPossible(notice=texts.not_skippable(chosen))
        return delivery, skippable


class PutBackDelivery(DeliveryAction):
    """Let a skipped delivery come after all: ``POST /charges/{id}/unskip``.

    One-time products that had moved along with the skip come back with it where Recharge does so.
    """

    name = "put back delivery"
    from_skipped = True

    def effect(self, situation: Situation) -> Effect:
        delivery, items = self._concerned(situation)
        return put_back_effect(situation, delivery, items)

    def foreseen(self, situation: Situation) -> Snapshot:
        _, items = self._concerned(situation)
        return without_skip(situation.snapshot, self.address_id, self.date, _ids(items))

    async def run(self, upstream: Upstream) -> None:
        left = self._left(upstream)
        if not left:
            raise NotPossible(notice=texts.nothing_skipped(self.date))
        for charge_id, ids in left.items():
            if charge_id is None:
                raise NotPossible(notice=texts.nothing_skipped(self.date))
            answer = await upstream.client.charges.unskip(charge_id, purchase_item_ids=ids)
            upstream.answers.append(answer)

    def inverse(self, before: Situation) -> SkipDelivery:
        return SkipDelivery(
            address_id=self.address_id,
            date=self.date,
            purchase_item_ids=self.spelled_out(before).purchase_item_ids,
        )

    def _concerned(self, situation: Situation) -> tuple[Delivery, Items]:
        delivery = self._delivery(situation)
        if delivery is None:
            planned = situation.delivery(self.address_id, self.date, skipped=False)
            reason = texts.already_planned if planned else texts.nothing_skipped
            raise NotPossible(notice=reason(self.date))
        if situation.is_too_late(self.date):
            raise NotPossible(notice=texts.too_late_to_put_back(situation.change_until(self.date)))
        chosen = self._chosen(delivery)
        ended = tuple(item for item in chosen if not _is_active(situation, item))
        if ended and (self.purchase_item_ids is not None or len(ended) == len(chosen)):
            raise NotPossible(notice=texts.ended(ended))
        return delivery, tuple(item for item in chosen if item not in ended)


def _ids(items: Items) -> tuple[int, ...]:
    return tuple(sorted({item.purchase_item_id for item in items if item.purchase_item_id}))


def _held(delivery: Delivery | None) -> set[int]:
    return set(_ids(delivery.items)) if delivery else set()


def _is_active(situation: Situation, item: DeliveryItem) -> bool:
    subscription = situation.snapshot.subscription(item.purchase_item_id)
    return subscription is not None and subscription.status == "active"
