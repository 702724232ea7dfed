"""What is kept of a card that is being added."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.database import Database
from app.payments import CardSetups, SetupState, Tokens
from app.payments.setups import ADDED_WITHIN, FILLED_IN_WITHIN

TOKENS = Tokens("stripe", "cus_1", "pm_1", brand="visa", last4="4242", exp_month=12, exp_year=2034)


class Clock:
    """Stands until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def setups(tmp_path: Path, clock: Clock) -> AsyncIterator[CardSetups]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/doorstep.db")
    await database.upgrade()
    yield CardSetups(database, clock)
    await database.close()


async def test_it_is_found_again_as_it_was_and_by_its_owner_alone(setups: CardSetups) -> None:
    begun = await setups.begin(101, "sandbox", (201, 202), make_default=True, retry_charges=True)
    shown = await setups.opened(begun, reference="seti_1", customer_token="cus_1", revision="r")
    kept = await setups.confirm(shown, TOKENS)

    assert await setups.find(101, begun.id) == kept
    assert (kept.tokens, kept.address_ids, kept.revision) == (TOKENS, (201, 202), "r")
    assert await setups.find(102, begun.id) is None
    assert "cus_1" not in repr(kept)
    assert "pm_1" not in repr(kept)


async def test_a_state_is_left_only_for_the_next_one(setups: CardSetups) -> None:
    begun = await setups.begin(101, "sandbox")
    assert (await setups.adding(begun)).state is SetupState.STARTED
    confirmed = await setups.confirm(begun, TOKENS)
    other = await setups.confirm(begun, Tokens("stripe", "cus_2", "pm_2"))
    assert other == confirmed  # the first word stands

    adding = await setups.adding(confirmed)
    again = await setups.again(adding, has_begun=True)
    assert again.key != adding.key
    second = await setups.adding(again)
    assert second.state is SetupState.ADDING
    # Who still holds the old key changes nothing.
    assert (await setups.known_as(adding, "a" * 32)).activity_id is None
    done = await setups.end(second, SetupState.DONE)
    assert (await setups.end(done, SetupState.LEFT)).state is SetupState.DONE


async def test_what_is_under_way_cannot_be_left(setups: CardSetups) -> None:
    seen = await setups.confirm(await setups.begin(101, "sandbox"), TOKENS)
    adding = await setups.adding(seen)

    # Another tab still shows it as confirmed.
    assert (await setups.leave(seen)).state is SetupState.ADDING
    assert (await setups.end(adding, SetupState.DONE)).state is SetupState.DONE

    other = await setups.begin(101, "sandbox")
    assert (await setups.leave(other)).state is SetupState.LEFT


async def test_a_form_waits_a_day_and_a_confirmed_card_longer(
    setups: CardSetups, clock: Clock
) -> None:
    left = await setups.begin(101, "sandbox")
    kept = await setups.confirm(await setups.begin(101, "sandbox"), TOKENS)
    assert len(await setups.open(101)) == 2

    clock.now += FILLED_IN_WITHIN
    assert [one.id for one in await setups.open(101)] == [kept.id]
    found = await setups.find(101, left.id)
    assert found is not None
    assert found.state is SetupState.LEFT
    clock.now += ADDED_WITHIN
    assert await setups.open(101) == ()
    # Long after its end nothing of it is kept.
    clock.now += timedelta(days=31)
    await setups.begin(102, "sandbox")
    assert await setups.find(101, kept.id) is None
