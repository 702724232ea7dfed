"""The coming deliveries as a timeline."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import TYPE_CHECKING

from app.mirror import Delivery, DeliveryStatus
from app.state.base import State
from app.state.delivery import DeliveryState

if TYPE_CHECKING:
    from app.state.portal import Portal

MONTHS = 12
"""How far the timeline reaches at first, and how much `show_more` adds."""
MOST_MONTHS = 36
"""How far it can reach."""


class ScheduleState(State):
    """All deliveries of the coming months, skipped ones too, in order.

    planned: the deliveries themselves: a year of many subscriptions is hundreds of them. What looks
             at all of them looks at these, and asks for the state (`of`) of those that it draws
    """

    def __init__(self, portal: Portal) -> None:
        super().__init__()
        self._portal = portal
        self._months = MONTHS
        self.planned: tuple[Delivery, ...] = ()
        self._states: dict[str, DeliveryState] = {}
        self._next_days: dict[int, date] | None = None

    @property
    def deliveries(self) -> list[DeliveryState]:
        """The states of all of them."""
        return [self.of(delivery) for delivery in self.planned]

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

    def of(self, delivery: Delivery) -> DeliveryState:
        """The state of one of `planned`: the same object every time, made when first asked for."""
        state = self._states.get(delivery.key)
        if state is None:
            state = self._states[delivery.key] = DeliveryState(self._portal, delivery)
        return state

    def next_day(self, item_id: int) -> date | None:
        """The day of the first delivery that holds this item and is not skipped."""
        if self._next_days is None:
            self._next_days = {}
            for delivery in self.planned:
                if delivery.status is not DeliveryStatus.SKIPPED:
                    for item in delivery.items:
                        if item.purchase_item_id is not None:
                            self._next_days.setdefault(item.purchase_item_id, delivery.date)
        return self._next_days.get(item_id)

    def show_more(self) -> None:
        """Reach a year further."""
        if self.has_more:
            self._months = min(self._months + MONTHS, MOST_MONTHS)
            self.update()

    def update(self) -> None:
        """Take up the deliveries as they were read last; what is on screen stays what it is."""
        self.planned = self._portal.situation.deliveries_until(self.until)
        self._next_days = None
        by_key = {delivery.key: delivery for delivery in self.planned}
        kept = {key: state for key, state in self._states.items() if key in by_key}
        lost = [state for key, state in self._states.items() if key not in by_key]
        if lost:  # skipped or put back since: the same delivery, told otherwise
            by_day = {_day(each): each for each in self.planned if each.key not in kept}
            for state in lost:
                delivery = by_day.pop(_day(state.delivery), None)
                if delivery is None:
                    state.close()
                else:
                    kept[delivery.key] = state
        self._states = kept
        for key, state in kept.items():
            state.update(by_key[key])
        self.changed.emit()

    def close(self) -> None:
        for state in self._states.values():
            state.close()
        super().close()


def months_after(day: date, months: int) -> date:
    """The same day some months on, or the last of that month."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _day(delivery: Delivery) -> tuple[int, date]:
    return delivery.address_id, delivery.date
