"""The code that a press waits for: sent to the customer's own mailbox, and given here."""

from __future__ import annotations

from typing import Any, Self, cast

from app.i18n import Message, Texts, say
from app.state import CONFIRM_TITLE, StepUpState
from components import html
from components.base import Component
from components.browser import Browser
from components.dialog import ConfirmDialog
from components.field_errors import FieldError
from components.fields import text_field

LONGEST_CODE = 12
"""Signs that are taken of what is pasted: six digits, with what may stand between them."""


def code_field(label: str, value: str, write: Any, *, key: str) -> FieldError:
    """A field for a code, with the place for what is wrong with it. A telephone shows digits for
    it, and offers the code of a mail or message that has just come; Enter goes on."""
    field = text_field(
        label, value, write, key=key, autocomplete="one-time-code", longest=LONGEST_CODE
    )
    error = FieldError(field)
    error.entry.set(inputmode="numeric", dir="ltr")
    error.goes_on()
    return error


class StepUp(Component[StepUpState]):
    """Where the code went, the field for it, and the way to another. A part of a dialog, which has
    the button to go on.

    ::

        StepUp (section)
        ├── where     where the code went, and how long it works
        ├── code      the field, and what is wrong with what stands there
        └── again     the way to another code, and what came of asking for one
    """

    sections = ("where", "code", "again")

    error: FieldError

    def __init__(self, state: StepUpState, texts: Texts) -> None:
        super().__init__(state, texts)
        self.set(class_="ds-proof")

    def where(self) -> None:
        """Where the code went; why there is none, where none did."""
        if not self.state.sent_to:
            wrong = self.state.wrong
            words = self.say(wrong) if wrong else ""
            html.p(words, class_="ds-note", data_tone="error", role="alert")
            return
        before, _, after = self.t(
            "So that nobody else can do this, we sent a code with six digits to {email}. It works "
            "for 10 minutes.",
            email="\0",
        ).partition("\0")
        with html.p():
            html.span(before)
            html.strong(self.state.sent_to, dir="ltr")
            html.span(after)

    def code(self) -> None:
        """The field."""
        if self.state.sent_to:
            self.error = code_field(self.t("Code"), self.model.code, self.model.write, key="proof")
            self._mark()

    def again(self) -> None:
        """Another code, once the one before had time to arrive."""
        if not self.state.sent_to:
            return
        note = self.state.note
        words = self.say(note) if note else ""
        if not words and not self.state.may_send:
            words = self.t("It may take a moment to arrive. Then you can have another one sent.")
        html.p(words, class_="ds-help", role="status")
        with html.div(class_="ds-row-actions"):
            button = html.Button(
                self.t("Send a new code"),
                self.model.send_again,
                key="proof-again",
                class_="ds-button ds-compact",
            )
            if not self.state.may_send:
                button.disable()

    @property
    def can_be_given(self) -> bool:
        """Whether there is a code to give."""
        return bool(self.model.sent_to)

    def focus(self) -> None:
        """Bring the customer to the field."""
        if self.can_be_given:
            self.error.focus()

    def redraw(self) -> None:
        super().redraw()
        self._mark()

    def _mark(self) -> None:
        error = getattr(self, "error", None)
        if error is not None and not error.entry.is_deleted:
            wrong = self.model.wrong
            error.show(self.say(wrong) if wrong else "")


class StepUpDialog(ConfirmDialog[StepUpState]):
    """The same for a press that has no dialog of its own, such as Undo."""

    part: StepUp

    @classmethod
    def open(cls, opener: Component[Any], state: StepUpState) -> None:
        """Ask, from the page that `opener` stands on."""
        with Browser.root(opener.client):
            dialog = cast(Self, cast(Any, cls).show(state, opener.texts))
        dialog.ask()
        dialog.part.focus()

    def question(self) -> Message:
        return CONFIRM_TITLE

    def confirm(self) -> Message:
        return say("Confirm")

    def keep(self) -> Message:
        return say("Not now")

    def body(self) -> None:
        self.part = StepUp.show(self.model, self.texts)

    async def act(self) -> None:
        self.model.go_on()

    def left(self) -> None:
        self.model.leave()

    async def _confirm(self) -> None:
        if await self.model.give():
            await super()._confirm()
        else:
            self.part.focus()
