"""What ends, what still comes, what goes on; and the button that ends it."""

from __future__ import annotations

from collections.abc import Callable

from app.i18n import Message, Texts, Value, say
from app.state import EndQuestion, Question, Retention
from components import html
from components.action_dialog import ActionDialog
from components.fields import Option, radios
from components.html import Tag
from components.icons import icon
from components.prescribed import draw_words, to_confirm


class EndForm(ActionDialog[Question]):
    """The end, all of it in one part of a page. It stands on every screen of the way out, and its
    button is never locked.

    `missed` is called after a press that lacks a reason which the shop asks for.

    ::

        EndForm (section)
        ├── header     the question
        ├── choices    this one alone or all, where there are several
        ├── body       what ends, what still comes, what is lost, what goes on
        └── actions    the button that ends it, in the words of the law where it has some
    """

    def __init__(
        self, retention: Retention, texts: Texts, *, missed: Callable[[], None] | None = None
    ) -> None:
        self.retention = retention
        self._missed = missed
        self._heading: Tag | None = None
        super().__init__(retention.ending, texts, is_inline=True)
        self.set(class_="ds-inline ds-card ds-end")

    def header(self) -> None:
        self._heading = html.h2(
            self.say(self.question()), id=self.html_id + "-title", tabindex="-1"
        )

    def go_here(self) -> None:
        """Bring it into view, and the focus to it."""
        if self._heading is not None and not self._heading.is_deleted:
            self._heading.run_method("focus", {"preventScroll": True})
            self._heading.run_method("scrollIntoView", {"block": "start"})

    def title(self) -> Message:
        return say("Cancel {name}?", name=self.retention.title)

    def press(self) -> Message:
        return say("Cancel {name}", name=self.retention.title)

    def choices(self) -> None:
        ending = self.model
        if not isinstance(ending, EndQuestion):
            return
        others = self.seen(lambda: [one.title for one in ending.others])
        if not others:
            return
        radios(
            self.t("What to cancel"),
            [
                Option(False, self.t("Only {name}", name=ending.subscription.title)),
                Option(
                    True,
                    self.t("Both subscriptions")
                    if len(others) == 1
                    else self.t("All {count} subscriptions", count=len(others) + 1),
                    self.t("With {names}", names=_some(others)),
                ),
            ],
            ending.is_all,
            lambda is_all: ending.choose(is_all=is_all),
            key="scope",
            is_legend_seen=False,
        )

    def body(self) -> None:
        if not self.seen(lambda: self.retention.is_checked):
            super().body()
            return
        # What the end comes to would now read as if it had come.
        with html.p(class_="ds-note", data_tone="info"):
            icon("info")
            html.span(
                self.t(
                    "We do not know yet whether it was cancelled. We are finding out, and will "
                    "tell you here."
                )
            )

    def confirm_button(self) -> None:
        is_busy = self.seen(lambda: self.retention.is_busy)
        prescribed = self.seen(lambda: to_confirm(self.retention.rules, self.texts.language))
        words = say("Cancelling…") if is_busy else self.confirm()
        button = html.Button(
            "", self._confirm, key="end", class_="ds-button ds-primary", aria_busy=is_busy or None
        )
        if not self.may_press():
            button.disable()
        with button:
            draw_words(None if is_busy else prescribed, words, self.texts)

    async def _confirm(self) -> None:
        await self.act()

    async def act(self) -> None:
        await self.retention.end()
        if self.retention.missing is not None and self._missed is not None:
            self._missed()


def _some(names: list[str]) -> list[Value]:
    """The first names, and how many there are besides."""
    shown: list[Value] = [*names[:3]]
    if len(names) > len(shown) + 1:
        return [*shown, say("{count} more", count=len(names) - len(shown))]
    return [*names]
