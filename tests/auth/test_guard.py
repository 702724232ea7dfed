"""A page obeys its own browser only: a real server, real sockets, and what a stranger may try."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.auth.sockets import POLL, Browser, Page, SignIn, end, refused
from tests.auth.world import JONAS, MARA


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
