"""When Recharge misbehaves: never two writes, never a false "done". The faults that every action
must bear are in `test_every_action`; here is what takes more than one of them."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.actions import (
    ActionError,
    DeliveryAction,
    NothingKnown,
    PartlyDone,
    PutBackDelivery,
    Result,
    Services,
    SkipDelivery,
    UpstreamRefused,
    activities,
    find_activity,
    perform,
    preview,
    undo,
)
from app.actions.journal import RUNS_FOR
from app.actions.promises import DeliveryPromise
from app.i18n import Texts
from app.recharge import Charge
from tests.actions.shop import TODAY, Shop, press, signed_in

JONAS = signed_in(102)
HIS = TODAY + timedelta(days=6)
LATER = HIS + timedelta(weeks=2)

QUEUED = ("/charges/*/skip", "POST /charges/{id}/skip", SkipDelivery(address_id=203, date=HIS))
PROJECTED = (
    "/addresses/*/charges/skip",
    "POST /addresses/{id}/charges/skip",
    SkipDelivery(address_id=203, date=LATER),
)
BACK = (
    "/charges/*/unskip",
    "POST /charges/{id}/unskip",
    PutBackDelivery(address_id=203, date=HIS),
)
all_writes = pytest.mark.parametrize(
    ("path", "route", "action"), [QUEUED, PROJECTED, BACK], ids=["queued", "projected", "back"]
)


async def prepare(shop: Shop, services: Services, action: DeliveryAction) -> None:
    await shop.situation(services, 102)
    if isinstance(action, PutBackDelivery):
        await perform(services, JONAS, SkipDelivery(address_id=203, date=HIS), key=press())
    await shop.mirror.settled()
    await shop.forget_counters()


async def is_done(shop: Shop, action: DeliveryAction) -> bool:
    """What the sandbox itself says."""
    is_skipped = isinstance(action, SkipDelivery)
    return (action.date, 310, is_skipped) in await shop.schedule(102)


@all_writes
@pytest.mark.parametrize("kind", ["500", "html"])
async def test_a_write_that_was_done_and_answered_with_nonsense_is_not_sent_again(
    kind: str, path: str, route: str, action: DeliveryAction, shop: Shop, services: Services
) -> None:
    await prepare(shop, services, action)
    await shop.fault("POST", path, kind, executes=True)

    assert (await perform(services, JONAS, action, key=press())).is_confirmed
    assert (await shop.counters())["requests"][route] == 1
    assert await shop.executed() == {route: 1}


@all_writes
@pytest.mark.parametrize("kind", ["429", "409"])
async def test_a_shop_that_stays_busy_says_that_nothing_was_changed(
    kind: str, path: str, route: str, action: DeliveryAction, shop: Shop, services: Services
) -> None:
    await prepare(shop, services, action)
    await shop.fault("POST", path, kind, times=99)
    key = press()

    with pytest.raises(UpstreamRefused) as refused:
        await perform(services, JONAS, action, key=key)
    assert refused.value.changed == "no"
    assert not await is_done(shop, action)
    assert await shop.executed() == {}

    await shop.no_faults()
    with pytest.raises(UpstreamRefused) as again:  # the same press gets the same answer
        await perform(services, JONAS, action, key=key)
    assert again.value.notice == refused.value.notice
    assert (await perform(services, JONAS, action, key=press())).is_confirmed


@all_writes
@pytest.mark.parametrize("kind", ["cut_before", "cut_after"])
async def test_an_outcome_that_cannot_be_read_is_called_unknown_and_settled(
    kind: str, path: str, route: str, action: DeliveryAction, shop: Shop
) -> None:
    services = shop.services(settle_after=(0.0, 0.0))
    await prepare(shop, services, action)
    await shop.fault("POST", path, kind, times=99)
    await shop.fault("GET", "/charges", "500", times=99)
    news: asyncio.Queue[None] = asyncio.Queue()
    key = press()

    with pytest.raises(NothingKnown) as unclear:
        await perform(services, JONAS, action, key=key)
    assert unclear.value.changed == "unknown"
    assert (await shop.counters())["requests"][route] == 1  # nothing is sent again blindly
    assert unclear.value.activity_id is not None
    with pytest.raises(NothingKnown):
        await perform(services, JONAS, action, key=key)
    assert (await activities(services, JONAS))[0].result is Result.UNKNOWN

    leave = shop.mirror.changes.subscribe(102, lambda: news.put_nowait(None))
    await shop.no_faults()
    found = await find_activity(services, JONAS, unclear.value.activity_id)
    while found is None or found.result is Result.UNKNOWN:
        await news.get()
        found = await find_activity(services, JONAS, unclear.value.activity_id)
    leave()

    was_done = kind == "cut_after"
    assert found.result is (Result.DONE if was_done else Result.NOT_DONE)
    assert await is_done(shop, action) == was_done
    assert (await shop.executed()).get(route, 0) == int(was_done)
    if was_done:
        assert (await perform(services, JONAS, action, key=key)).is_confirmed
        await undo(services, JONAS, found.id, key=press())
    else:
        with pytest.raises(UpstreamRefused):
            await perform(services, JONAS, action, key=key)


async def test_the_next_change_waits_until_the_unclear_one_is_known(shop: Shop) -> None:
    services = shop.services(settle_after=(3600.0,))
    path, route, action = QUEUED
    await prepare(shop, services, action)
    await shop.fault("POST", path, "cut_after")
    await shop.fault("GET", "/charges", "500", times=99)
    with pytest.raises(NothingKnown):
        await perform(services, JONAS, action, key=press())

    with pytest.raises(UpstreamRefused):  # still not readable: better nothing than a guess
        await perform(services, JONAS, action, key=press())
    await shop.no_faults()
    with pytest.raises(ActionError) as refused:  # now it is known that it is skipped
        await perform(services, JONAS, action, key=press())

    assert "skipped already" in str(refused.value.notice)
    assert (await activities(services, JONAS))[0].result is Result.DONE
    assert await shop.executed() == {route: 1}


async def test_a_read_that_fails_after_the_answer_is_made_up_for(shop: Shop) -> None:
    services = shop.services(settle_after=(0.0,))
    await prepare(shop, services, QUEUED[2])
    await shop.fault("GET", "/charges", "500", times=3)
    news: asyncio.Queue[None] = asyncio.Queue()
    shop.mirror.changes.subscribe(102, lambda: news.put_nowait(None))

    outcome = await perform(services, JONAS, QUEUED[2], key=press())

    assert not outcome.is_confirmed
    assert outcome.undo_until is not None
    while (await shop.situation(services, 102)).delivery(203, LATER, skipped=False) is None:
        await news.get()


async def test_a_change_of_two_steps_of_which_one_is_refused_is_told_as_it_is(
    shop: Shop, services: Services
) -> None:
    mara = signed_in(101)
    day = TODAY + timedelta(days=9 + 14)
    await shop.client.subscriptions.set_next_charge_date(305, date=day)
    await shop.mirror.customer(101).refresh()
    await shop.situation(services, 101)
    await shop.fault("POST", "/addresses/*/charges/skip", "422")

    with pytest.raises(PartlyDone) as part:
        await perform(services, mara, SkipDelivery(address_id=201, date=day), key=press())

    assert part.value.changed == "part"
    situation = await shop.situation(services, 101)
    assert situation.delivery(201, day, skipped=True) is not None
    assert situation.delivery(201, day, skipped=False) is not None


def nothing_done(charge: Charge) -> dict[str, Any]:
    """The plan of an answer that claims success and shows that nothing has happened."""
    return {"status": 200, "body": {"charge": charge.model_dump(mode="json")}}


async def test_an_answer_of_success_without_the_effect_is_never_called_done(
    shop: Shop, services: Services
) -> None:
    path, _, action = QUEUED
    await prepare(shop, services, action)
    charge = (await shop.situation(services, 102)).snapshot.charges[0]
    await shop.fault("POST", path, "500", **nothing_done(charge))
    news: asyncio.Queue[None] = asyncio.Queue()
    shop.mirror.changes.subscribe(102, lambda: news.put_nowait(None))

    with pytest.raises(NothingKnown) as unclear:
        await perform(services, JONAS, action, key=press())

    assert unclear.value.activity_id is not None
    found = await find_activity(services, JONAS, unclear.value.activity_id)
    while found is None or found.result is Result.UNKNOWN:
        await news.get()
        found = await find_activity(services, JONAS, unclear.value.activity_id)
    assert found.result is Result.NOT_DONE
    assert found.undo_until is None
    assert await shop.executed() == {}


async def test_such_an_answer_that_cannot_be_read_back_is_not_called_done_either(
    shop: Shop,
) -> None:
    services = shop.services(settle_after=(3600.0,))
    path, _, action = QUEUED
    await prepare(shop, services, action)
    charge = (await shop.situation(services, 102)).snapshot.charges[0]
    await shop.fault("POST", path, "500", **nothing_done(charge))
    await shop.fault("GET", "/charges", "500", times=99)

    with pytest.raises(NothingKnown):
        await perform(services, JONAS, action, key=press())
    assert (await activities(services, JONAS))[0].result is Result.UNKNOWN


async def test_one_of_two_steps_without_its_effect_is_told_as_it_is(
    shop: Shop, services: Services
) -> None:
    mara = signed_in(101)
    day = TODAY + timedelta(days=9 + 14)
    await shop.client.subscriptions.set_next_charge_date(305, date=day)
    await shop.mirror.customer(101).refresh()
    charge = (await shop.situation(services, 101)).snapshot.charges[0]
    await shop.fault("POST", "/addresses/*/charges/skip", "500", **nothing_done(charge))

    with pytest.raises(PartlyDone):
        await perform(services, mara, SkipDelivery(address_id=201, date=day), key=press())


async def test_a_part_that_was_made_is_told_when_the_rest_is_not_answered_for_good(
    shop: Shop,
) -> None:
    services = shop.services(settle_after=(0.0, 0.0))
    mara = signed_in(101)
    day = TODAY + timedelta(days=9 + 14)
    await shop.client.subscriptions.set_next_charge_date(305, date=day)
    await shop.mirror.customer(101).refresh()
    await shop.fault("POST", "/addresses/*/charges/skip", "500", times=99)
    news: asyncio.Queue[None] = asyncio.Queue()
    shop.mirror.changes.subscribe(101, lambda: news.put_nowait(None))
    action, key = SkipDelivery(address_id=201, date=day), press()

    with pytest.raises(NothingKnown):
        await perform(services, mara, action, key=key)
    while (await activities(services, mara))[0].result is Result.UNKNOWN:
        await news.get()

    assert (await activities(services, mara))[0].result is Result.PARTLY
    situation = await shop.situation(services, 101)
    assert situation.delivery(201, day, skipped=True) is not None
    assert situation.delivery(201, day, skipped=False) is not None
    with pytest.raises(PartlyDone) as part:  # the same press gets the same answer
        await perform(services, mara, action, key=key)
    assert part.value.notice == PartlyDone().notice


@all_writes
async def test_one_wrong_list_at_the_reading_back_is_not_believed(
    path: str, route: str, action: DeliveryAction, shop: Shop, services: Services
) -> None:
    await prepare(shop, services, action)
    await shop.fault("GET", "/charges", "500", status=200, body={"charges": []})

    outcome = await perform(services, JONAS, action, key=press())

    assert outcome.is_confirmed
    assert outcome.differences == ()
    assert await shop.executed() == {route: 1}


async def test_what_comes_out_otherwise_is_told_when_it_is_known_late(shop: Shop) -> None:
    services = shop.services(settle_after=(0.0, 0.0))
    action = SkipDelivery(address_id=203, date=HIS)
    await prepare(shop, services, action)
    began = services.clock()
    await shop.fault("POST", "/charges/*/skip", "cut_after")
    await shop.fault("GET", "/charges", "500", times=3)
    real = action.effect(await shop.situation(services, 102))
    broken = DeliveryPromise(203, LATER, frozenset({310, 999}))
    key = press()
    with pytest.MonkeyPatch.context() as patch:
        effect = replace(real, promises=(broken,))
        patch.setattr(SkipDelivery, "effect", lambda _self, _situation: effect)
        with pytest.raises(NothingKnown):
            await perform(services, JONAS, action, key=key)
    news: asyncio.Queue[None] = asyncio.Queue()
    shop.mirror.changes.subscribe(102, lambda: news.put_nowait(None))
    while (await activities(services, JONAS))[0].result is not Result.DONE:
        await news.get()

    outcome = await perform(services, JONAS, action, key=key)

    assert outcome.differences == (broken.difference(await shop.situation(services, 102)),)
    assert "But not all of it is planned" in Texts("en").render(outcome.notice)
    assert await services.journal.broken_promises(began) == 1


async def test_two_processes_make_one_write(shop: Shop) -> None:
    action = SkipDelivery(address_id=203, date=HIS)
    here, there = shop.services(), shop.services()
    await prepare(shop, here, action)
    await shop.fault("POST", "/charges/*/skip", "delay", seconds=0.2)
    key = press()

    results = await asyncio.gather(
        perform(here, JONAS, action, key=key),
        perform(there, JONAS, action, key=key),
        return_exceptions=True,
    )

    assert sorted(type(result).__name__ for result in results) == ["InProgress", "Outcome"]
    assert await shop.executed() == {"POST /charges/{id}/skip": 1}


async def test_a_page_that_is_closed_half_way_does_not_tear_the_write(shop: Shop) -> None:
    services = shop.services()
    action = SkipDelivery(address_id=203, date=HIS)
    await prepare(shop, services, action)
    await shop.fault("POST", "/charges/*/skip", "delay", seconds=0.1)
    waiting = asyncio.create_task(perform(services, JONAS, action, key=press()))
    await shop.received("POST /charges/{id}/skip")

    waiting.cancel()
    await services.close()

    assert (await activities(services, JONAS))[0].result is Result.DONE


@pytest.mark.parametrize("kind", ["cut_before", "cut_after"])
async def test_a_crash_between_row_and_answer_is_settled_at_the_next_start(
    kind: str, shop: Shop
) -> None:
    first = shop.services()
    action = SkipDelivery(address_id=203, date=HIS)
    await prepare(shop, first, action)
    await shop.fault("POST", "/charges/*/skip", "delay", seconds=60, executes=kind == "cut_after")
    key = press()
    waiting = asyncio.create_task(perform(first, JONAS, action, key=key))
    await shop.received("POST /charges/{id}/skip")
    await first.tasks.close(patience=0)  # the process dies: nothing is recorded any more
    with pytest.raises(asyncio.CancelledError):
        await waiting
    crashed = (await activities(first, JONAS))[0]
    assert crashed.result is Result.RUNNING

    await shop.advance(RUNS_FOR)
    second = shop.services(settle_after=(0.0,))
    news: asyncio.Queue[None] = asyncio.Queue()
    shop.mirror.changes.subscribe(102, lambda: news.put_nowait(None))
    await second.start()
    found = await find_activity(second, JONAS, crashed.id)
    assert found is not None
    while found.result in (Result.RUNNING, Result.UNKNOWN):
        await news.get()
        found = await find_activity(second, JONAS, crashed.id)
        assert found is not None

    was_done = kind == "cut_after"
    assert found.result is (Result.DONE if was_done else Result.NOT_DONE)
    assert (await shop.executed()).get("POST /charges/{id}/skip", 0) == int(was_done)


async def test_an_upstream_that_cannot_be_reached_is_named_before_anything_is_done(
    shop: Shop, services: Services
) -> None:
    await shop.fault("GET", "/**", "500", times=99)

    with pytest.raises(UpstreamRefused) as refused:
        await preview(services, signed_in(106), SkipDelivery(address_id=208, date=HIS))

    assert refused.value.changed == "no"
    assert refused.value.can_retry
