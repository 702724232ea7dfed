"""Equal reads at the same time become one call."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")


class _Flight:
    def __init__(self, task: asyncio.Task[Any]) -> None:
        self.task = task
        self.readers = 0


class SingleFlight:
    """Runs one call for all who ask for the same key while it is under way.

    Nothing is kept: who asks after the answer has come starts a new call.
    """

    def __init__(self) -> None:
        self._flights: dict[Hashable, _Flight] = {}
        self.coalesced = 0
        """Reads that were answered by a call of somebody else."""

    async def run(self, key: Hashable, call: Callable[[], Awaitable[T]]) -> T:
        """The answer of `call`, or its error, which all readers of the key share.

        The call belongs to no reader: one who is cancelled leaves the others undisturbed. When
        the last one has left, the call is cancelled.
        """
        flight = self._flights.get(key)
        if flight is None:
            flight = self._start(key, call)
        else:
            self.coalesced += 1
        flight.readers += 1
        try:
            await asyncio.wait((flight.task,))
        finally:
            flight.readers -= 1
            if not flight.readers and not flight.task.done():
                self._forget(key, flight)
                flight.task.cancel()
        answer: T = flight.task.result()
        return answer

    def _start(self, key: Hashable, call: Callable[[], Awaitable[T]]) -> _Flight:
        async def fly() -> T:
            return await call()

        flight = _Flight(asyncio.get_running_loop().create_task(fly()))
        self._flights[key] = flight
        flight.task.add_done_callback(lambda task: self._landed(key, flight))
        return flight

    def _landed(self, key: Hashable, flight: _Flight) -> None:
        self._forget(key, flight)
        if not flight.task.cancelled():
            flight.task.exception()  # read it, or asyncio reports an error that nobody waits for

    def _forget(self, key: Hashable, flight: _Flight) -> None:
        if self._flights.get(key) is flight:
            del self._flights[key]
