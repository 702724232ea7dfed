"""The upstream budget: one limiter in front of every call on one Recharge token.

A token buys 40 calls at once and 2 a second for the whole shop, so calls are granted in the order
of their worth and refused early when they would come too late. `Budget` is what callers know;
`LocalBudget` keeps it in this process.
"""

from __future__ import annotations

import asyncio
import contextvars
import heapq
import itertools
import math
import time
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Awaitable, Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from app.recharge.bucket import Bucket
from app.recharge.errors import BudgetExceeded
from app.recharge.single_flight import SingleFlight
from app.recharge.turns import Priority, Turns

__all__ = ["Budget", "BudgetStats", "LocalBudget", "Priority"]

T = TypeVar("T")

RESERVE = 10
"""Calls at once that only money and writes may use."""
LONGEST_WAIT_SECONDS = 300.0
"""How long a call waits that names no deadline: nothing waits for ever."""
_SHORTEST_SLEEP = 0.001


@dataclass(frozen=True)
class BudgetStats:
    """What one process has seen of its budget since it started."""

    granted: Mapping[Priority, int]
    waiting: Mapping[Priority, int]
    """Calls in line at this moment."""
    waited: Mapping[Priority, float]
    """Seconds that granted calls have waited, all told."""
    refused: int
    """Calls that could not be made in time."""
    coalesced: int
    """Reads that shared the call of another."""
    throttled: int
    """Answers 429."""
    available: float
    """Calls that could be made at once; below zero when other apps have used our share."""


class Budget(ABC):
    """One limiter per Recharge token. Callers hold this type only, so that one which is shared by
    several processes can take the place of `LocalBudget`."""

    @abstractmethod
    async def acquire(
        self, *, priority: Priority, customer_id: int | None, deadline: float | None
    ) -> None:
        """Returns when one call may be sent.

        Args:
            priority: what the call is for.
            customer_id: whom it is for, None for the shop itself; customers take turns.
            deadline: seconds from now after which the call is of no use. None waits as long as
                the budget's own limit.

        Raises:
            BudgetExceeded: it cannot be sent in time. This is said at once when the calls ahead
                already take too long, and at the deadline when others overtook it meanwhile.
        """

    @abstractmethod
    def throttled(self, retry_after: float | None) -> None:
        """A 429 came back, with `Retry-After` in seconds where there was one: slow down."""

    @abstractmethod
    def learned(self, used: int, size: int) -> None:
        """An answer carried `X-Recharge-Limit: used/size`, which counts the shop's other apps."""

    @abstractmethod
    async def single_flight(self, key: Hashable, call: Callable[[], Awaitable[T]]) -> T:
        """The answer of `call`, shared with all who ask for the same key while it is under way.

        Its error is shared too. The key must hold all that shapes the answer (route, parameters,
        customer) and the priority: an urgent read must not wait in the sync's place in line.
        `call` acquires for itself.
        """

    @abstractmethod
    def stats(self) -> BudgetStats:
        """Counters for metrics."""


@dataclass(eq=False)
class _Waiter:
    priority: Priority
    customer_id: int | None
    since: float
    until: float
    outcome: asyncio.Future[bool]  # True: granted. False: the deadline has passed.


class LocalBudget(Budget):
    """The budget of a shop that is served by one process.

    Args:
        size: calls that the token may make at once.
        rate: calls a second that it regains.
        margin: share of both that is left to the shop's other apps on the same token.
        reserve: calls at once that only money and writes may use, at most half of what is there.
        longest_wait: seconds that a call without a deadline waits.
        monotonic, sleep: the time, so that tests and simulations can bring their own.

    Belongs to one event loop.
    """

    def __init__(
        self,
        *,
        size: int = 40,
        rate: float = 2.0,
        margin: float = 0.1,
        reserve: int = RESERVE,
        longest_wait: float = LONGEST_WAIT_SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._monotonic = monotonic
        self._sleep = sleep
        self._bucket = Bucket(size=size, rate=rate, margin=margin, now=monotonic())
        self._wanted_reserve = reserve
        self._longest_wait = longest_wait
        self._turns: Turns[_Waiter] = Turns()
        self._flights = SingleFlight()
        self._deadlines: list[tuple[float, int, _Waiter]] = []
        self._count = itertools.count()
        self._watch: asyncio.Task[None] | None = None
        self._wakes_at = math.inf
        self._granted: Counter[Priority] = Counter()
        self._waited: dict[Priority, float] = dict.fromkeys(Priority, 0.0)
        self._refused = 0
        self._throttled = 0

    async def acquire(
        self, *, priority: Priority, customer_id: int | None, deadline: float | None
    ) -> None:
        now = self._monotonic()
        patience = self._longest_wait if deadline is None else deadline
        wait = self._estimate(priority, customer_id)
        if wait > patience:
            self._refused += 1
            raise self._too_late(priority, wait, patience)
        outcome: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        waiter = _Waiter(priority, customer_id, now, now + patience, outcome)
        self._turns.add(priority, customer_id, waiter)
        self._serve()
        if not outcome.done():
            heapq.heappush(self._deadlines, (waiter.until, next(self._count), waiter))
            self._keep_watch()
            try:
                await outcome
            except asyncio.CancelledError:
                self._leave(waiter)
                raise
        if not outcome.result():
            raise self._too_late(priority, self._estimate(priority, customer_id), patience)

    def throttled(self, retry_after: float | None) -> None:
        self._throttled += 1
        self._bucket.throttle(retry_after, self._monotonic())

    def learned(self, used: int, size: int) -> None:
        self._bucket.learn(used, size, self._monotonic())

    async def single_flight(self, key: Hashable, call: Callable[[], Awaitable[T]]) -> T:
        return await self._flights.run(key, call)

    def stats(self) -> BudgetStats:
        self._bucket.has(1, self._monotonic())
        return BudgetStats(
            granted={priority: self._granted[priority] for priority in Priority},
            waiting={priority: self._turns.waiting(priority) for priority in Priority},
            waited=dict(self._waited),
            refused=self._refused,
            coalesced=self._flights.coalesced,
            throttled=self._throttled,
            available=self._bucket.free,
        )

    def _needed(self, priority: Priority) -> float:
        """Calls that must be free before one of that class may be made."""
        if priority.is_strict:
            return 1
        return 1 + min(self._wanted_reserve, int(self._bucket.capacity / 2))

    def _estimate(self, priority: Priority, customer_id: int | None) -> float:
        """Seconds until a call that came now would be made, if no others came after it."""
        ahead = self._turns.ahead(priority, customer_id)
        return self._bucket.wait_for(ahead + self._needed(priority), self._monotonic())

    def _too_late(self, priority: Priority, wait: float, patience: float) -> BudgetExceeded:
        return BudgetExceeded(
            f"{priority.name} call not sent: {wait:.1f} s in line, {patience:.1f} s allowed"
        )

    def _serve(self) -> None:
        """Grants what can be granted and ends what is too late."""
        now = self._monotonic()
        while (priority := self._turns.next_priority()) is not None:
            if not self._bucket.has(self._needed(priority), now):
                break
            waiter = self._turns.pop(priority)
            if waiter.outcome.done():  # cancelled a moment ago, and not yet out of the line
                continue
            self._bucket.take()
            self._granted[priority] += 1
            self._waited[priority] += now - waiter.since
            waiter.outcome.set_result(True)
        while self._deadlines and self._deadlines[0][0] <= now:
            waiter = heapq.heappop(self._deadlines)[2]
            if not waiter.outcome.done():
                self._turns.discard(waiter.priority, waiter.customer_id, waiter)
                self._refused += 1
                waiter.outcome.set_result(False)

    def _leave(self, waiter: _Waiter) -> None:
        """A cancelled waiter gives up its place, or the call that it has just been granted."""
        self._turns.discard(waiter.priority, waiter.customer_id, waiter)
        if not waiter.outcome.cancelled() and waiter.outcome.result():
            self._bucket.give_back(self._monotonic())
            self._granted[waiter.priority] -= 1
        self._serve()
        self._keep_watch()

    def _next_look(self) -> float:
        """The moment at which the next call is free or the next deadline passes."""
        while self._deadlines and self._deadlines[0][2].outcome.done():
            heapq.heappop(self._deadlines)
        moment = self._deadlines[0][0] if self._deadlines else math.inf
        priority = self._turns.next_priority()
        if priority is not None:
            now = self._monotonic()
            moment = min(moment, now + self._bucket.wait_for(self._needed(priority), now))
        return moment

    def _keep_watch(self) -> None:
        """Sees to it that somebody serves the line in time, as long as there is one."""
        if self._watch is not None:
            is_awake = bool(self._turns) and not self._watch.done()
            if is_awake and self._wakes_at <= self._next_look():
                return
            self._watch.cancel()
            self._watch = None
        if self._turns:
            # The line belongs to all callers, so no caller's context (log fields) goes along.
            self._watch = asyncio.get_running_loop().create_task(
                self._serve_in_time(), context=contextvars.Context()
            )

    async def _serve_in_time(self) -> None:
        while self._turns:
            self._wakes_at = self._next_look()
            await self._sleep(max(_SHORTEST_SLEEP, self._wakes_at - self._monotonic()))
            self._serve()
