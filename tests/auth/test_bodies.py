"""A body is read whole before anybody acts on it: not too much, not too slowly, not too deep."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from app.auth.bodies import DEEPEST, LARGEST, MOST_SIGNS, Bodies, is_too_deep
from app.auth.packets import LARGEST as LARGEST_PACKET

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json; charset=utf-8"}
SOCKET = "/_nicegui_ws/socket.io/"


def browser(seen: list[bytes], patience: float = 15.0) -> httpx.AsyncClient:
    async def take(request: Request) -> Response:
        seen.append(await request.body())
        return PlainTextResponse("taken")

    paths = ("/form", "/sandbox/orders", SOCKET)
    app = Starlette(routes=[Route(path, take, methods=["POST", "GET"]) for path in paths])
    bodies = Bodies(app, unread=("/sandbox/",), patience=patience)
    return httpx.AsyncClient(transport=httpx.ASGITransport(bodies), base_url="http://test")


def nested(depth: int) -> str:
    return "[" * depth + "]" * depth


async def test_a_body_of_ours_comes_through_whole() -> None:
    seen: list[bytes] = []

    async def stream() -> AsyncIterator[bytes]:
        for part in (b"note=", b"Ring+", b"twice"):
            yield part

    async with browser(seen) as visitor:
        assert (await visitor.get("/form")).text == "taken"
        await visitor.post("/form", content=stream(), headers=FORM)
        await visitor.post("/form", content=json.dumps({"to": "101"}), headers=JSON)
        await visitor.post("/form")
    assert seen == [b"", b"note=Ring+twice", b'{"to": "101"}', b""]


@pytest.mark.parametrize(
    ("path", "body", "headers", "status"),
    [
        ("/form", "x" * (LARGEST + 1), FORM, 413),
        ("/form", "x" * (LARGEST + 1), JSON, 413),
        (SOCKET, "x" * (LARGEST_PACKET + 1), {}, 413),
        ("/form", nested(DEEPEST + 1), JSON, 422),
        ("/form", '{"a":' * (DEEPEST + 1), JSON, 422),
        ("/form", "[" + "," * MOST_SIGNS + "]", JSON, 422),
        ("/form", "note=x", {"Content-Type": "text/plain"}, 415),
        ("/form", "note=x", {"Content-Type": "multipart/form-data; boundary=x"}, 415),
        ("/form", "<x/>", {"Content-Type": "application/xml"}, 415),
    ],
)
async def test_what_is_too_much_reaches_nobody(
    path: str, body: str, headers: dict[str, str], status: int
) -> None:
    seen: list[bytes] = []
    async with browser(seen) as visitor:
        answer = await visitor.post(path, content=body, headers=headers)

        assert answer.status_code == status
        assert seen == []
        if headers is JSON:
            assert answer.json().keys() == {"error", "reason"}


async def test_a_body_that_does_not_come_is_given_up() -> None:
    seen: list[bytes] = []

    async def drip() -> AsyncIterator[bytes]:
        yield b"note="
        await asyncio.Event().wait()

    async with browser(seen, patience=0.01) as visitor:
        answer = await visitor.post("/form", content=drip(), headers=FORM)

    assert answer.status_code == 408
    assert seen == []


async def test_what_has_limits_of_its_own_is_left_alone() -> None:
    seen: list[bytes] = []
    async with browser(seen) as visitor:
        answer = await visitor.post("/sandbox/orders", content="x" * (LARGEST + 1))

    assert answer.text == "taken"


@pytest.mark.parametrize(
    "text",
    [
        nested(DEEPEST),
        json.dumps({"note": nested(100), "more": '"' + nested(100)}),
        json.dumps({"note": "\\" * 9 + '"' + nested(100)}),
        json.dumps(["," * (MOST_SIGNS + 1)]),
        '"' + nested(100),
    ],
)
def test_what_stands_in_a_text_does_not_count(text: str) -> None:
    assert not is_too_deep(text.encode())


def test_depth_is_that_of_the_document() -> None:
    """Against documents made up at random, with all signs in their texts too."""
    dice = random.Random(20261122)

    def document(depth: int) -> object:
        text = "".join(dice.choices('[]{}",:\\ x', k=6))
        if depth == 0:
            return text
        inner = document(depth - 1)
        return [text, inner] if dice.random() < 0.5 else {text: inner}

    for depth in (0, 1, DEEPEST - 1, DEEPEST, DEEPEST + 1, DEEPEST + 5):
        for _ in range(50):
            text = json.dumps(document(depth)).encode()
            assert is_too_deep(text) is (depth > DEEPEST)


@pytest.mark.parametrize("sign", ['"', '\\"', '"\\', "[", '["', "\\"])
def test_a_body_made_to_keep_us_busy_is_told_soon(sign: str) -> None:
    """It is looked at once, from its beginning to its end."""
    is_too_deep((sign * LARGEST)[:LARGEST].encode())
