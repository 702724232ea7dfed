"""Pictures of figures: rows of bars, or of points with their intervals, drawn as SVG.

Places are shares of the width, so that a picture fits any screen and its words keep their size.
What a picture shows stands in a table beside it, which is what a screen reader reads.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from app.retention.figures import Interval

ROW: Final = 48
"""Height of a row in pixels: words, and what they stand above."""
_TICKS: Final = 22
_LONGEST: Final = 28
"""Characters of a label that fit beside a number on the narrowest screen."""


@dataclass(frozen=True)
class Mark:
    """One row. Either a bar, or a point within an interval; all from 0 to 1.

    soft:     a further bar behind the first one
    is_faint: too few cases to tell by
    """

    label: str
    value: str
    bar: float | None = None
    soft: float | None = None
    point: float | None = None
    interval: Interval | None = None
    tone: Literal["first", "second"] = "first"
    is_faint: bool = False

    @property
    def short_label(self) -> str:
        """The label, cut to what there is room for."""
        if len(self.label) <= _LONGEST:
            return self.label
        return self.label[: _LONGEST - 1].rstrip() + "…"


@dataclass(frozen=True)
class Picture:
    """A picture with its accessible name. `ticks` are the words under 0, a half, and 1."""

    name: str
    title: str
    marks: tuple[Mark, ...]
    ticks: tuple[str, str, str] | None = None

    @property
    def height(self) -> int:
        """In pixels."""
        return ROW * len(self.marks) + (_TICKS if self.ticks else 0)

    @property
    def rows(self) -> tuple[tuple[int, Mark], ...]:
        """The marks, each with its distance from the top."""
        return tuple((ROW * number, mark) for number, mark in enumerate(self.marks))
