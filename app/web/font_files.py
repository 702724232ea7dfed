"""Letters for files: our own fonts, and those of the machine for scripts that ours lack.

DejaVu Sans comes with Doorstep: Latin, Greek, Cyrillic, Armenian, Georgian, Hebrew, Arabic and
more. Chinese, Japanese, Korean, Thai, the scripts of India and others need a font of the machine.
Fonts are found by looking into a folder and reading which letters a file has: no other program is
asked.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final
from unicodedata import category

import structlog
from fontTools.ttLib import TTFont, TTLibError  # type: ignore[import-untyped]

_log = structlog.get_logger(__name__)

_HERE: Final = Path(__file__).parent / "fonts"
REGULAR: Final = _HERE / "DejaVuSans.ttf"
BOLD: Final = _HERE / "DejaVuSans-Bold.ttf"

SYSTEM_FONTS: Final = Path("/usr/share/fonts")
"""Where most machines keep theirs."""

_KINDS: Final = (".ttf", ".otf", ".ttc")
_MOST_FILES: Final = 2000
_MOST_FALLBACKS: Final = 6
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp", "Mn"})
"""Kinds of signs that need no letter of their own, or stand on another one."""


@dataclass(frozen=True)
class Letters:
    """Fonts for a text.

    more:    files beside our own, in the order in which they are asked
    missing: signs of the text that none of them has
    """

    more: tuple[Path, ...]
    missing: frozenset[str]


def letters_for(text: str, folder: Path | None = None) -> Letters:
    """Fonts for all signs of a text: as few files as it takes.

    folder: where to look; None for `SYSTEM_FONTS`
    """
    missing = _needed(text) - signs_of(REGULAR)
    more: list[Path] = []
    if missing:
        for file in _files(folder or SYSTEM_FONTS):
            found = missing & signs_of(file)
            if found:
                more.append(file)
                missing = missing - found
            if not missing or len(more) >= _MOST_FALLBACKS:
                break
    return Letters(tuple(more), frozenset(map(chr, missing)))


@lru_cache(maxsize=256)
def signs_of(file: Path) -> frozenset[int]:
    """The numbers of the signs that a font has; none where the file cannot be read."""
    try:
        with file.open("rb") as stream, TTFont(stream, lazy=True, fontNumber=0) as font:
            if "glyf" not in font and "CFF " not in font:
                return frozenset()  # pictures in place of outlines: no file takes them
            return frozenset(font.getBestCmap() or ())
    except (OSError, TTLibError, KeyError, ValueError, AssertionError) as error:
        _log.info("a font cannot be read", file=file.name, error=type(error).__name__)
        return frozenset()


def _needed(text: Iterable[str]) -> frozenset[int]:
    return frozenset(ord(sign) for sign in text if category(sign) not in _INVISIBLE)


def _files(folder: Path) -> Iterator[Path]:
    """Font files of a folder and those in it, plain upright ones first, always in one order."""
    found: list[Path] = []
    for place, folders, names in os.walk(folder):
        folders.sort()
        found += (Path(place, name) for name in sorted(names) if name.lower().endswith(_KINDS))
        if len(found) > _MOST_FILES:
            break
    yield from sorted(found[:_MOST_FILES], key=_rank)


def _rank(file: Path) -> tuple[bool, bool, str]:
    name = file.stem.lower()
    is_styled = any(word in name for word in ("bold", "italic", "oblique", "light", "black"))
    return is_styled, "mono" in name or "condensed" in name, str(file)
