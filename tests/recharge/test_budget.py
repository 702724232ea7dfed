"""The upstream budget, in simulated time."""

from __future__ import annotations

import asyncio

import pytest

from app.recharge.budget import LocalBudget, Priority
from app.recharge.errors import BudgetExceeded
from benchmarks.arrivals import DESIGNS, percentile, thousand_customers
from benchmarks.simulated import now, simulate

MARGIN_SIZE, MARGIN_RATE = 36, 1.8  # of 40 and 2.0, less a tenth


def a_budget(*, size: int = 40, rate: float = 2.0, margin: float = 0.1) -> LocalBudget:
    loop = asyncio.get_running_loop()
    return LocalBudget(
        size=size, rate=rate, margin=margin, monotonic=loop.time, sleep=asyncio.sleep
    )


async def ask(
    budget: LocalBudget,
    priority: Priority = Priority.WRITE,
    customer: int | None = 101,
    deadline: float | None = None,
) -> float:
    """Acquires one call, and says when it was granted."""
    await budget.acquire(priority=priority, customer_id=customer, deadline=deadline)
    return now()


async def spend(budget: LocalBudget, calls: int = MARGIN_SIZE) -> None:
    for _ in range(calls):
        await ask(budget)


def test_a_burst_is_granted_at_once_and_the_rest_at_the_rate() -> None:
    async def main() -> None:
        budget = a_budget()
        granted = await asyncio.gather(*(ask(budget) for _ in range(MARGIN_SIZE + 9)))
        assert granted[:MARGIN_SIZE] == [0.0] * MARGIN_SIZE
        late = [pytest.approx(turn / MARGIN_RATE, abs=0.01) for turn in range(1, 10)]
        assert granted[MARGIN_SIZE:] == late

    simulate(main())


def test_the_last_ten_calls_are_kept_for_writes() -> None:
    async def main() -> None:
        budget = a_budget()
        reads = [asyncio.create_task(ask(budget, Priority.MISS)) for _ in range(30)]
        await asyncio.sleep(0)
        assert sum(read.done() for read in reads) == MARGIN_SIZE - 10
        for _ in range(10):
            assert await ask(budget, Priority.WRITE) == 0.0
        assert await ask(budget, Priority.MONEY) > 0.0
        await asyncio.gather(*reads)

    simulate(main())


def test_money_first_then_writes_then_the_others_by_weight() -> None:
    async def main() -> None:
        budget = a_budget()
        await spend(budget)
        order: list[Priority] = []

        async def wait(priority: Priority) -> None:
            await ask(budget, priority)
            order.append(priority)

        async with asyncio.TaskGroup() as everybody:
            for priority in reversed(Priority):
                for _ in range(28):
                    everybody.create_task(wait(priority))
        assert order[:56] == [Priority.MONEY] * 28 + [Priority.WRITE] * 28
        shared = order[56 : 56 + 30]
        weighted = (Priority.MISS, Priority.REPAIR, Priority.SYNC, Priority.BACKFILL)
        assert [shared.count(priority) for priority in weighted] == [16, 8, 4, 2]

    simulate(main())


def test_a_class_that_had_nothing_to_do_does_not_save_its_turns_up() -> None:
    async def main() -> None:
        budget = a_budget()
        await asyncio.gather(*(ask(budget, Priority.MISS) for _ in range(40)))
        order: list[Priority] = []

        async def wait(priority: Priority) -> None:
            await ask(budget, priority)
            order.append(priority)

        async with asyncio.TaskGroup() as everybody:
            for priority in [Priority.MISS] * 8 + [Priority.SYNC] * 8:
                everybody.create_task(wait(priority))
        assert order[:10].count(Priority.MISS) == 8

    simulate(main())


def test_customers_take_turns() -> None:
    async def main() -> None:
        budget = a_budget()
        await spend(budget)
        order: list[int] = []

        async def wait(customer: int) -> None:
            await ask(budget, customer=customer)
            order.append(customer)

        async with asyncio.TaskGroup() as everybody:
            for customer in (101, 101, 101, 101, 102, 103, 103):
                everybody.create_task(wait(customer))
        assert order == [101, 102, 103, 101, 103, 101, 101]

    simulate(main())


def test_what_cannot_be_in_time_is_refused_at_once() -> None:
    async def main() -> None:
        budget = a_budget()
        await spend(budget)
        waiting = [asyncio.create_task(ask(budget)) for _ in range(9)]
        await asyncio.sleep(0)
        with pytest.raises(BudgetExceeded) as refusal:
            await ask(budget, deadline=5.0)  # the tenth in line, at 1.8 a second
        assert now() == 0.0
        assert refusal.value.executed == "no"
        assert await ask(budget, deadline=6.0) == pytest.approx(10 / MARGIN_RATE, abs=0.01)
        await asyncio.gather(*waiting)
        assert budget.stats().refused == 1

    simulate(main())


def test_nobody_waits_longer_than_the_deadline_when_others_overtake() -> None:
    async def main() -> None:
        budget = a_budget()
        await spend(budget)
        write = asyncio.create_task(ask(budget, Priority.WRITE, deadline=2.0))
        await asyncio.sleep(0.1)
        money = [asyncio.create_task(ask(budget, Priority.MONEY)) for _ in range(10)]
        with pytest.raises(BudgetExceeded):
            await write
        assert now() == pytest.approx(2.0, abs=0.01)
        assert budget.stats().waiting[Priority.WRITE] == 0
        # Its place is free again: ten calls of money, and no eleventh in between.
        assert (await asyncio.gather(*money))[-1] == pytest.approx(10 / MARGIN_RATE, abs=0.01)

    simulate(main())


def test_a_call_without_a_deadline_does_not_wait_for_ever() -> None:
    async def main() -> None:
        budget = LocalBudget(longest_wait=50.0, monotonic=asyncio.get_running_loop().time)
        budget.throttled(retry_after=55.0)
        with pytest.raises(BudgetExceeded):
            await ask(budget, Priority.SYNC, None)

    simulate(main())


def test_a_write_does_not_stand_behind_a_read_that_waits_for_more() -> None:
    async def main() -> None:
        budget = a_budget()
        await spend(budget)
        read = asyncio.create_task(ask(budget, Priority.MISS))
        await asyncio.sleep(0.1)
        assert await ask(budget, Priority.WRITE) == pytest.approx(1 / MARGIN_RATE, abs=0.01)
        # The read needs one more than the reserve, and the write has taken one.
        assert await read == pytest.approx(12 / MARGIN_RATE, abs=0.01)

    simulate(main())


def test_a_cancelled_waiter_loses_no_call_and_blocks_nobody() -> None:
    async def main() -> None:
        budget = a_budget()
        await spend(budget)
        first, second, third = (asyncio.create_task(ask(budget, customer=c)) for c in (1, 2, 3))
        await asyncio.sleep(0.1)
        first.cancel()
        assert await second == pytest.approx(1 / MARGIN_RATE, abs=0.01)
        assert await third == pytest.approx(2 / MARGIN_RATE, abs=0.01)

    simulate(main())


def test_who_is_cancelled_in_the_moment_of_the_grant_gives_the_call_back() -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()

        async def sleep(seconds: float) -> None:
            await asyncio.sleep(seconds)
            loop.call_soon(first.cancel)  # runs after the grant, before the waiter goes on

        budget = LocalBudget(size=1, rate=1.0, margin=0, monotonic=loop.time, sleep=sleep)
        await ask(budget)
        first, second = (asyncio.create_task(ask(budget, customer=c)) for c in (1, 2))
        assert await second == pytest.approx(1.0, abs=0.01)
        assert first.cancelled()
        assert budget.stats().granted[Priority.WRITE] == 2

    simulate(main())


def test_who_is_cancelled_just_before_the_grant_leaves_the_call_to_the_next() -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()

        async def sleep(seconds: float) -> None:
            await asyncio.sleep(seconds)
            first.cancel()  # and it has not run since, so it still stands in line

        budget = LocalBudget(size=1, rate=1.0, margin=0, monotonic=loop.time, sleep=sleep)
        await ask(budget)
        first, second = (asyncio.create_task(ask(budget, customer=c)) for c in (1, 2))
        assert await second == pytest.approx(1.0, abs=0.01)

    simulate(main())


def test_a_429_empties_the_budget_and_halves_the_rate_for_half_a_minute() -> None:
    async def main() -> None:
        budget = a_budget()
        for _ in range(5):  # one burst: five answers, one halving
            budget.throttled(retry_after=None)
        first = await ask(budget)
        assert first == pytest.approx(2.0, abs=0.01)  # the guide's two seconds
        granted = [await ask(budget) for _ in range(200)]
        at_half_rate = [moment for moment in granted if 10 < moment <= 30]
        assert len(at_half_rate) == pytest.approx(20 * MARGIN_RATE / 2, abs=1)
        at_full_rate = [moment for moment in granted if 45 < moment <= 75]
        assert len(at_full_rate) == pytest.approx(30 * MARGIN_RATE, abs=1)
        assert budget.stats().throttled == 5

    simulate(main())


@pytest.mark.parametrize(
    ("retry_after", "waits"),
    [(7.0, 7.0), (0.5, 1 / 0.9), (86_400.0, 60.0), (float("nan"), 2.0), (-1.0, 2.0)],
)
def test_retry_after_is_kept_within_reason(retry_after: float, waits: float) -> None:
    async def main() -> None:
        budget = a_budget()
        budget.throttled(retry_after)
        assert await ask(budget) == pytest.approx(waits, abs=0.01)

    simulate(main())


def test_the_calls_of_other_apps_count() -> None:
    async def main() -> None:
        budget = a_budget()
        budget.learned(used=30, size=40)
        assert budget.stats().available == pytest.approx(6)
        budget.learned(used=5, size=40)  # an answer that was overtaken tells nothing better
        assert budget.stats().available == pytest.approx(6)
        budget.learned(used=0, size=20)  # a smaller plan than the setting says
        assert await asyncio.gather(*(ask(budget) for _ in range(7))) == [
            *[0.0] * 6,
            pytest.approx(1 / (MARGIN_RATE / 2), abs=0.01),
        ]
        budget.learned(used=-1, size=0)  # nonsense is ignored

    simulate(main())


def test_equal_reads_share_one_call() -> None:
    async def main() -> None:
        budget = a_budget()
        calls = 0

        async def read() -> str:
            nonlocal calls
            calls += 1
            await budget.acquire(priority=Priority.MISS, customer_id=101, deadline=None)
            return "the customer"

        readers = [budget.single_flight(("customer", 101), read) for _ in range(5)]
        assert await asyncio.gather(*readers) == ["the customer"] * 5
        stats = budget.stats()
        assert (calls, stats.coalesced, stats.granted[Priority.MISS]) == (1, 4, 1)

    simulate(main())


def test_stats_tell_who_waits_and_how_long_others_did() -> None:
    async def main() -> None:
        budget = a_budget()
        await spend(budget)
        await ask(budget, Priority.MONEY)
        waiting = asyncio.create_task(ask(budget, Priority.SYNC, None))
        await asyncio.sleep(0)
        stats = budget.stats()
        assert stats.granted[Priority.WRITE] == MARGIN_SIZE
        assert stats.waiting[Priority.SYNC] == 1
        assert stats.waited[Priority.MONEY] == pytest.approx(1 / MARGIN_RATE, abs=0.01)
        waiting.cancel()

    simulate(main())


def test_a_thousand_customers_arrive_and_writes_do_not_notice() -> None:
    fifo, *_, new, known = DESIGNS
    crowd = thousand_customers(new)
    assert crowd.calls > 4000
    assert max(crowd.writes) < 2.0
    assert percentile(thousand_customers(fifo).writes, 0.5) > 600.0  # what it is for
    assert percentile(thousand_customers(known).reads, 0.95) == 0.0
