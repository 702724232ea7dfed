"""What the merchant's page is asked for: a period in the shop's days, a region, a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from app.i18n import Message, Texts, say
from app.retention import Choice

YEAR: Final = timedelta(days=365)
"""How far the page looks back at first: a year, and all that was followed up within it."""
NONE: Final = "-"
"""Stands in an address for "no reason given" and for a place without rules of its own."""
_EARLIEST, _LATEST = date(2000, 1, 1), date(2200, 1, 1)
_LONGEST: Final = 64


@dataclass(frozen=True)
class Option:
    """One entry of a list to choose from."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class Chosen:
    """What is looked at, and the form that says so. `query` leads to the same again."""

    choice: Choice
    zone: ZoneInfo
    since: str
    until: str
    regions: tuple[Option, ...]
    reasons: tuple[Option, ...]
    query: Mapping[str, str]
    problem: Message | None = None


def chosen_of(
    given: Mapping[str, str],
    zone: ZoneInfo,
    today: date,
    regions: Sequence[str],
    reasons: Mapping[str, str],
    texts: Texts,
) -> Chosen:
    """Read the address's query. Dates are days of the shop, both included; empty ones are open. A
    page that is asked for nothing shows the last year."""
    # PostgreSQL takes no NUL, not even to compare with.
    given = {name: text.replace("\0", "")[:_LONGEST] for name, text in given.items()}
    since_text, until_text = given.get("from", (today - YEAR).isoformat()), given.get("to", "")
    region, reason = given.get("region", ""), given.get("reason", "")
    problem: Message | None = None
    since = until = None
    try:
        since, until = _day(since_text), _day(until_text)
    except ValueError:
        problem = say(
            "A date could not be read, so all days are shown. It should be like 2026-11-21."
        )
    if since and until and until < since:
        problem = say("The period ends before it begins, so all days are shown.")
        since = until = None
    named = {"": texts.t("All reasons"), NONE: texts.t("None given"), **reasons}
    places = {
        "": texts.t("All regions"),
        **{one or NONE: one or texts.t("Elsewhere") for one in regions},
    }
    return Chosen(
        Choice(
            since=_begins(since, zone) if since else None,
            until=_begins(until + timedelta(days=1), zone) if until else None,
            region=_wanted(region),
            reason=_wanted(reason),
        ),
        zone,
        since_text,
        until_text,
        _options(places, region),
        _options(named, reason),
        {"from": since_text, "to": until_text, "region": region, "reason": reason},
        problem,
    )


def _day(text: str) -> date | None:
    if not text:
        return None
    day = date.fromisoformat(text)
    if not _EARLIEST <= day <= _LATEST:
        raise ValueError("no day of any shop")
    return day


def _begins(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, tzinfo=zone)


def _wanted(text: str) -> str | None:
    """None for all, and the empty one for "-"."""
    return {"": None, NONE: ""}.get(text, text)


def _options(known: Mapping[str, str], chosen: str) -> tuple[Option, ...]:
    # What nobody has chosen yet may be asked for all the same: the form says what is shown.
    labels = {chosen: chosen, **known}
    ordered = [*known, *([chosen] if chosen not in known else [])]
    return tuple(Option(value, labels[value], value == chosen) for value in ordered)
