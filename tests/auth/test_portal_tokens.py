"""The Theme Engine's tokens: for one customer, for twelve hours, for one session."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text

from app.auth import PortalTokens, Sessions, new_secret
from app.database import Database
from tests.auth.world import HASHES, JONAS, MARA, StandingClock, find_by_hash, make_settings


@pytest.fixture
def tokens(database: Database, sessions: Sessions, clock: StandingClock) -> PortalTokens:
    return PortalTokens(database, sessions, find_by_hash, clock)


async def test_a_token_is_exchanged_for_a_session(tokens: PortalTokens, sessions: Sessions) -> None:
    token = await tokens.issue(MARA)

    cookie = await tokens.exchange(token, HASHES[MARA])

    principal = await sessions.read(cookie)
    assert principal is not None
    assert (principal.customer_id, principal.method) == (MARA, "theme token")


async def test_a_token_is_exchanged_once(database_url: str) -> None:
    database = Database(database_url)
    await database.upgrade()
    sessions = Sessions(database, make_settings())
    tokens = PortalTokens(database, sessions, find_by_hash)
    token = await tokens.issue(MARA)

    cookies = await asyncio.gather(*(tokens.exchange(token, HASHES[MARA]) for _ in range(8)))

    assert len([cookie for cookie in cookies if cookie]) == 1
    assert await tokens.exchange(token, HASHES[MARA]) is None
    await database.close()


async def test_hash_and_token_belong_together(tokens: PortalTokens) -> None:
    token = await tokens.issue(MARA)

    for other in (HASHES[JONAS], str(MARA), "", "101" + "f0" * 8, HASHES[MARA].upper(), "%"):
        assert await tokens.exchange(token, other) is None

    assert await tokens.exchange(token, HASHES[MARA]) is not None  # and nothing was used up


async def test_a_token_ends_after_twelve_hours(tokens: PortalTokens, clock: StandingClock) -> None:
    late, in_time = await tokens.issue(MARA), await tokens.issue(MARA)
    clock.move(hours=11, minutes=59)
    assert await tokens.exchange(in_time, HASHES[MARA]) is not None

    clock.move(minutes=1)
    assert await tokens.exchange(late, HASHES[MARA]) is None


async def test_forged_tokens_look_nobody_up(
    database: Database, sessions: Sessions, clock: StandingClock
) -> None:
    asked: list[str] = []

    async def find(customer_hash: str) -> int | None:
        asked.append(customer_hash)
        return MARA

    tokens = PortalTokens(database, sessions, find, clock)
    await tokens.issue(MARA)

    for forged in (new_secret(), "", "x", "A" * 43):
        assert await tokens.exchange(forged, HASHES[MARA]) is None
    assert not await tokens.belongs(HASHES[JONAS], MARA)

    assert asked == []


async def test_the_database_never_holds_a_token(tokens: PortalTokens, database: Database) -> None:
    token = await tokens.issue(MARA, purpose="login")

    async with database.read() as connection:
        kept = (await connection.execute(text("SELECT * FROM portal_tokens"))).all()

    assert token not in repr(kept)
    assert "login" in repr(kept)


async def test_a_spent_token_opens_nothing(tokens: PortalTokens) -> None:
    token = await tokens.issue(MARA)
    await tokens.spend(token)
    await tokens.spend("nonsense")

    assert await tokens.exchange(token, HASHES[MARA]) is None
