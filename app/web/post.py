"""What is done for a stranger after the answer has gone out, so that the answer tells nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine

import structlog

_log = structlog.get_logger(__name__)

_MOST_WAITING = 500
_AT_ONCE = 8
_SECONDS = 60.0


class Post:
    """Work in the background: looking somebody up, and mailing them what they asked for.

    Call `settle` when the service stops.
    """

    def __init__(self) -> None:
        self._waiting: set[asyncio.Task[None]] = set()
        self._turns = asyncio.Semaphore(_AT_ONCE)

    def start(self, what: str, work: Coroutine[None, None, str]) -> bool:
        """Start on it; False when far too many are waiting already.

        what: what is to be sent, for the log
        work: gives why nothing was sent, for the log; an empty text when it was
        """
        if len(self._waiting) >= _MOST_WAITING:
            work.close()
            _log.error(f"{what} refused", reason="too many are waiting")
            return False
        task = asyncio.create_task(self._do(what, work))
        self._waiting.add(task)
        task.add_done_callback(self._waiting.discard)
        return True

    async def settle(self) -> None:
        """Wait until everything asked for has been sent or given up."""
        while self._waiting:
            await asyncio.gather(*self._waiting)

    async def _do(self, what: str, work: Coroutine[None, None, str]) -> None:
        try:
            async with self._turns, asyncio.timeout(_SECONDS):
                reason = await work
            if reason:
                _log.info(f"{what} not sent", reason=reason)
            else:
                _log.info(f"{what} sent")
        except Exception as error:
            # Nobody waits for this task: what fails here is only known from the log.
            _log.error(f"{what} not sent", reason=type(error).__name__)
        finally:
            work.close()
