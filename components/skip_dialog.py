"""The question before a delivery is skipped."""

from __future__ import annotations

import asyncio

from app.actions import Change
from app.i18n import Message, say
from app.state import DeliveryState
from components import html
from components.base import Component
from components.browser import Browser
from components.dialog import ConfirmDialog
from components.icons import icon


class SkipDialog(ConfirmDialog[DeliveryState]):
    """States what skipping changes, in words and numbers, and what stays as it is."""

    @staticmethod
    async def open(opener: Component[DeliveryState]) -> None:
        """Ask about the delivery that `opener` shows.

        The effect is usually known in an instant, so the dialog waits for it a moment: then it
        opens once, complete.
        """
        client, state, texts = opener.client, opener.state, opener.texts
        asking = asyncio.ensure_future(state.ask_skip())
        await asyncio.wait({asking}, timeout=0.3)
        if not client.is_deleted:
            with Browser.root(client):
                SkipDialog.show(state, texts).ask()
        await asking

    def question(self) -> Message:
        preview = self.state.preview
        if preview is None:
            return say("Skip your delivery of {date}?", date=self.state.delivery.date)
        return preview.effect.question

    def confirm(self) -> Message:
        preview = self.state.preview
        if preview is None:
            return say("Skip {date}", date=self.state.delivery.date)
        return preview.effect.confirm

    def is_ready(self) -> bool:
        return self.state.preview is not None

    def body(self) -> None:
        preview, failure = self.state.preview, self.state.failure
        if failure is not None:
            with html.p(class_="ds-note", data_tone="error", role="alert"):
                icon("alert")
                html.span(self.say(failure.message))
            if failure.can_retry:
                html.Button(
                    self.t("Try again"), self.state.ask_skip, key="retry", class_="ds-button"
                )
        elif preview is None:
            with html.div(class_="ds-skeleton", aria_busy="true"):
                html.p(self.t("One moment…"), class_="ds-unseen")
                html.p()
                html.p()
        else:
            with html.ul(class_="ds-changes"):
                for change in preview.effect.changes:
                    self.change(change)
            if preview.effect.stays:
                html.h3(self.t("What stays"), class_="ds-small-heading")
                with html.ul(class_="ds-stays"):
                    for sentence in preview.effect.stays:
                        html.li(self.say(sentence))

    def change(self, change: Change) -> None:
        """One thing that will be different, with old and new side by side where it has both."""
        with html.li():
            html.span(self.say(change.text))
            if change.before is not None and change.after is not None:
                with html.span("", class_="ds-before-after", aria_hidden="true"):
                    html.Tag("s", self.t("{value}", value=change.before))
                    html.strong(self.t("{value}", value=change.after))

    async def act(self) -> None:
        await self.state.skip()

    def left(self) -> None:
        if not self.state.is_busy:
            self.state.cancel_question()
