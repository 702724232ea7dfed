"""What comes next: the first thing on the overview."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import ClassVar

from app.actions.names import NO_VARIANT
from app.mirror import DeliveryItem, DeliveryStatus
from app.state import DeliveryState, SkipQuestion
from components import html
from components.base import Component
from components.icons import icon
from components.menus import BESIDE_SKIP, DELIVERY_OFFERS
from components.offer_buttons import draw_some
from components.offers import Offer
from components.parts import (
    address_line,
    badge,
    card_line,
    cost_of,
    delivery_status,
)
from components.payment_banner import draw_trouble
from components.skip_dialog import SkipDialog

_EXPLAINED = (DeliveryStatus.FAILED, DeliveryStatus.UNKNOWN)
"""What `trouble` has told the customer of already."""


class NextDelivery(Component[DeliveryState]):
    """The next delivery: when, what, how much, where to, on which card, and until when it changes.

    ::

        NextDelivery (section)
        ├── header     the date, the status, and until when it can be changed
        ├── trouble    a payment that failed or will: why, what happens next, and what to do; or a
        │              state that nobody can explain
        ├── items      what comes, with pictures and prices
        ├── summary    total, address, card
        └── actions    skip it, or why that is not possible
    """

    element = "article"
    sections = ("header", "trouble", "items", "summary", "actions")
    offers: ClassVar[tuple[Offer[DeliveryState], ...]] = DELIVERY_OFFERS
    """What can be done with it besides skipping it."""

    def build(self) -> None:
        delivery = self.state.delivery
        self.set(class_="ds-card ds-next", data_key="next", aria_labelledby=self.html_id + "-date")
        self.set(data_status=delivery.status.value)
        super().build()

    def header(self) -> None:
        delivery = self.state.delivery
        with html.p(class_="ds-eyebrow"):
            html.span(self.t("Your next delivery"))
            if status := delivery_status(self.state, self.texts):
                badge(*status)
        with html.h2(id=self.html_id + "-date", tabindex=-1):
            html.time(delivery.date, self.texts.date(delivery.date, "full"))
        if self.state.can_skip:
            self.deadline()

    def deadline(self) -> None:
        """Until when the delivery can be changed: on the shop's clock, and on the reader's."""
        until = self.state.change_until
        with html.fact("clock", data_kind="deadline"):
            html.time(until, self.t("Change until {moment} shop time", moment=until))
            html.local_time(until, self.t("(your time: {time})", time="{time}"))

    def trouble(self) -> None:
        delivery = self.state.delivery
        if delivery.status == DeliveryStatus.UNKNOWN:
            with html.div(class_="ds-note", data_tone="warning"):
                icon("alert")
                html.p(
                    self.t(
                        "We do not know if this delivery will come. It cannot be changed here; "
                        "please ask the shop."
                    )
                )
        for trouble in self.state.troubles:
            draw_trouble(self, trouble)

    def items(self) -> None:
        with html.ul(class_="ds-items"):
            for item in self.state.delivery.items:
                self.item(item)

    def item(self, item: DeliveryItem) -> None:
        """One thing that comes."""
        with html.li():
            html.img(item.picture, "", 64)
            with html.div():
                html.span(item.title, class_="ds-item-title", dir="auto")
                if item.variant_title and item.variant_title != NO_VARIANT:
                    html.span(item.variant_title, class_="ds-muted", dir="auto")
                html.span(self._price_of(item), class_="ds-muted")
            if item.is_total_known and not _is_paid(item):
                html.span(self.texts.money(item.total), class_="ds-amount")

    def summary(self) -> None:
        delivery = self.state.delivery
        for name, amount in self._costs():
            with html.p(class_="ds-cost ds-muted"):
                html.span(name)
                html.span(amount, class_="ds-amount")
        with html.p(class_="ds-total"):
            html.span(self.t("Estimated total") if delivery.is_estimate else self.t("Total"))
            html.strong(cost_of(delivery, self.texts), class_="ds-amount")
        if address := self.state.address:
            html.fact("pin", address_line(address))
        method = self.state.payment_method
        html.fact(
            "card",
            card_line(method, self.texts) if method else self.t("No payment method on file"),
        )

    def actions(self) -> None:
        delivery = self.state.delivery
        if self.state.can_skip:
            html.Button(
                self.t("Skip this delivery"),
                self.ask_skip,
                key="next-skip-" + delivery.date.isoformat(),
                class_="ds-button",
            )
        elif delivery.status not in _EXPLAINED and (reason := self.state.reason):
            html.p(self.say(reason), class_="ds-muted")
        draw_some(
            self,
            self.offers,
            BESIDE_SKIP,
            key="next",
            described=self.t("More for the delivery of {date}", date=delivery.date),
        )

    async def ask_skip(self) -> None:
        """Ask before skipping."""
        await SkipDialog.open(self, SkipQuestion(self.model))

    def _costs(self) -> Iterator[tuple[str, str]]:
        """What lies between the items and the total, as far as it is known: name and amount."""
        delivery, nothing = self.state.delivery, Decimal(0)
        goods = sum((item.total.amount for item in delivery.items), nothing)
        if delivery.discount is not None and delivery.discount.amount > nothing:
            name = self.t("Discount {codes}", codes=delivery.discounts)
            yield name, self.texts.money(delivery.discount * -1)
        if delivery.shipping is not None and delivery.shipping.amount > nothing:
            yield self.t("Shipping"), self.texts.money(delivery.shipping)
        elif delivery.shipping is not None and goods > nothing:
            yield self.t("Shipping"), self.t("Free")
        if delivery.tax is not None and delivery.tax.amount > nothing:
            yield self.t("Tax"), self.texts.money(delivery.tax)

    def _price_of(self, item: DeliveryItem) -> str:
        if _is_paid(item):
            return self.t("Quantity {quantity}, already paid", quantity=item.quantity)
        if item.unit_price is None:
            return self.t("Quantity {quantity}", quantity=item.quantity)
        return self.t("{quantity} × {price}", quantity=item.quantity, price=item.unit_price)


def _is_paid(item: DeliveryItem) -> bool:
    """Whether an earlier payment was for this as well. On the day of a payment it was not."""
    return item.is_prepaid and item.is_total_known and not item.total.amount
