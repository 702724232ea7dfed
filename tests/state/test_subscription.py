"""A subscription as its card shows it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.actions import Services
from app.actions.products.texts import every
from app.i18n import Texts
from app.recharge import SubscriptionStatus
from app.state import Portal, SubscriptionState
from tests.actions.shop import TODAY, signed_in
from tests.state.page import skip

English = Texts("en-GB")


async def card(services: Services, customer_id: int, subscription_id: int) -> SubscriptionState:
    portal = Portal(services, signed_in(customer_id), English)
    await portal.open()
    return next(state for state in portal.subscriptions if state.key == subscription_id)


def rhythm(shown: SubscriptionState) -> str:
    assert shown.interval is not None
    return English.render(shown.interval)


async def test_an_active_subscription(services: Services) -> None:
    shown = await card(services, 101, 301)

    assert (shown.title, shown.variant_title) == ("Harbor Blend", "12 oz / Filter")
    assert shown.quantity == 2
    assert shown.price is not None
    assert English.money(shown.price) == "US$31.50"
    assert rhythm(shown) == "every 2 weeks"
    assert English.render(shown.status_text) == "Active"
    assert shown.next_date == TODAY + timedelta(days=9)
    assert shown.picture is not None
    assert shown.address is not None
    assert shown.payment_method is not None


async def test_its_next_date_moves_with_a_skip(services: Services) -> None:
    portal = Portal(services, signed_in(102), English)
    await portal.open()
    shown = portal.subscriptions[0]
    assert portal.next_delivery is not None
    assert shown.next_date == portal.next_delivery.delivery.date

    await skip(portal.next_delivery)

    assert shown is portal.subscriptions[0]
    assert shown.next_date == TODAY + timedelta(days=6 + 14)
    portal.close()


async def test_a_cancelled_one_has_no_next_date(services: Services) -> None:
    shown = await card(services, 105, 315)

    assert shown.status == "cancelled"
    assert shown.next_date is None


async def test_a_prepaid_one_says_how_often_it_comes_and_is_paid(services: Services) -> None:
    shown = await card(services, 103, 311)

    assert shown.is_prepaid
    assert rhythm(shown) == "every month, paid every 3 months"


@pytest.mark.parametrize(
    ("count", "unit", "words"),
    [
        (1, "day", "every day"),
        (10, "day", "every 10 days"),
        (1, "week", "every week"),
        (2, "month", "every 2 months"),
        (1, "fortnight", "as arranged with the shop"),
    ],
)
def test_rhythms_in_words(count: int, unit: str, words: str) -> None:
    assert English.render(every(count, unit)) == words


async def test_what_is_not_known_of_it_is_not_made_up(services: Services) -> None:
    shown = await card(services, 101, 301)
    strange = {
        "status": SubscriptionStatus("hibernating"),
        "price": None,
        "order_interval_unit": None,
        "order_interval_frequency": None,
    }
    shown.update(shown.subscription.model_copy(update=strange))

    assert shown.status == "unknown"
    assert not shown.is_over
    assert English.render(shown.status_text) == "Status: hibernating"
    assert shown.price is None
    assert shown.interval is None


async def test_its_price_with_what_the_address_takes_off(services: Services) -> None:
    shown = await card(services, 101, 301)
    assert [one.code for one in shown.discounts] == ["NEIGHBOR10"]
    assert shown.price is not None
    assert shown.reduced_price is not None
    assert English.money(shown.price) == "US$31.50"
    assert English.money(shown.reduced_price) == "US$28.35"


async def test_without_a_discount_there_is_one_price(services: Services) -> None:
    shown = await card(services, 105, (await any_of(services, 105)))
    assert shown.discounts == ()
    assert shown.reduced_price is None


async def any_of(services: Services, customer_id: int) -> int:
    portal = Portal(services, signed_in(customer_id), English)
    await portal.open()
    return portal.subscriptions[0].key


async def test_until_when_its_next_delivery_can_be_changed(services: Services) -> None:
    shown = await card(services, 101, 301)
    assert shown.change_until is not None
    assert shown.next_date is not None
    assert shown.change_until.date() == shown.next_date - timedelta(days=1)


async def test_what_is_left_of_a_prepaid_one_and_what_has_come(services: Services) -> None:
    shown = await card(services, 103, await any_of(services, 103))
    assert shown.is_prepaid
    left, past = shown.prepaid_left, shown.past_orders
    assert left
    assert left[0] >= TODAY
    assert list(left) == sorted(left)
    assert past
    moments = [one.processed_at for one in past if one.processed_at]
    assert len(moments) == len(past), "what is to come has not come"
    assert moments == sorted(moments, reverse=True)
    assert all(moment.date() <= TODAY for moment in moments)
