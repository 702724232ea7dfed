"""What a page does not work out, or works out once: it is counted here, never timed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest

from app.actions import (
    CancelSeveral,
    MoveOnce,
    ReactivateSeveral,
    Services,
    late_result,
    preview,
    unsettled,
    which,
)
from app.actions.base import worked_out_once
from app.database import Database
from app.mirror import Delivery, Snapshot, projection
from app.state import DeliveryState, Portal
from app.state import schedule as schedules
from tests.actions.shop import Shop
from tests.state.page import HIS, JONAS, MARA, first, opened, skip, until


@contextmanager
def projected(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Snapshot]]:
    """The records whose schedule is worked out meanwhile."""
    seen: list[Snapshot] = []
    real = projection.schedule

    def counted(snapshot: Snapshot, today: date, until: date) -> tuple[Delivery, ...]:
        seen.append(snapshot)
        return real(snapshot, today, until)

    with monkeypatch.context() as patch:
        patch.setattr(projection, "schedule", counted)
        yield seen


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[DeliveryState]:
    """The states of deliveries that a schedule has made."""
    states: list[DeliveryState] = []

    def counted(portal: Portal, delivery: Delivery) -> DeliveryState:
        states.append(DeliveryState(portal, delivery))
        return states[-1]

    monkeypatch.setattr(schedules, "DeliveryState", counted)
    return states


async def test_a_state_is_made_for_a_delivery_that_is_looked_at(
    services: Services, made: list[DeliveryState]
) -> None:
    portal = await opened(services, MARA)
    assert len(portal.schedule.planned) > 50
    assert made == [portal.next_delivery]

    third = portal.schedule.of(portal.schedule.planned[2])
    assert len(made) == 2
    await skip(first(portal))
    assert third is portal.schedule.of(portal.schedule.planned[2])
    assert len(made) < 5  # the one that is next now is looked at
    portal.close()


async def test_the_next_day_of_an_item_is_that_of_its_first_delivery_that_comes(
    services: Services,
) -> None:
    portal = await opened(services)
    assert portal.schedule.next_day(310) == HIS
    await skip(first(portal))
    assert portal.schedule.next_day(310) == HIS + timedelta(days=14)
    assert portal.schedule.next_day(301) is None  # hers
    portal.close()


async def test_a_year_is_worked_out_once_for_all_pages_of_a_customer(
    shop: Shop, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    await shop.situation(services, MARA.customer_id)
    await shop.mirror.settled()  # the catalogue has come
    pages = [await opened(services, MARA) for _ in range(8)]
    before = pages[0].records
    assert all(page.snapshot is before for page in pages)
    address = before.addresses[0].model_copy(update={"address1": "7 New Row", "updated_at": None})
    with projected(monkeypatch) as seen:
        await shop.mirror.customer(MARA.customer_id).store(address)
        for page in pages:
            await until(page, lambda page=page: page.snapshot is not before)  # type: ignore[misc]
    assert seen == [pages[0].records]
    assert all(page.snapshot is pages[0].snapshot for page in pages)
    for page in pages:
        page.close()


async def test_a_question_works_out_each_situation_once(
    shop: Shop, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await shop.situation(services, JONAS.customer_id)
    await shop.mirror.settled()  # the catalogue has come
    before = await shop.situation(services, JONAS.customer_id)
    assert before.deliveries
    action = MoveOnce(address_id=203, subscription_id=310, date=HIS + timedelta(days=3))
    with projected(monkeypatch) as seen:
        await preview(services, JONAS, action)
    # After the skip, and after what comes instead: nothing else, and nothing anew.
    assert len({id(snapshot) for snapshot in seen}) == 2
    assert before.snapshot not in seen


@pytest.mark.parametrize("kind", [CancelSeveral, ReactivateSeveral])
async def test_what_comes_is_worked_out_once_for_all_that_end_or_start_again(
    shop: Shop,
    services: Services,
    monkeypatch: pytest.MonkeyPatch,
    kind: type[CancelSeveral | ReactivateSeveral],
) -> None:
    await shop.situation(services, MARA.customer_id)
    await shop.mirror.settled()  # the catalogue has come
    before = await shop.situation(services, MARA.customer_id)
    active = [one for one in before.snapshot.subscriptions if one.status == "active"]
    assert len(active) > 4
    listed = tuple(which(one) for one in active)
    if kind is ReactivateSeveral:
        before = CancelSeveral(subscriptions=listed).after(before)
    action = kind(subscriptions=listed)
    with projected(monkeypatch) as seen, worked_out_once():
        assert action.effect(before).changes
        assert action.revision(before)
    # As it is, and as all of it leaves it: not once more for each of them.
    assert len({id(one) for one in seen}) <= 2


async def test_the_receipt_of_many_ends_looks_no_year_ahead(
    shop: Shop, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    await shop.situation(services, MARA.customer_id)
    await shop.mirror.settled()  # the catalogue has come
    before = await shop.situation(services, MARA.customer_id)
    active = [one for one in before.snapshot.subscriptions if one.status == "active"]
    action = CancelSeveral(subscriptions=tuple(which(one) for one in active))
    effect = action.effect(before)
    spans: list[timedelta] = []
    real = projection.schedule

    def counted(snapshot: Snapshot, today: date, until: date) -> tuple[Delivery, ...]:
        spans.append(until - today)
        return real(snapshot, today, until)

    monkeypatch.setattr(projection, "schedule", counted)
    assert action.receipt(before, effect)
    assert len([span for span in spans if span > timedelta(days=60)]) <= 2, spans


async def test_who_has_done_nothing_is_asked_about_nothing(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads = 0
    real = Database.read

    def counted(self: Database) -> object:
        nonlocal reads
        reads += 1
        return real(self)

    monkeypatch.setattr(Database, "read", counted)
    assert await late_result(services, JONAS) is None
    assert await unsettled(services, JONAS) == []
    assert reads == 2
