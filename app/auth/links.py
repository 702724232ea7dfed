"""Sign-in links that were asked for and sent by e-mail: single use, for minutes.

The code beside a link in its mail is the other way to use it up: see `app.auth.sign_in_codes`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from sqlalchemy import ColumnElement, select, update

from app.actions import Level
from app.auth.limits import LINKS_PER_ADDRESS, LINKS_PER_NETWORK, Limit, Limits, network
from app.auth.mailed_links import LinkState, MailedLinks, state_of
from app.auth.secrets import digest, is_secret
from app.auth.sessions import Sessions
from app.auth.tables import sign_in_links as table
from app.clock import Clock, utc_now
from app.database import Database
from app.settings import Settings

_log = structlog.get_logger(__name__)

MAILS_IN_ALL: Final = (Limit("sign-in mails in all, hour", 5_000, timedelta(hours=1)),)
"""How many sign-in mails go out, to all customers together. Only what is really sent counts, so
that nobody closes this door by asking with addresses that are made up."""

SECOND_PRESS: Final = timedelta(seconds=10)
"""A double press sends the form twice, and the browser throws the first answer away, cookie and
all. Within this time of the first press the browser that used the link gets its session anew;
nobody else does."""


@dataclass(frozen=True, slots=True)
class FoundLink:
    """A link as it stands now. For an unknown one all but the state is empty."""

    state: LinkState
    customer_id: int | None = None
    email: str = ""
    target: str = "/"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A link that was used just now: the new session's cookie, and where to go on to."""

    cookie: str
    target: str


class SignInLinks:
    """Makes, looks up and uses sign-in links. Only a digest of each is kept."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        sessions: Sessions,
        clock: Clock = utc_now,
    ) -> None:
        self._database = database
        self._sessions = sessions
        self._clock = clock
        self._limits = Limits(database)
        self._rows = MailedLinks(database, table, sessions.shop)
        self.minutes = settings.sign_in_link_minutes

    async def refused_until(self, email: str, host: str) -> datetime | None:
        """Count one more wish for a mail to `email` (normalised) from the network of `host`.

        None, or the moment from which asking helps again. Known and unknown addresses count alike,
        so the answer tells nothing about who is a customer.
        """
        now = self._clock()
        until = await self._limits.reached_until([(limit, "") for limit in MAILS_IN_ALL], now)
        if until is not None:
            _log.error("no sign-in mail is sent: there were too many in all")
            return until
        return await self._limits.refused_until(
            [(limit, network(host)) for limit in LINKS_PER_NETWORK]
            + [(limit, email) for limit in LINKS_PER_ADDRESS],
            now,
        )

    async def issue(
        self,
        customer_id: int | None,
        *,
        email: str,
        target: str = "/",
        secret: str = "",
        **code: Any,
    ) -> str:
        """A new link's secret. It is returned once and kept nowhere.

        customer_id: whose it is; None while nobody has looked
        code:        the columns of the code that goes with it: see `SignInCodes.issue`
        """
        return await self._rows.add(
            customer_id,
            self._clock(),
            timedelta(minutes=self.minutes),
            secret=secret,
            email=email,
            target=target,
            **code,
        )

    async def give_to(self, secret: str, customer_id: int | None, email: str) -> None:
        """Say whose a link is, once somebody has looked. Known and unknown addresses take the same
        statement, but the address of a stranger is not kept."""
        whose = {"customer_id": customer_id, "email": email if customer_id is not None else ""}
        async with self._database.begin() as connection:
            await connection.execute(update(table).where(self._rows.is_of(secret)).values(**whose))

    async def count_mail(self) -> None:
        """One more mail goes out."""
        await self._limits.count([(limit, "") for limit in MAILS_IN_ALL], self._clock())

    async def find(self, secret: str) -> FoundLink:
        """What a link is worth at this moment. Looking changes nothing."""
        row = await self._rows.row(secret)
        if row is None or row.customer_id is None:
            return FoundLink(LinkState.UNKNOWN)
        state = state_of(row, self._clock())
        return FoundLink(state, row.customer_id, row.email, row.target)

    async def use(
        self, secret: str, *, visitor: str, replacing: str | None = None, user_agent: str = ""
    ) -> SignedIn | None:
        """Use a link and start its session; None when it is not good any more.

        `visitor` is the browser's cookie from before signing in, `replacing` the session cookie it
        came with. At most one session of a link is live: a second press ends the first one's, and
        is nothing once that one has ended, as by signing out.
        """
        if not is_secret(secret):
            return None
        return await self._use(self._rows.is_of(secret), "link", visitor, replacing, user_agent)

    async def use_by_code(
        self, name: str, *, visitor: str, replacing: str | None = None, user_agent: str = ""
    ) -> SignedIn | None:
        """As `use`, for who has given the code beside the link instead.

        name: of the link, as `SignInCodes.give` tells it
        """
        return await self._use(self._rows.is_named(name), "code", visitor, replacing, user_agent)

    async def _use(
        self,
        is_this: ColumnElement[bool],
        method: str,
        visitor: str,
        replacing: str | None,
        user_agent: str,
    ) -> SignedIn | None:
        browser = digest(visitor)
        async with self._database.begin() as connection:
            # Locked until the end: of presses at the same moment each sees what the last one did.
            link = (
                await connection.execute(select(table).where(is_this).with_for_update())
            ).first()
            now = self._clock()
            if link is None or link.customer_id is None or link.expires_at <= now:
                return None
            if link.used_at is not None and not (
                link.used_by == browser
                and link.used_at > now - SECOND_PRESS
                and await self._sessions.remove(connection, link.session)
            ):
                return None
            started = await self._sessions.add(
                connection,
                link.customer_id,
                method=method,
                level=Level.CODE,
                replacing=replacing,
                user_agent=user_agent,
            )
            await connection.execute(
                update(table)
                .where(is_this)
                .values(
                    used_at=link.used_at or now,
                    used_by=browser,
                    session=started.principal.session,
                )
            )
        await self._sessions.announce(started, *([link.session] if link.session else []))
        return SignedIn(started.cookie, link.target)
