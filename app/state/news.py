"""Taking up what changes the customer's records elsewhere."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.state.portal import Portal


class News:
    """Has the page read again when the mirror changes: one task, however often it changes
    meanwhile."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        self._leave: Callable[[], None] | None = None
        self._following: asyncio.Task[None] | None = None
        self._is_any = False

    @property
    def is_followed(self) -> bool:
        """Whether the page is open."""
        return self._leave is not None

    def follow(self) -> None:
        """Begin. Twice is once."""
        if self._leave is None:
            changes, principal = self._portal.services.mirror.changes, self._portal.principal
            self._leave = changes.subscribe(principal.customer_id, self._come)

    def close(self) -> None:
        """The page is gone."""
        if self._leave is not None:
            self._leave()
            self._leave = None
        if self._following is not None:
            self._following.cancel()

    def _come(self) -> None:
        self._is_any = True
        if self._following is None or self._following.done():
            self._following = asyncio.create_task(self._follow())

    async def _follow(self) -> None:
        while self._is_any:
            self._is_any = False
            if self._portal.status == "ready":
                await self._portal.read_again()
