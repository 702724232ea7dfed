"""One order on the page: its own address, old ones too, and nobody else's."""

from __future__ import annotations

import pytest

from app.actions import Services
from components import OrderDetails, StoreCredit
from tests.actions.shop import Shop
from tests.pages.test_pages import navigate, shown, the
from tests.pages.test_schedule_and_activity import all_of, links
from tests.pages.visits import portals, until

OLDEST = 1001
FAILED = 574


async def newest(services: Services) -> int:
    return (await services.mirror.customer(101).snapshot()).orders[0].id


async def test_an_order_has_an_address(services: Services) -> None:
    id = await newest(services)
    async with portals(services) as page:
        user = page.visitor(101)
        response = await user.http_client.get(f"/orders/{id}")
        assert response.status_code == 200
        await user.open(f"/orders/{id}")
        assert user.client
        assert (user.client.title or "").startswith("Order No. ")
        assert the(user, OrderDetails)
        text = shown(user)
        for part in ("What was in it", "Total", "Delivery address", "Order again"):
            assert part in text
        assert links(user)["Receipt"] == f"/orders/{id}/receipt"
        assert links(user)["Receipt as PDF"] == f"/orders/{id}/receipt.pdf"


async def test_an_old_order_is_there_with_the_page(services: Services) -> None:
    async with portals(services) as page:
        user = page.visitor(111)
        response = await user.http_client.get(f"/orders/{OLDEST}")
        assert response.status_code == 200
        assert "What was in it" in response.text


@pytest.mark.parametrize("path", ["/orders/{id}", "/orders/charges/{failed}", "/orders/99999999"])
async def test_what_is_not_ones_own_is_not_found(services: Services, path: str) -> None:
    id = await newest(services)
    async with portals(services) as page:
        user = page.visitor(102)
        address = path.format(id=id, failed=FAILED)
        response = await user.http_client.get(address)
        assert response.status_code == 404
        assert "There is nothing here" in response.text
        await user.open("/")
        await navigate(user, address)
        await until(user, "There is nothing here")
        assert not all_of(user, OrderDetails)


@pytest.mark.parametrize("path", ["/orders/0", "/orders/x", "/orders/1e3", "/orders/charges/x"])
async def test_what_is_no_number_is_not_found(services: Services, path: str) -> None:
    async with portals(services) as page:
        assert (await page.visitor(101).http_client.get(path)).status_code == 404


async def test_a_failed_payment_says_why_and_what_helps(services: Services) -> None:
    async with portals(services) as page:
        user = page.visitor(104)
        await user.open(f"/orders/charges/{FAILED}")
        text = shown(user)
        assert "Payment failed" in text
        assert "The bank declined the card." in text
        assert "The shop tries the payment again on" in text
        assert "Try the payment again" in text
        assert "Update card" in text
        assert "Receipt" not in links(user)


async def test_a_failure_can_be_tried_again(services: Services, shop: Shop) -> None:
    async with portals(services) as page:
        user = page.visitor(111)
        await user.open("/")
        await shop.fault("GET", "/orders/*", "500", times=9)
        await navigate(user, f"/orders/{OLDEST}")
        await until(user, "We cannot show this order right now")
        await shop.no_faults()
        user.find("Try again").click()
        await until(user, "What was in it")


async def test_store_credit_and_its_ledger(services: Services) -> None:
    async with portals(services) as page:
        user = page.visitor(101)
        await user.open("/credit")
        await until(user, "You can spend")
        assert the(user, StoreCredit)
        text = shown(user)
        for part in ("$12.00", "Thank you for sending a friend", "Used for a delivery", "-$8.00"):
            assert part in text


async def test_nothing_breaks_where_the_shop_tells_nothing(services: Services, shop: Shop) -> None:
    scopes = ["read_customers", "read_orders", "read_subscriptions", "read_products", "store_info"]
    (await shop.controls.put("/settings", json={"scopes": scopes})).raise_for_status()
    async with portals(services) as page:
        user = page.visitor(101)
        await user.open("/credit")
        await until(user, "This shop has no store credit here.")
