"""Only a trusted proxy says who asks: the server as it is run, and what a browser may claim."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
import uvicorn
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from app.auth import Gate, Sessions
from app.auth.traffic import Traffic
from app.serving import server_config
from tests.auth.world import make_settings

CLAIMS = {
    "X-Forwarded-For": "198.51.100.7, 203.0.113.9",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Port": "1",
    "X-Forwarded-Prefix": "/evil",
    "X-Forwarded-Server": "evil.example",
    "Forwarded": "for=198.51.100.7;host=evil.example;proto=https",
}


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    named = [name.decode() for name, _ in scope["headers"]]
    answer = {
        "host": scope["client"][0],
        "scheme": scope["scheme"],
        "claims": [name for name in named if "forwarded" in name],
    }
    await JSONResponse(answer)(scope, receive, send)


@contextmanager
def served(sessions: Sessions, trusted: str, a_minute: int = 1000) -> Iterator[httpx.Client]:
    """The server as the command line runs it, and behind it what stands before all routes."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await front(scope, receive, send)

    front = Traffic(Gate(echo, sessions, make_settings(), unguarded=("/open/",)), a_minute)
    listener = socket.create_server(("127.0.0.1", 0))
    config = server_config(app, trusted)
    config.lifespan = "off"
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{listener.getsockname()[1]}") as client:
            yield client
    finally:
        server.should_exit = True
        thread.join(timeout=10)


@pytest.mark.parametrize("trusted", ["", "10.0.0.0/8", "203.0.113.9"])
def test_what_a_stranger_claims_is_not_believed(sessions: Sessions, trusted: str) -> None:
    with served(sessions, trusted) as client:
        found = client.get("/open/", headers=CLAIMS).json()

    assert found == {"host": "127.0.0.1", "scheme": "http", "claims": []}


@pytest.mark.parametrize("trusted", ["127.0.0.1", "10.0.0.0/8, 127.0.0.0/8"])
def test_a_trusted_proxy_says_who_asked_it(sessions: Sessions, trusted: str) -> None:
    """It adds the address that asked it at the end. What stands before is the browser's own claim,
    and nothing else that is claimed gets further."""
    with served(sessions, trusted) as client:
        found = client.get("/open/", headers=CLAIMS).json()

    assert found == {"host": "203.0.113.9", "scheme": "https", "claims": []}


def test_a_claim_does_not_get_around_a_limit(sessions: Sessions) -> None:
    # Public addresses: those kept for examples count as a network beside this machine.
    with served(sessions, "127.0.0.1", a_minute=2) as client:
        statuses = [
            client.get("/open/", headers={"X-Forwarded-For": f"198.51.100.{number}, 9.9.9.9"})
            for number in range(4)
        ]
        another = client.get("/open/", headers={"X-Forwarded-For": "9.9.9.10"})

    assert [answer.status_code for answer in statuses] == [200, 200, 429, 429]
    assert another.status_code == 200
