"""A delivery as a customer sees it: what comes, when, where, and what it costs."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Literal

from app.i18n import Money


class DeliveryStatus(StrEnum):
    """What stands between the customer and a delivery.

    QUEUED     Recharge holds a charge for it, which is made on its date
    PROJECTED  follows from the subscriptions; Recharge holds nothing for it yet
    SKIPPED    will not come
    FAILED     the payment failed
    PENDING    the payment is under way
    UNKNOWN    Recharge holds a charge for it, in a state that Doorstep does not know
    """

    QUEUED = "queued"
    PROJECTED = "projected"
    SKIPPED = "skipped"
    FAILED = "failed"
    PENDING = "pending"
    UNKNOWN = "unknown"


_GROUPS = {DeliveryStatus.QUEUED: "due", DeliveryStatus.PROJECTED: "due"}


def group_of(status: DeliveryStatus) -> str:
    """Deliveries of one group, date and address are one: "due", "skipped", "failed", …"""
    return _GROUPS.get(status, status.value)


@dataclass(frozen=True)
class DeliveryItem:
    """One thing in a delivery.

    purchase_item_id: id of the subscription or one-time; None where Recharge does not tell
    charge_id:        the charge that holds this item; None when it is projected, or was paid
                      before. Items of one delivery can differ in this: skip each where it is.
    unit_price:       of one, before discounts; None where it is not known
    total:            of all; nothing where it was paid before
    is_total_known:   False where nothing tells what it costs: `total` is nothing then, and must not
                      be shown
    is_skippable:     whether the store lets this item be skipped
    is_prepaid:       whether one payment buys several deliveries of it
    """

    purchase_item_id: int | None
    kind: Literal["subscription", "onetime"]
    title: str
    variant_title: str | None
    quantity: int
    unit_price: Money | None
    total: Money
    picture: str | None = None
    is_skippable: bool = False
    is_prepaid: bool = False
    charge_id: int | None = None
    is_total_known: bool = True


@dataclass(frozen=True)
class Delivery:
    """All that comes to one address on one date, in the shop's zone.

    total:             what is charged for it; an estimate where `is_estimate`
    is_total_known:    False where the price of something in it is not known: `total` is nothing
                       then, and must not be shown
    discount:          what is taken off the items, within `total`; None where it is not known
    shipping:          what sending it costs, within `total`; None where it is not known
    tax:               what is added to the items as tax, nothing where prices hold it already; None
                       where it is not known, as in an estimate
    charge_id:         the charge behind it, None when it is projected or paid before
    payment_method_id: what it is charged to; None when the address has no payment method
    discounts:         codes or names of the discounts in `total`
    retry_date:        when a failed payment is tried again; None when it is not
    error_type:        why a payment failed, in Recharge's words
    """

    date: datetime.date
    address_id: int
    status: DeliveryStatus
    items: tuple[DeliveryItem, ...]
    total: Money
    discount: Money | None
    shipping: Money | None
    tax: Money | None
    is_estimate: bool
    charge_id: int | None = None
    payment_method_id: int | None = None
    discounts: tuple[str, ...] = ()
    retry_date: datetime.date | None = None
    error_type: str | None = None
    is_total_known: bool = True

    @cached_property
    def key(self) -> str:
        """Names this delivery for as long as it stands: "2026-12-01.201.due"."""
        return f"{self.date}.{self.address_id}.{group_of(self.status)}"

    @cached_property
    def revision(self) -> str:
        """A short text that is equal while all that is shown is equal."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:16]

    @property
    def is_skippable(self) -> bool:
        """Whether the store lets something of this delivery be skipped now."""
        return group_of(self.status) == "due" and any(item.is_skippable for item in self.items)
