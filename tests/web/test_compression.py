"""Files that never change come from memory; pages are compressed as they come."""

from __future__ import annotations

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from app.web.compression import CompressionMiddleware

LONG = "export const shop = 'coffee';\n" * 100


class Shop:
    """An application that counts how often it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        routes = [Route("/{path:path}", self.answer)]
        app = CompressionMiddleware(Starlette(routes=routes), ("/fixed/",))
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app), base_url="http://shop.test"
        )

    async def answer(self, request: Request) -> Response:
        self.asked.append(request.url.path)
        if request.url.path.endswith("missing.js"):
            return PlainTextResponse("not here", 404)
        return PlainTextResponse(LONG, headers={"ETag": "x"})


async def test_a_fixed_file_is_read_and_compressed_once() -> None:
    shop = Shop()
    answers = [await shop.client.get("/fixed/shop.js") for _ in range(3)]
    assert shop.asked == ["/fixed/shop.js"]
    for answer in answers:
        assert answer.text == LONG
        assert answer.headers["content-encoding"] == "gzip"
        assert answer.headers["vary"] == "Accept-Encoding"
        assert int(answer.headers["content-length"]) < len(LONG) / 5


async def test_who_takes_no_compression_gets_the_plain_file() -> None:
    shop = Shop()
    await shop.client.get("/fixed/shop.js")
    plain = await shop.client.get("/fixed/shop.js", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.text == LONG


async def test_pages_are_asked_for_each_time_and_compressed() -> None:
    shop = Shop()
    for _ in range(2):
        page = await shop.client.get("/subscriptions")
        assert page.headers["content-encoding"] == "gzip"
        assert page.text == LONG
    assert shop.asked == ["/subscriptions"] * 2


async def test_neither_failures_nor_queries_are_kept() -> None:
    shop = Shop()
    for path in ("/fixed/missing.js", "/fixed/shop.js?v=1") * 2:
        await shop.client.get(path)
    assert len(shop.asked) == 4
    assert (await shop.client.get("/fixed/missing.js")).status_code == 404


async def test_a_large_file_is_sent_whole_and_not_kept() -> None:
    body = b"x" * 3_000_000
    asked = 0

    async def answer(request: Request) -> Response:
        nonlocal asked
        asked += 1
        return Response(body)

    app = CompressionMiddleware(Starlette(routes=[Route("/fixed/big", answer)]), ("/fixed/",))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url="http://shop.test"
    ) as client:
        for _ in range(2):
            assert (await client.get("/fixed/big")).content == body
    assert asked == 2
