"""No card number gets past the door: see `app.auth.cards`."""

from __future__ import annotations

import asyncio
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.auth.cards import body_holds_card
from app.auth.gate import SOCKET_PATH, Answer, Refusal, plain_answer
from app.auth.refusals import refused

LARGEST: Final = 256_000
"""Bytes of a body that is looked through. No form or file of ours comes near it."""
_AT_ONCE: Final = 16_000
"""Bytes that are looked through in a moment."""


class CardGuard:
    """ASGI middleware. A request whose body holds card data is answered with 400, and nothing of it
    is logged; one too large to be looked through with 413.

    It reads the whole body before anybody else does. Packets of the page's socket that come as
    requests are looked at by the `Guard`, which can tell their ids from what was written.

    `unread` are prefixes whose bodies come from a program that has proved who it is, and are full
    of ids with as many digits as a card's: such as webhooks of a shop system.
    """

    def __init__(
        self, app: ASGIApp, *, answer: Answer = plain_answer, unread: tuple[str, ...] = ()
    ) -> None:
        self._app = app
        self._answer = answer
        self._unread = (SOCKET_PATH, *unread)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(self._unread):
            await self._app(scope, receive, send)
            return
        body = b""
        while True:
            message = await receive()
            if message["type"] != "http.request":  # the browser has left
                return
            body += message.get("body", b"")
            if len(body) > LARGEST:
                await self._refuse(scope, receive, send, Refusal.TOO_LARGE)
                return
            if not message.get("more_body", False):
                break
        kind = Headers(scope=scope).get("content-type", "")
        if len(body) <= _AT_ONCE:
            holds_card = body_holds_card(body, kind)
        else:  # made to keep us busy, perhaps: nobody else waits for it
            holds_card = await asyncio.to_thread(body_holds_card, body, kind)
        if holds_card:
            await self._refuse(scope, receive, send, Refusal.CARD_DATA)
            return
        is_given = False

        async def again() -> Message:
            nonlocal is_given
            if is_given:
                return await receive()
            is_given = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self._app(scope, again, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send, refusal: Refusal) -> None:
        refused("request", refusal.name.lower(), method=scope["method"])
        response = await self._answer(scope, refusal)
        await response(scope, receive, send)
