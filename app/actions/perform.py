"""The one way in which anything is changed.

`perform` checks, in this order: the session and who uses it, the rate, the input, the idempotency
key, whose objects they are, the merchant's switch, what a code must have proved, and whether what
the customer saw is still true. Then it writes, reads back, records, and tells the open pages. A key
that stands for a change already gives its answer, whatever has become of the objects since.
"""

from __future__ import annotations

import re

from pydantic import ValidationError

from app.actions.answers import same_answer
from app.actions.base import Action, worked_out_once
from app.actions.change import make
from app.actions.claim import Claim, Result
from app.actions.effect import Outcome, Preview
from app.actions.errors import (
    InvalidInput,
    NotPossible,
    SignedOut,
    UnknownObject,
)
from app.actions.looking import check_acting, check_on_behalf
from app.actions.principal import Principal
from app.actions.services import Services
from app.actions.situation import Situation
from app.actions.step_up import check_step_up
from app.actions.write import current
from app.i18n import say

_KEY = re.compile(r"[\x21-\x7e]{8,100}")


async def preview(services: Services, principal: Principal, action: Action) -> Preview:
    """What an action would change. Nothing is written, and once the customer is in the mirror
    nothing is sent either. No code is asked for: it tells nothing that the customer's pages do not.

    Raises:
        SignedOut, InvalidInput, UnknownObject, SwitchedOff, NotPossible.
        UpstreamRefused: the customer's records could not be read.
    """
    await _check_session(services, principal)
    _check_input(action)
    situation = await _check(services, principal, action)
    with worked_out_once():
        return Preview(action.effect(situation), action.revision(situation))


async def perform(
    services: Services,
    principal: Principal,
    action: Action,
    *,
    key: str,
    revision: str | None = None,
) -> Outcome:
    """Do it, at most once for each key.

    `key` stands for the customer's press: 8 to 100 visible ASCII characters, new for each question
    that is asked. The same key again gives the same answer. `revision` is that of the preview;
    None skips the check that nothing has changed since.

    Raises:
        ActionError: see `app.actions.errors`; `changed` says whether anything was changed.
    """
    return await _perform(services, principal, action, key, revision, undoes=None)


async def undo(services: Services, principal: Principal, activity_id: str, *, key: str) -> Outcome:
    """Take an activity back, by its inverse action and through the same checks.

    Raises:
        UnknownObject: this customer has no such activity.
        NotPossible: there is no way back, it is too late, or it is undone already.
        ActionError: as `perform` does.
    """
    await _check_session(services, principal)
    done = await services.journal.find(principal.customer_id, activity_id)
    if done is None:
        raise UnknownObject(f"activity {activity_id}")
    if done.state is not Result.DONE or done.inverse is None:
        raise NotPossible(notice=say("This cannot be undone, so nothing was changed."))
    return await _perform(services, principal, done.inverse, key, None, undoes=done)


async def way_back(services: Services, principal: Principal, activity_id: str) -> Action | None:
    """The action that `undo` would do; None where there is none."""
    done = await services.journal.find(principal.customer_id, activity_id)
    return done.inverse if done else None


async def _perform(
    services: Services,
    principal: Principal,
    action: Action,
    key: str,
    revision: str | None,
    undoes: Claim | None,
) -> Outcome:
    await _check_session(services, principal)
    check_acting(services, principal)
    services.rate.take(principal.customer_id)
    if not _KEY.fullmatch(key):
        raise InvalidInput("a key has 8 to 100 visible ASCII characters")
    _check_input(action)
    undoes_id = undoes.activity_id if undoes else None
    earlier = await services.journal.claimed(principal, key, services.clock())
    if earlier is not None:
        return same_answer(earlier, action, undoes_id)
    situation = await _check(services, principal, action)
    check_on_behalf(principal, action, situation)
    await check_step_up(services, principal, action, situation)
    claim, is_ours = await services.journal.claim(
        principal, action, key, undoes_id, services.clock()
    )
    if not is_ours:
        return same_answer(claim, action, undoes_id)
    return await services.tasks.finish(
        make(services, principal, action, claim, revision=revision, undoes=undoes)
    )


async def _check_session(services: Services, principal: Principal) -> None:
    if not await services.is_signed_in(principal):
        raise SignedOut(f"session {principal.session}")


def _check_input(action: Action) -> None:
    try:
        type(action).model_validate(action.model_dump(warnings="none"))
    except ValidationError as error:
        raise InvalidInput(f"{action.name}: {error.error_count()} wrong values") from error


async def _check(services: Services, principal: Principal, action: Action) -> Situation:
    """Ownership and switch: what must hold whatever the state of things is."""
    situation = await current(services, principal.customer_id)
    action.check_owner(situation)
    action.check_offered(situation)
    return situation
