"""A page obeys its own browser only: a real server, real sockets, and what a stranger may try."""

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

import httpx
import pytest
import socketio  # type: ignore[import-untyped]
from sqlalchemy import text

from app.actions import Principal
from app.auth import Sessions
from app.database import Database
from tests.auth.world import JONAS, MARA, make_settings

ROOT = Path(__file__).parents[2]
POLL = "/_nicegui_ws/socket.io/?EIO=4&transport=polling&"


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


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    yield from serve(tmp_path_factory.mktemp("portal"))


@pytest.fixture(scope="module")
def small_portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    yield from serve(tmp_path_factory.mktemp("small"), "--pages", "2", "--in-all", "3")


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

    def press(self, label: str = "Press", **changes: Any) -> dict[str, Any]:
        """The packet of a press on a button."""
        for name, element in self.elements.items():
            if element.get("props", {}).get("label") == label:
                listener = element["events"][0]["listener_id"]
                packet = {
                    "id": int(name),
                    "client_id": self.client_id,
                    "listener_id": listener,
                    "args": ["{}"],
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
    ) -> Connection:
        """Connect to this page, as `browser` (its own by default), or with changed headers."""
        browser = browser or self.browser
        headers = {}
        if origin is not None:
            headers["Origin"] = origin or browser.origin
        if cookie is not None:
            headers["Cookie"] = f"doorstep={cookie or browser.cookie}"
        socket = socketio.AsyncClient(reconnection=False, logger=False)
        browser.sockets.append(socket)
        connection = Connection(socket)
        query = self.query(client_id or self.client_id, implicit)
        await socket.connect(
            f"http://127.0.0.1:{browser.port}/?{query}",
            headers=headers,
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


@pytest.fixture
async def sign_in(portal: tuple[str, int]) -> AsyncIterator[SignIn]:
    async for made in browsers(*portal):
        yield made


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


async def test_our_own_page_works(sign_in: SignIn) -> None:
    page = await (await sign_in()).open_page()
    before = await page.browser.presses()

    connection = await page.connect()
    await connection.socket.emit("event", page.press())
    await connection.sees(f"Pressed {before + 1}")
    await connection.socket.emit("ack", {"client_id": page.client_id, "next_message_id": 1})
    await connection.socket.emit("event", page.press())
    await connection.sees(f"Pressed {before + 2}")


async def test_a_page_that_was_fetched_ahead_greets_later(sign_in: SignIn) -> None:
    page = await (await sign_in()).open_page()
    connection = await page.connect(implicit=False)
    greeting = {
        "client_id": page.client_id, "tab_id": "tab-1", "old_tab_id": None,
        "document_id": "document-1", "next_message_id": 0, "implicit_handshake": False,
    }  # fmt: skip

    assert await connection.socket.call("handshake", greeting) is True
    await connection.socket.emit("event", page.press())
    await connection.sees("Pressed")


async def test_another_site_gets_no_socket(sign_in: SignIn) -> None:
    page = await (await sign_in()).open_page()

    for origin in ("https://evil.example", "http://localhost:1", "null", None):
        await refused(page.connect(origin=origin))
    polled = await page.browser.get(
        POLL + page.query(page.client_id), Origin="https://evil.example"
    )
    assert polled.status_code == 400


async def test_without_a_session_there_is_no_socket(sign_in: SignIn) -> None:
    page = await (await sign_in()).open_page()

    for cookie in (None, "A" * 43, "nonsense", page.browser.principal.session):
        await refused(page.connect(cookie=cookie))


async def test_another_customer_does_not_get_the_page(sign_in: SignIn) -> None:
    hers = await (await sign_in(MARA)).open_page()
    his_browser = await sign_in(JONAS)

    await refused(hers.connect(his_browser))

    second_session_of_hers = await sign_in(MARA)
    await refused(hers.connect(second_session_of_hers))


async def test_a_page_that_nobody_owns_is_nobodys(sign_in: SignIn) -> None:
    browser = await sign_in()
    page = await browser.open_page("/unowned")

    await refused(page.connect())
    await refused(page.connect(client_id="11111111-1111-4111-8111-111111111111"))


async def test_a_packet_for_another_page_ends_the_socket(sign_in: SignIn) -> None:
    hers = await (await sign_in(MARA)).open_page()
    her_connection = await hers.connect()
    his = await (await sign_in(JONAS)).open_page()
    before = await hers.browser.presses()

    for event, packet in (
        ("event", hers.press()),
        ("javascript_response", {"client_id": hers.client_id, "request_id": "x", "result": 1}),
        ("ack", {"client_id": hers.client_id, "next_message_id": 0}),
    ):
        connection = await his.connect()
        await connection.socket.emit(event, packet)
        await connection.is_thrown_out()

    assert await hers.browser.presses() == before
    await her_connection.socket.emit("event", hers.press())
    await her_connection.sees(f"Pressed {before + 1}")


MALFORMED: list[tuple[str, Any]] = [
    ("event", []),
    ("event", "x"),
    ("event", None),
    ("event", 1),
    ("event", {}),
    ("event", {"id": "4"}),
    ("event", {"id": True}),
    ("event", {"id": -1}),
    ("event", {"listener_id": None}),
    ("event", {"listener_id": "x" * 65}),
    ("event", {"args": "{}"}),
    ("event", {"args": [1]}),
    ("event", {"args": [{}]}),
    ("event", {"args": ["{}"] * 21}),
    ("event", {"args": ["["]}),
    ("event", {"args": ["[" * 5000]}),
    ("event", {"args": [b"bytes"]}),
    ("ack", {"next_message_id": "1"}),
    ("ack", {}),
    ("handshake", {}),
    ("javascript_response", {}),
    ("connect", {"QUERY_STRING": "client_id=x&implicit_handshake=true"}),
    ("disconnect", "x"),
]


@pytest.mark.parametrize(("event", "message"), MALFORMED)
async def test_malformed_packets_end_the_socket(sign_in: SignIn, event: str, message: Any) -> None:
    page = await (await sign_in()).open_page()
    connection = await page.connect()
    before = await page.browser.presses()
    if event == "event" and isinstance(message, dict) and message:
        message = page.press(**message)
    elif event in ("ack", "handshake", "javascript_response"):
        message = {"client_id": page.client_id, **message}

    # Packets with names that clients keep for themselves are sent as they would be on the wire.
    packet = connection.socket.packet_class(2, namespace="/", data=[event, message])
    await connection.socket._send_packet(packet)

    await connection.is_thrown_out()
    assert await page.browser.presses() == before


async def test_a_false_connect_does_not_lead_to_another_page(sign_in: SignIn) -> None:
    hers = await (await sign_in(MARA)).open_page()
    his = await (await sign_in(JONAS)).open_page()
    connection = await his.connect()
    false = {
        "QUERY_STRING": f"client_id={hers.client_id}&tab_id=t&document_id=d"
        "&implicit_handshake=true",
        "HTTP_COOKIE": f"doorstep={his.browser.cookie}",
    }
    packet = connection.socket.packet_class(2, namespace="/", data=["connect", false])

    await connection.socket._send_packet(packet)

    await connection.is_thrown_out()


async def test_what_a_browser_says_does_not_reach_the_log(sign_in: SignIn) -> None:
    page = await (await sign_in()).open_page()
    connection = await page.connect()

    line = {"client_id": page.client_id, "level": "error", "message": "forged\nline"}
    await connection.socket.emit("log", line)
    await connection.socket.emit("something else", line)
    await connection.socket.emit("event", page.press())

    await connection.sees("Pressed")


async def test_a_flood_ends_the_socket(sign_in: SignIn) -> None:
    page = await (await sign_in()).open_page()
    connection = await page.connect()

    for _ in range(400):
        if connection.gone.is_set():
            break
        await connection.socket.emit("ack", {"client_id": page.client_id, "next_message_id": 0})

    await connection.is_thrown_out()


async def test_a_large_packet_ends_the_socket(sign_in: SignIn) -> None:
    page = await (await sign_in()).open_page()
    connection = await page.connect()

    await connection.socket.emit("event", page.press(args=[json.dumps("x" * 70_000)]))

    await connection.is_thrown_out()


async def start_polling(browser: Browser, page: Page) -> str:
    """Connect to a page by long polling, as a browser without WebSockets: the path to poll at."""
    first = await browser.get(POLL + page.query(page.client_id))
    path = f"{POLL}sid={json.loads(first.text[1:])['sid']}"
    assert (await browser.post(path, content="40")).status_code == 200
    return path


async def test_our_own_page_works_by_polling(sign_in: SignIn) -> None:
    page = await (await sign_in()).open_page()
    before = await page.browser.presses()

    path = await start_polling(page.browser, page)
    assert '40{"sid":' in (await page.browser.get(path)).text
    await page.browser.post(path, content="42" + json.dumps(["event", page.press()]))

    assert f"Pressed {before + 1}" in (await page.browser.get(path)).text


async def test_polling_for_anothers_page_is_refused(sign_in: SignIn) -> None:
    hers = await (await sign_in(MARA)).open_page()
    his = await sign_in(JONAS)

    path = await start_polling(his, hers)

    assert (await his.get(path)).text.startswith("44")  # a refusal in Socket.IO's words


async def test_knowing_a_polling_connection_is_not_enough(sign_in: SignIn) -> None:
    hers = await (await sign_in(MARA)).open_page()
    path = await start_polling(hers.browser, hers)
    his = await sign_in(JONAS)
    before = await hers.browser.presses()

    packet = "42" + json.dumps(["event", hers.press()])

    assert (await his.post(path, content=packet)).status_code == 403
    assert (await his.get(path)).status_code == 403
    assert await hers.browser.presses() == before


async def test_signing_out_closes_all_pages_at_once(sign_in: SignIn) -> None:
    browser = await sign_in()
    pages = [await browser.open_page() for _ in range(2)]
    connections = [await page.connect() for page in pages]
    other = await (await sign_in(MARA)).open_page()
    untouched = await other.connect()
    form = re.search(r'name="form" value="(\w+)"', (await browser.get("/sign-out")).text)
    assert form is not None

    answer = await browser.post("/sign-out", data={"form": form[1]})

    assert answer.status_code == 303
    for connection in connections:
        await connection.sees("location.reload")
        await connection.is_thrown_out()
    for page in pages:
        await refused(page.connect())
    await untouched.socket.emit("event", other.press())
    await untouched.sees("Pressed")


async def test_a_session_that_ended_elsewhere_closes_its_pages(
    sign_in: SignIn, portal: tuple[str, int]
) -> None:
    page = await (await sign_in()).open_page()
    connection = await page.connect()
    helper = await sign_in(JONAS)

    await end(portal[0], page.browser)
    await helper.post("/sweep")

    await connection.sees("location.reload")
    await connection.is_thrown_out()
    await refused(page.connect())


async def test_a_session_that_ended_gets_no_new_socket(
    sign_in: SignIn, portal: tuple[str, int]
) -> None:
    page = await (await sign_in()).open_page()

    await end(portal[0], page.browser)

    await refused(page.connect())


@pytest.mark.parametrize("path", ["/broken", "/slow"])
async def test_a_page_that_fails_tells_nothing_but_a_number(sign_in: SignIn, path: str) -> None:
    answer = await (await sign_in()).get(path)

    assert answer.status_code == 500
    assert re.search(r"<code>[0-9a-f]{10}</code>", answer.text)
    for word in ("sk_live_123", "RuntimeError", "mara.lindqvist", "response_timeout", "<script"):
        assert word not in answer.text
    assert "script-src" not in answer.headers["content-security-policy"]


async def test_a_click_that_fails_leaves_the_page_working(sign_in: SignIn) -> None:
    page = await (await sign_in()).open_page()
    connection = await page.connect()

    await connection.socket.emit("event", page.press("Fail"))
    await connection.socket.emit("event", page.press("Press"))

    await connection.sees("Pressed")


async def test_missing_pages_are_plain(sign_in: SignIn) -> None:
    answer = await (await sign_in()).get("/nothing/here?token=secret")

    assert answer.status_code == 404
    assert "We cannot find this page" in answer.text
    assert "<script" not in answer.text


async def test_app_pages_and_their_files_carry_the_headers(sign_in: SignIn) -> None:
    browser = await sign_in()
    answer = await browser.get("/")
    file = re.search(r'src="(/_nicegui/[^"]+nicegui\.js)"', answer.text)
    assert file is not None

    policy = answer.headers["content-security-policy"]
    socket = f"ws://localhost:{browser.port}"
    for rule in ("'unsafe-eval'", "frame-ancestors 'none'", "object-src 'none'", socket,
                 "base-uri 'none'", "form-action 'self'"):  # fmt: skip
        assert rule in policy
    assert answer.headers["cache-control"] == "no-store"
    for response in (answer, await browser.get(file[1])):
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["referrer-policy"] == "no-referrer"
        assert "frame-ancestors 'none'" in response.headers["content-security-policy"]


async def test_nothing_secret_is_logged(sign_in: SignIn, portal: tuple[str, int]) -> None:
    page = await (await sign_in()).open_page()
    await page.browser.get("/broken?token=verysecret")
    await page.browser.get("/nothing?token=verysecret")
    await page.connect()

    log = (Path(portal[0].partition("///")[2]).parent / "log").read_text()

    for secret in (page.browser.cookie, page.browser.principal.session, "verysecret",
                   "sk_live_123", "mara.lindqvist", page.client_id, "forged"):  # fmt: skip
        assert secret not in log


async def test_a_session_holds_so_many_pages(small_portal: tuple[str, int]) -> None:
    async for sign_in in browsers(*small_portal):
        hers, his = await sign_in(MARA), await sign_in(JONAS)
        pages = [await hers.open_page() for _ in range(2)]
        connections = [await page.connect() for page in pages]

        answer = await hers.get("/")
        assert answer.status_code == 503
        assert "close the tabs you no longer need" in answer.text

        await (await his.open_page()).connect()  # the third of three in all
        assert (await his.get("/")).status_code == 503

        # A tab that is closed makes room at once, not only when it has been given up.
        await connections[0].socket.disconnect()
        await hers.open_page()
