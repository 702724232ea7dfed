"""Subscribing to one more product."""

from __future__ import annotations

from typing import Any

from app.actions import AddSubscription
from app.i18n import Message, say
from app.state import AddSubscriptionQuestion, Portal
from components import html
from components.base import Component
from components.day_picker import DayChoice, DayPicker
from components.fields import Option, select, stepper
from components.offers import Offer
from components.parts import address_line
from components.product_search import ProductSearch


class AddSubscriptionDialog(ProductSearch[AddSubscriptionQuestion]):
    """What, how often, how many, where to, and from when. All but the product is chosen already.

    ::

        choices
        ├── search line, found, plans   as in `ProductSearch`
        ├── details                     how many, and where to
        └── days                        the first day
    """

    def title(self) -> Message:
        return say("What would you like to subscribe to?")

    def press(self) -> Message:
        return say("Subscribe")

    def keep(self) -> Message:
        return say("Not now")

    def choices(self) -> None:
        super().choices()
        if not self.model.is_unlisted:
            self.section("details")
            self.section("days")

    def details(self) -> None:
        """How many, and where to: once there is a product."""
        if self.state.chosen is None:
            return
        stepper(
            self.t("How many each time"),
            self.model.quantity,
            lambda quantity: self.model.choose(quantity=quantity),
            texts=self.texts,
            key="quantity",
        )
        addresses = self.model.addresses
        if len(addresses) > 1:
            select(
                self.t("Where to"),
                [Option(one.id, address_line(one)) for one in addresses],
                self.model.address_id,
                lambda address_id: self.model.choose(address_id=address_id),
                key="address",
            )

    def days(self) -> None:
        """The first day, in step with the address."""
        model = self.model
        if self.seen(lambda: model.chosen is None):
            return
        self.seen(lambda: model.address_id)
        DayPicker.show(
            DayChoice(
                chosen=model.date,
                is_allowed=model.is_allowed,
                first=model.first,
                last=model.last,
                suggested=tuple(
                    Option(day, self.texts.date(day), self._detail(day)) for day in model.dates
                ),
                choose=lambda day: model.choose(date=day),
                today=model.today,
            ),
            self.texts,
            legend=self.t("First delivery"),
            key="first-day",
        )

    def unanswered(self) -> None:
        if not self.model.addresses:
            html.p(
                self.t("There is no address with a payment method yet. Please add one first."),
                class_="ds-muted",
            )

    def _detail(self, day: Any) -> str:
        if self.model.joins(day):
            return self.t("With what comes that day")
        return self.t("The first day that is possible") if day == self.model.first else ""


async def _open(opener: Component[Any], portal: Portal) -> None:
    await AddSubscriptionDialog.open(opener, AddSubscriptionQuestion(portal))


def _is_offered(portal: Portal) -> bool:
    is_anywhere = any(one.payment_method_id is not None for one in portal.records.addresses)
    return is_anywhere and portal.is_offered(AddSubscription)


ADD_SUBSCRIPTION: Offer[Portal] = Offer(
    key="add-subscription",
    label=say("Add a subscription"),
    icon="plus",
    is_offered=_is_offered,
    open=_open,
)
