"""The orders that a merchant asks for before a subscription ends, where the law lets them."""

from __future__ import annotations

from app.actions.ending import texts
from app.actions.errors import NotPossible
from app.actions.products.texts import name_of
from app.actions.situation import Situation
from app.recharge import ChargeStatus, Subscription
from app.retention import rules_for
from app.retention.past import are_all_orders_known, orders_of

UNDER_WAY = (ChargeStatus.PENDING, ChargeStatus.PENDING_MANUAL_PAYMENT)
"""Payments that are being made, and cannot be stopped."""


def orders_left(situation: Situation, found: Subscription) -> int:
    """How many more orders of a subscription the merchant asks for before it ends.

    None, where the law of the customer's place forbids to ask for any, and where it is not known
    for certain how many there were: then the customer is believed.
    """
    wanted = situation.plan.minimum_orders
    snapshot = situation.snapshot
    if wanted <= 0 or not rules_for(snapshot, found).may_hold_to_minimum:
        return 0
    if not are_all_orders_known(snapshot, found):
        return 0
    return max(0, wanted - _orders_made(situation, found))


def refuse_too_few(situation: Situation, found: Subscription) -> None:
    """Raises NotPossible while the merchant may hold the customer to more orders."""
    left = orders_left(situation, found)
    if left:
        wanted = situation.plan.minimum_orders
        contact = situation.plan.contact or situation.snapshot.shop.email
        raise NotPossible(notice=texts.too_few(name_of(found), wanted, left, contact))


def _orders_made(situation: Situation, found: Subscription) -> int:
    """Orders that are paid, whether they have been sent or not, and those being paid."""
    snapshot = situation.snapshot
    ordered = {order.id for order in orders_of(snapshot, found)}
    ordered |= {
        order.id
        for order in snapshot.prepaid_orders
        if any(line.purchase_item_id == found.id for line in order.line_items)
    }
    paying = [
        charge
        for charge in snapshot.charges
        if charge.status in UNDER_WAY
        and any(line.purchase_item_id == found.id for line in charge.line_items)
    ]
    return len(ordered) + len(paying)
