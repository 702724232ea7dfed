"""What a request brings is read whole before anybody acts on it: not too much, not too slowly, and
if it is JSON, not too deep."""

from __future__ import annotations

import asyncio
import re
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.auth.gate import SOCKET_PATH, Answer, Refusal, plain_answer
from app.auth.packets import LARGEST as LARGEST_PACKET
from app.auth.refusals import refused

LARGEST: Final = 512_000
"""Bytes of a body: as many quick links as may be asked for at once. No other comes near it."""

PATIENCE: Final = 15.0
"""Seconds within which a whole body must have come. Some bytes now and then would otherwise hold a
connection for ever."""

DEEPEST: Final = 16
"""How many lists and objects of JSON may lie within each other."""

MOST_SIGNS: Final = 40_000
"""Brackets, commas and colons of a document of JSON. A small body can hold very many values."""

_JSON: Final = "application/json"
_FORM: Final = "application/x-www-form-urlencoded"
_TEXT: Final = re.compile(rb'"(?:[^"\\]|\\.?)*+"?', re.DOTALL)
_SIGN: Final = re.compile(rb"[\[\]{},:]")


class Bodies:
    """ASGI middleware. Answers 413 to a body that is too large, 408 to one that does not come, 415
    to one that is neither a form nor JSON, and 422 to JSON that is too deep or has too much in it.

    What comes through comes as one message. Programs, which send JSON, are answered in JSON.

    `unread` are prefixes with limits of their own.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        answer: Answer = plain_answer,
        unread: tuple[str, ...] = (),
        patience: float = PATIENCE,
    ) -> None:
        self._app = app
        self._answer = answer
        self._unread = unread
        self._patience = patience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or (self._unread and scope["path"].startswith(self._unread)):
            await self._app(scope, receive, send)
            return
        is_packet = scope["path"].startswith(SOCKET_PATH)
        try:
            async with asyncio.timeout(self._patience):
                body = await _read(receive, LARGEST_PACKET if is_packet else LARGEST)
        except TimeoutError:
            body = Refusal.TOO_SLOW
        if body is None:  # the browser has left
            return
        if isinstance(body, bytes) and not is_packet:
            body = _fault(body, Headers(scope=scope)) or body
        if isinstance(body, Refusal):
            refused("request", body.name.lower(), method=scope["method"])
            response = await self._refusal(scope, body)
            await response(scope, receive, send)
            return
        await self._app(scope, _again(body, receive), send)

    async def _refusal(self, scope: Scope, refusal: Refusal) -> Response:
        if _kind(Headers(scope=scope)) != _JSON:
            return await self._answer(scope, refusal)
        words, status = refusal.name.lower().replace("_", " "), refusal.value
        return JSONResponse({"error": f"The body is {words}.", "reason": words}, status)


async def _read(receive: Receive, largest: int) -> bytes | Refusal | None:
    parts = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        parts += message.get("body", b"")
        if len(parts) > largest:
            return Refusal.TOO_LARGE
        if not message.get("more_body", False):
            return bytes(parts)


def _again(body: bytes, receive: Receive) -> Receive:
    is_given = False

    async def again() -> Message:
        nonlocal is_given
        if is_given:
            return await receive()
        is_given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def _kind(headers: Headers) -> str:
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def _fault(body: bytes, headers: Headers) -> Refusal | None:
    if not body:
        return None
    kind = _kind(headers)
    if kind == _JSON:
        return Refusal.TOO_DEEP if is_too_deep(body) else None
    return None if kind in (_FORM, "") else Refusal.STRANGE_KIND


def is_too_deep(text: bytes) -> bool:
    """Whether JSON has more in it, or more within each other, than any document of ours. Told by
    its signs alone, before anything is made of it."""
    signs = _SIGN.findall(_TEXT.sub(b"", text))
    if len(signs) > MOST_SIGNS:
        return True
    depth = 0
    for sign in signs:
        if sign in b"[{":
            depth += 1
            if depth > DEEPEST:
                return True
        elif sign in b"]}":
            depth -= 1
    return False
