"""A made-up history of wishes to leave, seeded: the same at each run. Tests of the figures and of
the merchant's page look at it, each with sums of their own."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert

from app.database import Database
from app.retention.tables import flows, follow_ups

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
REASONS = {
    "too-much": ("I have too much", "skip"),
    "too-dear": ("It is too expensive", "discount"),
    "taste": ("=I do not like the taste", "swap"),
    "moving": ("I am moving", "address"),
    "other": ("Something else", None),
}
REGIONS = {"US-TX": True, "US-CA": True, "DE": False, "": False}
"""Whether something may be offered there."""


def history(size: int = 600, seed: int = 7) -> list[dict[str, Any]]:
    """Rows of `retention_flows`, each with what became of it under "is_active"."""
    chance = random.Random(seed)
    return [_row(chance, number) for number in range(size)]


def _row(chance: random.Random, number: int) -> dict[str, Any]:
    region = chance.choice(list(REGIONS))
    door = "mail" if chance.random() < 0.1 else "portal"
    may_offer = REGIONS[region] and door == "portal"
    customer_id = chance.randrange(1000, 1400)  # some come twice
    group = "hold-out" if customer_id % 4 == 0 else "offers"
    # Some begin within the last day, some on the borders of it.
    hours = chance.choice(
        [1, 23.99, 24, chance.uniform(24, 24 * 120), chance.uniform(24, 24 * 120)]
    )
    started_at = NOW - timedelta(hours=hours)
    reason = chance.choice(["", *REASONS]) if door == "portal" else ""
    text, offer = REASONS.get(reason, ("", None))
    shown = offer if may_offer and group == "offers" and chance.random() < 0.9 else None
    decision = chance.choice(["cancelled", "cancelled", "withdrawn", None, None])
    saved_by = None
    if shown and chance.random() < 0.45:
        decision, saved_by = "saved", shown
    seconds = round(chance.lognormvariate(3.2, 0.8), 1)
    likely = 0.8 if decision == "saved" else 0.05 if decision else 0.6
    is_active: dict[int, bool | None] = {}
    for days in (30, 60, 90):
        is_due = started_at + timedelta(days=days) <= NOW
        is_active[days] = chance.random() < likely if is_due and chance.random() < 0.97 else None
    return {
        "id": f"{number:032x}",
        "shop": "default",
        "customer_id": customer_id,
        "subject_kind": "membership" if chance.random() < 0.05 else "subscription",
        "subject_id": 3000 + number,
        "door": door,
        "region": region,
        "may_offer": may_offer,
        "group": group,
        "started_at": started_at,
        "open_as": None,
        "reason": reason,
        "reason_text": text,
        "comments": "call me: mara@example.com" if chance.random() < 0.2 else "",
        "offer": shown,
        "offered_at": started_at + timedelta(seconds=4) if shown else None,
        "decision": decision,
        "decided_at": started_at + timedelta(seconds=seconds) if decision else None,
        "saved_by": saved_by,
        "activity_id": f"{number:032x}"[::-1] if decision else None,
        "presses": chance.choice([2, 2, 2, 3, 4]) if door == "portal" else 0,
        "is_made_up": False,
        "is_active": is_active,
    }


async def plant(database: Database, rows: Sequence[dict[str, Any]]) -> None:
    """Put them into the database."""
    kept = [{name: row[name] for name in row if name != "is_active"} for row in rows]
    later = [
        {
            "flow_id": row["id"],
            "days": days,
            "shop": row["shop"],
            "due_at": row["started_at"] + timedelta(days=days),
            "is_active": is_active,
            "checked_at": None if is_active is None else NOW,
        }
        for row in rows
        for days, is_active in row["is_active"].items()
    ]
    async with database.begin() as connection:
        await connection.execute(insert(flows), kept)
        await connection.execute(insert(follow_ups), later)
