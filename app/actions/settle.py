"""Finding out later what came of a write that was not answered."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

from app.actions.base import Upstream
from app.actions.effect import Outcome
from app.actions.errors import NothingKnown
from app.actions.journal import Claim, Result
from app.actions.wire import outcome_to_json, refusal_to_json
from app.actions.write import read_back
from app.i18n import say
from app.mirror import MirrorError
from app.recharge import Priority, RechargeError

if TYPE_CHECKING:
    from app.actions.services import Services

_log = structlog.get_logger(__name__)


async def resume(services: Services) -> None:
    """Take up the writes that an earlier run of the service left open."""
    await services.journal.forget_old_keys(services.clock())
    for claim in await services.journal.open_claims():
        await mark_unknown(services, claim, "the service stopped while this was written")
        follow(services, claim)


def follow(services: Services, claim: Claim) -> None:
    """Settle this in the background."""
    services.tasks.start(_settle(services, claim), name=f"settle {claim.activity_id}")


def read_later(services: Services, claim: Claim) -> None:
    """Read back in the background a write that was answered and could not be read back at once."""
    services.tasks.start(_read_later(services, claim), name=f"read back {claim.activity_id}")


async def mark_unknown(services: Services, claim: Claim, reason: str) -> NothingKnown:
    """Record that nothing is known, and give the error that says so."""
    error = NothingKnown(reason, activity_id=claim.activity_id)
    await services.journal.finish(
        claim, Result.UNKNOWN, error.notice, now=services.clock(), reason=reason
    )
    return error


async def look(services: Services, claim: Claim) -> bool:
    """Read whether the goal is reached, and record it when it is. The caller holds the lock.

    Raises:
        RechargeError, MirrorError: it could not be read.
    """
    action, effect = claim.action, claim.effect
    if action is None or effect is None:
        raise ValueError(f"activity {claim.activity_id} has not begun")
    mine = services.mirror.customer(claim.customer_id)
    before = services.situation(await mine.snapshot())
    after = await read_back(services, claim.customer_id, action.touches(before))
    client = services.client.with_options(priority=Priority.REPAIR, customer_id=claim.customer_id)
    if not await action.is_done(Upstream(client, after)):
        return False
    outcome = Outcome(
        effect=effect,
        notice=effect.done,
        activity_id=claim.activity_id,
        undo_until=claim.undo_until,
        is_confirmed=True,
    )
    await services.journal.finish(
        claim,
        Result.DONE,
        outcome.notice,
        now=services.clock(),
        answer=outcome_to_json(outcome),
        after={fact.name: fact.value for fact in action.shown(after)},
        undo_until=claim.undo_until,
    )
    return True


async def _settle(services: Services, claim: Claim) -> None:
    loop = asyncio.get_running_loop()
    start = loop.time()
    is_read = False
    for moment in services.settle_after:
        await asyncio.sleep(max(0.0, start + moment - loop.time()))
        is_read, is_done = await _look_once(services, claim)
        if is_done:
            return
    while not is_read:
        await asyncio.sleep(services.settle_after[-1])
        is_read, is_done = await _look_once(services, claim)
        if is_done:
            return
    await _not_done(services, claim)


async def _read_later(services: Services, claim: Claim) -> None:
    for seconds in services.settle_after:
        await asyncio.sleep(seconds)
        try:
            await read_back(services, claim.customer_id, ("charges", "subscriptions", "onetimes"))
        except (RechargeError, MirrorError) as error:
            _log.warning("a write is still not read back", error=str(error))
        else:
            return


async def _look_once(services: Services, claim: Claim) -> tuple[bool, bool]:
    """Whether it could be read, and whether it is done."""
    async with services.locks.of(claim.customer_id, claim.object):
        try:
            is_done = await look(services, claim)
        except (RechargeError, MirrorError) as error:
            _log.warning("a write is still unsettled", error=str(error))
            return False, False
    if is_done:
        services.mirror.changes.publish(claim.customer_id)
    return True, is_done


async def _not_done(services: Services, claim: Claim) -> None:
    text = say("Your change was not made, so everything stays as it was. Please try again.")
    refusal = refusal_to_json("UpstreamRefused", text)
    await services.journal.finish(
        claim, Result.NOT_DONE, text, now=services.clock(), answer=refusal
    )
    services.mirror.changes.publish(claim.customer_id)
