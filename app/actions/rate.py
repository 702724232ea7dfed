"""A limit on how many changes one customer may ask for, against a stuck key or a script."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from app.actions.errors import TooMany

WINDOW = 60.0
"""Seconds over which changes are counted."""


class WriteRate:
    """Counts each customer's writes in this process over the last minute."""

    def __init__(self, limit: int, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._limit = limit
        self._monotonic = monotonic
        self._writes: dict[int, deque[float]] = {}

    def take(self, customer_id: int) -> None:
        """Count one write.

        Raises:
            TooMany: the limit is reached; `retry_after` says for how long.
        """
        now = self._monotonic()
        self._forget(now)
        writes = self._writes.setdefault(customer_id, deque())
        if len(writes) >= self._limit:
            raise TooMany(
                f"customer {customer_id}: {self._limit} writes in {WINDOW:.0f} s",
                retry_after=writes[0] + WINDOW - now,
            )
        writes.append(now)

    def _forget(self, now: float) -> None:
        for customer_id, writes in list(self._writes.items()):
            while writes and writes[0] <= now - WINDOW:
                writes.popleft()
            if not writes:
                del self._writes[customer_id]
