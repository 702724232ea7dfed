"""Says on every page who of the shop's people is looking as the customer."""

from __future__ import annotations

from datetime import UTC

from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from app.actions import Acting, Principal
from app.auth import Looks, Sessions
from app.state import LookShown
from app.web.rendering import BAND, Band, Pages


class LookBands:
    """ASGI middleware inside of the gate. The customer's page finds the look in
    ``scope["state"]["look"]``, plain pages find it in `BAND`.

    A session of somebody else's that no look is known of ends here: without a record nobody looks.
    """

    def __init__(self, app: ASGIApp, looks: Looks, sessions: Sessions, pages: Pages) -> None:
        self._app = app
        self._looks = looks
        self._sessions = sessions
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        principal: Principal | None = scope.get("state", {}).get("principal")
        if scope["type"] != "http" or principal is None or principal.acting is Acting.SELF:
            await self._app(scope, receive, send)
            return
        look = await self._looks.of(principal.session)
        if look is None:
            await self._sessions.end(principal.session)
            await RedirectResponse("/sign-in", 303)(scope, receive, send)
            return
        shop = await self._pages.the_shop()
        shown = LookShown(
            look.name,
            look.until.astimezone(shop.timezone if shop else UTC),
            may_change=look.may_change,
            can_switch=self._looks.may_change and not look.may_change,
        )
        scope["state"]["look"] = shown
        until = self._pages.texts.moment(shown.until)
        known = BAND.set(Band(shown, until, scope["state"].get("sign_out_token", "")))
        try:
            await self._app(scope, receive, send)
        finally:
            BAND.reset(known)
