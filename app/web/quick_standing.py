"""What came of the press of a quick link, read from the record whenever its page is loaded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from app.actions import Principal, Result, Services, Situation, activities, find_activity
from app.actions.quick.discreet import speaks_of
from app.auth import Press
from app.i18n import Message, say

_TAKING_UP: Final = timedelta(seconds=60)
"""How long after a press that left no record it may still be about to be made: in another process,
or before its first line."""


@dataclass(frozen=True)
class Standing:
    """How it stands with a link that was pressed.

    kind: "failed" when nothing came of it, and the link may be pressed again; "open" while nobody
          knows; "partly" when not all of it was done
    text: what to say of it
    undo_until: until when it can be taken back, in the shop's zone; None when it cannot
    activity_id: what it is in the record; empty where it is not there yet
    """

    kind: Literal["done", "undone", "open", "partly", "failed"]
    text: Message | None = None
    undo_until: datetime | None = None
    activity_id: str = ""


async def standing_of(
    services: Services, principal: Principal, press: Press | None, now: datetime
) -> Standing | None:
    """How it stands; None where the link was not pressed, or nothing came of it.

    now: by the clock that links are read by

    Raises:
        RechargeError, MirrorError: the customer's records cannot be had now.
    """
    if press is None or press.pressed_at is None:
        return None
    activity_id = press.activity_id
    if activity_id is None:  # the process stopped before it could say so
        claim = await services.journal.claimed(principal, press.key, services.clock())
        activity_id = claim.activity_id if claim else None
    if activity_id is None:
        return Standing("open") if now - press.pressed_at < _TAKING_UP else None
    activity = await find_activity(services, principal, activity_id)
    if activity is None:  # the key is taken, and the write is about to begin
        return Standing("open")
    situation = services.situation(await services.mirror.customer(principal.customer_id).snapshot())
    text = _sayable(activity.text, situation)
    match activity.result:
        case Result.DONE if activity.is_undone:
            back = [
                one.text
                for one in await activities(services, principal)
                if one.undoes == activity_id and one.result is Result.DONE
            ]
            told = _sayable(back[0], situation) if back else None
            return Standing("undone", told, activity_id=activity_id)
        case Result.DONE:
            until = activity.undo_until
            zone = situation.now.tzinfo
            return Standing("done", text, until and until.astimezone(zone), activity_id)
        case Result.PARTLY:
            return Standing("partly", text, activity_id=activity_id)
        case Result.UNKNOWN:
            return Standing("open", text, activity_id=activity_id)
        case Result.RUNNING:  # its text is the question
            return Standing("open", activity_id=activity_id)
        case _:
            return Standing("failed", text, activity_id=activity_id)


def _sayable(text: Message, situation: Situation) -> Message:
    if speaks_of(text, situation):
        return say("What became of it stands in your account.")
    return text
