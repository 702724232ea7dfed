"""The steps of an activity as the customer sees them, and going on with those that are open."""

from __future__ import annotations

from sqlalchemy import select

from app.actions.claim import OPEN
from app.actions.effect import Outcome
from app.actions.errors import InProgress, KeyReused, NotPossible, UnknownObject
from app.actions.listed import Listed
from app.actions.perform import perform
from app.actions.principal import Principal
from app.actions.saga import Saga, TryTheRest
from app.actions.services import Services
from app.actions.steps import StepState
from app.actions.tables import activities
from app.actions.wire import message_to_json
from app.i18n import say


async def steps_of(
    services: Services, principal: Principal, activity_id: str
) -> tuple[StepState, ...]:
    """The steps of an activity of this customer's, in order; none where it has none."""
    mine = select(activities.c.activity_id).where(
        activities.c.customer_id == principal.customer_id,
        activities.c.activity_id == activity_id,
    )
    async with services.database.read() as connection:
        if (await connection.execute(mine.limit(1))).first() is None:
            return ()
    found = await services.journal.steps.states([activity_id])
    return found.get(activity_id, ())


async def rest_of(services: Services, principal: Principal, activity_id: str) -> TryTheRest:
    """The action that makes the steps of an activity that are still open.

    Raises:
        UnknownObject: this customer has no such activity.
        InProgress: its steps are being made, or looked up.
        NotPossible: nothing of it is open.
    """
    claim = await services.journal.find(principal.customer_id, activity_id)
    if claim is None or not isinstance(claim.action, Saga):
        raise UnknownObject(f"activity {activity_id}")
    if isinstance(claim.action, TryTheRest):  # of that rest, what is left is of the whole
        return await rest_of(services, principal, claim.action.activity_id)
    if claim.state in OPEN:
        raise InProgress(activity_id=activity_id)
    steps = await services.journal.steps.of(activity_id)
    left = [step for step in steps if step.state.can_be_tried]
    if not left:
        raise NotPossible(notice=say("All of this is done already."))
    return TryTheRest(
        listed=tuple(Listed.of(step.action) for step in left),
        activity_id=activity_id,
        numbers=tuple(step.number for step in left),
        texts=tuple(message_to_json(step.state.text) for step in left),
        goes_on=claim.action.is_independent,
        in_bulk=claim.action.goes_in_bulk,
    )


async def _whole(services: Services, principal: Principal, activity_id: str) -> str:
    """The activity that this one is the rest of, or else itself."""
    claim = await services.journal.find(principal.customer_id, activity_id)
    if claim is not None and isinstance(claim.action, TryTheRest):
        return claim.action.activity_id
    return activity_id


async def resume_saga(
    services: Services, principal: Principal, activity_id: str, *, key: str
) -> Outcome:
    """Make the steps of an activity that are still open, through the same checks as any change.
    The same key again gives the same answer, though nothing may be open any more.

    Raises:
        UnknownObject, InProgress, NotPossible: as `rest_of` does.
        ActionError: as `perform` does.
    """
    earlier = await services.journal.claimed(principal, key, services.clock())
    if earlier is not None and isinstance(earlier.action, TryTheRest):
        if earlier.action.activity_id != await _whole(services, principal, activity_id):
            raise KeyReused(f"key of activity {earlier.activity_id}")
        return await perform(services, principal, earlier.action, key=key)
    rest = await rest_of(services, principal, activity_id)
    return await perform(services, principal, rest, key=key)
