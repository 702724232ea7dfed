"""Connections that have not said yet who they are.

A page in a frame without cookies can say it only in the first packet of its connection. So that
strangers do not hold connections open by the thousand, few may be in that state, and not for long.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from typing import Final

PATIENCE: Final = 10.0
"""Seconds within which a connection must say who it is."""

MOST: Final = 500
"""Such connections of one process. A page says who it is within a moment, so that a restart, after
which all of them connect again, is over in seconds."""

MOST_OF_NETWORK: Final = 20
"""Such connections of one network (`app.auth.network`)."""


class Newcomer:
    """The place of one such connection."""

    def __init__(self, network: str, until: float) -> None:
        self.network = network
        self.until = until


class Newcomers:
    """Counts them. A place is given back by `leave`, or by itself after `PATIENCE`."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._waiting: dict[Newcomer, None] = {}  # in the order of coming
        self._of_network: Counter[str] = Counter()

    def admit(self, network: str) -> Newcomer | None:
        """A place for a connection from there, or None when there is no room."""
        now = self._monotonic()
        for waiting in list(self._waiting):
            if waiting.until > now:
                break
            self.leave(waiting)
        if len(self._waiting) >= MOST or self._of_network[network] >= MOST_OF_NETWORK:
            return None
        newcomer = Newcomer(network, now + PATIENCE)
        self._waiting[newcomer] = None
        self._of_network[network] += 1
        return newcomer

    def leave(self, newcomer: Newcomer) -> None:
        """It has said who it is."""
        if newcomer not in self._waiting:
            return
        del self._waiting[newcomer]
        self._of_network[newcomer.network] -= 1
        if not self._of_network[newcomer.network]:
            del self._of_network[newcomer.network]
