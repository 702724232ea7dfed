"""Making one change, from the last check before the write to its record."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from app.actions.base import Action
from app.actions.effect import Effect, Outcome, changed_since
from app.actions.errors import (
    ActionError,
    InProgress,
    NothingKnown,
    NotPossible,
    Stale,
    UpstreamRefused,
    sentences,
)
from app.actions.journal import Claim, Result
from app.actions.principal import Principal
from app.actions.services import Services
from app.actions.settle import follow, look, mark_unknown, read_later
from app.actions.situation import Situation
from app.actions.wire import outcome_to_json, refusal_to_json
from app.actions.write import Written, current, write
from app.i18n import Message, say
from app.mirror import MirrorError
from app.recharge import RechargeError

_log = structlog.get_logger(__name__)


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
    async with services.locks.of(principal.customer_id, action.object):
        try:
            begun = await change.begin(revision)
        except Exception:
            await services.journal.release(claim)
            raise
        return await change.write(begun)


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
        """The last checks, and the record of what is about to be written."""
        services, action = self.services, self.action
        await self._settle_earlier()
        if self.undoes:
            await self._check_undo(self.undoes)
        before = await current(services, self.principal.customer_id)
        if revision is not None:
            changes = changed_since(revision, action.shown(before))
            if changes:
                raise Stale(f"{action.name}: {len(changes)} changes", changes=changes)
        effect = action.effect(before)
        spelled_out = action.spelled_out(before)
        inverse = action.inverse(before) if self.undoes is None else None
        undo_until = None
        if inverse is not None:
            undo_until = services.clock() + services.settings.undo_for
            last = inverse.possible_until(before)
            undo_until = min(undo_until, last.astimezone(undo_until.tzinfo)) if last else undo_until
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
        )
        return _Begun(claim, spelled_out, effect, before)

    async def write(self, begun: _Begun) -> Outcome:
        """Write, and record what came of it."""
        services, claim = self.services, begun.claim
        try:
            written = await write(services, self.principal.customer_id, begun.action, begun.before)
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
            found = (promise.difference(written.after) for promise in effect.promises)
            differences = tuple(each for each in found if each is not None)
        if differences:
            _log.warning(
                "a write came out otherwise than was shown",
                action=self.action.name,
                activity_id=claim.activity_id,
                differences=[each.text for each in differences],
            )
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
        )
        services.mirror.changes.publish(self.principal.customer_id)
        if not written.is_confirmed:
            read_later(services, claim)
        return outcome

    async def _refused(self, claim: Claim, error: ActionError) -> None:
        error.activity_id = claim.activity_id
        await self.services.journal.finish(
            claim,
            Result.REFUSED,
            error.notice,
            now=self.services.clock(),
            answer=refusal_to_json(type(error).__name__, error.notice),
            reason=str(error),
        )

    async def _unknown(self, claim: Claim, reason: str) -> NothingKnown:
        error = await mark_unknown(self.services, claim, reason)
        follow(self.services, claim)
        return error

    async def _settle_earlier(self) -> None:
        """A change of the same object that was not answered has to be known first."""
        services, customer_id = self.services, self.principal.customer_id
        for earlier in await services.journal.open_claims(customer_id, self.action.object):
            if earlier.state is Result.RUNNING and services.clock() < earlier.runs_until:
                raise InProgress(activity_id=earlier.activity_id)  # in another process
            try:
                is_done = await look(services, earlier)
            except (RechargeError, MirrorError) as error:
                notice = error.notice if isinstance(error, RechargeError) else None
                raise UpstreamRefused(str(error), notice=notice) from error
            if not is_done and earlier.action and not earlier.action.is_safe_to_repeat:
                raise InProgress(activity_id=earlier.activity_id)

    async def _check_undo(self, undoes: Claim) -> None:
        until = undoes.undo_until
        if until is None or self.services.clock() > until:
            raise NotPossible(notice=say("It is too late to undo this, so nothing was changed."))
        if await self.services.journal.is_undone(undoes.customer_id, undoes.activity_id):
            raise NotPossible(notice=say("This is undone already."))


def _facts(action: Action, situation: Situation) -> dict[str, str]:
    """What the record says of the state of things."""
    return {fact.name: fact.value for fact in action.shown(situation)}
