"""ASGI itself: paths and bodies come in, answers go out, and connections die when told to."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from app.sandbox.errors import Cut

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = dict[str, str]

_LONGEST_BODY = 2_000_000


def path_of(scope: Scope) -> str:
    """The path below the place where the application is mounted."""
    path: str = scope["path"]
    root: str = scope.get("root_path", "")
    if root and (path == root or path.startswith(f"{root}/")):
        path = path[len(root) :]
    return path or "/"


def headers_of(scope: Scope) -> Headers:
    """The headers of a request by their names in lower case."""
    return {key.decode("latin-1"): value.decode("latin-1") for key, value in scope["headers"]}


async def read_body(receive: Receive) -> bytes:
    """The whole body; what lies far beyond any call of the API is cut off."""
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b""
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if not message.get("more_body") or size > _LONGEST_BODY:
            return b"".join(parts)


async def answer(send: Send, status: int, headers: Headers, body: bytes) -> None:
    """One whole answer."""
    shown = {**headers, "content-length": str(len(body))} if status != 204 else headers
    pairs = [(key.encode("latin-1"), value.encode("latin-1")) for key, value in shown.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": body})


def without_body(send: Send) -> Send:
    """For HEAD: status and headers go out as they are, the body stays here."""

    async def send_head(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return send_head


async def cut(receive: Receive, send: Send) -> None:
    """End the connection without an answer.

    Over a socket of our own server the transport is dropped. In one process, and behind other
    middleware, an answer begins and breaks off with an error that httpx reads as a lost connection.

    Raises:
        Cut: in one process, and behind other middleware.
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


async def lifespan(receive: Receive, send: Send) -> None:
    """Nothing has to be begun or ended: the sandbox is open when it is made."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
