"""``POST /api/links``: quick links for the merchant's own programs, such as what sends the mails.

Answers in JSON, and in English: developers read it. All the links that are asked for are made, or
none.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

import structlog
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.actions.quick.wishes import LinksWanted, problem_of
from app.auth import Limits, LinkSigner
from app.clock import Clock, utc_now
from app.web.merchant_api import MerchantApi, api_error

_log = structlog.get_logger(__name__)

LINKS: Final = "/api/links"


class LinkApi:
    """The route. Without a `word`, or without a secret to sign with, it is not there.

    word: the merchant's, which programs send as ``Authorization: Bearer …``
    """

    def __init__(
        self, signer: LinkSigner, word: str, limits: Limits, clock: Clock = utc_now
    ) -> None:
        self._signer = signer
        self._api = MerchantApi(word, limits, clock)

    def routes(self) -> list[Route]:
        return [Route(LINKS, self.make, methods=["POST"])]

    async def make(self, request: Request) -> Response:
        """The links, in the order in which they were asked for."""
        if not self._api.is_open or not self._signer.can_sign:
            return api_error(
                HTTPStatus.NOT_FOUND,
                "Not here. Links are made where DOORSTEP_MERCHANT_TOKEN and DOORSTEP_LINK_SECRETS "
                "are set.",
            )
        body = await self._api.body(request)
        if isinstance(body, Response):
            return body
        try:
            wanted = LinksWanted.model_validate_json(body)
        except ValidationError as error:
            return api_error(HTTPStatus.UNPROCESSABLE_ENTITY, problem_of(error))
        made = [self._signer.sign(one) for one in wanted.links]
        _log.info("quick links were made", count=len(made))
        return JSONResponse(
            {"links": [{"url": one.url, "expires_at": one.expires_at.isoformat()} for one in made]}
        )
