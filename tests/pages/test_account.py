"""The account's pages: what stands there, and what the merchant or the service leaves out."""

from __future__ import annotations

from app.actions import Services
from tests.actions.conftest import pattern, services, shop
from tests.actions.shop import Shop
from tests.pages.visits import portals

__all__ = ["pattern", "services", "shop"]


async def test_the_account_leads_to_all_that_is_theirs(shop: Shop, services: Services) -> None:
    await shop.switch(show_credits=True)
    async with portals(services) as visits:
        user = visits.visitor(101)
        await user.open("/account")
        for words in ("Your details", "mara.lindqvist", "+1 207-555-0101"):
            await user.should_see(words)
        for words in ("Addresses", "Payment methods", "Store credit", "Activity", "Your data"):
            await user.should_see(words)
        await user.should_not_see("Jonas")


async def test_what_the_merchant_switches_off_is_not_there(shop: Shop, services: Services) -> None:
    await shop.switch(show_credits=False, view_recharge_payment_methods=False)
    async with portals(services) as visits:
        user = visits.visitor(101)
        await user.open("/account")
        await user.should_see("Your details")
        await user.should_not_see("Payment methods")
        await user.should_not_see("Store credit")
        await user.should_not_see("Your payment choices")


async def test_devices_have_a_page_of_their_own(services: Services) -> None:
    async with portals(services) as visits:
        user = visits.visitor(101)
        await user.open("/account/devices")
        await user.should_see("Your devices")
        answer = await user.http_client.get("/account/nothing")
        assert answer.status_code == 404
