"""How the seed writes money and moments: the four date shapes of the API, in one place."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import count, islice
from typing import Any
from zoneinfo import ZoneInfo

Document = dict[str, Any]

SHOP_ZONE = ZoneInfo("America/New_York")
_CENT = Decimal("0.01")


def cents(amount: Decimal) -> Decimal:
    """The amount rounded to whole cents, halves up as on a receipt."""
    return amount.quantize(_CENT, rounding=ROUND_HALF_UP)


def money(amount: Decimal) -> str:
    """An amount as the API writes it: a string with two decimals."""
    return str(cents(amount))


def moment(day: date, *, hour: int = 14, minute: int = 0, second: int = 0) -> str:
    """A timestamp in UTC with its offset, e.g. ``2026-03-10T14:00:00+00:00``."""
    return f"{day.isoformat()}T{hour:02d}:{minute:02d}:{second:02d}+00:00"


def shop_midnight(day: date) -> str:
    """The start of a day in the shop's zone, as UTC: the shape of ``order.scheduled_at``."""
    start = datetime.combine(day, time.min, SHOP_ZONE)
    return start.astimezone(UTC).isoformat()


def add_months(day: date, months: int) -> date:
    """The same day of another month, or that month's last day when it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def shift(day: date, steps: int, frequency: int, unit: str) -> date:
    """``steps`` rhythms of ``frequency`` × ``unit`` (day, week, month) away; negative is back."""
    if unit == "month":
        return add_months(day, steps * frequency)
    return day + timedelta(days=steps * frequency * (7 if unit == "week" else 1))


def earlier(day: date, frequency: int, unit: str, *, first: int = 1) -> Iterator[date]:
    """The dates of the rhythm before ``day``, newest first, without end."""
    return (shift(day, -step, frequency, unit) for step in count(first))


def last_before(day: date, frequency: int, unit: str, number: int) -> list[date]:
    """The ``number`` dates of the rhythm before ``day``, newest first."""
    return list(islice(earlier(day, frequency, unit), number))
