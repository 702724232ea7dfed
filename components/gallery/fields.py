"""The gallery's fields: choosing a day."""

from __future__ import annotations

from datetime import date, timedelta

from app.i18n import Texts
from components.day_picker import DayChoice, DayPicker
from components.fields import Option
from components.gallery.example import Example
from components.gallery.samples import DAY


def day_choice(chosen: date | None = DAY, *, suggested: int = 4) -> DayChoice:
    """A delivery that can come on any weekday of the next year, or on none before tomorrow."""
    texts = Texts("en")
    days = [DAY + timedelta(days=7 * number) for number in range(suggested)]
    return DayChoice(
        chosen=chosen,
        is_allowed=lambda day: day.weekday() < 5,
        first=DAY - timedelta(days=4),
        last=DAY + timedelta(days=365),
        suggested=tuple(Option(day, texts.date(day, "full")) for day in days),
        choose=lambda day: None,
        today=DAY - timedelta(days=5),
    )


def _picker(case: str, choice: DayChoice, language: str = "en") -> Example:
    return Example(DayPicker, case, lambda texts: DayPicker.show(choice, texts), language)


EXAMPLES: tuple[Example, ...] = (
    _picker("a date that is not on the list", day_choice(DAY + timedelta(days=2))),
    _picker("a date of the list", day_choice()),
    _picker("only a calendar", day_choice(None, suggested=0)),
    _picker("right to left", day_choice(DAY + timedelta(days=2)), "ar"),
)
