"""Work that several callers share, and work that nobody waits for."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Hashable
from typing import Any, Final, TypeVar

import structlog

from app.mirror.errors import MirrorError
from app.recharge import RechargeError

_log = structlog.get_logger(__name__)

T = TypeVar("T")

PAUSE_SECONDS: Final = 60.0
"""After a failure in the background, how long the same work is left alone."""

_MOST_PAUSES: Final = 10_000


class Tasks:
    """Runs each piece of work once at a time."""

    def __init__(self, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._shared: dict[Hashable, asyncio.Task[Any]] = {}
        self._background: dict[Hashable, asyncio.Task[None]] = {}
        self._paused: dict[Hashable, float] = {}

    async def once(self, key: Hashable, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """The answer of `work`, shared by all who ask for the same key meanwhile.

        A caller that gives up does not stop it for the others.
        """
        task = self._shared.get(key)
        if task is None:
            task = self._shared[key] = asyncio.create_task(work())
            task.add_done_callback(lambda done: self._finish(key, done))
        return await asyncio.shield(task)

    def start(
        self, key: Hashable, work: Callable[[], Awaitable[object]], *, is_asked: bool = False
    ) -> None:
        """Do `work` in the background, unless it runs already or has failed a moment ago; where
        somebody has asked for another try, also then.

        Failures are logged.
        """
        is_paused = self._monotonic() < self._paused.get(key, 0.0) and not is_asked
        if key in self._background or is_paused:
            return
        self._background[key] = asyncio.create_task(self._run(key, work))

    def is_running(self, key: Hashable) -> bool:
        """Whether work is being done in the background under this key."""
        return key in self._background

    async def settled(self) -> None:
        """Returns when no work is under way."""
        while running := [*self._background.values(), *self._shared.values()]:
            await asyncio.wait(running)

    async def close(self) -> None:
        """Stop all work."""
        running = [*self._background.values(), *self._shared.values()]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def _finish(self, key: Hashable, task: asyncio.Task[Any]) -> None:
        self._shared.pop(key, None)
        if not task.cancelled():
            task.exception()  # all who asked may have gone: then nobody else looks at it

    async def _run(self, key: Hashable, work: Callable[[], Awaitable[object]]) -> None:
        try:
            await work()
            self._paused.pop(key, None)
        except (RechargeError, MirrorError) as error:
            self._pause(key)
            _log.warning("work in the background failed", work=key, error=str(error))
        except Exception:
            self._pause(key)
            _log.exception("work in the background failed", work=key)
        finally:
            self._background.pop(key, None)

    def _pause(self, key: Hashable) -> None:
        if len(self._paused) >= _MOST_PAUSES:
            self._paused.pop(next(iter(self._paused)))
        self._paused[key] = self._monotonic() + PAUSE_SECONDS


async def together(*calls: Awaitable[T]) -> list[T]:
    """All answers. The first failure stops the other calls and is raised as it is."""
    tasks = [asyncio.ensure_future(call) for call in calls]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
