"""A question that is answered with an address."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from app.actions import Action, Outcome, PostalInput
from app.state.postal import PostalDraft, Usage
from app.state.question import Question

if TYPE_CHECKING:
    from app.state.portal import Portal


class PostalQuestion(Question):
    """A dialog or a page with the form of an address.

    A subclass gives the action that an address comes to (`with_address`). It is asked for once the
    address is fine. What Recharge says of single parts after a press stands at the form too
    (`draft.wrong`), and the question stays open.

    draft: the address, as it is written
    """

    def __init__(
        self,
        portal: Portal,
        *,
        before: PostalInput | None = None,
        country_code: str = "",
        usage: Usage = "shipping",
    ) -> None:
        super().__init__(portal)
        self.draft = PostalDraft(
            language=portal.texts.language,
            before=before,
            # Bills go to wherever the bank knows the customer; parcels where the shop sends to.
            countries=portal.records.shop.shipping_countries if usage != "billing" else None,
            country_code=country_code,
            usage=usage,
            answered=self.ask,
        )

    @abstractmethod
    def with_address(self, address: PostalInput) -> Action | None:
        """The action, once the address is fine; None while another choice is missing.

        Raises:
            ActionError: the choices do not fit together.
        """

    @property
    def action(self) -> Action | None:
        return self.with_address(self.draft.input) if self.draft.is_fine else None

    async def ask(self) -> None:
        await super().ask()
        if self.failure is not None and self.failure.parts:
            self.draft.refuse(self.failure.parts)

    async def _do(self, action: Action, key: str, revision: str) -> Outcome | None:
        outcome = await super()._do(action, key, revision)
        notice = self.portal.notice
        if outcome is None and notice is not None and notice.parts:
            self.draft.refuse(notice.parts)
            self.portal.dismiss()
        return outcome
