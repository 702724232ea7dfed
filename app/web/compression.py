"""Compressed answers: files that never change from memory, pages as they come.

NiceGUI's own middleware compresses its scripts and styles anew for every visitor, which was most of
the processor time of a first visit. They carry their version in the path, so one compression serves
everybody.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LARGEST_KEPT = 2_000_000
"""Bytes of one file that is worth keeping; a larger one is sent as it comes."""
_MOST_KEPT = 400
"""Files kept in memory. NiceGUI and Doorstep have some dozens; the bound holds whatever comes."""
_SHORTEST_COMPRESSED = 500


@dataclass(frozen=True, slots=True)
class _Kept:
    start: Message
    body: bytes


class CompressionMiddleware:
    """Serves what lies under `immutable` prefixes from memory and compresses the rest as it comes.

    Only whole, successful answers to GET are kept, one plain and one compressed for each path
    without a query. Paths that differ in anything else are never mixed up, because nothing under
    these prefixes depends on who asks.
    """

    def __init__(self, app: ASGIApp, immutable: tuple[str, ...] = ("/_nicegui/",)) -> None:
        self._app = app
        self._compressing = GZipMiddleware(app, minimum_size=_SHORTEST_COMPRESSED, compresslevel=5)
        self._immutable = immutable
        self._kept: dict[tuple[str, bool], _Kept] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if (
            scope["method"] != "GET"
            or scope["query_string"]
            or not scope["path"].startswith(self._immutable)
            or "range" in Headers(scope=scope)
        ):
            await self._compressing(scope, receive, send)
            return
        accepts = "gzip" in Headers(scope=scope).get("accept-encoding", "")
        kept = self._kept.get((scope["path"], accepts))
        if kept is None:
            kept = await self._fetch(scope, receive, send, accepts)
        if kept is not None:
            await send(kept.start)
            await send({"type": "http.response.body", "body": kept.body})

    async def _fetch(
        self, scope: Scope, receive: Receive, send: Send, accepts: bool
    ) -> _Kept | None:
        """The answer to keep, or None when it was passed on because it cannot be kept."""
        start: Message = {}
        parts: list[bytes] = []
        size = 0
        passing = False

        async def collect(message: Message) -> None:
            nonlocal start, size, passing
            if message["type"] == "http.response.start" and message["status"] == 200:
                start = message
                return
            if passing or not start or message["type"] != "http.response.body":
                passing = True
                await send(message)
                return
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            if size > _LARGEST_KEPT:
                passing = True
                await send(start)
                await send({**message, "body": b"".join(parts)})

        # Conditional requests would be answered with 304, which says nothing worth keeping.
        headers = [pair for pair in scope["headers"] if not pair[0].startswith(b"if-")]
        await self._app({**scope, "headers": headers}, receive, collect)
        if passing or not start:
            return None
        kept = _prepare(start, b"".join(parts), accepts)
        if len(self._kept) < _MOST_KEPT:
            self._kept[(scope["path"], accepts)] = kept
        return kept


def _prepare(start: Message, body: bytes, accepts: bool) -> _Kept:
    start = {**start, "headers": list(start["headers"])}
    headers = MutableHeaders(raw=start["headers"])
    headers.add_vary_header("Accept-Encoding")
    if accepts and len(body) >= _SHORTEST_COMPRESSED and "content-encoding" not in headers:
        smaller = gzip.compress(body, compresslevel=9, mtime=0)
        if len(smaller) < len(body):
            body = smaller
            headers["Content-Encoding"] = "gzip"
    headers["Content-Length"] = str(len(body))
    return _Kept(start, body)
