"""What a customer sees when something fails: our words and a number, never an exception's."""

from __future__ import annotations

import logging
import re
import secrets
import traceback
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.auth import Refusal, TooManyPages
from app.web.rendering import Pages

_log = structlog.get_logger(__name__)

ErrorHandler = Callable[[Request, Exception], Awaitable[Response]]
_SECRET_PARTS = re.compile(r"(/sign-in/|/portal/|/calendar/|/cancel/|/withdraw/|/do/)[^/]+")
_QUERY = re.compile(r"(https?://[^\s?#]+|/[\w./%~-]*)[?#]\S*")


def safe_path(path: str) -> str:
    """A path for the log: without tokens and customer hashes, on one line."""
    return ascii(_SECRET_PARTS.sub(r"\1…", path))[1:-1].replace("\\u2026", "…")[:200]


def record(error: BaseException, *, incident: str | None = None, path: str = "") -> str:
    """Log a failure under a number, which is returned.

    Only errors of our own are logged in words: what others say may hold an address, a token, or
    the row that could not be written. Of those the kind and the places in the code are kept.
    """
    incident = incident or secrets.token_hex(5)
    places = traceback.extract_tb(error.__traceback__)
    ours = type(error).__module__.split(".")[0] == "app"
    _log.error(
        "incident",
        incident=incident,
        error=f"{type(error).__module__}.{type(error).__qualname__}",
        words=str(error) if ours else "",
        path=safe_path(path),
        places=[f"{place.filename}:{place.lineno} {place.name}" for place in places[-12:]],
    )
    return incident


class HideQueries(logging.Filter):
    """A filter for the loggers of others: NiceGUI writes whole addresses, tokens and all."""

    def filter(self, line: logging.LogRecord) -> bool:
        if not isinstance(line.msg, str) or line.args:
            line.msg, line.args = line.getMessage(), ()
        line.msg = _SECRET_PARTS.sub(r"\1…", _QUERY.sub(r"\1", line.msg))
        return True


class ErrorPages:
    """Draws the pages for failures and refusals."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._t = pages.texts.t

    async def not_found(self, _request: Request, _error: Exception | None = None) -> Response:
        return await self._pages.message(
            self._t("We cannot find this page"),
            self._t("The address may be old or mistyped. Nothing was changed."),
            status=404,
        )

    async def failed(self, request: Request, error: Exception) -> Response:
        """The page for an exception; it is logged under the number that the page shows."""
        incident = record(error, path=request.url.path)
        request.scope.setdefault("state", {})["incident"] = incident
        return await self.incident(incident)

    async def incident(self, incident: str) -> Response:
        return await self._pages.message(
            self._t("Something went wrong on our side"),
            self._t("Please try again in a moment. If you were changing something, look first."),
            status=500,
            incident=incident,
        )

    async def too_many_pages(self, _request: Request, error: Exception) -> Response:
        notice = error.notice if isinstance(error, TooManyPages) else TooManyPages().notice
        return await self._pages.message(
            self._t("Too many open pages"),
            self._pages.texts.render(notice),
            status=503,
            headers={"Retry-After": "15"},
        )

    async def too_many_requests(self, _scope: Scope, seconds: int) -> Response:
        return await self._pages.message(
            self._t("Too many requests at once"),
            self._t(
                "More came from your network than we can answer, so nothing was changed. "
                "Please wait a moment and try again."
            ),
            status=429,
            headers={"Retry-After": str(seconds)},
        )

    async def http_error(self, request: Request, error: Exception) -> Response:
        """Answers a router's or a framework's refusal without its words."""
        status = error.status_code if isinstance(error, HTTPException) else 400
        if status == 404:
            return await self.not_found(request)
        if status >= 500:
            return await self.failed(request, error)
        return await self._pages.message(
            self._t("That did not work"),
            self._t("We could not make sense of that, so nothing was changed."),
            status=status,
            headers=getattr(error, "headers", None),
        )

    async def refused(self, scope: Scope, refusal: Refusal) -> Response:
        """The gate's answers."""
        match refusal:
            case Refusal.NOT_FOUND:
                return await self.not_found(Request(scope))
            case Refusal.TOO_MANY_PAGES:
                return await self.too_many_pages(Request(scope), TooManyPages())
            case Refusal.SIGNED_OUT:
                return await self._pages.message(
                    self._t("You are signed out"),
                    self._t("Nothing was changed. Please sign in and try again."),
                    status=401,
                    link="/sign-in",
                    link_text=self._t("Sign in"),
                )
            case Refusal.CARD_DATA:
                return await self._pages.message(
                    self._t("We take no card numbers here"),
                    self._t(
                        "What was sent looks like a card number or its security code, so we kept "
                        "nothing of it, and nothing was changed. A card is entered only in the "
                        "payment form itself, under Payment methods."
                    ),
                    status=400,
                    link="/payment-methods",
                    link_text=self._t("To your payment methods"),
                )
            case Refusal.LOOK_ONLY:
                return await self._pages.message(
                    self._t("This is for the customer alone"),
                    self._t(
                        "You are here as one of the shop's people. Card forms, files to download "
                        "and codes are for the customer. Nothing was changed."
                    ),
                    status=403,
                    link_text=self._t("Back to the customer's portal"),
                )
            case Refusal.TOO_LARGE | Refusal.TOO_DEEP:
                return await self._pages.message(
                    self._t("That was too much at once"),
                    self._t("What was sent is too large, so nothing was changed."),
                    status=refusal.value,
                )
            case Refusal.TOO_SLOW:
                return await self._pages.message(
                    self._t("That took too long"),
                    self._t(
                        "What was sent did not all arrive, so nothing was changed. Please try "
                        "again."
                    ),
                    status=408,
                )
            case Refusal.STRANGE_KIND:
                return await self._pages.message(
                    self._t("That did not work"),
                    self._t("What was sent is no form of ours, so nothing was changed."),
                    status=415,
                )
            case Refusal.CROSS_SITE:
                return await self._pages.message(
                    self._t("That did not come from our page"),
                    self._t("For your safety nothing was changed. Please start again here."),
                    status=403,
                )

    def handlers(self) -> Mapping[Any, ErrorHandler]:
        """For `add_exception_handler`, of our application and of NiceGUI's own inside it."""
        return {
            404: self.not_found,
            HTTPException: self.http_error,
            TooManyPages: self.too_many_pages,
            Exception: self.failed,
        }


class Incidents:
    """ASGI middleware: no exception leaves it, and no error page of NiceGUI's.

    Frameworks answer an exception and raise it again, which makes the server log it in full and
    drop the connection. Here it has been answered and logged, so it ends.
    """

    def __init__(self, app: ASGIApp, pages: ErrorPages) -> None:
        self._app = app
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._quietly(scope, receive, send)
            return
        started = finished = replaced = False

        async def watch(message: Message) -> None:
            nonlocal started, finished, replaced
            if message["type"] == "http.response.start":
                headers = Headers(raw=message.get("headers", []))
                if message["status"] >= 500 and headers.get("x-nicegui-content") == "page":
                    replaced = True
                started = not replaced
            if message["type"] == "http.response.body":
                finished = not message.get("more_body", False)
            if not replaced:
                await send(message)

        failure: Exception | None = None
        try:
            await self._app(scope, receive, watch)
        except Exception as error:
            failure = error
        known = scope.get("state", {}).get("incident")
        if failure is not None and known is None:
            known = record(failure, path=scope["path"])
        if replaced or (failure is not None and not started):
            if known is None:
                known = secrets.token_hex(5)
                _log.error("incident", incident=known, error="error page of NiceGUI")
            await (await self._pages.incident(known))(scope, receive, send)
        elif failure is not None and not finished:
            raise ConnectionAbortedError  # half an answer: only cutting it off says so

    async def _quietly(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        try:
            await self._app(scope, receive, send)
        except Exception as error:
            record(error, path=scope["path"])
