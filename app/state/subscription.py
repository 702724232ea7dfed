"""One subscription, as a card shows it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal

from app.i18n import Message, Money, say, say_many
from app.recharge import Address, PaymentMethod, Subscription
from app.state.base import State

if TYPE_CHECKING:
    from app.state.portal import Portal

Status = Literal["active", "paused", "cancelled", "expired"]

_STATUS_TEXTS: dict[Status, Message] = {
    "active": say("Active"),
    "paused": say("Paused"),
    "cancelled": say("Cancelled"),
    "expired": say("Ended"),
}


class SubscriptionState(State):
    """One subscription. It stays the same object while the subscription is in the account."""

    def __init__(self, portal: Portal, subscription: Subscription) -> None:
        super().__init__()
        self._portal = portal
        self.subscription = subscription

    @property
    def key(self) -> int:
        return self.subscription.id

    @property
    def title(self) -> str:
        return self.subscription.product_title

    @property
    def variant_title(self) -> str | None:
        """The variant's name, or None where the product has only one."""
        title = self.subscription.variant_title
        return None if title in (None, "", "Default Title") else title

    @property
    def quantity(self) -> int:
        return self.subscription.quantity

    @property
    def status(self) -> Status:
        """Where it stands. Active without a date is paused: nothing will come."""
        status = str(self.subscription.status)
        if status == "cancelled":
            return "cancelled"
        if status == "expired":
            return "expired"
        return "active" if self.subscription.next_charge_scheduled_at else "paused"

    @property
    def status_text(self) -> Message:
        return _STATUS_TEXTS[self.status]

    @property
    def is_prepaid(self) -> bool:
        """Several deliveries are paid for at once."""
        return self.subscription.is_prepaid

    @property
    def next_date(self) -> date | None:
        """The day of its next delivery; None when none is planned."""
        if self.status != "active":
            return None
        for state in self._portal.schedule.deliveries:
            if not state.is_skipped and any(
                item.purchase_item_id == self.subscription.id for item in state.delivery.items
            ):
                return state.delivery.date
        return self.subscription.next_charge_scheduled_at

    @property
    def interval(self) -> Message:
        """How often it comes, in words, and how often it is paid where that differs."""
        unit = str(self.subscription.order_interval_unit)
        comes = every(self.subscription.order_interval_frequency, unit)
        if not self.is_prepaid:
            return comes
        paid = every(self.subscription.charge_interval_frequency, unit)
        return say("{comes}, paid {paid}", comes=comes, paid=paid)

    @property
    def price(self) -> Money:
        """What it costs each time it is charged, before discounts, tax and shipping."""
        currency = self.subscription.presentment_currency or self._portal.records.shop.currency
        return Money(self.subscription.price, currency) * self.quantity

    @property
    def picture(self) -> str | None:
        """Address of the product's picture."""
        product = self.subscription.external_product_id.ecommerce
        return self._portal.records.pictures.get(product) if product else None

    @property
    def address(self) -> Address | None:
        return self._portal.records.address(self.subscription.address_id)

    @property
    def payment_method(self) -> PaymentMethod | None:
        """The card of its address."""
        address = self.address
        if address is None or address.payment_method_id is None:
            return None
        return self._portal.records.payment_method(address.payment_method_id)

    def update(self, subscription: Subscription) -> None:
        """The subscription as it was read last."""
        if subscription != self.subscription:
            self.subscription = subscription
            self.changed.emit()


def every(count: int, unit: str) -> Message:
    """A rhythm in words: "every 2 weeks"."""
    match unit:
        case "day":
            return say_many("every day", "every {count} days", count)
        case "week":
            return say_many("every week", "every {count} weeks", count)
        case "month":
            return say_many("every month", "every {count} months", count)
        case _:
            return say("as arranged with the shop")
