"""Finding out later what came of a write that was not answered."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import structlog

from app.actions.base import Upstream
from app.actions.claim import OPEN, Claim, Result
from app.actions.effect import Effect, Outcome
from app.actions.errors import (
    ActionError,
    Declined,
    NothingKnown,
    NotPossible,
    PartlyDone,
    UpstreamRefused,
    sentences,
)
from app.actions.saga import Saga, TryTheRest
from app.actions.saga_write import go_on, look_up
from app.actions.situation import Situation
from app.actions.ways_back import offered, undo_ends, with_late_inverse
from app.actions.wire import outcome_to_json, refusal_to_json
from app.actions.write import read_back
from app.i18n import Message, say
from app.mirror import MirrorError
from app.recharge import Priority, RechargeError

if TYPE_CHECKING:
    from app.actions.services import Services

_log = structlog.get_logger(__name__)


async def resume(services: Services) -> None:
    """Take up the writes that an earlier run of the service left open, and no others: another
    process may be at its work still, as while a new release takes over from the old one."""
    await services.journal.forget_old_keys(services.clock())
    for claim in await services.journal.open_claims():
        if services.clock() < claim.runs_until:
            work = _take_up_later(services, claim)
            services.tasks.start(work, name=f"take up {claim.activity_id}")
        else:
            await _take_up(services, claim)


def follow(services: Services, claim: Claim) -> None:
    """Settle this in the background."""
    services.tasks.start(_settle(services, claim), name=f"settle {claim.activity_id}")


def read_later(services: Services, claim: Claim) -> None:
    """Read back in the background a write that was answered and could not be read back at once."""
    services.tasks.start(_read_later(services, claim), name=f"read back {claim.activity_id}")


async def mark_unknown(services: Services, claim: Claim, reason: str) -> NothingKnown:
    """Record that nothing is known, and give the error that says so."""
    words = claim.action.while_unknown() if claim.action else None
    error = NothingKnown(reason, notice=words, activity_id=claim.activity_id)
    await services.journal.finish(
        claim, Result.UNKNOWN, error.notice, now=services.clock(), reason=reason
    )
    return error


async def look(services: Services, claim: Claim) -> bool:
    """Read whether the result is known now: the goal is reached, a payment was declined, or it
    cannot be reached any more. Record it when it is. The caller holds the lock.

    Raises:
        RechargeError, MirrorError: it could not be read.
        NothingKnown: it is under way upstream.
    """
    action = claim.action
    if action is None:
        raise ValueError(f"activity {claim.activity_id} has not begun")
    before = services.situation(await services.mirror.customer(claim.customer_id).snapshot())
    if isinstance(action, Saga):
        reached = await look_up(services, claim)
        if reached is None:
            return False
        await record_done(services, claim, before, reached)
        return True
    client = services.client.with_options(priority=Priority.REPAIR, customer_id=claim.customer_id)
    if not await action.has_come_out(client):
        return False
    after = await read_back(services, claim.customer_id, action.touches(before))
    try:
        if not await action.is_done(Upstream(client, after)):
            return False
    except (Declined, NotPossible) as error:
        await services.journal.finish(
            claim,
            Result.REFUSED,
            error.notice,
            now=services.clock(),
            answer=refusal_to_json(error),
            reason=str(error),
        )
        return True
    await record_done(services, claim, before, after)
    return True


def told_differences(claim: Claim, effect: Effect, after: Situation) -> tuple[Message, ...]:
    """What came out otherwise than was promised: for the customer, and in the log."""
    differences = effect.differences(after)
    if differences:
        _log.warning(
            "a write came out otherwise than was shown",
            action=claim.action.name if claim.action else None,
            activity_id=claim.activity_id,
            differences=[each.text for each in differences],
        )
    return differences


async def record_done(
    services: Services,
    claim: Claim,
    before: Situation,
    after: Situation,
    *,
    is_compared: bool = True,
) -> None:
    """Record that the goal is reached after all.

    is_compared: whether what was promised is looked up in `after`
    """
    action, effect = claim.action, claim.effect
    if action is None or effect is None:
        raise ValueError(f"activity {claim.activity_id} has not begun")
    inverse = None
    if claim.inverse is None and not await services.journal.is_undo(claim.activity_id):
        claim, inverse = with_late_inverse(services, claim, before, after)
    # Promises are of the days to come, as they were then. On a later day some of them are over.
    is_today = after.today <= claim.claimed_at.astimezone(after.now.tzinfo).date()
    differences = told_differences(claim, effect, after) if is_compared and is_today else ()
    outcome = Outcome(
        effect=effect,
        notice=sentences((effect.done, *differences)),
        activity_id=claim.activity_id,
        undo_until=claim.undo_until,
        is_confirmed=True,
        differences=differences,
    )
    await services.journal.finish(
        claim,
        Result.DONE,
        outcome.notice,
        now=services.clock(),
        answer=outcome_to_json(outcome),
        after={fact.name: fact.value for fact in action.shown(after)},
        undo_until=claim.undo_until,
        inverse=inverse,
        differences=differences,
        is_confirmed=is_compared,
    )


async def complete(services: Services, rest: TryTheRest, customer_id: int) -> None:
    """The rest of an activity was made: when that is all of it, record that it is done."""
    claim = await services.journal.find(customer_id, rest.activity_id)
    if claim is None or claim.state is not Result.PARTLY:
        return
    steps = await services.journal.steps.of(claim.activity_id)
    if not all(step.state.is_done for step in steps):
        return
    after = services.situation(await services.mirror.customer(customer_id).snapshot())
    if claim.inverse is not None and offered(claim.inverse, after):
        claim = replace(claim, undo_until=undo_ends(services, claim.inverse, after))
    # The rest has told of its own promises; those of the first part may be of long ago.
    await record_done(services, claim, after, after, is_compared=False)


async def _take_up(services: Services, claim: Claim) -> None:
    await mark_unknown(services, claim, "the service stopped while this was written")
    follow(services, claim)


async def _take_up_later(services: Services, claim: Claim) -> None:
    """Take it up when its process has not ended it in time."""
    while services.clock() < claim.runs_until:
        await asyncio.sleep((claim.runs_until - services.clock()).total_seconds())
        now = await services.journal.find(claim.customer_id, claim.activity_id)
        if now is None or now.state not in OPEN:
            return
        claim = now
    await _take_up(services, claim)


async def _settle(services: Services, claim: Claim) -> None:
    if isinstance(claim.action, Saga):
        await _settle_saga(services, claim, claim.action)
        return
    loop = asyncio.get_running_loop()
    start = loop.time()
    seen = _UNREAD
    # After a restart the moments are counted anew: a payment is called not made later than it could
    # be, and never too early.
    pays = claim.action is not None and claim.action.pays
    moments = services.settle_payments_after if pays else services.settle_after
    for moment in moments:
        await asyncio.sleep(max(0.0, start + moment - loop.time()))
        seen = await _look_once(services, claim)
        if seen.is_known:
            return
    while not seen.is_read:
        await asyncio.sleep(moments[-1])
        seen = await _look_once(services, claim)
        if seen.is_known:
            return
    await _not_done(services, claim, is_partly=seen.is_partly)


async def _settle_saga(services: Services, claim: Claim, saga: Saga) -> None:
    """Look up what was sent and go on with the rest; at last, only look up."""
    loop = asyncio.get_running_loop()
    start = loop.time()
    for moment in services.settle_after:
        await asyncio.sleep(max(0.0, start + moment - loop.time()))
        if await _go_on_once(services, claim, saga, is_last=False):
            return
    is_settled = False
    while not is_settled:
        is_settled = await _go_on_once(services, claim, saga, is_last=True)
        await asyncio.sleep(0 if is_settled else services.settle_after[-1])


async def _go_on_once(services: Services, claim: Claim, saga: Saga, *, is_last: bool) -> bool:
    """Whether it is known now what came of it."""
    async with services.locks.of_all(claim.customer_id, saga.objects):
        now = await services.journal.find(claim.customer_id, claim.activity_id)
        if now is None or now.state not in OPEN:
            return True  # a later change has looked it up
        if not await services.journal.take_up(claim, services.clock()):
            return False  # another process is at it
        services.under_way[claim.activity_id] = claim
        before = services.situation(await services.mirror.customer(claim.customer_id).snapshot())
        try:
            written = await go_on(services, claim, saga, is_last=is_last)
        except (RechargeError, MirrorError, NothingKnown) as error:
            _log.warning("a change of several steps is still unsettled", error=str(error))
            await services.journal.let_go(claim, services.clock())
            del services.under_way[claim.activity_id]
            return False
        except ActionError as error:
            is_partly = isinstance(error, PartlyDone)
            await services.journal.finish(
                claim,
                Result.PARTLY if is_partly else Result.NOT_DONE,
                error.notice,
                now=services.clock(),
                answer=refusal_to_json(error),
                reason=str(error),
            )
        else:
            await record_done(
                services, claim, before, written.after, is_compared=written.is_confirmed
            )
            if isinstance(saga, TryTheRest):
                await complete(services, saga, claim.customer_id)
        del services.under_way[claim.activity_id]
    services.mirror.changes.publish(claim.customer_id)
    return True


async def _read_later(services: Services, claim: Claim) -> None:
    for seconds in services.settle_after:
        await asyncio.sleep(seconds)
        try:
            await read_back(services, claim.customer_id, ("charges", "subscriptions", "onetimes"))
        except (RechargeError, MirrorError) as error:
            _log.warning("a write is still not read back", error=str(error))
        else:
            return


@dataclass(frozen=True, slots=True)
class _Seen:
    """What one look has shown: whether it could be read, whether the result is known now, and
    where it is not, whether a part of the goal is reached."""

    is_read: bool
    is_known: bool
    is_partly: bool


_UNREAD = _Seen(is_read=False, is_known=False, is_partly=False)


async def _look_once(services: Services, claim: Claim) -> _Seen:
    is_partly = False
    async with services.locks.of(claim.customer_id, claim.object):
        try:
            is_known = await look(services, claim)
            if not is_known and claim.action:
                snapshot = await services.mirror.customer(claim.customer_id).snapshot()
                is_partly = claim.action.is_partly_done(services.situation(snapshot))
        except (RechargeError, MirrorError, NothingKnown) as error:
            _log.warning("a write is still unsettled", error=str(error))
            return _UNREAD
    if is_known:
        services.mirror.changes.publish(claim.customer_id)
    return _Seen(is_read=True, is_known=is_known, is_partly=is_partly)


async def _not_done(services: Services, claim: Claim, *, is_partly: bool) -> None:
    """Record that the goal is not reached and will not be: nothing of it, or a part."""
    words = claim.action.if_not_done() if claim.action else None
    text = words or say(
        "Your change was not made, so everything stays as it was. Please try again."
    )
    error: ActionError = UpstreamRefused(notice=text)
    if is_partly:
        error = PartlyDone(f"activity {claim.activity_id}: only a part of it shows")
    await services.journal.finish(
        claim,
        Result.PARTLY if is_partly else Result.NOT_DONE,
        error.notice,
        now=services.clock(),
        answer=refusal_to_json(error),
        reason=str(error) if is_partly else None,
    )
    services.mirror.changes.publish(claim.customer_id)
