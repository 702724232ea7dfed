"""What stands beside an end: each kind of question with the dialog that asks it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from app.i18n import Message, Texts, say
from app.state import (
    AddressQuestion,
    DelayQuestion,
    GiftQuestion,
    PauseQuestion,
    Question,
    ReactivateMembershipQuestion,
    ReactivateQuestion,
    RhythmQuestion,
    SkipQuestion,
    StayDiscountQuestion,
    SwapQuestion,
)
from components.action_dialog import ActionDialog
from components.address_move_dialog import AddressMoveDialog
from components.gift_dialog import GiftDialog
from components.membership_dialog import ReactivateMembershipDialog
from components.move_dialog import DelayDialog
from components.pause_dialog import PauseDialog
from components.reactivate_dialog import ReactivateDialog
from components.rhythm_dialog import RhythmDialog
from components.skip_dialog import SkipDialog
from components.swap_dialog import SwapDialog


class StayDiscountDialog(ActionDialog[StayDiscountQuestion]):
    """What the shop's code takes off, for a customer who stays. There is nothing to type."""

    def title(self) -> Message:
        return say("Pay less from now on?")

    def press(self) -> Message:
        return say("Use the code {code}", code=self.model.code)


FORMS: Final[Mapping[type[Question], type[ActionDialog[Any]]]] = {
    SkipQuestion: SkipDialog,
    DelayQuestion: DelayDialog,
    PauseQuestion: PauseDialog,
    SwapQuestion: SwapDialog,
    StayDiscountQuestion: StayDiscountDialog,
    RhythmQuestion: RhythmDialog,
    GiftQuestion: GiftDialog,
    AddressQuestion: AddressMoveDialog,
    ReactivateQuestion: ReactivateDialog,
    ReactivateMembershipQuestion: ReactivateMembershipDialog,
}
"""Which dialog asks what. A shop's own question finds the one of the class that it comes from."""


def offer_form(question: Question, texts: Texts) -> ActionDialog[Any]:
    """Draw the question as a part of the page.

    Raises:
        LookupError: no dialog asks such a question.
    """
    for kind in type(question).__mro__:
        if kind in FORMS:
            return FORMS[kind].inline(question, texts)
    raise LookupError(f"no dialog asks {type(question).__name__}")
