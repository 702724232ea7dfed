"""The question before a customer withdraws from a contract: the second of the law's two steps."""

from __future__ import annotations

from typing import Any

from app.i18n import Message, say
from app.state import SubscriptionState, WithdrawQuestion, can_withdraw
from components import html
from components.action_dialog import ActionDialog
from components.base import Component
from components.offers import Offer
from components.prescribed import draw_words, to_confirm_withdrawal, to_withdraw


class WithdrawDialog(ActionDialog[WithdrawQuestion]):
    """What a withdrawal undoes, what is given back, and until when. The button bears the law's
    words."""

    def title(self) -> Message:
        return say("Withdraw from your contract for {name}?", name=self.model.subscription.title)

    def press(self) -> Message:
        return say("Confirm withdrawal here")

    def confirm(self) -> Message:
        return self.press()

    def keep(self) -> Message:
        return say("Do not withdraw")

    def confirm_button(self) -> None:
        prescribed = to_confirm_withdrawal(self.model.rules, self.texts.language)
        button = html.Button("", self._confirm, key="confirm", class_="ds-button ds-primary")
        with button:
            draw_words(prescribed, self.confirm(), self.texts)
        if not (self.may_press() and self.is_ready()):
            button.disable()


async def _withdraw(opener: Component[Any], state: SubscriptionState) -> None:
    await WithdrawDialog.open(opener, WithdrawQuestion(state))


WITHDRAW: Offer[SubscriptionState] = Offer(
    key="withdraw",
    label=say("Withdraw from contract here"),
    icon="stop",
    is_offered=can_withdraw,
    open=_withdraw,
    described=lambda state: say("Withdraw from contract here: {name}", name=state.title),
    prescribed=lambda state, language: to_withdraw(state.rules, language),
)
