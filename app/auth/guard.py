"""The socket guard: a page obeys its own browser only.

NiceGUI obeys whoever knows a page's client id: its socket accepts any origin and does not ask who
sends a packet. The guard stands in front of NiceGUI's handlers. It wraps internals of version
3.18.0, which is why that exact version is pinned; its tests are the gate for another one.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import structlog
from nicegui import Client, core
from socketio.exceptions import (  # type: ignore[import-untyped]
    ConnectionRefusedError as Refused,
)
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from app.actions import Principal
from app.auth.bearers import Bearers
from app.auth.cards import packet_holds_card
from app.auth.events import Unfit, Unheard, heard
from app.auth.newcomers import PATIENCE
from app.auth.open_pages import OpenPages
from app.auth.origins import Origins
from app.auth.packets import LARGEST, is_packet
from app.auth.proofs import Proofs
from app.auth.refusals import refused
from app.auth.screen import cut, screen
from app.auth.sessions import Sessions
from app.auth.wrapping import Handler, ignore, over, stock_of
from app.settings import Settings

_log = structlog.get_logger(__name__)

_TRUSTED_FOR = 30.0
"""Seconds for which a session that was found good is not asked about again. A session that ends in
this process is known at once; this is for those that end in another one."""

_SWEEP_EVERY = 4.0
"""Seconds within which the pages of a session close that ended in another process. One statement
asks for all of them."""
_MOST_SOCKETS = 4
"""Sockets of one page: one, and those of lost connections that the server has not missed yet."""

# Not at once: the page that signs out is on its way to the answer of its form, which a reload
# would cut off. A frame hears of it first (embed_framed.js).
_RELOAD = "window.doorstepFrame?.ended?.(); setTimeout(() => window.location.reload(), 1000)"

# NiceGUI's script reloads the page on this answer; the gate then leads to the sign-in page.
_RELOAD_PLEASE = "Implicit handshake failed"


@dataclass(eq=False)
class _Socket:
    client_id: str
    session: str
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Guard:
    """Knows which session owns which page, and lets nobody else near it.

    `own` a page when it is built, `install` once at start, and run `watch` as a task: it closes the
    pages of sessions that ended by themselves.
    """

    def __init__(
        self,
        sessions: Sessions,
        settings: Settings,
        bearers: Bearers | None = None,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        patience: float = PATIENCE,
    ) -> None:
        self._sessions = sessions
        self._proofs = Proofs(sessions, bearers)
        self._patience = patience
        self._origins = Origins(settings)
        self._monotonic = monotonic
        self._pages = OpenPages(
            settings.pages_per_session, settings.pages_in_all, self._forget_session
        )
        self._sockets: dict[str, _Socket] = {}
        self._checked: dict[str, float] = {}
        self._touched: dict[str, float] = {}
        self._on_card: dict[str, Callable[[], None]] = {}
        sessions.on_end(self.close)

    # Pages

    @property
    def pages(self) -> int:
        """How many pages are open in this process."""
        return len(self._pages)

    @property
    def sockets(self) -> int:
        """How many sockets of pages are connected to this process."""
        return len(self._sockets)

    def own(
        self, client: Client, principal: Principal, on_card: Callable[[], None] | None = None
    ) -> None:
        """Bind a page that is being built to its session.

        on_card: called when the page has sent a card number, which nobody else gets to see

        Raises:
            TooManyPages: the session, or the process, holds as many pages as the settings permit.
        """
        self._pages.own(client, principal.session)
        if on_card is not None:
            self._on_card[client.id] = on_card
            client.on_delete(lambda: self._on_card.pop(client.id, None))

    def make_room(self, principal: Principal) -> bool:
        """Whether one more page may be built for this session.

        Where the limit is reached, a page that lost its browser makes way for the new one.
        """
        return self._pages.make_room(principal.session)

    def _forget_session(self, session: str) -> None:
        self._checked.pop(session, None)
        self._touched.pop(session, None)

    # Sessions that end

    async def close(self, session: str) -> None:
        """Close every page and socket of a session. Their browsers are told to load anew, which
        leads them to the sign-in page."""
        self._forget_session(session)
        pages = self._pages.of(session)
        sockets = [sid for sid, socket in self._sockets.items() if socket.session == session]
        for page in pages:
            await core.sio.emit("run_javascript", {"code": _RELOAD}, room=page)
        await asyncio.gather(*(self._hang_up(sid) for sid in sockets))
        for page in pages:
            self._pages.delete(page)

    async def sweep(self) -> None:
        """Close the pages of sessions that are over: idle, too old, or ended in another process."""
        known = self._pages.sessions | {socket.session for socket in self._sockets.values()}
        live = await self._sessions.live(known)
        for session in known - live:
            await self.close(session)
        now = self._monotonic()
        self._checked.update((session, now) for session in live)

    async def watch(self) -> None:
        """Sweep for ever; run it as a task."""
        while True:
            await asyncio.sleep(_SWEEP_EVERY)
            try:
                await self.sweep()
            except Exception as error:
                # The next packet of every page asks the database again, and fails closed.
                _log.error("sweep failed", error=type(error).__name__)

    # Sockets

    def install(self) -> None:
        """Stand in front of NiceGUI's socket handlers. A later guard takes the place of this one.

        What no page of ours sends is stopped before python-socketio looks at it, and ends the
        connection. `log`, which NiceGUI's script sends and which writes raw text to our log, is
        heard and forgotten.
        """
        stock = {name: stock_of(handler) for name, handler in core.sio.handlers["/"].items()}
        core.sio.handlers["/"] = {
            "connect": over(stock["connect"], self._connect),
            "disconnect": over(stock["disconnect"], self._disconnect),
            "log": over(stock["log"], ignore),
            **{
                name: over(stock[name], self._packet_handler(name, stock[name]))
                for name in ("handshake", "event", "javascript_response", "ack")
            },
        }
        engine = core.sio.eio
        engine.cors_allowed_origins = self._is_allowed_origin
        engine.max_http_buffer_size = LARGEST
        engine.logger.setLevel(logging.CRITICAL)  # it repeats what strangers send
        screen(self._throw_out, self._monotonic, self._patience)
        handle = stock_of(engine.handle_request)
        engine.handle_request = over(handle, self._request_handler(handle))

    def _is_allowed_origin(self, origin: str | None, environ: dict[str, Any]) -> bool:
        return self._origins.is_own(origin, environ.get("HTTP_HOST"))

    def _request_handler(self, handle: Handler) -> Handler:
        async def handler(scope: Scope, receive: Receive, send: Send) -> None:
            # With long polling each request names its connection in the query. Knowing that name
            # must not be enough to speak for it, so one that began without a cookie, which only
            # its WebSocket speaks for, is spoken for by no request.
            query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
            environ = core.sio.environ.get(query.get("sid", [""])[0])
            if environ is not None:
                began = self._proofs.brought(_headers(environ))
                if not any(began) or self._proofs.brought(Headers(scope=scope)) != began:
                    refused("socket", "another's connection")
                    if scope["type"] == "websocket":
                        await send({"type": "websocket.close", "code": 4403})
                    else:
                        await PlainTextResponse("Forbidden", 403)(scope, receive, send)
                    return
            await handle(scope, receive, send)

        return handler

    async def _connect(self, sid: str, environ: dict[str, Any], greeting: object = None) -> Any:
        try:
            socket = await self._admit(environ, greeting)
        except Exception as error:
            refused("socket", "failure", is_our_fault=True, error=type(error).__name__)
            raise Refused(_RELOAD_PLEASE) from None
        if isinstance(socket, str):
            refused("socket", socket)
            raise Refused(_RELOAD_PLEASE if socket != "origin" else "refused")
        for older in [s for s, o in self._sockets.items() if o.client_id == socket.client_id][
            : -(_MOST_SOCKETS - 1)
        ]:
            await self._hang_up(older)
        self._sockets[sid] = socket
        try:
            return await stock_of(core.sio.handlers["/"]["connect"])(sid, environ)
        except Exception as error:
            self._sockets.pop(sid, None)
            if isinstance(error, Refused):
                raise
            refused("socket", "malformed", error=type(error).__name__)
            raise Refused("refused") from None

    async def _admit(self, environ: dict[str, Any], greeting: object) -> _Socket | str:
        """The socket of a browser that may have the page it asks for, or why it may not."""
        if not self._is_from_our_page(environ):
            return "origin"
        known = await self._proofs.of_connection(_headers(environ))
        if environ["asgi.scope"]["type"] == "websocket":  # the only one whose packets have one way
            by_bearer = await self._proofs.of_greeting(greeting)
            known += [by_bearer] if by_bearer is not None else []
        if not known:
            return "no session"
        named = parse_qs(environ.get("QUERY_STRING", "")).get("client_id", [])
        owner = self._pages.owner(named[0]) if len(named) == 1 else None
        if owner is None or owner not in {principal.session for principal in known}:
            return "another's page"
        welcome = environ["asgi.scope"].get("state", {}).get("welcome")
        if welcome is not None:  # it came as a newcomer, and leaves its place to the next
            welcome()
        self._checked[owner] = self._monotonic()
        return _Socket(named[0], owner)

    def _is_from_our_page(self, environ: dict[str, Any]) -> bool:
        origin = environ.get("HTTP_ORIGIN")
        if origin is not None:
            return self._origins.is_own(origin, environ.get("HTTP_HOST"))
        # A browser always names the origin of a WebSocket; for a first poll (a GET) it does not.
        is_polling = environ["asgi.scope"]["type"] == "http"
        site = environ.get("HTTP_SEC_FETCH_SITE", "same-origin")
        return is_polling and bool(site == "same-origin")

    def _packet_handler(self, event: str, stock: Handler) -> Handler:
        async def handler(sid: str, message: object = None, *more: object) -> Any:
            socket = self._sockets.get(sid)
            if socket is None:
                return await self._hang_up(sid)
            if more or not is_packet(event, message, socket.client_id):
                return await self._throw_out(sid, f"malformed {event}")
            if self._pages.owner(socket.client_id) != socket.session:
                return await self._throw_out(sid, "page gone")
            async with socket.lock:  # packets keep their order, also while the database is asked
                try:
                    is_live = await self._is_live(socket.session, touch=event == "event")
                except Exception as error:
                    return await self._throw_out(sid, type(error).__name__)
            if not is_live:
                return await self.close(socket.session)
            if packet_holds_card(message):
                return self._tell_of_card(socket.client_id, event)
            try:
                if event == "event":
                    message = heard(socket.client_id, message)
                    if message is None:
                        return None
                result = stock(sid, message)
                return await result if inspect.isawaitable(result) else result
            except Unheard as error:
                refused("packet", "no entry", is_our_fault=True, event_kind=str(error))
            except Unfit as error:
                return await self._throw_out(sid, str(error))
            except Exception as error:
                return await self._throw_out(sid, f"unreadable {event}: {type(error).__name__}")

        return handler

    async def _is_live(self, session: str, *, touch: bool) -> bool:
        now = self._monotonic()
        known = self._touched if touch else self._checked
        if now - known.get(session, float("-inf")) < _TRUSTED_FOR and session in self._checked:
            return True
        if not await self._sessions.is_live(session, touch=touch):
            return False
        self._checked[session] = now
        if touch:
            self._touched[session] = now
        return True

    def _tell_of_card(self, page: str, event: str) -> None:
        """It stays here: the page is told, and nothing of it is logged."""
        refused("packet", "card data", event_kind=event)
        tell = self._on_card.get(page)
        if tell is not None:
            tell()

    async def _disconnect(self, sid: str, *_reason: object) -> None:
        self._sockets.pop(sid, None)
        stock_of(core.sio.handlers["/"]["disconnect"])(sid)

    async def _throw_out(self, sid: str, reason: str) -> bool:
        if sid in self._sockets:  # else it is on its way out, and more of its packets had come
            _log.warning("socket closed", reason=reason)
        await self._hang_up(sid)
        return False

    async def _hang_up(self, sid: str) -> None:
        self._sockets.pop(sid, None)
        with suppress(KeyError):
            connection = core.sio.manager.eio_sid_from_sid(sid, "/")
            await core.sio.disconnect(sid)
            await cut(connection)


def _headers(environ: dict[str, Any]) -> Headers:
    """What a connection came with of its session."""
    return Headers({"cookie": environ.get("HTTP_COOKIE", "")})
