"""What all states share."""

from __future__ import annotations

from app.state.signal import Signal


class State:
    """Something on screen. `changed` is emitted after every change; then draw again.

    `is_busy` is true while the customer's last press is being worked on: disable the buttons.
    """

    def __init__(self) -> None:
        self.changed = Signal()
        self.is_busy = False

    def close(self) -> None:
        """Nobody looks at this any more."""
        self.changed.clear()
