"""What the budget promises whoever comes, whenever they come."""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass

from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.recharge.budget import LocalBudget, Priority
from app.recharge.turns import Turns
from benchmarks.simulated import now, simulate

customers = st.sampled_from([None, 101, 102, 103])


@dataclass(frozen=True)
class Arrival:
    at: float
    priority: Priority
    customer: int | None
    patience: float | None
    """Seconds until its caller gives up and cancels it."""


@dataclass(frozen=True)
class Grant:
    arrival: Arrival
    at: float


arrivals = st.lists(
    st.builds(
        Arrival,
        at=st.floats(0, 40).map(lambda moment: round(moment, 1)),
        priority=st.sampled_from(Priority),
        customer=customers,
        patience=st.none() | st.floats(0, 10),
    ),
    max_size=80,
)


def run(
    coming: list[Arrival], *, size: int, rate: float, throttled_at: float | None = None
) -> list[Grant]:
    """Lets them come, and tells in which order they were granted."""
    grants: list[Grant] = []

    async def come(budget: LocalBudget, arrival: Arrival) -> None:
        await asyncio.sleep(arrival.at)
        try:
            async with asyncio.timeout(arrival.patience):
                await budget.acquire(
                    priority=arrival.priority, customer_id=arrival.customer, deadline=None
                )
        except TimeoutError:
            return
        grants.append(Grant(arrival, now()))

    async def main() -> None:
        loop = asyncio.get_running_loop()
        budget = LocalBudget(
            size=size, rate=rate, margin=0, monotonic=loop.time, longest_wait=math.inf
        )
        if throttled_at is not None:
            loop.call_later(throttled_at, budget.throttled, None)
        async with asyncio.TaskGroup() as everybody:
            for arrival in coming:
                everybody.create_task(come(budget, arrival))
        assert not any(budget.stats().waiting.values())

    simulate(main())
    return grants


@settings(max_examples=80, deadline=None)
@given(
    coming=arrivals,
    size=st.integers(1, 30),
    rate=st.floats(0.5, 4),
    throttled_at=st.none() | st.floats(0, 30),
)
def test_no_window_holds_more_calls_than_the_bucket_allows(
    coming: list[Arrival], size: int, rate: float, throttled_at: float | None
) -> None:
    moments = [grant.at for grant in run(coming, size=size, rate=rate, throttled_at=throttled_at)]
    assert moments == sorted(moments)
    for first, start in enumerate(moments):
        for last in range(first, len(moments)):
            assert last - first + 1 <= size + rate * (moments[last] - start) + 1e-6


@settings(max_examples=80, deadline=None)
@given(coming=arrivals, size=st.integers(1, 30))
def test_everybody_who_waits_is_granted_and_stricter_classes_first(
    coming: list[Arrival], size: int
) -> None:
    patient = [Arrival(each.at, each.priority, each.customer, None) for each in coming]
    grants = run(patient, size=size, rate=1.0)
    assert len(grants) == len(patient)
    for earlier, grant in enumerate(grants):
        for later in grants[earlier + 1 :]:
            is_overtaken = later.arrival.at < grant.at  # it stood in line at that moment
            if is_overtaken and later.arrival.priority.is_strict:
                assert grant.arrival.priority <= later.arrival.priority


@settings(max_examples=80, deadline=None)
@given(coming=arrivals)
def test_a_customer_waits_at_most_one_call_of_each_other_customer(coming: list[Arrival]) -> None:
    """No flood of one customer starves another of the same class."""
    patient = [Arrival(each.at, Priority.WRITE, each.customer, None) for each in coming]
    grants = run(patient, size=3, rate=1.0)
    for index, grant in enumerate(grants):
        before = [g for g in grants[:index] if g.at > grant.arrival.at]
        own = sum(g.arrival.customer == grant.arrival.customer for g in before)
        for other in {g.arrival.customer for g in before} - {grant.arrival.customer}:
            assert sum(g.arrival.customer == other for g in before) <= own + 1


calls = st.tuples(
    st.sampled_from([Priority.WRITE, Priority.MISS, Priority.REPAIR, Priority.SYNC]),
    st.sampled_from([101, 102]),
)


@settings(max_examples=300, deadline=None)
@given(
    # A call comes, or (None) one is served.
    events=st.lists(st.one_of(calls, calls, st.none()), min_size=10, max_size=40),
    new=calls,
)
@example(  # the first customer's second call comes before the second customer's second
    events=[(Priority.WRITE, 101), (Priority.WRITE, 102), (Priority.WRITE, 102)],
    new=(Priority.WRITE, 101),
)
def test_the_place_in_line_that_is_foretold_is_the_place_that_comes(
    events: list[tuple[Priority, int] | None], new: tuple[Priority, int]
) -> None:
    turns: Turns[str] = Turns()
    for number, event in enumerate(events):
        if event:
            turns.add(*event, f"waiter {number}")
        elif turn := turns.next_priority():
            turns.pop(turn)
    foretold = turns.ahead(*new)
    turns.add(*new, "the new one")
    order = []
    while (turn := turns.next_priority()) is not None:
        order.append(turns.pop(turn))
    assert order.index("the new one") == foretold
