"""The question before something changes: what is chosen, what that changes, and the press."""

from __future__ import annotations

import asyncio
from typing import Any, Self, TypeVar, cast

from app.actions import Change
from app.i18n import Message, Texts, Value, say
from app.state import CONFIRM_TITLE, Question
from components import html
from components.base import Component
from components.browser import Browser
from components.dialog import ConfirmDialog
from components.icons import icon
from components.step_up import StepUp

Q = TypeVar("Q", bound=Question)


class ActionDialog(ConfirmDialog[Q]):
    """One question. It states what the choices change, in words and numbers, and what stays.

    ::

        ActionDialog (dialog)
        ├── header     the question
        ├── choices    what the customer chooses; nothing where there is nothing to choose
        ├── body       what would change, why it is not possible, or that it is being looked up
        └── actions    keep it, or do it: the button states the result

    Where the press needs a code (see `Action.needs_step_up`), the first press has it sent, and a
    field for it takes the place of choices and body. All that was chosen is kept; the same button
    goes on.

    A subclass gives `title` and `press`, which stand there until a preview brings its own words,
    and draws its `choices`. Each choice calls ``self.model.choose(name=value)``. Read what has been
    chosen from `self.model`, not from `self.state`: then the fields are not drawn again under the
    customer's fingers.
    """

    sections = ("header", "choices", "body", "actions")

    step_up: StepUp
    """The field for the code, while one is asked for."""

    def build(self) -> None:
        if self.state.is_proving:
            self.section("header", self.proof_header)
            self.section("proof")
            self.section("actions")
            return
        for name in self.sections:
            drawn = self.section(name)
            if name == "body":
                # Whoever does not see what a choice changes hears it.
                drawn.set(aria_live="polite")

    @classmethod
    def inline(cls, question: Q, texts: Texts) -> Self:
        """The question as a part of a page. Whoever draws it has it asked: ``question.ask()``."""
        return cast(Self, cast(Any, cls).show(question, texts, is_inline=True))

    @classmethod
    async def open(cls, opener: Component[Any], question: Q) -> None:
        """Ask, from the page that `opener` stands on.

        What would change is usually known in an instant, so the dialog waits for it a moment: then
        it opens once, complete.
        """
        client, texts = opener.client, opener.texts
        asking = asyncio.ensure_future(question.ask())
        await asyncio.wait({asking}, timeout=0.3)
        if not client.is_deleted:
            with Browser.root(client):
                cast(Any, cls).show(question, texts).ask()
        await asking

    def title(self) -> Message:
        """What is asked, until the preview says it better."""
        return say("Make this change?")

    def press(self) -> Message:
        """What the button says until the preview states the result."""
        return say("Confirm")

    def question(self) -> Message:
        preview = self.state.preview
        return preview.effect.question if preview else self.title()

    def confirm(self) -> Message:
        preview = self.state.preview
        return preview.effect.confirm if preview else self.press()

    def is_ready(self) -> bool:
        return self.state.preview is not None

    def actions(self) -> None:
        if not self.model.may_change:
            with html.p(class_="ds-note ds-looks-note", data_tone="info"):
                icon("info")
                html.span(self.t("You are only looking: the customer can do this, you cannot."))
        super().actions()

    def may_press(self) -> bool:
        return self.model.may_change

    def proof_header(self) -> None:
        """What stands above the field for a code."""
        html.h2(self.say(CONFIRM_TITLE), id=self.html_id + "-title")

    def proof(self) -> None:
        """The field for a code."""
        self.step_up = StepUp.show(self.model.portal.step_up, self.texts)

    async def is_cleared(self) -> bool:
        """Whether the press may go on. If not, the customer is at the field for the code now."""
        if await self.model.is_cleared():
            return True
        if not self.is_deleted:
            self.step_up.focus()
        return False

    def choices(self) -> None:
        """Fields for what the customer can choose."""

    def body(self) -> None:
        preview, failure = self.state.preview, self.state.failure
        if failure is not None:
            with html.p(class_="ds-note", data_tone="error", role="alert"):
                icon("alert")
                html.span(self.say(failure.message))
            if failure.can_retry:
                html.Button(self.t("Try again"), self.state.ask, key="retry", class_="ds-button")
        elif preview is not None:
            with html.ul(class_="ds-changes"):
                for change in preview.effect.changes:
                    self.change(change)
            if preview.effect.stays:
                html.h3(self.t("What stays"), class_="ds-small-heading")
                with html.ul(class_="ds-stays"):
                    for sentence in preview.effect.stays:
                        html.li(self.say(sentence))
        elif self.state.is_asking:
            with html.div(class_="ds-skeleton", aria_busy="true"):
                html.p(self.t("One moment…"), class_="ds-unseen")
                html.p()
                html.p()
        else:
            self.unanswered()

    def unanswered(self) -> None:
        """What stands there while something is still to be chosen."""

    def change(self, change: Change) -> None:
        """One thing that will be different, with old and new side by side where it has both."""
        with html.li():
            html.span(self.say(change.text))
            if change.before is None or change.after is None:
                return
            with html.span("", class_="ds-before-after", aria_hidden="true"):
                if isinstance(change.before, list) or isinstance(change.after, list):
                    self._column("s", change.before)
                    self._column("strong", change.after)
                else:
                    html.Tag("s", self.t("{value}", value=change.before))
                    html.strong(self.t("{value}", value=change.after))

    def _column(self, tag: str, value: Value) -> None:
        """Several values below each other."""
        values = value if isinstance(value, list) else [value]
        with html.span(class_="ds-column"):
            for one in values:
                html.Tag(tag, self.t("{value}", value=one))

    async def _confirm(self) -> None:
        # The button still says what an earlier choice comes to: that press is not about this one.
        if not self.model.is_asking and self.is_ready() and await self.is_cleared():
            await super()._confirm()

    async def act(self) -> None:
        await self.model.confirm()

    def left(self) -> None:
        if not self.model.is_busy:
            self.model.cancel()
