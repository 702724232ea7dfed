"""A sentence to the customer about what just happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from app.actions import (
    ActionError,
    Activity,
    NotPossible,
    Outcome,
    Result,
    Stale,
    StepState,
    WrongParts,
)
from app.i18n import Message, say
from app.mirror import MirrorError
from app.recharge import RechargeError

Tone = Literal["success", "info", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Notice:
    """What happened, whether anything changed, and what to do.

    undo_until:  show "Undo" (`portal.undo()`) up to this moment; None when there is no way back
    can_retry:   show "Try again": the same press may help now
    activity_id: the activity that it tells of
    parts:       what is wrong with which part of an address: it stands at the field
    steps:       what came of each step, where it tells of a change of several
    """

    tone: Tone
    message: Message
    undo_until: datetime | None = None
    can_retry: bool = False
    activity_id: str | None = None
    steps: tuple[StepState, ...] = ()
    parts: Mapping[str, Message] = field(default_factory=dict)


def notice_of(error: ActionError | RechargeError | MirrorError) -> Notice:
    """The notice about something that went wrong."""
    if isinstance(error, MirrorError):
        return not_found()
    if isinstance(error, RechargeError):
        return Notice("error", error.notice, can_retry=True)
    tone: Tone = "error"
    if error.changed == "unknown":
        tone = "info"
    elif isinstance(error, Stale | NotPossible | WrongParts):
        tone = "warning"
    return Notice(
        tone,
        error.notice,
        can_retry=error.can_retry,
        activity_id=error.activity_id,
        parts=error.parts if isinstance(error, WrongParts) else {},
    )


def done(outcome: Outcome) -> Notice:
    """The notice about what was done, with the way back."""
    return Notice(
        "warning" if outcome.differences else "success",
        outcome.notice,
        undo_until=outcome.undo_until,
        activity_id=outcome.activity_id,
    )


def not_found() -> Notice:
    """The notice where Recharge does not know the customer."""
    return Notice(
        "error",
        say("The shop does not know this account. Please write to the shop, so they can help you."),
    )


def checking(activity: Activity) -> Notice:
    """The notice about a change whose result is still being looked up."""
    return Notice(
        "info",
        say("We are still checking if your last change was made, and will tell you here."),
        activity_id=activity.id,
    )


def result_of(activity: Activity) -> Notice:
    """The notice when the result of an unclear change is known at last."""
    if activity.result is Result.DONE:
        return Notice(
            "warning" if activity.differences else "success",
            activity.text,
            undo_until=activity.undo_until,
            activity_id=activity.id,
            steps=activity.steps,
        )
    return Notice("warning", activity.text, activity_id=activity.id, steps=activity.steps)
