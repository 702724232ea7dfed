"""What is sent again, when, and what never is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from app.recharge import NoAnswer, RateLimited, RechargeError, UpstreamFailed
from tests.recharge.upstream import (
    BROKEN,
    BUSY,
    CHARGE,
    CUSTOMER,
    CUT,
    LOCKED,
    Answer,
    Pauses,
    Upstream,
    client_of,
)


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
        lambda: client.orders.clone(1001, scheduled_at=datetime(2026, 7, 1, tzinfo=UTC)),
        lambda: client.orders.delay(1001),
        lambda: client.customers.create(email="a@example.com", first_name="A", last_name="B"),
        lambda: client.notifications.send(101, "upcoming_charge", charge_id=501),
    ]
    for attempt in tries:
        with pytest.raises(RechargeError):
            await attempt()
    assert len(upstream.requests) == len(tries)


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
