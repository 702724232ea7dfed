"""The time, as everything here is given it: tests and the demo bring a clock that can be moved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""The present moment, aware and in UTC."""


def utc_now() -> datetime:
    """The real time."""
    return datetime.now(UTC)
