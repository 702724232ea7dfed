"""What an effect promises of deliveries, looked up again after the write."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.actions.effect import promise_kind
from app.actions.situation import Situation
from app.i18n import Message, say


@promise_kind("delivery")
@dataclass(frozen=True, slots=True)
class DeliveryPromise:
    """On a day these items come to an address."""

    address_id: int
    day: date
    items: frozenset[int]

    def difference(self, after: Situation) -> Message | None:
        """What came out otherwise, or None when the promise was kept."""
        delivery = after.delivery(self.address_id, self.day, skipped=False)
        there = {item.purchase_item_id for item in delivery.items} if delivery else set()
        if self.items <= there:
            return None
        return say("But not all of it is planned for {date}.", date=self.day)


@promise_kind("gift")
@dataclass(frozen=True, slots=True)
class GiftPromise:
    """On a day these products come to an address that is not this one."""

    address_id: int
    day: date
    titles: tuple[str, ...]

    def difference(self, after: Situation) -> Message | None:
        """What came out otherwise, or None when the promise was kept."""
        given = [
            item.title
            for delivery in after.coming(self.day)
            if delivery.date == self.day and delivery.address_id != self.address_id
            for item in delivery.items
        ]
        if all(given.count(title) >= self.titles.count(title) for title in self.titles):
            return None
        return say("But the gift is not planned for {date}.", date=self.day)
