"""How things stand: a notice, nothing there, something wrong, still loading."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from app.i18n import Message, Texts
from app.state import Notice, Portal, try_rest
from components import html
from components.base import Component
from components.icons import IconName, icon
from components.step_list import StepList, StepsShown

_ICONS: dict[str, IconName] = {
    "success": "check",
    "info": "info",
    "warning": "alert",
    "error": "alert",
}


class NoticeBar(Component[Portal]):
    """What just happened, with a way back where there is one. It stays until it is dismissed.

    The element is on the page from the start and is a live region, so that a screen reader reads
    what appears in it.

    ::

        NoticeBar (div)
        ├── message    what happened, and whether anything changed
        └── actions    undo, and dismiss
    """

    element = "div"
    sections = ("message", "actions")

    def build(self) -> None:
        notice = self.state.notice
        self.set(class_="ds-notice", role="status", data_key="notice")
        self.set(data_tone=notice.tone if notice else None)
        if notice is not None:
            super().build()

    def message(self) -> None:
        notice = self.state.notice
        if notice is None:
            return
        icon(_ICONS[notice.tone])
        with html.div():
            html.p(self.say(notice.message))
            self._steps(notice)
            if notice.undo_until is not None:
                html.local_time(
                    notice.undo_until,
                    self.t("You can undo this until {time}.", time="{time}"),
                    data_style="short",
                )

    def _steps(self, notice: Notice) -> None:
        """What came of each step, and a way to go on with the open ones."""
        id = notice.activity_id
        if len(notice.steps) > 1 and id is not None:
            StepList.show(
                StepsShown(notice.steps, lambda: try_rest(self.model, id), "notice"),
                self.texts,
            )

    def actions(self) -> None:
        notice = self.state.notice
        if notice is None:
            return
        if notice.undo_until is not None:
            html.Button(self.t("Undo"), self.state.undo, key="undo", class_="ds-button ds-primary")
        html.Button(self.t("Dismiss"), self.state.dismiss, class_="ds-button ds-quiet")


@dataclass(frozen=True)
class Empty:
    """Why there is nothing, and where to go from here."""

    title: Message
    text: Message
    icon: IconName = "box"
    path: str | None = None
    link: Message | None = None


class EmptyState(Component[Empty]):
    """Says that there is nothing, when that is known for sure.

    ::

        EmptyState (div)
        ├── body       what is not there, and why
        └── actions    where to go from here
    """

    element = "div"
    sections = ("body", "actions")

    def __init__(self, state: Empty, texts: Texts) -> None:
        super().__init__(state, texts)
        self.set(class_="ds-empty")

    def body(self) -> None:
        icon(self.state.icon)
        html.h2(self.say(self.state.title))
        html.p(self.say(self.state.text), class_="ds-muted")

    def actions(self) -> None:
        if self.state.path is not None and self.state.link is not None:
            html.a(self.state.path, self.say(self.state.link), class_="ds-button")


@dataclass(frozen=True)
class Failure:
    """What went wrong, and how to try again."""

    title: Message
    text: Message
    retry: Callable[[], Awaitable[object] | None] | None = None


class ErrorState(Component[Failure]):
    """Says that something is not known, or does not work, and offers another try.

    ::

        ErrorState (div)
        ├── body       what happened, and what it means
        └── actions    try again
    """

    element = "div"
    sections = ("body", "actions")

    def __init__(self, state: Failure, texts: Texts) -> None:
        super().__init__(state, texts)
        self.set(class_="ds-empty", role="alert", data_tone="error")

    def body(self) -> None:
        icon("alert")
        html.h2(self.say(self.state.title))
        html.p(self.say(self.state.text), class_="ds-muted")

    def actions(self) -> None:
        if self.state.retry is not None:
            html.Button(
                self.t("Try again"), self.state.retry, key="retry", class_="ds-button ds-primary"
            )


class Skeleton(Component[int]):
    """The shape of what is being loaded, as so many blocks.

    ::

        Skeleton (div)
        └── body       the blocks
    """

    element = "div"
    sections = ("body",)

    def __init__(self, state: int, texts: Texts) -> None:
        super().__init__(state, texts)
        self.set(class_="ds-loading", aria_busy="true")

    def body(self) -> None:
        html.p(self.t("Loading your deliveries…"), class_="ds-unseen")
        for _ in range(self.model):
            with html.div(class_="ds-card ds-skeleton", aria_hidden="true"):
                html.p()
                html.p()
                html.p()
