"""The codes that stand beside the links in sign-in mails: typed instead of opening the link.

Each belongs to the browser that asked for the mail, and to the address that it went to. All that
have not expired work: who has asked twice may type either. ASVS 5.0, 6.5.1 to 6.5.5 and 6.6.3: used
once, random, kept as a salted digest, good for ten minutes and for five tries.

A mail is asked for and a code is given in the same way, with the same statements, whether somebody
has the address or nobody: the row of a stranger's mail has a code as well, which nobody is told.

Six digits and five tries hold for one account. Whoever asks for mails to a hundred thousand
addresses tries a hundred thousand accounts at once, so what fails is counted over all of them:
beyond `FAILED_TRIES` codes have eight signs, and short ones that are on their way count no more.
The links beside them go on working, and nobody is locked out.
"""

from __future__ import annotations

import hmac
import re
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from sqlalchemy import Row, and_, or_, select, update
from sqlalchemy.sql.elements import ColumnElement

from app.auth.codes import DIGITS, MOST_TRIES, WORKS_FOR, code_digest
from app.auth.limits import Limit, Limits
from app.auth.links import SECOND_PRESS, SignInLinks
from app.auth.secrets import digest, new_secret
from app.auth.sessions import Sessions
from app.auth.tables import sign_in_links as table
from app.clock import Clock, utc_now
from app.database import Database

LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""What long codes are made of: no sign that is easily taken for another one, and no word."""
LONG: Final = 8
"""Signs of a long code: 6.5e11 of them, so that no number of tries gets near."""

_SHAPE: Final = re.compile(rf"[0-9]{{{DIGITS}}}|[{LETTERS}]{{{LONG}}}")

FAILED_TRIES: Final = (
    Limit("failed codes in all, hour", 300, timedelta(hours=1)),
    Limit("failed codes in all, day", 1_500, timedelta(days=1)),
)
"""How many tries may fail, over all addresses, while codes are short. At one in a million for each,
that is one account in 670 days of attack. Each code that a try is compared with counts."""

GivenCode = Literal["right", "wrong", "misshapen", "used up", "gone", "withdrawn"]
"""What came of giving a code: `misshapen` where no code looks like this, which is no try; `used up`
by this last wrong one; `gone` where there is none any more; `withdrawn` where short codes count no
more."""


@dataclass(frozen=True, slots=True)
class SignInMail:
    """What goes into one mail: the secret of its link, and its code. Neither is kept."""

    link: str
    code: str


@dataclass(frozen=True, slots=True)
class CodeTry:
    """What came of giving a code.

    tries_left:  wrong ones before a new code is needed
    link:        where it was right, the name of the link beside it, for `SignInLinks.use_by_code`
    customer_id: and whose it is
    """

    given: GivenCode
    tries_left: int = 0
    link: str = ""
    customer_id: int = 0


class SignInCodes:
    """Makes the codes of sign-in mails, and takes them back."""

    def __init__(
        self,
        database: Database,
        sessions: Sessions,
        links: SignInLinks,
        clock: Clock = utc_now,
    ) -> None:
        self._database = database
        self._links = links
        self._clock = clock
        self._limits = Limits(database)
        self._shop = sessions.shop
        self.minutes = min(int(WORKS_FOR.total_seconds()) // 60, links.minutes)

    async def issue(self, email: str, *, visitor: str, target: str = "/") -> SignInMail:
        """A new link with its code, before anybody has looked whose address it is.

        visitor: the cookie of the browser that asks, from before signing in
        """
        length = LONG if await self._is_under_attack() else DIGITS
        signs = LETTERS if length == LONG else "0123456789"
        code = "".join(secrets.choice(signs) for _ in range(length))
        link, salt = new_secret(), secrets.token_hex(32)
        await self._links.issue(
            None,
            email="",  # kept with the customer, when there turns out to be one
            target=target,
            secret=link,
            visitor_digest=digest(visitor),
            mailbox=_mailbox(email),
            code_salt=salt,
            code_digest=code_digest(salt, digest(link), code),
            code_length=length,
        )
        return SignInMail(link, code)

    async def find(self, email: str, *, visitor: str) -> int | Literal["gone", "withdrawn"]:
        """How many signs the code has that this browser may give; or why there is none."""
        async with self._database.read() as connection:
            rows = (await connection.execute(self._open(email, visitor))).all()
        return await self._state(rows)

    async def give(self, code: str, email: str, *, visitor: str) -> CodeTry:
        """Take a code back. Every try counts before it is looked at, so that no two at the same
        moment get in for one; and for every code that it could be."""
        given = _tidied(code)
        if not _SHAPE.fullmatch(given):
            return CodeTry("misshapen")
        least = LONG if await self._is_under_attack() else DIGITS
        async with self._database.begin() as connection:
            # Locked in one order, or two tries could wait for one another.
            asked = self._open(email, visitor).order_by(table.c.digest).with_for_update()
            rows = (await connection.execute(asked)).all()
            tried = [row for row in rows if row.code_length >= least]
            await connection.execute(
                update(table)
                .where(table.c.digest.in_([row.digest for row in tried]))
                .values(code_tries=table.c.code_tries + 1)
            )
        if not tried:
            return CodeTry("withdrawn" if rows else "gone")
        fitting = [row for row in tried if _fits(row, given)]  # all of them, in the same time
        for row in fitting:
            if row.customer_id is not None:
                return CodeTry("right", link=row.digest, customer_id=row.customer_id)
        await self._count_failures(len(tried))
        left = MOST_TRIES - 1 - min(row.code_tries for row in tried)
        return CodeTry("wrong" if left else "used up", tries_left=left)

    def _open(self, email: str, visitor: str) -> Any:
        now, browser = self._clock(), digest(visitor)
        return select(table).where(
            table.c.shop == self._shop,
            table.c.visitor_digest == browser,
            table.c.mailbox == _mailbox(email),
            table.c.created_at > now - WORKS_FOR,
            table.c.expires_at > now,
            table.c.code_tries < MOST_TRIES,
            _is_unused(browser, now),
        )

    async def _state(self, rows: Sequence[Row[Any]]) -> int | Literal["gone", "withdrawn"]:
        if not rows:
            return "gone"
        longest: int = max(row.code_length for row in rows)
        return longest if longest == LONG or not await self._is_under_attack() else "withdrawn"

    async def _is_under_attack(self) -> bool:
        checks = [(limit, "") for limit in FAILED_TRIES]
        return await self._limits.reached_until(checks, self._clock()) is not None

    async def _count_failures(self, number: int) -> None:
        await self._limits.count(
            [(limit, "") for limit in FAILED_TRIES], self._clock(), number=number
        )


def _is_unused(browser: str, now: datetime) -> ColumnElement[bool]:
    """Not used up; or a moment ago, by a press of which this is the second."""
    second = and_(table.c.used_by == browser, table.c.used_at > now - SECOND_PRESS)
    return or_(table.c.used_at.is_(None), second)


def _mailbox(email: str) -> str:
    return digest(email.strip().casefold())


def _fits(row: Row[Any], given: str) -> bool:
    return hmac.compare_digest(row.code_digest, code_digest(row.code_salt, row.digest, given))


def _tidied(text: str) -> str:
    """What was typed or pasted, without spaces and dashes, digits of any script as ours."""
    plain = unicodedata.normalize("NFKC", text).upper()
    return "".join(
        str(unicodedata.decimal(sign)) if sign.isdecimal() else sign
        for sign in plain
        if sign.isalnum()
    )
