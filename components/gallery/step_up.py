"""The gallery's codes that a press waits for."""

from __future__ import annotations

from typing import Any

from app.actions import Change, Effect, Preview
from app.i18n import Message, say
from app.state import NOT_SENT, MakeDefaultQuestion, StepUpState
from app.state.codes import NO_CODE, SENT_AGAIN
from components.gallery.example import Example
from components.gallery.made_up import MadeUpPortal, made_up_question
from components.payment_dialogs import MakeDefaultDialog
from components.step_up import StepUp, StepUpDialog

_CARD = say("Visa ending in 4242")
_PREVIEW = Preview(
    Effect(
        question=say("Make {card} your default?", card=_CARD),
        confirm=say("Make {card} my default", card=_CARD),
        done=say("Done."),
        changes=(Change("default", say("{card} becomes your default.", card=_CARD)),),
    ),
    "1",
)


class MadeUpStepUp(StepUpState):
    """A code that nobody has sent."""

    def __init__(
        self,
        sent_to: str = "m…@example.com",
        *,
        may_send: bool = True,
        wrong: Message | None = None,
        note: Message | None = None,
        code: str = "",
    ) -> None:
        super().__init__(MadeUpPortal())
        self.sent_to, self.may_send, self.code = sent_to, may_send, code
        self.wrong, self.note = wrong, note

    async def send_again(self) -> bool:
        self.note, self.wrong, self.may_send = SENT_AGAIN, None, False
        self.changed.emit()
        return True

    async def give(self) -> bool:
        self.wrong = NO_CODE
        self.changed.emit()
        return False


def _part(case: str, **fields: Any) -> Example:
    return Example(StepUp, case, lambda texts: StepUp.show(MadeUpStepUp(**fields), texts))


def _within(**fields: Any) -> MakeDefaultDialog:
    portal = MadeUpPortal()
    portal.step_up = MadeUpStepUp()
    question = made_up_question(
        MakeDefaultQuestion, preview=_PREVIEW, portal=portal, is_proving=True
    )
    return MakeDefaultDialog.show(question, **fields)


EXAMPLES: tuple[Example, ...] = (
    _part("just sent", may_send=False),
    _part("sent", code="12345"),
    _part("wrong", wrong=NO_CODE),
    _part("sent again", note=SENT_AGAIN, may_send=False),
    _part("too many", sent_to="", wrong=NOT_SENT["too many"]),
    _part("no address", sent_to="", wrong=NOT_SENT["no address"]),
    Example(StepUpDialog, "asked", lambda texts: StepUpDialog.show(MadeUpStepUp(), texts)),
    Example(
        StepUpDialog,
        "not sent",
        lambda texts: StepUpDialog.show(MadeUpStepUp(sent_to="", wrong=NOT_SENT["busy"]), texts),
    ),
    Example(MakeDefaultDialog, "a code first", lambda texts: _within(texts=texts)),
)
