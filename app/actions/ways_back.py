"""How long a change can be taken back, and by what."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from app.actions.base import Action
from app.actions.claim import Claim
from app.actions.errors import SwitchedOff
from app.actions.situation import Situation

if TYPE_CHECKING:
    from app.actions.services import Services


def offered(inverse: Action | None, after: Situation) -> Action | None:
    """This way back, unless the merchant does not offer it: then there is none to be shown.

    after: the situation that it is to be taken back from
    """
    if inverse is not None:
        try:
            inverse.check_offered(after)
        except SwitchedOff:
            return None
    return inverse


def undo_ends(services: Services, inverse: Action, situation: Situation) -> datetime:
    """The last moment at which this way back is open."""
    until = services.clock() + services.settings.undo_for
    last = inverse.possible_until(situation)
    return min(until, last.astimezone(until.tzinfo)) if last else until


def with_late_inverse(
    services: Services, claim: Claim, before: Situation, after: Situation
) -> tuple[Claim, Action | None]:
    """The claim with a way back that is known only after the write, and that way back."""
    if claim.inverse is not None or claim.action is None:
        return claim, None
    inverse = offered(claim.action.inverse_after(before, after), after)
    if inverse is None:
        return claim, None
    until = undo_ends(services, inverse, after)
    return replace(claim, inverse=inverse, undo_until=until), inverse
