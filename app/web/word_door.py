"""A sign-in by a word that is in the settings: the merchant's, and that of the shop's people."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.auth import (
    LONGEST_NAME,
    MERCHANT_FOR,
    Cookies,
    MerchantSessions,
    form_token,
    is_form_token,
    local_path,
)
from app.clock import Clock, utc_now
from app.i18n import Message, say, say_many
from app.web.errors import ErrorPages
from app.web.forms import STALE_FORM, Visitor, read_form
from app.web.rendering import Pages


@dataclass(frozen=True, slots=True)
class DoorPlan:
    """What is particular about one such sign-in.

    start:     the path of its own pages: "/merchant" has "/merchant/sign-in"
    home:      where it leads; to nothing else but what begins so
    cookie:    the name of its cookie
    title:     of the page
    label:     of the field for the word
    wrong:     what to say of another word
    asks_name: whether who comes says who they are
    demo_word: the word, where everybody may know it: in the demo
    """

    start: str
    home: str
    cookie: str
    title: Message
    label: Message
    wrong: Message
    asks_name: bool = False
    demo_word: str = ""


_NO_NAME: Final = say("Please say who you are first: it stands in the record of who looked.")


class WordDoor:
    """The pages to sign in and out. Without a word in the settings they are not found."""

    def __init__(
        self,
        plan: DoorPlan,
        pages: Pages,
        errors: ErrorPages,
        cookies: Cookies,
        sessions: MerchantSessions,
        clock: Clock = utc_now,
    ) -> None:
        self._plan = plan
        self._pages = pages
        self._texts = pages.texts
        self._errors = errors
        self._cookies = cookies
        self._sessions = sessions
        self._clock = clock

    @property
    def is_there(self) -> bool:
        """Whether anybody can sign in."""
        return self._sessions.are_there

    def routes(self) -> list[Route]:
        start = self._plan.start
        return [
            Route(f"{start}/sign-in", self.show_sign_in, methods=["GET"]),
            Route(f"{start}/sign-in", self.sign_in, methods=["POST"]),
            Route(f"{start}/sign-out", self.show_sign_out, methods=["GET"]),
            Route(f"{start}/sign-out", self.sign_out, methods=["POST"]),
        ]

    async def name(self, request: Request) -> str | None:
        """Who is signed in, as they call themselves; None where nobody is."""
        return await self._sessions.name(request.cookies.get(self._plan.cookie))

    async def turned_away(self, request: Request) -> Response | None:
        """The answer to who is not signed in; None for who is."""
        if not self._sessions.are_there:
            return await self._errors.not_found(request)
        if await self.name(request) is not None:
            return None
        url = request.url
        asked = url.path + (f"?{url.query}" if url.query else "")
        if request.method != "GET":
            asked = self._plan.home
        query = urlencode({"next": self._target(asked)})
        return RedirectResponse(f"{self._plan.start}/sign-in?{query}", 303)

    def token(self, request: Request, purpose: str) -> str:
        """What a form carries that is made for who is signed in."""
        cookie = request.cookies.get(self._plan.cookie)
        return form_token(cookie, purpose) if cookie else ""

    def fits(self, request: Request, fields: Mapping[str, str] | None, purpose: str) -> bool:
        """Whether a form was made for who is signed in."""
        cookie = request.cookies.get(self._plan.cookie)
        return is_form_token((fields or {}).get("form", ""), cookie, purpose)

    async def show_sign_in(self, request: Request) -> Response:
        if not self._sessions.are_there:
            return await self._errors.not_found(request)
        if await self.name(request) is not None:
            return RedirectResponse(self._target(request.query_params.get("next")), 303)
        return await self._sign_in_page(request, {})

    async def sign_in(self, request: Request) -> Response:
        if not self._sessions.are_there:
            return await self._errors.not_found(request)
        visitor = Visitor(request, self._cookies)
        fields = await read_form(request) or {}
        if not visitor.fits(fields, self._plan.cookie):
            return await self._sign_in_page(request, fields, STALE_FORM, status=403)
        name = " ".join(fields.get("who", "").split())
        if self._plan.asks_name and not name:
            return await self._sign_in_page(request, fields, _NO_NAME, status=422, at="who")
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
        cookie = await self._sessions.start(fields.get("word", "").strip(), name)
        if cookie is None:
            return await self._sign_in_page(request, fields, self._plan.wrong, status=403)
        response = RedirectResponse(self._target(fields.get("next")), 303)
        return self._with_cookie(response, cookie, int(MERCHANT_FOR.total_seconds()))

    async def show_sign_out(self, request: Request) -> Response:
        if not self._sessions.are_there:
            return await self._errors.not_found(request)
        return await self._sign_out_page(request)

    async def sign_out(self, request: Request) -> Response:
        if not self._sessions.are_there:
            return await self._errors.not_found(request)
        cookie = request.cookies.get(self._plan.cookie)
        if cookie is not None and await self.name(request) is not None:
            fields = await read_form(request)
            if not self.fits(request, fields, "sign-out"):
                return await self._sign_out_page(request, STALE_FORM, status=403)
            await self._sessions.end(cookie)
        return self._with_cookie(RedirectResponse(f"{self._plan.start}/sign-out", 303), "", 0)

    def _with_cookie(self, response: Response, value: str, seconds: int) -> Response:
        cookie = self._cookies.set(self._plan.cookie, value, seconds, is_strict=True)
        response.headers.append("Set-Cookie", cookie)
        return response

    def _target(self, given: str | None) -> str:
        """Where to go on to after signing in: to a page of this door's, and nowhere else."""
        path = local_path(given) or ""
        return path if path.startswith(self._plan.home) else self._plan.home

    async def _sign_in_page(
        self,
        request: Request,
        given: Mapping[str, str],
        problem: Message | None = None,
        *,
        status: int = 200,
        at: str = "word",
    ) -> Response:
        """at: the field that the problem is about"""
        visitor = Visitor(request, self._cookies)
        plan = self._plan
        page = await self._pages.page(
            "merchant_sign_in.html",
            self._texts.render(plan.title),
            status=status,
            problem=self._texts.render(problem) if problem else "",
            at=at,
            action=f"{plan.start}/sign-in",
            label=self._texts.render(plan.label),
            asks_name=plan.asks_name,
            who=given.get("who", "")[:LONGEST_NAME],
            longest_name=LONGEST_NAME,
            target=self._target(given.get("next") or request.query_params.get("next")),
            form_token=form_token(visitor.secret, plan.cookie),
            demo_word=plan.demo_word,
        )
        return visitor.greet(page)

    async def _sign_out_page(
        self, request: Request, problem: Message | None = None, *, status: int = 200
    ) -> Response:
        is_in = await self.name(request) is not None
        title = say("Sign out?") if is_in else say("You are signed out")
        return await self._pages.page(
            "merchant_sign_out.html",
            self._texts.render(title),
            status=status,
            problem=self._texts.render(problem) if problem else "",
            form_token=self.token(request, "sign-out") if is_in else "",
            action=f"{self._plan.start}/sign-out",
            home=self._plan.home,
            sign_in=f"{self._plan.start}/sign-in",
        )
