"""How a rhythm runs through the calendar: every date follows from the one before it.

Recharge does not publish this arithmetic. The rules here are those that its answers are consistent
with; where the dates that Recharge itself has fixed differ, those win (see `projection`).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from app.recharge import Subscription

Unit = Literal["day", "week", "month"]

_DAYS = {"day": 1, "week": 7}


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Every `every` units, on a day of the month or of the week where the customer has one.

    unit:         "day", "week" or "month"
    day_of_month: 1 to 31, for months: the month's last day where the month is shorter
    day_of_week:  0 (Monday) to 6, for days and weeks: the first such day on or after
    """

    every: int
    unit: str
    day_of_month: int | None = None
    day_of_week: int | None = None

    def after(self, day: date) -> date | None:
        """The date that follows `day`, or None when it cannot be told.

        Months keep the day of the month of the date before, cut to the month's end:
        31 January, 28 February, 28 March.
        """
        if self.every < 1:
            return None
        try:
            if self.unit == "month":
                return self._months_after(day)
            following = day + timedelta(days=self.every * _DAYS[self.unit])
            if self.day_of_week is not None:
                following += timedelta(days=(self.day_of_week - following.weekday()) % 7)
            return following
        except (KeyError, OverflowError, ValueError):  # a new unit, or past the year 9999
            return None

    def dates(self, first: date, until: date) -> Iterator[date]:
        """`first` and the dates that follow it, to `until` inclusive."""
        day: date | None = first
        while day is not None and day <= until:
            yield day
            day = self.after(day)

    def _months_after(self, day: date) -> date:
        month = day.month - 1 + self.every
        year, month = day.year + month // 12, month % 12 + 1
        wanted = self.day_of_month or day.day
        return date(year, month, min(wanted, monthrange(year, month)[1]))


def charge_rhythm(subscription: Subscription) -> Rhythm:
    """The rhythm in which a subscription is charged."""
    return _rhythm(subscription, subscription.charge_interval_frequency or 0)


def delivery_rhythm(subscription: Subscription) -> Rhythm:
    """The rhythm in which a subscription is delivered: for prepaid goods a quicker one."""
    charged = subscription.charge_interval_frequency or 0
    return _rhythm(subscription, subscription.order_interval_frequency or charged)


def _rhythm(subscription: Subscription, every: int) -> Rhythm:
    return Rhythm(
        every,
        subscription.order_interval_unit or "",
        subscription.order_day_of_month,
        subscription.order_day_of_week,
    )
