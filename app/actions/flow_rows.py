"""What a result means for the wish to leave that it belongs to.

A flow is decided in the transaction that records the result: also where the page was closed
meanwhile, where the result became known late, and where it was pressed on another page.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.actions.base import Action, action_from
from app.actions.claim import OPEN, Claim, Result
from app.actions.saga import Saga
from app.actions.steps import StepStatus
from app.actions.tables import action_steps
from app.retention.presses import Press, ended, not_taken_up, taken_up


async def decide_flows(
    connection: AsyncConnection, claim: Claim, result: Result, *, shop: str, now: datetime
) -> None:
    """Decide the flows that this result decides.

    shop: as it stands in the record of flows
    """
    press = Press.of(claim.key)
    if press is not None and press.offer is not None:
        if result is Result.DONE:
            await taken_up(
                connection,
                press,
                shop=shop,
                customer_id=claim.customer_id,
                activity_id=claim.activity_id,
                now=now,
            )
        elif result not in (*OPEN, Result.PARTLY):
            await not_taken_up(connection, press, shop=shop, customer_id=claim.customer_id)
    for action in await _done(connection, claim, result):
        if action.ends is not None:
            await ended(
                connection,
                *action.ends,
                shop=shop,
                customer_id=claim.customer_id,
                press=press,
                activity_id=claim.activity_id,
                begun_at=claim.claimed_at,
                now=now,
            )


async def _done(connection: AsyncConnection, claim: Claim, result: Result) -> list[Action]:
    """What was done of it: of several steps, those that were made."""
    if claim.action is None or result not in (Result.DONE, Result.PARTLY):
        return []
    if not isinstance(claim.action, Saga):
        return [claim.action] if result is Result.DONE else []
    made = select(action_steps).where(
        action_steps.c.activity_id == claim.activity_id,
        action_steps.c.state == StepStatus.DONE,
    )
    return [action_from(row.action, row.input) for row in await connection.execute(made)]
