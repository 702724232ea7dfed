"""The secret address at which the customer's own calendar fetches their deliveries."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Literal, Protocol

from app.actions import Acting, Level, Principal
from app.state.base import State


class Feed(Protocol):
    """What is known of an address. The secret in it is not."""

    @property
    def made_at(self) -> datetime: ...

    @property
    def last_used_at(self) -> datetime | None: ...


class Feeds(Protocol):
    """Who makes and keeps the addresses: `app.auth.CalendarFeeds`."""

    async def find(self, principal: Principal) -> Feed | None: ...

    async def make(self, principal: Principal) -> str: ...

    async def revoke(self, principal: Principal) -> None: ...


class CalendarFeedState(State):
    """The customer's calendar address. Nothing is read before `open`.

    status:  "unknown" before it has been looked up, then "none" or "there"
    feed:    what is known of the address that is there
    address: the whole address, right after it was made; it cannot be told again
    """

    def __init__(
        self,
        feeds: Feeds,
        principal: Principal,
        origin: str,
        is_sure: Callable[[], Awaitable[bool]] | None = None,
    ) -> None:
        """`is_sure` asks who came by a link for a code: `StepUpState.is_sure`. Without it they make
        no address."""
        super().__init__()
        self._is_sure = is_sure
        self._feeds = feeds
        self._principal = principal
        self._origin = origin
        self.status: Literal["unknown", "none", "there"] = "unknown"
        self.feed: Feed | None = None
        self.address: str | None = None

    @property
    def may_change(self) -> bool:
        """Whether it is the customer who is here: the address is a secret of theirs."""
        return self._principal.acting is Acting.SELF

    @property
    def webcal(self) -> str | None:
        """The address as calendar programs are told to follow it, right after it was made."""
        return "webcal:" + self.address.partition(":")[2] if self.address else None

    async def open(self) -> None:
        """Look up whether there is one."""
        self.feed = await self._feeds.find(self._principal)
        self.status = "there" if self.feed else "none"
        self.changed.emit()

    async def make(self) -> None:
        """Make a new address. One from before stops working.

        It outlives the session, so it takes more than a link that may have been passed on.
        """
        if not self.may_change:
            return
        if self._principal.level < Level.CODE and not (self._is_sure and await self._is_sure()):
            return
        secret = await self._feeds.make(self._principal)
        self.address = f"{self._origin}/calendar/{secret}.ics"
        await self.open()

    async def revoke(self) -> None:
        """The address stops working."""
        if not self.may_change:
            return
        await self._feeds.revoke(self._principal)
        self.address = None
        await self.open()
