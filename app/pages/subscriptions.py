"""All subscriptions, and one of them."""

from __future__ import annotations

import re

from app.i18n import Texts, say
from app.pages.memberships import memberships
from app.pages.view import RecordView, View
from app.state import SCHEDULE, SUBSCRIPTIONS, Portal, SubscriptionState, shows
from components import (
    Empty,
    EmptyState,
    PastOrders,
    PaymentBanner,
    ScheduleTimeline,
    SubscriptionCard,
    SubscriptionDetails,
    can_change_several,
    change_several,
    html,
    icon,
)
from components.menus import PORTAL_OFFERS
from components.offer_buttons import offer_button, offered

COMING = 6
"""Deliveries on the timeline of one subscription."""

MOST_CARDS = 6
"""Cards that are drawn at first, and that each "Show more" adds."""

_ID = re.compile(r"[1-9]\d{0,18}", re.ASCII)


def id_of(text: str) -> int | None:
    """The id in an address; None where it is none."""
    return int(text) if _ID.fullmatch(text) else None


def unreadable_note(view: View) -> None:
    """Says so when records could not be read: what is shown is not all there is."""
    portal = view.state
    if view.seen(lambda: portal.snapshot is not None and portal.snapshot.unreadable > 0):
        with html.div(class_="ds-note", data_tone="warning"):
            icon("alert")
            html.p(
                view.t(
                    "Some of your records could not be shown. What you see here may not be "
                    "complete; please ask the shop."
                )
            )


class Subscriptions(View):
    """``/subscriptions``: those that go on, and below them those that ended."""

    def __init__(self, state: Portal, texts: Texts) -> None:
        self.drawn = MOST_CARDS
        super().__init__(state, texts)

    def heading(self) -> str:
        return self.t("Subscriptions")

    def ready(self) -> None:
        unreadable_note(self)
        current = self.seen(lambda: self._those(over=False))
        past = self.seen(lambda: self._those(over=True))
        self._actions(is_any=bool(current))
        if not current:
            EmptyState.show(
                Empty(
                    title=say("You have no active subscription"),
                    text=say("What you subscribe to in the shop will be here."),
                ),
                self.texts,
            )
        else:
            html.h2(self.t("Active subscriptions"), class_="ds-unseen")
            self._cards(current)
        memberships(self)
        if past:
            with html.details(self.t("Ended subscriptions"), class_="ds-past", open=not current):
                self._cards(past)

    def _actions(self, *, is_any: bool) -> None:
        """What can be done with none of them in particular, and with several at once."""
        can_change = is_any and self.seen(lambda: can_change_several(self.model))
        offers = offered(self, PORTAL_OFFERS)
        if not can_change and not offers:
            return
        with html.div(class_="ds-page-actions"):
            for offer in offers:
                offer_button(self, offer, key=offer.key)
            if can_change:
                html.Button(
                    self.t("Change several"),
                    lambda: change_several(self, self.model),
                    key="change-several",
                    class_="ds-button",
                )

    def _cards(self, subscriptions: list[SubscriptionState]) -> None:
        """The first ones, and the way to the others: a page of forty cards would be a slow one."""
        drawn = self.seen(lambda: self.drawn)
        with html.div(class_="ds-cards"):
            for subscription in subscriptions[:drawn]:
                SubscriptionCard.show(subscription, self.texts)
        if len(subscriptions) > drawn:
            with html.p(class_="ds-below"):
                html.Button(self.t("Show more"), self._draw_more, key="more", class_="ds-button")

    def _draw_more(self) -> None:
        self.drawn += MOST_CARDS
        self.redraw()

    def _those(self, *, over: bool) -> list[SubscriptionState]:
        return [one for one in self.state.subscriptions if one.is_over == over]


class SubscriptionPage(RecordView):
    """``/subscriptions/{id}``: one subscription, and the deliveries that bring it."""

    back = SUBSCRIPTIONS, say("All subscriptions")
    kind = say("Subscription")

    def __init__(self, state: Portal, texts: Texts, id: str) -> None:
        self.subscription_id = id_of(id)
        super().__init__(state, texts)

    @property
    def is_missing(self) -> bool:
        """The records are known, and it is not among them."""
        return self.subscription_id is None or (
            self.state.status == "ready" and self._find() is None
        )

    def name(self) -> str | None:
        subscription = self._find()
        return subscription.title if subscription else None

    def ready(self) -> None:
        subscription = self.seen(self._find)
        if subscription is None:
            return
        PaymentBanner.show(
            self.model.payments,
            self.texts,
            concerns=lambda trouble: subscription.concerns(trouble),
        )
        with html.div(class_="ds-details"):
            SubscriptionDetails.show(subscription, self.texts)
            comes = self.seen(lambda: subscription.next_date) is not None
            if comes and self.seen(lambda: shows(self.state, SCHEDULE)):
                with html.section(aria_label=self.t("Its coming deliveries")):
                    with html.div(class_="ds-heading"):
                        html.h2(self.t("Its coming deliveries"))
                        html.a(SCHEDULE, self.t("The whole year"), class_="ds-link")
                    ScheduleTimeline.show(
                        self.state.schedule, self.texts, item=subscription.key, most=COMING
                    )
            PastOrders.show(subscription, self.texts)

    def _find(self) -> SubscriptionState | None:
        return next(
            (one for one in self.state.subscriptions if one.key == self.subscription_id), None
        )
