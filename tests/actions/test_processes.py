"""Two processes over one database, at once or one after the other: no change is made twice, and
none is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.actions import (
    ChangeQuantity,
    InProgress,
    PartlyDone,
    Result,
    Services,
    SkipDelivery,
    UnknownObject,
    activities,
    perform,
    preview,
    resume_saga,
)
from app.actions.claim import Claim
from app.actions.effect import Effect
from app.actions.journal import RUNS_FOR, Journal, Overtaken
from app.database import Database
from app.i18n import say
from tests.actions.cases.onetimes import add_to_next
from tests.actions.shop import TODAY, Shop, press, signed_in
from tests.actions.test_saga import PUT, SET_DATE, settled, wish

JONAS, MARA = signed_in(102), signed_in(101)
NOW = datetime(2026, 11, 23, 17, tzinfo=UTC)
SKIP = SkipDelivery(address_id=203, date=TODAY + timedelta(days=6), purchase_item_ids=(310,))
EFFECT = Effect(say("Skip it?"), say("Skip"), say("Skipped."), ())


def wait_once(journal: Journal, gate: asyncio.Barrier) -> None:
    """The first record of a change is made when the other process is about to make one too."""
    begin = journal.begin
    waited: list[int] = []

    async def wait(*values: Any, **more: Any) -> Claim:
        if not waited:
            waited.append(await gate.wait())
        return await begin(*values, **more)

    journal.begin = wait  # type: ignore[method-assign]


async def test_two_processes_do_not_pass_each_other(shop: Shop) -> None:
    here, there = shop.services(), shop.services()
    action = await add_to_next(shop, here, JONAS)
    await shop.fault("POST", "/onetimes", "delay", seconds=0.2)

    seen = await preview(here, JONAS, action)
    gate = asyncio.Barrier(2)
    for services in (here, there):
        wait_once(services.journal, gate)

    tabs = await asyncio.gather(
        *(
            perform(services, JONAS, action, key=press(), revision=seen.revision)
            for services in (here, there)
        ),
        return_exceptions=True,
    )

    assert sorted(type(each).__name__ for each in tabs) == ["InProgress", "Outcome"]
    assert await shop.executed() == {"POST /onetimes": 1}


async def test_steps_that_another_process_is_making_are_left_to_it(shop: Shop) -> None:
    old, new = shop.services(), shop.services()
    action = await wish(shop)
    await shop.fault("POST", "/subscriptions/*/set_next_charge_date", "delay", seconds=0.3)
    waiting = asyncio.create_task(perform(old, MARA, action, key=press()))
    await shop.received(SET_DATE)

    await new.start()

    assert (await activities(new, MARA))[0].result is Result.RUNNING
    assert (await waiting).is_confirmed
    assert await settled(new, MARA) is Result.DONE
    assert await shop.executed() == {PUT: 1, SET_DATE: 1}


async def test_what_a_closing_process_leaves_is_taken_up_at_once(shop: Shop) -> None:
    old, new = shop.services(), shop.services()
    action = await wish(shop)
    await shop.fault("POST", "/subscriptions/*/set_next_charge_date", "delay", seconds=60)
    waiting = asyncio.create_task(perform(old, MARA, action, key=press()))
    await shop.received(SET_DATE)
    await old.tasks.close(patience=0)
    await old.close()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await shop.no_faults()

    await new.start()

    assert await settled(new, MARA) is Result.DONE
    assert (await shop.executed())[PUT] == 1


async def test_a_key_gives_its_answer_though_its_object_is_gone(
    shop: Shop, services: Services
) -> None:
    action = ChangeQuantity(address_id=203, subscription_id=310, quantity=4)
    key = press()
    first = await perform(services, JONAS, action, key=key)
    await shop.client.subscriptions.delete(310)
    await shop.mirror.customer(102).refresh()

    assert await perform(services, JONAS, action, key=key) == first
    with pytest.raises(UnknownObject):
        await perform(services, JONAS, action, key=press())
    with pytest.raises(UnknownObject):  # a key is the customer's own
        await perform(services, MARA, action, key=key)


async def test_the_rest_gives_its_answer_again_too(shop: Shop, services: Services) -> None:
    await shop.fault("POST", "/subscriptions/*/set_next_charge_date", "422")
    with pytest.raises(PartlyDone) as partly:
        await perform(services, MARA, await wish(shop), key=press())
    id, key = partly.value.activity_id or "", press()

    first = await resume_saga(services, MARA, id, key=key)

    assert await resume_saga(services, MARA, id, key=key) == first
    assert (await shop.executed())[SET_DATE] == 1


@pytest.fixture
async def journal(database_url: str) -> AsyncIterator[Journal]:
    database = Database(database_url)
    await database.upgrade()
    yield Journal(database)
    await database.close()


async def begun(journal: Journal, newest: int | None = None, now: datetime = NOW) -> Claim:
    claim, _ = await journal.claim(JONAS, SKIP, press(), None, now)
    return await journal.begin(
        JONAS,
        claim,
        SKIP,
        EFFECT,
        inverse=None,
        undo_until=None,
        undoes=None,
        before={},
        now=now,
        newest=newest,
    )


async def test_of_many_that_have_seen_the_same_one_begins(journal: Journal) -> None:
    newest = await journal.newest(102)

    found = await asyncio.gather(
        *(begun(journal, newest) for _ in range(5)), return_exceptions=True
    )

    assert sum(isinstance(each, Claim) for each in found) == 1
    assert sum(isinstance(each, Overtaken) for each in found) == 4


async def test_an_open_change_is_taken_up_by_one_process_when_it_is_due(journal: Journal) -> None:
    claim = await begun(journal)
    assert not await journal.take_up(claim, NOW)
    later = NOW + RUNS_FOR
    assert await journal.take_up(claim, later)
    assert not await journal.take_up(claim, later)
    await journal.let_go(claim, later)
    assert await journal.take_up(claim, later)
    await journal.finish(claim, Result.DONE, say("Skipped."), now=later)
    assert not await journal.take_up(claim, later + RUNS_FOR)


async def test_a_key_that_was_taken_over_is_not_begun_twice(journal: Journal) -> None:
    key = press()
    slow, _ = await journal.claim(JONAS, SKIP, key, None, NOW)
    late = NOW + 2 * RUNS_FOR
    quick, is_ours = await journal.claim(JONAS, SKIP, key, None, late)
    assert is_ours
    assert await journal.claimed(JONAS, key, late) == quick

    with pytest.raises(InProgress):
        await journal.begin(
            JONAS,
            slow,
            SKIP,
            EFFECT,
            inverse=None,
            undo_until=None,
            undoes=None,
            before={},
            now=late,
        )
    await journal.release(slow)
    assert await journal.claimed(JONAS, key, late) is not None
