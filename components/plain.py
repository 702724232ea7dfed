"""The page as plain HTML: something to read before the page's scripts have run.

NiceGUI sends the page as data, which its scripts turn into elements; on a slow line that takes
seconds. The same elements, written out, can be seen as soon as the style sheets are there. They
are only to be looked at, no press and no reader reaches them, and `browser.js` takes them away in
the same moment in which it shows the page itself.
"""

from __future__ import annotations

from html import escape
from typing import Any

from nicegui import ui

from components.browser import Browser
from components.html import Tag

_VOID = frozenset({"br", "hr", "img", "input"})
_LOOKS = frozenset(
    {
        "alt",
        "aria-current",
        "aria-disabled",
        "checked",
        "decoding",
        "dir",
        "height",
        "href",
        "lang",
        "loading",
        "open",
        "referrerpolicy",
        "role",
        "selected",
        "src",
        "type",
        "width",
    }
)
"""Attributes that what is seen depends on. The names of elements, and what belongs to forms and to
scripts, are the page's own: nothing may be there twice."""
_DATA = frozenset(
    {"data-component", "data-icon", "data-kind", "data-size", "data-slot", "data-status"}
    | {"data-tone"}
)
"""Attributes of ours that the style sheet goes by."""


def first_paint(page: Browser) -> str:
    """What is drawn in `page`, as HTML without ids, names and handlers."""
    direction = escape(str(page.props["direction"]))
    # markup: the one place that writes HTML; `direction` is escaped above
    parts = [f'<div class="ds-page" dir="{direction}" data-first-paint inert aria-hidden="true">']
    for element in page.default_slot.children:
        _write(element, parts)
    parts.append("</div>")
    return "".join(parts)


def _write(element: ui.element, parts: list[str]) -> None:
    tag, text = (element.tag, element.text) if isinstance(element, Tag) else ("div", "")
    parts.append(f"<{tag}")
    if element._classes:
        parts.append(f' class="{escape(" ".join(element._classes))}"')
    for name, value in element._props.items():
        if name in _LOOKS or name in _DATA:
            parts.append(_attribute(name, value))
        elif name == "^value":  # what stands in a field
            parts.append(_attribute("value", value))
    parts.append(">")
    if tag in _VOID:
        return
    parts.append(escape(text))
    for child in element.default_slot.children:
        _write(child, parts)
    parts.append(f"</{tag}>")


def _attribute(name: str, value: Any) -> str:
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'
