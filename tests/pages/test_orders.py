"""The page of all orders: what is chosen is in its address, and comes from it."""

from __future__ import annotations

import pytest

from app.actions import Services
from components import OrderEntry, OrderList
from components.testing import button, press
from tests.pages.test_pages import shown, the
from tests.pages.test_schedule_and_activity import all_of
from tests.pages.visits import portals


async def test_the_orders_are_in_the_first_answer(services: Services) -> None:
    async with portals(services) as page:
        user = page.visitor(104)
        await user.open("/orders")
        assert len(all_of(user, OrderEntry)) > 1
        assert "Payment failed" in shown(user)
        assert "The bank declined the card." in shown(user)
        assert "still being fetched" not in shown(user)


async def test_an_address_shows_what_it_asks_for(services: Services) -> None:
    async with portals(services) as page:
        user = page.visitor(104)
        await user.open("/orders?status=failed")
        assert len(all_of(user, OrderEntry)) == 1
        assert "1 found" in shown(user)
        await press(button(the(user, OrderList), "Everything"))
        assert len(all_of(user, OrderEntry)) > 1


@pytest.mark.parametrize("query", ["status=%3Cscript%3E", "time='&status=;", "status=&time=&x=1"])
async def test_an_address_that_asks_for_nonsense_shows_everything(
    services: Services, query: str
) -> None:
    async with portals(services) as page:
        user = page.visitor(104)
        await user.open(f"/orders?{query}")
        assert len(all_of(user, OrderEntry)) > 1


async def test_who_has_bought_nothing_is_told_so(services: Services) -> None:
    async with portals(services) as page:
        user = page.visitor(112)
        await user.open("/orders")
        assert not all_of(user, OrderEntry)
        assert "Nothing was ordered yet" in shown(user)


async def test_nobody_sees_what_another_has_bought(services: Services) -> None:
    async with portals(services) as page:
        one, other = page.visitor(104), page.visitor(106)
        await one.open("/orders")
        await other.open("/orders")
        theirs = {entry.model.key for entry in all_of(other, OrderEntry)}  # type: ignore[attr-defined]
        mine = {entry.model.key for entry in all_of(one, OrderEntry)}  # type: ignore[attr-defined]
        assert mine
        assert mine.isdisjoint(theirs)
