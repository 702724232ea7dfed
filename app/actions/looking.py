"""What the shop may do while it looks as a customer: nothing; or, on the customer's behalf, all
that needs no code from the customer's own mailbox."""

from __future__ import annotations

from app.actions.base import Action
from app.actions.errors import LooksOnly
from app.actions.principal import Acting, Principal
from app.actions.services import Services
from app.actions.situation import Situation
from app.i18n import say


def check_acting(services: Services, principal: Principal) -> None:
    """Whoever uses this session may change something.

    Raises:
        LooksOnly: it is the shop, which only looks.
    """
    if not principal.may_change:
        raise LooksOnly
    if principal.acting is Acting.BEHALF and not services.settings.support_may_change:
        raise LooksOnly("the setting for changes on a customer's behalf is off")


def check_on_behalf(principal: Principal, action: Action, situation: Situation) -> None:
    """On a customer's behalf nothing is done that needs a code from their mailbox. Nor is such a
    code asked for: whoever reads one out to a caller may be talking to anybody.

    Raises:
        LooksOnly: the customer has to do this.
    """
    if principal.acting is not Acting.BEHALF:
        return
    if action.needs_step_up(situation, principal.level) or action.proof is not None:
        raise LooksOnly(f"{action.name} needs a code of the customer's", notice=THEIRS_ALONE)


THEIRS_ALONE = say(
    "Only the customer can change this, since it needs a code from their own mailbox. Nothing was "
    "changed."
)
