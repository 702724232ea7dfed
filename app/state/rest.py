"""What came of each step of a change of several, and going on with those that are open."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.actions import Action, ActionError, Saga, TryTheRest, rest_of, steps_of
from app.state.notice import Notice, notice_of

if TYPE_CHECKING:
    from app.state.portal import Portal


async def try_rest(portal: Portal, activity_id: str) -> None:
    """Make the steps that are still open, through the same checks as any change."""
    if portal.is_busy:
        return
    portal.is_busy = True
    portal.changed.emit()
    try:
        rest = await rest_of(portal.services, portal.principal, activity_id)
    except ActionError as error:
        portal.tell(notice_of(error))
    else:
        await portal.do(rest)
    finally:
        portal.is_busy = False
        portal.changed.emit()


async def with_steps(portal: Portal, action: Action | None, notice: Notice) -> Notice:
    """The notice, with what came of each step where the action has several."""
    if not isinstance(action, Saga) or notice.activity_id is None:
        return notice
    id = action.activity_id if isinstance(action, TryTheRest) else notice.activity_id
    steps = await steps_of(portal.services, portal.principal, id)
    return replace(notice, activity_id=id, steps=steps)
