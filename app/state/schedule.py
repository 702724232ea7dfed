"""The coming deliveries as a timeline."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import TYPE_CHECKING

from app.mirror import Delivery
from app.state.base import State
from app.state.delivery import DeliveryState

if TYPE_CHECKING:
    from app.state.portal import Portal

MONTHS = 12
"""How far the timeline reaches at first, and how much `show_more` adds."""
MOST_MONTHS = 36
"""How far it can reach."""


class ScheduleState(State):
    """All deliveries of the coming months, skipped ones too, in order."""

    def __init__(self, portal: Portal) -> None:
        super().__init__()
        self._portal = portal
        self._months = MONTHS
        self.deliveries: list[DeliveryState] = []

    @property
    def today(self) -> date:
        """The day in the shop's zone."""
        return self._portal.situation.today

    @property
    def until(self) -> date:
        """The last day that is shown."""
        return months_after(self._portal.situation.today, self._months)

    @property
    def has_more(self) -> bool:
        """Whether `show_more` can add anything."""
        return self._months < MOST_MONTHS

    def show_more(self) -> None:
        """Reach a year further."""
        if self.has_more:
            self._months = min(self._months + MONTHS, MOST_MONTHS)
            self.update()

    def update(self) -> None:
        """Take up the deliveries as they were read last; what is on screen stays what it is."""
        situation = self._portal.situation
        known = {state.key: state for state in self.deliveries}
        by_day = {_day(state.delivery): state for state in self.deliveries}
        deliveries = situation.deliveries_until(self.until)
        kept = {delivery.key: known.get(delivery.key) for delivery in deliveries}
        taken = {id(state) for state in kept.values() if state}
        states: list[DeliveryState] = []
        for delivery in deliveries:
            state = kept[delivery.key]
            if state is None:  # skipped or put back since: the same delivery, told otherwise
                earlier = by_day.get(_day(delivery))
                if earlier is not None and id(earlier) not in taken:
                    state = earlier
                    taken.add(id(state))
            if state is None:
                state = DeliveryState(self._portal, delivery)
            else:
                state.update(delivery)
            states.append(state)
        for gone in self.deliveries:
            if gone not in states:
                gone.close()
        self.deliveries = states
        self.changed.emit()

    def close(self) -> None:
        for delivery in self.deliveries:
            delivery.close()
        super().close()


def months_after(day: date, months: int) -> date:
    """The same day some months on, or the last of that month."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _day(delivery: Delivery) -> tuple[int, date]:
    return delivery.address_id, delivery.date
