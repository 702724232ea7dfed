"""Our own icons: drawn once in the style sheet, and used by name.

An icon is the mask of a small square in the colour of the text around it, so that it costs no
element where it stands before a line (`html.fact`), and a shop can change one in its theme::

    [data-icon="pin"] { --ds-icon: url("data:image/svg+xml,…"); }
"""

from __future__ import annotations

from typing import Literal
from urllib.parse import quote

from components.html import Tag

IconName = Literal[
    "home",
    "calendar",
    "box",
    "clock",
    "pin",
    "card",
    "alert",
    "check",
    "info",
    "plus",
    "swap",
    "repeat",
    "skip",
    "tag",
    "pause",
    "play",
    "gift",
    "stop",
    "truck",
    "more",
    "person",
    "receipt",
]

DRAWINGS: dict[IconName, str] = {
    "home": '<path d="M4 11.2 12 4.5l8 6.7M6 10v9.5h12V10M10 19.5v-5.2a2 2 0 0 1 4 0v5.2"/>',
    "calendar": (
        '<rect x="4" y="5.5" width="16" height="14.5" rx="3"/>'
        '<path d="M4 10.2h16M8.5 3.5v4M15.5 3.5v4M8.5 14h2.5M8.5 17h6"/>'
    ),
    "box": (
        '<path d="M4.5 8 12 4l7.5 4v8.4L12 20.5l-7.5-4.1z'
        'M4.5 8 12 12.2 19.5 8M12 12.2v8.3M8.2 6l7.6 4.2"/>'
    ),
    "clock": '<circle cx="12" cy="12" r="8.2"/><path d="M12 7.4V12l3.2 1.9"/>',
    "pin": (
        '<path d="M12 20.5c4-4.2 6-7.5 6-10.3a6 6 0 0 0-12 0c0 2.8 2 6.1 6 10.3z"/>'
        '<circle cx="12" cy="10.2" r="2.1"/>'
    ),
    "card": (
        '<rect x="3.5" y="6" width="17" height="12.5" rx="2.6"/><path d="M3.5 10.3h17M7 14.8h3.4"/>'
    ),
    "alert": '<path d="M12 4.6 20.3 19H3.7zM12 10v4.2M12 16.8h.01"/>',
    "check": '<circle cx="12" cy="12" r="8.2"/><path d="m8.6 12.3 2.4 2.4 4.5-5"/>',
    "info": '<circle cx="12" cy="12" r="8.2"/><path d="M12 11v5M12 7.8h.01"/>',
    "plus": '<circle cx="12" cy="12" r="8.2"/><path d="M12 8.3v7.4M8.3 12h7.4"/>',
    "swap": '<path d="M4.5 8.5h13M14 5l3.5 3.5L14 12M19.5 15.5h-13M10 12l-3.5 3.5L10 19"/>',
    "repeat": (
        '<path d="M4.5 11.5V10a3 3 0 0 1 3-3h11M15.5 4l3 3-3 3'
        'M19.5 12.5V14a3 3 0 0 1-3 3h-11M8.5 20l-3-3 3-3"/>'
    ),
    "skip": '<path d="M5.5 6v12l8-6zM18 6v12"/>',
    "tag": '<path d="M12.6 4.5H5v7.6l7.6 7.4 7.2-7.4zM8.7 8.2h.01"/>',
    "pause": '<path d="M8.5 6v12M15.5 6v12"/>',
    "play": '<path d="M7.5 5.5v13l11-6.5z"/>',
    "gift": (
        '<rect x="4.5" y="9" width="15" height="10.5" rx="1.5"/><path d="M4.5 13h15M12 9v10.5'
        'M12 9C9.5 9 7.6 8 7.6 6.4S10.9 4 12 9zM12 9c2.5 0 4.4-1 4.4-2.6S13.1 4 12 9z"/>'
    ),
    "stop": '<circle cx="12" cy="12" r="8.2"/><path d="m9.2 9.2 5.6 5.6M14.8 9.2l-5.6 5.6"/>',
    "truck": (
        '<path d="M3.5 6.5h10v9.5h-10zM13.5 10h3.6l3.4 3.4V16h-7"/>'
        '<circle cx="7.5" cy="17" r="1.8"/><circle cx="16.7" cy="17" r="1.8"/>'
    ),
    "person": (
        '<circle cx="12" cy="8.3" r="3.8"/>'
        '<path d="M4.8 19.8c.8-3.7 3.6-5.6 7.2-5.6s6.4 1.9 7.2 5.6"/>'
    ),
    "receipt": (
        '<path d="M6 3.8v16.4l2-1.4 2 1.4 2-1.4 2 1.4 2-1.4 2 1.4V3.8z"/>'
        '<path d="M9.2 8.4h5.6M9.2 12h5.6"/>'
    ),
    "more": '<path d="M6 12h.01M12 12h.01M18 12h.01" stroke-width="2.6"/>',
}

FAVICON = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8"\
 fill="#2f5b4c"/><path d="M11 25V12a5 5 0 0 1 10 0v13M8 25h16" fill="none" stroke="#fdf9f1"\
 stroke-width="2.4" stroke-linecap="round"/><circle cx="17.6" cy="18" r="1.3" fill="#fdf9f1"/>\
</svg>"""

_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#000"'
    ' stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">{}</svg>'
)


def icon(name: IconName) -> Tag:
    """An icon beside a text that says the same: it is hidden from screen readers."""
    return Tag("span", class_="ds-icon", data_icon=name, aria_hidden="true")


def style_rules() -> str:
    """The drawings as rules of a style sheet."""
    return "".join(
        f'[data-icon="{name}"]{{--ds-icon:url("data:image/svg+xml,{quote(_SVG.format(drawing))}")}}'
        for name, drawing in DRAWINGS.items()
    )
