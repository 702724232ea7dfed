"""One change under its key, and what is known of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row

from app.actions.base import Action, action_from
from app.actions.effect import Effect
from app.actions.wire import effect_from_json


class Result(StrEnum):
    """What is known of an activity."""

    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"
    PARTLY = "partly done"
    UNKNOWN = "unknown"
    NOT_DONE = "not done"


OPEN = (Result.RUNNING, Result.UNKNOWN)
"""Results that are not the last word."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One change under its key. What stands below `state` is known once the write has begun."""

    shop: str
    customer_id: int
    key: str
    body: str
    activity_id: str
    object: str
    state: Result
    claimed_at: datetime
    runs_until: datetime
    action: Action | None = None
    effect: Effect | None = None
    inverse: Action | None = None
    undo_until: datetime | None = None
    answer: Mapping[str, Any] | None = None
    receipt: Mapping[str, Any] | None = None

    @property
    def has_begun(self) -> bool:
        """Whether a write may have been sent."""
        return self.action is not None


def body_of(action: Action, undoes: str | None) -> str:
    """What a key stands for: the same text for the same change."""
    body = [action.name, action.model_dump(mode="json"), undoes]
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def claim_of(row: Row[Any]) -> Claim:
    """The change that a row of the table of keys tells of."""
    has_begun = row.input is not None
    return Claim(
        shop=row.shop,
        customer_id=row.customer_id,
        key=row.key,
        body=row.body,
        activity_id=row.activity_id,
        object=row.object,
        state=Result(row.state),
        claimed_at=row.claimed_at,
        runs_until=row.runs_until,
        action=action_from(row.action, row.input) if has_begun else None,
        effect=effect_from_json(row.effect) if has_begun else None,
        inverse=action_from(row.inverse_action, row.inverse) if row.inverse_action else None,
        undo_until=row.undo_until,
        answer=row.answer,
        receipt=row.receipt,
    )
