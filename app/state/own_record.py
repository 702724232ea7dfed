"""What our own record knows of a customer, beside the mirror."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.actions import is_hosted
from app.mirror import Snapshot

if TYPE_CHECKING:
    from app.state.portal import Portal


async def read_own_record(portal: Portal, snapshot: Snapshot) -> None:
    """Read all of it again: pauses, mails that were asked for, cards that are being added.

    snapshot: the records that are about to be shown
    """
    await portal.pauses.read()
    # Of the other payment methods there are no mails, and no query is made for them.
    if any(map(is_hosted, snapshot.payment_methods)):
        await portal.mails.read()
    await portal.cards.read()
