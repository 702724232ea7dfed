"""The page of all orders: what is chosen is in its address, and comes from it."""

from __future__ import annotations

import pytest

from app.actions import Services
from app.mirror.rows import CustomerRows, Noun, Unreadable
from components import ErrorState, OrderEntry, OrderList
from components.testing import button, press
from tests.actions.shop import Shop
from tests.pages.test_pages import shown, the
from tests.pages.test_schedule_and_activity import all_of
from tests.pages.visits import portals, until


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


async def test_where_nothing_could_be_fetched_it_says_so_and_tries_again(
    services: Services, shop: Shop
) -> None:
    """A record that cannot be read may be an order: so more is asked for than is here."""
    await services.mirror.customer(112).snapshot()
    lost = Unreadable(Noun.ADDRESSES, -1)
    await CustomerRows(services.database, 112).write([lost], read_at=services.clock())
    await shop.fault("GET", "/orders", "500", times=99)
    async with portals(services) as page:
        user = page.visitor(112)
        await user.open("/orders")
        await until(user, "We cannot show your orders right now")
        assert "Loading" not in shown(user)
        assert "Nothing was ordered yet" not in shown(user), "unknown is not empty"

        await shop.no_faults()
        await press(button(the(user, OrderList), "Try again"))
        await until(user, "Nothing was ordered yet")
        assert not all_of(user, ErrorState)


async def test_nobody_sees_what_another_has_bought(services: Services) -> None:
    async with portals(services) as page:
        one, other = page.visitor(104), page.visitor(106)
        await one.open("/orders")
        await other.open("/orders")
        theirs = {entry.model.key for entry in all_of(other, OrderEntry)}  # type: ignore[attr-defined]
        mine = {entry.model.key for entry in all_of(one, OrderEntry)}  # type: ignore[attr-defined]
        assert mine
        assert mine.isdisjoint(theirs)
