"""The way in through the shop's Shopify: ``/shopify/proxy``, which Shopify's app proxy asks.

What is answered here is shown at the shop's own address, where neither our cookies nor our sockets
work. So the answer only leads on, by a code that works once and for a minute.
"""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlencode

import structlog
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from app.actions import Level
from app.auth import AppProxy, HandOffs, Proxied, ProxyFault, local_path
from app.i18n import Message, say
from app.recharge import RechargeError
from app.web.errors import ErrorPages
from app.web.forms import sign_in_url
from app.web.front import Shopkeeper
from app.web.rendering import Pages

_log = structlog.get_logger(__name__)

PROXY: Final = "/shopify/proxy"
METHOD: Final = "shop"
"""The way in, as the activity record has it."""

_STYLE: Final = (Path(__file__).parent / "static" / "app_proxy.css").read_text(encoding="utf-8")
_STYLE_HASH: Final = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_POLICY: Final = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
"""It brings its style along: at the shop's address there is no other."""
_STATUS: Final = {
    ProxyFault.MALFORMED: 400,
    ProxyFault.FORGED: 403,
    ProxyFault.LATE: 403,
    ProxyFault.USED: 403,
}
_NO_CODE: Final = {
    ProxyFault.MALFORMED: 400,
    ProxyFault.FORGED: 400,
    ProxyFault.LATE: 400,
    ProxyFault.USED: 409,
}
"""To `embed.js`, for which 401 and 403 mean that nobody is signed in; it asks once more at 409."""
_WRONG_ADDRESS: Final = say(
    "This address works only as a part of the shop. Please open your subscriptions there."
)


class AppProxyRoutes:
    """``/shopify/proxy/…`` leads a person on to the portal, and ``/shopify/proxy/embed-code`` gives
    the shop's page a code for the portal in its frame.

    proxy:  None where the settings name no shop at Shopify: then nothing is there
    origin: the address of the portal, without a slash at the end
    """

    def __init__(
        self,
        pages: Pages,
        errors: ErrorPages,
        proxy: AppProxy | None,
        hand_offs: HandOffs,
        shopkeeper: Shopkeeper,
        origin: str,
    ) -> None:
        self._pages = pages
        self._errors = errors
        self._texts = pages.texts
        self._proxy = proxy
        self._hand_offs = hand_offs
        self._shopkeeper = shopkeeper
        self._origin = origin

    def routes(self) -> list[Route]:
        return [
            Route(PROXY, self.lead_on, methods=["GET"]),
            Route(f"{PROXY}/embed-code", self.embed_code, methods=["GET"]),
            Route(PROXY + "/{path:path}", self.lead_on, methods=["GET"]),
        ]

    async def lead_on(self, request: Request) -> Response:
        """To the portal, signed in where the shop says who it is."""
        if self._proxy is None:
            return await self._errors.not_found(request)
        if request.method == "HEAD":
            return Response()  # it must not use the request up
        found = await self._proxy.check(request.scope["query_string"])
        if isinstance(found, ProxyFault):
            return self._refused(request, found)
        path = request.path_params.get("path", "")
        target = local_path(quote(f"/{path}")) or "/"
        sign_in = self._origin + sign_in_url(target)
        if not found.account:
            return self._page(say("Sign in to see your subscriptions"), sign_in, say("Sign in"))
        try:
            code = await self._code(found, target)
        except RechargeError:
            return self._page(
                say("We cannot show your subscriptions right now"),
                _shop_path(request),
                say("Try again"),
                say("Nothing was changed. Please try again in a moment."),
                status=503,
            )
        if code is None:
            return self._page(
                say("There are no subscriptions in this shop account"),
                sign_in,
                say("Sign in by e-mail"),
                say(
                    "Did you order with another e-mail address? Then sign in with that one to see "
                    "what you have."
                ),
            )
        arrive = f"{self._origin}/arrive?{urlencode({'code': code})}"
        return self._page(say("One moment…"), arrive, say("Go on to your subscriptions"))

    async def embed_code(self, request: Request) -> Response:
        """For `embed.js`, which asks at the shop's own address: a code for the frame."""
        if self._proxy is None:
            return await self._errors.not_found(request)
        if request.method == "HEAD":
            return Response()
        found = await self._proxy.check(request.scope["query_string"])
        if isinstance(found, ProxyFault):
            _log.warning("app proxy refused", reason=found.value)
            error = "This is no request that Shopify has signed a moment ago, for the first time."
            return _json({"error": error, "reason": found.value}, _NO_CODE[found])
        if not found.account:
            error = "Nobody is signed in at the shop, or its address had parameters."
            return _json({"error": error, "reason": "anonymous"}, 401)
        try:
            code = await self._code(found, "/", is_framed=True)
        except RechargeError:
            return _json({"error": "Recharge does not answer.", "reason": "unavailable"}, 503)
        if code is None:
            error = "Recharge has no customer with this shop account."
            return _json({"error": error, "reason": "unknown"}, 403)
        return _json({"code": code})

    async def _code(self, found: Proxied, target: str, *, is_framed: bool = False) -> str | None:
        """A code for the customer who has this shop account; None where nobody has.

        Raises:
            RechargeError: that cannot be found out now.
        """
        customer_id = await self._shopkeeper.find_customer(external_id=found.account)
        if customer_id is None:
            _log.info("app proxy: a shop account without a customer")
            return None
        return await self._hand_offs.issue(
            customer_id, method=METHOD, level=Level.CODE, target=target, is_framed=is_framed
        )

    def _refused(self, request: Request, fault: ProxyFault) -> Response:
        _log.warning("app proxy refused", reason=fault.value)
        if fault in (ProxyFault.LATE, ProxyFault.USED):
            return self._page(
                say("Once more, please"),
                _shop_path(request),
                say("Try again"),
                say("This took too long, so you are not signed in yet. Please try again."),
                status=_STATUS[fault],
            )
        return self._page(
            say("We cannot find this page"), "", None, _WRONG_ADDRESS, status=_STATUS[fault]
        )

    def _page(
        self,
        title: Message,
        link: str,
        press: Message | None,
        text: Message | None = None,
        *,
        status: int = 200,
    ) -> Response:
        """A page that stands alone. Without a `text` there is nothing to read, so it goes on by
        itself: Shopify follows redirects itself, which would use a code up."""
        html = self._pages.render(
            "app_proxy.html",
            title=self._texts.render(title),
            text=self._texts.render(text) if text else "",
            link=link,
            press=self._texts.render(press) if press else "",
            goes_on=text is None,
            style=_STYLE,
        )
        return HTMLResponse(html, status, {"Content-Security-Policy": _POLICY})


def _json(document: dict[str, str], status: int = 200) -> Response:
    return JSONResponse(document, status, {"Cache-Control": "no-store"})


def _shop_path(request: Request) -> str:
    """The address in the shop that led here, without what stood behind it. Only for a request whose
    parameters have their form."""
    prefix = request.query_params["path_prefix"]
    return quote(f"{prefix}/{request.path_params.get('path', '')}".rstrip("/"))
