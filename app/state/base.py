"""What all states share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Self

from app.state.signal import Signal


class State:
    """Something on screen. `changed` is emitted after every change; then draw again.

    `is_busy` is true while the customer's last press is being worked on: disable the buttons.
    """

    def __init__(self) -> None:
        self.changed = Signal()
        self.is_busy = False

    def offers(self, key: str, is_possible: Callable[[Self], bool]) -> bool:
        """Whether to offer the customer what is called `key`, asking `is_possible`."""
        return is_possible(self)

    def close(self) -> None:
        """Nobody looks at this any more."""
        self.changed.clear()
