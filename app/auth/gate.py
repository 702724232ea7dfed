"""The gate in front of everything: closed unless the access table opens it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from enum import Enum
from urllib.parse import parse_qs, quote, unquote, urlencode

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.actions import Acting, Principal
from app.auth.access import OPEN_AREAS, Access, Entry, Who
from app.auth.limits import network
from app.auth.newcomers import Newcomers
from app.auth.origins import SAFE_METHODS, Origins
from app.auth.proofs import Proofs
from app.auth.refusals import refused
from app.auth.secrets import form_token
from app.auth.sessions import Sessions
from app.auth.targets import local_path
from app.settings import Settings

SOCKET_PATH = "/_nicegui_ws/"
_UNSEEN = (Who.FILE, Who.PROOF, Who.MERCHANT, Who.PROGRAM)
"""For these no customer's session is looked up: they are the same for who has one."""
_STRANGE = re.compile(r"[\x00-\x1f\x7f\\]|//|/\.{1,2}(/|$)")
"""What no address of ours holds; it could mean one thing here and another thing to a route."""


class Refusal(Enum):
    """Why a request got no further."""

    CARD_DATA = 400
    NOT_FOUND = 404
    CROSS_SITE = 403
    SIGNED_OUT = 401
    TOO_SLOW = 408
    TOO_LARGE = 413
    STRANGE_KIND = 415
    TOO_DEEP = 422
    LOOK_ONLY = 423
    TOO_MANY_PAGES = 503


Answer = Callable[[Scope, Refusal], Awaitable[Response]]


async def plain_answer(_: Scope, refusal: Refusal) -> Response:
    """The answer where no pages are at hand."""
    return PlainTextResponse(refusal.name.replace("_", " ").capitalize(), refusal.value)


class Gate:
    """ASGI middleware. Lets a request pass when the access table or its session opens the way.

    What passes finds in ``scope["state"]``: `principal` (None on listed paths without a session),
    `session_cookie`, and `sign_out_token` for a form that posts to ``/sign-out``.

    `proofs` recognises who comes. `unguarded` are prefixes with a protection of their own, such as
    the demo's sandbox or webhooks. `has_room` says whether one more page may be built for a
    session; `answer` draws refusals.
    """

    def __init__(
        self,
        app: ASGIApp,
        sessions: Sessions,
        settings: Settings,
        *,
        proofs: Proofs | None = None,
        unguarded: tuple[str, ...] = (),
        has_room: Callable[[Principal], bool] = lambda _: True,
        answer: Answer = plain_answer,
    ) -> None:
        self._app = app
        self._proofs = proofs or Proofs(sessions)
        self._newcomers = Newcomers()
        self._is_framed = bool(settings.embed_origins)
        self._origins = Origins(settings)
        self._unguarded = unguarded
        self._has_room = has_room
        self._answer = answer
        self._access = Access()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            response = await self._check(scope)
            if response is not None:
                await response(scope, receive, send)
                return
        elif scope["type"] == "websocket" and not await self._may_connect(scope):
            await send({"type": "websocket.close", "code": 4401})
            return
        try:
            await self._app(scope, receive, send)
        finally:
            scope.get("state", {}).get("welcome", _nobody)()

    async def _check(self, scope: Scope) -> Response | None:
        """Prepare the scope and let it pass (None), or answer in its place."""
        scope["headers"] = [pair for pair in scope["headers"] if not _is_forwarded(pair[0])]
        headers = Headers(scope=scope)
        path: str = scope["path"]
        is_safe = scope["method"] in SAFE_METHODS
        own = None if is_safe else self._origins.is_own_request(headers)
        state = scope.setdefault("state", {})
        state.update(principal=None, session_cookie=None, sign_out_token="")
        entry = self._access.find(path, scope["method"])

        if _STRANGE.search(path) or _STRANGE.search(unquote(path)):
            return await self._answer(scope, Refusal.NOT_FOUND)
        if path.startswith(self._unguarded):
            # A browser sent here by another site is refused; programs say nothing and may pass.
            return await self._refuse(scope, Refusal.CROSS_SITE) if own is False else None
        if not is_safe and own is not True and not _knows_better(entry, own):
            return await self._refuse(scope, Refusal.CROSS_SITE)
        if path.startswith(SOCKET_PATH):
            return await self._check_customer(scope, headers, None)
        if entry is None or (entry.is_page and path.startswith(OPEN_AREAS)):
            return None  # nothing of ours: who comes there finds nothing
        if entry.who in _UNSEEN:
            return None
        return await self._check_customer(scope, headers, entry)

    async def _check_customer(
        self, scope: Scope, headers: Headers, entry: Entry | None
    ) -> Response | None:
        """Look up who comes; `entry` is None for the page's socket."""
        principal = await self._recognise(scope, headers, entry)
        if entry is not None and entry.who is Who.DOOR:
            return None
        if principal is None:
            return await self._to_sign_in(scope, headers, entry)
        if principal.acting is not Acting.SELF and entry is not None and not entry.look:
            return await self._refuse(scope, Refusal.LOOK_ONLY)
        is_page = entry is not None and entry.is_page and scope["method"] == "GET"
        if is_page and not self._has_room(principal):
            return await self._refuse(scope, Refusal.TOO_MANY_PAGES)
        return None

    async def _may_connect(self, scope: Scope) -> bool:
        """A socket comes from our own page, with a session, or with a moment to show a bearer."""
        headers = Headers(scope=scope)
        state = scope.setdefault("state", {})
        if not scope["path"].startswith(SOCKET_PATH):
            return False
        if not self._origins.is_own(headers.get("origin"), headers.get("host")):
            refused("socket", "origin")
            return False
        if await self._proofs.of_connection(headers):
            return True
        names_another = "sid" in parse_qs(scope["query_string"].decode("latin-1"))
        if not self._is_framed or names_another:
            return False
        host = scope["client"][0] if scope.get("client") else ""
        leave = self._newcomers.admit(network(host))
        if leave is None:
            refused("socket", "too many newcomers")
            return False
        state["welcome"] = leave
        return True

    async def _recognise(
        self, scope: Scope, headers: Headers, entry: Entry | None
    ) -> Principal | None:
        shown = await self._proofs.of_request(scope["path"], headers, touch=entry is not None)
        cookie, principal = shown.secret if shown.is_cookie else None, shown.principal
        if not shown.is_cookie and not _is_of_frame(scope["path"], entry):
            principal = None
        state = scope["state"]
        state["principal"] = principal
        state["session_cookie"] = cookie
        state["sign_out_token"] = form_token(cookie, "sign-out") if cookie and principal else ""
        return principal

    async def _to_sign_in(self, scope: Scope, headers: Headers, entry: Entry | None) -> Response:
        # Only what a person opens is led to the sign-in page; a script would take it for its data.
        place = headers.get("sec-fetch-dest", "document")
        is_opened = place in ("document", "iframe", "frame")
        if scope["method"] not in ("GET", "HEAD") or not is_opened:
            return await self._answer(scope, Refusal.SIGNED_OUT)
        asked = scope["query_string"].decode("latin-1")
        target = local_path(quote(scope["path"]) + (f"?{asked}" if asked else ""))
        query = {"next": target} if target and target != "/" else {}
        if self._is_framed and place != "document" and entry is not None and entry.framed:
            door = "/embed"  # the sign-in page is shown in no frame; the shop's page may vouch
        else:
            door = "/sign-in"
            if scope["state"]["session_cookie"]:
                query["why"] = "ended"
        return RedirectResponse(f"{door}{f'?{urlencode(query)}' if query else ''}", 303)

    async def _refuse(self, scope: Scope, refusal: Refusal) -> Response:
        refused("request", refusal.name.lower(), method=scope["method"])
        return await self._answer(scope, refusal)


def _nobody() -> None:
    """No newcomer: there is no place to give back."""


def _is_of_frame(path: str, entry: Entry | None) -> bool:
    """Whether the script of a page in a frame asks for this: a bearer counts nowhere else. Plain
    pages bind their forms to a cookie, which a tab of its own has."""
    return entry is None or entry.framed or path.startswith("/embed/")


def _knows_better(entry: Entry | None, own: bool | None) -> bool:
    """Whether a change may pass of which the browser does not say that it comes from our page: the
    route asks for a proof that no other site has."""
    if entry is None:
        return False
    if entry.who is Who.PROGRAM:  # no browser sends its header by itself
        return True
    return own is None and entry.token


class SignedInOnly:
    """ASGI middleware inside of NiceGUI's application: strangers get its files and nothing else.

    NiceGUI's pages answer at every address that nobody else has taken, and each one built costs
    memory. So a path that the gate lets pass, and that no route of ours takes, must not end there.
    For the same reason a customer's HEAD is answered here: their pages are for those who read them.
    """

    def __init__(self, app: ASGIApp, answer: Answer = plain_answer) -> None:
        self._app = app
        self._answer = answer
        self._access = Access()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_stranger = scope.get("state", {}).get("principal") is None
        if scope["type"] == "http" and is_stranger and not self._is_file(scope["path"]):
            response = await self._answer(scope, Refusal.NOT_FOUND)
            await response(scope, receive, send)
            return
        if scope["type"] == "http" and scope["method"] == "HEAD" and not _is_nicegui(scope["path"]):
            response = Response(media_type="text/html")
            del response.headers["content-length"]  # it would tell the length of the page
            await response(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _is_file(self, path: str) -> bool:
        entry = self._access.find(path)
        return entry is not None and entry.who is Who.FILE


def _is_nicegui(path: str) -> bool:
    """NiceGUI's files and its socket."""
    return path.startswith("/_nicegui")


def _is_forwarded(name: bytes) -> bool:
    """NiceGUI writes ``X-Forwarded-Prefix`` into its pages, whoever sent it. The server has already
    taken what a trusted proxy says."""
    return name.startswith(b"x-forwarded-") or name == b"forwarded"
