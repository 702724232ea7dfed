"""What a customer has done, read back from the record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from app.actions.journal import OPEN, Result
from app.actions.principal import Principal
from app.actions.services import Services
from app.actions.tables import activities as table
from app.actions.wire import message_from_json
from app.i18n import Message


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


async def activities(
    services: Services, principal: Principal, *, limit: int = 50
) -> list[Activity]:
    """The customer's newest activities, newest first."""
    newest = (
        select(table.c.activity_id)
        .where(table.c.customer_id == principal.customer_id, table.c.result == Result.RUNNING)
        .order_by(table.c.row_id.desc())
        .limit(limit)
    )
    async with services.database.read() as connection:
        ids = (await connection.execute(newest)).scalars().all()
    return await _read(services, principal, ids)


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
    """The customer's newest activity, when its result became known late and its time to undo is
    not over: the page that asked for it may have been gone by then."""
    newest = await activities(services, principal, limit=1)
    if not newest or newest[0].late is None or newest[0].is_undone:
        return None
    is_news = services.clock() - newest[0].late <= services.settings.undo_for
    return newest[0] if is_news else None


async def _read(services: Services, principal: Principal, ids: Sequence[str]) -> list[Activity]:
    """These activities, newest first."""
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
    return [
        _activity(each, is_undone=id in undone, now=now)
        for id, each in reversed(rows.items())
        if id in wanted
    ]


def _activity(rows: Sequence[Row[Any]], *, is_undone: bool, now: datetime) -> Activity:
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
    )
