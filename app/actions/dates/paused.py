"""Which subscriptions pause: told from the record, since Recharge has no such status.

A subscription counts as paused while its next date is the one that a pause, made here, has given
it. When it is moved or resumed, the date is another one, and the pause is over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from app.actions.claim import Result
from app.actions.dates.pauses import PauseSubscription
from app.actions.principal import Principal
from app.actions.services import Services
from app.actions.tables import activities


@dataclass(frozen=True, slots=True)
class Pause:
    """A pause as it was made.

    until:   the date on which the subscription goes on
    planned: the date on which it would have come; None where that is not known
    """

    until: date
    planned: date | None = None


async def pauses(services: Services, principal: Principal) -> dict[int, Pause]:
    """The customer's newest pause of each subscription, by its id."""
    query = (
        select(activities.c.input, activities.c.before)
        .where(
            activities.c.customer_id == principal.customer_id,
            activities.c.action == PauseSubscription.name,
            activities.c.result == Result.DONE,
        )
        .order_by(activities.c.row_id)
    )
    found: dict[int, Pause] = {}
    async with services.database.read() as connection:
        for row in await connection.execute(query):
            made = PauseSubscription.model_validate(row.input, strict=False)
            found[made.subscription_id] = Pause(made.until, _planned(made, row.before))
    return found


def _planned(made: PauseSubscription, before: Mapping[str, Any] | None) -> date | None:
    if made.from_date is not None:
        return made.from_date
    try:
        return date.fromisoformat((before or {}).get("date", ""))
    except ValueError:
        return None
