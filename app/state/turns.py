"""What the passing of time means for an open page."""

from __future__ import annotations

import asyncio
from datetime import UTC
from typing import TYPE_CHECKING

import structlog

from app.actions import Services
from app.mirror import MirrorError
from app.recharge import Priority, RechargeError

if TYPE_CHECKING:
    from app.state.portal import Portal

_log = structlog.get_logger(__name__)

LOOK_EVERY = 60.0
"""Seconds between two looks at the clock: it can be moved."""


async def keep_time(portal: Portal) -> None:
    """Turn the page when another day begins or a cut-off passes, until this is cancelled.

    A new day is also read from Recharge, once: what was due yesterday may be an order by now.
    """
    services, seen = portal.services, portal.situation
    today, holds_until = seen.today, seen.holds_until
    while True:
        left = (holds_until.astimezone(UTC) - services.clock()).total_seconds()
        await asyncio.sleep(min(max(left, 0.0), LOOK_EVERY))
        now = portal.situation
        if now.holds_until == holds_until:
            continue
        is_new_day, today, holds_until = now.today != today, now.today, now.holds_until
        portal.turn()
        if is_new_day:
            services.tasks.start(
                _read(services, portal.principal.customer_id),
                name=f"new day of customer {portal.principal.customer_id}",
            )


async def _read(services: Services, customer_id: int) -> None:
    """Read the customer's records. The page hears of it as of all news; a failure changes nothing,
    and the mirror repairs an old copy anyway."""
    try:
        await services.mirror.customer(customer_id).refresh(priority=Priority.REPAIR)
    except (RechargeError, MirrorError) as error:
        _log.warning("a new day could not be read", customer_id=customer_id, error=str(error))
