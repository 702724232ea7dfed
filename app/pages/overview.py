"""The overview: what comes next, what comes after, and what is subscribed to."""

from __future__ import annotations

from typing import ClassVar

from app.i18n import say
from app.pages.subscriptions import unreadable_note
from app.pages.view import View
from app.state import SCHEDULE, SUBSCRIPTIONS, PaymentTrouble, shows
from components import (
    Empty,
    EmptyState,
    NextDelivery,
    PaymentBanner,
    ScheduleTimeline,
    SubscriptionCard,
    html,
)
from components.align_dialog import TOGETHER
from components.offer_buttons import offer_button, offered

COMING = 6
"""Deliveries on the overview's timeline."""
MOST_CARDS = 8
"""Subscriptions on the overview; the others are a press away."""


class Overview(View):
    """``/``

    ::

        Overview (div)
        ├── header
        └── content            payments that have failed or will, but for that of the next delivery
            ├── next           the next delivery
            ├── schedule       the coming ones, and having them come together
            └── subscriptions  a card for each that goes on
    """

    slot_elements: ClassVar[dict[str, str]] = {
        **View.slot_elements,
        "next": "section",
        "schedule": "section",
        "subscriptions": "section",
    }

    def heading(self) -> str:
        name = self.seen(lambda: self._first_name())
        return self.t("Hello, {name}", name=name) if name else self.t("Hello")

    def title(self) -> str:
        return self.t("Overview")

    def ready(self) -> None:
        PaymentBanner.show(self.model.payments, self.texts, concerns=self._is_elsewhere)
        with html.div(class_="ds-overview"):
            unreadable_note(self)
            self.section("next").set(aria_label=self.t("Next delivery"))
            if self.seen(lambda: shows(self.state, SCHEDULE) and bool(self.state.schedule.planned)):
                self.section("schedule").set(aria_label=self.t("Coming deliveries"))
            if self.seen(lambda: shows(self.state, SUBSCRIPTIONS)):
                self.section("subscriptions").set(aria_label=self.t("Your subscriptions"))

    def next(self) -> None:
        delivery = self.state.next_delivery
        if delivery is not None:
            NextDelivery.show(delivery, self.texts)
            return
        has_any = self.seen(
            lambda: shows(self.state, SUBSCRIPTIONS) and bool(self.state.subscriptions)
        )
        EmptyState.show(
            Empty(
                title=say("No delivery is planned"),
                text=say("When one is, you will see here when it comes and what is in it."),
                icon="calendar",
                path=SUBSCRIPTIONS if has_any else None,
                link=say("Your subscriptions") if has_any else None,
            ),
            self.texts,
        )

    def schedule(self) -> None:
        with html.div(class_="ds-heading"):
            html.h2(self.t("Coming deliveries"))
            html.a(SCHEDULE, self.t("The whole year"), class_="ds-link")
        ScheduleTimeline.show(self.state.schedule, self.texts, most=COMING)
        self.section("together")

    def together(self) -> None:
        """For those whose deliveries come on many days: all on one."""
        for offer in offered(self, (TOGETHER,)):
            offer_button(self, offer, key=offer.key, class_="ds-button ds-quiet")

    def subscriptions(self) -> None:
        current = self.seen(lambda: [one for one in self.state.subscriptions if not one.is_over])
        if not current:
            return
        with html.div(class_="ds-heading"):
            html.h2(self.t("Your subscriptions"))
            html.a(SUBSCRIPTIONS, self.t("All subscriptions"), class_="ds-link")
        with html.div(class_="ds-cards"):
            for subscription in current[:MOST_CARDS]:
                SubscriptionCard.show(subscription, self.texts)
        if len(current) > MOST_CARDS:
            with html.p(class_="ds-below"):
                text = self.t("Show all {count}", count=len(current))
                html.a(SUBSCRIPTIONS, text, class_="ds-button")

    def _is_elsewhere(self, trouble: PaymentTrouble) -> bool:
        """Whether the next delivery does not tell of it already."""
        delivery = self.model.next_delivery
        return delivery is None or trouble not in delivery.troubles

    def _first_name(self) -> str:
        snapshot = self.state.snapshot
        return snapshot.customer.first_name if snapshot else ""
