"""When the shop's people look at the portal as a customer sees it, and what is kept of that.

A look is a session of the customer's in which somebody else sits at the keyboard (`Acting`). It has
a name, a reason and an end, and a row that stays: who looked, at whom, why, and when. It changes
nothing, unless the settings let the shop act on a customer's behalf; that is a look of its own.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

import structlog
from sqlalchemy import Row, delete, func, insert, or_, select, update

from app.actions import Acting, Level, Principal
from app.actions.tables import activities
from app.auth.limits import LOOKS, Limits
from app.auth.sessions import Sessions, Started
from app.auth.tables import looks as table
from app.clock import Clock, utc_now
from app.database import Database
from app.settings import Settings

_log = structlog.get_logger(__name__)

METHOD: Final = "merchant"
"""The way in, as the activity record has it."""
KEPT_FOR: Final = timedelta(days=730)
"""How long it is known who looked."""
LONGEST_NAME: Final = 80
LONGEST_REASON: Final = 300


@dataclass(frozen=True, slots=True)
class Look:
    """One look.

    name, reason: who of the shop's people it was, and why, in their own words
    until:    when it ends in any case
    ended_at: when it was left before that; None where it was not, or not yet
    changes:  how much was asked for in it, on the customer's behalf
    """

    customer_id: int
    name: str
    reason: str
    acting: Acting
    started_at: datetime
    until: datetime
    ended_at: datetime | None = None
    changes: int = 0

    @property
    def may_change(self) -> bool:
        """Whether the shop acts on the customer's behalf."""
        return self.acting is Acting.BEHALF


class Looks:
    """Starts looks, and knows of those that were. Without a `word` there are none.

    `start_up` once before the first request: a look ends with the word that opened it.
    """

    def __init__(
        self,
        database: Database,
        sessions: Sessions,
        word: str | None,
        settings: Settings,
        clock: Clock = utc_now,
    ) -> None:
        self._database = database
        self._sessions = sessions
        self._word = hmac.new((word or "").encode(), b"look", hashlib.sha256).hexdigest()
        self.minutes = settings.support_minutes
        self._limits = Limits(database)
        self._clock = clock
        self.are_there = bool(word)
        self.may_change = settings.support_may_change
        """Whether the shop may act on a customer's behalf."""
        sessions.on_end(self._note_end)

    async def start_up(self) -> None:
        """End the looks that were opened by another word, or that may do now what they may not."""
        is_strange = table.c.word_digest != self._word
        if not self.may_change:
            is_strange = or_(is_strange, table.c.acting == str(Acting.BEHALF))
        query = select(table.c.session).where(
            table.c.ended_at.is_(None), table.c.until > self._clock(), is_strange
        )
        async with self._database.read() as connection:
            strange = list((await connection.execute(query)).scalars())
        for session in strange:
            await self._sessions.end(session)

    async def refused_until(self) -> datetime | None:
        """Count one more look for a customer; the moment to come back at, if it is one too many."""
        checks = [(limit, self._sessions.shop) for limit in LOOKS]
        return await self._limits.refused_until(checks, self._clock())

    async def start(
        self,
        customer_id: int,
        *,
        name: str,
        reason: str,
        replacing: str | None = None,
        user_agent: str = "",
    ) -> str:
        """The cookie of a new look. It is recorded in the transaction that starts it.

        `replacing` and `user_agent` are as in `Sessions.start`.
        """
        look = Look(
            customer_id,
            name[:LONGEST_NAME],
            reason[:LONGEST_REASON],
            Acting.LOOKING,
            self._clock(),
            self._clock() + timedelta(minutes=self.minutes),
        )
        return await self._start(look, replacing, user_agent)

    async def change(
        self, principal: Principal, *, replacing: str | None = None, user_agent: str = ""
    ) -> str | None:
        """From a look on, act on the customer's behalf: the cookie of a look that may, and that
        ends when the first one would have. None where it may not, or where none stands."""
        look = await self.of(principal.session)
        now = self._clock()
        if not self.may_change or look is None or look.may_change or look.until <= now:
            return None
        behalf = Look(look.customer_id, look.name, look.reason, Acting.BEHALF, now, look.until)
        return await self._start(behalf, replacing, user_agent)

    async def of(self, session: str) -> Look | None:
        """The look of this session (`Principal.session`); None where it is none of ours."""
        query = select(table).where(table.c.session == session, table.c.word_digest == self._word)
        async with self._database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        return _look(row) if row else None

    async def latest(self, most: int) -> list[Look]:
        """The last looks, the newest first, with what was changed in each."""
        query = (
            select(table)
            .where(table.c.shop == self._sessions.shop)
            .order_by(table.c.started_at.desc(), table.c.id)
            .limit(most)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
            behalf = [row for row in rows if row.acting == str(Acting.BEHALF)]
            counted = await connection.execute(
                select(activities.c.session, func.count(activities.c.activity_id.distinct()))
                .where(
                    activities.c.customer_id.in_({row.customer_id for row in behalf}),
                    activities.c.session.in_([row.session for row in behalf]),
                )
                .group_by(activities.c.session)
            )
            changes: dict[str, int] = {row[0]: row[1] for row in counted}
        return [_look(row, changes.get(row.session, 0)) for row in rows]

    async def _start(self, look: Look, replacing: str | None, user_agent: str) -> str:
        async with self._database.begin() as connection:
            started: Started = await self._sessions.add(
                connection,
                look.customer_id,
                method=METHOD,
                level=Level.CODE,
                replacing=replacing,
                user_agent=user_agent,
                acting=look.acting,
                valid_for=look.until - look.started_at,
            )
            await connection.execute(
                delete(table).where(table.c.started_at < look.started_at - KEPT_FOR)
            )
            await connection.execute(
                insert(table).values(
                    id=uuid4().hex,
                    shop=self._sessions.shop,
                    customer_id=look.customer_id,
                    name=look.name,
                    reason=look.reason,
                    acting=str(look.acting),
                    started_at=look.started_at,
                    until=look.until,
                    session=started.principal.session,
                    word_digest=self._word,
                )
            )
        await self._sessions.announce(started)
        _log.info("look started", customer_id=look.customer_id, acting=str(look.acting))
        return started.cookie

    async def _note_end(self, session: str) -> None:
        """A session has ended: if it was a look, that is when."""
        mine = update(table).where(table.c.session == session, table.c.ended_at.is_(None))
        now = self._clock()
        async with self._database.begin() as connection:
            await connection.execute(mine.where(table.c.until > now).values(ended_at=now))


def _look(row: Row[Any], changes: int = 0) -> Look:
    return Look(
        row.customer_id,
        row.name,
        row.reason,
        Acting(row.acting),
        row.started_at,
        row.until,
        row.ended_at,
        changes,
    )
