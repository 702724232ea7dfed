"""Until when a contract can be withdrawn from.

Withdrawing is another thing than ending: it undoes the contract from its beginning, and only in its
first days. The rule is article 9 (2) (b) (iii) of Directive 2011/83/EU: for goods that come
regularly the days are counted from the one on which the first of them arrives. By article 3 of
Regulation (EEC, Euratom) No 1182/71 that day itself does not count, and a period that ends on a
Saturday or Sunday ends on the Monday after. Public holidays would do the same; they differ by
place, and are not known here: `Plan.delivery_days` has room for them.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from app.mirror import Snapshot
from app.recharge import Subscription
from app.retention.past import are_all_orders_known, day_of, order_day, orders_of
from app.retention.plan import Plan
from app.retention.rules import Rules

_SATURDAY: Final = 5


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
    begun = day_of(snapshot, subscription.created_at)
    known = [
        day
        for order in orders_of(snapshot, subscription)
        if (day := order_day(snapshot, order)) is not None
    ]
    days = [begun] if begun else []
    if known:
        days.append(min(known))
    elif not snapshot.has_more_orders or are_all_orders_known(snapshot, subscription):
        following = subscription.next_charge_scheduled_at
        days += [following] if following else []  # the first is still to come
    else:  # it has come in an order older than those that are kept, or never
        oldest = [order_day(snapshot, order) for order in snapshot.orders[-1:]]
        days += [day for day in oldest if day is not None]
    return max(days, default=None)
