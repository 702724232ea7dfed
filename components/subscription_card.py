"""One subscription as a card."""

from __future__ import annotations

from typing import ClassVar

from app.state import SubscriptionState
from components import html
from components.base import Component
from components.menus import ON_CARD, SUBSCRIPTION_OFFERS
from components.offer_buttons import offer_button, offered
from components.offers import Offer
from components.parts import badge, card_line, short_address, subscription_status


class SubscriptionCard(Component[SubscriptionState]):
    """What one subscription is, how often it comes, what it costs, and when it comes next.

    ::

        SubscriptionCard (article)
        ├── header     picture, title, variant, status
        ├── body       price and rhythm, next date, address and card
        └── actions    what is changed most, and the way to its own page, where everything is
    """

    element = "article"
    sections = ("header", "body", "actions")
    offers: ClassVar[tuple[Offer[SubscriptionState], ...]] = tuple(
        offer for key in ON_CARD for offer in SUBSCRIPTION_OFFERS if offer.key == key
    )
    """The buttons beside the way to its own page."""

    def build(self) -> None:
        self.set(
            class_="ds-card ds-subscription",
            data_key="subscription-" + str(self.state.key),
            data_status=self.state.status,
        )
        super().build()

    def header(self) -> None:
        html.img(self.state.picture, "", 72)
        with html.div():
            self.title()
            if self.state.variant_title:
                html.span(self.state.variant_title, class_="ds-muted", dir="auto")
        if status := subscription_status(self.state, self.texts):
            badge(*status)

    def title(self) -> None:
        """The product's name, which leads to the subscription's own page."""
        title = self.state.title or self.t("Subscription")
        with html.h3():
            html.a(self.path, title, dir="auto")

    def body(self) -> None:
        with html.p(class_="ds-price"):
            if (price := self.state.price) is not None:
                html.strong(self.texts.money(price), class_="ds-amount")
            else:
                html.span(self.t("Price not known yet"), class_="ds-muted")
            if rhythm := self.rhythm():
                html.span(rhythm)
        if self.state.status in ("cancelled", "expired"):
            return
        if self.state.next_date is not None:
            html.fact("calendar", self.t("Next on {date}", date=self.state.next_date))
        elif self.state.status != "unknown":
            html.fact("calendar", self.t("No delivery is planned"))
        self.place()

    def rhythm(self) -> str:
        """How often it comes, and how many at a time, as far as that is known."""
        interval, quantity = self.state.interval, self.state.quantity
        if interval is None:
            return "" if quantity == 1 else self.t("{quantity} each time", quantity=quantity)
        if quantity == 1:
            return self.say(interval)
        return self.t("{interval}, {quantity} each time", interval=interval, quantity=quantity)

    def place(self) -> None:
        """Where it goes and how it is paid."""
        address, method = self.state.address, self.state.payment_method
        if address is not None:
            html.fact("pin", short_address(address))
        if method is not None:
            html.fact("card", card_line(method, self.texts))

    def actions(self) -> None:
        for offer in offered(self, self.offers):
            offer_button(
                self,
                offer,
                key=f"subscription-{self.state.key}-{offer.key}",
                class_="ds-button ds-compact",
            )
        html.a(
            self.path,
            self.t("Details"),
            class_="ds-link",
            aria_label=self.t("Details of {title}", title=self.state.title),
        )

    @property
    def path(self) -> str:
        """Where the subscription's own page is."""
        return "/subscriptions/" + str(self.state.key)
