"""Who connects and says nothing, or says it letter by letter, is not waited for.

Requirement: ASVS 5.0 15.2.2 (resources are not held by who asks for nothing).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from app import serving
from app.serving import TimedProtocol

GET = b"GET / HTTP/1.1\r\nHost: portal\r\n\r\n"


async def fine(request: Request) -> Response:
    return PlainTextResponse(f"fine {len(await request.body())}")


async def talk(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text(await socket.receive_text())


@pytest.fixture
async def port(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[int]:
    monkeypatch.setattr(serving, "REQUEST_WITHIN", 0.2)
    routes = [Route("/", fine, methods=["GET", "POST"]), WebSocketRoute("/socket", talk)]
    app = Starlette(routes=routes)
    server = uvicorn.Server(
        uvicorn.Config(app, port=0, http=TimedProtocol, log_config=None, lifespan="off")
    )
    listener = serving.listen("127.0.0.1", 0)
    running = asyncio.create_task(server.serve([listener]))
    while not server.started:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    yield listener.getsockname()[1]
    server.should_exit = True
    await running


async def until_closed(port: int, *said: bytes) -> bytes:
    """What is answered to who says this and then nothing, until the server ends it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for each in said:
        writer.write(each)
        await writer.drain()
    try:
        async with asyncio.timeout(10):
            return await reader.read()
    except ConnectionResetError:
        return b""
    finally:
        writer.close()


async def test_a_connection_that_says_nothing_is_ended(port: int) -> None:
    assert await until_closed(port) == b""


@pytest.mark.parametrize(
    "said",
    [b"G", b"GET / HTTP/1.1\r\nHost: portal\r\nX-Slow:", b"POST / HTTP/1.1\r\nHost: portal\r\n"],
)
async def test_half_a_request_is_not_waited_for(port: int, said: bytes) -> None:
    assert await until_closed(port, said) == b""


async def test_half_a_body_is_not_waited_for(port: int) -> None:
    head = b"POST / HTTP/1.1\r\nHost: portal\r\nContent-Length: 100\r\n\r\n"
    assert b"fine" not in await until_closed(port, head + b"x" * 50)


async def test_half_a_second_request_is_not_waited_for(port: int) -> None:
    answered = await until_closed(port, GET, b"GET / HT")
    assert answered.count(b"fine 0") == 1


async def test_a_socket_that_is_open_stays_open(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        b"GET /socket HTTP/1.1\r\nHost: portal\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    assert b"101" in await reader.readuntil(b"\r\n\r\n")
    await asyncio.sleep(0.6)  # three times as long as a request is waited for
    writer.write(b"\x81\x82\x00\x00\x00\x00ok")
    assert await reader.readexactly(4) == b"\x81\x02ok"
    writer.close()
