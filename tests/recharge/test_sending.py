"""How calls are sent: headers, repeats, deadlines, budget, shared reads."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Hashable
from datetime import date
from decimal import Decimal
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
    RateLimited,
    RechargeClient,
    RechargeError,
    UpstreamFailed,
)
from tests.recharge.upstream import SAMPLE_TOKEN, Answer, Pauses, Upstream, client_of

T = TypeVar("T")

CUSTOMER = Answer(200, {"customer": {"id": 101, "email": "mara@example.com"}})
CHARGE = Answer(
    200,
    {
        "charge": {
            "id": 501, "address_id": 201, "customer": {"id": 101}, "status": "skipped",
            "total_price": "30.00",
        }
    },
)  # fmt: skip
BUSY = Answer(429, {"warning": "too many requests"})
LOCKED = Answer(409, {"error": "A call to this route is already in progress."})
BROKEN = Answer(500, {"error": "oops"})
CUT = httpx.ReadError("cut")


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


@pytest.mark.parametrize("answer", [BUSY, LOCKED, BROKEN, CUT])
async def test_reads_are_tried_three_times_in_all(answer: Answer | Exception) -> None:
    upstream = Upstream([answer, answer, CUSTOMER])
    assert (await client_of(upstream).customers.get(101)).id == 101
    tired = Upstream([answer])
    with pytest.raises(RechargeError):
        await client_of(tired).customers.get(101)
    assert len(tired.requests) == 3


async def test_reads_are_not_repeated_where_that_is_of_no_use() -> None:
    for answer in (Answer(404, {"errors": "Not Found"}), Answer(401), Answer(200, "<html>")):
        upstream = Upstream([answer])
        with pytest.raises(RechargeError):
            await client_of(upstream).customers.get(101)
        assert len(upstream.requests) == 1


@pytest.mark.parametrize("answer", [BUSY, LOCKED])
async def test_a_write_that_was_not_executed_is_repeated_where_that_is_safe(
    answer: Answer,
) -> None:
    upstream = Upstream([answer, answer, CHARGE])
    charge = await client_of(upstream).charges.skip(501, purchase_item_ids=[301])
    assert charge.status == "skipped"
    assert upstream.calls == ["POST /charges/501/skip"] * 3
    assert upstream.requests[2].body == {"purchase_item_ids": [301]}


@pytest.mark.parametrize(
    ("answer", "kind"),
    [(BROKEN, UpstreamFailed), (CUT, NoAnswer), (Answer(200, "?"), UpstreamFailed)],
)  # fmt: skip
async def test_a_write_whose_outcome_is_unknown_is_never_repeated(
    answer: Answer | Exception, kind: type[RechargeError]
) -> None:
    upstream = Upstream([answer])
    with pytest.raises(kind) as caught:
        await client_of(upstream).charges.skip(501, purchase_item_ids=[301])
    assert caught.value.executed == "unknown"
    assert len(upstream.requests) == 1


@pytest.mark.parametrize("answer", [BUSY, LOCKED, BROKEN, CUT])
async def test_what_moves_money_or_makes_things_is_sent_once(answer: Answer | Exception) -> None:
    upstream = Upstream([answer])
    client = client_of(upstream)
    tries: list[Callable[[], Awaitable[Any]]] = [
        lambda: client.charges.process(501),
        lambda: client.charges.refund(501, amount=Decimal("5.00")),
        lambda: client.charges.capture_payment(501),
        lambda: client.orders.clone(1001, scheduled_at=_soon()),
        lambda: client.orders.delay(1001),
        lambda: client.customers.create(email="a@example.com", first_name="A", last_name="B"),
        lambda: client.notifications.send(101, "upcoming_charge", charge_id=501),
    ]
    for attempt in tries:
        with pytest.raises(RechargeError):
            await attempt()
    assert len(upstream.requests) == len(tries)


def _soon() -> Any:
    from datetime import UTC, datetime

    return datetime(2026, 7, 1, tzinfo=UTC)


async def test_the_wait_after_a_429_is_what_it_asks_for_or_two_seconds() -> None:
    pauses = Pauses()
    asking = Answer(429, BUSY.body, {"retry-after": "3"})
    upstream = Upstream([asking, BUSY, CUSTOMER])
    await client_of(upstream, pauses=pauses).customers.get(101)
    assert 3.0 <= pauses[0] <= 3.5
    assert 2.0 <= pauses[1] <= 3.0


async def test_waits_grow_and_differ() -> None:
    seen = set()
    for _ in range(20):
        pauses = Pauses()
        with pytest.raises(UpstreamFailed):
            await client_of(Upstream([BROKEN]), pauses=pauses).customers.get(101)
        first, second = pauses
        assert 0 <= first <= 0.5
        assert 0 <= second <= 1.0
        seen.add(first)
    assert len(seen) > 10, "full jitter: customers must not come back all at once"


async def test_no_repeat_that_the_deadline_would_cut_off() -> None:
    upstream = Upstream([Answer(429, BUSY.body, {"retry-after": "60"})])
    pauses = Pauses()
    with pytest.raises(RateLimited):
        await client_of(upstream, pauses=pauses).customers.get(101)
    assert (pauses, len(upstream.requests)) == ([], 1)


async def test_reads_and_writes_stand_in_line_as_told() -> None:
    budget = WatchedBudget()
    client = client_of(Upstream([CUSTOMER]), budget=budget)
    await client.customers.get(101)
    await client.customers.update(101, first_name="Mara")
    mine = client.with_options(customer_id=101)
    await mine.customers.get(101)
    await mine.with_options(priority=Priority.MONEY).customers.get(101)
    assert budget.asked == [
        (Priority.MISS, None),
        (Priority.WRITE, None),
        (Priority.MISS, 101),
        (Priority.MONEY, 101),
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
