"""What stands in the mirror for a record that is there and cannot be read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

UNREADABLE: Final[Mapping[str, Any]] = {"unreadable": True}
"""Its document: no record looks like it, for all have an id."""

_SHORT: Final = 40
"""Longer documents, however their database writes them, are records."""


def is_unreadable(document: str) -> bool:
    """Whether this document stands for a record that cannot be read."""
    return len(document) < _SHORT and json.loads(document) == UNREADABLE


def readable(documents: Iterable[str]) -> tuple[str, ...]:
    """The documents that do not."""
    return tuple(document for document in documents if not is_unreadable(document))
