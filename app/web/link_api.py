"""``POST /api/links``: quick links for the merchant's own programs, such as what sends the mails.

Answers in JSON, and in English: developers read it. All the links that are asked for are made, or
none.
"""

from __future__ import annotations

import hashlib
import hmac
import math
from http import HTTPStatus
from typing import Any, Final

import structlog
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.actions.quick.wishes import LinksWanted, problem_of
from app.auth import Limit, Limits, LinkSigner, network
from app.auth.limits import MERCHANT_PER_NETWORK
from app.clock import Clock, utc_now

_log = structlog.get_logger(__name__)

LINKS: Final = "/api/links"
LARGEST: Final = 512_000
"""Bytes of a body: room for as many links as may be asked for at once."""


class LinkApi:
    """The route. Without a `word`, or without a secret to sign with, it is not there.

    word: the merchant's, which programs send as ``Authorization: Bearer …``
    """

    def __init__(
        self, signer: LinkSigner, word: str, limits: Limits, clock: Clock = utc_now
    ) -> None:
        self._signer = signer
        self._word = word.encode()
        self._limits = limits
        self._clock = clock

    def routes(self) -> list[Route]:
        return [Route(LINKS, self.make, methods=["POST"])]

    async def make(self, request: Request) -> Response:
        """The links, in the order in which they were asked for."""
        if not self._word or not self._signer.can_sign:
            return _error(
                HTTPStatus.NOT_FOUND,
                "Not here. Links are made where DOORSTEP_MERCHANT_TOKEN and DOORSTEP_LINK_SECRETS "
                "are set.",
            )
        if not self._is_merchant(request):
            return await self._refuse(request)
        if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            return _error(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "The body must be application/json.")
        body = await _read(request)
        if body is None:
            return _error(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"The body has more than {LARGEST} bytes."
            )
        try:
            wanted = LinksWanted.model_validate_json(body)
        except ValidationError as error:
            return _error(HTTPStatus.UNPROCESSABLE_ENTITY, problem_of(error))
        made = [self._signer.sign(one) for one in wanted.links]
        _log.info("quick links were made", count=len(made))
        return JSONResponse(
            {"links": [{"url": one.url, "expires_at": one.expires_at.isoformat()} for one in made]}
        )

    def _is_merchant(self, request: Request) -> bool:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        # The time that comparing takes tells nothing of the word, its length included.
        digests = [hashlib.sha256(one).digest() for one in (given.strip().encode(), self._word)]
        return scheme.casefold() == "bearer" and hmac.compare_digest(*digests)

    async def _refuse(self, request: Request) -> Response:
        host = request.client.host if request.client else ""
        checks: list[tuple[Limit, str]] = [(limit, network(host)) for limit in MERCHANT_PER_NETWORK]
        until = await self._limits.refused_until(checks, self._clock())
        _log.warning("quick links refused", reason="wrong word" if until is None else "too many")
        if until is not None:
            seconds = max(1, math.ceil((until - self._clock()).total_seconds()))
            return _error(
                HTTPStatus.TOO_MANY_REQUESTS,
                "Too many tries with a wrong token.",
                {"Retry-After": str(seconds)},
            )
        return _error(
            HTTPStatus.UNAUTHORIZED,
            "The header Authorization must be: Bearer, and the value of DOORSTEP_MERCHANT_TOKEN.",
            {"WWW-Authenticate": 'Bearer realm="links"'},
        )


async def _read(request: Request) -> bytes | None:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LARGEST:
            return None
    return body


def _error(status: int, words: str, headers: dict[str, str] | None = None) -> Response:
    content: dict[str, Any] = {"error": words}
    return JSONResponse(content, status, headers)
