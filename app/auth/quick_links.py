"""Quick links: one thing done from a mail, without signing in.

The link is its own proof, signed by us: see `app.auth.link_tokens`. It opens one page with one
button, starts no session and sets no cookie, and is pressed once. Opening it changes nothing,
however often a mail program or a scanner does so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from app.actions import Action, Level, Principal
from app.actions.listed import Listed
from app.auth.link_tokens import LinkSigner, QuickLink
from app.auth.new_address import changed_at
from app.auth.tables import quick_links as table
from app.clock import Clock, utc_now
from app.database import Database

METHOD: Final = "quick link"
"""The way in, as the activity record has it."""
_KEPT: Final = timedelta(days=3)
"""How long the record of a press is kept at the least: longer than anything can be undone. Until
the link itself ends it is kept in any case."""


@dataclass(frozen=True, slots=True)
class Press:
    """The press of a link's button, as it stands now.

    link:        the link's name
    action:      what it came to; None where this release has no such action any more
    attempt:     how many presses were let through so far
    pressed_at:  when the last of them was, unless nothing came of it
    activity_id: what it became in the record, as far as that is known
    """

    link: str
    action: Action | None
    attempt: int
    pressed_at: datetime | None
    activity_id: str | None

    @property
    def key(self) -> str:
        """The idempotency key of the press that was let through last."""
        return f"quick-{self.link[:40]}-{self.attempt}"


class QuickLinks:
    """Reads links, and remembers which were pressed."""

    def __init__(
        self,
        database: Database,
        signer: LinkSigner,
        clock: Clock = utc_now,
        *,
        shop: str = "default",
    ) -> None:
        self._database = database
        self._signer = signer
        self._clock = clock
        self._shop = shop
        self._acting: Counter[tuple[str, int]] = Counter()

    def read(self, token: str) -> QuickLink | None:
        """See `LinkSigner.read`. It costs no look into the database."""
        return self._signer.read(token)

    async def find(self, token: str) -> QuickLink | None:
        """As `read`; but None too for one that was mailed before its customer's e-mail address was
        changed: who reads the mailbox from before may be somebody else."""
        link = self.read(token)
        if link is None:
            return None
        changed = await changed_at(self._database, self._shop, link.wish.customer)
        return link if changed is None or link.made_at >= changed else None

    async def press_of(self, link: QuickLink) -> Press | None:
        """The press of a link; None where it was never pressed."""
        query = select(table).where(table.c.name == link.name, table.c.shop == self._shop)
        async with self._database.read() as connection:
            row = (await connection.execute(query)).first()
        return _press(row) if row is not None else None

    async def take(self, link: QuickLink, action: Action, seen: Press | None) -> Press | None:
        """Let one press through; None where another one was, since `seen` was looked up, or where
        the link has ended."""
        now = self._clock()
        if link.is_over or now >= link.expires_at:
            return None
        insert: Any = sqlite.insert if self._database.is_sqlite else postgresql.insert
        values = {
            "action": Listed.of(action).model_dump(mode="json"),
            "pressed_at": now,
            "activity_id": None,
        }
        first = insert(table).values(
            name=link.name,
            shop=self._shop,
            customer_id=link.wish.customer,
            attempt=1,
            kept_until=max(link.expires_at, now + _KEPT),
            **values,
        )
        # One statement takes it, so that of two processes only one can.
        is_as_seen = table.c.attempt == (seen.attempt if seen else 0)
        taken = first.on_conflict_do_update(
            index_elements=["name"],
            set_={**values, "attempt": table.c.attempt + 1},
            where=is_as_seen,
        ).returning(*table.c)
        async with self._database.begin() as connection:
            await connection.execute(delete(table).where(table.c.kept_until <= now))
            row = (await connection.execute(taken)).first()
        return _press(row) if row is not None else None

    async def give_back(self, press: Press) -> None:
        """Nothing came of the press: the link is as good as before."""
        await self._set(press, pressed_at=None)

    async def came_to(self, press: Press, activity_id: str) -> None:
        """Remember what the press became in the record."""
        await self._set(press, activity_id=activity_id)

    @contextmanager
    def acting(self, link: QuickLink) -> Iterator[Principal]:
        """Whoever holds the link, for the one thing that it is for, and for as long as this lasts:
        no session stands behind it."""
        who = link.name, link.wish.customer
        self._acting[who] += 1
        try:
            yield Principal(
                shop=self._shop,
                customer_id=link.wish.customer,
                method=METHOD,
                signed_in_at=link.made_at,
                level=Level.LINK,
                session=link.name,
            )
        finally:
            self._acting[who] -= 1
            if not self._acting[who]:
                del self._acting[who]

    async def is_live(self, principal: Principal) -> bool:
        """Whether `principal` is that of a link that is being looked at or pressed right now.

        A session is never taken for a link, nor a link for a session: neither is among the other's.
        """
        is_link = principal.method == METHOD and principal.level is Level.LINK
        return is_link and (principal.session, principal.customer_id) in self._acting

    async def _set(self, press: Press, **values: object) -> None:
        is_same = (table.c.name == press.link) & (table.c.attempt == press.attempt)
        async with self._database.begin() as connection:
            await connection.execute(update(table).where(is_same).values(**values))


def _press(row: Row[Any]) -> Press:
    try:
        action = Listed.model_validate(row.action).restored()
    except LookupError:
        action = None
    return Press(row.name, action, row.attempt, row.pressed_at, row.activity_id)
