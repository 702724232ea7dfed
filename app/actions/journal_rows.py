"""Conditions and small queries of the record of what was done."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.actions.claim import Claim, Result
from app.actions.tables import action_keys, activities


def is_lost(now: datetime) -> ColumnElement[bool]:
    """Left by a process that died between taking the key and writing: nothing was sent."""
    return and_(
        action_keys.c.state == Result.RUNNING,
        action_keys.c.input.is_(None),
        action_keys.c.runs_until < now,
    )


def has_key(claim: Claim) -> ColumnElement[bool]:
    """The row of the key, whoever has it."""
    return and_(
        action_keys.c.shop == claim.shop,
        action_keys.c.customer_id == claim.customer_id,
        action_keys.c.key == claim.key,
    )


def is_ours(claim: Claim) -> ColumnElement[bool]:
    """The key, as long as nobody has taken it over from a process that seemed dead."""
    return and_(has_key(claim), action_keys.c.activity_id == claim.activity_id)


async def one_by_one(connection: AsyncConnection, claim: Claim) -> None:
    """Changes of one customer begin one after the other. SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        name = func.hashtextextended(f"{claim.shop} {claim.customer_id}", 0)
        await connection.execute(select(func.pg_advisory_xact_lock(name)))


async def newest_row(connection: AsyncConnection, customer_id: int) -> int:
    """The newest row of a customer's record; 0 where there is none."""
    query = select(func.max(activities.c.row_id)).where(activities.c.customer_id == customer_id)
    return (await connection.execute(query)).scalar() or 0


async def first_row(connection: AsyncConnection, activity_id: str) -> Row[Any]:
    """The row that was made when an activity began."""
    found = await connection.execute(
        select(activities)
        .where(activities.c.activity_id == activity_id)
        .order_by(activities.c.row_id)
        .limit(1)
    )
    return found.one()
