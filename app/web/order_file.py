"""The receipt of an order as a PDF, in any script that there are letters for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final, Literal, cast

from fpdf import FPDF

from app.web.font_files import BOLD, REGULAR, Letters, letters_for
from app.web.order_sheet import Sheet, SheetItem, SheetRow

_FAMILY: Final = "Doorstep"
_MARGIN: Final = 18.0
_LINE: Final = 5.6
_SMALL: Final = 4.8
_GAP: Final = 7.0
_AROUND: Final = 3.0
"""Room above and below an item."""
_INK, _MUTED, _RULE = (38, 33, 27), (106, 96, 85), (214, 204, 190)
_NUMBERS: Final = (22.0, 32.0, 32.0)
"""Widths of the columns behind the product, in millimetres: quantity, price, amount."""

Side = Literal["L", "R"]


def pdf_of(sheet: Sheet, made_at: datetime, missing_note: str, fonts: Path | None = None) -> bytes:
    """The file.

    missing_note: what is said on it where a sign has no letter on this machine
    fonts:        the folder with further fonts; None for those of the machine
    """
    return _Drawing(sheet, letters_for(sheet.words, fonts), made_at, missing_note).made()


class _Drawing:
    """One file. Everything is measured from the side on which the language begins."""

    def __init__(
        self, sheet: Sheet, letters: Letters, made_at: datetime, missing_note: str
    ) -> None:
        self._sheet = sheet
        self._missing_note = missing_note if letters.missing else ""
        self._is_rtl = sheet.direction == "rtl"
        self._start: Side = "R" if self._is_rtl else "L"
        self._end: Side = "L" if self._is_rtl else "R"
        pdf = self._pdf = FPDF(format="A4")
        pdf.set_creation_date(made_at)
        pdf.set_title(f"{sheet.title} · {sheet.shop}")
        pdf.set_author(sheet.shop)
        pdf.set_creator("Doorstep")
        pdf.set_lang(sheet.language)
        pdf.set_margins(_MARGIN, _MARGIN, _MARGIN)
        pdf.set_auto_page_break(auto=True, margin=_MARGIN)
        pdf.add_font(_FAMILY, "", REGULAR)
        pdf.add_font(_FAMILY, "B", BOLD)
        others = []
        for number, file in enumerate(letters.more):
            others.append(f"{_FAMILY}{number}")
            pdf.add_font(others[-1], "", file)
        if others:
            # In bold too: what is in another script stands in the only weight there is of it.
            pdf.set_fallback_fonts(others, exact_match=False)
        # Each text begins on the side of its own first letter, as `dir="auto"` has it on the page.
        pdf.set_text_shaping(True)
        pdf.add_page()
        self._width = pdf.epw

    def made(self) -> bytes:
        """All of it, from the head to the foot."""
        self._head()
        self._addresses()
        self._items()
        self._bill()
        self._notes()
        return bytes(self._pdf.output())

    def _head(self) -> None:
        self._write(self._sheet.shop, 11, colour=_MUTED)
        self._write(self._sheet.title, 22, bold=True, line=11)
        self._pdf.ln(2)
        for name, value in self._sheet.facts:
            self._pair(name, value)
        self._pdf.ln(_GAP)

    def _pair(self, name: str, value: str) -> None:
        """A name and, beside it, its value."""
        pdf, wide = self._pdf, 34.0
        y = pdf.y
        self._ink(9.5, colour=_MUTED)
        self._cell(0, wide, name)
        pdf.set_y(y)
        self._ink(9.5)
        self._cell(wide, self._width - wide, value)

    def _addresses(self) -> None:
        addresses = self._sheet.addresses
        if not addresses:
            return
        pdf = self._pdf
        wide = self._width / 2
        top = lowest = pdf.y
        for place, (name, lines) in enumerate(addresses[:2]):
            pdf.set_y(top)
            self._ink(9, colour=_MUTED)
            self._cell(place * wide, wide - 4, name)
            self._ink(10)
            for line in lines:
                self._cell(place * wide, wide - 4, line)
            lowest = max(lowest, pdf.y)
        pdf.set_y(lowest)
        pdf.ln(_GAP)

    def _items(self) -> None:
        self._columns(self._sheet.heads, size=9, colour=_MUTED)
        self._rule()
        for item in self._sheet.items:
            self._item(item)
        self._rule()
        self._pdf.ln(2)

    def _item(self, item: SheetItem) -> None:
        pdf = self._pdf
        first = self._width - sum(_NUMBERS)
        name = item.title + (f"\n{item.variant}" if item.variant else "")
        self._ink(10)
        high = pdf.multi_cell(first - 3, _LINE, name, dry_run=True, output="HEIGHT")
        if pdf.will_page_break(cast(float, high) + _AROUND):
            pdf.add_page()
            self._columns(self._sheet.heads, size=9, colour=_MUTED)
            self._rule()
        top = pdf.y + 1
        pdf.set_y(top)
        self._ink(10)
        self._cell(0, first - 3, item.title)
        if item.variant:
            self._ink(9, colour=_MUTED)
            self._cell(0, first - 3, item.variant)
        lowest = pdf.y
        pdf.set_y(top)
        self._numbers((item.quantity, item.price, item.total), size=10)
        pdf.set_y(max(lowest, pdf.y) + 1)

    def _columns(self, names: Sequence[str], *, size: float, colour: tuple[int, int, int]) -> None:
        top = self._pdf.y
        self._ink(size, colour=colour)
        self._cell(0, self._width - sum(_NUMBERS), names[0])
        self._pdf.set_y(top)
        self._numbers(names[1:], size=size, colour=colour)

    def _numbers(
        self, texts: Sequence[str], *, size: float, colour: tuple[int, int, int] = _INK
    ) -> None:
        top, place = self._pdf.y, self._width - sum(_NUMBERS)
        for text, wide in zip(texts, _NUMBERS, strict=True):
            self._pdf.set_y(top)
            self._ink(size, colour=colour)
            self._cell(place, wide, text, side=self._end)
            place += wide
        self._pdf.set_y(max(self._pdf.y, top + _LINE))

    def _bill(self) -> None:
        for row in self._sheet.rows:
            if row.kind == "total":
                self._pdf.ln(1)
                self._rule(part=0.5)
            self._row(row)
        self._pdf.ln(_GAP)

    def _row(self, row: SheetRow) -> None:
        is_total = row.kind == "total"
        size = 12.0 if is_total else 9.0 if row.is_part else 10.0
        colour = _MUTED if row.is_part else _INK
        half, wide = self._width / 2, _NUMBERS[-1] + 6
        if self._pdf.will_page_break(_LINE * 2):
            self._pdf.add_page()
        top = self._pdf.y
        self._ink(size, bold=is_total, colour=colour)
        self._cell(half, half - wide, row.label)
        lowest = self._pdf.y
        self._pdf.set_y(top)
        self._cell(self._width - wide, wide, row.amount, side=self._end)
        self._pdf.set_y(max(lowest, self._pdf.y))

    def _notes(self) -> None:
        notes = [*self._sheet.notes, *([self._missing_note] if self._missing_note else [])]
        for note in notes:
            self._write(note, 9, colour=_MUTED, line=_SMALL)

    def _write(
        self,
        text: str,
        size: float,
        *,
        bold: bool = False,
        colour: tuple[int, int, int] = _INK,
        line: float = _LINE,
    ) -> None:
        """A paragraph over the whole width."""
        self._ink(size, bold=bold, colour=colour)
        self._cell(0, self._width, text, line=line)

    def _cell(
        self, place: float, wide: float, text: str, *, side: Side | None = None, line: float = _LINE
    ) -> None:
        """Text in a column, as many lines as it takes. `place` is where the column begins, from the
        side on which the language begins."""
        left = self._width - place - wide if self._is_rtl else place
        self._pdf.set_x(_MARGIN + left)
        self._pdf.multi_cell(
            wide,
            line,
            text,
            align=side or self._start,
            new_x="LMARGIN",
            new_y="NEXT",
            padding=0,
        )

    def _ink(self, size: float, *, bold: bool = False, colour: tuple[int, int, int] = _INK) -> None:
        self._pdf.set_font(_FAMILY, "B" if bold else "", size)
        self._pdf.set_text_color(*colour)

    def _rule(self, part: float = 0.0) -> None:
        """A line across the page; `part` of it is left out at the beginning."""
        pdf = self._pdf
        pdf.set_draw_color(*_RULE)
        pdf.set_line_width(0.3)
        left, right = _MARGIN + self._width * part, _MARGIN + self._width
        if self._is_rtl:
            left, right = _MARGIN, _MARGIN + self._width * (1 - part)
        pdf.line(left, pdf.y + 0.6, right, pdf.y + 0.6)
        pdf.ln(1.8)
