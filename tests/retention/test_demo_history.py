"""The demo's made-up past: said to be so, planted once, and of no customer of the demo."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from app.database import Database
from app.demo_history import WISHES, plant_history
from app.retention import DEFAULT_REASONS, Choice, Flows, History, Plan, Subject
from app.retention.tables import flows
from app.sandbox.seed import STORIES
from tests.retention.made_up import NOW


async def test_a_new_demo_has_a_past_that_shows_something(database_url: str) -> None:
    database = Database(database_url)
    await database.upgrade()
    mine = Flows(database, lambda: NOW - timedelta(days=400))
    own = await mine.open(Subject("subscription", 301), customer_id=101, region="US", plan=Plan())
    for _ in range(2):
        await plant_history(database, DEFAULT_REASONS, NOW)
    since = Choice(since=NOW - timedelta(days=365))
    figures = await History(database).figures(since, NOW)
    assert figures.is_made_up
    assert figures.outcomes.opened == WISHES
    assert figures.outcomes.open == 0
    assert len(figures.reasons) == len(DEFAULT_REASONS)
    assert all(kept.is_enough for kept in figures.kept)
    async with database.read() as connection:
        query = select(flows.c.id, flows.c.is_made_up, flows.c.customer_id)
        rows = (await connection.execute(query)).all()
    assert {row.id for row in rows if not row.is_made_up} == {own.id}
    customers = {row.customer_id for row in rows if row.is_made_up}
    assert not customers & {number for number, _ in STORIES}
    await database.close()


async def test_a_shop_that_asks_for_no_reason_has_a_past_too(database_url: str) -> None:
    database = Database(database_url)
    await database.upgrade()
    await plant_history(database, (), NOW)
    figures = await History(database).figures(Choice(), NOW)
    assert figures.outcomes.opened == WISHES
    assert figures.outcomes.reasoned == figures.outcomes.offered == 0
    await database.close()
