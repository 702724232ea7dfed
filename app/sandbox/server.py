"""The ASGI application: gates, faults, the API, the controls and the pictures."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Collection
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from app.sandbox import cards, hosted, inbox, wire
from app.sandbox.charging import lock, refuse_busy, settle
from app.sandbox.errors import Conflict, Document, Forbidden, NotFound, Refusal
from app.sandbox.faults import Fault
from app.sandbox.http import Call, Endpoint, Reply, query_of
from app.sandbox.resources import ROUTES, held_addresses
from app.sandbox.wire import Headers, Receive, Scope, Send

if TYPE_CHECKING:
    from app.sandbox.sandbox import Sandbox

VERSIONS = ("2021-01", "2021-11")
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
            await wire.lifespan(receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1000})
        else:
            await self._http(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked, path, headers = scope["method"], wire.path_of(scope), wire.headers_of(scope)
        raw = await wire.read_body(receive)
        method = asked
        if asked == "HEAD":
            method, send = "GET", wire.without_body(send)
        if path.startswith("/_sandbox"):
            await self._control(method, path, headers, raw, send)
            return
        picture = _PICTURE.fullmatch(path)
        if picture:
            await self._picture(picture.group(1), send)
            return
        if hosted.PATH.fullmatch(path):
            await self._hosted(method, path, raw, send)
            return
        if path.startswith(cards.INTERFACE):
            await self._processor(method, path, headers, raw, send)
            return
        path = path.removeprefix("/api") or "/"
        sandbox = self._sandbox
        sandbox.catch_up()
        fault = sandbox.faults.take(asked, path)
        reply, extra = await self._api(
            method, path, scope, headers, sandbox.whereabouts.kept(raw), fault
        )
        if fault is not None and fault.kind in ("cut_before", "cut_after"):
            await wire.cut(receive, send)
            return
        await self._respond(send, reply, extra)
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
                extra["allow"] = ", ".join(_methods(found[0]))
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
            page = inbox.page(sandbox.shop, sandbox.whereabouts.url).encode()
            await wire.answer(
                send, 200, {"content-type": "text/html; charset=utf-8", **_PAGE_HEADERS}, page
            )
            return
        try:
            body = _json_object(method, headers, raw, strict=False)
            if (method, path) == ("POST", "/_sandbox/webhooks/flush"):
                reply: Reply | None = Reply(await sandbox.sender.flush())
            else:
                # A reset is the way out of whatever went wrong, so nothing comes before it.
                if path != "/_sandbox/reset":
                    sandbox.catch_up()
                reply = sandbox.controls.answer(method, path, body)
            if reply is None:
                raise NotFound
        except Refusal as refusal:
            reply = Reply(refusal.body, refusal.status)
        await self._respond(send, reply, {})

    async def _processor(
        self, method: str, path: str, headers: Headers, raw: bytes, send: Send
    ) -> None:
        """The payment processor beside the shop, which a service asks with the same token."""
        try:
            if headers.get("authorization") != f"Bearer {self._sandbox.token}":
                raise Refusal(401, {"errors": "bad authentication"})
            body = _json_object(method, headers, raw)
            reply = cards.answer(method, path, self._sandbox.shop, body)
        except Refusal as refusal:
            reply = Reply(refusal.body, refusal.status)
        await self._respond(send, reply, {})

    async def _hosted(self, method: str, path: str, raw: bytes, send: Send) -> None:
        sandbox = self._sandbox
        sandbox.catch_up()
        found = hosted.answer(sandbox.shop, method, path, raw)
        sandbox.sender.queue(sandbox.shop.take_events())
        if found is None:
            await self._respond(send, Reply({"errors": "Method Not Allowed"}, 405), {})
            return
        status, page = found
        headers = {"content-type": "text/html; charset=utf-8", **_PAGE_HEADERS}
        await wire.answer(send, status, headers, page.encode())
        sandbox.sender.wake()

    async def _picture(self, name: str, send: Send) -> None:
        from app.sandbox.seed.pictures import svg

        drawing = svg(name)
        if drawing is None:
            await self._respond(send, Reply({"errors": "Not Found"}, 404), {})
            return
        headers = {
            "content-type": "image/svg+xml",
            "cache-control": "public, max-age=86400",
            **_PAGE_HEADERS,
        }
        await wire.answer(send, 200, headers, drawing.encode())

    async def _respond(self, send: Send, reply: Reply, extra: Headers) -> None:
        if isinstance(reply.body, bytes):
            page = {"content-type": "text/html; charset=utf-8", **extra}
            await wire.answer(send, reply.status, page, reply.body)
            return
        kind = {"content-type": "application/json"} if reply.status != 204 else {}
        body = self._sandbox.whereabouts.shown(reply.encode())
        await wire.answer(send, reply.status, {**kind, **extra}, body)


def _methods(known: Collection[str]) -> list[str]:
    """What a route answers to: HEAD goes wherever GET does."""
    return sorted({*known, "HEAD"} if "GET" in known else known)


def sandbox_routes(path: str) -> tuple[Any, dict[str, str]] | None:
    """The endpoints of a path; a slash at the end does no harm."""
    return ROUTES.find(path.rstrip("/") or "/")


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
