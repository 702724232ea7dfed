"""Leaving: one address for each step, so that each can be taken up again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Final

from nicegui import ui

from app.i18n import Texts, say
from app.pages.view import View, not_found
from app.retention import Subject
from app.state import SUBSCRIPTIONS, Leavings, Notice, Portal, Retention, Step, shows
from components import CancelFlow, Skeleton, html

_log = logging.getLogger(__name__)

PATIENCE: Final = 4.0
"""Seconds after which the end is shown, whatever is still being looked up: nobody has to wait for
an offer."""

_arriving: Final[set[asyncio.Task[None]]] = set()
"""What is looked up for a page. It goes on when the page is left: it keeps a record."""


class CancelPage(View):
    """``/subscriptions/{id}/cancel``, and an address below it for each step: ``/confirm``,
    ``/done``, or the key of a reason for what is offered then.

    What is not this customer's is not found, exactly as what does not exist.
    """

    def __init__(
        self,
        state: Portal,
        texts: Texts,
        leavings: Leavings,
        subject: Subject | None,
        step: str = "",
    ) -> None:
        self.subject = subject
        self.leavings = leavings
        self.step, self.reason_key = _step_of(step)
        self.retention: Retention | None = None
        self._has_arrived = self._is_leaving = False
        self._let_go: Callable[[], None] | None = None
        super().__init__(state, texts)

    @property
    def is_missing(self) -> bool:
        """The records are known, and it is not among them."""
        return self.subject is None or (self.state.status == "ready" and self._find() is None)

    def header(self) -> None:
        retention = self.seen(self._find)
        if retention is None:
            if self.seen(lambda: shows(self.state, SUBSCRIPTIONS)):
                html.a(SUBSCRIPTIONS, self.t("All subscriptions"), class_="ds-back")
            else:
                html.a("/", self.t("To the overview"), class_="ds-back")
        elif self.seen(lambda: retention.is_over):
            html.a(retention.overview, self.say(retention.overview_text), class_="ds-back")
        else:
            html.a(retention.back, self.say(retention.keep), class_="ds-back")
        super().header()

    def heading(self) -> str:
        retention = self.seen(self._find)
        if retention is not None:
            return self.say(
                self.seen(lambda: retention.over_text if retention.is_over else retention.heading)
            )
        if self.seen(lambda: self.is_missing):
            return self.t("Not found")
        return self.t("Cancel")

    def content(self) -> None:
        if self.seen(lambda: self.is_missing):
            not_found(self.texts)
        else:
            super().content()

    def ready(self) -> None:
        retention = self.seen(self._find)
        if retention is None:
            return
        if retention is not self.retention:
            self._begin(retention)
        if self.seen(lambda: self._has_arrived):
            CancelFlow.show(retention, self.texts, go=self._go)
        else:
            Skeleton.show(2, self.texts)

    def _find(self) -> Retention | None:
        if self.subject is None or self.model.status != "ready":
            return None
        return self.leavings.of(self.subject)

    def _begin(self, retention: Retention) -> None:
        if self._let_go is not None:
            self._let_go()
        self.retention = retention
        self._has_arrived = retention.is_over  # that is certain, whatever else is looked up
        self._let_go = retention.changed.subscribe(self._follow)
        task = asyncio.create_task(self._arrive(retention), name="arrival of a customer")
        _arriving.add(task)
        task.add_done_callback(_arriving.discard)

    async def _arrive(self, retention: Retention) -> None:
        self._say_it_once(retention)
        looking = asyncio.create_task(retention.arrive(self.step, self.reason_key))
        _arriving.add(looking)
        looking.add_done_callback(_arriving.discard)
        looking.add_done_callback(self._tell_failure)
        await asyncio.wait({looking}, timeout=PATIENCE)
        self._has_arrived = True
        self._follow()

    def _say_it_once(self, retention: Retention) -> None:
        """The last step tells of the end, and offers the way back: no notice has to. Of several
        that were ended at once, only the notice tells all."""
        notice, flow = self.model.notice, retention.flow
        if not retention.is_over or notice is None or flow is None:
            return
        is_about_it = notice.activity_id is not None and notice.activity_id == flow.activity_id
        if is_about_it and notice.tone == "success" and len(notice.steps) <= 1:
            self.model.dismiss()

    def _tell_failure(self, looking: asyncio.Task[None]) -> None:
        if looking.cancelled() or (error := looking.exception()) is None:
            return
        _log.error("a step of leaving could not be prepared", exc_info=error)
        self.model.tell(
            Notice(
                "error", say("Something went wrong here. Nothing was changed. Please try again.")
            )
        )

    def _follow(self) -> None:
        """Show what has changed, and go where the customer goes now."""
        retention = self.retention
        if retention is None or self.is_deleted or self.client.is_deleted:
            return
        path = retention.take_destination()
        if self.step == "done" and path == retention.path("done"):
            path = None  # here it is: to go there again would draw nothing
        if path is None and self._has_arrived and not retention.is_busy:
            path = retention.path("done") if retention.is_over and self.step != "done" else None
        if path is not None:
            self._go(path)
        elif not self._is_leaving:
            self.redraw()

    def _go(self, path: str) -> None:
        if self._is_leaving:
            return
        self._is_leaving = True
        with self:
            ui.navigate.to(path)  # markup: an address of our own, of constants and an id

    def _handle_delete(self) -> None:
        if getattr(self, "_let_go", None) is not None and self._let_go is not None:
            self._let_go()
        super()._handle_delete()


def _step_of(word: str) -> tuple[Step, str]:
    """The step that an address names, and the key of a reason where it is an offer's."""
    match word:
        case "":
            return "reason", ""
        case "confirm":
            return "confirm", ""
        case "done":
            return "done", ""
        case _:
            return "offer", word
