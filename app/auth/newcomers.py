"""Connections that have not said yet who they are.

A page in a frame without cookies can say it only in the first packet of its connection. So that
strangers do not hold connections open by the thousand, few may be in that state, and not for long:
the `Guard` cuts those that have said nothing within `PATIENCE`.
"""

from __future__ import annotations

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

Leave = Callable[[], None]
"""Gives the place back: it has said who it is, or has gone. A second time does nothing."""


class Newcomers:
    """Counts them."""

    def __init__(self) -> None:
        self._of_network: Counter[str] = Counter()

    def __len__(self) -> int:
        return self._of_network.total()

    def admit(self, network: str) -> Leave | None:
        """A place for a connection from there, or None when there is no room."""
        if len(self) >= MOST or self._of_network[network] >= MOST_OF_NETWORK:
            return None
        self._of_network[network] += 1
        is_here = True

        def leave() -> None:
            nonlocal is_here
            if is_here:
                is_here = False
                self._of_network[network] -= 1
                self._of_network += Counter()  # forgets networks of which nobody is left

        return leave
