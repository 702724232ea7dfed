"""What an effect promises of deliveries, looked up again after the write."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.actions.situation import Situation
from app.i18n import Message, Money, say


@dataclass(frozen=True, slots=True)
class DeliveryPromise:
    """On a day these items come to an address, or are skipped there.

    `total` is given where it is certain; a projected total is only ever an estimate.
    """

    address_id: int
    date: date
    is_skipped: bool
    items: frozenset[int]
    total: Money | None = None

    def difference(self, after: Situation) -> Message | None:
        """What came out otherwise, or None when the promise was kept."""
        delivery = after.delivery(self.address_id, self.date, skipped=self.is_skipped)
        there = {item.purchase_item_id for item in delivery.items} if delivery else set()
        if not self.items <= there:
            if self.is_skipped:
                return say("But not all of it could be skipped on {date}.", date=self.date)
            return say("But not all of it is planned for {date}.", date=self.date)
        if delivery and self.total and not delivery.is_estimate and delivery.total != self.total:
            return say(
                "But your delivery of {date} now costs {total}, not {promised}.",
                date=self.date,
                total=delivery.total,
                promised=self.total,
            )
        return None
