"""Choosing a day: only those that are allowed, in any calendar's order."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.i18n import Texts
from components.day_picker import DayChoice, DayPicker
from components.fields import Field, Option
from components.html import Tag
from components.testing import button_called, choose, drawn, field, press, type_into, words

MONDAY = date(2026, 11, 30)
TODAY = date(2026, 11, 24)


class Picked:
    """A day picker on an open page, and what it chose."""

    def __init__(
        self,
        chosen: date | None = MONDAY,
        *,
        language: str = "en",
        suggested: tuple[date, ...] = (MONDAY, MONDAY + timedelta(days=7)),
        last: date = date(2027, 2, 10),
    ) -> None:
        self.texts = Texts(language)
        self.days: list[date] = []
        self.choice = DayChoice(
            chosen=chosen,
            is_allowed=lambda day: day.weekday() < 5,
            first=date(2026, 11, 26),
            last=last,
            suggested=tuple(Option(day, self.texts.date(day)) for day in suggested),
            choose=self.days.append,
            today=TODAY,
        )
        self.found: list[DayPicker] = []

    def draw(self) -> None:
        self.found.append(DayPicker.show(self.choice, self.texts))

    @property
    def picker(self) -> DayPicker:
        return self.found[0]

    @property
    def grid(self) -> Field:
        (grid,) = [one for one in self.picker.descendants() if one.tag == "table"]
        assert isinstance(grid, Field)
        return grid

    @property
    def has_calendar(self) -> bool:
        return any(one.tag == "table" for one in self.picker.descendants())

    def cell(self, day: date) -> Tag:
        (cell,) = [
            one for one in self.grid.descendants() if one.props.get("data-day") == day.isoformat()
        ]
        assert isinstance(cell, Tag)
        return cell

    def head(self) -> list[str]:
        return [
            one.text for one in self.grid.descendants() if isinstance(one, Tag) and one.tag == "th"
        ]

    async def turn(self, name: str) -> None:
        await press(button_called(self.picker, name))


async def test_a_date_of_the_list() -> None:
    picked = Picked()
    async with drawn(picked.draw):
        assert words(picked.picker) == [
            "Choose a date",
            "Mon, Nov 30",
            "Mon, Dec 7",
            "Another date",
        ]
        await choose(field(picked.picker, "Mon, Dec 7"))
        assert picked.days == [MONDAY + timedelta(days=7)]


async def test_another_date_opens_the_calendar_where_the_chosen_one_is() -> None:
    picked = Picked()
    async with drawn(picked.draw):
        radio = field(picked.picker, "Another date")
        await choose(field(picked.picker, "Mon, Dec 7"))
        await choose(radio)
        assert picked.days == [MONDAY + timedelta(days=7)], "opening it chooses nothing"
        assert "December 2026" in words(picked.picker)
        chosen = picked.cell(MONDAY + timedelta(days=7))
        assert chosen.props["aria-selected"] == "true"
        assert chosen.props["tabindex"] == 0
        assert field(picked.picker, "Another date") is radio, "the list is not drawn again"

        await type_into(picked.grid, "2026-12-10")
        assert picked.days[-1] == date(2026, 12, 10)
        assert picked.cell(date(2026, 12, 10)).props["aria-selected"] == "true"
        assert chosen.props["aria-selected"] == "false"

        await choose(field(picked.picker, "Mon, Nov 30"))
        assert not picked.has_calendar


@pytest.mark.parametrize(
    "sent",
    [
        "2026-11-25",
        "2026-11-28",
        "2027-02-11",
        "2026-02-30",
        "20261201",
        "2026-W49-1",
        "",
        "9" * 99,
    ],
    ids=["too early", "not allowed", "too late", "no day", "short", "week", "empty", "long"],
)
async def test_what_the_calendar_does_not_offer_is_not_chosen(sent: str) -> None:
    picked = Picked(None, suggested=())
    async with drawn(picked.draw):
        await type_into(picked.grid, sent)
        assert picked.days == []


async def test_what_can_be_chosen_and_which_day_is_today() -> None:
    picked = Picked(None, suggested=())
    async with drawn(picked.draw):
        assert picked.cell(date(2026, 11, 25)).props["aria-disabled"] == "true"
        assert "aria-disabled" not in picked.cell(date(2026, 11, 26)).props
        assert picked.cell(date(2026, 11, 28)).props["aria-disabled"] == "true"
        assert picked.cell(TODAY).props["aria-current"] == "date"
        assert picked.cell(MONDAY).props["aria-label"] == "Monday, November 30, 2026"
        entries = [one for one in picked.grid.descendants() if one.props.get("tabindex") == 0]
        assert entries == [picked.cell(date(2026, 11, 26))], "one day is in the tab order"


async def test_months_turn_as_far_as_there_are_days() -> None:
    picked = Picked(None, suggested=())
    async with drawn(picked.draw):
        name = next(one for one in words(picked.picker) if "2026" in one)
        assert name == "November 2026"
        await picked.turn("The month before")
        assert picked.grid.props["aria-label"] == "November 2026"
        for expected in ("December 2026", "January 2027", "February 2027", "February 2027"):
            await picked.turn("The month after")
            assert picked.grid.props["aria-label"] == expected
        after = button_called(picked.picker, "The month after")
        assert after.props["aria-disabled"] == "true"
        assert button_called(picked.picker, "The month before").props.get("aria-disabled") is None


@pytest.mark.parametrize(
    ("language", "first", "leap"),
    [("en", "Sunday", 1), ("de", "Montag", 0), ("ar-EG", "السبت", 2)],
)
async def test_weeks_begin_where_the_reader_begins_them(
    language: str, first: str, leap: int
) -> None:
    picked = Picked(date(2028, 2, 29), language=language, suggested=(), last=date(2028, 3, 31))
    async with drawn(picked.draw):
        heads = [one for one in picked.grid.descendants() if one.tag == "th"]
        assert heads[0].props["abbr"] == first
        assert len(picked.head()) == 7
        row = picked.cell(date(2028, 2, 29)).parent_slot
        assert row
        column = row.parent.default_slot.children.index(picked.cell(date(2028, 2, 29)))
        assert column == (1 + leap) % 7, "29 February 2028 is a Tuesday"
