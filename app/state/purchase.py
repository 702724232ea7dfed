"""One order, or one charge that has come to no order, as a list shows it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from app.actions.orders.failures import Failure
from app.i18n import Message, Money, say, say_many
from app.mirror import Purchase, PurchaseKind, PurchaseStatus
from app.recharge import Order
from app.state.order import charge_path, order_path
from app.state.standing import Standing, failure_of_charge, standing_of

if TYPE_CHECKING:
    from app.state.portal import Portal

MOST_ITEMS: Final = 3
"""Items that are named and pictured: enough to know it by."""


class PurchaseState:
    """One order, or one charge that has come to no order, in a list. It does not change: what has
    changed is another one."""

    def __init__(self, portal: Portal, purchase: Purchase) -> None:
        self._portal = portal
        self.purchase = purchase

    def shows(self, purchase: Purchase) -> bool:
        """Whether this is what it shows already, though it may have been written anew."""
        known = self.purchase
        return purchase is known or (purchase.day == known.day and purchase.record == known.record)

    @property
    def key(self) -> str:
        """Names it among all in the list."""
        return self.purchase.key

    @property
    def path(self) -> str:
        """Where its own page is."""
        id = self.purchase.record.id
        is_order = self.purchase.kind is PurchaseKind.ORDER
        return order_path(id) if is_order else charge_path(id)

    @property
    def day(self) -> date | None:
        """The day by which the customer knows it, in the shop's zone; None where nothing tells."""
        return self.purchase.day

    @property
    def number(self) -> str:
        """What the shop calls it; nothing where it has no number."""
        record = self.purchase.record
        if not isinstance(record, Order):
            return ""
        number = record.external_order_number.ecommerce
        return number or (record.external_order_name.ecommerce or "").lstrip("#")

    @property
    def standing(self) -> Standing:
        """How it stands."""
        return standing_of(self.purchase.record)

    @property
    def failure(self) -> Failure | None:
        """Why its payment failed; None where it did not."""
        return failure_of_charge(self.purchase.record)

    @property
    def total(self) -> Money | None:
        """What it came to; None where nothing was to be paid, because it was skipped."""
        if self.purchase.status is PurchaseStatus.SKIPPED:
            return None
        record = self.purchase.record
        return Money(record.total_price, record.currency or self._portal.records.shop.currency)

    @property
    def items(self) -> Message:
        """What was in it, the first few by name."""
        lines = self.purchase.record.line_items
        names: list[str | Message] = [
            say("{quantity} × {title}", quantity=line.quantity, title=line.title)
            if line.quantity > 1
            else line.title
            for line in lines[:MOST_ITEMS]
        ]
        if more := len(lines) - len(names):
            names.append(say_many("{count} more", "{count} more", more))
        return say("{items}", items=names)

    @property
    def pictures(self) -> tuple[str | None, ...]:
        """Addresses of the pictures of the first few items; None for one without."""
        known = self._portal.records.pictures
        return tuple(
            line.images.medium
            or line.images.small
            or line.images.large
            or known.get(line.external_product_id.ecommerce or "")
            for line in self.purchase.record.line_items[:MOST_ITEMS]
        )

    @property
    def place(self) -> str:
        """Enough of where it went to tell it from the customer's other addresses."""
        address = self.purchase.record.shipping_address
        parts = (address.address1, address.city) if address else ()
        return ", ".join(part for part in parts if part)
