"""A page that stays open while time goes by."""

from __future__ import annotations

import asyncio
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.actions import Services
from app.settings import Settings
from app.state import Portal, turns
from tests.actions.shop import Shop
from tests.state.page import HIS, first, opened, until

CUT_OFF = datetime.combine(HIS, time.min, tzinfo=ZoneInfo("America/New_York"))
"""The end of the last minute in which his delivery can be changed: a new day begins, too."""


@pytest.fixture
def looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages notice soon that the shop's clock was moved."""
    monkeypatch.setattr(turns, "LOOK_EVERY", 0.01)


async def settled(portal: Portal) -> None:
    """Returns when the new day was read, or could not be, and the page has taken it up."""
    reading = {task for task in asyncio.all_tasks() if task.get_name().startswith("new day")}
    await asyncio.gather(*reading)
    await portal.read_again()


@pytest.mark.usefixtures("looks_often")
async def test_the_cut_off_passes_while_the_page_is_open(shop: Shop, services: Services) -> None:
    shop.sandbox.clock.set(CUT_OFF - timedelta(minutes=5))
    portal = await opened(services)
    delivery = first(portal)
    assert delivery.can_skip

    shop.sandbox.clock.set(CUT_OFF + timedelta(seconds=1))
    await until(delivery, lambda: not delivery.can_skip)

    assert first(portal) is delivery
    assert delivery.reason is not None
    await settled(portal)
    portal.close()


@pytest.mark.usefixtures("looks_often")
async def test_a_clock_that_was_moved_is_noticed(shop: Shop, services: Services) -> None:
    portal = await opened(services)
    assert first(portal).delivery.date == HIS

    await shop.advance(timedelta(days=8))
    await until(portal, lambda: first(portal).delivery.date > HIS)

    await settled(portal)
    portal.close()


@pytest.mark.usefixtures("looks_often")
async def test_a_new_day_is_read_from_recharge_once(shop: Shop, services: Services) -> None:
    shop.sandbox.clock.set(CUT_OFF - timedelta(minutes=5))
    await shop.mirror.customer(102).refresh()
    await shop.mirror.shop()
    await shop.mirror.settled()
    portal = await opened(services)
    await shop.client.subscriptions.update(310, quantity=2, commit=True)
    await shop.forget_counters()

    await shop.advance(timedelta(minutes=6))
    await until(portal, lambda: portal.subscriptions[0].quantity == 2)

    assert (await shop.counters())["requests"]["GET /charges"] == 1
    await settled(portal)
    portal.close()


@pytest.mark.usefixtures("looks_often")
async def test_a_new_day_that_cannot_be_read_keeps_what_is_shown(
    shop: Shop, services: Services
) -> None:
    portal = await opened(services)
    dates = [state.delivery.date for state in portal.schedule.deliveries]
    await shop.fault("GET", "/**", "500", times=99)
    await shop.forget_counters()

    await shop.advance(timedelta(days=1))
    await shop.received("GET /customers/{id}")
    await settled(portal)

    assert portal.status == "ready"
    assert portal.notice is None
    assert [state.delivery.date for state in portal.schedule.deliveries][: len(dates)] == dates
    portal.close()


@pytest.mark.usefixtures("looks_often")
async def test_a_cut_off_within_the_day_asks_recharge_nothing(shop: Shop) -> None:
    shop.settings = Settings(_env_file=None, change_until_time=time(12))
    shop.sandbox.clock.set(CUT_OFF - timedelta(hours=12))
    await shop.mirror.customer(102).refresh()
    await shop.mirror.shop()
    await shop.mirror.settled()
    portal = await opened(shop.services())
    delivery = first(portal)
    assert delivery.can_skip
    await shop.mirror.settled()  # the first page has the catalogue read in the background
    await shop.forget_counters()
    drawn_again = asyncio.Event()
    delivery.changed.subscribe(drawn_again.set)

    await shop.advance(timedelta(minutes=1))
    await drawn_again.wait()
    assert not delivery.can_skip

    await settled(portal)
    assert (await shop.counters())["requests"] == {}
    portal.close()


async def test_a_closed_page_keeps_no_time(services: Services) -> None:
    before = asyncio.all_tasks()
    portal = await opened(services)
    assert {task.get_name() for task in asyncio.all_tasks() - before} >= {"time of a page"}
    portal.close()
    await asyncio.sleep(0)

    await portal.read_again()  # a press that ends after the page has gone starts nothing anew
    assert "time of a page" not in {task.get_name() for task in asyncio.all_tasks() - before}
