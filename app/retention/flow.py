"""One wish to leave."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal, NamedTuple

from sqlalchemy import Row

from app.retention.plan import Incentive


class Subject(NamedTuple):
    """What the customer wants to leave."""

    kind: Literal["subscription", "membership"]
    id: int


class Decision(StrEnum):
    """How it ended. One that is not decided is open, or was left."""

    CANCELLED = "cancelled"
    SAVED = "saved"
    WITHDRAWN = "withdrawn"


class Group(StrEnum):
    """Whether a customer may be shown offers: the hold-out shows what would be without."""

    OFFERS = "offers"
    HOLD_OUT = "hold-out"


@dataclass(frozen=True)
class Flow:
    """One wish to leave.

    door:       "portal", or "mail" for an end without signing in
    reason:     the key of the reason; empty while none is given
    offer:      what was shown last; None where nothing was
    saved_by:   what the customer took up
    activity_id: the activity that ended or saved it
    presses:    of the customer, from the page that showed the button to the end
    may_offer:  an offer may be shown in this region, by this door; else the flow is no part of the
                comparison with the hold-out group
    is_made_up: planted by the demo
    """

    id: str
    customer_id: int
    subject: Subject
    door: Literal["portal", "mail"]
    region: str
    group: Group
    started_at: datetime
    reason: str = ""
    reason_text: str = ""
    comments: str = ""
    offer: Incentive | None = None
    offered_at: datetime | None = None
    decision: Decision | None = None
    decided_at: datetime | None = None
    saved_by: Incentive | None = None
    activity_id: str | None = None
    presses: int = 0
    may_offer: bool = True
    is_made_up: bool = False


def group_of(shop: str, customer_id: int, hold_out: Decimal) -> Group:
    """The group of a customer, drawn by a hash: the same at each visit and in each process.

    A greater `hold_out` leaves those inside who are inside already.
    """
    drawn = hashlib.sha256(f"{shop}:{customer_id}".encode()).digest()
    # 64 bits as a fraction of one: evenly spread, and the same on every machine.
    fraction = Decimal(int.from_bytes(drawn[:8])) / 2**64
    return Group.HOLD_OUT if fraction < hold_out else Group.OFFERS


def flow_of(row: Row[Any]) -> Flow:
    """The flow that a row of `retention_flows` holds."""
    return Flow(
        id=row.id,
        customer_id=row.customer_id,
        subject=Subject(row.subject_kind, row.subject_id),
        door=row.door,
        region=row.region,
        group=Group(row.group),
        started_at=row.started_at,
        reason=row.reason,
        reason_text=row.reason_text,
        comments=row.comments,
        offer=Incentive(row.offer) if row.offer else None,
        offered_at=row.offered_at,
        decision=Decision(row.decision) if row.decision else None,
        decided_at=row.decided_at,
        saved_by=Incentive(row.saved_by) if row.saved_by else None,
        activity_id=row.activity_id,
        presses=row.presses,
        may_offer=row.may_offer,
        is_made_up=row.is_made_up,
    )
