"""The two steps to another e-mail address: a code goes there, and is given here."""

from __future__ import annotations

from typing import Any, cast

from app.i18n import Message, say
from app.state import EmailQuestion
from components import html
from components.action_dialog import ActionDialog
from components.base import Component
from components.browser import Browser
from components.field_errors import FieldError
from components.fields import text_field
from components.step_up import code_field

LONGEST_EMAIL = 254


class EmailDialog(ActionDialog[EmailQuestion]):
    """First the address, then the code that was sent to it, with what the change comes to.

    It stays open until the code is right. A customer who closes it meanwhile, to look for the mail,
    finds it at the same place afterwards.
    """

    error: FieldError
    """Below the one field that is shown."""

    @classmethod
    async def open(cls, opener: Component[Any], question: EmailQuestion) -> None:
        if question.stage == "code":
            await super().open(opener, question)
        else:
            with Browser.root(opener.client):
                cast(Any, cls).show(question, opener.texts).ask()

    def title(self) -> Message:
        return say("Which e-mail address should we use?")

    def question(self) -> Message:
        if self.state.stage == "address":
            return self.title()
        return say("Enter the code that we sent you")

    def confirm(self) -> Message:
        if self.state.stage == "address":
            if self.state.is_proving:
                return say("Confirm, and send a code to the new address")
            return say("Send a code there")
        return super().confirm()

    def press(self) -> Message:
        return say("Change my address")

    def keep(self) -> Message:
        return say("Not now")

    def is_ready(self) -> bool:
        if self.state.stage == "address":
            return not self.state.is_busy
        return super().is_ready()

    def choices(self) -> None:
        with html.div(class_="ds-fields"):
            if self.state.stage == "address":
                self.address()
            else:
                self.code()

    def address(self) -> None:
        """The first step."""
        field = text_field(
            self.t("New e-mail address"),
            self.model.email,
            lambda text: self.model.write(email=text),
            key="new-email",
            kind="email",
            autocomplete="email",
            help=self.t("We send a code with six digits there, to be sure that it reaches you."),
            longest=LONGEST_EMAIL,
        )
        self.error = FieldError(field)
        self.error.goes_on()
        self._mark()

    def code(self) -> None:
        """The second step."""
        before, _, after = self.t(
            "We sent a code with six digits to {email}. It works for 10 minutes.", email="\0"
        ).partition("\0")
        with html.p():
            html.span(before)
            html.strong(self.state.sent_to, dir="auto")
            html.span(after)
        self.error = code_field(
            self.t("Code"),
            self.model.code,
            lambda text: self.model.write(code=text),
            key="email-code",
        )
        self._mark()
        note = self.state.note
        html.p(self.say(note) if note else "", class_="ds-help", role="status")
        with html.div(class_="ds-row-actions"):
            html.Button(
                self.t("Send a new code"),
                self.model.send_again,
                key="email-again",
                class_="ds-button ds-compact",
            )
            html.Button(
                self.t("Use another address"),
                self.model.start_again,
                key="email-other",
                class_="ds-button ds-compact",
            )

    def body(self) -> None:
        if self.state.stage == "code":
            super().body()

    def redraw(self) -> None:
        super().redraw()
        self._mark()

    async def _confirm(self) -> None:
        if self.model.stage == "address":
            if not await self.is_cleared():
                return
            if await self.model.send():
                self.error.focus()  # that of the code by now
        elif self.is_ready() and not self.model.is_asking and await self.model.give():
            await super()._confirm()
            return
        if self.error.text:
            self.error.focus()

    def _mark(self) -> None:
        if not self.error.entry.is_deleted:
            wrong = next(iter(self.model.wrong.values()), None)
            self.error.show(self.say(wrong) if wrong else "")
