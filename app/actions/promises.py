"""What an effect promises of deliveries, looked up again after the write."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.actions.situation import Situation
from app.i18n import Message, say


@dataclass(frozen=True, slots=True)
class DeliveryPromise:
    """On a day these items come to an address."""

    address_id: int
    date: date
    items: frozenset[int]

    def difference(self, after: Situation) -> Message | None:
        """What came out otherwise, or None when the promise was kept."""
        delivery = after.delivery(self.address_id, self.date, skipped=False)
        there = {item.purchase_item_id for item in delivery.items} if delivery else set()
        if self.items <= there:
            return None
        return say("But not all of it is planned for {date}.", date=self.date)
