"""The Theme Engine's addresses, hosted and embedded, lead into the same places here.

``/portal/<customer hash>/…?token=…`` and ``/tools/recurring/portal/<customer hash>/…?token=…``: the
hash names the customer and proves nothing; the token proves it, for a session. Then the browser
goes on to an address without either.

No session begins unseen (ASVS 5.0, 7.6.2). A link in a mail of the merchant's opens the page at
once where the browser says that a person pressed it. A press is asked for where it says nothing,
where somebody else is signed in, and always for a link that works once: mail scanners open links.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.actions import Level, Principal
from app.auth import GoodToken, PortalTokens, Sessions, form_token
from app.recharge import RechargeError
from app.web.errors import ErrorPages
from app.web.forms import STALE_FORM, Visitor, read_form, sign_in_url
from app.web.opening import is_fetched_ahead, is_opened, is_pressed
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
        self._texts = pages.texts
        self._cookies = sessions.cookies
        self._tokens = tokens

    def routes(self) -> list[Route]:
        return [
            Route(f"{start}/portal/{{customer_hash}}{rest}", endpoint, methods=[method])
            for start in ("", "/tools/recurring")
            for rest in ("", "/{rest:path}")
            for method, endpoint in (("GET", self.arrive), ("POST", self.press))
        ]

    async def arrive(self, request: Request) -> Response:
        target = new_place(request.path_params.get("rest", ""))
        if target is None or not is_opened(request):
            return await self._errors.not_found(request)
        if is_fetched_ahead(request):
            # Nobody has opened it yet. A failure keeps the browser from using this answer later.
            return Response(status_code=503)
        given = request.query_params.getlist("token")
        token = given[0] if len(given) == 1 and request.method == "GET" else ""
        try:
            return await self._arrive(request, target, token, is_given=bool(given))
        except RechargeError:
            return await self._not_now()

    async def press(self, request: Request) -> Response:
        """A person has pressed on the page that asked for it."""
        target = new_place(request.path_params.get("rest", ""))
        if target is None:
            return await self._errors.not_found(request)
        visitor = Visitor(request, self._cookies)
        fields = await read_form(request)
        token = (fields or {}).get("token", "")
        try:
            if not visitor.fits(fields, "portal"):
                found = await self._tokens.find(token, request.path_params["customer_hash"])
                if found is None:
                    return RedirectResponse(sign_in_url(target, "portal"), 303)
                return await self._ask(request, visitor, token, found, is_stale=True)
            return await self._enter(request, target, token)
        except RechargeError:
            return await self._not_now()

    async def _arrive(
        self, request: Request, target: str, token: str, *, is_given: bool
    ) -> Response:
        customer_hash = request.path_params["customer_hash"]
        principal: Principal | None = request.scope["state"]["principal"]
        found = await self._tokens.find(token, customer_hash)
        is_login = found is not None and found.purpose == "login"
        is_worth_more = is_login and principal is not None and principal.level < Level.CODE
        if (
            principal is not None
            and not is_worth_more
            and await self._tokens.belongs(customer_hash, principal)
        ):
            await self._tokens.spend(token)
            return RedirectResponse(target, 303)
        if found is None:
            return RedirectResponse(sign_in_url(target, "portal" if is_given else ""), 303)
        if principal is None and not is_login and is_pressed(request):
            return await self._enter(request, target, token)
        return await self._ask(request, Visitor(request, self._cookies), token, found)

    async def _enter(self, request: Request, target: str, token: str) -> Response:
        cookie = await self._tokens.exchange(
            token,
            request.path_params["customer_hash"],
            replacing=request.cookies.get(self._cookies.session),
            user_agent=request.headers.get("user-agent", ""),
        )
        if cookie is None:
            return RedirectResponse(sign_in_url(target, "portal"), 303)
        response = RedirectResponse(target, 303)
        response.headers.append("Set-Cookie", self._cookies.set(self._cookies.session, cookie))
        return response

    async def _ask(
        self,
        request: Request,
        visitor: Visitor,
        token: str,
        found: GoodToken,
        *,
        is_stale: bool = False,
    ) -> Response:
        """The page that asks for a press."""
        principal: Principal | None = request.scope["state"]["principal"]
        page = await self._pages.page(
            "press.html",
            self._texts.t("Sign in"),
            status=403 if is_stale else 200,
            problem=self._texts.render(STALE_FORM) if is_stale else "",
            email="",
            is_other=principal is not None and principal.customer_id != found.customer_id,
            is_asked_for=found.purpose == "login",
            action=request.url.path,
            fields={"form": form_token(visitor.secret, "portal"), "token": token},
        )
        return visitor.greet(page)

    async def _not_now(self) -> Response:
        return await self._pages.message(
            self._texts.t("The shop does not answer at the moment"),
            self._texts.t(
                "Your link is still good, and nothing was changed. "
                "Please open it again in a minute."
            ),
            status=503,
            headers={"Retry-After": "60"},
            link="/sign-in",
            link_text=self._texts.t("Sign in"),
        )
