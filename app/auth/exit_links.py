"""Links by which a customer leaves without signing in: mailed to whoever asked, good for one end.

A link opens one page with one button. It starts no session and sets no cookie: `principal_of` is
for `app.actions.perform` alone, and stands for as long as the link does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from sqlalchemy import Row, update

from app.actions import Level, Principal
from app.auth.limits import EXITS_PER_NETWORK, EXITS_PER_ORDER, Limit, Limits, network
from app.auth.mailed_links import LinkState, MailedLinks, state_of
from app.auth.secrets import digest
from app.auth.tables import exit_links as table
from app.clock import Clock, utc_now
from app.database import Database

WORKS_FOR: Final = timedelta(hours=24)
"""How long a link works, and afterwards tells what came of it."""

Purpose = Literal["cancel", "withdraw"]
"""What a link is for. Neither does what the other does."""

_LONGEST_NAME = 64


@dataclass(frozen=True, slots=True)
class ExitLink:
    """A link as it stands now.

    order_name: the number of the order that was named, as the shop writes it
    item_ids:   ids of the subscriptions that came with it
    attempt:    how many presses were let through so far
    used_at:    when the last of them was, unless nothing came of it
    is_over:    its time is up: what came of it can still be read
    name:       its digest, which names it in the record
    mailbox:    the digest of the e-mail address that the customer had when it was mailed; None in
                those of older releases, which fit no mailbox
    """

    state: LinkState
    purpose: Purpose
    shop: str
    customer_id: int
    order_name: str
    item_ids: frozenset[int]
    created_at: datetime
    attempt: int
    used_at: datetime | None
    is_over: bool
    name: str
    mailbox: str | None

    def is_of(self, email: str) -> bool:
        """Whether it was mailed to this address. When the customer has another one by now, whoever
        reads the old mailbox may be somebody else."""
        return self.mailbox == digest(email.casefold())

    @property
    def key(self) -> str:
        """The idempotency key of the press that was let through last."""
        return f"{self.purpose}-{self.name[:40]}-{self.attempt}"


class ExitLinks:
    """Makes, looks up and uses these links. Only a digest of each is kept."""

    def __init__(
        self, database: Database, clock: Clock = utc_now, *, shop: str = "default"
    ) -> None:
        self._database = database
        self._clock = clock
        self._shop = shop
        self._limits = Limits(database)
        self._rows = MailedLinks(database, table, shop)

    async def refused_until(
        self, purpose: Purpose, email: str, order_number: str, host: str
    ) -> datetime | None:
        """Count one more wish of `email` with an order number (both normalised) from the network of
        `host`.

        None, or the moment from which asking helps again. Known and unknown addresses count alike.
        """
        asked = f"{purpose} {order_number} {email}"
        return await self._limits.refused_until(
            [(limit, network(host)) for limit in EXITS_PER_NETWORK]
            + [(limit, asked) for limit in EXITS_PER_ORDER],
            self._clock(),
        )

    async def has_room(
        self, limits: Sequence[Limit], customer_id: int, purpose: Purpose | None = None
    ) -> bool:
        """Count one more of something done for a customer; whether it may be done.

        purpose: where each way to leave is counted apart
        """
        subject = f"{self._shop} {customer_id} {purpose or ''}"
        checks = [(limit, subject) for limit in limits]
        return await self._limits.refused_until(checks, self._clock()) is None

    async def issue(
        self,
        purpose: Purpose,
        customer_id: int,
        *,
        email: str,
        order_name: str,
        item_ids: Sequence[int],
    ) -> str:
        """A new link's secret. It is returned once and kept nowhere.

        email: the customer's: see `ExitLink.is_of`
        """
        return await self._rows.add(
            customer_id,
            self._clock(),
            WORKS_FOR,
            purpose=purpose,
            mailbox=digest(email.casefold()),
            order_name=order_name[:_LONGEST_NAME],
            item_ids=list(item_ids),
            attempt=0,
        )

    async def find(self, purpose: Purpose, secret: str) -> ExitLink | None:
        """A link, or None where there is none of this purpose. Looking changes nothing."""
        row = await self._rows.row(secret)
        if row is None or row.purpose != purpose:
            return None
        return _link(row, self._clock())

    async def take(self, link: ExitLink) -> ExitLink | None:
        """Let one press through; None where another one was, since `link` was looked up, or where
        the link has ended."""
        now = self._clock()
        is_as_seen = (
            (table.c.digest == link.name)
            & (table.c.attempt == link.attempt)
            & (table.c.expires_at > now)
        )
        taken = update(table).where(is_as_seen).values(attempt=link.attempt + 1, used_at=now)
        async with self._database.begin() as connection:
            row = (await connection.execute(taken.returning(*table.c))).first()
        return _link(row, now) if row is not None else None

    async def give_back(self, link: ExitLink) -> None:
        """Nothing came of the press: the link is as good as before."""
        async with self._database.begin() as connection:
            await connection.execute(
                update(table)
                .where(table.c.digest == link.name, table.c.attempt == link.attempt)
                .values(used_at=None)
            )

    def principal_of(self, link: ExitLink) -> Principal:
        """Whoever holds the link, for the one thing that it is for."""
        return Principal(
            shop=link.shop,
            customer_id=link.customer_id,
            method=_method(link.purpose),
            signed_in_at=link.created_at,
            level=Level.LINK,
            session=link.name,
        )

    async def is_live(self, principal: Principal) -> bool:
        """Whether `principal` is that of a link which has not ended, and is still as it was made.

        A session is never taken for a link, nor a link for a session: each is looked for among its
        own.
        """
        row = await self._rows.named(principal.session)
        return (
            row is not None
            and row.customer_id == principal.customer_id
            and principal.method == _method(row.purpose)
            and row.expires_at > self._clock()
        )


def _method(purpose: str) -> str:
    return f"{purpose} link"


def _link(row: Row[Any], now: datetime) -> ExitLink:
    return ExitLink(
        state=state_of(row, now),
        purpose=row.purpose,
        shop=row.shop,
        customer_id=row.customer_id,
        order_name=row.order_name,
        item_ids=frozenset(row.item_ids),
        created_at=row.created_at,
        attempt=row.attempt,
        used_at=row.used_at,
        is_over=row.expires_at <= now,
        name=row.digest,
        mailbox=row.mailbox,
    )
