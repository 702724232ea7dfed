"""The question before a cancelled membership is taken up again, and the offers of one."""

from __future__ import annotations

from typing import Any

from app.i18n import Message, say
from app.state import MembershipState, ReactivateMembershipQuestion, can_reactivate_membership
from components.action_dialog import ActionDialog
from components.base import Component
from components.offers import Offer
from components.prescribed import to_cancel


class ReactivateMembershipDialog(ActionDialog[ReactivateMembershipQuestion]):
    """When a membership that was cancelled is paid next, and what it costs."""

    def title(self) -> Message:
        return say("Start {name} again?", name=self.model.membership.title)

    def press(self) -> Message:
        return say("Start again")

    def keep(self) -> Message:
        return say("Not now")


async def _reactivate(opener: Component[Any], state: MembershipState) -> None:
    await ReactivateMembershipDialog.open(opener, ReactivateMembershipQuestion(state))


CANCEL_MEMBERSHIP: Offer[MembershipState] = Offer(
    key="cancel",
    label=say("Cancel membership"),
    icon="stop",
    is_offered=lambda state: state.can_cancel,
    described=lambda state: say("Cancel membership {name}", name=state.title),
    path=lambda state: f"{state.path}/cancel",
    prescribed=lambda state, language: to_cancel(state.rules, language),
)
REACTIVATE_MEMBERSHIP: Offer[MembershipState] = Offer(
    key="reactivate",
    label=say("Start again"),
    icon="play",
    is_offered=can_reactivate_membership,
    open=_reactivate,
    described=lambda state: say("Start again: {name}", name=state.title),
)
