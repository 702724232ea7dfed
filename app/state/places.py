"""Which pages the merchant shows.

What is switched off is not there: no link leads to it, its address is answered as one that leads
nowhere, and so are the files that hold the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from app.mirror import Shop

if TYPE_CHECKING:
    from app.state.portal import Portal

SCHEDULE: Final = "/schedule"
SUBSCRIPTIONS: Final = "/subscriptions"
MEMBERSHIPS: Final = "/memberships"
ORDERS: Final = "/orders"
ACCOUNT: Final = "/account"
ADDRESSES: Final = "/addresses"
PAYMENT_METHODS: Final = "/payment-methods"
ACTIVITY: Final = "/activity"
CREDIT: Final = "/credit"

_OF_ACCOUNT: Final = frozenset({ADDRESSES, PAYMENT_METHODS, ACTIVITY, CREDIT})

SWITCH_OF: Final[Mapping[str, str]] = {
    SCHEDULE: "view_order_schedule",
    SUBSCRIPTIONS: "view_subscriptions",
    MEMBERSHIPS: "view_memberships",
    CREDIT: "show_credits",
    PAYMENT_METHODS: "view_recharge_payment_methods",
}
"""The merchant's switch (`app.mirror.SWITCHES`) for a page and all under its address. Pages that
are not here are always shown."""


_WAY_OUT: Final = re.compile(r"/subscriptions/[^/]+/cancel(/.*)?")


def chapter(path: str) -> str:
    """The address of the part of the portal that an address of ours belongs to: what the navigation
    marks as being on screen."""
    top = "/" + path.strip("/").partition("/")[0]
    return ACCOUNT if top in _OF_ACCOUNT else top


def is_shown(path: str, shop: Shop) -> bool:
    """Whether the merchant shows what is at this address of ours. The ways out of subscriptions are
    always there."""
    if _WAY_OUT.fullmatch(path):
        return True
    switch = SWITCH_OF.get("/" + path.strip("/").partition("/")[0])
    return switch is None or shop.allows(switch)


def shows(portal: Portal, path: str) -> bool:
    """Whether a customer's page shows what is at this address. While nothing is known of the shop,
    it does: the page then says that it is loading, or why it cannot be shown."""
    return portal.snapshot is None or is_shown(path, portal.snapshot.shop)
