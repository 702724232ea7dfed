"""One subscription as a card."""

from __future__ import annotations

from app.i18n import Texts
from app.state import SubscriptionState
from components import html
from components.base import Component
from components.parts import Tone, badge, card_line, short_address

_TONES: dict[str, Tone] = {
    "paused": "warning",
    "cancelled": "quiet",
    "expired": "quiet",
    "unknown": "warning",
}


class SubscriptionCard(Component[SubscriptionState]):
    """What one subscription is, how often it comes, what it costs, and when it comes next.

    ::

        SubscriptionCard (article)
        ├── header     picture, title, variant, status
        ├── body       price and rhythm, next date, address and card
        └── actions    the way to its own page
    """

    element = "article"
    sections = ("header", "body", "actions")

    def __init__(
        self, state: SubscriptionState, texts: Texts, *, on_own_page: bool = False
    ) -> None:
        """`on_own_page` leaves out the ways to the page that the card already stands on."""
        self.on_own_page = on_own_page
        super().__init__(state, texts)

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
        tone = _TONES.get(self.state.status)
        if tone is not None:
            badge(self.say(self.state.status_text), tone)
        elif self.state.is_prepaid:
            badge(self.t("Prepaid"), "info")

    def title(self) -> None:
        """The product's name, which leads to the subscription's own page."""
        title = self.state.title or self.t("Subscription")
        with html.h3():
            if self.on_own_page:
                html.span(title, dir="auto")
            else:
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
        if self.on_own_page:
            return
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
