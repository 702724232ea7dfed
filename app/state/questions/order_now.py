"""Whether to order a delivery now, or to try its failed payment again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.actions import OrderNow
from app.mirror import DeliveryItem, DeliveryStatus
from app.recharge import Address, PaymentMethod
from app.state.question import Question

if TYPE_CHECKING:
    from app.state.delivery import DeliveryState


class OrderNowQuestion(Question):
    """Whether to pay a delivery now, so that it is sent now. Always the charge that was shown.

    is_retry: its payment has failed, and is tried again
    """

    def __init__(self, delivery: DeliveryState) -> None:
        super().__init__(delivery.portal)
        self.date = delivery.delivery.date
        self.items: tuple[DeliveryItem, ...] = tuple(
            item
            for item in delivery.delivery.items
            if item.charge_id == delivery.delivery.charge_id
        )
        self.address: Address | None = delivery.address
        self.payment_method: PaymentMethod | None = delivery.payment_method
        self.is_retry = delivery.delivery.status is DeliveryStatus.FAILED
        self._action = _action(delivery)

    @property
    def action(self) -> OrderNow | None:
        return self._action


def can_order_now(delivery: DeliveryState) -> bool:
    """Whether to offer to pay a delivery that is planned now."""
    return delivery.delivery.status is DeliveryStatus.QUEUED and _can(delivery)


def can_try_payment_again(delivery: DeliveryState) -> bool:
    """Whether to offer to pay a delivery whose payment has failed."""
    return delivery.delivery.status is DeliveryStatus.FAILED and _can(delivery)


def _can(delivery: DeliveryState) -> bool:
    action = _action(delivery)
    return action is not None and delivery.can(action)


def _action(delivery: DeliveryState) -> OrderNow | None:
    charge_id = delivery.delivery.charge_id
    if charge_id is None:
        return None
    return OrderNow(address_id=delivery.delivery.address_id, charge_id=charge_id)
