"""No card number gets past the door: neither in a request nor over the page's socket."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from structlog.testing import capture_logs

from app.auth import CardGuard
from app.auth.card_guard import LARGEST
from tests.auth.sockets import SignIn

CARD = "4111 1111 1111 1111"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def browser(seen: list[bytes]) -> httpx.AsyncClient:
    async def take(request: Request) -> Response:
        seen.append(await request.body())
        return PlainTextResponse("taken")

    paths = ("/form", "/hooks/orders", "/_nicegui_ws/socket.io/")
    app = Starlette(routes=[Route(path, take, methods=["POST", "GET"]) for path in paths])
    guarded = CardGuard(app, unread=("/hooks/",))
    return httpx.AsyncClient(transport=httpx.ASGITransport(guarded), base_url="http://test")


async def test_a_body_with_a_card_number_is_answered_with_400_and_not_logged() -> None:
    seen: list[bytes] = []
    async with browser(seen) as visitor:
        with capture_logs() as logs:
            bodies = (f"note={CARD}", "note=x&cvc=737", json.dumps({"pan": "x"}))
            for body in bodies:
                answer = await visitor.post("/form", content=body, headers=FORM)
                assert answer.status_code == 400
                assert "4111" not in answer.text
    assert seen == []
    assert [line["reason"] for line in logs] == ["card_data"] * 3
    assert not any(word in repr(logs) for word in ("4111", "737", "note"))


async def test_every_other_body_comes_through_whole() -> None:
    seen: list[bytes] = []

    async def parts() -> list[bytes]:
        return [b"note=", b"Ring+twice+at+", b"12", b"34"]

    async def stream() -> AsyncIterator[bytes]:
        for part in await parts():
            yield part

    async with browser(seen) as visitor:
        assert (await visitor.post("/form", content=stream(), headers=FORM)).text == "taken"
        assert (await visitor.get("/form")).text == "taken"
    assert seen == [b"".join(await parts()), b""]


async def test_a_number_in_pieces_is_found() -> None:
    seen: list[bytes] = []

    async def stream() -> AsyncIterator[bytes]:
        for part in (b"note=4111", b"1111", b"11111111"):
            yield part

    async with browser(seen) as visitor:
        assert (await visitor.post("/form", content=stream(), headers=FORM)).status_code == 400
    assert seen == []


async def test_what_is_too_large_to_be_looked_through_is_refused() -> None:
    seen: list[bytes] = []
    async with browser(seen) as visitor:
        answer = await visitor.post("/form", content=b"a" * (LARGEST + 1), headers=FORM)
        assert answer.status_code == 413
        assert (await visitor.post("/form", content=b"a" * LARGEST)).status_code == 200
    assert len(seen) == 1


async def test_bodies_of_programs_that_proved_who_they_are_are_left_alone() -> None:
    seen: list[bytes] = []
    body = json.dumps({"external_variant_id": 4111111111111111})
    async with browser(seen) as visitor:
        for path in ("/hooks/orders", "/_nicegui_ws/socket.io/"):
            assert (await visitor.post(path, content=body)).status_code == 200
    assert len(seen) == 2


@pytest.mark.parametrize("detail", [CARD, "4111-1111-1111-1111", "my card 4111111111111111"])
async def test_a_packet_with_a_card_number_reaches_no_handler(
    sign_in: SignIn, portal: tuple[str, int], detail: str
) -> None:
    mara = await sign_in()
    page = await mara.open_page()
    connection = await page.connect()
    before = await mara.presses()
    typed = [json.dumps({"detail": detail})]
    await connection.socket.emit("event", page.press("Field", "given", args=typed))
    typed = [json.dumps({"detail": "Ring twice"})]
    await connection.socket.emit("event", page.press("Field", "given", args=typed))
    await connection.sees(f"Pressed {before + 1}")
    assert await mara.presses() == before + 1, "the page goes on, and only that packet is gone"
    log = (Path(portal[0].partition("///")[2]).parent / "log").read_text()
    assert "card data" in log
    assert "4111" not in log
