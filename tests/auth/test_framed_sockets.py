"""A page in a frame without cookies: its socket says who it is by a bearer, and only by that."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import aiohttp
import httpx
import pytest
from engineio.packet import MESSAGE  # type: ignore[import-untyped]
from socketio.packet import Packet  # type: ignore[import-untyped]

from app.auth import Bearers, Sessions
from app.auth.newcomers import MOST_OF_NETWORK
from app.auth.packets import SocketIoPacket, fault
from app.database import Database
from tests.auth.sockets import (
    POLL,
    Browser,
    Page,
    SignIn,
    Wire,
    browsers,
    end,
    is_cut,
    refused,
    serve,
)
from tests.auth.world import JONAS, MARA, make_settings


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    """A portal that the shop's pages may show, and that soon loses its patience."""
    yield from serve(
        tmp_path_factory.mktemp("framed"), "--embedded-in", "https://shop.example",
        "--patience", "1",
    )  # fmt: skip


@pytest.fixture
async def bearers(portal: tuple[str, int]) -> AsyncIterator[Bearers]:
    database = Database(portal[0])
    yield Bearers(database, Sessions(database, make_settings()))
    await database.close()


async def open_page(browser: Browser, bearer: str) -> Page:
    """The page that a script in the frame fetches, and writes into the document."""
    async with httpx.AsyncClient(base_url=browser.origin) as client:
        answer = await client.get("/", headers={"Authorization": f"Bearer {bearer}"})
    assert answer.status_code == 200
    return Page(browser, answer.text)


async def test_a_page_without_cookies_works(sign_in: SignIn, bearers: Bearers) -> None:
    browser = await sign_in()
    bearer = await bearers.issue(browser.principal.session)
    page = await open_page(browser, bearer)
    before = await browser.presses()

    connection = await page.connect(cookie=None, greeting={"bearer": bearer})
    await connection.socket.emit("event", page.press())
    await connection.sees(f"Pressed {before + 1}")


async def test_a_cookie_of_a_frame_works(sign_in: SignIn) -> None:
    browser = await sign_in()
    page = await browser.open_page()

    connection = await page.connect(cookie=None, framed=browser.cookie)
    await connection.socket.emit("event", page.press())
    await connection.sees("Pressed")


async def test_an_open_page_outlives_its_bearer(
    sign_in: SignIn, bearers: Bearers, portal: tuple[str, int]
) -> None:
    browser = await sign_in()
    first = await bearers.issue(browser.principal.session)
    page = await open_page(browser, first)
    connection = await page.connect(cookie=None, greeting={"bearer": first})
    await forget(portal[0])

    await connection.socket.emit("event", page.press())
    await connection.sees("Pressed")
    await refused(page.connect(cookie=None, greeting={"bearer": first}))

    second = await bearers.issue(browser.principal.session)
    connection = await page.connect(cookie=None, greeting={"bearer": second})
    await connection.socket.emit("event", page.press())
    await connection.sees("Pressed")


async def test_another_customers_bearer_does_not_get_the_page(
    sign_in: SignIn, bearers: Bearers
) -> None:
    hers = await sign_in(MARA)
    page = await open_page(hers, await bearers.issue(hers.principal.session))
    his = await sign_in(JONAS)

    for bearer in (await bearers.issue(his.principal.session), "A" * 43, hers.cookie):
        await refused(page.connect(cookie=None, greeting={"bearer": bearer}))
        await refused(page.connect(his, greeting={"bearer": bearer}))


@pytest.mark.parametrize(
    "greeting",
    [
        {"bearer": 1},
        {"bearer": None},
        {"bearer": ""},
        {"bearer": "A" * 65},
        {"bearer": ["A"]},
        {"token": "A" * 43},
        {"bearer": "A" * 43, "more": 1},
        ["A" * 43],
        "A" * 43,
    ],
    ids=repr,
)
def test_what_greets_otherwise_is_not_from_our_page(greeting: Any) -> None:
    assert fault(MESSAGE, "0" + json.dumps(greeting), read, False) == "strange packet"


@pytest.mark.parametrize("greeting", ["0", "0{}", '0{"bearer":"' + "A" * 43 + '"}'])
def test_our_page_greets_with_a_bearer_or_nothing(greeting: str) -> None:
    assert fault(MESSAGE, greeting, read, False) == ""
    assert fault(MESSAGE, greeting, read, True) == "second connect"


def read(text: str) -> SocketIoPacket:
    packet: SocketIoPacket = Packet(encoded_packet=text)
    return packet


async def test_who_says_nothing_is_cut(sign_in: SignIn) -> None:
    async with Wire(await sign_in()) as socket:
        assert await is_cut(socket)


async def test_who_was_refused_is_cut(sign_in: SignIn) -> None:
    """The connection below would stay open otherwise, and cost as much as a page's."""
    async with Wire(await sign_in()) as socket:
        await socket.send_str('40{"bearer":"' + "A" * 43 + '"}')
        answer = await socket.receive(timeout=5)
        assert "44" in str(answer.data)
        assert await is_cut(socket)


async def test_a_page_that_is_open_is_not_cut(sign_in: SignIn, bearers: Bearers) -> None:
    browser = await sign_in()
    bearer = await bearers.issue(browser.principal.session)
    page = await open_page(browser, bearer)
    connection = await page.connect(cookie=None, greeting={"bearer": bearer})
    async with Wire(browser) as later:  # opened afterwards, so its patience ends afterwards
        assert await is_cut(later)

    assert not connection.gone.is_set()
    await connection.socket.emit("event", page.press())
    await connection.sees("Pressed")


async def test_knowing_the_name_of_a_connection_is_not_enough(
    sign_in: SignIn, bearers: Bearers
) -> None:
    """It stands in the query of every request of a polling connection, and so in many a log."""
    browser = await sign_in()
    bearer = await bearers.issue(browser.principal.session)
    page = await open_page(browser, bearer)
    connection = await page.connect(cookie=None, greeting={"bearer": bearer})
    name = connection.socket.eio.sid
    stranger = await sign_in(JONAS)

    for headers in ({}, {"Authorization": f"Bearer {bearer}"}, stranger.headers, browser.headers):
        async with httpx.AsyncClient(base_url=browser.origin, headers=headers) as client:
            path = f"{POLL}sid={name}"
            own = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "empty"}
            assert (await client.get(path, headers=own)).status_code in (401, 403)
            sent = await client.post(path, headers=own, content="41")
            assert sent.status_code in (401, 403)
        with pytest.raises(aiohttp.WSServerHandshakeError):
            async with Wire(browser, f"&sid={name}", headers):
                pass
    await connection.socket.emit("event", page.press())
    await connection.sees("Pressed")


async def test_a_connection_by_polling_shows_no_bearer(sign_in: SignIn, bearers: Bearers) -> None:
    """Each of its requests would have to, and a stranger's could come between."""
    hers = await sign_in(MARA)
    bearer = await bearers.issue(hers.principal.session)
    page = await open_page(hers, bearer)
    his = await sign_in(JONAS)
    headers = {**his.headers, "Sec-Fetch-Site": "same-origin"}
    async with httpx.AsyncClient(base_url=hers.origin, headers=headers) as client:
        opened = await client.get(POLL + page.query(page.client_id))
        name = json.loads(opened.text[1:])["sid"]
        path = f"{POLL}sid={name}"
        await client.post(path, content='40{"bearer":"' + bearer + '"}')
        assert (await client.get(path)).text.startswith("44")


async def test_another_site_gets_no_socket_by_a_bearer(sign_in: SignIn, bearers: Bearers) -> None:
    browser = await sign_in()
    bearer = await bearers.issue(browser.principal.session)
    page = await open_page(browser, bearer)
    for origin in ("https://shop.example", "https://evil.example", "null", None):
        await refused(page.connect(cookie=None, origin=origin, greeting={"bearer": bearer}))


async def test_a_session_that_ends_closes_its_pages(
    sign_in: SignIn, bearers: Bearers, portal: tuple[str, int]
) -> None:
    browser = await sign_in()
    bearer = await bearers.issue(browser.principal.session)
    page = await open_page(browser, bearer)
    connection = await page.connect(cookie=None, greeting={"bearer": bearer})

    await end(portal[0], browser)
    other = await sign_in()
    await other.post("/sweep")
    await connection.is_thrown_out()


@pytest.fixture
def crowded(tmp_path: Path) -> Iterator[tuple[str, int]]:
    yield from serve(tmp_path, "--embedded-in", "https://shop.example")


@pytest.fixture
async def crowd(crowded: tuple[str, int]) -> AsyncIterator[SignIn]:
    async for made in browsers(*crowded):
        yield made


async def test_few_strangers_hold_connections(crowd: SignIn) -> None:
    browser = await crowd()
    async with AsyncExitStack() as held:
        for _ in range(MOST_OF_NETWORK):
            await held.enter_async_context(Wire(browser))
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await held.enter_async_context(Wire(browser))

        page = await browser.open_page()  # who has a cookie is no stranger
        connection = await page.connect()
        await connection.socket.emit("event", page.press())
        await connection.sees("Pressed")


async def forget(url: str) -> None:
    """As if the ten minutes of all bearers were over."""
    from app.auth.tables import embed_bearers

    database = Database(url)
    async with database.begin() as connection:
        await connection.execute(embed_bearers.delete())
    await database.close()
