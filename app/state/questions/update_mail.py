"""Whether to have oneself mailed the link by which a payment method is changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.actions import SendUpdateMail
from app.state.question import Question

if TYPE_CHECKING:
    from app.state.hosted_update import HostedUpdateState


class UpdateMailQuestion(Question):
    """Whether to ask for the mail."""

    def __init__(self, update: HostedUpdateState) -> None:
        super().__init__(update.portal)
        self._action = SendUpdateMail(payment_method_id=update.payment_method_id)

    @property
    def action(self) -> SendUpdateMail:
        return self._action
