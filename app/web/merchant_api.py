"""What the routes for the merchant's own programs have in common. They answer in JSON, and in
English: developers read it."""

from __future__ import annotations

import hashlib
import hmac
import math
from datetime import timedelta
from http import HTTPStatus
from typing import Any, Final

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.auth import Limit, Limits, network
from app.auth.strict_json import BadJson, strict_json
from app.clock import Clock, utc_now

_log = structlog.get_logger(__name__)

LARGEST: Final = 512_000
"""Bytes of a body: room for a thousand of whatever may be asked for at once."""
_WRONG_WORDS: Final = Limit("wrong words of programs, hour", 10, timedelta(hours=1))
"""How many wrong words one network may bring. The right one goes on working, and the merchant's
sign-in page counts its own."""


class MerchantApi:
    """Lets in who knows the merchant's word, and reads what they send.

    word: what programs send as ``Authorization: Bearer …``; without one nobody gets in
    """

    def __init__(self, word: str, limits: Limits, clock: Clock = utc_now) -> None:
        self.is_open = bool(word)
        self._word = word.encode()
        self._limits = limits
        self._clock = clock

    async def body(self, request: Request) -> bytes | Response:
        """The body of a request; or the answer in its place, where it is refused."""
        if not self._is_merchant(request):
            return await self._refuse(request)
        if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            return api_error(
                HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "The body must be application/json."
            )
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > LARGEST:
                return api_error(
                    HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"The body has more than {LARGEST} bytes."
                )
        try:
            strict_json(body)
        except BadJson:
            words = "Invalid JSON: it must be UTF-8, and say each name once."
            return api_error(HTTPStatus.UNPROCESSABLE_ENTITY, words)
        return body

    def _is_merchant(self, request: Request) -> bool:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        # The time that comparing takes tells nothing of the word, its length included.
        digests = [hashlib.sha256(one).digest() for one in (given.strip().encode(), self._word)]
        is_right = hmac.compare_digest(*digests)
        return self.is_open and scheme.casefold() == "bearer" and is_right

    async def _refuse(self, request: Request) -> Response:
        host = request.client.host if request.client else ""
        until = await self._limits.refused_until([(_WRONG_WORDS, network(host))], self._clock())
        _log.warning("a program was refused", reason="wrong word" if until is None else "too many")
        if until is not None:
            seconds = max(1, math.ceil((until - self._clock()).total_seconds()))
            return api_error(
                HTTPStatus.TOO_MANY_REQUESTS,
                "Too many tries with a wrong token.",
                {"Retry-After": str(seconds)},
            )
        return api_error(
            HTTPStatus.UNAUTHORIZED,
            "The header Authorization must be: Bearer, and the value of DOORSTEP_MERCHANT_TOKEN.",
            {"WWW-Authenticate": 'Bearer realm="links"'},
        )


def api_error(status: int, words: str, headers: dict[str, str] | None = None) -> Response:
    """An answer that says what is wrong."""
    content: dict[str, Any] = {"error": words}
    return JSONResponse(content, status, headers)
