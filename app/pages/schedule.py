"""The schedule: every delivery of the coming year, as a list or as a calendar."""

from __future__ import annotations

import asyncio

from app.i18n import Message, Texts, say
from app.mirror import DeliveryStatus
from app.pages.view import View
from app.state import CalendarFeedState, Portal
from components import CalendarFeed, Empty, EmptyState, ScheduleMonth, ScheduleTimeline, html

LIST, MONTH = "/schedule", "/schedule/month"

_KEY: tuple[tuple[DeliveryStatus, Message], ...] = (
    (DeliveryStatus.QUEUED, say("Ready to be charged")),
    (DeliveryStatus.PROJECTED, say("Planned")),
    (DeliveryStatus.SKIPPED, say("Skipped")),
    (DeliveryStatus.PENDING, say("Payment under way")),
    (DeliveryStatus.FAILED, say("Payment failed")),
    (DeliveryStatus.UNKNOWN, say("State not known")),
)
"""What the marks beside deliveries mean."""


class Schedule(View):
    """``/schedule`` and ``/schedule/month``

    ::

        Schedule (div)
        ├── header
        └── content
            ├── views      list or month
            ├── key        what the marks mean: those that are there
            ├── follow     the address for the customer's own calendar
            └── deliveries
    """

    def __init__(
        self,
        state: Portal,
        texts: Texts,
        calendar: CalendarFeedState | None = None,
        *,
        by_month: bool = False,
    ) -> None:
        self.by_month = by_month
        self.calendar = calendar
        super().__init__(state, texts)
        if calendar is not None and calendar.status == "unknown":
            # It stays until it is done, though the customer may go on to another view.
            self._opening = asyncio.create_task(calendar.open())

    def heading(self) -> str:
        return self.t("Schedule")

    def header(self) -> None:
        super().header()
        html.p(self.t("Skip what you do not need. The deliveries after it keep their dates."))

    def ready(self) -> None:
        with html.div(class_="ds-schedule-top"):
            self.section("views")
            self.section("key")
        self.section("follow")
        self.section("deliveries")

    def views(self) -> None:
        """The two ways to look at it, each with an address of its own."""
        with html.Tag("nav", class_="ds-switch", aria_label=self.t("How to show the schedule")):
            for path, name in ((LIST, self.t("List")), (MONTH, self.t("Month"))):
                is_this = (path == MONTH) == self.by_month
                html.a(path, name, aria_current="page" if is_this else None)

    def key(self) -> None:
        """What the marks beside deliveries mean."""
        there = self.seen(self._statuses)
        with html.ul(class_="ds-key"):
            for status, name in _KEY:
                if status in there:
                    html.li(self.say(name), data_status=status.value)

    def follow(self) -> None:
        """The way into the customer's own calendar."""
        if self.calendar is None:
            return
        with html.details(self.t("Add to your calendar"), class_="ds-past ds-follow"):
            CalendarFeed.show(self.calendar, self.texts)

    def deliveries(self) -> None:
        if not self.seen(lambda: bool(self.state.schedule.planned)):
            EmptyState.show(
                Empty(
                    title=say("No delivery is planned"),
                    text=say("When one is, you will see it here."),
                    icon="calendar",
                ),
                self.texts,
            )
        elif self.by_month:
            ScheduleMonth.show(self.state.schedule, self.texts)
        else:
            ScheduleTimeline.show(self.state.schedule, self.texts)

    def _statuses(self) -> frozenset[DeliveryStatus]:
        return frozenset(one.status for one in self.model.schedule.planned)
