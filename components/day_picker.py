"""Choosing a day: from a short list of dates, or from a calendar."""

from __future__ import annotations

import re
from calendar import Calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import Enum

from app.i18n import Texts
from components import html
from components.base import Component
from components.fields import Answer, Field, Option, radios
from components.html import Tag

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class _Other(Enum):
    """What the last line of the list stands for."""

    DATE = "date"


@dataclass(frozen=True, eq=False)
class DayChoice:
    """Which day, and which days there are.

    chosen:     the day that is chosen at first, if any
    is_allowed: whether a day can be chosen; asked for each day of the month on show, so it is cheap
    first:      the first day that the calendar can reach; `last` the last
    suggested:  the dates of the list, most likely first; empty shows the calendar at once
    choose:     called with a day that is allowed, whatever the browser sent
    today:      marked in the calendar, where it is given
    """

    chosen: date | None
    is_allowed: Callable[[date], bool]
    first: date
    last: date
    suggested: tuple[Option[date], ...]
    choose: Callable[[date], Answer]
    today: date | None = None


class DayPicker(Component[DayChoice]):
    """A list of dates, and behind "Another date" a calendar of one month at a time.

    Both work by keyboard: in the calendar the arrow keys go from day to day and week to week, Home
    and End to the ends of a week, Page Up and Page Down from month to month.

    ::

        DayPicker (div)
        ├── suggestions  the dates of the list
        └── calendar     the month, and the ways to the one before and the one after
    """

    element = "div"
    sections = ("suggestions", "calendar")

    def __init__(
        self, state: DayChoice, texts: Texts, *, legend: str = "", key: str = "day"
    ) -> None:
        """`legend` says what the date is for. `key` names it across redraws; unique on a page."""
        self.legend = legend or texts.t("Choose a date")
        self.key = key
        self.chosen = state.chosen
        listed = any(option.value == state.chosen for option in state.suggested)
        self.is_open = not state.suggested or (state.chosen is not None and not listed)
        self.month = _month_of(state.chosen or _first_allowed(state) or state.first)
        """The first day of the month that the calendar shows."""
        super().__init__(state, texts)
        self.set(class_="ds-day-picker")

    def suggestions(self) -> None:
        if not self.model.suggested:
            return
        options: list[Option[date | _Other]] = [
            Option(one.value, one.label, one.detail, one.picture, one.amount)
            for one in self.model.suggested
        ]
        options.append(Option(_Other.DATE, self.t("Another date")))
        radios(
            self.legend,
            options,
            _Other.DATE if self.is_open else self.chosen,
            self._choose_from_list,
            key=self.key,
        )

    def calendar(self) -> None:
        if not self.seen(lambda: self.is_open):
            return
        with html.div(class_="ds-calendar", role="group", aria_label=self.legend):
            with html.div(class_="ds-calendar-head"):
                self._earlier = self._turner(-1, self.t("The month before"))
                self._name = html.strong("", role="status")
                self._later = self._turner(1, self.t("The month after"))
            self.section("grid")

    def grid(self) -> None:
        """The days of the month on show."""
        month = self.seen(lambda: self.month)
        state, name = self.model, self.texts.month(month)
        self._name.text = name
        self._earlier.set(aria_disabled="true" if month <= state.first else None)
        self._later.set(aria_disabled="true" if _after(month) > state.last else None)
        weeks = Calendar(self.texts.first_weekday).monthdatescalendar(month.year, month.month)
        entry = self._entry(month)
        self._cells: dict[date, Tag] = {}
        with Field(
            "table",
            self._choose_from_calendar,
            role="grid",
            aria_label=name,
            data_first=state.first.isoformat(),
            data_last=state.last.isoformat(),
        ):
            with Tag("thead"), Tag("tr"):
                for long, short in self.texts.weekdays():
                    Tag("th", short, scope="col", abbr=long)
            with Tag("tbody"):
                for week in weeks:
                    with Tag("tr"):
                        for day in week:
                            if day.month == month.month:
                                self._cells[day] = self._day(day, is_entry=day == entry)
                            else:
                                Tag("td")

    def _day(self, day: date, *, is_entry: bool) -> Tag:
        return Tag(
            "td",
            self.t("{value}", value=day.day),
            role="gridcell",
            tabindex=0 if is_entry else -1,
            aria_label=self.texts.date(day, "full"),
            aria_selected="true" if day == self.chosen else "false",
            aria_disabled=None if self._can_choose(day) else "true",
            aria_current="date" if day == self.model.today else None,
            data_day=day.isoformat(),
        )

    def _turner(self, by: int, name: str) -> html.Button:
        return html.Button(
            "",
            lambda: self._turn(by),
            key=self.key + ("-later" if by > 0 else "-earlier"),
            class_="ds-turn",
            aria_label=name,
            data_turn_by=by,
        )

    def _entry(self, month: date) -> date:
        """The day that the Tab key leads to."""
        days = [month.replace(day=number) for number in range(1, (_after(month) - month).days + 1)]
        if self.chosen in days:
            return self.chosen
        return next((day for day in days if self._can_choose(day)), days[0])

    def _turn(self, by: int) -> None:
        month = _after(self.month) if by > 0 else _before(self.month)
        if _after(month) > self.model.first and month <= self.model.last:
            self.month = month
            self.redraw()

    def _choose_from_list(self, value: date | _Other) -> Answer:
        is_listed = isinstance(value, date)
        self.is_open = not is_listed
        if isinstance(value, date):
            self.chosen = value
        elif self.chosen is not None:
            self.month = _month_of(self.chosen)
        self.redraw()
        return self.model.choose(value) if isinstance(value, date) else None

    def _choose_from_calendar(self, text: str) -> Answer:
        day = _date(text)
        if day is None or not self._can_choose(day):
            return None
        for one in {self.chosen, day}:
            if one in self._cells:
                self._cells[one].set(aria_selected="true" if one == day else "false")
        self.chosen = day
        return self.model.choose(day)

    def _can_choose(self, day: date) -> bool:
        state = self.model
        return state.first <= day <= state.last and state.is_allowed(day)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def _first_allowed(state: DayChoice) -> date | None:
    return next((one.value for one in state.suggested), None)


def _month_of(day: date) -> date:
    return day.replace(day=1)


def _after(month: date) -> date:
    """The first day of the month after."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _before(month: date) -> date:
    """The first day of the month before."""
    return date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)
