"""Six-digit codes that are sent somewhere and given back: proof that somebody reads there.

They serve whatever has to be proved a moment before it is done, such as a new e-mail address. Each
belongs to one purpose, one person and one browser or session: given anywhere else it is nothing.
A new one takes the place of the one before. ASVS 5.0, 6.5.1 to 6.5.5: used once, random, kept as a
salted digest, good for ten minutes and for few tries.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from sqlalchemy import delete, insert, select, update

from app.auth.limits import CODE_TRIES, Limits
from app.auth.tables import codes as table
from app.clock import Clock, utc_now
from app.database import Database

WORKS_FOR: Final = timedelta(minutes=10)
"""How long a code can be given; and, once it was, how long that counts as a moment ago."""
MOST_TRIES: Final = 5
DIGITS: Final = 6

_KEPT: Final = timedelta(days=1)

Given = Literal["right", "wrong", "used up", "gone", "too many"]
"""What came of giving a code: `used up` by this last wrong one, `gone` where there is none any
more, `too many` where this person has tried too many lately."""


@dataclass(frozen=True, slots=True)
class OpenCode:
    """A code that was sent and still counts.

    about:      what it proves
    tries_left: wrong ones before a new code is needed
    is_proven:  it was given
    """

    about: str
    expires_at: datetime
    tries_left: int
    is_proven: bool


class Codes:
    """Makes codes and takes them back."""

    def __init__(
        self, database: Database, clock: Clock = utc_now, *, shop: str = "default"
    ) -> None:
        self._database = database
        self._clock = clock
        self._shop = shop
        self._limits = Limits(database)

    async def issue(
        self, purpose: str, subject: str, *, bound_to: str, about: str, customer_id: int | None
    ) -> str:
        """A new code. It is returned once; only a salted digest of it is kept.

        subject:  who has to prove something: a customer, an address
        bound_to: the session or browser that asked
        about:    what the code proves when it is given
        """
        now = self._clock()
        name = self._name(purpose, subject, bound_to)
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
        salt = secrets.token_hex(32)
        async with self._database.begin() as connection:
            await connection.execute(
                delete(table).where((table.c.name == name) | (table.c.expires_at < now - _KEPT))
            )
            await connection.execute(
                insert(table).values(
                    name=name,
                    shop=self._shop,
                    customer_id=customer_id,
                    purpose=purpose,
                    about=about,
                    salt=salt,
                    digest=code_digest(salt, name, code),
                    tries=0,
                    created_at=now,
                    expires_at=now + WORKS_FOR,
                )
            )
        return code

    async def find(self, purpose: str, subject: str, *, bound_to: str) -> OpenCode | None:
        """The code that was sent last, while it counts; None where there is none."""
        is_this = table.c.name == self._name(purpose, subject, bound_to)
        is_open = (table.c.expires_at > self._clock()) & (table.c.tries < MOST_TRIES)
        async with self._database.read() as connection:
            row = (await connection.execute(select(table).where(is_this, is_open))).first()
        if row is None:
            return None
        left = MOST_TRIES - row.tries
        return OpenCode(row.about, row.expires_at, left, row.proven_at is not None)

    async def give(self, purpose: str, subject: str, code: str, *, bound_to: str) -> Given:
        """Take a code back. Every try counts before it is looked at, so that no two at the same
        moment get in for one."""
        now = self._clock()
        tries = [(limit, f"{purpose} {subject}") for limit in CODE_TRIES]
        if await self._limits.refused_until(tries, now) is not None:
            return "too many"
        name = self._name(purpose, subject, bound_to)
        is_open = (
            (table.c.name == name)
            & (table.c.expires_at > now)
            & (table.c.tries < MOST_TRIES)
            & table.c.proven_at.is_(None)
        )
        counted = update(table).where(is_open).values(tries=table.c.tries + 1)
        async with self._database.begin() as connection:
            row = (await connection.execute(counted.returning(*table.c))).first()
            if row is None:
                return "gone"
            if not hmac.compare_digest(row.digest, code_digest(row.salt, name, code)):
                return "wrong" if row.tries < MOST_TRIES else "used up"
            # From now on it only shows that it was given: no code fits it any more.
            await connection.execute(
                update(table)
                .where(table.c.name == name)
                .values(proven_at=now, expires_at=now + WORKS_FOR, tries=0, digest="")
            )
        return "right"

    async def is_proven(self, purpose: str, subject: str, *, bound_to: str, about: str) -> bool:
        """Whether this was proved a moment ago, by this person and in this browser."""
        found = await self.find(purpose, subject, bound_to=bound_to)
        return found is not None and found.is_proven and found.about == about

    async def forget(self, purpose: str, subject: str, *, bound_to: str) -> None:
        """It counts no more: what it was for is done, or is not wanted any more."""
        async with self._database.begin() as connection:
            await connection.execute(
                delete(table).where(table.c.name == self._name(purpose, subject, bound_to))
            )

    def _name(self, purpose: str, subject: str, bound_to: str) -> str:
        parts = "\0".join((self._shop, purpose, subject, bound_to))
        return hashlib.sha256(parts.encode()).hexdigest()


def code_digest(salt: str, name: str, code: str) -> str:
    """What is kept of a code: a salted digest that is worth nothing under another name.

    salt: hexadecimal digits
    """
    return hmac.new(bytes.fromhex(salt), f"{name}:{code}".encode(), hashlib.sha256).hexdigest()
