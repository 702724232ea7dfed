"""The question before a delivery that is paid for comes later."""

from __future__ import annotations

from typing import Any

from app.i18n import Message, say
from app.state import DelayPrepaidQuestion, DeliveryState, can_delay_prepaid
from components.action_dialog import ActionDialog
from components.base import Component
from components.offers import Offer


class DelayPrepaidDialog(ActionDialog[DelayPrepaidQuestion]):
    """To which day the delivery moves, and those after it."""

    def title(self) -> Message:
        return say("Move your delivery of {date}?", date=self.model.date)

    def press(self) -> Message:
        return say("Move it")


async def _open(opener: Component[Any], state: DeliveryState) -> None:
    await DelayPrepaidDialog.open(opener, DelayPrepaidQuestion(state))


DELAY_PREPAID: Offer[DeliveryState] = Offer(
    key="prepaid-delay",
    label=say("Deliver later"),
    icon="calendar",
    is_offered=can_delay_prepaid,
    open=_open,
    described=lambda state: say("Deliver later: the delivery of {date}", date=state.delivery.date),
)
