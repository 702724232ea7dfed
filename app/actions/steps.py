"""What is known of each step of a change of several steps, kept in the database.

A step is written down as waiting before the first one is sent, as sent before it is sent, and with
what came of it at once after. So a service that starts again knows what it may have sent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.actions.base import Action, action_from
from app.actions.made import filled
from app.actions.saga import Saga
from app.actions.situation import Situation
from app.actions.tables import action_keys, action_steps
from app.actions.wire import message_from_json, message_to_json
from app.database import Database
from app.i18n import Message

SENT_FOR = timedelta(seconds=60)
"""How long a step that was sent is left alone by other processes."""


class StepStatus(StrEnum):
    """What is known of a step."""

    WAITING = "waiting"
    SENT = "sent"
    DONE = "done"
    REFUSED = "refused"
    UNKNOWN = "unknown"


_TO_BE_MADE = (StepStatus.WAITING, StepStatus.REFUSED)

IN_DOUBT = (StepStatus.SENT, StepStatus.UNKNOWN)
"""A step that may have been made."""


@dataclass(frozen=True, slots=True)
class StepState:
    """One step, for the customer.

    number: from 0, in the order in which they are made
    text:   what the step is, in a few words
    reason: why it was not made, where it was refused
    at:     when that became known
    """

    number: int
    text: Message
    status: StepStatus
    reason: Message | None
    at: datetime

    @property
    def is_done(self) -> bool:
        return self.status is StepStatus.DONE

    @property
    def can_be_tried(self) -> bool:
        """Whether it is known not to be made, and so may be tried again."""
        return self.status in _TO_BE_MADE


@dataclass(frozen=True, slots=True)
class Step:
    """One step, with its action and the revision of what the customer decided by."""

    state: StepState
    action: Action
    revision: str

    @property
    def number(self) -> int:
        return self.state.number

    @property
    def status(self) -> StepStatus:
        return self.state.status


def planned(saga: Saga, before: Situation) -> list[dict[str, Any]]:
    """The steps of a saga, spelled out, as they are kept before the first one is sent.

    Raises:
        NotPossible: a step cannot be made.
    """
    rows: list[dict[str, Any]] = []
    for number, stage in enumerate(saga.stages(before)):
        step = stage.step.spelled_out(stage.before)
        rows.append(
            {
                "number": number,
                "action": step.name,
                "input": step.model_dump(mode="json"),
                "revision": step.revision(stage.before),
                "state": StepStatus.WAITING,
                "text": message_to_json(saga.step_text(stage)),
            }
        )
    return rows


async def insert_steps(
    connection: AsyncConnection, activity_id: str, rows: Sequence[Mapping[str, Any]], now: datetime
) -> None:
    """Keep the steps that `planned` gave."""
    if rows:
        values = [{**row, "activity_id": activity_id, "at": now} for row in rows]
        await connection.execute(insert(action_steps), values)


class Steps:
    """Reads and writes the steps. Every method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, activity_id: str) -> list[Step]:
        """The steps of an activity, in order; none where it has none.

        Raises:
            LookupError: this release has no action of that name.
        """
        async with self._database.read() as connection:
            rows = await _rows(connection, [activity_id])
        return [Step(_state(row), action_from(row.action, row.input), row.revision) for row in rows]

    async def states(self, ids: Sequence[str]) -> dict[str, tuple[StepState, ...]]:
        """The steps of these activities, for the customer."""
        found: dict[str, tuple[StepState, ...]] = {}
        if ids:
            async with self._database.read() as connection:
                for row in await _rows(connection, ids):
                    found[row.activity_id] = (*found.get(row.activity_id, ()), _state(row))
        return found

    async def mark(
        self,
        places: Sequence[tuple[str, int]],
        status: StepStatus,
        *,
        now: datetime,
        reason: Message | None = None,
    ) -> None:
        """Keep what is known of steps, each by its activity and its number."""
        values: dict[str, Any] = {
            "state": status,
            "reason": message_to_json(reason) if reason else None,
            "at": now,
        }
        async with self._database.begin() as connection:
            for place in places:
                await connection.execute(update(action_steps).where(*_is(*place)).values(**values))
            if status is StepStatus.SENT:
                await connection.execute(
                    update(action_keys)
                    .where(action_keys.c.activity_id == places[0][0])
                    .values(runs_until=now + SENT_FOR)
                )

    async def done(
        self, places: Sequence[tuple[str, int]], situation: Situation, *, now: datetime
    ) -> None:
        """Keep that steps are done, each by its activity and its number, and what that means for
        those which wait: what was made has an id now, and the next one finds what these have left.

        All in one transaction, in case the service stops now.
        """
        numbers: dict[str, set[int]] = {}
        for activity_id, number in places:
            numbers.setdefault(activity_id, set()).add(number)
        values: dict[str, Any] = {"state": StepStatus.DONE, "reason": None, "at": now}
        async with self._database.begin() as connection:
            for place in places:
                await connection.execute(update(action_steps).where(*_is(*place)).values(values))
            for activity_id, own in numbers.items():
                made: int | None = None
                for row in await _rows(connection, [activity_id]):
                    if row.number in own:
                        made = action_from(row.action, row.input).made(situation) or made
                    elif row.number > min(own) and row.state in _TO_BE_MADE:
                        is_next = row.number - 1 in own
                        values = _followed(row, made, situation if is_next else None)
                        if values:
                            waiting = _is(activity_id, row.number)
                            await connection.execute(
                                update(action_steps).where(*waiting).values(values)
                            )


async def states_in(connection: AsyncConnection, activity_id: str) -> tuple[StepState, ...]:
    """The steps of an activity, as a transaction sees them; none where it has none."""
    return tuple(_state(row) for row in await _rows(connection, [activity_id]))


async def _rows(connection: AsyncConnection, ids: Sequence[str]) -> Sequence[Row[Any]]:
    query = (
        select(action_steps)
        .where(action_steps.c.activity_id.in_(ids))
        .order_by(action_steps.c.activity_id, action_steps.c.number)
    )
    return (await connection.execute(query)).all()


def _followed(row: Row[Any], made: int | None, situation: Situation | None) -> dict[str, Any]:
    """A step that waits: with the id of what was `made`, and decided by what it finds now."""
    document = row.input if made is None else filled(row.input, made)
    values: dict[str, Any] = {} if document == row.input else {"input": document}
    if situation is not None:
        values["revision"] = action_from(row.action, document).revision(situation)
    return values


def _is(activity_id: str, number: int) -> tuple[Any, Any]:
    return action_steps.c.activity_id == activity_id, action_steps.c.number == number


def _state(row: Row[Any]) -> StepState:
    return StepState(
        number=row.number,
        text=message_from_json(row.text),
        status=StepStatus(row.state),
        reason=message_from_json(row.reason) if row.reason else None,
        at=row.at,
    )
