"""The Theme Engine's addresses, hosted and embedded, lead into the same places here.

``/portal/<customer hash>/…?token=…`` and ``/tools/recurring/portal/<customer hash>/…?token=…``: the
hash names the customer and proves nothing; the token proves it, once, for a session. Then the
browser goes on to an address without either.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.actions import Principal
from app.auth import PortalTokens, Sessions
from app.recharge import RechargeError
from app.web.errors import ErrorPages
from app.web.forms import sign_in_url
from app.web.rendering import Pages

_ID = r"([1-9]\d{0,18})"

_PLACES: Sequence[tuple[str, str]] = (
    (r"(?:overview)?", "/"),
    (r"subscriptions(?:/new)?", "/subscriptions"),
    (rf"subscriptions/{_ID}/cancel", r"/subscriptions/\1/cancel"),
    (rf"subscriptions/{_ID}/cancel/{_ID}", r"/subscriptions/\1/cancel/\2"),
    (rf"subscriptions/{_ID}(?:/.*)?", r"/subscriptions/\1"),
    (r"(?:delivery_)?schedule", "/schedule"),
    (r"orders|purchase_history", "/orders"),
    (rf"orders/{_ID}(?:/.*)?", r"/orders/\1"),
    (r"(?:addresses|shipping)(?:/.*)?", "/addresses"),
    (r"payment_(?:methods?|sources?)(?:/.*)?", "/payment-methods"),
    (r"customer", "/account"),
    (rf"onetimes(?:/{_ID})?(?:/.*)?", "/schedule"),
    (rf"manage/{_ID}", "/schedule"),
)
"""The Theme Engine's pages and ours. An address that did something there only leads here: opening a
link never changes a subscription."""


def new_place(rest: str) -> str | None:
    """Our path for what stands behind the hash in an old link; None for what is not a page."""
    for old, new in _PLACES:
        if match := re.fullmatch(old, rest.strip("/")):
            return match.expand(new)
    return None


class OldLinks:
    """The routes of the Theme Engine's form."""

    def __init__(
        self, pages: Pages, errors: ErrorPages, sessions: Sessions, tokens: PortalTokens
    ) -> None:
        self._pages = pages
        self._errors = errors
        self._cookies = sessions.cookies
        self._tokens = tokens

    def routes(self) -> list[Route]:
        return [
            Route(f"{start}/portal/{{customer_hash}}{rest}", self.arrive, methods=["GET"])
            for start in ("", "/tools/recurring")
            for rest in ("", "/{rest:path}")
        ]

    async def arrive(self, request: Request) -> Response:
        target = new_place(request.path_params.get("rest", ""))
        if target is None or not _is_opened(request):
            return await self._errors.not_found(request)
        if _is_fetched_ahead(request):
            # Nobody has opened it yet. A failure keeps the browser from using this answer later.
            return Response(status_code=503)
        try:
            return await self._enter(request, target)
        except RechargeError:
            return await self._pages.message(
                self._pages.texts.t("The shop does not answer at the moment"),
                self._pages.texts.t(
                    "Your link is still good, and nothing was changed. "
                    "Please open it again in a minute."
                ),
                status=503,
                headers={"Retry-After": "60"},
                link="/sign-in",
                link_text=self._pages.texts.t("Sign in"),
            )

    async def _enter(self, request: Request, target: str) -> Response:
        customer_hash = request.path_params["customer_hash"]
        given = request.query_params.getlist("token")
        token = given[0] if len(given) == 1 and request.method == "GET" else ""
        principal: Principal | None = request.scope["state"]["principal"]
        if principal is not None and await self._tokens.belongs(customer_hash, principal):
            await self._tokens.spend(token)
            return RedirectResponse(target, 303)
        cookie = await self._tokens.exchange(
            token,
            customer_hash,
            replacing=request.cookies.get(self._cookies.session),
            user_agent=request.headers.get("user-agent", ""),
        )
        if cookie is None:
            return RedirectResponse(sign_in_url(target, "portal" if given else ""), 303)
        response = RedirectResponse(target, 303)
        response.headers.append("Set-Cookie", self._cookies.set(self._cookies.session, cookie))
        return response


def _is_opened(request: Request) -> bool:
    """Whether a person opens a page, as far as the browser tells: no picture or frame of another
    site may sign a browser in behind its owner's back."""
    return (
        request.headers.get("sec-fetch-mode", "navigate") == "navigate"
        and request.headers.get("sec-fetch-dest", "document") == "document"
    )


def _is_fetched_ahead(request: Request) -> bool:
    purpose = request.headers.get("sec-purpose", "") + request.headers.get("purpose", "")
    return "prefetch" in purpose.lower() or "prerender" in purpose.lower()
