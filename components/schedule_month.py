"""The coming deliveries as a calendar, a month at a time."""

from __future__ import annotations

from calendar import Calendar
from datetime import date
from functools import partial

from app.i18n import Texts
from app.mirror import DeliveryStatus
from app.state import DeliveryState, ScheduleState
from components import html
from components.base import Component
from components.parts import cost_of, delivery_status
from components.schedule_timeline import TimelineEntry

LINES = 3
"""Deliveries that are told of in one day of a wide calendar; the others are counted."""

Month = tuple[int, int]


class ScheduleMonth(Component[ScheduleState]):
    """One month: a table of its days, and what comes on the chosen one.

    A day with deliveries is a button. On a phone it shows a dot for each; where there is room, what
    comes and what it costs. The deliveries of the chosen day stand below with all that can be done
    with them.

    ::

        ScheduleMonth (section)
        ├── header     the month, and the ones before and after it
        ├── grid       the days, week by week
        └── day        the deliveries of the chosen day
    """

    sections = ("header", "grid", "day")

    def __init__(self, state: ScheduleState, texts: Texts) -> None:
        first = next((one.date for one in state.planned), state.today)
        self.month: Month = _month_of(max(first, state.today))
        self.chosen: date | None = None
        super().__init__(state, texts)
        self.set(class_="ds-by-month")

    def header(self) -> None:
        month = self.seen(lambda: self.month)
        html.h2(self._name(month), aria_live="polite", id=self.html_id + "-month")
        with html.div(class_="ds-turn-month"):
            self._turn("earlier", _shifted(month, -1), self.seen(self._has_earlier))
            self._turn("later", _shifted(month, 1), self.seen(self._has_later))

    def grid(self) -> None:
        """A row for each week, as the reader's country counts them."""
        by_day: dict[date, list[DeliveryState]] = {}
        for state in self.seen(self._in_month):
            by_day.setdefault(state.delivery.date, []).append(state)
        self.seen(self._looks)
        chosen, today = self._chosen_day(), self.seen(lambda: self.model.today)
        weeks = Calendar(self.texts.first_weekday).monthdatescalendar(*self.month)
        with html.Tag("table", aria_labelledby=self.html_id + "-month"):
            with html.Tag("thead"), html.Tag("tr"):
                for name, short in self.texts.weekdays():
                    with html.Tag("th", scope="col"):
                        html.span(short, aria_hidden="true")
                        html.span(name, class_="ds-unseen")
            with html.Tag("tbody"):
                for week in weeks:
                    with html.Tag("tr"):
                        for day in week:
                            with html.Tag("td", aria_current="date" if day == today else None):
                                if _month_of(day) == self.month:
                                    self.cell(day, by_day.get(day, []), is_chosen=day == chosen)

    def cell(self, day: date, states: list[DeliveryState], *, is_chosen: bool) -> None:
        """One day of the month."""
        if not states:
            html.span(str(day.day), class_="ds-day-of-month")
            return
        told = [self._told(state) for state in states]
        label = self.t("{date}: {deliveries}", date=day, deliveries="; ".join(told))
        with html.Button(
            "",
            partial(self.choose, day),
            key="day-" + day.isoformat(),
            class_="ds-planned",
            aria_label=label,
            aria_pressed="true" if is_chosen else "false",
        ):
            html.span(str(day.day), class_="ds-day-of-month")
            for state in states[:LINES]:
                status = "saving" if state.is_pending else state.delivery.status.value
                with html.span(class_="ds-planned-one", data_status=status):
                    html.span(state.delivery.items[0].title if state.delivery.items else "")
                    if not state.is_skipped:
                        html.span(cost_of(state.delivery, self.texts), class_="ds-amount")
            if len(states) > LINES:
                more = self.t("{count} more", count=len(states) - LINES)
                html.span(more, class_="ds-planned-more")

    def day(self) -> None:
        """What comes on the chosen day."""
        states = self.seen(self._of_chosen)
        if not states:
            html.p(self.t("No delivery in this month."), class_="ds-muted")
            return
        html.h3(self.texts.date(states[0].delivery.date, "full"), aria_live="polite")
        with html.ol(class_="ds-entries"):
            for state in states:
                TimelineEntry.show(state, self.texts)

    def choose(self, day: date) -> None:
        """Show the deliveries of this day."""
        self.chosen = day
        self.redraw()

    def turn(self, month: Month) -> None:
        """Show another month; beyond the last known one, a year more is looked up."""
        if month > _month_of(self.model.until) and self.model.has_more:
            self.model.show_more()
        self.month, self.chosen = month, None
        self.redraw()

    def _turn(self, key: str, month: Month, is_there: bool) -> None:
        button = html.Button(
            self._name(month),
            partial(self.turn, month),
            key=key,
            class_="ds-button ds-quiet",
            data_kind=key,
        )
        if not is_there:
            button.disable(self.t("There is nothing to show in that month."))

    def _has_earlier(self) -> bool:
        first = min([self.model.today, *(one.date for one in self.model.planned[:1])])
        return self.month > _month_of(first)

    def _has_later(self) -> bool:
        return self.month < _month_of(self.model.until) or self.model.has_more

    def _in_month(self) -> list[DeliveryState]:
        schedule = self.model
        return [schedule.of(one) for one in schedule.planned if _month_of(one.date) == self.month]

    def _looks(self) -> list[object]:
        """What the days of the month look like: they are drawn again when it changes."""
        return [self.month, self._chosen_day()] + [
            (state.delivery, state.is_pending) for state in self._in_month()
        ]

    def _chosen_day(self) -> date | None:
        """The chosen day while something is planned on it, or else the first one with something."""
        days = [state.delivery.date for state in self._in_month()]
        return self.chosen if self.chosen in days else next(iter(days), None)

    def _of_chosen(self) -> list[DeliveryState]:
        day = self._chosen_day()
        return [state for state in self._in_month() if state.delivery.date == day]

    def _told(self, state: DeliveryState) -> str:
        """A delivery in one line, for those who hear the calendar."""
        delivery = state.delivery
        status = delivery_status(state, self.texts)
        words = [status[0]] if status else []
        words.append(self.texts.listing([item.title for item in delivery.items]))
        if delivery.status is not DeliveryStatus.SKIPPED:
            words.append(cost_of(delivery, self.texts))
        return ", ".join(words)

    def _name(self, month: Month) -> str:
        return self.texts.month(date(*month, 1))


def _month_of(day: date) -> Month:
    return day.year, day.month


def _shifted(month: Month, by: int) -> Month:
    years, number = divmod(month[1] - 1 + by, 12)
    return month[0] + years, number + 1
