"""Making one change, from the last check before the write to its record."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace

import structlog

from app.actions.base import Action, worked_out_once
from app.actions.claim import Claim, Result
from app.actions.effect import Effect, Outcome, changed_since
from app.actions.errors import (
    ActionError,
    InProgress,
    NothingKnown,
    NotPossible,
    PartlyDone,
    Stale,
    UpstreamRefused,
    sentences,
)
from app.actions.journal import Overtaken
from app.actions.principal import Acting, Principal
from app.actions.receipts import Receipt
from app.actions.saga import Saga, TryTheRest
from app.actions.saga_write import is_in_doubt, write_saga
from app.actions.services import Services
from app.actions.settle import (
    complete,
    follow,
    look,
    mark_unknown,
    read_later,
    told_differences,
)
from app.actions.situation import Situation
from app.actions.steps import planned
from app.actions.ways_back import offered, undo_ends, with_late_inverse
from app.actions.wire import outcome_to_json, refusal_to_json
from app.actions.write import Written, current, write
from app.i18n import Message, say
from app.mirror import MirrorError
from app.recharge import RechargeError

_log = structlog.get_logger(__name__)

_CHECKS = 10
"""How many times a change is checked anew, when others of the same customer get in between."""


async def make(
    services: Services,
    principal: Principal,
    action: Action,
    claim: Claim,
    *,
    revision: str | None,
    undoes: Claim | None,
) -> Outcome:
    """Make the change that `claim` stands for. Changes of one object are made one by one.

    Raises:
        ActionError: it was not made, or is not known to be made.
    """
    change = _Change(services, principal, action, claim, undoes)
    async with services.locks.of_all(principal.customer_id, action.objects):
        try:
            begun = await change.begin(revision)
        except Exception:
            await services.journal.release(claim)
            raise
        services.under_way[claim.activity_id] = begun.claim
        try:
            outcome = await change.write(begun)
        except Exception:
            del services.under_way[claim.activity_id]
            raise
        del services.under_way[claim.activity_id]
        return outcome


@dataclass(frozen=True, slots=True)
class _Begun:
    """What is recorded before the write."""

    claim: Claim
    action: Action
    effect: Effect
    before: Situation


@dataclass(frozen=True, slots=True)
class _Change:
    services: Services
    principal: Principal
    action: Action
    claim: Claim
    undoes: Claim | None

    async def begin(self, revision: str | None) -> _Begun:
        """The last checks, and the record of what is about to be written.

        Locks hold within this process. What another one has begun or ended since the checks shows
        when the record is made, and then everything is checked again.
        """
        for _ in range(_CHECKS):
            with suppress(Overtaken), worked_out_once():
                return await self._begin_once(revision)
        raise InProgress(f"{self.action.name} was overtaken {_CHECKS} times")

    async def _begin_once(self, revision: str | None) -> _Begun:
        services, action = self.services, self.action
        newest = await services.journal.newest(self.principal.customer_id)
        await self._settle_earlier()
        if self.undoes:
            await self._check_undo(self.undoes)
        if isinstance(action, TryTheRest):
            await self._check_rest(action)
        before = await current(services, self.principal.customer_id)
        if revision is not None:
            changes = changed_since(revision, action.shown(before))
            if changes:
                raise Stale(f"{action.name}: {len(changes)} changes", changes=changes)
        effect = action.effect(before)
        spelled_out = action.spelled_out(before)
        inverse = None
        if self.undoes is None:
            inverse = offered(action.inverse(before), action.after(before))
        undo_until = undo_ends(services, inverse, before) if inverse is not None else None
        claim = await services.journal.begin(
            self.principal,
            self.claim,
            spelled_out,
            effect,
            inverse=inverse,
            undo_until=undo_until,
            undoes=self.undoes.activity_id if self.undoes else None,
            before=_facts(action, before),
            now=services.clock(),
            steps=planned(spelled_out, before) if isinstance(spelled_out, Saga) else (),
            newest=newest,
            receipt=self._receipt(before, effect),
        )
        return _Begun(claim, spelled_out, effect, before)

    def _receipt(self, before: Situation, effect: Effect) -> Receipt | None:
        """What the customer gets by mail: it says when it was not themselves."""
        receipt = self.action.receipt(before, effect)
        if receipt is None or self.principal.acting is not Acting.BEHALF:
            return receipt
        return replace(receipt, is_by_shop=True)

    async def write(self, begun: _Begun) -> Outcome:
        """Write, and record what came of it."""
        services, claim, action = self.services, begun.claim, begun.action
        try:
            if isinstance(action, Saga):
                written = await write_saga(services, claim, action, begun.before)
            else:
                written = await write(services, self.principal.customer_id, action, begun.before)
        except NothingKnown as error:
            raise await self._unknown(claim, str(error)) from error
        except ActionError as error:
            await self._refused(claim, error)
            raise
        except Exception as error:
            _log.exception("a write failed in an unexpected way", action=self.action.name)
            raise await self._unknown(claim, type(error).__name__) from error
        return await self._done(begun, written)

    async def _done(self, begun: _Begun, written: Written) -> Outcome:
        services, effect, claim = self.services, begun.effect, begun.claim
        differences: tuple[Message, ...] = ()
        if written.is_confirmed:
            differences = told_differences(claim, effect, written.after)
        inverse = None
        if self.undoes is None:
            claim, inverse = with_late_inverse(services, claim, begun.before, written.after)
        outcome = Outcome(
            effect=effect,
            notice=sentences((effect.done, *differences)),
            activity_id=claim.activity_id,
            undo_until=claim.undo_until,
            is_confirmed=written.is_confirmed,
            differences=differences,
        )
        await services.journal.finish(
            claim,
            Result.DONE,
            outcome.notice,
            now=services.clock(),
            answer=outcome_to_json(outcome),
            after=_facts(self.action, written.after),
            undo_until=claim.undo_until,
            inverse=inverse,
            differences=differences,
            is_confirmed=written.is_confirmed,
        )
        if isinstance(begun.action, TryTheRest):
            await complete(services, begun.action, self.principal.customer_id)
        services.mirror.changes.publish(self.principal.customer_id)
        if not written.is_confirmed:
            read_later(services, claim)
        return outcome

    async def _refused(self, claim: Claim, error: ActionError) -> None:
        error.activity_id = claim.activity_id
        await self.services.journal.finish(
            claim,
            Result.PARTLY if isinstance(error, PartlyDone) else Result.REFUSED,
            error.notice,
            now=self.services.clock(),
            answer=refusal_to_json(error),
            reason=str(error),
        )

    async def _unknown(self, claim: Claim, reason: str) -> NothingKnown:
        error = await mark_unknown(self.services, claim, reason)
        follow(self.services, claim)
        return error

    async def _settle_earlier(self) -> None:
        """A change of the same object that was not answered has to be known first."""
        services = self.services
        for earlier in await self._open_claims():
            if services.clock() < earlier.runs_until:
                raise InProgress(activity_id=earlier.activity_id)  # in another process
            try:
                is_known = await look(services, earlier)
            except NothingKnown as error:
                raise InProgress(activity_id=earlier.activity_id) from error
            except (RechargeError, MirrorError) as error:
                notice = error.notice if isinstance(error, RechargeError) else None
                raise UpstreamRefused(str(error), notice=notice) from error
            if not is_known and earlier.action and await self._may_meet(earlier, earlier.action):
                raise InProgress(activity_id=earlier.activity_id)

    async def _open_claims(self) -> list[Claim]:
        """Changes of the same objects whose results are not known."""
        mine = set(self.action.objects)
        return [
            claim
            for claim in await self.services.journal.open_claims(self.principal.customer_id)
            if claim.action is not None and mine & set(claim.action.objects)
        ]

    async def _may_meet(self, earlier: Claim, action: Action) -> bool:
        """Whether an earlier change that must be made once may still be made, beside this one."""
        if isinstance(action, Saga):
            return await is_in_doubt(self.services, earlier)
        return not action.is_safe_to_repeat

    async def _check_undo(self, undoes: Claim) -> None:
        until = undoes.undo_until
        if until is None or self.services.clock() > until:
            raise NotPossible(notice=say("It is too late to undo this, so nothing was changed."))
        if await self.services.journal.is_undone(undoes.customer_id, undoes.activity_id):
            raise NotPossible(notice=say("This is undone already."))

    async def _check_rest(self, rest: TryTheRest) -> None:
        """All of it is still open: another page may have tried the same rest."""
        steps = await self.services.journal.steps.of(rest.activity_id)
        open_numbers = {step.number for step in steps if step.state.can_be_tried}
        if not set(rest.numbers) <= open_numbers:
            raise Stale(f"rest of activity {rest.activity_id}")


def _facts(action: Action, situation: Situation) -> dict[str, str]:
    """What the record says of the state of things."""
    return {fact.name: fact.value for fact in action.shown(situation)}
