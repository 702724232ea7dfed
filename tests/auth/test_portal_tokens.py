"""The Theme Engine's tokens: for one customer and one purpose, for hours or for minutes."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.actions import Level
from app.auth import GoodToken, PortalTokens, Purpose, Sessions, new_secret
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
    assert principal.level is Level.LINK


async def test_a_notification_works_again_and_again_and_its_own_token_once(
    tokens: PortalTokens, sessions: Sessions
) -> None:
    notify, login = await tokens.issue(MARA), await tokens.issue(MARA, purpose="login")

    assert len({await tokens.exchange(notify, HASHES[MARA]) for _ in range(3)} - {None}) == 3

    principal = await sessions.read(await tokens.exchange(login, HASHES[MARA]))
    assert principal is not None
    assert (principal.method, principal.level) == ("link", Level.CODE)
    assert await tokens.exchange(login, HASHES[MARA]) is None


async def test_looking_uses_nothing_up(tokens: PortalTokens) -> None:
    token = await tokens.issue(MARA, purpose="login")
    for _ in range(3):
        assert await tokens.find(token, HASHES[MARA]) == GoodToken(MARA, "login")
    assert await tokens.find(token, HASHES[JONAS]) is None
    assert await tokens.exchange(token, HASHES[MARA]) is not None
    assert await tokens.find(token, HASHES[MARA]) is None


async def test_a_token_is_exchanged_once(database_url: str) -> None:
    database = Database(database_url)
    await database.upgrade()
    sessions = Sessions(database, make_settings())
    tokens = PortalTokens(database, sessions, find_by_hash)
    token = await tokens.issue(MARA, purpose="login")

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


@pytest.mark.parametrize(("purpose", "minutes"), [("notify", 12 * 60), ("login", 15)])
async def test_no_token_is_good_for_longer_than_its_purpose(
    tokens: PortalTokens, clock: StandingClock, purpose: Purpose, minutes: int
) -> None:
    long = await tokens.issue(MARA, purpose=purpose, valid_for=timedelta(days=9))
    short = await tokens.issue(MARA, purpose=purpose, valid_for=timedelta(minutes=5))
    clock.move(minutes=5)
    assert await tokens.find(short, HASHES[MARA]) is None
    clock.move(minutes=minutes - 5, seconds=-1)
    assert await tokens.find(long, HASHES[MARA]) is not None
    clock.move(seconds=1)
    assert await tokens.find(long, HASHES[MARA]) is None


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
    token, notify = await tokens.issue(MARA, purpose="login"), await tokens.issue(MARA)
    await tokens.spend(token)
    await tokens.spend(notify)
    await tokens.spend("nonsense")

    assert await tokens.exchange(token, HASHES[MARA]) is None
    assert await tokens.exchange(notify, HASHES[MARA]) is not None
