"""How often something may be asked for: counted in the database, so that a restart forgets nothing
and every process counts together.
"""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from app.auth.tables import attempts
from app.database import Database


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` times in each window of `per`. Windows start at whole multiples of `per`.

    `scope` names it in the database, in 32 characters at most.
    """

    scope: str
    most: int
    per: timedelta


LINKS_PER_ADDRESS = (
    Limit("links per address, hour", 5, timedelta(hours=1)),
    Limit("links per address, day", 10, timedelta(days=1)),
)
"""How many sign-in links one e-mail address may be sent. A stranger who uses them up delays the
customer, but locks nobody out: the links already sent go on working."""

LINKS_PER_NETWORK = (Limit("links per network, hour", 20, timedelta(hours=1)),)
"""How many sign-in links one network may ask for, whatever the addresses."""

PROVIDERS_PER_NETWORK = (Limit("providers per network, hour", 60, timedelta(hours=1)),)
"""How many sign-ins at identity providers one network may begin: each is a row for ten minutes."""

EXITS_PER_ORDER = (
    Limit("exits per order, hour", 5, timedelta(hours=1)),
    Limit("exits per order, day", 10, timedelta(days=1)),
)
"""How often a link to leave by may be asked for with one e-mail address and one order number. An
address alone is no subject: whoever knows it could use up its tries with numbers made up."""

EXIT_LINKS_PER_CUSTOMER = (
    Limit("exit links per customer, hour", 5, timedelta(hours=1)),
    Limit("exit links per customer, day", 10, timedelta(days=1)),
)
"""How many links to leave by are mailed to one customer, of each kind. More are not, and the form
does not tell; those in the mailbox go on working."""

NO_SUCH_ORDER_PER_CUSTOMER = (Limit("no such order per customer, day", 3, timedelta(days=1)),)
"""How many mails one customer gets about order numbers that are not theirs."""

OLD_ORDERS_PER_CUSTOMER = (Limit("old orders per customer, day", 20, timedelta(days=1)),)
"""How often an order that is not kept here is looked for among a customer's old ones."""

EXITS_PER_NETWORK = (Limit("exits per network, hour", 20, timedelta(hours=1)),)
"""How many links to leave by one network may ask for, whatever the addresses."""

CALENDAR_PER_ADDRESS = Limit("calendar per address, hour", 60, timedelta(hours=1))
"""How often one customer's calendar address may be asked. Calendars ask every few hours."""

CALENDAR_MISSES_PER_NETWORK = Limit("unknown calendars, hour", 120, timedelta(hours=1))
"""How many addresses that nobody has one network may ask for. The services that fetch calendars
share few networks among many people, so what they ask for rightly is not counted."""

CODES_PER_CUSTOMER = (
    Limit("codes per customer, hour", 5, timedelta(hours=1)),
    Limit("codes per customer, day", 10, timedelta(days=1)),
)
"""How many codes one customer may have sent, wherever to."""

CODES_PER_ADDRESS = (
    Limit("codes per address, hour", 5, timedelta(hours=1)),
    Limit("codes per address, day", 10, timedelta(days=1)),
)
"""How many codes are sent to one mailbox, whoever asks: it may be a stranger's."""

STEP_UPS_PER_CUSTOMER = (
    Limit("step-ups per customer, hour", 6, timedelta(hours=1)),
    Limit("step-ups per customer, day", 20, timedelta(days=1)),
)
"""How many codes one customer may have sent to the address on record, from all their sessions. No
limit counts the mailbox: strangers who ask for codes to it would keep its owner from theirs."""

CODE_TRIES = (
    Limit("code tries, hour", 15, timedelta(hours=1)),
    Limit("code tries, day", 40, timedelta(days=1)),
)
"""How many codes one person may try, right and wrong ones: of a million."""

DATA_FILES = (
    Limit("data files, hour", 3, timedelta(hours=1)),
    Limit("data files, day", 6, timedelta(days=1)),
)
"""How often one customer may take their data along: it costs calls to Recharge."""

ORDER_FILES = (Limit("order receipts, hour", 60, timedelta(hours=1)),)
"""How many receipts one customer may take along as files: each takes a second of a processor."""

MERCHANT_PER_NETWORK = (
    Limit("merchant sign-ins, hour", 10, timedelta(hours=1)),
    Limit("merchant sign-ins, day", 40, timedelta(days=1)),
)
"""How often one network may try the merchant's word, rightly or wrongly."""

SUPPORT_PER_NETWORK = (
    Limit("support sign-ins, hour", 30, timedelta(hours=1)),
    Limit("support sign-ins, day", 120, timedelta(days=1)),
)
"""How often one network may try the word of the shop's people: many of them may share one."""

LOOKS = (
    Limit("looks, hour", 120, timedelta(hours=1)),
    Limit("looks, day", 600, timedelta(days=1)),
)
"""How many customers the shop's people may look for, all together: a word that was stolen must not
open the whole shop."""

_KEPT = timedelta(days=2)


class Limits:
    """Counts by subject. Subjects are kept as digests, since they are addresses of people."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def refused_until(
        self, checks: Sequence[tuple[Limit, str]], now: datetime
    ) -> datetime | None:
        """Count one more try under each limit; the moment to come back at if one is used up.

        A try that is refused counts under none: who may ask no more uses up nothing of anybody
        else's.

        One statement per limit counts and reads at once, so that two processes cannot both take the
        last place.
        """
        until: datetime | None = None
        try:
            async with self._database.begin() as connection:
                await connection.execute(
                    delete(attempts).where(attempts.c.window_start < now - _KEPT)
                )
                for limit, subject in checks:
                    start = _window(now, limit.per)
                    if await self._count(connection, limit, subject, start) > limit.most:
                        until = max(start + limit.per, until or start)
                if until is not None:
                    raise _UsedUp
        except _UsedUp:  # what was counted is taken back
            pass
        return until

    async def count(
        self, checks: Sequence[tuple[Limit, str]], now: datetime, *, number: int = 1
    ) -> None:
        """Count `number` more under each limit, also past it: for what is counted when it has
        happened, and told from then on by `reached_until`."""
        async with self._database.begin() as connection:
            for limit, subject in checks:
                await self._count(connection, limit, subject, _window(now, limit.per), number)

    async def reached_until(
        self, checks: Sequence[tuple[Limit, str]], now: datetime
    ) -> datetime | None:
        """The moment until which one of the limits is used up; None where none is. Looking counts
        nothing."""
        ends = {limit.scope: _window(now, limit.per) + limit.per for limit, _ in checks}
        used_up = [
            (attempts.c.scope == limit.scope)
            & (attempts.c.subject == _subject(subject))
            & (attempts.c.window_start == _window(now, limit.per))
            & (attempts.c.count >= limit.most)
            for limit, subject in checks
        ]
        async with self._database.read() as connection:
            found = await connection.execute(select(attempts.c.scope).where(or_(*used_up)))
            return max((ends[scope] for scope in found.scalars()), default=None)

    async def _count(
        self,
        connection: AsyncConnection,
        limit: Limit,
        subject: str,
        start: datetime,
        number: int = 1,
    ) -> int:
        """Count so many more; how many that makes in the window that starts then."""
        insert: Any = sqlite.insert if self._database.is_sqlite else postgresql.insert
        counted = (
            insert(attempts)
            .values(
                scope=limit.scope,
                subject=_subject(subject),
                window_start=start,
                count=number,
            )
            .on_conflict_do_update(
                index_elements=["scope", "subject", "window_start"],
                set_={"count": attempts.c.count + number},
            )
            .returning(attempts.c.count)
        )
        count: int = (await connection.execute(counted)).scalar_one()
        return count


class _UsedUp(Exception):
    """A limit is reached."""


def network(host: str) -> str:
    """What counts as one network: an IPv4 address, or the /64 that one IPv6 customer is given."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def _subject(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _window(now: datetime, per: timedelta) -> datetime:
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    return epoch + ((now - epoch) // per) * per
