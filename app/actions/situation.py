"""A customer's records at one moment, with the rules that hold then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from app.mirror import Delivery, DeliveryStatus, Snapshot
from app.retention import Plan

HORIZON = timedelta(days=400)
"""How far deliveries are looked up at first: a year, and the delivery after it."""
LONGEST = timedelta(days=3 * 366)
"""How far ahead anything can be changed."""
_FIRST = date(2, 1, 1)
"""No calendar goes back further: the last day for changes is before the delivery's."""
MARGIN = timedelta(days=35)
"""How far beyond a day the delivery after it is looked for."""


@dataclass(frozen=True)
class Situation:
    """What actions decide by: pure values, no calls.

    today: the day in the shop's zone
    now:   the moment, in the shop's zone
    plan:  what the merchant has decided about leaving a subscription
    membership_plan: the same for memberships
    withdrawn: when the customer withdrew last from a subscription, by its id, as far as our record
               tells; known where something is about to be done
    mails: when the customer last asked for a mail to change each payment method, by its id; known
           where something is about to be done
    code_for_order_now: whether the merchant wants a code before money is taken at a press
    """

    snapshot: Snapshot
    today: date
    now: datetime
    change_until_days: int
    change_until_time: time
    plan: Plan = field(default_factory=Plan)
    membership_plan: Plan = field(default_factory=Plan)
    withdrawn: Mapping[int, datetime] = field(default_factory=dict)
    mails: Mapping[int, datetime] = field(default_factory=dict)
    code_for_order_now: bool = False

    def deliveries_until(self, day: date) -> tuple[Delivery, ...]:
        """All deliveries up to a day inclusive, skipped ones too, by date."""
        # Two schedules serve all questions: whatever is asked is a part of the near or the far one.
        near, far = self.today + HORIZON, self.today + LONGEST + MARGIN
        last = near if day <= near else max(day, far)
        known = self.snapshot.schedule(self.today, last)
        return known if day == last else tuple(each for each in known if each.date <= day)

    @property
    def deliveries(self) -> tuple[Delivery, ...]:
        """All deliveries up to the horizon."""
        return self.deliveries_until(self.today + HORIZON)

    @property
    def soon(self) -> tuple[Delivery, ...]:
        """All deliveries of the next weeks: quick, where one after the other of many situations is
        looked at."""
        return self.snapshot.schedule(self.today, self.today + MARGIN)

    def around(self, day: date) -> tuple[Delivery, ...]:
        """All deliveries, far enough to see those of a day and the ones after it."""
        if day <= self.today + HORIZON - MARGIN:
            return self.deliveries
        return self.deliveries_until(min(day, self.today + LONGEST) + MARGIN)

    def change_until(self, day: date) -> datetime:
        """The last minute in which a delivery of that day can be changed, in the shop's zone."""
        last_day = max(day, _FIRST) - timedelta(days=self.change_until_days)
        zone = self.snapshot.shop.timezone
        return datetime.combine(last_day, self.change_until_time, tzinfo=zone)

    def changes_end(self, day: date) -> datetime:
        """The moment from which it cannot be changed any more: the minute named counts whole."""
        return self.change_until(day).replace(second=0, microsecond=0) + timedelta(minutes=1)

    def is_too_late(self, day: date) -> bool:
        """Whether that moment has come. Of any day, whatever its year."""
        today = self.now.date()
        if day < today:
            return True
        if day > today + timedelta(days=self.change_until_days + 1):
            return False
        return self.now >= self.changes_end(day)

    @property
    def holds_until(self) -> datetime:
        """The next moment at which another day begins or a cut-off passes, in the shop's zone."""
        cut_off = self.changes_end(self.today + timedelta(days=self.change_until_days))
        if self.now < cut_off:
            return cut_off
        return datetime.combine(self.today + timedelta(days=1), time.min, tzinfo=self.now.tzinfo)

    def delivery(self, address_id: int, day: date, *, skipped: bool) -> Delivery | None:
        """The delivery of an address on a day: the skipped one, or the one that comes.

        One whose payment failed or is under way counts as one that comes.
        """
        for delivery in self.around(day):
            is_there = delivery.address_id == address_id and delivery.date == day
            if is_there and (delivery.status is DeliveryStatus.SKIPPED) == skipped:
                return delivery
        return None

    def coming(self, day: date) -> tuple[Delivery, ...]:
        """Deliveries that are to come, as seen around a day: neither skipped nor failed."""
        due = (DeliveryStatus.QUEUED, DeliveryStatus.PROJECTED)
        return tuple(delivery for delivery in self.around(day) if delivery.status in due)
