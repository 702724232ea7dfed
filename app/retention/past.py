"""What is known of the orders of a subscription."""

from __future__ import annotations

from datetime import date, datetime

from app.mirror import Snapshot
from app.recharge import Order, OrderStatus, Subscription

_NEVER_SENT = (OrderStatus.CANCELLED, OrderStatus.ERROR)


def orders_of(snapshot: Snapshot, subscription: Subscription) -> tuple[Order, ...]:
    """The orders in which it came or will come, as far as they are known, newest first: neither
    cancelled nor failed."""
    return tuple(
        order for order in snapshot.orders_with(subscription.id) if order.status not in _NEVER_SENT
    )


def order_day(snapshot: Snapshot, order: Order) -> date | None:
    """The day of an order, in the shop's zone."""
    return day_of(snapshot, order.processed_at or order.scheduled_at or order.created_at)


def day_of(snapshot: Snapshot, moment: datetime | None) -> date | None:
    """The day of a moment, in the shop's zone."""
    return moment.astimezone(snapshot.shop.timezone).date() if moment is not None else None


def are_all_orders_known(snapshot: Snapshot, subscription: Subscription) -> bool:
    """Whether every order of it is known for certain: of a customer's orders only the newest are
    kept, and some may be there that could not be read."""
    if snapshot.unreadable:
        return False
    if not snapshot.has_more_orders:
        return True
    begun = day_of(snapshot, subscription.created_at)
    oldest = order_day(snapshot, snapshot.orders[-1])
    return begun is not None and oldest is not None and oldest < begun
