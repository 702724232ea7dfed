"""What is foreseen of memberships: until when they are paid, and when they are charged.

All of it is by guess: see `app.recharge.memberships`.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from app.actions.effect import promise_kind
from app.actions.ending.minimum import UNDER_WAY
from app.actions.situation import Situation
from app.i18n import Message, say
from app.mirror import Snapshot
from app.recharge import Membership, MembershipStatus
from app.retention import rules_for

_DAYS: Final = {"day": 1, "week": 7}
_MONTHS: Final = {"month": 1, "year": 12}


@promise_kind("membership")
@dataclass(frozen=True, slots=True)
class MembershipPromise:
    """A membership is charged next on this day, None for never again, and holds until the other,
    None where nothing is promised of that."""

    membership_id: int
    charged: datetime.date | None
    until: datetime.date | None

    def difference(self, after: Situation) -> Message | None:
        """What came out otherwise, or None when the promise was kept."""
        found = after.snapshot.membership(self.membership_id)
        if found is None:
            return None
        charged = found.next_charge_scheduled_at
        if charged != self.charged:
            if charged is None:
                return say("But no payment of it is planned.")
            return say("But it is charged next on {date}.", date=charged)
        if self.until is None:
            return None
        if found.status == MembershipStatus.INACTIVE:
            return say("But its benefits have ended already.")
        if found.expires_at is not None and found.expires_at < self.until:
            return say("But its benefits end on {date}.", date=found.expires_at)
        return None


def page_of(membership_id: int) -> str:
    """The page of a membership in the portal."""
    return f"/memberships/{membership_id}"


def payments_left(situation: Situation, found: Membership) -> int:
    """How many more payments the merchant asks for before a membership ends. None, where the law of
    the customer's place forbids to ask for any, and where it is not known how many there were.

    What a membership has cost so far stands in no record that is known, so the days on which it
    fell due are counted, from the day on which it began.
    """
    wanted = situation.membership_plan.minimum_orders
    if wanted <= 0 or not rules_for(situation.snapshot, found).may_hold_to_minimum:
        return 0
    made = _payments_made(situation, found)
    return 0 if made is None else max(0, wanted - made)


def _payments_made(situation: Situation, found: Membership) -> int | None:
    count, unit = found.charge_interval_frequency, str(found.charge_interval_unit)
    if found.created_at is None or not count or count < 1:
        return None
    begun = found.created_at.astimezone(situation.now.tzinfo).date()
    if unit in _DAYS:
        return (situation.today - begun).days // (_DAYS[unit] * count) + 1
    if unit in _MONTHS:
        passed = (situation.today.year - begun.year) * 12 + situation.today.month - begun.month
        passed -= situation.today.day < begun.day
        return passed // (_MONTHS[unit] * count) + 1
    return None


def paid_until(found: Membership) -> datetime.date | None:
    """The day to which it is paid, as far as it is known."""
    return found.expires_at or found.next_charge_scheduled_at


def next_payment(situation: Situation, found: Membership) -> datetime.date:
    """The day on which a cancelled one would be paid again."""
    tomorrow = situation.today + datetime.timedelta(days=1)
    return max(paid_until(found) or tomorrow, tomorrow)


def payments_under_way(snapshot: Snapshot, found: Membership) -> Sequence[datetime.date]:
    """Days whose payments are being made, and cannot be stopped."""
    if found.purchase_item_id is None:
        return ()
    return [
        charge.scheduled_at
        for charge in snapshot.charges
        if charge.status in UNDER_WAY
        and charge.scheduled_at is not None
        and any(line.purchase_item_id == found.purchase_item_id for line in charge.line_items)
    ]


def with_membership(snapshot: Snapshot, found: Membership, **changes: object) -> Snapshot:
    """The records with this membership changed."""
    changed = found.model_copy(update=changes)
    return replace(
        snapshot,
        memberships=tuple(changed if one.id == found.id else one for one in snapshot.memberships),
    )
