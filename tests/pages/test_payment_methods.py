"""Payment methods on the page: whose they are, and where payments that failed are told of."""

from __future__ import annotations

from nicegui import Client, ui

from app.actions import Services
from components import PaymentBanner, PaymentMethodCard, PaymentMethodDetails
from components.testing import words
from tests.actions.shop import Shop
from tests.pages.test_pages import the
from tests.pages.test_schedule_and_activity import all_of
from tests.pages.visits import portals


def key(element: ui.element) -> int:
    """Which payment method it shows."""
    assert isinstance(element, PaymentMethodCard | PaymentMethodDetails)
    return element.model.key


async def test_a_customer_sees_their_own_and_nobody_elses(services: Services) -> None:
    async with portals(services) as page:
        mara = page.visitor(101)
        await mara.open("/payment-methods")
        assert [key(card) for card in all_of(mara, PaymentMethodCard)] == [601, 602]
        await mara.open("/payment-methods/602")
        assert key(the(mara, PaymentMethodDetails)) == 602
        answers = []
        for id in ("603", "999999", "0601", "abc", "1" * 30):
            response = await page.visitor(101).http_client.get(f"/payment-methods/{id}")
            assert response.status_code == 404
            answers.append(words(list(Client.instances.values())[-1].layout))
        assert [text for text in answers if text != answers[0]] == []


async def test_what_the_merchant_does_not_show_is_not_there(shop: Shop, services: Services) -> None:
    await shop.switch(view_recharge_payment_methods=False)
    async with portals(services) as page:
        for path in ("/payment-methods", "/payment-methods/601"):
            response = await page.visitor(101).http_client.get(path)
            assert response.status_code == 404


async def test_a_failed_payment_is_told_where_it_matters(services: Services) -> None:
    async with portals(services) as page:
        tom = page.visitor(104)
        for path in ("/payment-methods", "/payment-methods/605", "/subscriptions/313"):
            await tom.open(path)
            told = words(the(tom, PaymentBanner))
            assert "The bank declined the card." in told
            assert "Update card" in told
            assert "Try again now" in told
        await tom.open("/")
        # The next delivery tells of it, so it does not stand above as well.
        assert words(the(tom, PaymentBanner)) == []
        everything = words(tom.current_layout)
        assert everything.count("The bank declined the card.") == 1
