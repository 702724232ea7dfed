"""Another product instead of one, or another variant of it."""

from __future__ import annotations

from typing import Any

from app.i18n import Message, say
from app.mirror import Offering
from app.state import SubscriptionState, SwapQuestion, can_swap
from components import html
from components.base import Component
from components.offers import Offer
from components.product_search import ProductSearch, capitalised


class SwapDialog(ProductSearch[SwapQuestion]):
    """What the shop has, with pictures and how much more or less each costs."""

    def title(self) -> Message:
        return say("What would you like instead of {name}?", name=self.model.subscription.title)

    def press(self) -> Message:
        return say("Swap")

    def amount(self, offering: Offering) -> str:
        difference = self.model.difference(offering)
        if difference is None:
            return self.texts.money(offering.price)
        return capitalised(self.say(difference))

    def unanswered(self) -> None:
        price = self.model.subscription.price
        if price is not None:
            html.p(self.t("It costs {price} each time now.", price=price), class_="ds-muted")


async def _open(opener: Component[Any], state: SubscriptionState) -> None:
    await SwapDialog.open(opener, SwapQuestion(state))


SWAP: Offer[SubscriptionState] = Offer(
    key="swap",
    label=say("Swap"),
    icon="swap",
    is_offered=can_swap,
    open=_open,
    described=lambda state: say("Swap {name}", name=state.title),
)
