"""All subscriptions, and one of them."""

from __future__ import annotations

import re

from app.i18n import Texts, say
from app.pages.view import View, not_found
from app.state import Portal, SubscriptionState
from components import Empty, EmptyState, ScheduleTimeline, SubscriptionCard, html, icon

_ID = re.compile(r"[1-9]\d{0,18}", re.ASCII)


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

    def heading(self) -> str:
        return self.t("Subscriptions")

    def ready(self) -> None:
        unreadable_note(self)
        current = self.seen(lambda: self._those(over=False))
        past = self.seen(lambda: self._those(over=True))
        if not current:
            EmptyState.show(
                Empty(
                    title=say("You have no subscription"),
                    text=say("What you subscribe to in the shop will be here."),
                ),
                self.texts,
            )
        else:
            self._cards(current)
        if past:
            with html.details(self.t("Ended subscriptions"), class_="ds-past", open=not current):
                self._cards(past)

    def _cards(self, subscriptions: list[SubscriptionState]) -> None:
        with html.div(class_="ds-cards"):
            for subscription in subscriptions:
                SubscriptionCard.show(subscription, self.texts)

    def _those(self, *, over: bool) -> list[SubscriptionState]:
        return [one for one in self.state.subscriptions if one.is_over == over]


class SubscriptionPage(View):
    """``/subscriptions/{id}``: one subscription, and the deliveries that bring it.

    An id that is not this customer's is not found, exactly as one that does not exist.
    """

    def __init__(self, state: Portal, texts: Texts, id: str) -> None:
        self.subscription_id = int(id) if _ID.fullmatch(id) else None
        super().__init__(state, texts)

    @property
    def is_missing(self) -> bool:
        """The records are known, and it is not among them."""
        return self.subscription_id is None or (
            self.state.status == "ready" and self._find() is None
        )

    def header(self) -> None:
        html.a("/subscriptions", self.t("All subscriptions"), class_="ds-back")
        super().header()

    def heading(self) -> str:
        subscription = self.seen(self._find)
        if subscription is not None:
            return subscription.title or self.t("Subscription")
        if self.seen(lambda: self.is_missing):
            return self.t("Not found")
        return self.t("Subscription")

    def content(self) -> None:
        if self.seen(lambda: self.is_missing):
            not_found(self.texts)
        else:
            super().content()

    def ready(self) -> None:
        subscription = self.seen(self._find)
        if subscription is None:
            return
        with html.div(class_="ds-details"):
            SubscriptionCard.show(subscription, self.texts, on_own_page=True)
            if subscription.next_date is not None:
                with html.section():
                    html.h2(self.t("Its coming deliveries"), class_="ds-heading")
                    ScheduleTimeline.show(self.state.schedule, self.texts, item=subscription.key)

    def _find(self) -> SubscriptionState | None:
        return next(
            (one for one in self.state.subscriptions if one.key == self.subscription_id), None
        )
