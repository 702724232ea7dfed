"""The record and the keys: durable, append-only, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.actions import Effect, PutBackDelivery, Result, SkipDelivery
from app.actions.claim import Claim
from app.actions.journal import KEPT_FOR, RUNS_FOR, Journal
from app.actions.tables import activities
from app.database import Database
from app.i18n import say
from tests.actions.shop import press, signed_in

JONAS, MARA = signed_in(102), signed_in(101)
NOW = datetime(2026, 11, 23, 17, tzinfo=UTC)
SKIP = SkipDelivery(address_id=203, date=date(2026, 11, 29), purchase_item_ids=(310,))
BACK = PutBackDelivery(address_id=203, date=date(2026, 11, 29), purchase_item_ids=(310,))
EFFECT = Effect(say("Skip it?"), say("Skip"), say("Skipped."), ())


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url)
    await database.upgrade()
    yield database
    await database.close()


@pytest.fixture
def journal(database: Database) -> Journal:
    return Journal(database)


async def rows(database: Database) -> list[dict[str, Any]]:
    async with database.read() as connection:
        found = await connection.execute(select(activities).order_by(activities.c.row_id))
        return [dict(row._mapping) for row in found]


async def begin(journal: Journal, claim: Claim) -> Claim:
    return await journal.begin(
        JONAS,
        claim,
        SKIP,
        EFFECT,
        inverse=BACK,
        undo_until=NOW + timedelta(minutes=10),
        undoes=None,
        before={"status": "due"},
        now=NOW,
    )


async def test_a_change_is_recorded_before_and_after(journal: Journal, database: Database) -> None:
    claim, is_ours = await journal.claim(JONAS, SKIP, press(), None, NOW)
    assert is_ours
    assert await rows(database) == []  # nothing is written yet
    claim = await begin(journal, claim)
    first = await rows(database)

    await journal.finish(claim, Result.UNKNOWN, say("Not known."), now=NOW)
    await journal.finish(
        claim, Result.DONE, say("Skipped."), now=NOW, after={"status": "skipped"}, answer={}
    )

    record = await rows(database)
    assert record[:1] == first  # rows are added, never changed
    assert [row["result"] for row in record] == ["running", "unknown", "done"]
    assert {(row["method"], row["session"], row["level"]) for row in record} == {
        ("link", "session of 102", 1)
    }
    assert record[0]["input"] == {
        "address_id": 203,
        "date": "2026-11-29",
        "purchase_item_ids": [310],
    }
    assert (record[0]["before"], record[2]["after"]) == ({"status": "due"}, {"status": "skipped"})
    assert record[0]["at"] == NOW


async def test_a_result_is_recorded_once(journal: Journal, database: Database) -> None:
    claim, _ = await journal.claim(JONAS, SKIP, press(), None, NOW)
    claim = await begin(journal, claim)

    recorded = await asyncio.gather(
        *(
            journal.finish(claim, result, say("Known."), now=NOW, answer={})
            for result in (Result.DONE, Result.DONE, Result.NOT_DONE)
        )
    )

    assert sorted(recorded) == [False, False, True]
    assert len(await rows(database)) == 2
    assert not await journal.finish(claim, Result.UNKNOWN, say("Not known."), now=NOW)


async def test_one_of_many_gets_the_key(journal: Journal) -> None:
    key = press()
    claims = await asyncio.gather(*(journal.claim(JONAS, SKIP, key, None, NOW) for _ in range(5)))
    assert sorted(is_ours for _, is_ours in claims) == [False] * 4 + [True]
    assert len({claim.activity_id for claim, _ in claims}) == 1

    _, is_hers = await journal.claim(MARA, SKIP, key, None, NOW)
    assert is_hers


async def test_what_was_stored_comes_back_as_it_was(journal: Journal) -> None:
    claim, _ = await journal.claim(JONAS, SKIP, press(), None, NOW)
    begun = await begin(journal, claim)

    assert await journal.find(102, claim.activity_id) == begun
    assert await journal.open_claims(102, "address 203") == [begun]
    assert await journal.find(101, claim.activity_id) is None
    assert await journal.open_claims(101) == []


async def test_a_key_is_free_again_when_nothing_was_written(journal: Journal) -> None:
    key = press()
    claim, _ = await journal.claim(JONAS, SKIP, key, None, NOW)
    await journal.release(claim)
    claim, is_ours = await journal.claim(JONAS, SKIP, key, None, NOW)
    assert is_ours

    # The process died before it wrote: after a while the key may be taken again.
    _, is_ours = await journal.claim(JONAS, SKIP, key, None, NOW + RUNS_FOR)
    assert not is_ours
    later = NOW + RUNS_FOR + timedelta(seconds=1)
    claim, is_ours = await journal.claim(JONAS, SKIP, key, None, later)
    assert is_ours

    # It died after it began to write: nobody takes that key.
    await begin(journal, claim)
    await journal.release(claim)
    _, is_ours = await journal.claim(JONAS, SKIP, key, None, later + RUNS_FOR * 2)
    assert not is_ours


async def test_old_keys_are_dropped_and_open_ones_are_not(
    journal: Journal, database: Database
) -> None:
    done, _ = await journal.claim(JONAS, SKIP, press(), None, NOW)
    done = await begin(journal, done)
    await journal.finish(done, Result.DONE, say("Skipped."), now=NOW, answer={})
    unclear, _ = await journal.claim(JONAS, SKIP, press(), None, NOW)
    unclear = await begin(journal, unclear)

    await journal.forget_old_keys(NOW + KEPT_FOR)
    assert await journal.find(102, done.activity_id) is not None
    await journal.forget_old_keys(NOW + KEPT_FOR + timedelta(seconds=1))

    assert await journal.find(102, done.activity_id) is None
    assert await journal.find(102, unclear.activity_id) == unclear
    assert len(await rows(database)) == 3  # the record itself stays
