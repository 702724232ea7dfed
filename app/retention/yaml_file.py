"""A small YAML file, read so that every value keeps the line it stands on.

YAML 1.2, where ``no`` is a word and Norwegian. What a file of settings does not need and what makes
it hard to follow is refused: anchors, aliases, tags, several documents.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

MOST_BYTES: Final = 64_000
"""A longer file is not read: it is not what it is said to be."""

_DEEPEST: Final = 8
_LONGEST_NAME: Final = 40
_NO_TEXT: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
"""What can be written with an escape, and neither shown nor stored."""

_BEYOND: Final = re.compile(r"\\U(?!0010|000)")
"""The number of a sign that is none."""

_WHOLE: Final = re.compile(r"[-+]?[0-9]{1,9}")
_WORDS: Final = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip

At: TypeAlias = tuple[str | int, ...]
"""Where a value stands: ``("reasons", 2, "offer")``."""


class RetentionFileError(ValueError):
    """The file cannot be used. The text is one sentence with the file and the line.

    line: counted from 1; None where it is about the file as a whole
    """

    def __init__(self, path: Path, line: int | None, reason: str) -> None:
        self.line = line
        place = str(path) if line is None else f"{path}, line {line}"
        super().__init__(f"{place}: {reason}.")


class Wrong(Exception):
    """Something is wrong at a line, of a file whose name is not known here."""

    def __init__(self, line: int | None, reason: str) -> None:
        self.line = line
        self.reason = reason
        super().__init__(reason)


@dataclass
class Lined:
    """What a file holds: mappings, tuples, texts, whole numbers, yes and no, None.

    lines: of each value, from 1
    keys:  of the key of each value that has one
    """

    value: Any = None
    lines: dict[At, int] = field(default_factory=dict)
    keys: dict[At, int] = field(default_factory=dict)

    def line(self, at: At) -> int:
        """The line of a value; of what it would stand in, where it is missing."""
        while at and at not in self.lines:
            at = at[:-1]
        return self.lines.get(at, 1)


def read_yaml(path: Path) -> Lined:
    """The file's content.

    Raises:
        Wrong: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise Wrong(None, f"cannot be read ({type(error).__name__})") from error
    if len(data) > MOST_BYTES:
        raise Wrong(None, f"must not be longer than {MOST_BYTES // 1000} kB")
    try:
        return parse_yaml(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Wrong(line, "this is not UTF-8 text") from error


def parse_yaml(text: str) -> Lined:
    """The content of a text, as `read_yaml` does it."""
    try:
        return _Reader(iter(YAML(typ="safe", pure=True).parse(text))).document()
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = one_line(error.problem or error.context or "it cannot be read", 120)
        raise Wrong(mark.line + 1 if mark else None, f"this is not YAML: {problem}") from error
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise Wrong(line, "this holds a sign that YAML does not allow") from error
    except (YAMLError, ValueError) as error:
        beyond = _BEYOND.search(text)
        place = text.count("\n", 0, beyond.start()) + 1 if beyond else None
        raise Wrong(place, "this is not YAML: a number is too large") from error


def one_line(text: str, longest: int = _LONGEST_NAME) -> str:
    """A text from the file as a part of a sentence."""
    short = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    if not short:
        return '""'
    return short if len(short) <= longest else f"{short[:longest]}…"


class _Reader:
    """Goes through the events of a parser, and no deeper than a file of settings goes."""

    def __init__(self, events: Iterator[Event]) -> None:
        self._events = events
        self._found = Lined()
        self._documents = 0

    def document(self) -> Lined:
        for event in self._events:
            if isinstance(event, DocumentStartEvent):
                self._documents += 1
                if self._documents > 1:
                    raise Wrong(_line(event), "a second document begins here; there must be one")
            elif isinstance(event, NodeEvent):
                self._found.value = self._value(event, ())
        return self._found

    def _value(self, event: Event, at: At) -> Any:
        self._found.lines[at] = _line(event)
        _check(event)
        if isinstance(event, ScalarEvent):
            return _scalar(event)
        if len(at) >= _DEEPEST:
            raise Wrong(_line(event), "this goes too deep")
        return self._list(at) if isinstance(event, SequenceStartEvent) else self._mapping(at)

    def _list(self, at: At) -> tuple[Any, ...]:
        found: list[Any] = []
        while not isinstance(event := next(self._events), SequenceEndEvent):
            found.append(self._value(event, (*at, len(found))))
        return tuple(found)

    def _mapping(self, at: At) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(event := next(self._events), MappingEndEvent):
            _check(event)
            if not isinstance(event, ScalarEvent):
                raise Wrong(_line(event), "a key must be a word")
            key = str(event.value)
            if key in found:
                raise Wrong(_line(event), f"{one_line(key)} stands twice")
            self._found.keys[*at, key] = _line(event)
            found[key] = self._value(next(self._events), (*at, key))
        return found


def _check(event: Event) -> None:
    if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
        raise Wrong(_line(event), "anchors and aliases (& and *) cannot be used here")
    if isinstance(event, ScalarEvent | SequenceStartEvent | MappingStartEvent) and event.tag:
        raise Wrong(_line(event), "tags (!) cannot be used here")
    if isinstance(event, ScalarEvent) and _NO_TEXT.search(event.value):
        raise Wrong(_line(event), "this holds a sign that cannot be shown")


def _scalar(event: ScalarEvent) -> str | int | bool | None:
    text = str(event.value)
    if event.style:  # quoted, or a block
        return text
    if _WHOLE.fullmatch(text):
        return int(text)
    return _WORDS.get(text, text)


def _line(event: Event) -> int:
    return int(event.start_mark.line) + 1
