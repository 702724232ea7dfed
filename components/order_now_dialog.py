"""The question before a delivery is paid and sent now."""

from __future__ import annotations

from typing import Any

from app.i18n import Message, say
from app.mirror import DeliveryItem
from app.state import (
    DeliveryState,
    OrderNowQuestion,
    can_order_now,
    can_try_payment_again,
)
from components import html
from components.action_dialog import ActionDialog
from components.base import Component
from components.offers import Offer


class OrderNowDialog(ActionDialog[OrderNowQuestion]):
    """What is ordered, and what it costs, on which card, before the money is taken."""

    def title(self) -> Message:
        if self.model.is_retry:
            return say("Try the payment for {date} again?", date=self.model.date)
        return say("Order now instead of on {date}?", date=self.model.date)

    def press(self) -> Message:
        return say("Pay now")

    def keep(self) -> Message:
        return say("Not now")

    def choices(self) -> None:
        """Nothing to choose: what is ordered, in pictures. The sentences below name it."""
        with html.div(class_="ds-pictures"):
            for item in self.model.items:
                self.item(item)

    def item(self, item: DeliveryItem) -> None:
        """The picture of one thing that is ordered."""
        html.img(item.picture, "", 40)


async def _open(opener: Component[Any], state: DeliveryState) -> None:
    await OrderNowDialog.open(opener, OrderNowQuestion(state))


ORDER_NOW: Offer[DeliveryState] = Offer(
    key="order-now",
    label=say("Order now"),
    icon="truck",
    is_offered=can_order_now,
    open=_open,
    described=lambda state: say("Order now: the delivery of {date}", date=state.delivery.date),
)
TRY_PAYMENT_AGAIN: Offer[DeliveryState] = Offer(
    key="pay-again",
    label=say("Try the payment again"),
    icon="card",
    is_offered=can_try_payment_again,
    open=_open,
    described=lambda state: say("Try the payment again for {date}", date=state.delivery.date),
)
