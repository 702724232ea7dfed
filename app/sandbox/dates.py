"""Dates and moments as the API writes them, and the arithmetic of rhythms.

A delivery date is a plain date in the shop's zone; a moment is aware UTC.
"""

import calendar
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(
    r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})?)?"
)


def moment_text(moment: datetime) -> str:
    """`2022-03-10T12:13:28+00:00`, the common shape."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00")


def parse_day(value: object) -> date | None:
    """A plain date, also taken from the front of a moment; None when it is not one."""
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        return None


def parse_moment(value: object) -> datetime | None:
    """An ISO 8601 moment or date as aware UTC; a moment without an offset is UTC."""
    if not isinstance(value, str) or not _MOMENT.fullmatch(value.strip()):
        return None
    try:
        moment = datetime.fromisoformat(value.strip())
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def is_day(value: str) -> bool:
    """Whether the text is a plain date without a time."""
    return _DAY.fullmatch(value) is not None


def sortable(value: object) -> str | None:
    """A moment or date as a text which sorts by time, whatever shape it was written in."""
    if not isinstance(value, str):
        return None
    if is_day(value):
        return value
    moment = parse_moment(value)
    return moment.strftime("%Y-%m-%dT%H:%M:%S") if moment else value


def add_months(day: date, months: int, day_of_month: int | None = None) -> date:
    """Calendar months later, clamped to the month's end."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day_of_month or day.day, last))


def step(
    day: date,
    unit: str,
    frequency: int,
    *,
    day_of_month: int | None = None,
    day_of_week: int | None = None,
) -> date:
    """The date one rhythm after `day`. Monday is 0; a fixed weekday falls on or after."""
    if unit == "month":
        return add_months(day, frequency, day_of_month)
    days = frequency * (7 if unit == "week" else 1)
    after = day + timedelta(days=days)
    if day_of_week is not None:
        after += timedelta(days=(day_of_week - after.weekday()) % 7)
    return after


def next_charge_after(subscription: dict[str, Any], day: date) -> date:
    """The charge date of a subscription that follows its charge date `day`."""
    return _step_of(subscription, day, "charge_interval_frequency")


def next_delivery_after(subscription: dict[str, Any], day: date) -> date:
    """The delivery that follows the delivery of `day`; more often than charges when prepaid."""
    return _step_of(subscription, day, "order_interval_frequency")


def deliveries_per_charge(subscription: dict[str, Any]) -> int:
    """How many orders one charge pays for; more than 1 when prepaid."""
    charge = int(subscription["charge_interval_frequency"])
    order = int(subscription["order_interval_frequency"])
    return max(1, charge // order)


def _step_of(subscription: dict[str, Any], day: date, frequency: str) -> date:
    return step(
        day,
        subscription["order_interval_unit"],
        int(subscription[frequency]),
        day_of_month=subscription.get("order_day_of_month"),
        day_of_week=subscription.get("order_day_of_week"),
    )
