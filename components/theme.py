"""The look of the page: one style sheet, whose custom properties are the theme's tokens."""

from __future__ import annotations

import re
from pathlib import Path

from nicegui import ui

from components.icons import style_rules

STYLE_SHEET = Path(__file__).parent / "doorstep.css"


def put_on_pages(shops_own: Path | None = None) -> None:
    """Give every page our style sheet, and the shop's after it. Once in a process.

    Both stand in the page itself: one request less before the first paint.
    """
    # markup: our own style sheet, and the shop's, which may hold no "</"
    ui.add_head_html(_head(shops_own), shared=True)


def _head(shops_own: Path | None) -> str:
    ours = style_rules() + shortened(STYLE_SHEET.read_text(encoding="utf-8"))
    theirs = shops_own.read_text(encoding="utf-8") if shops_own else ""
    # markup: the same
    return f"<style>{ours}</style>" + (f"<style>{theirs}</style>" if theirs else "")


def shortened(css: str) -> str:
    """The style sheet without comments and needless white space."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    return re.sub(r" ?([{};,>]) ?", r"\1", css).strip()
