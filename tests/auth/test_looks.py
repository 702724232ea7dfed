"""A look is a session with a name, a reason and an end, and a record that stays."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from app.actions import Acting, Level
from app.actions.tables import activities
from app.auth import Looks, MerchantSessions, Sessions
from app.auth.looks import KEPT_FOR
from app.auth.tables import looks as table
from app.auth.tables import merchant_sessions
from app.database import Database
from tests.auth.world import JONAS, MARA, StandingClock, make_settings

WORD = "a-word-of-the-shop-s-people"


def make_looks(
    database: Database, sessions: Sessions, clock: StandingClock, word: str = WORD, **set: object
) -> Looks:
    return Looks(database, sessions, word, make_settings(support_minutes=20, **set), clock)


@pytest.fixture
def looks(database: Database, sessions: Sessions, clock: StandingClock) -> Looks:
    return make_looks(database, sessions, clock, support_may_change=True)


async def test_a_look_changes_nothing_and_is_kept(
    looks: Looks, sessions: Sessions, clock: StandingClock
) -> None:
    cookie = await looks.start(MARA, name="Noor", reason="ticket 12")
    principal = await sessions.read(cookie)
    assert principal is not None
    assert (principal.customer_id, principal.method) == (MARA, "merchant")
    assert principal.acting is Acting.LOOKING
    assert not principal.may_change
    [look] = await looks.latest(50)
    assert (look.customer_id, look.name, look.reason) == (MARA, "Noor", "ticket 12")
    assert (look.started_at, look.until) == (clock(), clock() + timedelta(minutes=20))
    assert look.ended_at is None
    assert await looks.of(principal.session) == look


async def test_a_look_ends_by_itself(
    looks: Looks, sessions: Sessions, clock: StandingClock
) -> None:
    cookie = await looks.start(MARA, name="Noor", reason="ticket 12")
    clock.move(minutes=19)
    assert await sessions.read(cookie)
    clock.move(minutes=1)
    assert await sessions.read(cookie) is None
    [look] = await looks.latest(50)
    assert look.ended_at is None, "nobody left it"


async def test_leaving_is_kept(looks: Looks, sessions: Sessions, clock: StandingClock) -> None:
    cookie = await looks.start(MARA, name="Noor", reason="ticket 12")
    principal = await sessions.read(cookie)
    assert principal is not None
    clock.move(minutes=3)
    await sessions.end(principal.session)
    [look] = await looks.latest(50)
    assert look.ended_at == clock()


async def test_another_look_in_the_same_browser_ends_the_first(
    looks: Looks, sessions: Sessions, clock: StandingClock
) -> None:
    first = await looks.start(MARA, name="Noor", reason="one")
    clock.move(minutes=1)
    await looks.start(JONAS, name="Noor", reason="two", replacing=first)
    assert await sessions.read(first) is None
    two, one = await looks.latest(50)
    assert (two.reason, two.ended_at) == ("two", None)
    assert (one.reason, one.ended_at) == ("one", clock())


async def test_a_look_takes_no_place_of_the_customers(looks: Looks, sessions: Sessions) -> None:
    own = [(await sessions.start(MARA, method="link"))[0] for _ in range(5)]
    for number in range(6):
        await looks.start(MARA, name="Noor", reason=f"look {number}")
    assert all([await sessions.read(cookie) for cookie in own])
    mine = await sessions.read(own[0])
    assert mine is not None
    assert len(await sessions.devices(mine)) == 5


async def test_acting_is_a_look_of_its_own_and_ends_with_the_first(
    looks: Looks, sessions: Sessions, clock: StandingClock
) -> None:
    first = await looks.start(MARA, name="Noor", reason="ticket 12")
    principal = await sessions.read(first)
    assert principal is not None
    clock.move(minutes=15)
    second = await looks.change(principal, replacing=first)
    assert second is not None
    assert await sessions.read(first) is None
    acting = await sessions.read(second)
    assert acting is not None
    assert acting.acting is Acting.BEHALF
    assert acting.may_change
    assert acting.session != principal.session
    behalf, look = await looks.latest(50)
    assert (behalf.acting, behalf.reason) == (Acting.BEHALF, "ticket 12")
    assert look.ended_at == behalf.started_at == clock()
    assert behalf.until == look.until, "no press makes it longer"
    assert await looks.change(acting) is None
    clock.move(minutes=5)
    assert await sessions.read(second) is None


async def test_acting_needs_the_setting(
    database: Database, sessions: Sessions, clock: StandingClock
) -> None:
    looks = make_looks(database, sessions, clock)
    cookie = await looks.start(MARA, name="Noor", reason="ticket 12")
    principal = await sessions.read(cookie)
    assert principal is not None
    assert await looks.change(principal, replacing=cookie) is None
    assert await sessions.read(cookie) == principal, "the look goes on"


async def test_a_customers_own_session_becomes_no_look(looks: Looks, sessions: Sessions) -> None:
    _, own = await sessions.start(MARA, method="link", level=Level.CODE)
    assert await looks.change(own) is None
    assert await looks.of(own.session) is None


async def test_another_word_ends_what_the_first_has_opened(
    database: Database, sessions: Sessions, clock: StandingClock, looks: Looks
) -> None:
    cookie = await looks.start(MARA, name="Noor", reason="ticket 12")
    await looks.start_up()
    assert await sessions.read(cookie), "the same word, after a restart"
    other = make_looks(database, sessions, clock, "another-word-of-the-shop-s-people")
    principal = await sessions.read(cookie)
    assert principal is not None
    assert await other.of(principal.session) is None
    await other.start_up()
    assert await sessions.read(cookie) is None


async def test_without_the_setting_acting_ends_at_the_next_start(
    database: Database, sessions: Sessions, clock: StandingClock, looks: Looks
) -> None:
    first = await looks.start(MARA, name="Noor", reason="ticket 12")
    principal = await sessions.read(first)
    assert principal is not None
    acting = await looks.change(principal)
    looking = await looks.start(JONAS, name="Noor", reason="ticket 13")
    await make_looks(database, sessions, clock).start_up()
    assert await sessions.read(acting) is None
    assert await sessions.read(looking)


async def test_what_was_changed_is_counted(
    database: Database, looks: Looks, sessions: Sessions, clock: StandingClock
) -> None:
    principal = await sessions.read(await looks.start(MARA, name="Noor", reason="ticket 12"))
    assert principal is not None
    clock.move(minutes=1)
    acting = await sessions.read(await looks.change(principal))
    assert acting is not None
    for number, state in enumerate(("running", "done", "running")):
        row = {
            "activity_id": "ab"[number // 2] * 32, "shop": "default", "customer_id": MARA,
            "at": clock(), "method": "merchant", "level": 2, "session": acting.session,
            "action": "skip delivery", "object": "address 201", "input": {}, "result": state,
            "text": {},
        }  # fmt: skip
        async with database.begin() as connection:
            await connection.execute(insert(activities).values(row))
    behalf, look = await looks.latest(50)
    assert (behalf.changes, look.changes) == (2, 0)


async def test_the_record_is_kept_for_two_years(
    database: Database, looks: Looks, clock: StandingClock
) -> None:
    await looks.start(MARA, name="Noor", reason="old")
    clock.now += KEPT_FOR
    await looks.start(MARA, name="Noor", reason="newer")
    assert [look.reason for look in await looks.latest(50)] == ["newer", "old"]
    clock.move(seconds=1)
    await looks.start(MARA, name="Noor", reason="newest")
    assert [look.reason for look in await looks.latest(50)] == ["newest", "newer"]


async def test_a_stolen_word_does_not_open_the_whole_shop(
    looks: Looks, clock: StandingClock
) -> None:
    asked = [await looks.refused_until() for _ in range(121)]
    assert asked[:120] == [None] * 120
    assert asked[120] is not None
    clock.move(hours=1)
    assert await looks.refused_until() is None


async def test_nothing_of_a_word_or_a_cookie_is_kept(database: Database, looks: Looks) -> None:
    cookie = await looks.start(MARA, name="Noor", reason="ticket 12")
    async with database.read() as connection:
        row = (await connection.execute(select(table))).one()
    assert WORD not in str(row)
    assert cookie not in str(row)


async def test_who_signs_in_has_a_name(database: Database, clock: StandingClock) -> None:
    people = MerchantSessions(database, WORD, clock)
    cookie, nameless = await asyncio.gather(people.start(WORD, "Noor"), people.start(WORD))
    assert await people.name(cookie) == "Noor"
    assert await people.name(nameless) == ""
    assert await people.is_signed_in(nameless)
    other = MerchantSessions(database, "the-merchant-s-own-word-for-figures", clock)
    assert await other.name(cookie) is None, "each word opens its own door"
    long = await people.start(WORD, "x" * 200)
    assert await people.name(long) == "x" * 80
    async with database.read() as connection:
        assert len((await connection.execute(select(merchant_sessions))).all()) == 3
