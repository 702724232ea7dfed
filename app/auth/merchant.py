"""Who has signed in on the merchant's side: by a word that is in the settings. There is one for the
figures, and one for those who look at the portal as a customer sees it."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import delete, insert, select

from app.auth.limits import MERCHANT_PER_NETWORK, Limit, Limits, network
from app.auth.secrets import is_secret, new_secret
from app.auth.tables import merchant_sessions as table
from app.clock import Clock, utc_now
from app.database import Database

_log = structlog.get_logger(__name__)

MERCHANT_FOR: Final = timedelta(hours=8)
"""How long a sign-in holds, used or not: a working day."""


class MerchantSessions:
    """Starts, reads and ends the merchant's sessions. Without a `word` there are none.

    A session is kept as a digest that is made with the word, so that another word ends them all,
    and opens none of this one's.

    limits: how often one network may try the word
    """

    def __init__(
        self,
        database: Database,
        word: str | None,
        clock: Clock = utc_now,
        limits: Sequence[Limit] = MERCHANT_PER_NETWORK,
    ) -> None:
        self._database = database
        self._word = (word or "").encode()
        self._per_network = limits
        self._limits = Limits(database)
        self._clock = clock

    @property
    def are_there(self) -> bool:
        """Whether anybody can sign in."""
        return bool(self._word)

    async def refused_until(self, host: str) -> datetime | None:
        """Count one more try from this network; the moment to come back at, if it is one too
        many."""
        checks = [(limit, network(host)) for limit in self._per_network]
        until = await self._limits.refused_until(checks, self._clock())
        if until is not None:
            _log.warning("merchant sign-in refused", reason="too many tries")
        return until

    async def start(self, typed: str, name: str = "") -> str | None:
        """The cookie of a new session, or None where this is not the word. `name` is who comes, as
        they call themselves: the same word opens to all who have it."""
        # The time that comparing takes tells nothing of the word, its length included.
        given, right = (hashlib.sha256(one).digest() for one in (typed.encode(), self._word))
        if not self._word or not hmac.compare_digest(given, right):
            _log.warning("merchant sign-in refused", reason="wrong word")
            return None
        now, secret = self._clock(), new_secret()
        async with self._database.begin() as connection:
            await connection.execute(delete(table).where(table.c.expires_at <= now))
            await connection.execute(
                insert(table).values(
                    digest=self._digest(secret), expires_at=now + MERCHANT_FOR, name=name[:80]
                )
            )
        _log.info("merchant signed in")
        return secret

    async def is_signed_in(self, cookie: str | None) -> bool:
        """Whether the cookie is that of a session that stands."""
        return await self.name(cookie) is not None

    async def name(self, cookie: str | None) -> str | None:
        """Who the cookie stands for, as they called themselves; empty where that was not asked, and
        None where no session stands."""
        if not self._word or cookie is None or not is_secret(cookie):
            return None
        query = select(table.c.name).where(
            table.c.digest == self._digest(cookie), table.c.expires_at > self._clock()
        )
        async with self._database.read() as connection:
            row = (await connection.execute(query)).first()
        return None if row is None else row.name or ""

    async def end(self, cookie: str) -> None:
        """The session of this cookie stands no more."""
        async with self._database.begin() as connection:
            await connection.execute(delete(table).where(table.c.digest == self._digest(cookie)))
        _log.info("merchant signed out")

    def _digest(self, secret: str) -> str:
        return hmac.new(self._word, secret.encode(), hashlib.sha256).hexdigest()
