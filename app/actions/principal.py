"""Who is signed in, and how sure we are of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum


class Level(IntEnum):
    """How well the customer has proved who they are. A higher level may do what a lower one may."""

    LINK = 1
    """Came by a link: it may have been forwarded, or lie in a mailbox for hours."""
    CODE = 2
    """Proved a moment ago that the mailbox is theirs, or came from the shop's own sign-in."""


@dataclass(frozen=True, slots=True)
class Principal:
    """The signed-in customer of one session.

    `method` is the way in, in words for the activity record ("link", "theme token").
    `session` is a hash that names the session; it is never the secret itself.
    """

    shop: str
    customer_id: int
    method: str
    signed_in_at: datetime
    level: Level
    session: str
