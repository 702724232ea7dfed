"""Records that are new enough to decide by."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import structlog

from app.mirror import MirrorError, Noun
from app.recharge import Priority, RechargeError

if TYPE_CHECKING:
    from app.state.portal import Portal

_log = structlog.get_logger(__name__)

REFRESHED: Final = tuple(noun.value for noun in Noun if noun is not Noun.ORDERS)
"""What is read from Recharge when the customer asks for the newest."""
FRESH: Final = timedelta(minutes=1)
"""Records that are older are read again before a customer decides by them."""
PATIENCE: Final = 4.0
"""Seconds that a page waits for them. A slow answer must not stand between a customer and the end:
then what is known has to do, and the write checks again."""


class Fresh:
    """Reads records again where they are old: a merchant may have changed something meanwhile."""

    def __init__(self, portal: Portal, *nouns: str) -> None:
        self._portal = portal
        self._nouns = nouns
        self._read_at: datetime | None = None

    async def read(self) -> None:
        """With a call for each noun, or none where they are new. A failure changes nothing."""
        portal, now = self._portal, self._portal.services.clock()
        read_at = max(self._read_at or portal.records.loaded_at, portal.records.loaded_at)
        if now - read_at <= FRESH:
            return
        try:
            async with asyncio.timeout(PATIENCE):
                mine = portal.services.mirror.customer(portal.principal.customer_id)
                await mine.refresh(*self._nouns, priority=Priority.MISS)
        except (TimeoutError, RechargeError, MirrorError) as error:
            _log.warning("records could not be read before a decision", error=str(error))
            return
        self._read_at = now
        await portal.read_again()
