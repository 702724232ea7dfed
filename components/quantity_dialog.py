"""How many of a product come each time."""

from __future__ import annotations

from typing import Any

from app.actions import ChangeQuantity
from app.i18n import Message, say
from app.state import QuantityQuestion, SubscriptionState
from components import html
from components.action_dialog import ActionDialog
from components.base import Component
from components.fields import stepper
from components.offers import Offer

MOST = 99
"""As many as the stepper goes to. Who has more already can go on from there."""


class QuantityDialog(ActionDialog[QuantityQuestion]):
    """A number to count up and down, and what it comes to."""

    def title(self) -> Message:
        return say("How many {name} each time?", name=self.model.subscription.title)

    def press(self) -> Message:
        return say("Change the quantity")

    def choices(self) -> None:
        stepper(
            self.t("How many each time"),
            self.model.quantity,
            lambda quantity: self.model.choose(quantity=quantity),
            texts=self.texts,
            most=max(MOST, self.model.now),
            key="quantity",
        )

    def unanswered(self) -> None:
        html.p(
            self.t("You get {quantity} each time now.", quantity=self.model.now), class_="ds-muted"
        )


def _is_offered(state: SubscriptionState) -> bool:
    record = state.subscription
    other = 2 if record.quantity == 1 else 1
    action = ChangeQuantity(address_id=record.address_id, subscription_id=record.id, quantity=other)
    return state.portal.can(action)


async def _open(opener: Component[Any], state: SubscriptionState) -> None:
    await QuantityDialog.open(opener, QuantityQuestion(state))


QUANTITY: Offer[SubscriptionState] = Offer(
    key="quantity",
    label=say("Change quantity"),
    icon="box",
    is_offered=_is_offered,
    open=_open,
    described=lambda state: say("Change quantity of {name}", name=state.title),
)
