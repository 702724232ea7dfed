"""States that are set by hand, so that a component can be looked at in every one of them.

Each is a subclass of the real state whose answers are simply given. Presses are counted in
`presses` and change nothing but what is on screen.
"""

from __future__ import annotations

from components.gallery.made_up.deliveries import (
    MadeUpDelivery,
    MadeUpSchedule,
    effect_of_skipping,
)
from components.gallery.made_up.memberships import MadeUpMembership
from components.gallery.made_up.nothing import NOTHING_OFFERED, SHOP_ZONE
from components.gallery.made_up.portals import MadeUpPortal
from components.gallery.made_up.questions import made_up_question
from components.gallery.made_up.retention import MadeUpRetention
from components.gallery.made_up.subscriptions import MadeUpSubscription

__all__ = [
    "NOTHING_OFFERED",
    "SHOP_ZONE",
    "MadeUpDelivery",
    "MadeUpMembership",
    "MadeUpPortal",
    "MadeUpRetention",
    "MadeUpSchedule",
    "MadeUpSubscription",
    "effect_of_skipping",
    "made_up_question",
]
