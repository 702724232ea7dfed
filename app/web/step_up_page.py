"""Giving a code before a plain page goes on: ``/step-up``."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.actions import STEP_UP, Principal
from app.auth import form_token, is_form_token, local_path
from app.i18n import Message, say, say_many
from app.state import CONFIRM_TITLE, NOT_SENT, Asked
from app.state.codes import NO_CODE, SENT_AGAIN, code_in, told_wrong
from app.web.code_post import MINUTES
from app.web.forms import STALE_FORM, read_form
from app.web.rendering import Pages
from app.web.step_up import StepUpPost

PLACE = "/step-up"
_ELSE = "/account"
"""Where one goes on to from a page that was opened by itself."""

_STATUS: dict[Asked, HTTPStatus] = {
    "too soon": HTTPStatus.TOO_MANY_REQUESTS,
    "too many": HTTPStatus.TOO_MANY_REQUESTS,
    "busy": HTTPStatus.SERVICE_UNAVAILABLE,
    "no address": HTTPStatus.CONFLICT,
    "not theirs": HTTPStatus.FORBIDDEN,
}


def step_up_url(target: str) -> str:
    """The page that asks for a code and goes on to `target`."""
    return f"{PLACE}?{urlencode({'next': target})}"


def to_step_up(request: Request, **query: Iterable[int]) -> Response:
    """To the page that asks for a code, and back to where the customer is.

    query: what to ask for there, where that is a form that was sent and is shown again
    """
    asked = urlencode(query, doseq=True)
    if request.method == "GET":
        asked = request.url.query
    target = f"{request.url.path}?{asked}" if asked else request.url.path
    return RedirectResponse(step_up_url(target), HTTPStatus.SEE_OTHER)


class StepUpRoutes:
    """The page that sends a code, takes it back, and goes on to where one was.

    Opening it sends nothing: a press does.
    """

    def __init__(self, post: StepUpPost, pages: Pages) -> None:
        self._codes = post
        self._pages = pages
        self._texts = pages.texts

    def routes(self) -> list[Route]:
        return [
            Route(PLACE, self.show, methods=["GET"]),
            Route(PLACE, self.take, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        """Offer to send a code; or, where one is on its way, ask for it."""
        target = _target(request.query_params.get("next"))
        if await self._codes.is_proven(_principal(request), STEP_UP):
            return RedirectResponse(target, HTTPStatus.SEE_OTHER)
        return await self._page(request, target)

    async def take(self, request: Request) -> Response:
        """Send a code, or take one back."""
        fields = await read_form(request)
        given = fields or {}
        target = _target(given.get("next"))
        cookie = request.scope["state"]["session_cookie"]
        if not is_form_token(given.get("form", ""), cookie, PLACE):
            return await self._page(request, target, STALE_FORM, HTTPStatus.FORBIDDEN)
        if "send" in given:
            return await self._send(request, target)
        return await self._give(request, target, given.get("code", ""))

    async def _send(self, request: Request, target: str) -> Response:
        principal = _principal(request)
        is_again = await self._codes.find(principal) is not None
        asked = await self._codes.ask(principal)
        if asked == "proven":
            return RedirectResponse(target, HTTPStatus.SEE_OTHER)
        if asked == "sent":
            if is_again:
                return await self._page(request, target, note=SENT_AGAIN)
            return RedirectResponse(step_up_url(target), HTTPStatus.SEE_OTHER)
        return await self._page(request, target, NOT_SENT[asked], _STATUS[asked])

    async def _give(self, request: Request, target: str, typed: str) -> Response:
        principal = _principal(request)
        if await self._codes.is_proven(principal, STEP_UP):
            return RedirectResponse(target, HTTPStatus.SEE_OTHER)  # the form was sent twice
        code = code_in(typed)
        if code is None:
            return await self._page(request, target, NO_CODE, HTTPStatus.UNPROCESSABLE_ENTITY)
        given = await self._codes.give(principal, code)
        if given == "right":
            return RedirectResponse(target, HTTPStatus.SEE_OTHER)
        left = await self._codes.find(principal) if given == "wrong" else None
        is_too_much = given == "too many"
        return await self._page(
            request,
            target,
            told_wrong(given, left),
            HTTPStatus.TOO_MANY_REQUESTS if is_too_much else HTTPStatus.UNPROCESSABLE_ENTITY,
        )

    async def _page(
        self,
        request: Request,
        target: str,
        problem: Message | None = None,
        status: int = HTTPStatus.OK,
        *,
        note: Message | None = None,
    ) -> Response:
        principal = _principal(request)
        code = await self._codes.find(principal)
        sent_to = await self._codes.sent_to(principal)
        if problem is None and not sent_to:
            problem = NOT_SENT["no address"]
        before, _, after = self._texts.render(_where(is_sent=code is not None)).partition("\0")
        return await self._pages.page(
            "step_up.html",
            self._texts.render(CONFIRM_TITLE),
            status=status,
            is_sent=code is not None,
            before=before,
            sent_to=sent_to,
            after=after,
            works_for=self._texts.render(
                say_many(
                    "The code works once, for {count} minute.",
                    "The code works once, for {count} minutes.",
                    MINUTES,
                )
            ),
            problem=self._texts.render(problem) if problem else "",
            note=self._texts.render(note) if note else "",
            action=PLACE,
            target=target,
            form_token=form_token(request.scope["state"]["session_cookie"], PLACE),
        )


def _where(*, is_sent: bool) -> Message:
    """Where the code goes, with a place for the address: it stands apart in the sentence."""
    if is_sent:
        return say("We sent a code with six digits to {address}.", address="\0")
    return say("We send a code with six digits to {address}.", address="\0")


def _target(given: str | None) -> str:
    target = local_path(given) or _ELSE
    return _ELSE if target.startswith(PLACE) else target


def _principal(request: Request) -> Principal:
    principal: Principal = request.scope["state"]["principal"]
    return principal
