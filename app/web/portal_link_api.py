"""``POST /api/portal-links``: links of the Theme Engine's form, for the mails of the shop.

All the links that are asked for are made, or none. Nobody is looked up for them: a hash that is
nobody's makes a link that opens nothing.
"""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from itertools import groupby
from typing import Final

import structlog
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.actions.quick.wishes import problem_of
from app.auth import PortalTokens
from app.auth.portal_links import PortalLinksWanted, PortalLinkWanted
from app.clock import Clock, utc_now
from app.web.merchant_api import MerchantApi, api_error
from app.web.old_links import new_place

_log = structlog.get_logger(__name__)

PORTAL_LINKS: Final = "/api/portal-links"


class PortalLinkApi:
    """The route. Without the merchant's word it is not there.

    origin: the address of the portal, without a slash at the end
    """

    def __init__(
        self, api: MerchantApi, tokens: PortalTokens, origin: str, clock: Clock = utc_now
    ) -> None:
        self._api = api
        self._tokens = tokens
        self._origin = origin
        self._clock = clock

    def routes(self) -> list[Route]:
        return [Route(PORTAL_LINKS, self.make, methods=["POST"])]

    async def make(self, request: Request) -> Response:
        """The links, in the order in which they were asked for."""
        if not self._api.is_open:
            words = "Not here. Links are made where DOORSTEP_MERCHANT_TOKEN is set."
            return api_error(HTTPStatus.NOT_FOUND, words)
        body = await self._api.body(request)
        if isinstance(body, Response):
            return body
        try:
            wanted = PortalLinksWanted.model_validate_json(body).links
        except ValidationError as error:
            return api_error(HTTPStatus.UNPROCESSABLE_ENTITY, problem_of(error))
        for number, one in enumerate(wanted):
            if new_place(one.place) is None:
                words = f"links.{number}.place: the portal has no such place."
                return api_error(HTTPStatus.UNPROCESSABLE_ENTITY, words)
        made = await self._made(wanted)
        _log.info("links into the portal were made", count=len(made))
        return JSONResponse({"links": made})

    async def _made(self, wanted: tuple[PortalLinkWanted, ...]) -> list[dict[str, str]]:
        made: list[dict[str, str]] = []
        for hours, group in groupby(wanted, key=lambda one: one.hours):
            some, valid_for = tuple(group), timedelta(hours=hours)
            ends = (self._clock() + valid_for).isoformat()
            tokens = await self._tokens.issue_all(
                [one.customer_id for one in some], valid_for=valid_for
            )
            for one, token in zip(some, tokens, strict=True):
                path = f"/portal/{one.customer_hash}/{one.place.strip('/')}".rstrip("/")
                made.append({"url": f"{self._origin}{path}?token={token}", "expires_at": ends})
        return made
