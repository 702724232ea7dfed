"""One subscription, as a card shows it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Literal

from app.actions import Pause
from app.actions.names import NO_VARIANT
from app.actions.products.texts import every
from app.i18n import Message, Money, say
from app.recharge import Address, AppliedDiscount, Order, OrderStatus, PaymentMethod, Subscription
from app.retention import Rules, rules_for
from app.state.base import State
from app.state.payment_trouble import PaymentTrouble

if TYPE_CHECKING:
    from app.state.portal import Portal

_CENT = Decimal("0.01")

Status = Literal["active", "paused", "cancelled", "expired", "unknown"]

_STATUS_TEXTS: dict[Status, Message] = {
    "active": say("Active"),
    "paused": say("Paused"),
    "cancelled": say("Cancelled"),
    "expired": say("Ended"),
    "unknown": say("Status not known"),
}


class SubscriptionState(State):
    """One subscription. It stays the same object while the subscription is in the account."""

    def __init__(self, portal: Portal, subscription: Subscription) -> None:
        super().__init__()
        self.portal = portal
        self.subscription = subscription
        self._seen: tuple[object, ...] = (subscription, False, False, None)

    @property
    def key(self) -> int:
        return self.subscription.id

    @property
    def is_pending(self) -> bool:
        """Shown as wished and not confirmed yet, or not known to be changed or not."""
        return self.key in self.portal.unconfirmed.items or self.is_checked

    @property
    def is_checked(self) -> bool:
        """Whether it is being looked up if a change of it was made."""
        return self.key in self.portal.checked.items

    @property
    def title(self) -> str:
        return self.subscription.product_title

    @property
    def variant_title(self) -> str | None:
        """The variant's name, or None where the product has only one."""
        title = self.subscription.variant_title
        return None if title in (None, "", NO_VARIANT) else title

    @property
    def quantity(self) -> int:
        return self.subscription.quantity

    @property
    def status(self) -> Status:
        """Where it stands. Active without a date is paused: nothing will come. So is one that was
        paused here, while it stands on the date to which it was.

        Unknown is every word that Recharge may use and Doorstep does not know.
        """
        status = str(self.subscription.status)
        if not self.subscription.status.is_known:
            return "unknown"
        if status == "cancelled":
            return "cancelled"
        if status == "expired":
            return "expired"
        is_coming = self.subscription.next_charge_scheduled_at and self.pause is None
        return "active" if is_coming else "paused"

    @property
    def pause(self) -> Pause | None:
        """The pause that it is in, where that was made here and has an end."""
        return self.portal.pauses.of(self.subscription)

    @property
    def status_text(self) -> Message:
        raw = str(self.subscription.status)
        if self.status == "paused" and self.pause is not None:
            return say("Paused until {date}", date=self.pause.until)
        if self.status == "unknown" and raw != "unknown":
            return say("Status: {status}", status=raw)
        return _STATUS_TEXTS[self.status]

    @property
    def is_over(self) -> bool:
        """Whether it has ended, for certain."""
        return self.status in ("cancelled", "expired")

    @property
    def is_prepaid(self) -> bool:
        """Several deliveries are paid for at once."""
        return self.subscription.is_prepaid

    @property
    def next_date(self) -> date | None:
        """The day of its next delivery; None when none is planned, or none is known."""
        if self.status == "paused":
            return self.pause.until if self.pause else None
        if self.status not in ("active", "unknown"):
            return None
        if day := self.portal.schedule.next_day(self.key):
            return day
        return self.subscription.next_charge_scheduled_at if self.status == "active" else None

    @property
    def interval(self) -> Message | None:
        """How often it comes, in words, and how often it is paid where that differs; None where
        that is not known."""
        record = self.subscription
        unit, comes = record.order_interval_unit, record.order_interval_frequency
        paid = record.charge_interval_frequency
        if unit is None or comes is None:
            return None
        if not self.is_prepaid or paid is None:
            return every(comes, str(unit))
        both = {"comes": every(comes, str(unit)), "paid": every(paid, str(unit))}
        return say("{comes}, paid {paid}", **both)

    @property
    def price(self) -> Money | None:
        """What it costs each time it is charged, before discounts, tax and shipping; None where
        that is not known."""
        if self.subscription.price is None:
            return None
        currency = self.subscription.presentment_currency or self.portal.records.shop.currency
        return Money(self.subscription.price, currency) * self.quantity

    @property
    def reduced_price(self) -> Money | None:
        """`price` less what the address takes off everything that it gets; None where it takes off
        nothing, or an amount of a whole delivery."""
        price, rest = self.price, Decimal(1)
        for discount in self.discounts:
            if discount.value_type != "percentage" or not 0 < (discount.value or 0) <= 100:
                return None
            rest *= 1 - (discount.value or 0) / Decimal(100)
        if price is None or rest == 1:
            return None
        return Money((price.amount * rest).quantize(_CENT, ROUND_HALF_UP), price.currency)

    @property
    def discounts(self) -> tuple[AppliedDiscount, ...]:
        """What is taken off every delivery to its address."""
        return self.address.discounts if self.address else ()

    @property
    def change_until(self) -> datetime | None:
        """The last minute for changes of its next delivery, in the shop's zone."""
        day = self.next_date
        return None if day is None else self.portal.situation.change_until(day)

    @property
    def prepaid_left(self) -> tuple[date, ...]:
        """The days of the deliveries that are paid for and still to come, in order."""
        records, today = self.portal.records, self.portal.situation.today
        days = (
            order.scheduled_at.astimezone(records.shop.timezone).date()
            for order in records.prepaid_orders
            if order.scheduled_at
            and any(line.purchase_item_id == self.key for line in order.line_items)
        )
        return tuple(sorted(day for day in days if day >= today))

    @property
    def past_orders(self) -> tuple[Order, ...]:
        """The orders that brought it, among the customer's newest; the newest first."""
        return tuple(
            order
            for order in self.portal.records.orders_with(self.key)
            if order.status == OrderStatus.SUCCESS
        )

    @property
    def picture(self) -> str | None:
        """Address of the product's picture."""
        product = self.subscription.external_product_id.ecommerce
        return self.portal.records.pictures.get(product) if product else None

    @property
    def address(self) -> Address | None:
        return self.portal.records.address(self.subscription.address_id)

    def concerns(self, trouble: PaymentTrouble) -> bool:
        """Whether a payment that failed or will is one for this."""
        if trouble.kind == "failed":
            return self.key in trouble.items
        if self.is_over:
            return False
        if trouble.method is None:
            return self.subscription.address_id == trouble.address_id
        method = self.payment_method
        return method is not None and method.id == trouble.method.id

    @property
    def payment_method(self) -> PaymentMethod | None:
        """The card of its address."""
        address = self.address
        if address is None or address.payment_method_id is None:
            return None
        return self.portal.records.payment_method(address.payment_method_id)

    @property
    def rules(self) -> Rules:
        """What the law lets stand between the customer and its end."""
        return rules_for(self.portal.records, self.subscription)

    def update(self, subscription: Subscription) -> None:
        """The subscription as it was read last."""
        before = self._seen
        self.subscription = subscription
        self._seen = (subscription, self.is_pending, self.is_checked, self.pause)
        if self._seen != before:
            self.changed.emit()
