"""Tokens of the Theme Engine's links: ``/portal/<hash>/…?token=…``, in two kinds.

One that the customer has asked for signs in once, and like any other code from their mailbox. One
in a mail of the merchant's works again and again for some hours, since nobody opens such a mail
only once; it may have been forwarded, so what matters needs a code first (`Level.LINK`).
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

from sqlalchemy import ColumnElement, delete, insert, select, update

from app.actions import Level, Principal
from app.auth.secrets import digest, is_secret, new_secret
from app.auth.sessions import Sessions
from app.auth.tables import portal_tokens as table
from app.clock import Clock, utc_now
from app.database import Database

VALID_FOR: Final = timedelta(hours=12)
"""How long one of the merchant's works at most: as in the Theme Engine, whose change log of
2020-11-04 gives its tokens twelve hours."""
LOGIN_FOR: Final = timedelta(minutes=15)
"""How long one works that the customer has asked for."""

Purpose = Literal["login", "notify"]
"""`login`: asked for by the customer. `notify`: stands in a mail of the merchant."""

FindByHash = Callable[[str], Awaitable[int | None]]
"""The customer that a hash belongs to, such as `Mirror.find_customer` by hash."""

_KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class GoodToken:
    """A token that can be exchanged at this moment."""

    customer_id: int
    purpose: Purpose


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
        valid_for: timedelta | None = None,
    ) -> str:
        """A new token for a customer: see `issue_all`."""
        [token] = await self.issue_all([customer_id], purpose=purpose, valid_for=valid_for)
        return token

    async def issue_all(
        self,
        customer_ids: Sequence[int],
        *,
        purpose: Purpose = "notify",
        valid_for: timedelta | None = None,
    ) -> list[str]:
        """New tokens, one for each customer. They are returned once; only digests are kept.

        valid_for: shorter than `VALID_FOR` or `LOGIN_FOR`; None for as long as that
        """
        longest = LOGIN_FOR if purpose == "login" else VALID_FOR
        valid_for = min(valid_for or longest, longest)
        now = self._clock()
        secrets = [new_secret() for _ in customer_ids]
        rows = [
            {
                "digest": digest(secret),
                "shop": self._sessions.shop,
                "customer_id": customer_id,
                "purpose": purpose,
                "created_at": now,
                "expires_at": now + valid_for,
            }
            for secret, customer_id in zip(secrets, customer_ids, strict=True)
        ]
        async with self._database.begin() as connection:
            await connection.execute(delete(table).where(table.c.expires_at < now - _KEPT))
            await connection.execute(insert(table), rows)
        return secrets

    async def find(self, token: str, customer_hash: str) -> GoodToken | None:
        """What a token is good for, together with the hash beside it. Looking uses nothing up.

        None is the one answer to a token that is unknown, expired, used, of another shop, or that
        does not belong to the hash.
        """
        if not is_secret(token):
            return None
        async with self._database.read() as connection:
            row = (
                await connection.execute(
                    select(table.c.customer_id, table.c.purpose).where(self._is_good(token))
                )
            ).first()
        if row is None or not await self.belongs(customer_hash, row.customer_id):
            return None
        return GoodToken(row.customer_id, "login" if row.purpose == "login" else "notify")

    async def exchange(
        self,
        token: str,
        customer_hash: str,
        *,
        replacing: str | None = None,
        user_agent: str = "",
    ) -> str | None:
        """The cookie of a new session, or None where `find` gives none.

        Using one up is one statement, so of two browsers with the same link one gets in.
        """
        found = await self.find(token, customer_hash)
        if found is None:
            return None
        if found.purpose == "login" and not await self._use_up(token):
            return None
        cookie, _ = await self._sessions.start(
            found.customer_id,
            method="link" if found.purpose == "login" else "theme token",
            level=Level.CODE if found.purpose == "login" else Level.LINK,
            replacing=replacing,
            user_agent=user_agent,
        )
        return cookie

    async def spend(self, token: str) -> None:
        """Use up a token of the customer's own without a session, as when they are signed in."""
        if is_secret(token):
            await self._use_up(token)

    def _is_good(self, token: str) -> ColumnElement[bool]:
        return (
            (table.c.digest == digest(token))
            & (table.c.shop == self._sessions.shop)
            & table.c.used_at.is_(None)
            & (table.c.expires_at > self._clock())
        )

    async def _use_up(self, token: str) -> bool:
        """Whether it was there to be used up, and one of those that are used once."""
        is_once = self._is_good(token) & (table.c.purpose == "login")
        async with self._database.begin() as connection:
            used = await connection.execute(
                update(table).where(is_once).values(used_at=self._clock())
            )
        return used.rowcount == 1

    async def belongs(self, customer_hash: str, customer: int | Principal) -> bool:
        """Whether a hash is that customer's own: the id, then 16 hexadecimal digits.

        It names a customer and proves nothing.
        """
        customer_id = customer if isinstance(customer, int) else customer.customer_id
        # The hash holds the id in plain sight, so one that cannot fit is not even looked up.
        if not re.fullmatch(rf"{customer_id}[0-9a-f]{{16}}", customer_hash):
            return False
        return await self._find_by_hash(customer_hash) == customer_id
