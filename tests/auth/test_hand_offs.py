"""A code hands a sign-in over, once, within a minute."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from app.actions import Acting, Level
from app.auth import HandOffs, Sessions, SingleUse
from app.database import Database
from tests.auth.world import MARA, StandingClock


@pytest.fixture
def hand_offs(database: Database, sessions: Sessions, clock: StandingClock) -> HandOffs:
    return HandOffs(database, sessions, clock)


async def test_a_code_starts_the_session_that_it_was_made_for(
    hand_offs: HandOffs, sessions: Sessions, clock: StandingClock
) -> None:
    code = await hand_offs.issue(
        MARA,
        method="app proxy",
        level=Level.CODE,
        target="/schedule",
        acting=Acting.LOOKING,
        valid_for=timedelta(minutes=30),
        language="fr",
        is_framed=True,
    )
    assert await hand_offs.whose(code) == MARA
    done = await hand_offs.take(code, user_agent="Mozilla/5.0 (X11; Linux) Firefox/140.0")
    assert done is not None
    principal = await sessions.read(done.cookie)
    assert principal == done.principal
    assert (principal.customer_id, principal.method, principal.level) == (
        MARA,
        "app proxy",
        Level.CODE,
    )
    assert (principal.acting, principal.language, principal.is_framed) == (
        Acting.LOOKING,
        "fr",
        True,
    )
    assert not principal.may_change
    assert done.target == "/schedule"
    clock.move(minutes=29)
    assert await sessions.read(done.cookie)
    clock.move(minutes=1)
    assert await sessions.read(done.cookie) is None


async def test_a_code_works_once_whoever_comes_first(hand_offs: HandOffs) -> None:
    code = await hand_offs.issue(MARA, method="app proxy", level=Level.CODE)
    taken = await asyncio.gather(*(hand_offs.take(code) for _ in range(5)))
    assert len([one for one in taken if one is not None]) == 1
    assert await hand_offs.whose(code) is None


async def test_a_code_works_for_a_minute(hand_offs: HandOffs, clock: StandingClock) -> None:
    code = await hand_offs.issue(MARA, method="app proxy", level=Level.CODE)
    clock.move(seconds=60)
    assert await hand_offs.whose(code) is None
    assert await hand_offs.take(code) is None


@pytest.mark.parametrize("code", ["", "x", "x" * 43, "../" * 20])
async def test_what_is_no_code_is_nothing(hand_offs: HandOffs, code: str) -> None:
    assert await hand_offs.whose(code) is None
    assert await hand_offs.take(code) is None


async def test_a_code_of_another_shop_is_nothing(
    hand_offs: HandOffs, database: Database, sessions: Sessions, clock: StandingClock
) -> None:
    code = await hand_offs.issue(MARA, method="app proxy", level=Level.CODE)
    sessions.shop = "another"
    assert await HandOffs(database, sessions, clock).take(code) is None


async def test_a_name_is_taken_once_until_it_ends(database: Database, clock: StandingClock) -> None:
    once = SingleUse(database, clock)
    until = clock() + timedelta(minutes=5)
    taken = await asyncio.gather(*(once.take("jti", "a", until) for _ in range(5)))
    assert sorted(taken) == [False] * 4 + [True]
    assert await once.take("jti", "b", until)
    assert await once.take("request", "a", until)
    clock.move(minutes=5)
    assert await once.take("jti", "a", until), "it has ended, and whoever made it refuses it"


async def test_a_look_of_the_shop_is_no_device_and_drives_nobody_out(sessions: Sessions) -> None:
    mine = [await sessions.start(MARA, method="link") for _ in range(5)]
    cookie, look = await sessions.start(MARA, method="support", acting=Acting.LOOKING)
    assert all([await sessions.is_live(one.session) for _, one in mine])
    assert len(await sessions.devices(mine[0][1])) == 5
    assert await sessions.read(cookie) == look
