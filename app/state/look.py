"""Who of the shop's people looks as the customer, as the page tells it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class LookShown:
    """One look that is going on.

    name:       who looks, as they call themselves
    until:      when it ends at the latest, in the shop's zone
    may_change: whether they act on the customer's behalf, instead of only looking
    can_switch: whether they may from now on
    """

    name: str
    until: datetime
    may_change: bool = False
    can_switch: bool = False
