"""One delivery on the timeline, and what the customer may do with it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from app.actions import Action, PutBackDelivery, SkipDelivery
from app.i18n import Message
from app.mirror import Delivery, DeliveryStatus
from app.recharge import Address, PaymentMethod
from app.state.base import State
from app.state.payment_trouble import PaymentTrouble

if TYPE_CHECKING:
    from app.state.portal import Portal


def comes(delivery: Delivery) -> bool:
    """Whether a delivery will come, as far as is known: not skipped, and not given up."""
    is_given_up = delivery.status is DeliveryStatus.FAILED and delivery.retry_date is None
    return delivery.status is not DeliveryStatus.SKIPPED and not is_given_up


class DeliveryState(State):
    """One delivery. It stays the same object while the delivery is skipped and put back."""

    def __init__(self, portal: Portal, delivery: Delivery) -> None:
        super().__init__()
        self.portal = portal
        self.delivery = delivery
        """As it is shown: at once as the customer wished it, then as Recharge has it."""
        self._seen = self._facts()

    @property
    def key(self) -> str:
        """A stable name for the delivery as it is shown."""
        return self.delivery.key

    @property
    def is_pending(self) -> bool:
        """Shown as wished and not confirmed yet, or not known to be changed or not."""
        return self.key in self.portal.unconfirmed.deliveries or self.is_checked

    @property
    def is_checked(self) -> bool:
        """Whether it is being looked up if a change of it was made."""
        return self.key in self.portal.checked.deliveries

    @property
    def is_skipped(self) -> bool:
        return self.delivery.status == DeliveryStatus.SKIPPED

    @property
    def is_coming(self) -> bool:
        """Whether it will come, as far as is known: not skipped, and not given up."""
        return comes(self.delivery)

    @property
    def change_until(self) -> datetime:
        """The last minute for changes, in the shop's zone."""
        return self.portal.situation.change_until(self.delivery.date)

    @property
    def can_skip(self) -> bool:
        """Whether to offer "Skip"."""
        return not self.is_skipped and self.can(self.skip_action())

    @property
    def can_put_back(self) -> bool:
        """Whether to offer "Put back"."""
        return self.is_skipped and self.can(self._put_back())

    @property
    def reason(self) -> Message | None:
        """Why the delivery cannot be skipped (or put back), or None when it can.

        None also where the merchant offers no such thing: then there is nothing to explain.
        """
        return self.portal.reason_against(
            self._put_back() if self.is_skipped else self.skip_action()
        )

    @property
    def address(self) -> Address | None:
        return self.portal.records.address(self.delivery.address_id)

    @property
    def payment_method(self) -> PaymentMethod | None:
        """The card that will be charged."""
        if self.delivery.payment_method_id is None:
            return None
        return self.portal.records.payment_method(self.delivery.payment_method_id)

    @property
    def troubles(self) -> tuple[PaymentTrouble, ...]:
        """What is wrong with its payment: it has failed, or it will."""
        mine = self.delivery
        return tuple(
            one
            for one in self.portal.payments.troubles
            if one.delivery_key == mine.key
            or (
                one.delivery_key is None
                and (one.address_id, one.date) == (mine.address_id, mine.date)
            )
        )

    def can(self, action: Action) -> bool:
        """Whether to offer a change of this delivery."""
        return not self.is_pending and self.portal.can(action)

    def skip_action(self, purchase_item_ids: tuple[int, ...] | None = None) -> SkipDelivery:
        """The action that skips these items; None is all of them."""
        return SkipDelivery(
            address_id=self.delivery.address_id,
            date=self.delivery.date,
            purchase_item_ids=purchase_item_ids,
        )

    async def put_back(self) -> None:
        """Take the skip back. Shown at once; the result comes as the portal's notice."""
        if self.is_busy or not self.is_skipped:
            return
        self.is_busy = True
        try:
            await self.portal.do(self._put_back())
        finally:
            self.is_busy = False
            self.changed.emit()

    def update(self, delivery: Delivery) -> None:
        """The delivery as it is now, at this moment."""
        self.delivery = delivery
        if self._facts() != self._seen:
            self._seen = self._facts()
            self.changed.emit()

    def _put_back(self) -> PutBackDelivery:
        return PutBackDelivery(address_id=self.delivery.address_id, date=self.delivery.date)

    def _facts(self) -> tuple[object, ...]:
        """What the look of it depends on."""
        is_late = self.portal.situation.is_too_late(self.delivery.date)
        return self.delivery, is_late, self.is_pending, self.is_checked, self.troubles
