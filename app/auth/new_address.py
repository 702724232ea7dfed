"""What ends when a customer's e-mail address has changed."""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncConnection

from app.actions import ChangeEmail
from app.actions.claim import Claim
from app.auth.tables import hand_offs, portal_tokens, sessions


class EndOthers:
    """Ends all that another address may have let in: every session of the customer but the one that
    made the change, and the links that lie in the mailbox from before. To be put into
    `Journal.when_done`: it happens with the record of the change or not at all, through whichever
    door it came, and in whichever process. Open pages close when the guard looks next.

    shop: whose sessions they are: `Sessions.shop`
    """

    def __init__(self, shop: str) -> None:
        self._shop = shop

    async def __call__(self, connection: AsyncConnection, claim: Claim, session: str) -> None:
        """`session` is the one that asked for the change that `claim` tells of."""
        if not isinstance(claim.action, ChangeEmail):
            return
        for table in (sessions, portal_tokens, hand_offs):
            is_theirs = (table.c.shop == self._shop) & (table.c.customer_id == claim.customer_id)
            if table is sessions:
                is_theirs &= table.c.digest != session
            await connection.execute(delete(table).where(is_theirs))
