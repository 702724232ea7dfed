"""What a noun is: its names, the columns its filters need, and how those are filled."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.sandbox.dates import sortable
from app.sandbox.errors import Document

Extract = Callable[[Document], Any]


@dataclass(frozen=True)
class Filter:
    """A query parameter of a list: how its text is read and which column it tests.

    Kinds: id, ids (comma list of numbers), text, texts (comma list), min, max (moments), day,
    day_min, day_max, has (one id in a column of ids), has_any, sql (a condition of its own).
    """

    kind: str
    column: str


@dataclass(frozen=True)
class Noun:
    """One kind of object, stored in one table named by its plural."""

    singular: str
    plural: str
    scope: str
    columns: Mapping[str, Extract] = field(default_factory=dict)
    filters: Mapping[str, Filter] = field(default_factory=dict)
    sorts: tuple[str, ...] = ("id", "updated_at")
    naive_stamps: bool = False
    """Some nouns write their timestamps without an offset; clients must read both shapes."""


def at(*path: str) -> Extract:
    """The value at a path of keys; true and false as numbers."""

    def extract(document: Document) -> Any:
        value: Any = document
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        return int(value) if isinstance(value, bool) else value

    return extract


def lower(key: str) -> Extract:
    """A text without its case."""
    return lambda document: str(document.get(key) or "").lower()


def time(key: str) -> Extract:
    """A moment in the shape that sorts."""
    return lambda document: sortable(document.get(key))


def every(key: str, inner: str) -> Extract:
    """Every value of a list as `,1,2,`, so that one LIKE finds a member."""

    def extract(document: Document) -> str:
        return "," + "".join(f"{each.get(inner)}," for each in document.get(key) or [])

    return extract
