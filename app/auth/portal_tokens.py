"""Tokens of the Theme Engine's links: ``/portal/<hash>/…?token=…``, for hours, exchanged once."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Literal

from sqlalchemy import delete, insert, select, update

from app.actions import Principal
from app.auth.secrets import digest, is_secret, new_secret
from app.auth.sessions import Sessions
from app.auth.tables import portal_tokens as table
from app.clock import Clock, utc_now
from app.database import Database

VALID_FOR = timedelta(hours=12)
"""As in the Theme Engine, whose change log of 2020-11-04 gives its tokens twelve hours."""

Purpose = Literal["login", "notify"]
"""`login`: asked for by the customer. `notify`: stands in a mail of the merchant."""

FindByHash = Callable[[str], Awaitable[int | None]]
"""The customer that a hash belongs to, such as `Mirror.find_customer` by hash."""

_KEPT = timedelta(days=1)


class PortalTokens:
    """Issues tokens for customers and exchanges them for sessions.

    Every token is bound to one customer and one purpose. Nobody is looked up before a token has
    proved good, so that guessing hashes costs the shop no call to Recharge.
    """

    def __init__(
        self,
        database: Database,
        sessions: Sessions,
        find_by_hash: FindByHash,
        clock: Clock = utc_now,
    ) -> None:
        self._database = database
        self._sessions = sessions
        self._find_by_hash = find_by_hash
        self._clock = clock

    async def issue(
        self,
        customer_id: int,
        *,
        purpose: Purpose = "notify",
        valid_for: timedelta = VALID_FOR,
    ) -> str:
        """A new token for a customer. It is returned once; only its digest is kept."""
        now = self._clock()
        secret = new_secret()
        async with self._database.begin() as connection:
            await connection.execute(delete(table).where(table.c.expires_at < now - _KEPT))
            await connection.execute(
                insert(table).values(
                    digest=digest(secret),
                    shop=self._sessions.shop,
                    customer_id=customer_id,
                    purpose=purpose,
                    created_at=now,
                    expires_at=now + valid_for,
                )
            )
        return secret

    async def exchange(
        self,
        token: str,
        customer_hash: str,
        *,
        replacing: str | None = None,
        user_agent: str = "",
    ) -> str | None:
        """The cookie of a new session, or None.

        None is the one answer to a token that is unknown, expired, used, of another shop, or that
        does not belong to the hash beside it. Using it is one statement, so of two browsers with
        the same link one gets in.
        """
        if not is_secret(token):
            return None
        good = (
            (table.c.digest == digest(token))
            & (table.c.shop == self._sessions.shop)
            & table.c.used_at.is_(None)
            & (table.c.expires_at > self._clock())
        )
        async with self._database.read() as connection:
            customer_id = (
                await connection.execute(select(table.c.customer_id).where(good))
            ).scalar()
        if customer_id is None or not await self.belongs(customer_hash, customer_id):
            return None
        async with self._database.begin() as connection:
            used = await connection.execute(update(table).where(good).values(used_at=self._clock()))
        if used.rowcount != 1:
            return None
        cookie, _ = await self._sessions.start(
            customer_id, method="theme token", replacing=replacing, user_agent=user_agent
        )
        return cookie

    async def spend(self, token: str) -> None:
        """Use up a token without a session, as when its customer is signed in already."""
        if not is_secret(token):
            return
        async with self._database.begin() as connection:
            await connection.execute(
                update(table)
                .where(table.c.digest == digest(token), table.c.used_at.is_(None))
                .values(used_at=self._clock())
            )

    async def belongs(self, customer_hash: str, customer: int | Principal) -> bool:
        """Whether a hash is that customer's own: the id, then 16 hexadecimal digits.

        It names a customer and proves nothing.
        """
        customer_id = customer if isinstance(customer, int) else customer.customer_id
        # The hash holds the id in plain sight, so one that cannot fit is not even looked up.
        if not re.fullmatch(rf"{customer_id}[0-9a-f]{{16}}", customer_hash):
            return False
        return await self._find_by_hash(customer_hash) == customer_id
