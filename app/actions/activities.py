"""What a customer has done, read back from the record."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, func, select

from app.actions.claim import OPEN, Result
from app.actions.principal import Principal
from app.actions.services import Services
from app.actions.steps import StepState
from app.actions.tables import activities as table
from app.actions.wire import message_from_json
from app.i18n import Message

NEWS_FOR = timedelta(minutes=10)
"""How long a result that became known late is told to whoever opens the page."""


@dataclass(frozen=True, slots=True)
class Activity:
    """One thing that was done, or tried.

    at:         when it began
    text:       what came of it, in the customer's words; the question while that is not known
    method:     how the customer was signed in
    late:       the moment the result became known, where it was unknown for a while; else None
    undo_until: the last moment at which `undo` works; None when it does not
    is_undone:  taken back since
    undoes:     the activity that this one took back
    place:      its place in the record: newer ones have a greater one
    steps:      its steps, where it has several
    differences: how much came out otherwise than was promised
    """

    id: str
    at: datetime
    action: str
    result: Result
    text: Message
    method: str
    late: datetime | None
    undo_until: datetime | None
    is_undone: bool
    undoes: str | None
    place: int = 0
    steps: tuple[StepState, ...] = ()
    differences: int = 0


async def activities(
    services: Services,
    principal: Principal,
    *,
    limit: int = 50,
    before: int | None = None,
    actions: Collection[str] | None = None,
) -> list[Activity]:
    """The customer's newest activities, newest first.

    before:  only those that are older than the one at this `place`
    actions: only those of these actions, by name; None is all
    """
    newest = (
        select(table.c.activity_id)
        .where(table.c.customer_id == principal.customer_id, table.c.result == Result.RUNNING)
        .order_by(table.c.row_id.desc())
        .limit(limit)
    )
    if before is not None:
        newest = newest.where(table.c.row_id < before)
    if actions is not None:
        newest = newest.where(table.c.action.in_(actions))
    async with services.database.read() as connection:
        ids = (await connection.execute(newest)).scalars().all()
    return await _read(services, principal, ids)


async def actions_done(services: Services, principal: Principal) -> tuple[frozenset[str], int]:
    """The names of all that the customer has ever done or tried, and the newest row of the record:
    it grows with every activity and with every result."""
    mine = table.c.customer_id == principal.customer_id
    async with services.database.read() as connection:
        names = await connection.execute(select(table.c.action).where(mine).distinct())
        newest = await connection.execute(select(func.max(table.c.row_id)).where(mine))
        return frozenset(names.scalars()), newest.scalar() or 0


async def find_activity(
    services: Services, principal: Principal, activity_id: str
) -> Activity | None:
    """One activity of this customer's, or None."""
    found = await _read(services, principal, [activity_id])
    return found[0] if found else None


async def unsettled(services: Services, principal: Principal) -> list[Activity]:
    """Activities whose result is not known yet, oldest first."""
    claims = await services.journal.open_claims(principal.customer_id)
    found = await _read(services, principal, [claim.activity_id for claim in claims])
    return [activity for activity in reversed(found) if activity.result in OPEN]


async def late_result(services: Services, principal: Principal) -> Activity | None:
    """The customer's newest activity, when its result became known late and not long ago: the page
    that asked for it may have been gone by then. Older ones stand in the list of activities."""
    newest = await activities(services, principal, limit=1)
    if not newest or newest[0].late is None or newest[0].is_undone:
        return None
    is_news = services.clock() - newest[0].late <= NEWS_FOR
    return newest[0] if is_news else None


async def _read(services: Services, principal: Principal, ids: Sequence[str]) -> list[Activity]:
    """These activities, newest first."""
    if not ids:  # most customers, at most moments: every page that opens asks
        return []
    query = (
        select(table)
        .where(
            table.c.customer_id == principal.customer_id,
            table.c.activity_id.in_(ids) | table.c.undoes.in_(ids),
        )
        .order_by(table.c.row_id)
    )
    rows: dict[str, list[Row[Any]]] = {}
    async with services.database.read() as connection:
        for row in await connection.execute(query):
            rows.setdefault(row.activity_id, []).append(row)
    undone = {each[-1].undoes for each in rows.values() if each[-1].result == Result.DONE}
    now = services.clock()
    wanted = set(ids)
    steps = await services.journal.steps.states(ids)
    return [
        _activity(each, is_undone=id in undone, now=now, steps=steps.get(id, ()))
        for id, each in reversed(rows.items())
        if id in wanted
    ]


def _activity(
    rows: Sequence[Row[Any]], *, is_undone: bool, now: datetime, steps: tuple[StepState, ...]
) -> Activity:
    first, last = rows[0], rows[-1]
    until = last.undo_until
    can_undo = last.result == Result.DONE and not is_undone and until is not None and now <= until
    was_unknown = any(row.result == Result.UNKNOWN for row in rows)
    return Activity(
        id=first.activity_id,
        at=first.at,
        action=first.action,
        result=Result(last.result),
        text=message_from_json(last.text),
        method=first.method,
        late=last.at if was_unknown and last.result not in OPEN else None,
        undo_until=until if can_undo else None,
        is_undone=is_undone,
        undoes=first.undoes,
        place=first.row_id,
        steps=steps,
        differences=last.differences,
    )
