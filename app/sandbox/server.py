"""The ASGI application: gates, faults, the API, the controls and the pictures."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from app.sandbox import inbox
from app.sandbox.charging import lock, refuse_busy, settle
from app.sandbox.errors import Conflict, Cut, Document, Forbidden, NotFound, Refusal
from app.sandbox.faults import Fault
from app.sandbox.http import Call, Endpoint, Reply, query_of
from app.sandbox.resources import ROUTES, held_addresses

if TYPE_CHECKING:
    from app.sandbox.sandbox import Sandbox

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = dict[str, str]

VERSIONS = ("2021-01", "2021-11")
_LONGEST_BODY = 2_000_000
_PICTURE = re.compile(r"/pictures/([a-z0-9][a-z0-9_-]{0,80})\.svg")
_PAGE_HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


class Server:
    """Speaks HTTP for one sandbox. Every call is handled at one stroke, in one transaction."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._busy: set[int] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1000})
        else:
            await self._http(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        method, path = scope["method"], _path(scope)
        headers = {
            key.decode("latin-1"): value.decode("latin-1") for key, value in scope["headers"]
        }
        raw = await _body(receive)
        if path.startswith("/_sandbox"):
            await self._control(method, path, headers, raw, send)
            return
        picture = _PICTURE.fullmatch(path)
        if picture:
            await _picture(picture.group(1), send)
            return
        path = path.removeprefix("/api") or "/"
        sandbox = self._sandbox
        sandbox.catch_up()
        fault = sandbox.faults.take(method, path)
        reply, extra = await self._api(method, path, scope, headers, raw, fault)
        if fault is not None and fault.kind in ("cut_before", "cut_after"):
            await _cut(receive, send)
            return
        await _respond(send, reply, extra)
        sandbox.sender.wake()

    async def _api(
        self, method: str, path: str, scope: Scope, headers: Headers, raw: bytes,
        fault: Fault | None,
    ) -> tuple[Reply, Headers]:  # fmt: skip
        """The answer of the API, spoilt by the fault where there is one."""
        sandbox = self._sandbox
        extra: Headers = {}
        found = sandbox_routes(path)
        endpoint = found[0].get(method) if found else None
        sandbox.counters.requests[endpoint.name if endpoint else f"{method} (unknown)"] += 1
        try:
            self._check_token(headers)
            version = self._check_version(headers, endpoint)
            self._check_bucket(extra)
            if found is None:
                raise Refusal(404, {"error": "endpoint not found"})
            if endpoint is None:
                extra["allow"] = ", ".join(sorted(found[0]))
                raise Refusal(405, {"errors": "Method Not Allowed"})
            self._check_scopes(endpoint)
            call = Call(
                method,
                found[1],
                query_of(scope.get("query_string", b"")),
                _json_object(method, headers, raw),
                version,
            )
            early = await self._before(fault, endpoint, call)
            if early is not None:
                return early, self._fault_headers(fault, extra)
            reply = self._execute(endpoint, call)
        except Refusal as refusal:
            reply = Reply(refusal.body, refusal.status)
        if fault is not None and fault.executes and fault.kind != "delay":
            return _spoilt(fault), self._fault_headers(fault, extra)
        if fault is not None and fault.executes:
            await asyncio.sleep(fault.seconds)
        return reply, extra

    async def _before(self, fault: Fault | None, endpoint: Endpoint, call: Call) -> Reply | None:
        """What a fault does before the effect; None when the call goes on."""
        held = self._held(endpoint, call)
        if held & self._busy:
            raise Conflict
        if fault is None or fault.executes or fault.kind == "cut_after":
            return None
        if fault.kind == "delay":
            self._busy |= held
            try:
                await asyncio.sleep(fault.seconds)
            finally:
                self._busy -= held
            return None
        if fault.kind == "cut_before":
            return Reply(status=204)
        if fault.kind == "429":
            self._sandbox.counters.throttled += 1
        return _spoilt(fault)

    def _held(self, endpoint: Endpoint, call: Call) -> set[int]:
        if endpoint.method == "GET" or endpoint.holds is None:
            return set()
        return held_addresses(self._sandbox.shop, endpoint.holds, call)

    def _execute(self, endpoint: Endpoint, call: Call) -> Reply:
        """Run the handler; what it changed stays only when it succeeds."""
        sandbox = self._sandbox
        shop = sandbox.shop
        if endpoint.method == "GET":
            with shop.store.reading():
                return endpoint.handler(shop, call)
        try:
            with shop.store.transaction():
                settle(shop)
                held = self._held(endpoint, call)
                refuse_busy(shop, held)
                reply = endpoint.handler(shop, call)
                for address_id in held:
                    lock(shop, address_id)
                sandbox.sender.queue(shop.take_events())
        except BaseException:
            shop.take_events()
            raise
        sandbox.counters.executed[endpoint.name] += 1
        return reply

    def _check_token(self, headers: Headers) -> None:
        if headers.get("x-recharge-access-token") != self._sandbox.token:
            raise Refusal(401, {"errors": "bad authentication"})

    def _check_version(self, headers: Headers, endpoint: Endpoint | None) -> str:
        stated = headers.get("x-recharge-version") or self._sandbox.default_version()
        spoken = endpoint.versions if endpoint else VERSIONS
        if stated not in spoken:
            raise Refusal(
                426, {"errors": f"Version {stated} is not served here. Send {spoken[-1]}."}
            )
        return stated

    def _check_bucket(self, extra: Headers) -> None:
        settings, bucket = self._sandbox.settings, self._sandbox.bucket
        if not settings.bucket:
            return
        fits = bucket.take(size=settings.bucket_size, rate=settings.bucket_rate)
        extra["x-recharge-limit"] = f"{bucket.used()}/{settings.bucket_size}"
        if not fits:
            self._sandbox.counters.throttled += 1
            if settings.retry_after:
                extra["retry-after"] = "2"
            raise Refusal(429, {"warning": "too many requests"})

    def _fault_headers(self, fault: Fault | None, extra: Headers) -> Headers:
        if fault is not None and fault.kind == "429" and self._sandbox.settings.retry_after:
            return {**extra, "retry-after": "2"}
        return extra

    def _check_scopes(self, endpoint: Endpoint) -> None:
        missing = [each for each in endpoint.scopes if each not in self._sandbox.settings.scopes]
        if missing:
            raise Forbidden(missing)

    async def _control(
        self, method: str, path: str, headers: Headers, raw: bytes, send: Send
    ) -> None:
        sandbox = self._sandbox
        if (
            method == "GET"
            and path == "/_sandbox/inbox"
            and "text/html" in headers.get("accept", "")
        ):
            page = inbox.page(sandbox.shop).encode()
            await _send(
                send, 200, {"content-type": "text/html; charset=utf-8", **_PAGE_HEADERS}, page
            )
            return
        try:
            body = _json_object(method, headers, raw, strict=False)
            if (method, path) == ("POST", "/_sandbox/webhooks/flush"):
                reply: Reply | None = Reply(await sandbox.sender.flush())
            else:
                sandbox.catch_up()
                reply = sandbox.controls.answer(method, path, body)
            if reply is None:
                raise NotFound
        except Refusal as refusal:
            reply = Reply(refusal.body, refusal.status)
        await _respond(send, reply, {})


def sandbox_routes(path: str) -> tuple[Any, dict[str, str]] | None:
    """The endpoints of a path; a slash at the end does no harm."""
    return ROUTES.find(path.rstrip("/") or "/")


def _path(scope: Scope) -> str:
    path: str = scope["path"]
    root: str = scope.get("root_path", "")
    if root and (path == root or path.startswith(f"{root}/")):
        path = path[len(root) :]
    return path or "/"


async def _body(receive: Receive) -> bytes:
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b""
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if not message.get("more_body") or size > _LONGEST_BODY:
            return b"".join(parts)


def _json_object(method: str, headers: Headers, raw: bytes, *, strict: bool = True) -> Document:
    """The body of a write. Anything that is not a JSON object is refused with 415."""
    if method == "GET" or not raw.strip():
        return {}
    try:
        found = json.loads(raw)
    except ValueError:
        found = None
        content = headers.get("content-type", "")
        if not strict and content.startswith("application/x-www-form-urlencoded"):
            found = {key: values[-1] for key, values in parse_qs(raw.decode()).items()}
    if not isinstance(found, dict):
        raise Refusal(415, {"errors": "The body must be a JSON object."})
    return found


def _spoilt(fault: Fault) -> Reply:
    status, body = fault.answer
    return Reply(body.encode() if isinstance(body, str) else body, status)


async def _respond(send: Send, reply: Reply, extra: Headers) -> None:
    if isinstance(reply.body, bytes):
        await _send(
            send, reply.status, {"content-type": "text/html; charset=utf-8", **extra}, reply.body
        )
        return
    kind = {"content-type": "application/json"} if reply.status != 204 else {}
    await _send(send, reply.status, {**kind, **extra}, reply.encode())


async def _send(send: Send, status: int, headers: Headers, body: bytes) -> None:
    shown = {**headers, "content-length": str(len(body))} if status != 204 else headers
    pairs = [(key.encode("latin-1"), value.encode("latin-1")) for key, value in shown.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": body})


async def _cut(receive: Receive, send: Send) -> None:
    """End the connection without an answer.

    Over a socket of our own server the transport is dropped. In one process, and behind other
    middleware, an answer begins and breaks off with an error that httpx reads as a lost connection.
    """
    cycle = getattr(receive, "__self__", None)
    transport = getattr(cycle, "transport", None)
    if transport is not None and hasattr(transport, "abort"):
        transport.abort()
        await receive()
        return
    if cycle is not None or getattr(receive, "__module__", "") != "httpx._transports.asgi":
        headers = [(b"content-type", b"application/json"), (b"content-length", b"1000")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"{", "more_body": True})
    raise Cut


async def _picture(name: str, send: Send) -> None:
    from app.sandbox.seed.pictures import svg

    drawing = svg(name)
    if drawing is None:
        await _respond(send, Reply({"errors": "Not Found"}, 404), {})
        return
    headers = {
        "content-type": "image/svg+xml",
        "cache-control": "public, max-age=86400",
        **_PAGE_HEADERS,
    }
    await _send(send, 200, headers, drawing.encode())


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
