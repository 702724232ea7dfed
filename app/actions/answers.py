"""The answer of a change to whoever asks again with the same key."""

from __future__ import annotations

from typing import Any

from app.actions import errors
from app.actions.base import Action
from app.actions.claim import Claim, Result, body_of
from app.actions.effect import Outcome
from app.actions.errors import ActionError, InProgress, KeyReused, NothingKnown
from app.actions.wire import message_from_json, outcome_from_json

_REFUSALS: dict[str, type[ActionError]] = {
    kind.__name__: kind
    for kind in (
        errors.Declined,
        errors.UpstreamRefused,
        errors.NotPossible,
        errors.PartlyDone,
        errors.WrongParts,
    )
}
"""What can be the last word on a change that was begun."""


def same_answer(claim: Claim, action: Action, undoes: str | None) -> Outcome:
    """What the change of this key came to.

    Raises:
        KeyReused: the key stands for another change.
        InProgress: it is being made.
        NothingKnown: it was sent and not answered, or is under way upstream.
        ActionError: it was refused, as it was the first time.
    """
    if claim.body != body_of(action, undoes):
        raise KeyReused(f"key of activity {claim.activity_id}")
    if claim.state is Result.RUNNING:
        raise InProgress(activity_id=claim.activity_id)
    if claim.state is Result.UNKNOWN or claim.answer is None:
        words = claim.action.while_unknown() if claim.action else None
        raise NothingKnown(notice=words, activity_id=claim.activity_id)
    if claim.state is Result.DONE:
        return outcome_from_json(claim.answer)
    log, notice = f"activity {claim.activity_id} was refused", claim.answer["notice"]
    known: dict[str, Any] = {
        "notice": message_from_json(notice),
        "activity_id": claim.activity_id,
    }
    if claim.answer["error"] == errors.WrongParts.__name__:
        parts = claim.answer["parts"]
        known["parts"] = {name: message_from_json(each) for name, each in parts.items()}
    raise _REFUSALS[claim.answer["error"]](log, **known)
