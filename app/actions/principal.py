"""Who is signed in, and how sure we are of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Final


class Level(IntEnum):
    """How well the customer has proved who they are. A higher level may do what a lower one may."""

    LINK = 1
    """Came by a link: it may have been forwarded, or lie in a mailbox for hours."""
    CODE = 2
    """Proved a moment ago that the mailbox is theirs, or came from the shop's own sign-in."""


STEP_UP: Final = "it is you"
"""What a code from the customer's own mailbox proves for a while: see `Services.is_proven`."""


class Acting(StrEnum):
    """Who sits at the keyboard of a customer's session."""

    SELF = "customer"
    LOOKING = "merchant looking"
    """The shop looks at what the customer sees, and changes nothing."""
    BEHALF = "merchant"
    """The shop acts on the customer's behalf."""


@dataclass(frozen=True, slots=True)
class Principal:
    """The customer of one session.

    `method` is the way in, in words for the activity record ("link", "theme token").
    `session` is a hash that names the session; it is never the secret itself.
    `acting` is who uses it. `language` is that of the shop's page around it, as a BCP 47 tag; empty
    for the portal's own. `is_framed` says that it lives in a frame of that page.
    """

    shop: str
    customer_id: int
    method: str
    signed_in_at: datetime
    level: Level
    session: str
    acting: Acting = Acting.SELF
    language: str = ""
    is_framed: bool = False

    @property
    def may_change(self) -> bool:
        """Whether anything at all may be changed in this session."""
        return self.acting is not Acting.LOOKING
