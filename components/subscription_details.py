"""Everything about one subscription, on its own page."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from app.i18n import Money, say_many
from app.state import SubscriptionState, order_path
from components import html
from components.base import Component
from components.icons import IconName
from components.menus import SUBSCRIPTION_OFFERS, grouped
from components.offer_buttons import draw_list, offered
from components.offers import Offer
from components.parts import address_line, badge, card_line, subscription_status

PAST = 5
"""Past orders that are listed."""


class SubscriptionDetails(Component[SubscriptionState]):
    """One subscription: what it is, what it costs, when and where it comes, and all that can be
    done with it.

    ::

        SubscriptionDetails (div)
        ├── header     picture, title, variant, status
        ├── body       price, quantity, rhythm, next date, address, card
        ├── ending     when and why it ended
        └── actions    all that can be done, in groups
    """

    element = "div"
    sections = ("header", "body", "ending", "actions")
    offers: ClassVar[tuple[Offer[SubscriptionState], ...]] = SUBSCRIPTION_OFFERS
    """What can be done with it, in the order of the groups."""

    def build(self) -> None:
        self.set(
            class_="ds-subscription-details",
            data_key=f"subscription-{self.state.key}",
            data_status=self.state.status,
        )
        with html.div(class_="ds-card ds-subscription"):
            self.section("header")
            self.section("body")
            self.section("ending")
        self.section("actions")

    def header(self) -> None:
        html.img(self.state.picture, "", 72)
        with html.div():
            html.strong(self.state.title or self.t("Subscription"), dir="auto")
            if self.state.variant_title:
                html.span(self.state.variant_title, class_="ds-muted", dir="auto")
        if status := subscription_status(self.state, self.texts):
            badge(*status)

    def body(self) -> None:
        with html.Tag("dl", class_="ds-facts"):
            self._fact("tag", self.t("Price"), self.price)
            if self.state.quantity != 1:
                self._say("box", self.t("Quantity"), self.t("{n}", n=self.state.quantity))
            if interval := self.state.interval:
                self._say("repeat", self.t("How often"), _sentence(self.say(interval)))
            if self.state.is_prepaid:
                self._fact("check", self.t("Already paid"), self.prepaid)
            if not self.state.is_over:
                self._fact("calendar", self.t("Next delivery"), self.next)
            if address := self.state.address:
                self._say("pin", self.t("Address"), address_line(address))
            method = self.state.payment_method
            self._say(
                "card",
                self.t("Paid with"),
                card_line(method, self.texts) if method else self.t("No payment method on file"),
            )

    def price(self) -> None:
        """What it costs each time, with what is taken off."""
        price, reduced = self.state.price, self.state.reduced_price
        if price is None:
            html.span(self.t("Price not known yet"))
            return
        if reduced is not None:
            html.Tag("s", self.texts.money(price), class_="ds-muted ds-amount")
        html.strong(self.texts.money(reduced or price), class_="ds-amount")
        codes = [one.code for one in self.state.discounts if one.code]
        if codes and reduced is not None:
            html.span(self.t("with {codes}", codes=codes), class_="ds-muted")
        elif codes:
            html.span(self.t("{codes} is taken off each delivery", codes=codes), class_="ds-muted")

    def next(self) -> None:
        """The next delivery, and until when it can be changed, on the shop's clock and ours."""
        day, until = self.state.next_date, self.state.change_until
        if day is None:
            html.span(self.t("None is planned"))
            return
        html.time(day, self.texts.date(day, "full"))
        if until is not None:
            with html.p(class_="ds-muted", data_kind="deadline"):
                html.time(until, self.t("Change until {moment} shop time", moment=until))
                html.local_time(until, self.t("(your time: {time})", time="{time}"))

    def prepaid(self) -> None:
        """What is left of what was paid for."""
        left = self.state.prepaid_left
        if not left:
            html.span(self.t("Nothing is left of it"))
            return
        html.span(self.say(say_many("1 more delivery", "{count} more deliveries", len(left))))
        html.span(self.t("the last on {date}", date=left[-1]), class_="ds-muted")

    def ending(self) -> None:
        record = self.state.subscription
        if self.state.status == "cancelled" and record.cancelled_at is not None:
            html.p(self.t("Cancelled on {date}", date=record.cancelled_at.date()))
            if record.cancellation_reason:
                html.p(record.cancellation_reason, class_="ds-muted", dir="auto")
        elif self.state.status == "expired":
            html.p(self.t("All the deliveries that it was made for have come."))

    def actions(self) -> None:
        groups = grouped(offered(self, self.offers))
        if not groups:
            return
        with html.div(class_="ds-card ds-offers-card"):
            for name, offers in groups:
                with html.div(class_="ds-offers", role="group", aria_label=self.say(name)):
                    html.h2(self.say(name), class_="ds-small-heading")
                    draw_list(self, offers, key="page")

    def _say(self, icon: IconName, name: str, text: str) -> None:
        self._fact(icon, name, lambda: html.span(text))

    def _fact(self, icon: IconName, name: str, draw: Callable[[], object]) -> None:
        with html.div(class_="ds-fact", data_icon=icon):
            html.Tag("dt", name)
            with html.Tag("dd"):
                draw()


class PastOrders(Component[SubscriptionState]):
    """The newest orders that brought a subscription.

    ::

        PastOrders (section)
        └── body       the day, the number and the total of each
    """

    sections = ("body",)

    def build(self) -> None:
        self.set(aria_label=self.t("What has come"))
        super().build()

    def body(self) -> None:
        orders = self.seen(lambda: self.model.past_orders[:PAST])
        if not orders:
            return
        html.h2(self.t("What has come"), class_="ds-heading")
        with html.ul(class_="ds-past-orders"):
            for order in orders:
                moment = order.processed_at or order.scheduled_at or order.created_at
                with html.li():
                    if moment is not None:
                        html.time(moment, self.texts.date(moment.date()))
                    if number := order.external_order_number.ecommerce:
                        html.a(
                            order_path(order.id),
                            self.t("No. {number}", number=number),
                            class_="ds-link",
                            aria_label=self.t("Order No. {number}", number=number),
                        )
                    if order.currency and not order.is_prepaid:
                        total = Money(order.total_price, order.currency)
                        html.span(self.texts.money(total), class_="ds-amount")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
