"""Making a change of several steps, one after the other, and going on with it later.

Each step is written with the care of a single action (`app.actions.write`), and what is known of
it is kept (`app.actions.steps`). What comes of the whole:

- all steps done: done;
- one was not answered: nothing is known yet; the rest waits until that one is looked up;
- some were refused: partly done, and the customer may try the rest;
- all were refused: nothing was changed.

When it is gone on with, a step that may have been sent is looked up first. It is sent again only
where a repeat can do no harm. A step that was never sent is sent only while what the customer
decided by is as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import structlog

from app.actions.base import Upstream
from app.actions.claim import Claim
from app.actions.errors import (
    ActionError,
    NothingKnown,
    NotPossible,
    PartlyDone,
    Stale,
    UpstreamRefused,
    WrongParts,
)
from app.actions.made import names_new
from app.actions.saga import Saga, TryTheRest
from app.actions.several.bulk import can_go_together, together
from app.actions.situation import Situation
from app.actions.steps import IN_DOUBT, Step, StepState, StepStatus
from app.actions.write import Written, read_back, write
from app.i18n import Message, Value, say, say_many
from app.recharge import Conflict, Priority, Refused

if TYPE_CHECKING:
    from app.actions.services import Services

_log = structlog.get_logger(__name__)

NAMED = 3
"""Open steps that are told by name."""


async def write_saga(services: Services, claim: Claim, saga: Saga, before: Situation) -> Written:
    """Make the steps that are waiting. The caller holds the locks.

    Raises:
        UpstreamRefused, NotPossible: nothing was changed.
        PartlyDone: some steps were made, the others not.
        NothingKnown: a step was sent, and nobody knows what came of it.
    """
    return await _Steps(services, claim, saga, before).make()


async def go_on(services: Services, claim: Claim, saga: Saga, *, is_last: bool) -> Written:
    """Look up what was sent, and go on with what was not. The caller holds the locks.

    is_last: nothing is sent any more, and what does not show now is taken as not made

    Raises:
        UpstreamRefused, NotPossible, PartlyDone, NothingKnown: as `write_saga` does.
        RechargeError, MirrorError: it could not be looked up.
    """
    before = services.situation(await services.mirror.customer(claim.customer_id).snapshot())
    return await _Steps(services, claim, saga, before).go_on(is_last)


async def look_up(services: Services, claim: Claim) -> Situation | None:
    """Look up the steps that may have been made, and send nothing. The customer's records when all
    steps are done, else None.

    Raises:
        RechargeError, MirrorError: it could not be looked up.
    """
    situation = services.situation(await services.mirror.customer(claim.customer_id).snapshot())
    steps = await services.journal.steps.of(claim.activity_id)
    open_steps = [step for step in steps if not step.state.is_done]
    doubtful = [step for step in open_steps if step.status in IN_DOUBT]
    if not doubtful:
        return None if open_steps else situation
    nouns = dict.fromkeys(noun for step in doubtful for noun in step.action.touches(situation))
    situation = await read_back(services, claim.customer_id, tuple(nouns))
    client = services.client.with_options(priority=Priority.REPAIR, customer_id=claim.customer_id)
    done: list[Step] = []
    for step in doubtful:
        try:
            if await step.action.is_done(Upstream(client, situation)):
                done.append(step)
        except NotPossible as error:  # it was not made, and cannot be any more
            await _mark(services, claim, [step], StepStatus.REFUSED, error.notice)
    await _mark_done(services, claim, done, situation)
    return situation if len(done) == len(open_steps) else None


async def is_in_doubt(services: Services, claim: Claim) -> bool:
    """Whether a step that must not be made twice may have been made."""
    return any(
        step.status in IN_DOUBT and not step.action.is_safe_to_repeat
        for step in await services.journal.steps.of(claim.activity_id)
    )


def partly(steps: Sequence[StepState]) -> Message:
    """What a customer is told when some steps are made and others not."""
    left = [step for step in steps if not step.is_done]
    values: dict[str, Value] = {
        "done": len(steps) - len(left),
        "total": len(steps),
        "steps": [step.text for step in left[:NAMED]],
    }
    more = len(left) - NAMED
    if more > 0:
        return say_many(
            "{done} of {total} done. Still open: {steps} and {count} more.",
            "{done} of {total} done. Still open: {steps} and {count} more.",
            more,
            **values,
        )
    return say("{done} of {total} done. Still open: {steps}.", **values)


async def _mark(
    services: Services,
    claim: Claim,
    steps: Sequence[Step],
    status: StepStatus,
    reason: Message | None = None,
) -> None:
    places = _places(claim, steps)
    await services.journal.steps.mark(places, status, now=services.clock(), reason=reason)


async def _mark_done(
    services: Services, claim: Claim, steps: Sequence[Step], situation: Situation
) -> None:
    if steps:
        places = _places(claim, steps)
        await services.journal.steps.done(places, situation, now=services.clock())


def _places(claim: Claim, steps: Sequence[Step]) -> list[tuple[str, int]]:
    """Where these steps are kept: those of a rest also as steps of the whole."""
    action = claim.action
    places = [(claim.activity_id, step.number) for step in steps]
    if isinstance(action, TryTheRest):
        places += [(action.activity_id, action.numbers[step.number]) for step in steps]
    return places


class _Steps:
    """The steps of one change, being made."""

    def __init__(self, services: Services, claim: Claim, saga: Saga, situation: Situation) -> None:
        self._services = services
        self._claim = claim
        self._saga = saga
        self._situation = situation
        self._is_confirmed = True
        self._is_changed = False
        self._errors: list[ActionError] = []

    async def make(self) -> Written:
        for group in self._groups(await self._steps()):
            if not await self._make(await self._filled(group)):
                break
        return await self._result()

    async def go_on(self, is_last: bool) -> Written:
        reached = await look_up(self._services, self._claim)
        mine = self._services.mirror.customer(self._claim.customer_id)
        self._situation = reached or self._services.situation(await mine.snapshot())
        for group in self._groups(await self._steps()):
            # Once a step is done, the next one is decided by what that has left.
            steps = await self._read_again(group)
            left = [step for step in steps if await self._is_to_be_made(step, is_last)]
            if len(left) < len(group) and not self._saga.is_independent:
                break
            if left and not await self._make(left):
                break
        return await self._result()

    async def _is_to_be_made(self, step: Step, is_last: bool) -> bool:
        """Whether a step that is open is sent now."""
        if step.status is StepStatus.REFUSED or (is_last and step.status is StepStatus.WAITING):
            return False
        is_partly = step.status in IN_DOUBT and step.action.is_partly_done(self._situation)
        self._is_changed = self._is_changed or is_partly
        is_safe = step.status is StepStatus.WAITING or step.action.is_safe_to_repeat
        if not is_safe and not is_last:
            raise NothingKnown(f"step {step.number} does not show yet")
        if is_last:
            notice = say("The shop has not made this change.")
            if is_partly:
                notice = say("The shop has made only a part of this change.")
            await self._refused(step, UpstreamRefused("does not show", notice=notice))
            return False
        if step.action.revision(self._situation) != step.revision:
            await self._refused(step, Stale(f"step {step.number}"))
            return False
        try:
            step.action.check(self._situation)
        except ActionError as error:
            await self._refused(step, error)
            return False
        return True

    def _groups(self, steps: Sequence[Step]) -> list[list[Step]]:
        """The open steps, those together that are sent in one call."""
        groups: list[list[Step]] = []
        for step in steps:
            if step.state.is_done:
                continue
            last = groups[-1] if groups else []
            actions = [one.action for one in (*last, step)]
            if last and self._saga.goes_in_bulk and can_go_together(actions):
                last.append(step)
            else:
                groups.append([step])
        return groups

    async def _filled(self, steps: Sequence[Step]) -> Sequence[Step]:
        """The same steps; those that build on an earlier one, with the id of what that has made."""
        if not any(_builds_on_another(step) for step in steps):
            return steps
        return await self._read_again(steps)

    async def _read_again(self, steps: Sequence[Step]) -> list[Step]:
        numbers = {step.number for step in steps}
        return [step for step in await self._steps() if step.number in numbers]

    async def _make(self, steps: Sequence[Step]) -> bool:
        """Make steps in one call. Whether the next ones are to be made."""
        services, claim = self._services, self._claim
        for step in steps:
            if _builds_on_another(step):
                await self._refused(step, UpstreamRefused("what it builds on does not show"))
                return self._saga.is_independent
        action = steps[0].action if len(steps) == 1 else together([one.action for one in steps])
        await _mark(services, claim, steps, StepStatus.SENT)
        try:
            written = await write(services, claim.customer_id, action, self._situation)
        except NothingKnown:
            await _mark(services, claim, steps, StepStatus.UNKNOWN)
            raise
        except ActionError as error:
            if len(steps) > 1 and (error.changed == "part" or _is_refusal(error)):
                return await self._make_one_by_one(steps)
            for step in steps:
                await self._refused(step, error)
            return self._saga.is_independent
        self._situation = written.after
        self._is_confirmed = self._is_confirmed and written.is_confirmed
        await _mark_done(services, claim, steps, self._situation)
        return True

    async def _make_one_by_one(self, steps: Sequence[Step]) -> bool:
        """One of them was refused, and with it the call for all: find out which."""
        for step in steps:
            if not await self._make([step]):
                return False
        return True

    async def _refused(self, step: Step, error: ActionError) -> None:
        _log.warning(
            "a step was not made",
            action=self._saga.name,
            activity_id=self._claim.activity_id,
            step=step.number,
            error=str(error),
        )
        self._errors.append(error)
        self._is_changed = self._is_changed or error.changed == "part"
        await _mark(self._services, self._claim, [step], StepStatus.REFUSED, error.notice)

    async def _result(self) -> Written:
        steps = [step.state for step in await self._steps()]
        done = sum(step.is_done for step in steps)
        if done == len(steps):
            return Written(self._situation, self._is_confirmed)
        if done or self._is_changed:
            log = f"{self._saga.name}: {done} of {len(steps)} steps"
            raise PartlyDone(log, notice=partly(steps))
        error = self._errors[0] if self._errors else UpstreamRefused("no step was made")
        if isinstance(error, UpstreamRefused | NotPossible | WrongParts):
            raise error
        raise NotPossible(str(error), notice=error.notice) from error

    async def _steps(self) -> list[Step]:
        return await self._services.journal.steps.of(self._claim.activity_id)


def _builds_on_another(step: Step) -> bool:
    return names_new(step.action.model_dump(mode="json"))


def _is_refusal(error: ActionError) -> bool:
    """Whether Recharge has said no to what was sent, rather than not at all."""
    return isinstance(error.__cause__, Refused) and not isinstance(error.__cause__, Conflict)
