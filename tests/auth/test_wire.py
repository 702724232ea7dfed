"""What comes over a socket that our page's script would not send, and what it leaves in the log."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import aiohttp
import pytest

from tests.auth.sockets import POLL, Connection, SignIn, Wire
from tests.auth.world import MARA


@pytest.fixture
def logged(portal: tuple[str, int]) -> Callable[[], list[str]]:
    """The lines that the portal has logged since the test began."""
    log = Path(portal[0].partition("///")[2]).parent / "log"
    before = len(log.read_text())
    return lambda: log.read_text()[before:].splitlines()


async def send(connection: Connection, *frames: str | bytes) -> None:
    """Put frames on the wire as they are, until the other side hangs up."""
    wire = connection.socket.eio.ws
    for frame in frames:
        try:
            await (wire.send_str(frame) if isinstance(frame, str) else wire.send_bytes(frame))
        except (ConnectionError, RuntimeError):
            return
        if connection.gone.is_set():
            return


STRANGE: list[str | bytes] = [
    '42[["event"],{}]',
    '42[{"a":1},{}]',
    "42[null,{}]",
    "42[1,{}]",
    "42[true]",
    "42[]",
    "42{}",
    '42"event"',
    "42",
    "42[",
    '42["*",{}]',
    '42["something else",{}]',
    '42["event"]',
    '42["event",{},{}]',
    '42["connect",{}]',
    '42["disconnect"]',
    '42["__class__",{}]',
    '42/other,["event",{}]',
    "40/other,",
    "40",
    "43[]",
    "431[1]",
    "44{}",
    '451-["event",{"_placeholder":true,"num":0}]',
    '450-["event",{}]',
    "461-1[]",
    "47",
    "4x",
    "4",
    "4[]",
    '4{"a":1}',
    "2probe",
    "5",
    "6",
    "8",
    b"bytes",
]


@pytest.mark.parametrize("frame", STRANGE, ids=repr)
async def test_what_our_page_does_not_send_ends_the_socket(
    sign_in: SignIn, logged: Callable[[], list[str]], frame: str | bytes
) -> None:
    page = await (await sign_in()).open_page()
    connection = await page.connect()

    await send(connection, *[frame] * 20)

    await connection.is_thrown_out()
    assert len(logged()) == 1, logged()


@pytest.mark.parametrize("frame", ["x", "", "b!", "b\u00e9"], ids=repr)
async def test_what_is_no_packet_at_all_ends_the_socket(
    sign_in: SignIn, logged: Callable[[], list[str]], frame: str
) -> None:
    page = await (await sign_in()).open_page()
    connection = await page.connect()

    await send(connection, frame)

    await connection.is_thrown_out()
    assert len(logged()) <= 1, logged()


@pytest.mark.parametrize("frame", ['42["log",{}]', '42["event",{}]', "3"])
async def test_a_flood_costs_one_line(
    sign_in: SignIn, logged: Callable[[], list[str]], frame: str
) -> None:
    page = await (await sign_in()).open_page()
    connection = await page.connect()

    await send(connection, *[frame] * 2000)

    await connection.is_thrown_out()
    assert len(logged()) == 1, logged()


async def test_a_refused_page_is_asked_for_once(
    sign_in: SignIn, logged: Callable[[], list[str]]
) -> None:
    hers = await (await sign_in(MARA)).open_page()
    his = await sign_in()
    first = await his.get(POLL + hers.query(hers.client_id))
    path = f"{POLL}sid={json.loads(first.text[1:])['sid']}"

    answers = [(await his.post(path, content="40")).status_code for _ in range(5)]

    assert answers == [200, 200, 400, 400, 400]
    assert len(logged()) == 1, logged()


async def test_packets_before_a_page_is_named_end_the_connection(sign_in: SignIn) -> None:
    page = await (await sign_in()).open_page()
    first = await page.browser.get(POLL + page.query(page.client_id))
    path = f"{POLL}sid={json.loads(first.text[1:])['sid']}"

    await page.browser.post(path, content="42" + json.dumps(["event", page.press()]))

    assert (await page.browser.get(path)).status_code == 400


async def test_without_a_session_there_is_no_connection_at_all(sign_in: SignIn) -> None:
    """Where no page of the shop may show the portal, nobody can say later who they are."""
    browser = await sign_in()
    for headers in ({}, {"Cookie": "doorstep=" + "A" * 43}):
        with pytest.raises(aiohttp.WSServerHandshakeError):
            async with Wire(browser, headers=headers):
                pass
    async with Wire(browser, headers=browser.headers):
        pass
