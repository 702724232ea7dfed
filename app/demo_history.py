"""A made-up past for the demo: wishes to leave, so that the merchant's page has something to show.

No customer of the demo has any of them, and the page says that they are made up.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import insert, select

from app.database import Database
from app.retention import Decision, Group, Incentive, Reason, rules_of
from app.retention.flows import FOLLOWED_UP
from app.retention.tables import flows, follow_ups

WISHES: Final = 480
_DAYS: Final = 240
"""How far back they go."""
_CUSTOMERS: Final = (900_001, 900_420)
"""Numbers that no customer of the demo has. Some of them want to leave twice."""
_PLACES: Final = (
    *[("US", "Texas")] * 4,
    *[("US", "Ohio")] * 3,
    ("US", "California"),
    ("GB", ""),
    ("DE", ""),
    ("FR", ""),
)
_STAYS: Final = {
    Incentive.SKIP: 0.44,
    Incentive.DELAY: 0.4,
    Incentive.PAUSE: 0.48,
    Incentive.SWAP: 0.26,
    Incentive.DISCOUNT: 0.35,
    Incentive.RHYTHM: 0.37,
    Incentive.GIFT: 0.08,
    Incentive.ADDRESS: 0.55,
}
"""How many take an offer up, in this tale."""


async def plant_history(
    database: Database, reasons: Sequence[Reason], now: datetime, shop: str = "default"
) -> None:
    """Plant the past, unless there is one already. It is the same for every new demo."""
    made_up = select(flows.c.id).where(flows.c.shop == shop, flows.c.is_made_up).limit(1)
    async with database.begin() as connection:
        if (await connection.execute(made_up)).first():
            return
        chance = random.Random(20)  # noqa: S311 - the same tale each time
        rows = [_wish(chance, number, reasons, now, shop) for number in range(WISHES)]
        await connection.execute(insert(flows), rows)
        later = [each for row in rows for each in _later(chance, row, now)]
        await connection.execute(insert(follow_ups), later)


def _wish(
    chance: random.Random, number: int, reasons: Sequence[Reason], now: datetime, shop: str
) -> dict[str, Any]:
    rules = rules_of(*chance.choice(_PLACES))
    door = "mail" if rules.without_sign_in and chance.random() < 0.3 else "portal"
    may_offer = rules.may_offer and door == "portal"
    customer_id = chance.randint(*_CUSTOMERS)
    group = Group.HOLD_OUT if customer_id % 4 == 0 else Group.OFFERS
    started_at = now - timedelta(days=chance.uniform(1.5, _DAYS))
    asked = reasons if door == "portal" and chance.random() < 0.85 else ()
    # The first reasons are given most.
    weights = [1 / (place + 1.5) for place in range(len(asked))]
    reason = chance.choices(asked, weights)[0] if asked else None
    offer = reason.incentive if reason and may_offer and group is Group.OFFERS else None
    decision = chance.choices([Decision.CANCELLED, None], [0.78, 0.22])[0]
    saved_by = None
    if offer in _STAYS and chance.random() < _STAYS[offer]:
        decision, saved_by = Decision.SAVED, offer
    seconds = math.exp(chance.gauss(3.1, 0.6))
    presses = (2 if reason is None else 3) + (chance.random() < 0.1)
    return {
        "id": f"{number:08x}".rjust(32, "d"),
        "shop": shop,
        "customer_id": customer_id,
        "subject_kind": "subscription",
        "subject_id": 900_000 + number,
        "door": door,
        "region": rules.region,
        "may_offer": may_offer,
        "group": group,
        "started_at": started_at,
        "open_as": None,
        "reason": reason.key if reason else "",
        "reason_text": reason.for_merchant if reason else "",
        "comments": "",
        "offer": offer,
        "offered_at": started_at + timedelta(seconds=seconds / 2) if offer else None,
        "decision": decision,
        "decided_at": started_at + timedelta(seconds=seconds) if decision else None,
        "saved_by": saved_by,
        "activity_id": None,
        "presses": presses if door == "portal" else 0,
        "is_made_up": True,
    }


def _later(chance: random.Random, row: Mapping[str, Any], now: datetime) -> list[dict[str, Any]]:
    """Who stayed leaves little by little, and a few come back."""
    stays = {Decision.SAVED: 0.93, Decision.CANCELLED: 0.0, None: 0.85}[row["decision"]]
    is_active = chance.random() < stays
    found = []
    for days in FOLLOWED_UP:
        is_active = chance.random() < (0.9 if is_active else 0.04)
        due_at = row["started_at"] + timedelta(days=days)
        is_due = due_at <= now
        found.append(
            {
                "flow_id": row["id"],
                "days": days,
                "shop": row["shop"],
                "due_at": due_at,
                "is_active": is_active if is_due else None,
                "checked_at": due_at if is_due else None,
            }
        )
    return found
