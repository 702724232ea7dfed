"""Where a sign-in that began elsewhere ends: at the portal itself, as its top-level page."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.actions import Principal
from app.auth import HandOffs, Sessions, form_token, is_form_token, local_path
from app.web.forms import STALE_FORM, read_form, sign_in_url
from app.web.opening import is_fetched_ahead, is_opened
from app.web.rendering import Pages


class Arrival:
    """The route ``/arrive?code=…``: uses a code of `HandOffs` and goes on to where it leads.

    A browser that is signed in as another customer is asked first. So nobody can sign a person in
    as somebody else by a link, unseen.
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
        principal: Principal | None = request.scope["state"]["principal"]
        if principal is not None and principal.customer_id != customer_id:
            return await self._ask(request, code)
        return await self._take(request, code)

    async def confirm(self, request: Request) -> Response:
        fields = await read_form(request) or {}
        code = fields.get("code", "")
        cookie = request.scope["state"]["session_cookie"]
        if not is_form_token(fields.get("form", ""), cookie, "arrive"):
            return await self._ask(request, code, problem=True)
        return await self._take(request, code)

    async def _ask(self, request: Request, code: str, *, problem: bool = False) -> Response:
        cookie = request.scope["state"]["session_cookie"]
        return await self._pages.page(
            "arrive.html",
            self._texts.t("Change accounts?"),
            status=403 if problem else 200,
            problem=self._texts.render(STALE_FORM) if problem else "",
            code=code,
            form_token=form_token(cookie, "arrive") if cookie else "",
        )

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
