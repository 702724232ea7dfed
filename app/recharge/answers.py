"""What an answer means: the object in its body, or the error that it stands for."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final, NoReturn

import httpx

from app.recharge.errors import (
    Conflict,
    NotFound,
    RateLimited,
    RechargeError,
    Refused,
    Unauthorized,
    UpstreamFailed,
)

_REFUSALS: Final[dict[int, type[Refused]]] = {
    401: Unauthorized,
    403: Unauthorized,
    404: NotFound,
    409: Conflict,
    426: Unauthorized,
}


def read(method: str, route: str, response: httpx.Response, content: bytes) -> dict[str, Any]:
    """The JSON object of a good answer; an empty one where there is no body.

    Raises:
        Refused: the status is 4xx and the body is empty or an object.
        RateLimited: the status is 429, whatever the body is.
        UpstreamFailed: anything else that is not a JSON object with status 2xx.
    """
    status = response.status_code

    def failed(reason: str) -> UpstreamFailed:
        return UpstreamFailed(reason, method=method, route=route, status=status)

    if status == 429:
        limited = RateLimited("rate limited", method=method, route=route, status=status)
        limited.retry_after = retry_after(response.headers.get("retry-after"))
        raise limited
    # A request timeout told by a gateway (408) says nothing about whether the call was executed.
    if status >= 500 or status == 408:
        raise failed("the API failed")
    if 300 <= status < 400:
        raise failed("a redirect, which is not followed")
    if not content.strip():
        answer: object = {}
    elif "json" not in response.headers.get("content-type", "json"):
        raise failed("the answer is not JSON")
    else:
        answer = _parse(content)
    if not isinstance(answer, dict):
        raise failed("the answer is not a JSON object")
    if status >= 400:
        raise _refusal(status, method, route, answer)
    return answer


def _refusal(status: int, method: str, route: str, answer: Mapping[str, object]) -> RechargeError:
    fields: dict[str, list[str]] = {}
    for key in ("errors", "error", "warning"):
        _collect("", answer.get(key), fields)
    messages = fields.pop("", [])
    kind = _REFUSALS.get(status, Refused)
    return kind("refused", method=method, route=route, status=status, fields=fields,
                messages=messages)  # fmt: skip


def _collect(name: str, value: object, into: dict[str, list[str]]) -> None:
    """Bring the five shapes of error bodies into one: texts by dotted name of a field.

    The API sends a text for the whole call, or a map of fields whose values are a list of texts, a
    bare text, or a map again. `_schema` stands for rules over several fields.
    """
    if isinstance(value, Mapping):
        for key, part in value.items():
            inner = "" if key == "_schema" else str(key)
            _collect(f"{name}.{inner}".strip("."), part, into)
    elif isinstance(value, list):
        for part in value:
            _collect(name, part, into)
    elif value is not None:
        texts = into.setdefault(name, [])
        if str(value) not in texts:
            texts.append(str(value))


def _parse(content: bytes) -> object:
    """The JSON value, or None where the text is none."""
    try:
        return json.loads(content, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return None


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def retry_after(header: str | None) -> float | None:
    """Seconds to wait, from a number of seconds or a date; None where neither can be read."""
    if header is None:
        return None
    try:
        seconds = float(header)
    except ValueError:
        try:
            moment = parsedate_to_datetime(header)
        except ValueError:
            return None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        seconds = (moment - datetime.now(UTC)).total_seconds()
    return max(0.0, seconds) if math.isfinite(seconds) else None


def usage(header: str | None) -> tuple[int, int] | None:
    """Calls used and size of the token's bucket, from `X-Recharge-Limit: 39/40`."""
    used, slash, size = (header or "").strip().partition("/")
    if slash and used.isdecimal() and size.isdecimal() and int(size) > 0:
        return int(used), int(size)
    return None
