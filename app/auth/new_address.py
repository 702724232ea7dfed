"""What ends when a customer's e-mail address has changed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.actions import ChangeEmail
from app.actions.claim import Claim
from app.actions.quick.wishes import LONGEST
from app.auth.secrets import digest
from app.auth.tables import hand_offs, portal_tokens, sessions, used_once
from app.clock import Clock, utc_now
from app.database import Database

_KIND: Final = "e-mail changed"
_KEPT: Final = timedelta(days=LONGEST + 1)
"""How long the moment is remembered: longer than any quick link works."""


class EndOthers:
    """Ends all that another address may have let in: every session of the customer but the one that
    made the change, and the links that lie in the mailbox from before. To be put into
    `Journal.when_done`: it happens with the record of the change or not at all, through whichever
    door it came, and in whichever process. Open pages close when the guard looks next.

    Of quick links nothing is kept that could be ended, so the moment is: see `changed_at`.

    shop:  whose sessions they are: `Sessions.shop`
    clock: real time, by which links are made
    """

    def __init__(self, shop: str, clock: Clock = utc_now) -> None:
        self._shop = shop
        self._clock = clock

    async def __call__(self, connection: AsyncConnection, claim: Claim, session: str) -> None:
        """`session` is the one that asked for the change that `claim` tells of."""
        if not isinstance(claim.action, ChangeEmail):
            return
        for table in (sessions, portal_tokens, hand_offs):
            is_theirs = (table.c.shop == self._shop) & (table.c.customer_id == claim.customer_id)
            if table is sessions:
                is_theirs &= table.c.digest != session
            await connection.execute(delete(table).where(is_theirs))
        name = _name(self._shop, claim.customer_id)
        is_this = (used_once.c.kind == _KIND) & (used_once.c.digest == name)
        await connection.execute(delete(used_once).where(is_this))
        row = {"kind": _KIND, "digest": name, "expires_at": self._clock() + _KEPT}
        await connection.execute(insert(used_once).values(row))


async def changed_at(database: Database, shop: str, customer_id: int) -> datetime | None:
    """When a customer's address was changed last; None where no link from before can still work."""
    query = select(used_once.c.expires_at).where(
        used_once.c.kind == _KIND, used_once.c.digest == _name(shop, customer_id)
    )
    async with database.read() as connection:
        until: datetime | None = (await connection.execute(query)).scalar_one_or_none()
    return until - _KEPT if until else None


def _name(shop: str, customer_id: int) -> str:
    return digest(f"{shop} {customer_id}")
