"""The leaky bucket of one access token."""

import time
from collections.abc import Callable


class Bucket:
    """Holds so many calls and leaks so many a second; a call that does not fit is refused."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._level = 0.0
        self._at = monotonic()

    def take(self, *, size: int, rate: float) -> bool:
        """Whether one call more fits now."""
        now = self._monotonic()
        self._level = max(0.0, self._level - (now - self._at) * rate)
        self._at = now
        if self._level + 1 > size:
            return False
        self._level += 1
        return True

    def used(self) -> int:
        """Calls in the bucket, rounded up."""
        return -int(-self._level // 1)

    def clear(self) -> None:
        """Empty the bucket."""
        self._level = 0.0
