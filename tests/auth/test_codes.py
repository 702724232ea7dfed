"""Codes that are sent and given back."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text

from app.auth import Codes
from app.auth.codes import MOST_TRIES
from app.database import Database
from tests.auth.world import MARA, StandingClock

PURPOSE, HERE, ELSEWHERE = "e-mail change", "session one", "session two"
NEW = "new@example.com"


@pytest.fixture
def codes(database: Database, clock: StandingClock) -> Codes:
    return Codes(database, clock)


async def issue(codes: Codes, **other: str) -> str:
    values = {"bound_to": HERE, "about": NEW, **other}
    return await codes.issue(PURPOSE, str(MARA), customer_id=MARA, **values)


def another(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


async def test_a_code_proves_what_it_was_sent_for_and_nothing_else(codes: Codes) -> None:
    code = await issue(codes)
    assert len(code) == 6
    assert code.isdecimal()
    found = await codes.find(PURPOSE, str(MARA), bound_to=HERE)
    assert found is not None
    assert (found.about, found.tries_left, found.is_proven) == (NEW, MOST_TRIES, False)
    assert not await codes.is_proven(PURPOSE, str(MARA), bound_to=HERE, about=NEW)

    assert await codes.give(PURPOSE, str(MARA), code, bound_to=HERE) == "right"

    assert await codes.is_proven(PURPOSE, str(MARA), bound_to=HERE, about=NEW)
    for purpose, who, where, about in (
        (PURPOSE, str(MARA), HERE, "other@example.com"),
        (PURPOSE, str(MARA), ELSEWHERE, NEW),
        (PURPOSE, "102", HERE, NEW),
        ("sign-in", str(MARA), HERE, NEW),
    ):
        assert not await codes.is_proven(purpose, who, bound_to=where, about=about)


async def test_a_code_is_good_once_and_only_where_it_was_asked_for(codes: Codes) -> None:
    code = await issue(codes)
    for purpose, who, where in (
        (PURPOSE, str(MARA), ELSEWHERE),
        (PURPOSE, "102", HERE),
        ("sign-in", str(MARA), HERE),
    ):
        assert await codes.give(purpose, who, code, bound_to=where) == "gone"
    assert await codes.give(PURPOSE, str(MARA), code, bound_to=HERE) == "right"
    assert await codes.give(PURPOSE, str(MARA), code, bound_to=HERE) == "gone"


async def test_five_wrong_ones_use_it_up(codes: Codes) -> None:
    code = await issue(codes)
    given = [
        await codes.give(PURPOSE, str(MARA), another(code), bound_to=HERE)
        for _ in range(MOST_TRIES)
    ]
    assert given == ["wrong"] * (MOST_TRIES - 1) + ["used up"]
    assert await codes.give(PURPOSE, str(MARA), code, bound_to=HERE) == "gone"
    assert await codes.find(PURPOSE, str(MARA), bound_to=HERE) is None


async def test_many_at_the_same_moment_get_no_more_tries(codes: Codes) -> None:
    code = await issue(codes)
    given = await asyncio.gather(
        *(codes.give(PURPOSE, str(MARA), another(code), bound_to=HERE) for _ in range(12))
    )
    assert sorted(given).count("wrong") + given.count("used up") == MOST_TRIES


async def test_two_right_ones_at_the_same_moment_prove_it_once(codes: Codes) -> None:
    code = await issue(codes)
    given = await asyncio.gather(
        *(codes.give(PURPOSE, str(MARA), code, bound_to=HERE) for _ in range(4))
    )
    assert sorted(given) == ["gone", "gone", "gone", "right"]


async def test_it_ends_after_ten_minutes_and_so_does_the_proof(
    codes: Codes, clock: StandingClock
) -> None:
    code = await issue(codes)
    clock.move(minutes=10)
    assert await codes.give(PURPOSE, str(MARA), code, bound_to=HERE) == "gone"

    code = await issue(codes)
    clock.move(minutes=9, seconds=59)
    assert await codes.give(PURPOSE, str(MARA), code, bound_to=HERE) == "right"
    clock.move(minutes=9, seconds=59)
    assert await codes.is_proven(PURPOSE, str(MARA), bound_to=HERE, about=NEW)
    clock.move(seconds=1)
    assert not await codes.is_proven(PURPOSE, str(MARA), bound_to=HERE, about=NEW)


async def test_a_new_code_takes_the_place_of_the_one_before(codes: Codes) -> None:
    first = await issue(codes)
    second = await issue(codes, about="other@example.com")
    while second == first:  # one time in a million
        second = await issue(codes, about="other@example.com")
    assert await codes.give(PURPOSE, str(MARA), first, bound_to=HERE) == "wrong"
    assert await codes.give(PURPOSE, str(MARA), second, bound_to=HERE) == "right"
    assert not await codes.is_proven(PURPOSE, str(MARA), bound_to=HERE, about=NEW)


async def test_what_is_forgotten_counts_no_more(codes: Codes) -> None:
    code = await issue(codes)
    assert await codes.give(PURPOSE, str(MARA), code, bound_to=HERE) == "right"
    await codes.forget(PURPOSE, str(MARA), bound_to=HERE)
    assert not await codes.is_proven(PURPOSE, str(MARA), bound_to=HERE, about=NEW)


async def test_new_codes_give_nobody_endless_tries(codes: Codes, clock: StandingClock) -> None:
    given: list[str] = []
    for _ in range(5):
        code = await issue(codes)
        given += [
            await codes.give(PURPOSE, str(MARA), another(code), bound_to=HERE) for _ in range(4)
        ]
    assert given.count("too many") == 5
    code = await issue(codes)
    assert await codes.give(PURPOSE, str(MARA), code, bound_to=HERE) == "too many"
    assert await codes.give(PURPOSE, "102", code, bound_to=HERE) == "gone", "others may go on"
    clock.move(hours=1)
    code = await issue(codes)
    assert await codes.give(PURPOSE, str(MARA), code, bound_to=HERE) == "right"


async def test_the_code_itself_is_kept_nowhere(
    codes: Codes, database: Database, tmp_path: Path
) -> None:
    code = await issue(codes)
    async with database.read() as connection:
        rows = (await connection.execute(text("SELECT digest, salt, name FROM codes"))).all()
    (row,) = rows
    assert len(row.digest) == len(row.salt) == len(row.name) == 64
    assert code not in {row.digest, row.salt, row.name}
    again = await issue(codes)
    async with database.read() as connection:
        (other,) = (await connection.execute(text("SELECT salt FROM codes"))).all()
    assert other.salt != row.salt
    assert again


async def test_old_ones_are_cleared_away(
    codes: Codes, database: Database, clock: StandingClock
) -> None:
    await issue(codes)
    clock.move(days=2)
    await codes.issue(PURPOSE, "102", bound_to=ELSEWHERE, about=NEW, customer_id=102)
    async with database.read() as connection:
        count = (await connection.execute(text("SELECT count(*) FROM codes"))).scalar()
    assert count == 1
