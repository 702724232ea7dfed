"""The values of the merchant's file: how each is written, and what is said of one that is not.

Each refusal goes on from the name of the key: "hold_out *must be a percentage …*".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Any, Final, TypeAlias

from babel import Locale, UnknownLocaleError
from pydantic import AfterValidator, BeforeValidator

from app.retention.plan import Incentive, Span

RESERVED_KEYS: Final = frozenset({"confirm", "done"})
"""Words that stand in the flow's addresses where a reason's key does."""

LONGEST_TEXT: Final = 300
"""Signs of a reason."""

LONGEST_WORDS: Final = 1000
"""Signs of what is said to it."""

_KEY: Final = re.compile(r"[a-z0-9-]{1,40}")
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_SPAN: Final = re.compile(r"([1-9][0-9]{0,2}) (day|week|month)s?")
_DAYS: Final = re.compile(r"([1-9][0-9]{0,3}) (day|week)s?")
_SHARE: Final = re.compile(r"([0-9]{1,2}(?:\.[0-9]{1,2})?) ?%")
_EMAIL: Final = re.compile(r"[^\s<>@,;]{1,64}@[^\s<>@,;]{1,200}\.[^\s<>@,;]{1,50}")
_IN_A_YEAR: Final = {"day": 365, "week": 52, "month": 12}
_TEN_YEARS: Final = 3650


def _checks(is_right: Callable[[Any], bool], reason: str) -> BeforeValidator:
    def check(value: object) -> object:
        if not is_right(value):
            raise ValueError(reason)
        return value

    return BeforeValidator(check)


def whole(most: int) -> BeforeValidator:
    """A whole number from 0."""
    return _checks(
        lambda value: type(value) is int and 0 <= value <= most,
        f"must be a whole number from 0 to {most}",
    )


def one_of(*words: str) -> BeforeValidator:
    """One of a few words."""
    return _checks(lambda value: value in words, f"must be one of {', '.join(words)}")


def list_of(what: str, most: int) -> BeforeValidator:
    """A list of something; its items are checked after it."""
    return _checks(
        lambda value: isinstance(value, tuple) and len(value) <= most,
        f"must be a list of up to {most} {what}",
    )


def _text(longest: int) -> BeforeValidator:
    def check(value: object) -> object:
        if not isinstance(value, str) or not 1 <= len(value.strip()) <= longest:
            raise ValueError(f"must be a text of up to {longest} signs, in quotes if a number")
        return value.strip()

    return BeforeValidator(check)


def _span(value: object) -> Span:
    found = _SPAN.fullmatch(value) if isinstance(value, str) else None
    if found is None or int(found[1]) > _IN_A_YEAR[found[2]]:
        raise ValueError("must be lengths of up to a year, such as 2 weeks or 1 month")
    unit: Any = found[2]
    return Span(int(found[1]), unit)


def _days(value: object) -> int:
    found = _DAYS.fullmatch(value) if isinstance(value, str) else None
    days = int(found[1]) * (7 if found[2] == "week" else 1) if found else 0
    if not 1 <= days <= _TEN_YEARS:
        raise ValueError("must be a time of up to ten years in days or weeks, such as 365 days")
    return days


def _share(value: object) -> Decimal:
    if type(value) is int and value == 0:
        return Decimal(0)
    found = _SHARE.fullmatch(value) if isinstance(value, str) else None
    if found is None or Decimal(found[1]) > 50:
        raise ValueError("must be a percentage from 0% to 50%, such as 10%")
    return Decimal(found[1]) / 100


def _key(value: object) -> object:
    if not isinstance(value, str) or not _KEY.fullmatch(value):
        raise ValueError("must be up to 40 of a to z, 0 to 9 and -, in quotes if a number")
    if value in RESERVED_KEYS:
        raise ValueError(f"must not be {value}, which stands in addresses of our own")
    return value


def _once(values: tuple[Span, ...]) -> tuple[Span, ...]:
    if not values or len(set(values)) < len(values):
        raise ValueError("must be at least one length, and each once")
    return values


def _language(value: str) -> str:
    if not value:  # the language of all others
        return value
    try:
        if not _LANGUAGE.fullmatch(value):
            raise ValueError
        return str(Locale.parse(value, sep="-")).replace("_", "-")
    except (UnknownLocaleError, ValueError):
        raise ValueError("is not a language such as en or pt-BR") from None


def _by_language(value: object) -> object:
    if isinstance(value, dict) and value:
        return value
    if isinstance(value, str):
        return {"": value}
    raise ValueError("must be a text, or one text for each language, in quotes if a number")


Language: TypeAlias = Annotated[str, AfterValidator(_language)]
Text: TypeAlias = Annotated[
    dict[Language, Annotated[str, _text(LONGEST_TEXT)]], BeforeValidator(_by_language)
]
"""What a reason is called, by language; "" is the language of all others."""

Words: TypeAlias = Annotated[
    dict[Language, Annotated[str, _text(LONGEST_WORDS)]], BeforeValidator(_by_language)
]
"""What is said to it."""

Key: TypeAlias = Annotated[str, BeforeValidator(_key)]
"""The name of a reason."""

Offer: TypeAlias = Annotated[str, one_of(*Incentive)]
"""The word for an incentive."""

Code: TypeAlias = Annotated[str, _text(100)]
"""A discount code."""

Email: TypeAlias = Annotated[
    str,
    _checks(
        lambda value: isinstance(value, str) and bool(_EMAIL.fullmatch(value)),
        "must be an e-mail address",
    ),
]
Share: TypeAlias = Annotated[Decimal, BeforeValidator(_share)]
"""A percentage, as a part of 1."""

Days: TypeAlias = Annotated[int, BeforeValidator(_days)]
"""A time in days or weeks, as days."""

Spans: TypeAlias = Annotated[
    tuple[Annotated[Span, BeforeValidator(_span)], ...],
    list_of("lengths", 12),
    AfterValidator(_once),
]
"""Lengths to choose among."""
