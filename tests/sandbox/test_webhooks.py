"""Webhooks that go out: to whom, signed how, tried how often."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from app.sandbox import Sandbox
from app.sandbox.webhooks import MOST_TRIES
from tests.sandbox.small import Api

SECRET = "sandbox-client-secret"


@dataclass
class Listener:
    """Takes webhooks on a free port of this machine and answers with a status."""

    address: str = ""
    status: int = 200
    arrived: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        pairs = (line.split(": ", 1) for line in head.split("\r\n")[1:] if line)
        headers = {name.lower(): value for name, value in pairs}
        body = await reader.readexactly(int(headers["content-length"]))
        self.arrived.append((headers, body))
        writer.write(f"HTTP/1.1 {self.status} X\r\ncontent-length: 0\r\n\r\n".encode())
        await writer.drain()
        writer.close()


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    found = Listener()
    server = await asyncio.start_server(found.take, "127.0.0.1", 0)
    found.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
    async with server:
        yield found


async def register(api: Api, listener: Listener, topic: str) -> Any:
    return await api.post("/webhooks", {"address": listener.address, "topic": topic})


async def flush(api: Api) -> Any:
    return (await api.client.post("/_sandbox/webhooks/flush")).json()


async def test_an_event_goes_out_as_get_would_show_it(api: Api, listener: Listener) -> None:
    await register(api, listener, "subscription/cancelled")
    await api.post("/subscriptions/301/cancel", {"cancellation_reason": "x"})
    await flush(api)
    [(headers, body)] = listener.arrived
    assert json.loads(body) == await api.get("/subscriptions/301")
    assert not [name for name in headers if "topic" in name], "no header tells the topic"
    stamp = headers["x-recharge-webhook-timestamp"]
    expected = hmac.new(SECRET.encode(), f"{stamp}.".encode() + body, hashlib.sha256)
    assert headers["x-recharge-webhook-signature"] == f"t={stamp},v1={expected.hexdigest()}"
    legacy = hashlib.sha256(SECRET.encode() + body).hexdigest()
    assert headers["x-recharge-hmac-sha256"] == legacy


async def test_one_write_tells_each_object_once_in_its_last_state(
    api: Api, listener: Listener
) -> None:
    await register(api, listener, "charge/updated")
    charge = await api.charge(address_id=201)
    await api.post(f"/charges/{charge['id']}/skip", {"purchase_item_ids": [301]})
    await flush(api)
    told = [json.loads(body)["charge"] for _, body in listener.arrived]
    assert told == [(await api.get(f"/charges/{charge['id']}"))["charge"]]


async def test_what_failed_is_not_told(api: Api, listener: Listener) -> None:
    for topic in ("subscription/updated", "charge/deleted"):
        await register(api, listener, topic)
    body = {"target_address": {"id": 201}, "source_addresses": [{"id": 202}, {"id": 999}]}
    await api.refused("POST", "/addresses/merge", body)
    assert await flush(api) == {"sent": 0, "failed": 0, "waiting": 0}


async def test_the_clock_s_events_go_out_too(api: Api, listener: Listener) -> None:
    await register(api, listener, "charge/paid")
    await api.client.put("/_sandbox/clock", json={"now": "2026-03-20T12:00:00Z"})
    await flush(api)
    assert [json.loads(body)["charge"]["status"] for _, body in listener.arrived] == ["success"]


async def test_nobody_answers_and_the_webhook_is_dropped(
    api: Api, sandbox: Sandbox, listener: Listener
) -> None:
    hook = await register(api, listener, "subscription/updated")
    listener.status = 503
    await api.put("/subscriptions/301", {"quantity": 2})
    await flush(api)
    assert len(listener.arrived) == 1
    assert await flush(api) == {"sent": 0, "failed": 0, "waiting": 1}, "not yet time for another"
    for _ in range(MOST_TRIES):
        sandbox.clock.advance(timedelta(hours=2, minutes=32))
        await flush(api)
    assert len(listener.arrived) == MOST_TRIES
    assert (await api.call("GET", f"/webhooks/{hook['id']}"))[0] == 404
    assert (await flush(api))["waiting"] == 0


async def test_a_later_try_arrives(api: Api, sandbox: Sandbox, listener: Listener) -> None:
    await register(api, listener, "subscription/updated")
    listener.status = 500
    await api.put("/subscriptions/301", {"quantity": 2})
    await flush(api)
    listener.status = 200
    sandbox.clock.advance(timedelta(hours=3))
    await flush(api)
    assert len(listener.arrived) == 2
    assert (await flush(api))["waiting"] == 0


async def test_only_this_machine_is_sent_to(api: Api, listener: Listener) -> None:
    for address in ("https://example.com/hook", "http://10.0.0.7/hook", "file:///etc/passwd"):
        body = {"address": address, "topic": "charge/paid"}
        assert "address" in await api.refused("POST", "/webhooks", body)
    unknown = {"address": listener.address, "topic": "charge/skipped"}
    assert "topic" in await api.refused("POST", "/webhooks", unknown)


async def test_ten_webhooks_for_a_topic_and_no_more(api: Api, listener: Listener) -> None:
    for _ in range(10):
        await register(api, listener, "charge/paid")
    body = {"address": listener.address, "topic": "charge/paid"}
    assert "topic" in await api.refused("POST", "/webhooks", body)


async def test_a_test_delivery(api: Api, listener: Listener) -> None:
    hook = await register(api, listener, "customer/updated")
    assert await api.call("POST", f"/webhooks/{hook['id']}/test") == (200, {})
    await flush(api)
    assert json.loads(listener.arrived[0][1])["customer"]["id"] == 101
