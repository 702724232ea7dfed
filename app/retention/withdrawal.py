"""Until when a contract can be withdrawn from.

Withdrawing is another thing than ending: it undoes the contract from its beginning, and only in its
first days. The rule is article 9 (2) (b) (iii) of Directive 2011/83/EU: for goods that come
regularly the days are counted from the one on which the first of them arrives. By article 3 of
Regulation (EEC, Euratom) No 1182/71 that day itself does not count, and a period that ends on a
Saturday or Sunday ends on the Monday after. Public holidays would do the same; they differ by
place, and are not known here: `Plan.delivery_days` has room for them.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from app.mirror import Snapshot
from app.recharge import Order, OrderStatus, Subscription
from app.retention.plan import Plan
from app.retention.rules import Rules

_SATURDAY: Final = 5
_NEVER_SENT: Final = (OrderStatus.CANCELLED, OrderStatus.ERROR)


def withdrawal_ends(
    rules: Rules, subscription: Subscription, plan: Plan, snapshot: Snapshot
) -> date | None:
    """The last day on which a subscription can be withdrawn from, in the shop's zone; None where
    there is no such right, or nothing tells when it began.

    What is not known counts for the customer: of several days on which the first delivery may have
    been sent, the latest.
    """
    sent = _first_sent(subscription, snapshot)
    if not rules.withdrawal_days or sent is None:
        return None
    days = max(plan.delivery_days, 0) + rules.withdrawal_days
    if days > (date.max - sent).days - 2:
        return date.max
    last = sent + timedelta(days=days)
    to_monday = 7 - last.weekday() if last.weekday() >= _SATURDAY else 0
    return last + timedelta(days=to_monday)


def _first_sent(subscription: Subscription, snapshot: Snapshot) -> date | None:
    """The latest day on which its first delivery can have been sent, or is to be."""
    zone = snapshot.shop.timezone
    begun = _day(subscription.created_at, snapshot)
    known = [
        moment.astimezone(zone).date()
        for order in snapshot.orders_with(subscription.id)
        if order.status not in _NEVER_SENT and (moment := _moment(order)) is not None
    ]
    days = [begun] if begun else []
    if known:
        days.append(min(known))
    elif snapshot.has_more_orders and not _are_all_known(snapshot, begun):
        # It has come in an order older than those that are kept, or never.
        days += [day for order in snapshot.orders[-1:] if (day := _day(_moment(order), snapshot))]
    elif subscription.next_charge_scheduled_at is not None:
        days.append(subscription.next_charge_scheduled_at)  # the first is still to come
    return max(days, default=None)


def _are_all_known(snapshot: Snapshot, begun: date | None) -> bool:
    """Whether the orders that are kept go back to the day on which it began."""
    oldest = [day for order in snapshot.orders[-1:] if (day := _day(_moment(order), snapshot))]
    return begun is not None and bool(oldest) and oldest[0] < begun


def _moment(order: Order) -> datetime | None:
    return order.processed_at or order.scheduled_at or order.created_at


def _day(moment: datetime | None, snapshot: Snapshot) -> date | None:
    return moment.astimezone(snapshot.shop.timezone).date() if moment is not None else None
