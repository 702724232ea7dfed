"""JSON from outside, read without benefit of the doubt."""

from __future__ import annotations

import json
from typing import Any


class BadJson(ValueError):
    """A text that is no JSON, or could mean two things."""


def strict_json(text: bytes | str) -> Any:
    """What the text says.

    Raises:
        BadJson: it is no JSON in UTF-8 (RFC 8259, 8.1), says a name twice (of two, programs take
            different ones: ASVS 5.0, 15.3.7), holds a number that JSON does not know, or is nested
            without end.
    """
    try:
        if isinstance(text, bytes):  # json would guess another encoding
            text = text.decode()
        return json.loads(text, object_pairs_hook=_once, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise BadJson(type(error).__name__) from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _refuse(constant: str) -> None:
    raise ValueError(f"no number: {constant}")
