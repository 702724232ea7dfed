"""A reader's language: sentences from the catalogue, money and dates as the reader writes them."""

from __future__ import annotations

import datetime as dt
import gettext
import io
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Literal

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.dates import (
    format_date,
    format_time,
    format_timedelta,
    get_day_names,
    get_timezone_name,
    match_skeleton,
)
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal

from app.i18n.message import Message, Money, Value, say

CATALOGUES = Path(__file__).parent / "locales"

DateStyle = Literal["full", "long", "short"]
"""`full`: Friday, 3 July 2026. `long`: Fri, 3 July. `short`: 3 Jul."""

_WIDTHS: tuple[Literal["wide"], Literal["abbreviated"]] = ("wide", "abbreviated")
_SKELETONS: dict[DateStyle, str] = {"long": "MMMMEd", "short": "MMMd"}


class Texts:
    """Says messages in one language.

    `language` is a BCP 47 tag such as ``en``, ``pt-BR`` or ``ar``; an unknown one falls back to
    English, since a page in another language is kinder than an error.
    """

    def __init__(self, language: str = "en") -> None:
        try:
            self.locale = Locale.parse(language, sep="-")
        except (UnknownLocaleError, ValueError):
            self.locale = Locale("en")
        self.language = str(self.locale).replace("_", "-")
        self.direction: Literal["ltr", "rtl"] = (
            "rtl" if self.locale.text_direction == "rtl" else "ltr"
        )
        self._catalogue = _catalogue(self.locale)

    def t(self, text: str, /, **values: Value) -> str:
        """The sentence in the reader's language: ``texts.t("Move to {date}", date=day)``."""
        return self.render(say(text, **values))

    def render(self, message: Message) -> str:
        if message.plural is None:
            source = self._catalogue.gettext(message.text)
        else:
            source = self._catalogue.ngettext(message.text, message.plural, message.count)
        return source.format(**{name: self._value(value) for name, value in message.values.items()})

    def money(self, money: Money) -> str:
        return _amount(money.amount, money.currency, self.locale)

    def date(self, day: dt.date, style: DateStyle = "long") -> str:
        if style == "full":
            return format_date(day, "full", locale=self.locale)
        return format_date(day, _pattern(self.locale, _SKELETONS[style]), locale=self.locale)

    def month(self, day: dt.date) -> str:
        """The month of a day, with its year: July 2026."""
        return format_date(day, _pattern(self.locale, "yMMMM"), locale=self.locale)

    @property
    def first_weekday(self) -> int:
        """The day that a week begins with, as the reader's country counts: 0 is Monday.

        A language without a country is read as in the country where most of its readers live.
        """
        likely = get_global("likely_subtags").get(str(self.locale))
        locale = self.locale if self.locale.territory or not likely else Locale.parse(likely)
        return int(locale.first_week_day)

    def weekdays(self) -> list[tuple[str, str]]:
        """The days of a week in the reader's order: the name of each, and a short one."""
        names, short = (get_day_names(width, "stand-alone", self.locale) for width in _WIDTHS)
        days = [(self.first_weekday + number) % 7 for number in range(7)]
        return [(str(names[day]), str(short[day])) for day in days]

    def moment(self, instant: dt.datetime) -> str:
        """A moment in the zone it carries: Thu, 2 July, 23:59."""
        return self.t(
            "{day}, {time}",
            day=self.date(instant.date()),
            time=format_time(instant.timetz(), "short", locale=self.locale),
        )

    def moment_in_full(self, instant: dt.datetime) -> str:
        """A moment that will be looked up much later, with its year and the name of its zone:
        Thursday, 2 July 2026, 23:59 (Eastern Daylight Time)."""
        return self.t(
            "{day}, {time} ({zone})",
            day=self.date(instant.date(), "full"),
            time=format_time(instant.timetz(), "short", locale=self.locale),
            zone=get_timezone_name(instant, "long", locale=self.locale),
        )

    def ago(self, age: dt.timedelta) -> str:
        """How long ago: 5 minutes ago."""
        return format_timedelta(-age, add_direction=True, locale=self.locale)

    def listing(self, items: Sequence[str]) -> str:
        """a, b and c."""
        return format_list(list(items), locale=self.locale)

    def _value(self, value: Value) -> str:
        match value:
            case str():
                return value
            case Message():
                return self.render(value)
            case Money():
                return self.money(value)
            case dt.datetime():
                return self.moment(value)
            case dt.date():
                return self.date(value)
            case int() | Decimal():
                return format_decimal(value, locale=self.locale)
            case _:
                return self.listing([self._value(item) for item in value])


@lru_cache(maxsize=4096)
def _amount(amount: Decimal, currency: str, locale: Locale) -> str:
    """An amount of money, remembered: the same few stand on a page again and again."""
    return format_currency(amount, currency, locale=locale)


@lru_cache(maxsize=256)
def _pattern(locale: Locale, skeleton: str) -> str:
    """How a locale writes the parts of a date that a skeleton names, from the nearest skeleton that
    it knows. Babel's `format_skeleton` looks through all of them again for every date."""
    known = locale.datetime_skeletons
    return str(known[skeleton if skeleton in known else match_skeleton(skeleton, known)].pattern)


@lru_cache(maxsize=64)
def _catalogue(locale: Locale) -> gettext.NullTranslations:
    for name in (str(locale), locale.language):
        source = CATALOGUES / f"{name}.po"
        if source.is_file():
            compiled = io.BytesIO()
            with source.open("rb") as lines:
                write_mo(compiled, read_po(lines, locale=name))
            compiled.seek(0)
            return gettext.GNUTranslations(compiled)
    return gettext.NullTranslations()
