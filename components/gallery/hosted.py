"""Examples of what only a payment service can change, and of the mail that leads there."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from app.actions import Change, Effect, Preview
from app.i18n import say
from app.state import HostedUpdateState, State, UpdateMailQuestion
from app.state.hosted_update import Stage
from components.gallery.example import Example
from components.gallery.made_up import made_up_question
from components.gallery.made_up.nothing import NOTHING_OFFERED, evening_before
from components.gallery.samples import DAY
from components.hosted_update import HostedUpdate, UpdateMailDialog

_EMAIL = "mara.lindqvist@example.com"


class MadeUpHostedUpdate(HostedUpdateState):
    """How it stands with a mail, as given."""

    stage: Stage = "none"
    email = _EMAIL
    shop = "Northbound Coffee & Pantry"
    contact = "hello@northbound.example"
    is_shown = True
    can_ask = True
    asked_at: datetime | None = None
    again_at: datetime | None = None

    def __init__(self, stage: Stage, **values: Any) -> None:
        State.__init__(self)
        self.portal = NOTHING_OFFERED
        self.payment_method_id = 610
        self.stage = stage
        if stage in ("asked", "unclear"):
            self.asked_at = evening_before(DAY)
        for name, value in values.items():
            setattr(self, name, value)

    async def look(self) -> None:
        self.changed.emit()

    def close(self) -> None:
        State.close(self)


def _update(case: str, stage: Stage, language: str = "en", **values: Any) -> Example:
    return Example(
        HostedUpdate,
        case,
        lambda texts: HostedUpdate.show(MadeUpHostedUpdate(stage, **values), texts),
        language,
    )


_SEND = Preview(
    Effect(
        question=say("Send yourself a link to change {card}?", card="Visa ending in 4242"),
        confirm=say("Send the link"),
        done=say("Done."),
        changes=(
            Change("mail", say("We ask for a mail to {email}, with a link.", email=_EMAIL)),
            Change("where", say("The link opens the page of the payment service.")),
        ),
        stays=(say("Until you have done that, everything stays as it is."),),
    ),
    "1",
)

EXAMPLES: tuple[Example, ...] = (
    _update("not asked for", "none"),
    _update(
        "on its way", "asked", can_ask=False, again_at=evening_before(DAY) + timedelta(minutes=5)
    ),
    _update("never came", "asked"),
    _update("not known", "unclear"),
    _update("changed", "changed"),
    _update("no e-mail address", "none", email="", can_ask=False),
    _update("right to left", "asked", "ar"),
    Example(
        UpdateMailDialog,
        "effect",
        lambda texts: UpdateMailDialog.show(
            made_up_question(UpdateMailQuestion, preview=_SEND), texts
        ),
    ),
)
