"""Codes that hand a sign-in over: from the shop's proxy to the portal, from a frame to a tab, or
from a tab to a frame. Each works once, for a minute."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import ColumnElement, delete, insert, select

from app.actions import Acting, Level, Principal
from app.auth.secrets import digest, is_secret, new_secret
from app.auth.sessions import Sessions
from app.auth.tables import hand_offs as table
from app.clock import Clock, utc_now
from app.database import Database

WORKS_FOR: Final = timedelta(seconds=60)
"""RFC 6749, 4.1.2 allows a code ten minutes; ours is on its way for a moment."""


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A code that was used just now: the new session's cookie, whose it is, and where to go on."""

    cookie: str
    principal: Principal
    target: str


class HandOffs:
    """Makes such codes and takes them. Only a digest of each is kept."""

    def __init__(self, database: Database, sessions: Sessions, clock: Clock = utc_now) -> None:
        self._database = database
        self._sessions = sessions
        self._clock = clock

    async def issue(
        self,
        customer_id: int,
        *,
        method: str,
        level: Level,
        target: str = "/",
        acting: Acting = Acting.SELF,
        valid_for: timedelta | None = None,
        language: str = "",
        is_framed: bool = False,
    ) -> str:
        """A new code's secret. It is returned once.

        target: where to go on to, a `local_path`
        The rest is of the session that the code starts: see `Sessions.start`.
        """
        now, secret = self._clock(), new_secret()
        values = {
            "digest": digest(secret),
            "shop": self._sessions.shop,
            "customer_id": customer_id,
            "method": method,
            "level": int(level),
            "acting": str(acting),
            "seconds": round(valid_for.total_seconds()) if valid_for else None,
            "language": language,
            "is_framed": is_framed,
            "target": target,
            "expires_at": now + WORKS_FOR,
        }
        async with self._database.begin() as connection:
            await connection.execute(delete(table).where(table.c.expires_at <= now))
            await connection.execute(insert(table).values(values))
        return secret

    async def whose(self, code: str) -> int | None:
        """The customer of a code that is good; None where it is not. Looking changes nothing."""
        if not is_secret(code):
            return None
        query = select(table.c.customer_id).where(self._is_good(code))
        async with self._database.read() as connection:
            return (await connection.execute(query)).scalar_one_or_none()

    async def spend(self, code: str) -> bool:
        """Use a code up without a session, as when its customer is here already. Whether it was
        good."""
        if not is_secret(code):
            return False
        async with self._database.begin() as connection:
            used = await connection.execute(delete(table).where(self._is_good(code)))
        return bool(used.rowcount)

    async def take(
        self,
        code: str,
        *,
        replacing: str | None = None,
        user_agent: str = "",
        language: str = "",
    ) -> HandedOver | None:
        """Use a code and start its session; None where it is not good (any more).

        It is used by one statement, so of two that come at once one gets in. `replacing` and
        `user_agent` are as in `Sessions.start`; `language` counts before the code's own.
        """
        if not is_secret(code):
            return None
        used = delete(table).where(self._is_good(code)).returning(*table.c)
        async with self._database.begin() as connection:
            row = (await connection.execute(used)).first()
            if row is None:
                return None
            started = await self._sessions.add(
                connection,
                row.customer_id,
                method=row.method,
                level=Level(row.level),
                replacing=replacing,
                user_agent=user_agent,
                acting=Acting(row.acting),
                valid_for=timedelta(seconds=row.seconds) if row.seconds else None,
                language=language or row.language,
                is_framed=row.is_framed,
            )
        await self._sessions.announce(started)
        return HandedOver(started.cookie, started.principal, row.target)

    def _is_good(self, code: str) -> ColumnElement[bool]:
        return (
            (table.c.digest == digest(code))
            & (table.c.shop == self._sessions.shop)
            & (table.c.expires_at > self._clock())
        )
