"""Which session owns which open page, and how many there may be."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress

import structlog
from nicegui import Client

from app.auth.errors import TooManyPages

_log = structlog.get_logger(__name__)

_BUILDING = 10.0
"""Seconds that a new page has to connect before it may be given up for another one."""


class OpenPages:
    """The pages of this process by NiceGUI's client id, each with the name of its session.

    `forget` is called with the name of a session that has no page any more.
    """

    def __init__(
        self, most_per_session: int, most: int, forget: Callable[[str], None] = lambda _: None
    ) -> None:
        self._most_per_session = most_per_session
        self._most = most
        self._forget_session = forget
        self._owners: dict[str, str] = {}

    def __len__(self) -> int:
        return len(self._owners)

    @property
    def sessions(self) -> set[str]:
        return set(self._owners.values())

    def owner(self, page: str) -> str | None:
        return self._owners.get(page)

    def of(self, session: str) -> list[str]:
        return [page for page, owner in self._owners.items() if owner == session]

    def own(self, client: Client, session: str) -> None:
        """Bind a page to its session.

        Raises:
            TooManyPages: there is no room for it; the page is deleted.
        """
        if not self.make_room(session):
            with suppress(RuntimeError):  # no loop, as in a plain test: nothing is left to clean
                asyncio.get_running_loop().call_soon(self.delete, client.id)
            raise TooManyPages("too many open pages")
        self._owners[client.id] = session
        client.on_delete(lambda: self._forget(client.id))

    def make_room(self, session: str) -> bool:
        """Whether there is room for one more page, if need be in place of an abandoned one."""
        mine = self.of(session)
        if len(mine) >= self._most_per_session and not self._let_go(mine, even_new=True):
            _log.warning("too many pages", scope="session")
            return False
        if len(self._owners) >= self._most and not self._let_go(list(self._owners)):
            _log.warning("too many pages", scope="process")
            return False
        return True

    def delete(self, page: str) -> None:
        """Delete a page with everything on it."""
        client = Client.instances.get(page)
        if client is not None:
            for document in list(client._delete_tasks):  # else it would be deleted a second time
                client._cancel_delete_task(document)
            client.delete()
        self._forget(page)

    def _let_go(self, pages: list[str], *, even_new: bool = False) -> bool:
        """Delete the oldest page that nobody looks at. Dictionaries keep the order of building.

        With `even_new` also one that was built a moment ago: somebody who reloads again and again
        leaves such pages behind, and must not lock themselves out with them.
        """
        for page in pages:
            client = Client.instances.get(page)
            if client is None or (
                not client.has_socket_connection
                and (
                    even_new
                    or client._pinned_tab_id is not None  # was open once
                    or time.time() - client.created > _BUILDING
                )
            ):
                self.delete(page)
                return True
        return False

    def _forget(self, page: str) -> None:
        session = self._owners.pop(page, None)
        if session is not None and session not in self._owners.values():
            self._forget_session(session)
