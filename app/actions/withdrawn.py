"""From what a customer has withdrawn, as the record has it.

Recharge keeps why a subscription ended. Of one that had ended before it was withdrawn from, nothing
there tells of the withdrawal: it is only in the record.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from app.actions.claim import Result
from app.actions.ending.withdraw import WithdrawFromSubscription
from app.actions.steps import StepStatus
from app.actions.tables import action_steps, activities
from app.database import Database


async def withdrawn_by(database: Database, customer_id: int) -> dict[int, datetime]:
    """When a customer withdrew last from each subscription, by its id."""
    name = WithdrawFromSubscription.name
    alone = select(activities.c.at, activities.c.input).where(
        activities.c.customer_id == customer_id,
        activities.c.action == name,
        activities.c.result == Result.DONE,
    )
    mine = select(activities.c.activity_id).where(activities.c.customer_id == customer_id)
    among_others = select(action_steps.c.at, action_steps.c.input).where(
        action_steps.c.activity_id.in_(mine),
        action_steps.c.action == name,
        action_steps.c.state == StepStatus.DONE,
    )
    found: dict[int, datetime] = {}
    async with database.read() as connection:
        for query in (alone, among_others):
            for row in await connection.execute(query):
                id = int(row.input["subscription_id"])
                found[id] = max(row.at, found.get(id, row.at))
    return found
