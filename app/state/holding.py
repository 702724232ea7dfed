"""How long a notice holds: it must not go on saying what is no longer so."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.actions import Action

if TYPE_CHECKING:
    from app.state.portal import Portal

Holds = Callable[[], bool]
"""Whether a notice still holds, asked at every change of the records."""


def while_done(portal: Portal, action: Action | None) -> Holds | None:
    """What was done is still so: a merchant, or the customer in another tab, may take it back."""
    if action is None:
        return None
    return lambda: action.holds(portal.services.situation(portal.confirmed))


def while_refused(portal: Portal, action: Action) -> Holds:
    """What stood in the way still does, as far as the customer can see it."""
    revision = action.revision(portal.situation)
    return lambda: action.revision(portal.situation) == revision
