"""A thousand customers arrive: who waits how long for the upstream budget.

Each customer comes within a minute, looks at three pages with pauses between them, and some make
one change at the end (a write and its read-back). Time is simulated, the budget is the real one.
"""

from __future__ import annotations

import asyncio
import math
import random
from dataclasses import dataclass, field

from app.recharge.budget import LocalBudget, Priority
from benchmarks.simulated import now, simulate

ANSWER_SECONDS = 0.3
"""How long Recharge takes for one call."""


@dataclass(frozen=True)
class Crowd:
    """Who comes."""

    customers: int = 1000
    arrive_within: float = 60.0
    views: int = 3
    pause: tuple[float, float] = (20.0, 140.0)
    """Seconds between two views, shortest and longest."""
    writing: float = 0.15
    """Share of the customers who make a change."""
    seed: int = 1


@dataclass(frozen=True)
class Design:
    """What a portal spends on a page."""

    name: str
    first_view: int
    """Calls for a customer's first page."""
    next_view: int
    """Calls for each later page."""
    known: float = 0.0
    """Share of customers whose first page needs no call either."""
    is_fifo: bool = False
    """Calls in order of arrival, without priorities and reserve."""


DESIGNS = (
    Design("live reads, first come first served", 5, 5, is_fifo=True),
    Design("live reads, writes first", 5, 5),
    Design("mirror, all customers new to it", 4, 0),
    Design("mirror, filled in bulk and by webhooks", 4, 0, known=0.98),
)


@dataclass
class Waits:
    """Seconds in line, and what it took."""

    reads: list[float] = field(default_factory=list)
    """For each page, 0.0 where it needed no call."""
    writes: list[float] = field(default_factory=list)
    """For each change, both its calls together."""
    calls: int = 0
    drained: float = 0.0
    """When the last call had been sent."""


def percentile(values: list[float], share: float) -> float:
    """The value below which that share of the values lies; 0.0 when there are none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1)] if ordered else 0.0


def thousand_customers(design: Design, crowd: Crowd | None = None) -> Waits:
    """Runs the crowd through a design in simulated time."""
    return simulate(_run(design, crowd or Crowd()))


async def _run(design: Design, crowd: Crowd) -> Waits:
    loop = asyncio.get_running_loop()
    budget = LocalBudget(monotonic=loop.time, longest_wait=math.inf)
    waits = Waits()
    chance = random.Random(crowd.seed)  # the same crowd for every design

    async def call(priority: Priority, customer: int) -> float:
        started = now()
        await budget.acquire(
            priority=Priority.WRITE if design.is_fifo else priority,
            customer_id=None if design.is_fifo else customer,
            deadline=None,
        )
        waits.calls += 1
        waits.drained = now()
        return now() - started

    async def visit(
        customer: int, arrival: float, is_known: bool, is_writing: bool, pauses: list[float]
    ) -> None:
        await asyncio.sleep(arrival)
        for view, pause in enumerate(pauses):
            calls = design.next_view if view else 0 if is_known else design.first_view
            waited = await asyncio.gather(*(call(Priority.MISS, customer) for _ in range(calls)))
            waits.reads.append(max(waited, default=0.0))
            await asyncio.sleep(pause)
        if is_writing:
            writing = await call(Priority.WRITE, customer)
            await asyncio.sleep(ANSWER_SECONDS)
            waits.writes.append(writing + await call(Priority.MONEY, customer))

    async with asyncio.TaskGroup() as visits:
        for customer in range(crowd.customers):
            visits.create_task(
                visit(
                    customer,
                    chance.uniform(0, crowd.arrive_within),
                    chance.random() < design.known,
                    chance.random() < crowd.writing,
                    [chance.uniform(*crowd.pause) for _ in range(crowd.views)],
                )
            )
    return waits
