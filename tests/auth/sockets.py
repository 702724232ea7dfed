"""Browsers and sockets for the guard's tests: a real server, and what may be sent to it."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import httpx
import pytest
import socketio  # type: ignore[import-untyped]
from sqlalchemy import text

from app.actions import Principal
from app.auth import Sessions
from app.database import Database
from tests.auth.world import MARA, make_settings

ROOT = Path(__file__).parents[2]
POLL = "/_nicegui_ws/socket.io/?EIO=4&transport=polling&"
SOCKET = "/_nicegui_ws/socket.io/?EIO=4&transport=websocket"


def serve(folder: Path, *options: str) -> Iterator[tuple[str, int]]:
    """A guarded portal on a database of its own: the database's address, and the port."""
    url = f"sqlite+aiosqlite:///{folder}/doorstep.db"
    asyncio.run(prepare(url))
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.auth.guarded_portal", url, *options],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            cwd=ROOT,
        )
    assert process.stdout is not None
    port = process.stdout.readline()
    try:
        yield url, int(port)
    finally:
        process.terminate()
        process.communicate(timeout=10)


async def prepare(url: str) -> None:
    database = Database(url)
    await database.upgrade()
    await database.close()


@dataclass
class Browser:
    """A customer's browser: a session, and as many pages as it likes."""

    port: int
    cookie: str
    principal: Principal
    sockets: list[socketio.AsyncClient]

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def headers(self) -> dict[str, str]:
        return {"Cookie": f"doorstep={self.cookie}"}

    async def get(self, path: str, **headers: str) -> httpx.Response:
        async with httpx.AsyncClient(base_url=self.origin, headers=self.headers) as client:
            return await client.get(path, headers=headers)

    async def post(self, path: str, **values: Any) -> httpx.Response:
        headers = {**self.headers, "Sec-Fetch-Site": "same-origin"}
        async with httpx.AsyncClient(base_url=self.origin, headers=headers) as client:
            return await client.post(path, **values)

    async def open_page(self, path: str = "/") -> Page:
        answer = await self.get(path)
        assert answer.status_code == 200, answer.text
        return Page(self, answer.text)

    async def presses(self) -> int:
        return int((await self.get("/presses")).json()["presses"])


class Page:
    """What a browser knows of one page."""

    def __init__(self, browser: Browser, html: str) -> None:
        self.browser = browser
        found = re.search(r"client_id['\"]: ?['\"]([0-9a-f-]{36})", html)
        assert found is not None
        self.client_id = found[1]
        elements = re.search(r"String\.raw`(.*?)`", html, re.DOTALL)
        assert elements is not None
        self.elements = json.loads(elements[1].replace("&lt;", "<").replace("&amp;", "&"))

    def press(self, label: str = "Press", kind: str = "click", **changes: Any) -> dict[str, Any]:
        """The packet of a press on a button, or of another event there."""
        for name, element in self.elements.items():
            if element.get("props", {}).get("label") == label:
                heard = {each["type"]: each["listener_id"] for each in element["events"]}
                listener = heard[kind]
                packet = {
                    "id": int(name),
                    "client_id": self.client_id,
                    "listener_id": listener,
                    "args": [],
                }
                return {**packet, **changes}
        raise AssertionError(f"no button {label}")

    @staticmethod
    def query(client_id: str, implicit: bool = True) -> str:
        return (
            f"client_id={client_id}&tab_id=tab-1&document_id=document-1"
            f"&next_message_id=0&implicit_handshake={'true' if implicit else 'false'}"
        )

    async def connect(
        self,
        browser: Browser | None = None,
        *,
        origin: str | None = "",
        cookie: str | None = "",
        implicit: bool = True,
        client_id: str = "",
        greeting: Any = None,
        framed: str = "",
    ) -> Connection:
        """Connect to this page, as `browser` (its own by default), or with changed headers.

        greeting: what the first packet holds
        framed:   the cookie of a frame
        """
        browser = browser or self.browser
        headers = {}
        if origin is not None:
            headers["Origin"] = origin or browser.origin
        if cookie is not None:
            headers["Cookie"] = f"doorstep={cookie or browser.cookie}"
        if framed:
            headers["Cookie"] = f"doorstep-embed={framed}"
        socket = socketio.AsyncClient(reconnection=False, logger=False)
        browser.sockets.append(socket)
        connection = Connection(socket)
        query = self.query(client_id or self.client_id, implicit)
        await socket.connect(
            f"http://127.0.0.1:{browser.port}/?{query}",
            headers=headers,
            auth=greeting,
            transports=["websocket"],
            socketio_path="/_nicegui_ws/socket.io",
            wait_timeout=5,
        )
        return connection


class Connection:
    """A socket, what came over it, and whether it still stands."""

    def __init__(self, socket: socketio.AsyncClient) -> None:
        self.socket = socket
        self.gone = asyncio.Event()
        self.arrived: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()
        socket.on("disconnect", self._on_disconnect)
        socket.on("*", self._on_message)

    async def _on_disconnect(self, *_: object) -> None:
        self.gone.set()

    async def _on_message(self, event: str, message: Any) -> None:
        await self.arrived.put((event, message))

    async def sees(self, words: str) -> None:
        """Return when a message with `words` has come."""
        async with asyncio.timeout(5):
            while words not in repr(await self.arrived.get()):
                pass

    async def is_thrown_out(self) -> None:
        async with asyncio.timeout(5):
            await self.gone.wait()


SignIn = Callable[..., Awaitable[Browser]]


async def browsers(url: str, port: int) -> AsyncIterator[SignIn]:
    database = Database(url)
    sessions = Sessions(database, make_settings())
    sockets: list[socketio.AsyncClient] = []

    async def start(customer_id: int = MARA) -> Browser:
        # A session made in this process, as another worker of the service would.
        cookie, principal = await sessions.start(customer_id, method="link")
        return Browser(port, cookie, principal, sockets)

    yield start
    for socket in sockets:
        await socket.disconnect()
    await database.close()


async def end(url: str, browser: Browser) -> None:
    """End a session behind the server's back, as another process would."""
    database = Database(url)
    async with database.begin() as connection:
        await connection.execute(
            text("DELETE FROM sessions WHERE digest = :name"), {"name": browser.principal.session}
        )
    await database.close()


async def refused(connecting: Awaitable[Connection]) -> None:
    with pytest.raises(socketio.exceptions.ConnectionError):
        await connecting


class Wire:
    """A WebSocket of a stranger, at the level of Engine.IO."""

    def __init__(self, browser: Browser, more: str = "", headers: dict[str, str] | None = None):
        self._address = f"http://localhost:{browser.port}{SOCKET}{more}"
        self._headers = {"Origin": browser.origin, **(headers or {})}

    async def __aenter__(self) -> aiohttp.ClientWebSocketResponse:
        self._client = aiohttp.ClientSession()
        try:
            self._socket = await self._client.ws_connect(self._address, headers=self._headers)
        except Exception:
            await self._client.close()
            raise
        await self._socket.receive(timeout=5)  # its name
        return self._socket

    async def __aexit__(self, *_: object) -> None:
        await self._socket.close()
        await self._client.close()


async def is_cut(socket: aiohttp.ClientWebSocketResponse) -> bool:
    """Return when the other side has hung up, though it is told that somebody is there."""
    async with asyncio.timeout(15):
        while not socket.closed:
            message = await socket.receive()
            if message.data == "2":
                await socket.send_str("3")
    return True
