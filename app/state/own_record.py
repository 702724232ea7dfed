"""What our own record knows of a customer, beside the mirror."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.state.portal import Portal


async def read_own_record(portal: Portal) -> None:
    """Read all of it again: pauses, mails that were asked for, cards that are being added."""
    for part in (portal.pauses, portal.mails, portal.cards):
        await part.read()
