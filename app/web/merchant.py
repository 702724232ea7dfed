"""The merchant's side: figures of those who wanted to leave, behind a sign-in of its own.

Plain HTML without a script. Where the settings have no merchant's word, none of it is there.
"""

from __future__ import annotations

import base64
import hashlib
import math
from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from app.auth import (
    MERCHANT_FOR,
    Cookies,
    MerchantSessions,
    form_token,
    is_form_token,
    local_path,
)
from app.clock import Clock, utc_now
from app.database import Database
from app.i18n import Message, say, say_many
from app.recharge import RechargeError
from app.retention import Choice, History
from app.web.activity_file import line
from app.web.errors import ErrorPages
from app.web.figure_texts import FigureTexts
from app.web.forms import Visitor, read_form
from app.web.front import Shopkeeper
from app.web.merchant_choice import Chosen, chosen_of
from app.web.merchant_file import FlowLines
from app.web.rendering import Pages

HOME = "/merchant/retention"
SIGN_IN = "/merchant/sign-in"
_STYLE = (Path(__file__).parent / "static" / "picture.css").read_text(encoding="utf-8")
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_PICTURE_POLICY = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
"""For a picture as a file: it brings its style along, and nothing else may be in it."""
_STALE_FORM = say(
    "We could not tell that this came from our page, so nothing was done. Please press once more. "
    "If this stays, allow cookies for this site."
)


class Merchant:
    """The routes ``/merchant/…``.

    clock:      real time, by which sign-ins end
    shop_clock: the clock of the record, where it differs, as in the demo
    demo_word:  the merchant's word, where everybody may know it: in the demo
    """

    def __init__(
        self,
        pages: Pages,
        errors: ErrorPages,
        shopkeeper: Shopkeeper,
        database: Database,
        cookies: Cookies,
        word: str | None,
        *,
        clock: Clock = utc_now,
        shop_clock: Clock | None = None,
        demo_word: str = "",
    ) -> None:
        self._pages = pages
        self._errors = errors
        self._shopkeeper = shopkeeper
        self._texts = pages.texts
        self._cookies = cookies
        self._sessions = MerchantSessions(database, word, clock)
        self._history = History(database)
        self._clock = clock
        self._shop_clock = shop_clock or clock
        self._demo_word = demo_word

    def routes(self) -> list[Route]:
        return [
            Route("/merchant", self.home, methods=["GET"]),
            Route(SIGN_IN, self.show_sign_in, methods=["GET"]),
            Route(SIGN_IN, self.sign_in, methods=["POST"]),
            Route("/merchant/sign-out", self.show_sign_out, methods=["GET"]),
            Route("/merchant/sign-out", self.sign_out, methods=["POST"]),
            Route(HOME, self.figures, methods=["GET"]),
            Route(f"{HOME}.csv", self.file, methods=["GET"]),
            Route(HOME + "/{picture}.svg", self.picture, methods=["GET"]),
        ]

    # The sign-in.

    async def home(self, request: Request) -> Response:
        if not self._sessions.are_there:
            return await self._errors.not_found(request)
        return RedirectResponse(HOME, 303)

    async def show_sign_in(self, request: Request) -> Response:
        if not self._sessions.are_there:
            return await self._errors.not_found(request)
        if await self._is_signed_in(request):
            return RedirectResponse(_target(request.query_params.get("next")), 303)
        return await self._sign_in_page(request, {})

    async def sign_in(self, request: Request) -> Response:
        if not self._sessions.are_there:
            return await self._errors.not_found(request)
        visitor = Visitor(request, self._cookies)
        fields = await read_form(request) or {}
        if not visitor.fits(fields, "merchant"):
            return await self._sign_in_page(request, fields, _STALE_FORM, status=403)
        until = await self._sessions.refused_until(request.client.host if request.client else "")
        if until is not None:
            seconds = max(1, math.ceil((until - self._clock()).total_seconds()))
            problem = say_many(
                "There were too many tries, so this one was not looked at. Please try again in "
                "{count} minute.",
                "There were too many tries, so this one was not looked at. Please try again in "
                "{count} minutes.",
                math.ceil(seconds / 60),
            )
            page = await self._sign_in_page(request, fields, problem, status=429)
            page.headers["Retry-After"] = str(seconds)
            return page
        cookie = await self._sessions.start(fields.get("word", "").strip())
        if cookie is None:
            problem = say(
                "This is not the merchant's word. It stands in the settings, as "
                "DOORSTEP_MERCHANT_TOKEN."
            )
            return await self._sign_in_page(request, fields, problem, status=403)
        response = RedirectResponse(_target(fields.get("next")), 303)
        return self._with_cookie(response, cookie, int(MERCHANT_FOR.total_seconds()))

    async def show_sign_out(self, request: Request) -> Response:
        if not self._sessions.are_there:
            return await self._errors.not_found(request)
        return await self._sign_out_page(request)

    async def sign_out(self, request: Request) -> Response:
        if not self._sessions.are_there:
            return await self._errors.not_found(request)
        cookie = request.cookies.get(self._cookies.merchant)
        if cookie is not None and await self._is_signed_in(request):
            fields = await read_form(request) or {}
            if not is_form_token(fields.get("form", ""), cookie, "merchant sign-out"):
                return await self._sign_out_page(request, _STALE_FORM, status=403)
            await self._sessions.end(cookie)
        return self._with_cookie(RedirectResponse("/merchant/sign-out", 303), "", 0)

    # The figures.

    async def figures(self, request: Request) -> Response:
        """The page."""
        chosen = await self._chosen(request)
        if isinstance(chosen, Response):
            return chosen
        figures = await self._history.figures(chosen.choice, self._now())
        query = urlencode(chosen.query)
        return await self._pages.page(
            "merchant_retention.html",
            self._texts.t("Leaving, in figures"),
            status=422 if chosen.problem else 200,
            problem=self._texts.render(chosen.problem) if chosen.problem else "",
            is_made_up=figures.is_made_up,
            opened=figures.outcomes.opened,
            parts=FigureTexts(self._texts).parts(figures),
            form=chosen,
            zone=chosen.zone.key,
            query=f"?{query}" if query else "",
            home=HOME,
        )

    async def file(self, request: Request) -> Response:
        """One line for each wish to leave, without names, addresses, or what customers wrote."""
        chosen = await self._chosen(request)
        if isinstance(chosen, Response):
            return chosen
        lines = FlowLines(self._texts, chosen.zone, self._now())
        return StreamingResponse(
            self._lines(chosen.choice, lines),
            media_type="text/csv; charset=utf-8",
            headers={
                "Content-Disposition": 'attachment; filename="retention.csv"',
                "X-Robots-Tag": "noindex, nofollow",
            },
        )

    async def picture(self, request: Request) -> Response:
        """One of the page's pictures as a file."""
        chosen = await self._chosen(request)
        if isinstance(chosen, Response):
            return chosen
        figures = await self._history.figures(chosen.choice, self._now())
        wanted = request.path_params["picture"]
        for part in FigureTexts(self._texts).parts(figures):
            if part.picture.name == wanted:
                return Response(
                    self._pages.render("picture_file.svg", picture=part.picture, style=_STYLE),
                    media_type="image/svg+xml",
                    headers={"Content-Security-Policy": _PICTURE_POLICY},
                )
        return await self._errors.not_found(request)

    async def _lines(self, choice: Choice, lines: FlowLines) -> AsyncIterator[str]:
        yield "\ufeff" + line(lines.head)
        async for page in self._history.pages(choice):
            yield "".join(line(lines.cells(record)) for record in page)

    async def _chosen(self, request: Request) -> Chosen | Response:
        """What is asked for, or the answer to who may not ask."""
        if not self._sessions.are_there:
            return await self._errors.not_found(request)
        if not await self._is_signed_in(request):
            asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            return RedirectResponse(f"{SIGN_IN}?{urlencode({'next': asked})}", 303)
        try:
            shop = await self._shopkeeper.shop()
        except RechargeError as error:  # then nothing is known of the shop's zone
            return await self._errors.failed(request, error)
        return chosen_of(
            request.query_params,
            shop.timezone,
            self._now().astimezone(shop.timezone).date(),
            await self._history.regions(),
            await self._history.reasons(),
            self._texts,
        )

    async def _is_signed_in(self, request: Request) -> bool:
        return await self._sessions.is_signed_in(request.cookies.get(self._cookies.merchant))

    def _now(self) -> datetime:
        return self._shop_clock()

    def _with_cookie(self, response: Response, value: str, seconds: int) -> Response:
        cookie = self._cookies.set(self._cookies.merchant, value, seconds, is_strict=True)
        response.headers.append("Set-Cookie", cookie)
        return response

    async def _sign_in_page(
        self,
        request: Request,
        given: Mapping[str, str],
        problem: Message | None = None,
        *,
        status: int = 200,
    ) -> Response:
        visitor = Visitor(request, self._cookies)
        target = _target(given.get("next") or request.query_params.get("next"))
        page = await self._pages.page(
            "merchant_sign_in.html",
            self._texts.t("For the merchant"),
            status=status,
            problem=self._texts.render(problem) if problem else "",
            target=target,
            form_token=form_token(visitor.secret, "merchant"),
            demo_word=self._demo_word,
        )
        return visitor.greet(page)

    async def _sign_out_page(
        self, request: Request, problem: Message | None = None, *, status: int = 200
    ) -> Response:
        cookie = request.cookies.get(self._cookies.merchant)
        is_in = cookie is not None and await self._is_signed_in(request)
        title = say("Sign out?") if is_in else say("You are signed out")
        return await self._pages.page(
            "merchant_sign_out.html",
            self._texts.render(title),
            status=status,
            problem=self._texts.render(problem) if problem else "",
            form_token=form_token(cookie, "merchant sign-out") if is_in and cookie else "",
            home=HOME,
            sign_in=SIGN_IN,
        )


def _target(given: str | None) -> str:
    """Where to go on to after signing in: to a page of the merchant's, and nowhere else."""
    path = local_path(given) or ""
    return path if path.startswith(HOME) else HOME
