"""Misbehaviour by plan, in one process and over a real socket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import uvicorn

from app.sandbox import Sandbox
from tests.sandbox.small import Api

SKIP = "POST /charges/{id}/skip"


class Server(uvicorn.Server):
    """Tells when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listens = asyncio.Event()

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        self.listens.set()


@pytest.fixture
async def wire(sandbox: Sandbox) -> AsyncIterator[Api]:
    """The same shop behind a real server on a free port."""
    config = uvicorn.Config(
        sandbox.app, host="127.0.0.1", port=0, log_level="error", lifespan="on", ws="none"
    )
    server = Server(config)
    task = asyncio.create_task(server.serve())
    await server.listens.wait()
    port = server.servers[0].sockets[0].getsockname()[1]
    api = Api(sandbox)
    await api.client.aclose()
    api.client = httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{port}",
        headers=api.client.headers,
        trust_env=False,
        verify=False,
    )
    async with api.client:
        yield api
    server.should_exit = True
    await task


@pytest.fixture(params=["in process", "over a socket"])
def either(request: pytest.FixtureRequest) -> Api:
    """The same test both ways."""
    found: Api = request.getfixturevalue("api" if request.param == "in process" else "wire")
    return found


async def plan(api: Api, **fault: Any) -> int:
    body = {"method": "POST", "path": "/charges/*/skip", **fault}
    answer = await api.client.post("/_sandbox/faults", json=body)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


async def counters(api: Api) -> Any:
    return (await api.client.get("/_sandbox/counters")).json()


async def test_a_connection_cut_before_the_effect(either: Api) -> None:
    charge = await either.charge(address_id=201)
    await plan(either, kind="cut_before")
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        await either.client.post(f"/charges/{charge['id']}/skip", json={})
    found = await counters(either)
    assert found["requests"][SKIP] == 1
    assert SKIP not in found["executed"]
    assert (await either.get(f"/charges/{charge['id']}"))["charge"]["status"] == "queued"


async def test_a_connection_cut_after_the_effect(either: Api) -> None:
    charge = await either.charge(address_id=201)
    await plan(either, kind="cut_after")
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        await either.client.post(f"/api/charges/{charge['id']}/skip", json={})
    assert (await counters(either))["executed"] == {SKIP: 1}
    assert (await either.get(f"/charges/{charge['id']}"))["charge"]["status"] == "skipped"


@pytest.mark.parametrize("kind", ["429", "409", "422", "500", "503"])
async def test_an_error_instead_of_the_effect(api: Api, kind: str) -> None:
    charge = await api.charge(address_id=201)
    await plan(api, kind=kind, times=2)
    for _ in range(2):
        assert (await api.call("POST", f"/charges/{charge['id']}/skip"))[0] == int(kind)
    assert (await api.call("POST", f"/charges/{charge['id']}/skip"))[0] == 200
    found = await counters(api)
    assert (found["requests"][SKIP], found["executed"][SKIP]) == (3, 1)
    assert found["throttled"] == (2 if kind == "429" else 0)


async def test_the_documented_bodies(api: Api) -> None:
    await plan(api, method="GET", path="/store", kind="429")
    await plan(api, method="GET", path="/store", kind="409")
    assert (await api.call("GET", "/store"))[1] == {"warning": "too many requests"}
    assert "error" in (await api.call("GET", "/store"))[1]


async def test_html_with_a_good_status(either: Api) -> None:
    await plan(either, method="*", path="/store", kind="html")
    answer = await either.client.get("/store")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert (await either.client.get("/store")).json()["store"]["currency"] == "USD"


async def test_an_error_although_it_happened(api: Api) -> None:
    charge = await api.charge(address_id=201)
    await plan(api, kind="500", executes=True)
    assert (await api.call("POST", f"/charges/{charge['id']}/skip"))[0] == 500
    assert (await counters(api))["executed"] == {SKIP: 1}


async def test_a_plan_waits_for_its_call(api: Api) -> None:
    await plan(api, method="GET", path="/customers/**", kind="503", after=1)
    assert (await api.call("GET", "/customers/101"))[0] == 200
    assert (await api.call("GET", "/addresses/201"))[0] == 200
    assert (await api.call("GET", "/customers/101/delivery_schedule"))[0] == 503
    assert (await api.call("GET", "/customers/101"))[0] == 200


async def test_plans_are_shown_and_dropped(api: Api) -> None:
    id = await plan(api, kind="500")
    shown = (await api.client.get("/_sandbox/faults")).json()["faults"]
    assert [each["id"] for each in shown] == [id]
    assert (await api.client.delete("/_sandbox/faults")).status_code == 204
    charge = await api.charge(address_id=201)
    assert (await api.call("POST", f"/charges/{charge['id']}/skip"))[0] == 200
    wrong = await api.client.post("/_sandbox/faults", json={"path": "/x", "kind": "meteor"})
    assert wrong.status_code == 422


async def test_a_slow_write_holds_its_address(api: Api) -> None:
    charge = await api.charge(address_id=201)
    await plan(api, kind="delay", seconds=0.3)
    slow = asyncio.create_task(api.call("POST", f"/charges/{charge['id']}/skip"))
    for _ in range(100):
        await asyncio.sleep(0)  # the slow one begins
    assert (await counters(api))["requests"][SKIP] == 1
    status, body = await api.call("PUT", "/subscriptions/301", {"quantity": 2})
    assert (status, body) == (409, {"error": "A call to this route is already in progress."})
    assert (await api.call("PUT", "/subscriptions/303", {"quantity": 2}))[0] == 200
    assert (await slow)[0] == 200
    assert (await api.call("PUT", "/subscriptions/301", {"quantity": 2}))[0] == 200


async def test_a_late_answer_does_not_undo_the_effect(wire: Api) -> None:
    charge = await wire.charge(address_id=201)
    await plan(wire, kind="delay", seconds=0.8, executes=True)
    with pytest.raises(httpx.ReadTimeout):
        await wire.client.post(f"/charges/{charge['id']}/skip", json={}, timeout=0.2)
    assert (await counters(wire))["executed"] == {SKIP: 1}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("seconds", "a while"),
        ("seconds", -1),
        ("seconds", 600.5),
        ("seconds", True),
        ("seconds", None),
        ("seconds", [1]),
        ("method", "FETCH"),
        ("method", 7),
        ("times", 0),
        ("times", 1.5),
        ("times", 10**9),
        ("after", -1),
        ("after", 10**9),
        ("path", ""),
        ("status", 99),
        ("executes", "yes"),
        ("tiems", 2),
    ],
)
async def test_a_plan_that_cannot_be_meant_is_refused(api: Api, name: str, value: Any) -> None:
    body = {"path": "/store", "kind": "delay", name: value}
    answer = await api.client.post("/_sandbox/faults", json=body)
    assert answer.status_code == 422, answer.text
    assert list(answer.json()["errors"]) == [name]
    assert (await api.client.get("/_sandbox/faults")).json() == {"faults": []}


async def test_not_a_number_is_no_number_of_seconds(api: Api) -> None:
    answer = await api.client.post(
        "/_sandbox/faults", content=b'{"path": "/store", "kind": "delay", "seconds": NaN}'
    )
    assert list(answer.json()["errors"]) == ["seconds"]


async def test_methods_in_any_case_and_seconds_at_their_bounds(api: Api) -> None:
    for seconds in (0, 600):
        await plan(api, method="post", kind="delay", seconds=seconds)
    shown = (await api.client.get("/_sandbox/faults")).json()["faults"]
    assert [(each["method"], each["seconds"]) for each in shown] == [("POST", 0), ("POST", 600)]


async def test_one_plan_is_dropped_and_the_others_stay(api: Api) -> None:
    first, second = await plan(api, kind="500"), await plan(api, kind="503")
    assert (await api.client.delete(f"/_sandbox/faults/{first}")).status_code == 204
    shown = (await api.client.get("/_sandbox/faults")).json()["faults"]
    assert [each["id"] for each in shown] == [second]
    for unknown in (first, 999, "x", 0):
        answer = await api.client.delete(f"/_sandbox/faults/{unknown}")
        assert (answer.status_code, answer.json()) == (404, {"errors": "Not Found"})
    assert (await api.client.get(f"/_sandbox/faults/{second}")).status_code == 404


async def test_a_plan_for_head_leaves_get_alone(api: Api) -> None:
    await plan(api, method="HEAD", path="/store", kind="503")
    assert (await api.client.get("/store")).status_code == 200
    head = await api.client.head("/store")
    assert (head.status_code, head.content) == (503, b"")
    assert (await api.client.head("/store")).status_code == 200
