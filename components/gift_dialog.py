"""The question whom to give the next delivery to."""

from __future__ import annotations

from typing import Any

from app.i18n import Message, say
from app.state import DeliveryState, GiftQuestion, can_give
from components import html
from components.base import Component
from components.field_errors import FieldError
from components.fields import text_field
from components.offers import Offer
from components.postal_dialog import PostalDialog


class GiftDialog(PostalDialog[GiftQuestion]):
    """Who gets the next delivery, in the customer's place and once."""

    is_seen_first = True

    def title(self) -> Message:
        return say("Who gets your delivery of {date}?", date=self.model.date)

    def press(self) -> Message:
        return say("Send it")

    def keep(self) -> Message:
        return say("Not now")

    def choices(self) -> None:
        super().choices()
        self.email = FieldError(
            text_field(
                self.t("Their e-mail address"),
                self.model.email,
                lambda text: self.model.choose(email=text),
                key="email",
                kind="email",
                longest=254,
            )
        )

    def redraw(self) -> None:
        super().redraw()
        self._mark_email()

    def marked(self) -> bool:
        self.model.is_email_left = True
        is_fine = super().marked()
        self._mark_email()
        return is_fine and self.model.wrong_email is None

    def focus_wrong(self) -> None:
        if self.model.draft.wrong:
            super().focus_wrong()
        else:
            self.email.focus()

    def unanswered(self) -> None:
        html.p(
            self.t("Write who gets it, and you see what changes before anything is sent."),
            class_="ds-muted",
        )

    def _mark_email(self) -> None:
        wrong = self.model.wrong_email
        self.email.show(self.say(wrong) if wrong else "")


async def _open(opener: Component[Any], state: DeliveryState) -> None:
    await GiftDialog.open(opener, GiftQuestion(state))


GIFT: Offer[DeliveryState] = Offer(
    key="gift",
    label=say("Give as a gift"),
    icon="gift",
    is_offered=can_give,
    open=_open,
    described=lambda state: say("Give as a gift: the delivery of {date}", date=state.delivery.date),
)
