"""What only a real connection can do: be cut, lie about lengths, drip, flood, redirect."""

from __future__ import annotations

import asyncio
import gzip

import pytest

from app.recharge import ConnectFailed, NoAnswer, RechargeClient, RechargeError, UpstreamFailed
from app.recharge.sending import LARGEST_BODY
from tests.recharge.upstream import PATIENCE, Pauses, Talk, raw_server
from tests.servers import free_port

JSON_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
BODY = b'{"charge": {"id": 501}}'


def says(*pieces: bytes) -> Talk:
    """A far end that writes these and hangs up."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()

    return talk


async def failure(talk: Talk, timeout: float = 5.0) -> tuple[RechargeError, int]:
    """What processing a charge raises, and how often the far end was called."""
    calls = 0

    async def counted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal calls
        calls += 1
        await talk(reader, writer)

    async with asyncio.timeout(PATIENCE), raw_server(counted) as client:
        with pytest.raises(RechargeError) as caught:
            await client.with_options(timeout=timeout).charges.process(501)
    return caught.value, calls


@pytest.mark.parametrize(
    "talk",
    [
        says(),
        says(b"HTTP/1.1 200 OK\r\n"),
        says(JSON_HEAD + b"content-length: 500\r\n\r\n" + BODY),
        says(JSON_HEAD + b"transfer-encoding: chunked\r\n\r\n17\r\n" + BODY[:10]),
        says(b"garbage\r\n\r\n"),
    ],
    ids=["nothing", "half a head", "half a body", "half a chunk", "no http"],
)
async def test_a_cut_connection_leaves_a_write_unknown(talk: Talk) -> None:
    error, calls = await failure(talk)
    assert type(error) is NoAnswer
    assert error.executed == "unknown"
    assert calls == 1, "a write of unknown outcome is never sent again"


async def test_a_cut_connection_is_tried_again_for_a_read() -> None:
    calls = 0
    body = b'{"customer": {"id": 101}}'

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal calls
        calls += 1
        if calls == 3:
            writer.write(JSON_HEAD + b"content-length: %d\r\n\r\n" % len(body) + body)
            await writer.drain()

    async with raw_server(talk) as client:
        assert (await client.customers.get(101)).id == 101
    assert calls == 3


async def test_a_drip_of_bytes_does_not_outlive_the_deadline() -> None:
    dripped = asyncio.Event()

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(JSON_HEAD + b"content-length: 100000\r\n\r\n")
        while not writer.is_closing():
            writer.write(b" ")
            await writer.drain()
            dripped.set()
            await asyncio.sleep(0.01)

    error, calls = await failure(drip, timeout=0.2)
    assert dripped.is_set()
    assert type(error) is NoAnswer
    assert "timed out" in str(error)
    assert calls == 1


async def test_a_silent_far_end_does_not_outlive_the_deadline() -> None:
    async def silence(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    error, _ = await failure(silence, timeout=0.1)
    assert type(error) is NoAnswer


async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(JSON_HEAD + b"transfer-encoding: chunked\r\n\r\n")
    piece = b" " * 100_000
    while not writer.is_closing():
        writer.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        await writer.drain()


async def test_a_body_without_end_is_cut_off() -> None:
    error, calls = await failure(flood)
    assert type(error) is NoAnswer
    assert str(error) == "POST /charges/{id}/process: 200 the answer is too large"
    assert (error.executed, calls) == ("unknown", 1)


async def test_a_packed_body_is_measured_unpacked() -> None:
    packed = gzip.compress(b" " * (LARGEST_BODY + 1))
    assert len(packed) < 10_000
    head = JSON_HEAD + b"content-encoding: gzip\r\ncontent-length: %d\r\n\r\n" % len(packed)
    error, _ = await failure(says(head + packed))
    assert type(error) is NoAnswer
    assert "too large" in str(error)


async def test_a_body_that_cannot_be_unpacked_is_the_far_end_failing() -> None:
    head = JSON_HEAD + b"content-encoding: gzip\r\ncontent-length: %d\r\n\r\n" % len(BODY)
    error, _ = await failure(says(head + BODY))
    assert type(error) is UpstreamFailed


async def test_a_redirect_is_not_followed() -> None:
    reached = asyncio.Event()

    async def elsewhere(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        reached.set()

    async with raw_server(elsewhere) as other:
        place = str(other).split("'")[1].encode()
        head = b"HTTP/1.1 307 Temporary Redirect\r\nlocation: " + place
        error, calls = await failure(says(head + b"/\r\ncontent-length: 0\r\n\r\n"))
    assert type(error) is UpstreamFailed
    assert (error.status, calls, reached.is_set()) == (307, 1, False)


async def test_where_nobody_listens_nothing_was_sent() -> None:
    pauses = Pauses()
    base_url = f"http://127.0.0.1:{free_port()}"
    async with RechargeClient("sk_test", base_url=base_url, sleep=pauses) as client:
        with pytest.raises(ConnectFailed) as write:
            await client.charges.process(501)
        assert (write.value.executed, pauses) == ("no", [])
        with pytest.raises(ConnectFailed):
            await client.customers.get(101)
        assert len(pauses) == 2, "a read is tried again"


async def test_what_is_no_http_address_is_never_reached() -> None:
    async with RechargeClient("sk_test", base_url="ftp://127.0.0.1") as client:
        with pytest.raises(ConnectFailed):
            await client.charges.process(501)


async def test_settings_of_the_environment_do_not_send_the_token_elsewhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reached = asyncio.Event()

    async def proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        reached.set()

    answer = JSON_HEAD + b'content-length: 25\r\n\r\n{"customer": {"id": 101}}'
    async with raw_server(proxy) as stranger:
        monkeypatch.setenv("HTTP_PROXY", str(stranger).split("'")[1])
        monkeypatch.setenv("ALL_PROXY", str(stranger).split("'")[1])
        async with raw_server(says(answer)) as client:
            await client.customers.get(101)
    assert not reached.is_set()
