"""How calls are sent: headers, deadlines, budget, shared reads, and what stays out of logs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Hashable
from datetime import date
from typing import Any, TypeVar

import httpx
import pytest

from app.recharge import (
    BudgetExceeded,
    Conflict,
    InvalidArgument,
    LocalBudget,
    NoAnswer,
    Priority,
    RechargeClient,
)
from tests.recharge.upstream import (
    BROKEN,
    BUSY,
    CUSTOMER,
    LOCKED,
    SAMPLE_TOKEN,
    Answer,
    Upstream,
    client_of,
)

T = TypeVar("T")


class WatchedBudget(LocalBudget):
    """A real budget that writes down what it is told."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.asked: list[tuple[Priority, int | None]] = []
        self.heard: list[Any] = []
        self.keys: list[Hashable] = []

    async def acquire(
        self, *, priority: Priority, customer_id: int | None, deadline: float | None
    ) -> None:
        self.asked.append((priority, customer_id))
        await super().acquire(priority=priority, customer_id=customer_id, deadline=deadline)

    def throttled(self, retry_after: float | None) -> None:
        # Written down only: a budget that slows down is tested by itself.
        self.heard.append(("throttled", retry_after))

    def learned(self, used: int, size: int) -> None:
        self.heard.append(("learned", used, size))

    async def single_flight(self, key: Hashable, call: Callable[[], Awaitable[T]]) -> T:
        self.keys.append(key)
        return await super().single_flight(key, call)


async def test_each_call_carries_token_and_version() -> None:
    upstream = Upstream([CUSTOMER])
    await client_of(upstream).customers.get(101, include=["addresses", "subscriptions"])
    request = upstream.requests[0]
    assert (request.method, request.path) == ("GET", "/customers/101")
    assert request.query == {"include": "addresses,subscriptions"}
    assert request.headers["x-recharge-access-token"] == SAMPLE_TOKEN
    assert request.headers["x-recharge-version"] == "2021-11"
    assert request.headers["accept"] == "application/json"
    assert "content-type" not in request.headers


async def test_a_base_url_may_have_a_path() -> None:
    upstream = Upstream([CUSTOMER])
    client = RechargeClient(
        "sk_test",
        base_url="http://localhost:8080/sandbox/api/",
        transport=httpx.ASGITransport(app=upstream),  # type: ignore[arg-type]
    )
    await client.customers.get(101)
    assert upstream.calls == ["GET /sandbox/api/customers/101"]
    assert repr(client) == "RechargeClient(base_url='http://localhost:8080/sandbox/api/')"


@pytest.mark.parametrize("id", ["101", "1/../../customers/9", True, 0, -1, 1.0, None])
async def test_a_wrong_id_is_refused_before_anything_is_sent(id: Any) -> None:
    upstream = Upstream([CUSTOMER])
    client = client_of(upstream)
    tries: list[Callable[[], Awaitable[Any]]] = [
        lambda: client.customers.get(id),
        lambda: client.charges.skip(501, purchase_item_ids=[id]),
        lambda: client.charges.process(id),
        lambda: client.addresses.skip_charge(
            201, date=date(2026, 7, 1), subscription_ids=[301, id]
        ),
        lambda: client.subscriptions.delete(id),
    ]
    for attempt in tries:
        with pytest.raises(InvalidArgument):
            await attempt()
    assert upstream.requests == []


async def test_reads_and_writes_stand_in_line_as_told() -> None:
    budget = WatchedBudget()
    client = client_of(Upstream([CUSTOMER]), budget=budget)
    await client.customers.get(101)
    await client.customers.update(101, first_name="Mara")
    mine = client.with_options(customer_id=101)
    await mine.customers.get(101)
    await mine.with_options(priority=Priority.MONEY).customers.get(101)
    syncing = client.with_options(priority=Priority.SYNC)
    await syncing.with_options(customer_id=102).customers.update(102, first_name="Jonas")
    assert budget.asked == [
        (Priority.MISS, None),
        (Priority.WRITE, None),
        (Priority.MISS, 101),
        (Priority.MONEY, 101),
        (Priority.SYNC, 102),
    ]


async def test_every_repeat_stands_in_line_again() -> None:
    budget = WatchedBudget()
    await client_of(Upstream([BROKEN, CUSTOMER]), budget=budget).customers.get(101)
    assert len(budget.asked) == 2


async def test_the_budget_hears_of_limits() -> None:
    budget = WatchedBudget()
    full = Answer(429, BUSY.body, {"x-recharge-limit": "40/40", "retry-after": "2"})
    fine = Answer(200, CUSTOMER.body, {"x-recharge-limit": "3/40"})
    odd = Answer(200, CUSTOMER.body, {"x-recharge-limit": "many"})
    client = client_of(Upstream([full, fine, odd]), budget=budget)
    await client.customers.get(101)
    await client.customers.get(101)
    assert budget.heard == [("learned", 40, 40), ("throttled", 2.0), ("learned", 3, 40)]


async def test_a_call_that_the_budget_cannot_grant_in_time_is_not_sent() -> None:
    upstream = Upstream([CUSTOMER])
    client = client_of(upstream, budget=LocalBudget(size=1, rate=0.01, margin=0, reserve=0))
    await client.customers.get(101)
    with pytest.raises(BudgetExceeded) as caught:
        await client.customers.update(101, first_name="Mara")
    assert caught.value.executed == "no"
    assert str(caught.value).startswith("PUT /customers/{id}: ")
    assert upstream.calls == ["GET /customers/101"]


async def test_equal_reads_share_one_call() -> None:
    upstream = Upstream([CUSTOMER])
    client = client_of(upstream)
    found = await asyncio.gather(*(client.customers.get(101) for _ in range(5)))
    assert {customer.id for customer in found} == {101}
    assert len(upstream.requests) == 1


async def test_different_reads_do_not() -> None:
    upstream = Upstream([CUSTOMER])
    client = client_of(upstream)
    await asyncio.gather(
        client.customers.get(101),
        client.customers.get(102),
        client.customers.get(101, include=["addresses"]),
        client.with_options(priority=Priority.MONEY).customers.get(101),
    )
    assert len(upstream.requests) == 4


async def test_a_read_after_a_write_does_not_share_one_from_before() -> None:
    upstream = Upstream([CUSTOMER])
    client = client_of(upstream)
    upstream.gate.clear()
    before = asyncio.create_task(client.customers.get(101))
    await upstream.until(1)
    write = asyncio.create_task(client.customers.update(101, first_name="Mara"))
    await upstream.until(2)
    during = asyncio.create_task(client.customers.get(101))
    await upstream.until(3)
    upstream.gate.set()
    await write
    await client.customers.get(101)
    await asyncio.gather(before, during)
    assert upstream.calls == [
        "GET /customers/101", "PUT /customers/101", "GET /customers/101", "GET /customers/101",
    ]  # fmt: skip


async def test_a_call_ends_at_its_deadline() -> None:
    upstream = Upstream([CUSTOMER])
    upstream.gate.clear()
    client = client_of(upstream).with_options(timeout=0.01)
    with pytest.raises(NoAnswer) as read:
        await client.customers.get(101)
    with pytest.raises(NoAnswer) as write:
        await client.charges.process(501)
    assert (read.value.executed, write.value.executed) == ("no", "unknown")
    assert str(write.value) == "POST /charges/{id}/process: timed out"


async def test_a_cancelled_caller_is_cancelled() -> None:
    upstream = Upstream([CUSTOMER])
    upstream.gate.clear()
    task = asyncio.create_task(client_of(upstream).customers.get(101))
    await upstream.until(1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_cookies_of_one_answer_do_not_go_out_with_another_call() -> None:
    cookie = {"set-cookie": "session=mara; Path=/"}
    upstream = Upstream([Answer(200, CUSTOMER.body, cookie)])
    client = client_of(upstream)
    await client.customers.get(101)
    await client.customers.get(102)
    assert "cookie" not in upstream.requests[1].headers


@pytest.mark.parametrize("token", ["", "sk test", "sk\ntest", "schlüssel"])
def test_a_token_that_cannot_be_sent_is_refused_unseen(token: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        RechargeClient(token)
    assert not token or token not in str(caught.value)


async def test_no_log_line_holds_a_token_or_an_email(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    client = client_of(Upstream([Answer(200, {"customers": []})]))
    await client.customers.list(email="mara@example.com").first()
    with pytest.raises(Conflict):
        await client_of(Upstream([LOCKED])).charges.process(501)
    assert "mara" not in caplog.text
    assert SAMPLE_TOKEN not in caplog.text
    assert SAMPLE_TOKEN not in f"{client!r} {client.customers!r} {vars(client)!r}"
