"""What came of a press behind a link to leave, read from the record whenever the page is loaded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from app.actions import (
    Action,
    ActionError,
    IssuedReceipt,
    NotPossible,
    Principal,
    Result,
    Services,
    Situation,
    StepState,
    find_activity,
    receipt_of,
    shows,
)
from app.actions.claim import Claim
from app.actions.ending import membership_texts
from app.actions.ending.told import STILL_COMES
from app.actions.products.texts import name_of
from app.actions.saga import Saga
from app.actions.wire import outcome_from_json
from app.auth import ExitLink
from app.i18n import Message
from app.mirror import MirrorError
from app.recharge import RechargeError

_TAKING_UP: Final = timedelta(seconds=60)
"""How long after a press that left no record it may still be about to be made: in another process,
or before its first line."""


@dataclass(frozen=True)
class Standing:
    """How it stands with a link that was pressed.

    kind:    "done" only when it was read back; "taken back" when it was, and something of it is
             active again; "open" while nobody knows; "failed" when it was not done, or not all of
             it, and the link may be pressed again
    text:    what to say of it
    changes, arrives: what is different from now on, and what still comes
    steps:   of several, what came of each
    active:  what is active again
    at:      when it was asked for, in the shop's zone, where it was done
    """

    kind: Literal["done", "taken back", "open", "failed"]
    text: Message | None = None
    changes: tuple[Message, ...] = ()
    arrives: tuple[Message, ...] = ()
    steps: tuple[StepState, ...] = ()
    receipt: IssuedReceipt | None = None
    active: tuple[Message, ...] = ()
    at: datetime | None = None


async def standing_of(
    services: Services, principal: Principal, link: ExitLink, now: datetime
) -> Standing | None:
    """How it stands; None where the link was not pressed, or nothing came of it.

    now: by the clock that links are made by

    Raises:
        RechargeError, MirrorError: the customer's records cannot be had now.
    """
    if link.used_at is None:
        return None
    claim = await services.journal.claimed(principal, link.key, services.clock())
    if claim is None:
        return Standing("open") if now - link.used_at < _TAKING_UP else None
    activity = await find_activity(services, principal, claim.activity_id)
    if activity is None:  # the key is taken, and the write is about to begin
        return Standing("open")
    if claim.state is Result.DONE and await _is_read_back(services, claim):
        effect = claim.effect
        changes = effect.changes if effect else ()
        receipt = await receipt_of(services, principal, claim.activity_id)
        situation = services.situation(await services.mirror.customer(link.customer_id).snapshot())
        at = activity.at.astimezone(situation.now.tzinfo)
        if claim.action is not None and not claim.action.holds(situation):
            active = _active_again(claim.action, situation)
            return Standing("taken back", active=active, receipt=receipt, at=at)
        return Standing(
            "done",
            text=activity.text,
            changes=tuple(one.text for one in changes if one.name not in STILL_COMES),
            arrives=tuple(one.text for one in changes if one.name in STILL_COMES),
            receipt=receipt,
            at=at,
        )
    if claim.state in (Result.DONE, Result.RUNNING, Result.UNKNOWN):
        is_told = claim.state is Result.UNKNOWN
        return Standing("open", text=activity.text if is_told else None)
    return Standing("failed", text=activity.text, steps=activity.steps)


def _active_again(action: Action, situation: Situation) -> tuple[Message, ...]:
    """What was ended, and is active again."""
    snapshot = situation.snapshot
    found: list[Message] = []
    for one in _ends(action, situation):
        if one.ends is None or one.holds(situation):
            continue
        (kind, id), _ = one.ends
        if kind == "membership":
            membership = next((each for each in snapshot.memberships if each.id == id), None)
            found += [membership_texts.name_of(snapshot, membership)] if membership else []
        else:
            subscription = snapshot.subscription(id)
            found += [name_of(subscription)] if subscription else []
    return tuple(found)


def _ends(action: Action, situation: Situation) -> tuple[Action, ...]:
    if not isinstance(action, Saga):
        return (action,)
    try:
        return action.steps(situation)
    except NotPossible:
        return ()


async def _is_read_back(services: Services, claim: Claim) -> bool:
    if claim.answer is not None and outcome_from_json(claim.answer).is_confirmed:
        return True
    try:
        return await shows(services, claim.customer_id, claim.activity_id)
    except (RechargeError, MirrorError, ActionError):
        return False
