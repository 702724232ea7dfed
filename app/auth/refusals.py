"""What was refused: a line in the log and a count for the monitoring, always both."""

from __future__ import annotations

from typing import Any, Literal

import structlog

from app.meters import REFUSALS

_log = structlog.get_logger(__name__)


def refused(
    what: Literal["request", "socket", "packet"],
    reason: str,
    *,
    is_our_fault: bool = False,
    **more: Any,
) -> None:
    """Tell of a refusal.

    reason: one of a few constants, since the monitoring keeps a count for each
    more:   for the log alone; nothing that somebody sent
    """
    REFUSALS.labels(what, reason).inc()
    tell = _log.error if is_our_fault else _log.warning
    tell(f"{what} refused", reason=reason, **more)
