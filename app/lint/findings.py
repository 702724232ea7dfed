"""What was found, and how a place says that it is meant so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_MEANT_SO: Final = re.compile(r"(#|//|/\*|\{#|<!--)\s*markup:\s*\S")


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One place to mend.

    file: as it was named to the search
    line: counted from 1
    rule: a short name: "text in props"
    hint: what to do instead, in a sentence
    """

    file: str
    line: int
    rule: str
    hint: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.rule}. {self.hint}"


_WHOLE_FILE: Final = re.compile(r"(#|//|/\*|\{#|<!--)\s*markup, this file:\s*\S")
_HEAD: Final = 40
"""Lines at the top of a file in which it may say so for all of it."""


def is_whole_file_meant_so(lines: Sequence[str]) -> bool:
    """Whether a file gives a reason for all that it does."""
    return any(_WHOLE_FILE.search(one) for one in lines[:_HEAD])


def is_meant_so(lines: Sequence[str], first: int, last: int | None = None) -> bool:
    """Whether one of these lines, or the one above them, gives a reason. Counted from 1."""
    return any(_MEANT_SO.search(one) for one in lines[max(0, first - 2) : last or first])
