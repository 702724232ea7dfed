"""What was done on this page, for who wants to hear of it: the shop's page around it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import structlog

from app.actions import Action

_log = structlog.get_logger(__name__)

EVENTS: Final[Mapping[str, tuple[str, ...]]] = {
    "skipped": ("skip delivery",),
    "put-back": ("put back delivery",),
    "gifted": ("skip and gift",),
    "rescheduled": (
        "align dates",
        "delay delivery",
        "delay prepaid delivery",
        "delay subscription",
        "deliver subscription once",
        "move delivery",
        "move subscription",
        "move subscription once",
        "put prepaid delivery back",
    ),
    "paused": ("pause subscription",),
    "resumed": ("resume subscription",),
    "ordered": ("order now",),
    "subscribed": ("add subscription",),
    "swapped": ("change variant", "swap back", "swap product", "swap with rhythm"),
    "quantity-changed": ("change quantity", "change several quantities"),
    "rhythm-changed": ("change rhythm", "change several rhythms", "rhythm back"),
    "bundle-changed": ("change bundle",),
    "added": ("add one-time product", "buy again"),
    "removed": ("remove new subscription", "remove one-time product"),
    "discount-changed": (
        "apply discount",
        "apply discount to all",
        "remove discount",
        "remove discount from all",
        "replace discount",
    ),
    "cancelled": (
        "cancel membership",
        "cancel several subscriptions",
        "cancel subscription",
        "cancel subscriptions and memberships",
    ),
    "withdrawn": ("withdraw from several subscriptions", "withdraw from subscription"),
    "reactivated": (
        "reactivate membership",
        "reactivate several subscriptions",
        "reactivate subscription",
        "start several again",
    ),
    "address-changed": (
        "add address",
        "change delivery note",
        "delete address",
        "edit address",
        "merge addresses",
        "move all to address",
        "move several to address",
        "move to address",
        "move to new address",
        "one-time product to address",
        "send elsewhere once",
    ),
    "profile-changed": ("change email", "change name", "change phone"),
    "payment-changed": (
        "add card",
        "add payment method",
        "edit billing address",
        "give card",
        "give card to several",
        "mail to update payment method",
        "make default",
        "remove card",
        "replace card",
        "use backup payment",
        "use credit",
    ),
    "changed": ("change one-time product", "take back", "try the rest"),
}
"""The events by which the shop's page is told (``doorstep:skipped``), with the actions behind each.
An action of an extension, which stands nowhere here, is told as ``changed``."""

_EVENT_OF: Final = {action: event for event, actions in EVENTS.items() for action in actions}


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that was done.

    event:  one of `EVENTS`
    action: the action's name
    about:  what was written to, such as "subscription 301"
    """

    event: str
    action: str
    about: str


class Deeds:
    """Tells of what was done on one page."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[Deed], None]] = []

    def follow(self, listener: Callable[[Deed], None]) -> None:
        """Call `listener` after each deed, while the page is open."""
        self._listeners.append(listener)

    def tell(self, action: Action | None) -> None:
        """This was done; None where nobody knows any more what it was."""
        name = action.name if action else ""
        deed = Deed(_EVENT_OF.get(name, "changed"), name, action.object if action else "")
        for listener in self._listeners:
            try:
                listener(deed)
            except Exception:  # what the shop's page hears must not keep the customer from it
                _log.exception("a listener failed")
