"""Who has signed in on the merchant's side: there is one word, and it is in the settings."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import delete, insert, select

from app.auth.limits import MERCHANT_PER_NETWORK, Limits, network
from app.auth.secrets import is_secret, new_secret
from app.auth.tables import merchant_sessions as table
from app.clock import Clock, utc_now
from app.database import Database

_log = structlog.get_logger(__name__)

MERCHANT_FOR: Final = timedelta(hours=8)
"""How long a sign-in holds, used or not: a working day."""


class MerchantSessions:
    """Starts, reads and ends the merchant's sessions. Without a `word` there are none.

    A session is kept as a digest that is made with the word, so that another word ends them all.
    """

    def __init__(self, database: Database, word: str | None, clock: Clock = utc_now) -> None:
        self._database = database
        self._word = (word or "").encode()
        self._limits = Limits(database)
        self._clock = clock

    @property
    def are_there(self) -> bool:
        """Whether anybody can sign in."""
        return bool(self._word)

    async def refused_until(self, host: str) -> datetime | None:
        """Count one more try from this network; the moment to come back at, if it is one too
        many."""
        checks = [(limit, network(host)) for limit in MERCHANT_PER_NETWORK]
        until = await self._limits.refused_until(checks, self._clock())
        if until is not None:
            _log.warning("merchant sign-in refused", reason="too many tries")
        return until

    async def start(self, typed: str) -> str | None:
        """The cookie of a new session, or None where this is not the word."""
        # The time that comparing takes tells nothing of the word, its length included.
        given, right = (hashlib.sha256(one).digest() for one in (typed.encode(), self._word))
        if not self._word or not hmac.compare_digest(given, right):
            _log.warning("merchant sign-in refused", reason="wrong word")
            return None
        now, secret = self._clock(), new_secret()
        async with self._database.begin() as connection:
            await connection.execute(delete(table).where(table.c.expires_at <= now))
            await connection.execute(
                insert(table).values(digest=self._digest(secret), expires_at=now + MERCHANT_FOR)
            )
        _log.info("merchant signed in")
        return secret

    async def is_signed_in(self, cookie: str | None) -> bool:
        """Whether the cookie is that of a session that stands."""
        if not self._word or cookie is None or not is_secret(cookie):
            return False
        query = select(table.c.expires_at).where(table.c.digest == self._digest(cookie))
        async with self._database.read() as connection:
            expires_at = (await connection.execute(query)).scalar_one_or_none()
        return expires_at is not None and expires_at > self._clock()

    async def end(self, cookie: str) -> None:
        """The session of this cookie stands no more."""
        async with self._database.begin() as connection:
            await connection.execute(delete(table).where(table.c.digest == self._digest(cookie)))
        _log.info("merchant signed out")

    def _digest(self, secret: str) -> str:
        return hmac.new(self._word, secret.encode(), hashlib.sha256).hexdigest()
