"""Bearers: what a page in a frame shows in place of a cookie, where the browser lets it have none.

A bearer is held by the page in memory and works for ten minutes. It names a session and is none: a
later one continues the same session, so that what is open stays open.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import delete, insert, select

from app.actions import Principal
from app.auth.secrets import digest, is_secret, new_secret
from app.auth.sessions import Sessions
from app.auth.tables import embed_bearers as table
from app.auth.tables import sessions as sessions_table
from app.clock import Clock, utc_now
from app.database import Database

BEARER_FOR: Final = timedelta(minutes=10)
"""How long a bearer works."""


class Bearers:
    """Issues bearers and reads them. Only a digest of each is kept."""

    def __init__(self, database: Database, sessions: Sessions, clock: Clock = utc_now) -> None:
        self._database = database
        self._sessions = sessions
        self._clock = clock

    async def issue(self, session: str) -> str:
        """A new bearer for the session of that name (`Principal.session`). It is returned once."""
        now, secret = self._clock(), new_secret()
        gone = ~select(sessions_table.c.digest).where(
            sessions_table.c.digest == table.c.session
        ).exists()  # fmt: skip
        async with self._database.begin() as connection:
            await connection.execute(delete(table).where(gone))
            await connection.execute(
                insert(table).values(
                    digest=digest(secret), session=session, expires_at=now + BEARER_FOR
                )
            )
        return secret

    async def read(self, bearer: str | None, *, touch: bool = True) -> Principal | None:
        """Who the bearer stands for, or None. Reading is a sign of life unless `touch` is False."""
        return await self._read(bearer, touch=touch, even_over=False)

    async def session_of(self, bearer: str | None) -> Principal | None:
        """Whose session a bearer was made for, also once it is over, while the session runs. It is
        no proof by then: only a new token of the same customer makes it one."""
        return await self._read(bearer, touch=False, even_over=True)

    async def _read(self, bearer: str | None, *, touch: bool, even_over: bool) -> Principal | None:
        if bearer is None or not is_secret(bearer):
            return None
        query = select(table.c.session).where(table.c.digest == digest(bearer))
        if not even_over:
            query = query.where(table.c.expires_at > self._clock())
        async with self._database.read() as connection:
            session = (await connection.execute(query)).scalar_one_or_none()
        return await self._sessions.named(session, touch=touch) if session else None
