"""How what we ask for is written: the query of a list, the body of a change."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final, TypeAlias, TypeVar

from pydantic import BaseModel

from app.recharge.errors import InvalidArgument
from app.recharge.values import valid_id

T = TypeVar("T")

OneOrMore: TypeAlias = T | Sequence[T]
"""A filter that takes one value or several; several are sent joined by commas."""

MAX_LIMIT: Final = 250
"""Most records that one page may hold (API reference, pagination)."""


def written(filters: Mapping[str, object]) -> dict[str, str]:
    """The query of a read, with lists joined by commas. A filter of None is left out.

    Raises:
        InvalidArgument: a value that cannot be meant: an id that is none, an empty text (the API
            would take it for no filter and answer with every customer's records), a moment without
            a zone, a limit out of range.
    """
    return {
        name: _filter(name, value)
        for name, value in sorted(filters.items())
        if value is not None and not _is_empty_list(value)
    }


def asks_for_nothing(filters: Mapping[str, object]) -> bool:
    """Whether a filter is an empty list: no record can match it."""
    return any(_is_empty_list(value) for name, value in filters.items() if name != "include")


def _is_empty_list(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str) and not value


def _filter(name: str, value: object) -> str:
    if name == "limit":
        if type(value) is int and 1 <= value <= MAX_LIMIT:
            return str(value)
        raise InvalidArgument(f"limit must be a whole number from 1 to {MAX_LIMIT}")
    if isinstance(value, Sequence) and not isinstance(value, str):
        parts = [_filter(name, part) for part in value]
        if any("," in part for part in parts):
            raise InvalidArgument(f"{name}: a value in a list must not hold a comma")
        return ",".join(parts)
    match value:
        case bool():
            return "true" if value else "false"
        case int() if name == "ids" or name.endswith(("_id", "_ids")):
            return str(valid_id(value))
        case int():
            return str(value)
        case str() if value.strip():
            return str(value)
        case datetime():
            return _moment(name, value)
        case date():
            return value.isoformat()
    raise InvalidArgument(f"{name}: a value of type {type(value).__name__} cannot be a filter")


def body(values: Mapping[str, Any]) -> dict[str, Any]:
    """The body of a change, as JSON can hold it: dates as text, money as text.

    Raises:
        InvalidArgument: a value that JSON cannot hold, or an id that is none.
    """
    return {name: _json(name, value) for name, value in values.items()}


def _json(name: str, value: object) -> object:
    match value:
        case None | bool():
            return value
        case int() if name == "id" or name.endswith(("_id", "_ids")):
            return valid_id(value)
        case int():
            return value
        case float() if math.isfinite(value):
            return value
        case str():
            return str(value)
        case Decimal() if value.is_finite():
            return f"{value:.2f}"
        case datetime():
            return _moment(name, value)
        case date():
            return value.isoformat()
        case BaseModel():
            return value.model_dump(mode="json", exclude_unset=True)
        case Mapping():
            return {str(key): _json(str(key), part) for key, part in value.items()}
        case Sequence() if not isinstance(value, bytes | bytearray):
            return [_json(name, part) for part in value]
    raise InvalidArgument(f"{name}: a value of type {type(value).__name__} cannot be sent")


def _moment(name: str, value: datetime) -> str:
    if value.tzinfo is None:
        raise InvalidArgument(f"{name}: a moment must carry its zone")
    return value.astimezone(UTC).isoformat(timespec="seconds")
