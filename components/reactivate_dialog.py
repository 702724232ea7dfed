"""The question before a cancelled subscription is taken up again."""

from __future__ import annotations

from typing import Any

from app.i18n import Message, say
from app.state import ReactivateQuestion, SubscriptionState, can_cancel, can_reactivate
from components.action_dialog import ActionDialog
from components.base import Component
from components.offers import Offer
from components.prescribed import to_cancel


class ReactivateDialog(ActionDialog[ReactivateQuestion]):
    """When a subscription that was cancelled comes next, and what it costs."""

    def title(self) -> Message:
        return say("Start {name} again?", name=self.model.subscription.title)

    def press(self) -> Message:
        return say("Start again")

    def keep(self) -> Message:
        return say("Not now")


async def _reactivate(opener: Component[Any], state: SubscriptionState) -> None:
    await ReactivateDialog.open(opener, ReactivateQuestion(state))


CANCEL: Offer[SubscriptionState] = Offer(
    key="cancel",
    label=say("Cancel subscription"),
    icon="stop",
    is_offered=can_cancel,
    described=lambda state: say("Cancel subscription to {name}", name=state.title),
    path=lambda state: f"/subscriptions/{state.key}/cancel",
    prescribed=lambda state, language: to_cancel(state.rules, language),
)
REACTIVATE: Offer[SubscriptionState] = Offer(
    key="reactivate",
    label=say("Start again"),
    icon="play",
    is_offered=can_reactivate,
    open=_reactivate,
    described=lambda state: say("Start again: {name}", name=state.title),
)
