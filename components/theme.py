"""The look of the page: one style sheet, whose custom properties are the theme's tokens."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from nicegui import ui

from components.icons import style_rules

STYLE_SHEET = Path(__file__).parent / "doorstep.css"


def put_on_page() -> None:
    """Give the page that is being built our style sheet.

    It is a constant and stands in the page itself: one request less before the first paint.
    """
    ui.add_head_html(_head())


@cache
def _head() -> str:
    own = shortened(STYLE_SHEET.read_text(encoding="utf-8"))
    return "<style>" + style_rules() + own + "</style>"


def shortened(css: str) -> str:
    """The style sheet without comments and needless white space."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    return re.sub(r" ?([{};,>]) ?", r"\1", css).strip()
