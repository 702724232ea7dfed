"""What a customer still gets or pays for beside that which ends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from app.actions.ending import membership_texts, texts
from app.actions.ending.minimum import UNDER_WAY
from app.actions.names import called
from app.actions.situation import Situation
from app.i18n import Message
from app.recharge import Charge, ChargeStatus

_OPEN: Final = (ChargeStatus.QUEUED, ChargeStatus.ERROR, *UNDER_WAY)
"""Payments of which something may still come."""


def comes_beside(situation: Situation, address_id: int | None) -> Mapping[str, Message]:
    """What is still sent to an address and paid for, and is neither a subscription nor a
    membership, by what it is about: "onetime 401". Its payment stays planned when the last
    subscription ends.

    address_id: None, where it is not known, has nothing
    """
    snapshot = situation.snapshot
    found: list[tuple[date, str, Message]] = []
    told: set[tuple[int | None, date]] = set()
    others = {one.id for one in snapshot.subscriptions}
    others |= {one.purchase_item_id for one in snapshot.memberships if one.purchase_item_id}
    here = [one for one in snapshot.charges if address_id and one.address_id == address_id]
    for charge in here:
        day = charge.scheduled_at
        if day is None:
            continue
        for number, line in enumerate(charge.line_items):
            id = line.purchase_item_id
            if id in others:
                continue
            told.add((id, day))
            if charge.status in _OPEN:
                about = f"onetime {id}" if id else f"charge {charge.id} {number}"
                name = called(line.title, line.variant_title, line.quantity)
                found.append((day, about, _comes(name, day, charge)))
    for one in snapshot.onetimes:
        day = one.next_charge_scheduled_at
        is_here = address_id is not None and one.address_id == address_id
        if not is_here or one.is_cancelled or day is None or day < situation.today:
            continue
        if (one.id, day) not in told:  # there is no payment for it yet
            name = called(one.product_title, one.variant_title, one.quantity)
            found.append((day, f"onetime {one.id}", texts.still_comes(name, day)))
    found.sort(key=lambda each: each[0])
    return {about: text for _, about, text in found}


def memberships_beside(situation: Situation) -> Mapping[str, Message]:
    """The names of the customer's memberships that are charged again, by what they are about."""
    snapshot = situation.snapshot
    return {
        f"membership {one.id}": membership_texts.name_of(snapshot, one)
        for one in snapshot.memberships
        if not one.is_cancelled
    }


def _comes(name: Message, day: date, charge: Charge) -> Message:
    if charge.status == ChargeStatus.ERROR:
        return texts.comes_if_paid_after_all(name, day)
    if charge.status in UNDER_WAY:
        return texts.comes_if_payment_succeeds(name, day)
    return texts.still_comes(name, day)
