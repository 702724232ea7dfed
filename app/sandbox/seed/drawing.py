"""Strokes and shapes: the few SVG elements that the pictures are made of.

All numbers are in the picture's own units; a picture is 400 × 400 of them.
"""

from __future__ import annotations

from html import escape

_WIDTHS = {
    **dict.fromkeys("ilIjtfr'.,-1 ", 0.36),
    **dict.fromkeys("mwMW%", 0.88),
    **dict.fromkeys("ABCDEFGHJKLNOPQRSTUVXYZ", 0.7),
}
"""How wide letters run in an average bold font, as a part of its size; others take 0.54."""


def _width(text: str) -> float:
    return sum(_WIDTHS.get(letter, 0.54) for letter in text)


def tag(name: str, content: str = "", /, **attributes: str | float) -> str:
    """One element. Underscores in attribute names become hyphens."""
    written = "".join(
        f' {key.replace("_", "-")}="{value if isinstance(value, str) else format(value, "g")}"'
        for key, value in attributes.items()
    )
    return f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"


def path(d: str, fill: str, **more: str | float) -> str:
    """A filled outline."""
    return tag("path", d=d, fill=fill, **more)


def line(d: str, color: str, width: float, **more: str | float) -> str:
    """An open stroke with round ends."""
    return tag(
        "path",
        d=d,
        fill="none",
        stroke=color,
        stroke_width=width,
        stroke_linecap="round",
        stroke_linejoin="round",
        **more,
    )


def circle(x: float, y: float, r: float, fill: str, **more: str | float) -> str:
    """A filled circle."""
    return tag("circle", cx=x, cy=y, r=r, fill=fill, **more)


def oval(x: float, y: float, rx: float, ry: float, fill: str, **more: str | float) -> str:
    """A filled ellipse."""
    return tag("ellipse", cx=x, cy=y, rx=rx, ry=ry, fill=fill, **more)


def box(
    x: float, y: float, width: float, height: float, fill: str, r: float = 0, **more: str | float
) -> str:
    """A filled rectangle, its corners rounded by ``r``."""
    return tag("rect", x=x, y=y, width=width, height=height, rx=r, fill=fill, **more)


def at(content: str, x: float = 0, y: float = 0, *, scale: float = 1, turn: float = 0) -> str:
    """The content moved to a point, then turned (degrees) and scaled there."""
    moves = f"translate({x:g} {y:g})"
    if turn:
        moves += f" rotate({turn:g})"
    if scale != 1:
        moves += f" scale({scale:g})"
    return tag("g", content, transform=moves)


def around(content: str, times: int, *, first: float = 0) -> str:
    """The content repeated in even turns about the origin."""
    return "".join(at(content, turn=first + 360 / times * each) for each in range(times))


def words(
    text: str,
    x: float,
    y: float,
    width: float,
    size: float,
    fill: str,
    *,
    is_plain: bool = False,
) -> str:
    """One line of text centred on ``x`` that never grows past ``width``, whatever the font.

    The size shrinks to fit an average font, and ``textLength`` holds every other font to it.
    """
    needed = _width(text) * (1.1 if is_plain else 1)
    fitted = min(size, width / needed)
    family = "Helvetica, Arial, sans-serif" if is_plain else "Georgia, 'Times New Roman', serif"
    return tag(
        "text",
        escape(text),
        x=x,
        y=y,
        fill=fill,
        font_family=family,
        font_size=round(fitted, 1),
        font_weight="700",
        text_anchor="middle",
        textLength=round(needed * fitted, 1),
        lengthAdjust="spacing" if is_plain else "spacingAndGlyphs",
    )
