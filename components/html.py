"""HTML's own elements, with text and attributes handed over as values.

NiceGUI parses the strings given to `.props()` and evaluates every key that starts with a colon, so
a product's title in such a string could run as script. Here nothing is parsed: a text is a text, an
attribute is a name written in our code and a value::

    with html.article(class_="ds-card"):
        html.h3(subscription.title)
        html.img(picture, "", 64)
        html.a(path, texts.t("Details"))
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Self

from nicegui import ui
from nicegui.classes import Classes
from nicegui.style import Style

Attribute = str | int | bool | None
"""What an attribute may hold; None and False leave it out."""

_PICTURE = re.compile(r"(https?://[^\s/]|/(?![/\\]))\S*", re.ASCII)
_LINK = re.compile(r"((https|webcal)://[^\s/]|/(?![/\\])|#|mailto:|tel:)\S*|/", re.ASCII)
"""`webcal` opens the reader's calendar program, which can fetch and show, and nothing else."""


_NOTHING: Any = ()
"""Stands where an element has no classes or no style. NiceGUI would keep an empty list and an empty
dictionary that watch themselves, which was a fifth of the memory of a page."""


class Tag(ui.element):
    """One element of HTML.

    Attribute names are written as in Python: ``aria_label``, ``data_slot``, ``class_``, ``for_``.
    """

    def __init__(self, tag: str, text: str | None = None, /, **attributes: Attribute) -> None:
        super().__init__(tag)
        self._text = text
        # Nobody can watch yet, so nothing is told: these are most of the writes of a page.
        classes = attributes.pop("class_", None)
        if classes:
            list.extend(self._classes, str(classes).split())
        elif not self._classes:
            self._classes = _NOTHING
        if not self._style:
            self._style = _NOTHING
        dict.update(
            self._props,
            {
                _attribute(name): value
                for name, value in attributes.items()
                if value is not None and value is not False
            },
        )

    @property
    def classes(self) -> Classes[Self]:
        """The classes of the element."""
        if self._classes is _NOTHING:
            self._classes = Classes(element=self)
        return self._classes

    @property
    def style(self) -> Style[Self]:
        """The style of the element."""
        if self._style is _NOTHING:
            self._style = Style(element=self)
        return self._style

    @property
    def text(self) -> str:
        return self._text or ""

    @text.setter
    def text(self, text: str) -> None:
        if text != self._text:
            self._text = text
            self.update()

    def set(self, **attributes: Attribute) -> None:
        """Give attributes other values. Only what differs is sent to the browser."""
        for name, value in attributes.items():
            self._put(name, value)

    def _put(self, name: str, value: Attribute) -> None:
        if name == "class_":
            classes = str(value or "").split()
            if classes != list(self._classes):
                self.classes[:] = classes
            return
        name = _attribute(name)
        if value is None or value is False:
            if name in self._props:
                del self._props[name]
        elif self._props.get(name) != value:
            self._props[name] = value

    def _displayed_contents(self, *, only_visible: bool) -> list[Any]:
        return [self._text, self._props.get("aria-label")]


class Button(Tag):
    """A button that cannot be pressed twice.

    While the handler of a press runs, further presses are dropped here, and the button says that it
    is busy. In the browser every press carries the number in `data-turn`; the script of the page
    sends one press for each number, so that Enter and click together, or an impatient second click
    on a slow line, make one.
    """

    def __init__(
        self,
        text: str,
        press: Callable[[], Awaitable[object] | None],
        /,
        *,
        key: str | None = None,
        **attributes: Attribute,
    ) -> None:
        """`key` names the button across redraws, so that focus finds its successor."""
        super().__init__("button", text, type="button", data_turn=0, data_key=key, **attributes)
        self._press = press
        self._turn = 0
        self._is_busy = False
        self.on("click", self.pressed, args=[])

    def disable(self, because: str | None = None) -> None:
        """Take no presses. It stays in the tab order, so that its reason can be read."""
        self.set(aria_disabled="true", title=because)

    async def pressed(self) -> None:
        """Act on a press, unless one is being acted on."""
        if self._is_busy or self._props.get("aria-disabled"):
            return
        self._is_busy = True
        self.set(aria_busy="true")
        try:
            awaitable = self._press()
            if awaitable is not None:
                await awaitable
        finally:
            self._is_busy = False
            self._turn += 1
            if not (self.is_deleted or self.client.is_deleted):
                self.set(aria_busy=None, data_turn=self._turn)


@lru_cache(maxsize=512)
def _attribute(name: str) -> str:
    """The name in HTML of an attribute that is written as in Python."""
    return name.rstrip("_").replace("_", "-")


def article(**attributes: Attribute) -> Tag:
    return Tag("article", **attributes)


def section(**attributes: Attribute) -> Tag:
    return Tag("section", **attributes)


def header(**attributes: Attribute) -> Tag:
    return Tag("header", **attributes)


def div(text: str | None = None, /, **attributes: Attribute) -> Tag:
    return Tag("div", text, **attributes)


def span(text: str | None = None, /, **attributes: Attribute) -> Tag:
    return Tag("span", text, **attributes)


def strong(text: str, /, **attributes: Attribute) -> Tag:
    return Tag("strong", text, **attributes)


def h1(text: str | None = None, /, **attributes: Attribute) -> Tag:
    """The heading of a view. It can take focus, which moves here when the view is shown."""
    return Tag("h1", text, tabindex=-1, **attributes)


def h2(text: str | None = None, /, **attributes: Attribute) -> Tag:
    return Tag("h2", text, **attributes)


def h3(text: str | None = None, /, **attributes: Attribute) -> Tag:
    return Tag("h3", text, **attributes)


def p(text: str | None = None, /, **attributes: Attribute) -> Tag:
    return Tag("p", text, **attributes)


def fact(icon: str, text: str | None = None, /, **attributes: Attribute) -> Tag:
    """A line of small print with an icon before it: see `components.icons`."""
    return Tag("p", text, class_="ds-fact", data_icon=icon, **attributes)


def ul(**attributes: Attribute) -> Tag:
    """A list. The role is written out because browsers drop it from lists without bullets."""
    return Tag("ul", role="list", **attributes)


def ol(**attributes: Attribute) -> Tag:
    return Tag("ol", role="list", **attributes)


def li(text: str | None = None, /, **attributes: Attribute) -> Tag:
    return Tag("li", text, **attributes)


def details(summary: str, /, **attributes: Attribute) -> Tag:
    """A part that opens and closes in the browser, without the server."""
    element = Tag("details", **attributes)
    with element:
        Tag("summary", summary)
    return element


def time(moment: date | datetime, text: str, /, **attributes: Attribute) -> Tag:
    """A date or moment: `text` for the reader, the exact value for machines."""
    return Tag("time", text, datetime=moment.isoformat(), **attributes)


def local_time(moment: datetime, pattern: str, /, **attributes: Attribute) -> Tag:
    """A moment as the clock of the reader's device shows it.

    Only the browser knows its zone, so the text is written there: `pattern` with ``{time}`` in it.
    It stays empty where the reader's clock shows the same as the zone that `moment` carries.
    """
    return Tag(
        "span",
        class_="ds-local",
        data_at=moment.isoformat(),
        data_pattern=pattern,
        **attributes,
    )


def img(address: str | None, description: str, size: int, /, **attributes: Attribute) -> Tag:
    """A square picture, loaded when it comes near the screen. `size` is in CSS pixels.

    An address that is not http(s) or local, or none, gives an empty square of the same size, so
    that nothing moves. An empty `description` marks a picture that adds nothing to the text.
    """
    if address is None or not _PICTURE.fullmatch(address):
        return Tag("span", aria_hidden="true", class_="ds-picture", data_size=size, **attributes)
    return Tag(
        "img",
        src=address,
        alt=description,
        width=size,
        height=size,
        loading="lazy",
        decoding="async",
        referrerpolicy="no-referrer",
        class_="ds-picture",
        data_size=size,
        **attributes,
    )


def a(address: str, text: str | None = None, /, **attributes: Attribute) -> Tag:
    """A link.

    Raises:
        ValueError: the address is not https, webcal, mailto, tel, or a path of ours.
    """
    if not _LINK.fullmatch(address):
        raise ValueError(f"not a safe address for a link: {address[:80]!r}")
    return Tag("a", text, href=address, **attributes)
