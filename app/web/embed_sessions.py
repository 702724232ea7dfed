"""How a page in a frame gets its session: ``/embed/session`` and ``/embed/hand-off``.

Three ways to hold it, best first: the portal's own cookie, where the shop's page is of the same
site; a cookie that the browser keeps for this shop's pages (``Partitioned``); a bearer in the
page's memory. Which of them the browser allows is only seen by trying, so an answer brings cookie
and bearer both, and ``GET /embed/session`` tells whether the cookie came back.

What stands in `error` is for who writes the shop's side; customers never see it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final, TypeVar

import structlog
from babel import Locale, UnknownLocaleError
from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.actions import Acting, Level, Principal
from app.auth import HandOffs, Sessions, local_path
from app.auth.bearers import BEARER_FOR, Bearers
from app.auth.embed_requests import HandOffAsked, SessionAsked
from app.auth.embed_tokens import BadEmbedToken, EmbedTokens, Vouched
from app.auth.proofs import Proofs
from app.auth.secrets import is_secret
from app.auth.strict_json import BadJson, strict_json
from app.clock import Clock, utc_now
from app.recharge import RechargeError
from app.settings import Settings

_log = structlog.get_logger(__name__)

METHOD: Final = "shop"
"""The way in, for the record."""

_LARGEST: Final = 6_000
"""Bytes of a body: a token of 4,096 characters and what goes with it."""
_JSON: Final = "application/json"

FindByAccount = Callable[[str], Awaitable[int | None]]
"""The customer with this account in the shop: `Mirror.find_customer(external_id=…)`."""

Asked = TypeVar("Asked", bound=BaseModel)


class EmbedSessions:
    """The routes that begin and continue the session of a frame."""

    def __init__(
        self,
        settings: Settings,
        sessions: Sessions,
        tokens: EmbedTokens,
        bearers: Bearers,
        hand_offs: HandOffs,
        find_by_account: FindByAccount,
        clock: Clock = utc_now,
    ) -> None:
        self._is_on = bool(settings.embed_origins)
        self._longest = timedelta(hours=settings.session_hours)
        self._sessions = sessions
        self._cookies = sessions.cookies
        self._by_cookie = Proofs(sessions)
        self._tokens = tokens
        self._bearers = bearers
        self._hand_offs = hand_offs
        self._find_by_account = find_by_account
        self._clock = clock

    def routes(self) -> list[Route]:
        return [
            Route("/embed/session", self.look, methods=["GET"]),
            Route("/embed/session", self.begin, methods=["POST"]),
            Route("/embed/hand-off", self.hand_off, methods=["POST"]),
        ]

    async def look(self, request: Request) -> Response:
        """Whether the browser has brought a cookie of a session that runs; where a bearer is shown
        too, whether it is the cookie of that session, and not of another one that was there before.

        Told to our own page only; a browser that does not say who asks keeps the answer from
        others itself.
        """
        is_ours = request.headers.get("sec-fetch-site", "same-origin") == "same-origin"
        kept = await self._by_cookie.of_request(request.url.path, request.headers, touch=False)
        found, asked = kept.principal, request.scope["state"]["principal"]
        is_there = found is not None and asked is not None and found.session == asked.session
        return JSONResponse({"session": is_ours and is_there})

    async def begin(self, request: Request) -> Response:
        """A session for whom the token or code names: the one that is there, or a new one."""
        if not self._is_on:
            return _no(404, "off", "No page may show this portal: see DOORSTEP_EMBED_ORIGINS.")
        asked = await _read(request, SessionAsked)
        if asked is None:
            return _no(400, "malformed", "Send JSON with `token`, or `code`, and nothing unknown.")
        code = asked.code or (asked.token if is_secret(asked.token) else None)
        if code is not None:
            return await self._take(request, asked, code)
        try:
            vouched = await self._tokens.use(asked.token or "")
            customer_id = await self._customer(vouched)
        except BadEmbedToken as error:
            return _no(401, error.fault.value, error.words)
        except RechargeError as error:
            _log.warning("embed token not used", reason=type(error).__name__)
            return _no(503, "unavailable", "The customer could not be looked up: try again.")
        if customer_id is None:
            _log.warning("embed token refused", reason="customer")
            return _no(403, "customer", "No customer has this account, or several have it.")
        return await self._start(request, asked, customer_id)

    async def hand_off(self, request: Request) -> Response:
        """The address of a tab of its own, where the same customer is signed in."""
        asked = await _read(request, HandOffAsked)
        target = local_path(asked.target) if asked else None
        if target is None:
            return _no(400, "malformed", "Send JSON with `target`, a path of this portal.")
        principal: Principal = request.scope["state"]["principal"]
        # The tab's session ends with the frame's: handing over lengthens nothing.
        left = principal.signed_in_at + self._longest - self._clock()
        code = await self._hand_offs.issue(
            principal.customer_id,
            method=principal.method,
            level=principal.level,
            target=target,
            valid_for=max(left, timedelta(seconds=1)),
            language=principal.language,
        )
        return JSONResponse({"address": f"/arrive?code={code}"})

    async def _customer(self, vouched: Vouched) -> int | None:
        if vouched.is_account:
            return await self._find_by_account(vouched.subject)
        return int(vouched.subject)

    async def _take(self, request: Request, asked: SessionAsked, code: str) -> Response:
        """By a code: of the app proxy, or of a sign-in in a window of its own."""
        language = _known(asked.language)
        customer_id = await self._hand_offs.whose(code)
        if customer_id is not None:
            present = await self._present(request, asked, customer_id, language)
            if present is not None and await self._hand_offs.spend(code):
                return await self._answer(request, present, is_kept=True)
        done = await self._hand_offs.take(
            code,
            replacing=request.cookies.get(self._cookies.framed),
            user_agent=request.headers.get("user-agent", ""),
            language=language,
        )
        if done is None:
            return _no(401, "code", "The code is unknown, over, or was used before.")
        await self._end_last(asked)
        return await self._answer(request, done.principal, cookie=done.cookie)

    async def _start(self, request: Request, asked: SessionAsked, customer_id: int) -> Response:
        language = _known(asked.language)
        present = await self._present(request, asked, customer_id, language)
        if present is not None:
            return await self._answer(request, present, is_kept=True)
        cookie, principal = await self._sessions.start(
            customer_id,
            method=METHOD,
            level=Level.CODE,
            replacing=request.cookies.get(self._cookies.framed),
            user_agent=request.headers.get("user-agent", ""),
            language=language,
            is_framed=True,
        )
        await self._end_last(asked)
        return await self._answer(request, principal, cookie=cookie)

    async def _present(
        self, request: Request, asked: SessionAsked, customer_id: int, language: str
    ) -> Principal | None:
        """The session that is there and goes on, if it is what is asked for."""
        for present in (await self._bearers.session_of(asked.bearer), _by_cookie(request)):
            if present is not None and _goes_on(present, customer_id, language):
                return present
        return None

    async def _end_last(self, asked: SessionAsked) -> None:
        """The session that the page had until now is not what is asked for any more."""
        last = await self._bearers.read(asked.bearer, touch=False)
        if last is not None and last.is_framed:
            await self._sessions.end(last.session)

    async def _answer(
        self, request: Request, principal: Principal, *, cookie: str = "", is_kept: bool = False
    ) -> Response:
        by_cookie = _by_cookie(request)
        response = JSONResponse(
            {
                "bearer": await self._bearers.issue(principal.session),
                "seconds": int(BEARER_FOR.total_seconds()),
                "session": by_cookie is not None and by_cookie.session == principal.session,
                "kept": is_kept,
            }
        )
        if cookie:
            response.headers.append("Set-Cookie", self._cookies.set(self._cookies.framed, cookie))
        return response


def _goes_on(present: Principal, customer_id: int, language: str) -> bool:
    """Whether a session that is there is what the token asks for."""
    return (
        present.customer_id == customer_id
        and present.acting is Acting.SELF
        and present.level >= Level.CODE
        and present.language == language
    )


def _by_cookie(request: Request) -> Principal | None:
    state = request.scope["state"]
    found: Principal | None = state["principal"] if state["session_cookie"] else None
    return found


def _known(language: str) -> str:
    """The tag, where there is such a language; empty for the portal's own. The shop's page may
    say anything, and is shown all the same."""
    try:
        Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return ""
    return language


async def _read(request: Request, model: type[Asked]) -> Asked | None:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _JSON:
        return None
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _LARGEST:
            return None
    try:
        return model.model_validate(strict_json(body))
    except (BadJson, ValidationError):
        return None


def _no(status: int, reason: str, words: str) -> Response:
    return JSONResponse({"error": words, "reason": reason}, status)
