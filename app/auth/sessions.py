"""Who is signed in: sessions that live on the server, named in the browser by one random cookie."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Row, and_, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.elements import ColumnElement

from app.actions import Acting, Level, Principal
from app.auth.cookies import Cookies
from app.auth.devices import Device, browser_and_system
from app.auth.secrets import digest, is_secret, new_secret
from app.auth.tables import sessions as table
from app.clock import Clock, utc_now
from app.database import Database
from app.meters import SIGN_INS
from app.settings import Settings

_log = structlog.get_logger(__name__)

MOST_PER_CUSTOMER = 5
"""Sessions one customer may have at a time; a further one ends the oldest."""

_TOUCH_EVERY = timedelta(seconds=60)
"""How exactly the last sign of life is kept: a write at every request would be too many."""


@dataclass(frozen=True, slots=True)
class Started:
    """A new session: its cookie, whose it is, and the names of the sessions that ended for it."""

    cookie: str
    principal: Principal
    ended: tuple[str, ...]


class Sessions:
    """Starts, reads and ends sessions.

    A session ends after `settings.session_idle_minutes` without a sign of life, after
    `settings.session_hours` in any case, at sign-out, and when the same customer starts a sixth.
    """

    def __init__(
        self,
        database: Database,
        settings: Settings,
        clock: Clock = utc_now,
        *,
        shop: str = "default",
    ) -> None:
        self._database = database
        self._clock = clock
        self._idle = timedelta(minutes=settings.session_idle_minutes)
        self._touch_every = min(_TOUCH_EVERY, self._idle / 10)
        self._longest = timedelta(hours=settings.session_hours)
        self._watchers: list[Callable[[str], Awaitable[None]]] = []
        self.shop = shop
        self.cookies = Cookies(settings.is_secure)

    def on_end(self, watcher: Callable[[str], Awaitable[None]]) -> None:
        """Call `watcher` with the session's name (`Principal.session`) when one is ended here."""
        self._watchers.append(watcher)

    async def start(
        self,
        customer_id: int,
        *,
        method: str,
        level: Level = Level.LINK,
        replacing: str | None = None,
        user_agent: str = "",
        acting: Acting = Acting.SELF,
        valid_for: timedelta | None = None,
        language: str = "",
        is_framed: bool = False,
    ) -> tuple[str, Principal]:
        """A new session, always under a new random id: the cookie's value and who it stands for.

        `replacing` is the cookie that the browser came with: that session ends, so that an id known
        before signing in is worth nothing afterwards. `user_agent` is what the browser says of
        itself, of which only its name and system are kept. `acting` is who uses it. `valid_for`
        ends it earlier than the settings do. `language` and `is_framed` are those of the shop's
        page around it.
        """
        async with self._database.begin() as connection:
            started = await self.add(
                connection,
                customer_id,
                method=method,
                level=level,
                replacing=replacing,
                user_agent=user_agent,
                acting=acting,
                valid_for=valid_for,
                language=language,
                is_framed=is_framed,
            )
        await self.announce(started)
        return started.cookie, started.principal

    async def add(
        self,
        connection: AsyncConnection,
        customer_id: int,
        *,
        method: str,
        level: Level = Level.LINK,
        replacing: str | None = None,
        user_agent: str = "",
        acting: Acting = Acting.SELF,
        valid_for: timedelta | None = None,
        language: str = "",
        is_framed: bool = False,
    ) -> Started:
        """`start` as a part of the caller's transaction; `announce` what it returns afterwards."""
        now = self._clock()
        secret = new_secret()
        browser, system = browser_and_system(user_agent)
        values = {
            "digest": digest(secret),
            "shop": self.shop,
            "customer_id": customer_id,
            "method": method,
            "level": int(level),
            "signed_in_at": now,
            "seen_at": now,
            "expires_at": now + min(self._longest, valid_for or self._longest),
            "browser": browser,
            "system": system,
            "acting": str(acting),
            "language": language,
            "is_framed": is_framed,
        }
        await connection.execute(delete(table).where(~self._is_live(now)))
        await connection.execute(insert(table).values(values))
        mine = (
            await connection.execute(
                select(table.c.digest)
                .where(self._is_of(customer_id), table.c.acting == str(acting))
                .order_by(*_last_to_end(level, is_framed))
            )
        ).scalars()
        replaced = digest(replacing) if replacing and is_secret(replacing) else ""
        others = [name for name in mine if name not in (values["digest"], replaced)]
        ended = [*others[MOST_PER_CUSTOMER - 1 :], *([replaced] if replaced else [])]
        await connection.execute(delete(table).where(table.c.digest.in_(ended)))
        return Started(secret, _principal(values), tuple(ended))

    async def remove(self, connection: AsyncConnection, session: str) -> bool:
        """End a session as a part of the caller's transaction; whether it was there to end."""
        found = await connection.execute(
            delete(table).where(table.c.digest == session).returning(table.c.digest)
        )
        return found.first() is not None

    async def announce(self, started: Started, *ended: str) -> None:
        """Tell of a session that was added, and close the pages of those that ended for it."""
        await self._tell([*started.ended, *ended])
        SIGN_INS.labels(started.principal.method).inc()
        _log.info("signed in", method=started.principal.method, level=int(started.principal.level))

    async def read(self, cookie: str | None, *, touch: bool = True) -> Principal | None:
        """Who the cookie stands for, or None. Reading is a sign of life unless `touch` is False."""
        if cookie is None or not is_secret(cookie):
            return None
        return await self._read(digest(cookie), touch)

    async def named(self, session: str, *, touch: bool = True) -> Principal | None:
        """Whose the session of that name (`Principal.session`) is, or None when it is over. For
        proofs of ours that stand for a session, such as a bearer; a browser brings the cookie."""
        return await self._read(session, touch)

    async def is_live(self, session: str, *, touch: bool = False) -> bool:
        """Whether the session of that name (`Principal.session`) is still running."""
        return await self._read(session, touch) is not None

    async def is_signed_in(self, principal: Principal) -> bool:
        """Whether the session of `principal` is still running, and still theirs."""
        found = await self._read(principal.session, touch=False)
        return found is not None and found.customer_id == principal.customer_id

    async def live(self, names: set[str]) -> set[str]:
        """Those of `names` whose sessions are running."""
        if not names:
            return set()
        query = select(table.c.digest).where(
            table.c.digest.in_(names), self._is_live(self._clock())
        )
        async with self._database.read() as connection:
            return set((await connection.execute(query)).scalars())

    async def end(self, session: str) -> None:
        """End the session of that name (`Principal.session`). Its open pages close."""
        async with self._database.begin() as connection:
            await self.remove(connection, session)
        await self._tell([session])
        _log.info("signed out")

    async def end_all(self, customer_id: int) -> int:
        """End every session of a customer, as when they or the merchant ask. Returns how many."""
        return await self._end_where(self._is_of(customer_id))

    async def devices(self, principal: Principal) -> list[Device]:
        """Where this customer is signed in: this session first, then those seen last."""
        mine = select(table).where(
            self._is_of(principal.customer_id),
            table.c.acting == str(Acting.SELF),
            self._is_live(self._clock()),
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(mine)).all()
        found = [
            Device(
                name=row.digest,
                browser=row.browser or "",
                system=row.system or "",
                method=row.method,
                first_seen=row.signed_in_at,
                last_seen=row.seen_at,
                is_here=row.digest == principal.session,
            )
            for row in rows
        ]
        return sorted(found, key=lambda one: (one.is_here, one.last_seen), reverse=True)

    async def end_device(self, principal: Principal, name: str) -> bool:
        """End one of this customer's sessions, by the name that `devices` gives. Whether it was
        there to end; another customer's never is."""
        is_this = table.c.digest == name
        return bool(await self._end_where(is_this & self._is_of(principal.customer_id)))

    async def end_others(self, principal: Principal) -> int:
        """End every session of this customer but the one that asks. Returns how many."""
        is_other = table.c.digest != principal.session
        return await self._end_where(is_other & self._is_of(principal.customer_id))

    async def _end_where(self, which: ColumnElement[bool]) -> int:
        async with self._database.begin() as connection:
            gone = await connection.execute(delete(table).where(which).returning(table.c.digest))
            ended = list(gone.scalars())
        await self._tell(ended)
        return len(ended)

    async def _read(self, name: str, touch: bool) -> Principal | None:
        now = self._clock()
        query = select(table).where(
            table.c.digest == name, table.c.shop == self.shop, self._is_live(now)
        )
        async with self._database.read() as connection:
            row = (await connection.execute(query)).first()
        if row is None:
            return None
        if touch and now - row.seen_at >= self._touch_every:
            async with self._database.begin() as connection:
                await connection.execute(
                    update(table).where(table.c.digest == name).values(seen_at=now)
                )
        return _principal(_mapping(row))

    def _is_live(self, now: datetime) -> ColumnElement[bool]:
        # The absolute limit is compared with the start as well, so that a shorter setting holds for
        # sessions that were started under a longer one.
        return and_(
            table.c.expires_at > now,
            table.c.signed_in_at > now - self._longest,
            table.c.seen_at > now - self._idle,
        )

    def _is_of(self, customer_id: int) -> ColumnElement[bool]:
        return (table.c.shop == self.shop) & (table.c.customer_id == customer_id)

    async def _tell(self, ended: list[str]) -> None:
        await asyncio.gather(*(watcher(name) for name in ended for watcher in self._watchers))


def _last_to_end(level: Level, is_framed: bool) -> tuple[ColumnElement[Any], ...]:
    """The order in which a customer's sessions stay when there is one too many. A frame begins one
    with each page of the shop that has no cookie, so it ends another frame's before that of a
    device where the customer has signed in. A link that works again and again, and that may have
    been passed on, ends such a link's first."""
    newest: tuple[ColumnElement[Any], ...] = (
        table.c.signed_in_at.desc(),
        table.c.seen_at.desc(),
    )
    if level < Level.CODE:
        newest = (table.c.level.desc(), *newest)
    return (table.c.is_framed, *newest) if is_framed else newest


def _mapping(row: Row[Any]) -> dict[str, Any]:
    return dict(row._mapping)


def _principal(values: Mapping[str, Any]) -> Principal:
    return Principal(
        shop=values["shop"],
        customer_id=values["customer_id"],
        method=values["method"],
        signed_in_at=values["signed_in_at"],
        level=Level(values["level"]),
        session=values["digest"],
        acting=Acting(values["acting"]),
        language=values["language"] or "",
        is_framed=values["is_framed"],
    )
