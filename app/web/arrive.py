"""Where a sign-in that began elsewhere ends: at the portal itself, as its top-level page."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.actions import Principal
from app.auth import HandOffs, Sessions, form_token, local_path
from app.web.forms import STALE_FORM, Visitor, read_form, sign_in_url
from app.web.opening import is_fetched_ahead, is_opened
from app.web.rendering import Pages


class Arrival:
    """The route ``/arrive?code=…``: uses a code of `HandOffs` and goes on to where it leads.

    Our own pages lead here straight on. Who comes from another site, or is signed in as another
    customer, is asked for a press first: nobody is signed in by a link, unseen (ASVS 5.0, 7.6.2),
    least of all as somebody who made the code for it.
    """

    def __init__(self, pages: Pages, sessions: Sessions, hand_offs: HandOffs) -> None:
        self._pages = pages
        self._texts = pages.texts
        self._cookies = sessions.cookies
        self._hand_offs = hand_offs

    def routes(self) -> list[Route]:
        return [
            Route("/arrive", self.arrive, methods=["GET"]),
            Route("/arrive", self.confirm, methods=["POST"]),
        ]

    async def arrive(self, request: Request) -> Response:
        given = request.query_params.getlist("code")
        code = given[0] if len(given) == 1 else ""
        if request.method == "HEAD" or not is_opened(request):
            return Response(status_code=400)
        if is_fetched_ahead(request):
            return Response(status_code=503)  # a failure keeps the browser from using it later
        customer_id = await self._hand_offs.whose(code)
        if customer_id is None:
            return RedirectResponse(sign_in_url(why="portal"), 303)
        is_other = _is_another(request, customer_id)
        if is_other or request.headers.get("sec-fetch-site") != "same-origin":
            return await self._ask(Visitor(request, self._cookies), code, is_other=is_other)
        return await self._take(request, code)

    async def confirm(self, request: Request) -> Response:
        visitor = Visitor(request, self._cookies)
        fields = await read_form(request)
        code = (fields or {}).get("code", "")
        if visitor.fits(fields, "arrive"):
            return await self._take(request, code)
        customer_id = await self._hand_offs.whose(code)
        is_other = customer_id is not None and _is_another(request, customer_id)
        return await self._ask(visitor, code, is_other=is_other, is_stale=True)

    async def _ask(
        self, visitor: Visitor, code: str, *, is_other: bool, is_stale: bool = False
    ) -> Response:
        page = await self._pages.page(
            "press.html",
            self._texts.t("Change accounts?") if is_other else self._texts.t("Sign in"),
            status=403 if is_stale else 200,
            problem=self._texts.render(STALE_FORM) if is_stale else "",
            email="",
            is_other=is_other,
            is_asked_for=False,
            action="/arrive",
            fields={"form": form_token(visitor.secret, "arrive"), "code": code},
        )
        return visitor.greet(page)

    async def _take(self, request: Request, code: str) -> Response:
        done = await self._hand_offs.take(
            code,
            replacing=request.cookies.get(self._cookies.session),
            user_agent=request.headers.get("user-agent", ""),
        )
        if done is None:
            return RedirectResponse(sign_in_url(why="portal"), 303)
        response = RedirectResponse(local_path(done.target) or "/", 303)
        response.headers.append("Set-Cookie", self._cookies.set(self._cookies.session, done.cookie))
        return response


def _is_another(request: Request, customer_id: int) -> bool:
    principal: Principal | None = request.scope["state"]["principal"]
    return principal is not None and principal.customer_id != customer_id
