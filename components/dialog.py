"""A question that is asked before something changes."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar, Self

from app.i18n import Message, Texts, say
from components import html
from components.base import Component, S


class ConfirmDialog(Component[S]):
    """The browser's own modal dialog. It is made when it is asked for, and goes when it closes.

    The browser keeps focus inside it, closes it with Escape, and gives focus back. "Keep it" works
    in the browser alone, so a customer can always get out.

    With `is_inline` the same question is a part of a page: there is nothing to open or to close,
    and the one button does it.
    """

    element = "dialog"
    sections: ClassVar[tuple[str, ...]] = ("header", "body", "actions")

    def __init__(self, state: S, texts: Texts, *, is_inline: bool = False) -> None:
        self.is_inline = is_inline
        super().__init__(state, texts)
        self.set(aria_labelledby=self.html_id + "-title")
        if is_inline:
            self.tag = "section"
            self.set(class_="ds-inline")
            return
        self.set(class_="ds-dialog", data_key="dialog")
        self.on("close", self._closed, args=[])

    def ask(self) -> Self:
        """Open it."""
        self.run_method("showModal")
        return self

    def close(self) -> None:
        """Close it. The element goes as soon as the browser has done so."""
        self.run_method("close")

    def header(self) -> None:
        # The focus starts at the title, at the top. Left to itself the browser gives it to the
        # first control: the question would be scrolled away, or covered by a phone's keyboard.
        title = html.h2(self.say(self.question()), id=self.html_id + "-title")
        if not self.is_inline:
            title.set(tabindex="-1", autofocus=True)

    @abstractmethod
    def body(self) -> None:
        """What will change, and what stays."""

    def actions(self) -> None:
        if self.is_inline:
            with html.div(class_="ds-actions"):
                self.confirm_button()
            return
        with html.Tag("form", method="dialog", class_="ds-actions"):
            html.Tag(
                "button", self.say(self.keep()), type="submit", data_key="keep", class_="ds-button"
            )
            self.confirm_button()

    def confirm_button(self) -> None:
        """The button that does it."""
        button = html.Button(
            self.say(self.confirm()), self._confirm, key="confirm", class_="ds-button ds-primary"
        )
        if not (self.may_press() and self.is_ready()):
            button.disable()

    @abstractmethod
    def question(self) -> Message:
        """The title: what is asked."""

    @abstractmethod
    def confirm(self) -> Message:
        """The button that does it. It states the result."""

    @abstractmethod
    async def act(self) -> None:
        """Do it."""

    def keep(self) -> Message:
        """The button that changes nothing."""
        return say("Keep it")

    def is_ready(self) -> bool:
        """Whether the customer knows enough to confirm."""
        return True

    def may_press(self) -> bool:
        """Whether whoever is here may do this at all."""
        return True

    def left(self) -> None:
        """The dialog was closed, in whatever way."""

    async def _confirm(self) -> None:
        if self.is_ready():
            if not self.is_inline:
                self.close()
            await self.act()

    def _closed(self) -> None:
        self.left()
        if not self.is_deleted:
            self.delete()
