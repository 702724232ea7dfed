"""Shops that end subscriptions and memberships themselves: by a switch, where the law lets them."""

from __future__ import annotations

from app.actions.situation import Situation
from app.recharge import Membership, Subscription
from app.retention import rules_for


def may_close(situation: Situation, found: Subscription | Membership | None) -> bool:
    """Whether the merchant's switch counts for the end of this. Else it is always there, as who may
    subscribe online may also end it online. For what is not there, it counts."""
    return found is None or rules_for(situation.snapshot, found).may_close
