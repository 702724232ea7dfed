"""The secret addresses at which customers' calendars fetch their deliveries: one a customer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete, or_, select, update

from app.actions import Principal
from app.auth.secrets import digest, new_secret
from app.auth.tables import calendar_feeds as table
from app.clock import Clock, utc_now
from app.database import Database, upsert

_log = structlog.get_logger(__name__)

_TOUCH_EVERY = timedelta(minutes=5)
"""How exactly the last use is kept: calendars ask again and again."""


@dataclass(frozen=True, slots=True)
class Feed:
    """A customer's address, as far as it is known here: the secret in it is not.

    made_at:      when it was made
    last_used_at: when a calendar last asked; None when none has yet
    """

    made_at: datetime
    last_used_at: datetime | None


class CalendarFeeds:
    """Makes and revokes the addresses. Of each secret only a digest is kept.

    An address opens one thing: what comes, and when. It signs nobody in.
    """

    def __init__(
        self, database: Database, clock: Clock = utc_now, *, shop: str = "default"
    ) -> None:
        self._database = database
        self._clock = clock
        self._shop = shop

    async def find(self, principal: Principal) -> Feed | None:
        """The customer's address, or None."""
        query = select(table.c.made_at, table.c.last_used_at).where(
            table.c.shop == self._shop, table.c.customer_id == principal.customer_id
        )
        async with self._database.read() as connection:
            row = (await connection.execute(query)).first()
        return Feed(row.made_at, row.last_used_at) if row else None

    async def make(self, principal: Principal) -> str:
        """A new secret for the customer. It is returned once; one from before stops working."""
        secret = new_secret()
        row = {
            "shop": self._shop,
            "customer_id": principal.customer_id,
            "digest": digest(secret),
            "made_at": self._clock(),
            "last_used_at": None,
        }
        async with self._database.begin() as connection:
            await upsert(connection, table, [row], keys=("shop", "customer_id"))
        _log.info("calendar address made", customer_id=principal.customer_id)
        return secret

    async def revoke(self, principal: Principal) -> None:
        """The customer's address stops working."""
        async with self._database.begin() as connection:
            await connection.execute(
                delete(table).where(
                    table.c.shop == self._shop, table.c.customer_id == principal.customer_id
                )
            )
        _log.info("calendar address revoked", customer_id=principal.customer_id)

    async def customer_of(self, secret: str) -> int | None:
        """Whose deliveries may be read with this secret; None for one that nobody has.

        Looked up by its digest, so the time it takes tells nothing about the secrets that exist.
        """
        now, is_it = self._clock(), table.c.digest == digest(secret)
        query = select(table.c.customer_id, table.c.last_used_at).where(
            is_it, table.c.shop == self._shop
        )
        async with self._database.read() as connection:
            row = (await connection.execute(query)).first()
        if row is None:
            return None
        if row.last_used_at is None or now - row.last_used_at >= _TOUCH_EVERY:
            is_old = or_(table.c.last_used_at.is_(None), table.c.last_used_at < now)
            async with self._database.begin() as connection:
                await connection.execute(
                    update(table).where(is_it, is_old).values(last_used_at=now)
                )
        customer_id: int = row.customer_id
        return customer_id
