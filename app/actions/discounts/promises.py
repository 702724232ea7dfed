"""What the effect of a discount promises, looked up again after the write."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.actions.comparison import cost
from app.actions.effect import promise_kind
from app.actions.situation import Situation
from app.i18n import Message, Money, say


@promise_kind("total")
@dataclass(frozen=True, slots=True)
class TotalPromise:
    """What a delivery costs; None where that is only an estimate."""

    address_id: int
    day: date
    total: Money | None

    @classmethod
    def of(cls, after: Situation, address_id: int, day: date) -> TotalPromise:
        """What the situation as it will be says."""
        delivery = after.delivery(address_id, day, skipped=False)
        is_exact = delivery is not None and delivery.is_total_known and not delivery.is_estimate
        return cls(address_id, day, delivery.total if delivery and is_exact else None)

    def difference(self, after: Situation) -> Message | None:
        """What came out otherwise, or None when the promise was kept."""
        delivery = after.delivery(self.address_id, self.day, skipped=False)
        if delivery is None:
            return say("But no delivery is planned for {date}.", date=self.day)
        # An estimate does not keep the promise of an exact total, even where the numbers are equal:
        # what a code takes off that nobody knows beforehand is not in it.
        if self.total is None or (self.total == delivery.total and not delivery.is_estimate):
            return None
        return say("But the delivery costs {cost}.", cost=cost(delivery))


@promise_kind("code")
@dataclass(frozen=True, slots=True)
class CodePromise:
    """A code is on a delivery."""

    address_id: int
    day: date
    code: str

    def difference(self, after: Situation) -> Message | None:
        """What came out otherwise, or None when the promise was kept."""
        delivery = after.delivery(self.address_id, self.day, skipped=False)
        codes = delivery.discounts if delivery else ()
        if self.code.casefold() in {each.casefold() for each in codes}:
            return None
        return say("But {code} is not on your delivery of {date}.", code=self.code, date=self.day)
