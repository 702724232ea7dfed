"""Work that goes on when the page that asked for it is gone."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import structlog

_log = structlog.get_logger(__name__)
T = TypeVar("T")


class Tasks:
    """Tasks of one process. `close` lets writes finish, and then cancels the rest."""

    def __init__(self) -> None:
        self._writes: set[asyncio.Task[Any]] = set()
        self._background: set[asyncio.Task[Any]] = set()
        self._is_closed = False

    async def finish(self, write: Coroutine[Any, Any, T]) -> T:
        """Await a write that must not be torn in two when the caller goes away."""
        task = asyncio.ensure_future(write)
        self._keep(task, self._writes)
        return await asyncio.shield(task)

    def start(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Do this later on."""
        if self._is_closed:
            work.close()
            return
        self._keep(asyncio.create_task(work, name=name), self._background)

    async def close(self, patience: float = 5.0) -> None:
        """Wait `patience` seconds for writes, then cancel whatever still runs."""
        self._is_closed = True
        if self._writes:
            await asyncio.wait(self._writes, timeout=patience)
        left = [*self._writes, *self._background]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def _keep(self, task: asyncio.Future[Any], tasks: set[Any]) -> None:
        tasks.add(task)

        def done(task: asyncio.Future[Any]) -> None:
            tasks.discard(task)
            if not task.cancelled() and task.exception() and tasks is self._background:
                _log.error("A background task failed", exc_info=task.exception())

        task.add_done_callback(done)
