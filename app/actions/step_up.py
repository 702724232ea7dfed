"""Whether the customer has to show that it is them before something is done.

A sign-in proves something once, and is kept for hours: by a link that was forwarded, on a computer
that somebody else sits down at. So what the account is signed in to and paid by changes only with a
code that was sent to the mailbox on record and given in this very session, at most ten minutes ago.
The same code lifts a session of a low level for that long. See `Action.needs_step_up`.
"""

from __future__ import annotations

from app.actions.base import Action
from app.actions.errors import NeedsStepUp
from app.actions.principal import STEP_UP, Principal
from app.actions.services import Services
from app.actions.situation import Situation


async def needs_step_up(
    services: Services, principal: Principal, action: Action, situation: Situation
) -> bool:
    """Whether this customer must give a code before this is done; False once it was given."""
    if not action.needs_step_up(situation, principal.level):
        return False
    return not await services.is_proven(principal, STEP_UP)


async def check_step_up(
    services: Services, principal: Principal, action: Action, situation: Situation
) -> None:
    """All that must have been proved with a code was, a moment ago.

    Raises:
        NeedsStepUp: something was not; `what` says what.
    """
    if await needs_step_up(services, principal, action, situation):
        raise NeedsStepUp(f"{action.name} needs a code", what=STEP_UP)
    if action.proof is not None and not await services.is_proven(principal, action.proof):
        raise NeedsStepUp(f"{action.name} needs another code", what=action.proof)
