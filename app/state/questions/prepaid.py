"""Whether to let a delivery that is paid for come later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.actions import DelayPrepaid
from app.state.question import Question

if TYPE_CHECKING:
    from app.state.delivery import DeliveryState


class DelayPrepaidQuestion(Question):
    """Whether to let a delivery that is paid for come one interval later."""

    def __init__(self, delivery: DeliveryState) -> None:
        super().__init__(delivery.portal)
        self.date = delivery.delivery.date
        self._action = _action(delivery)

    @property
    def action(self) -> DelayPrepaid:
        return self._action


def can_delay_prepaid(delivery: DeliveryState) -> bool:
    """Whether to offer to move it."""
    is_paid = any(item.is_prepaid and item.charge_id is None for item in delivery.delivery.items)
    return is_paid and delivery.can(_action(delivery))


def _action(delivery: DeliveryState) -> DelayPrepaid:
    return DelayPrepaid(address_id=delivery.delivery.address_id, date=delivery.delivery.date)
