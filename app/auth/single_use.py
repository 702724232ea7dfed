"""What may be used once: the id of a signed token, a request of a proxy."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert
from sqlalchemy.exc import IntegrityError

from app.auth.secrets import digest
from app.auth.tables import used_once as table
from app.clock import Clock, utc_now
from app.database import Database


class SingleUse:
    """Remembers what was used, in the database: a second process is no second chance."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    async def take(self, kind: str, name: str, until: datetime) -> bool:
        """Whether this is the first use of `name`.

        kind:  sorts the names, in 32 characters at most
        until: when the thing itself ends; from then on it need not be remembered
        """
        row = {"kind": kind, "digest": digest(name), "expires_at": until}
        try:
            async with self._database.begin() as connection:
                await connection.execute(delete(table).where(table.c.expires_at <= self._clock()))
                await connection.execute(insert(table).values(row))
        except IntegrityError:
            return False
        return True
