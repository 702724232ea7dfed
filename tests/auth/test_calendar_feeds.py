"""Addresses for calendars: one a customer, kept as a digest only."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from app.auth import CalendarFeeds
from app.auth.tables import calendar_feeds
from app.database import Database
from tests.actions.shop import signed_in
from tests.auth.world import JONAS, MARA, StandingClock, new_database

HERS, HIS = signed_in(MARA), signed_in(JONAS)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = await new_database(tmp_path)
    yield database
    await database.close()


async def test_an_address_leads_to_its_customer_alone(database: Database) -> None:
    feeds = CalendarFeeds(database, StandingClock())
    assert await feeds.find(HERS) is None
    hers, his = await feeds.make(HERS), await feeds.make(HIS)
    assert await feeds.customer_of(hers) == MARA
    assert await feeds.customer_of(his) == JONAS
    assert await feeds.customer_of("x" * 43) is None
    assert await feeds.customer_of("") is None


async def test_the_secret_is_not_kept(database: Database) -> None:
    secret = await CalendarFeeds(database).make(HERS)
    async with database.read() as connection:
        (row,) = (await connection.execute(select(calendar_feeds))).all()
    assert len(secret) == 43
    assert secret not in repr(row)
    assert len(row.digest) == 64


async def test_a_new_address_ends_the_one_before(database: Database) -> None:
    clock = StandingClock()
    feeds = CalendarFeeds(database, clock)
    before = await feeds.make(HERS)
    await feeds.customer_of(before)
    clock.move(days=1)
    after = await feeds.make(HERS)
    assert await feeds.customer_of(before) is None
    found = await feeds.find(HERS)
    assert found is not None
    assert found.made_at == clock.now
    assert found.last_used_at is None, "nobody has asked for the new one"
    assert await feeds.customer_of(after) == MARA


async def test_a_revoked_address_leads_nowhere(database: Database) -> None:
    feeds = CalendarFeeds(database)
    secret, his = await feeds.make(HERS), await feeds.make(HIS)
    await feeds.revoke(HERS)
    assert await feeds.customer_of(secret) is None
    assert await feeds.find(HERS) is None
    assert await feeds.customer_of(his) == JONAS


async def test_the_last_use_is_kept(database: Database) -> None:
    clock = StandingClock()
    feeds = CalendarFeeds(database, clock)
    secret = await feeds.make(HERS)
    for minutes in (0, 1, 10):
        clock.move(minutes=minutes)
        await feeds.customer_of(secret)
    found = await feeds.find(HERS)
    assert found is not None
    assert found.last_used_at == clock.now


async def test_an_address_of_another_shop_leads_nowhere(database: Database) -> None:
    secret = await CalendarFeeds(database, shop="one").make(HERS)
    assert await CalendarFeeds(database, shop="other").customer_of(secret) is None
