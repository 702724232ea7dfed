"""What all links that stand in mails have in common: a secret for one customer, for a while, of
which only a digest is kept."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, delete, insert, select

from app.auth.secrets import digest, is_secret, new_secret
from app.database import Database

_KEPT = timedelta(days=1)
"""How long a link that ended is still recognised, so that the page can say what happened to it."""


class LinkState(Enum):
    """What became of a link."""

    READY = "ready"
    USED = "used"
    EXPIRED = "expired"
    UNKNOWN = "unknown"
    """Never was, or ended more than a day ago."""


class MailedLinks:
    """Makes and finds the links of one table, of one shop. The table has the columns `digest`,
    `shop`, `customer_id`, `created_at`, `expires_at` and `used_at`, and others of its own."""

    def __init__(self, database: Database, table: Table, shop: str) -> None:
        self._database = database
        self._table = table
        self._shop = shop

    async def add(
        self,
        customer_id: int | None,
        now: datetime,
        works_for: timedelta,
        *,
        secret: str = "",
        **values: Any,
    ) -> str:
        """A new link's secret, which is kept nowhere; `values` are the table's own columns."""
        table, secret = self._table, secret or new_secret()
        async with self._database.begin() as connection:
            await connection.execute(delete(table).where(table.c.expires_at < now - _KEPT))
            await connection.execute(
                insert(table).values(
                    digest=digest(secret),
                    shop=self._shop,
                    customer_id=customer_id,
                    created_at=now,
                    expires_at=now + works_for,
                    **values,
                )
            )
        return secret

    async def row(self, secret: str) -> Row[Any] | None:
        """The row of a link, or None where there is none. Looking changes nothing."""
        return await self.named(digest(secret)) if is_secret(secret) else None

    async def named(self, name: str) -> Row[Any] | None:
        """As `row`, by the digest of the secret."""
        async with self._database.read() as connection:
            return (
                await connection.execute(select(self._table).where(self.is_named(name)))
            ).first()

    def is_of(self, secret: str) -> ColumnElement[bool]:
        """The condition that a row is that of this secret."""
        return self.is_named(digest(secret))

    def is_named(self, name: str) -> ColumnElement[bool]:
        """As `is_of`, by the digest of the secret."""
        return (self._table.c.digest == name) & (self._table.c.shop == self._shop)


def state_of(row: Row[Any] | None, now: datetime) -> LinkState:
    """What a link is worth at a moment, by its row."""
    if row is None:
        return LinkState.UNKNOWN
    if row.used_at is not None:
        return LinkState.USED
    return LinkState.READY if row.expires_at > now else LinkState.EXPIRED
