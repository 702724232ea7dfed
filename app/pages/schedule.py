"""The schedule: every delivery of the coming year."""

from __future__ import annotations

from app.i18n import say
from app.pages.view import View
from components import Empty, EmptyState, ScheduleTimeline, html


class Schedule(View):
    """``/schedule``"""

    def heading(self) -> str:
        return self.t("Schedule")

    def header(self) -> None:
        super().header()
        html.p(self.t("Skip what you do not need. The deliveries after it keep their dates."))

    def ready(self) -> None:
        if self.seen(lambda: bool(self.state.schedule.deliveries)):
            ScheduleTimeline.show(self.state.schedule, self.texts)
        else:
            EmptyState.show(
                Empty(
                    title=say("No delivery is planned"),
                    text=say("When one is, you will see it here."),
                    icon="calendar",
                ),
                self.texts,
            )
