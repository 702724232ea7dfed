"""The questions before a subscription ends, and before it is taken up again."""

from __future__ import annotations

from typing import Any

from app.i18n import Message, say
from app.state import (
    REASONS,
    CancelQuestion,
    ReactivateQuestion,
    SubscriptionState,
    can_cancel,
    can_reactivate,
)
from components.action_dialog import ActionDialog
from components.base import Component
from components.fields import Option, select
from components.offers import Offer


class CancelDialog(ActionDialog[CancelQuestion]):
    """What ends with a subscription, what still comes, and what goes on. A reason is asked for, and
    not needed."""

    def title(self) -> Message:
        return say("Cancel your subscription to {name}?", name=self.model.subscription.title)

    def press(self) -> Message:
        return say("Cancel {name}", name=self.model.subscription.title)

    def keep(self) -> Message:
        return say("Keep my subscription")

    def choices(self) -> None:
        select(
            self.t("Why? You need not say."),
            [Option(reason, self.say(reason)) for reason in REASONS],
            self.model.reason,
            lambda reason: self.model.choose(reason=reason),
            key="reason",
        )


class ReactivateDialog(ActionDialog[ReactivateQuestion]):
    """When a subscription that was cancelled comes next, and what it costs."""

    def title(self) -> Message:
        return say("Start {name} again?", name=self.model.subscription.title)

    def press(self) -> Message:
        return say("Start again")

    def keep(self) -> Message:
        return say("Not now")


async def _cancel(opener: Component[Any], state: SubscriptionState) -> None:
    await CancelDialog.open(opener, CancelQuestion(state))


async def _reactivate(opener: Component[Any], state: SubscriptionState) -> None:
    await ReactivateDialog.open(opener, ReactivateQuestion(state))


CANCEL: Offer[SubscriptionState] = Offer(
    key="cancel",
    label=say("Cancel subscription"),
    icon="stop",
    is_offered=can_cancel,
    open=_cancel,
    described=lambda state: say("Cancel subscription to {name}", name=state.title),
)
REACTIVATE: Offer[SubscriptionState] = Offer(
    key="reactivate",
    label=say("Start again"),
    icon="play",
    is_offered=can_reactivate,
    open=_reactivate,
    described=lambda state: say("Start again: {name}", name=state.title),
)
