"""Which account at a provider is a customer's: remembered from the first time it was used.

Accounts are found by their e-mail address, and addresses are given to other people in time. So a
customer has one account at each provider, and an account that comes later under the same address is
somebody else's until the first has not been used for long (ASVS 5.0, 10.5.2: by issuer and subject,
which are given to nobody else).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from app.auth.secrets import digest
from app.auth.tables import provider_accounts as table
from app.clock import Clock, utc_now
from app.database import Database

KEPT_FOR: Final = timedelta(days=180)
"""An account that was not used for so long holds its place no more."""


class ProviderAccounts:
    """Remembers accounts, as digests. One for each shop."""

    def __init__(self, database: Database, shop: str, clock: Clock = utc_now) -> None:
        self._database = database
        self._shop = shop
        self._clock = clock

    async def is_theirs(
        self, customer_id: int, *, issuer: str, client_id: str, subject: str, email: str
    ) -> bool:
        """Whether an account that vouches for a customer's address is the one that they use; from
        now on it is, where they use none, or have another address since.

        email: the customer's own, in small letters
        """
        realm = digest(f"{issuer}\n{client_id}")
        for _ in range(2):
            try:
                return await self._take(customer_id, realm, digest(subject), digest(email))
            except IntegrityError:  # another account of theirs came at the same moment
                continue
        return False

    async def _take(self, customer_id: int, realm: str, subject: str, mailbox: str) -> bool:
        now = self._clock()
        row = table.c
        here = (row.shop == self._shop) & (row.realm == realm)
        async with self._database.begin() as connection:
            await connection.execute(delete(table).where(row.used_at < now - KEPT_FOR))
            theirs = (
                await connection.execute(
                    select(table).where(here, row.customer_id == customer_id).with_for_update()
                )
            ).first()
            if theirs is not None and theirs.subject == subject:
                values = {"mailbox": mailbox, "used_at": now}
                is_this = here & (row.subject == subject)
                await connection.execute(update(table).where(is_this).values(values))
                return True
            if theirs is not None and theirs.mailbox == mailbox:
                return False
            # Either may have another address than when they were matched.
            is_old = here & ((row.customer_id == customer_id) | (row.subject == subject))
            await connection.execute(delete(table).where(is_old))
            await connection.execute(
                insert(table).values(
                    shop=self._shop,
                    realm=realm,
                    subject=subject,
                    customer_id=customer_id,
                    mailbox=mailbox,
                    used_at=now,
                )
            )
        return True
