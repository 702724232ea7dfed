"""The goods of an order once more: what is still sold, where it can come, what it costs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.actions import BuyAgain, Services
from app.i18n import Texts
from app.recharge import Order
from app.state import BuyAgainQuestion, OrderState, Portal, can_buy_again
from tests.actions.shop import Shop
from tests.state.page import MARA, opened, text

English = Texts("en")


async def with_products(services: Services) -> Portal:
    """A page that knows the shop's products, which are read in the background."""
    portal = await opened(services, MARA)
    await services.mirror.settled()
    await portal.read_again()
    return portal


def order_of(portal: Portal, **changes: object) -> OrderState:
    """Her newest order, changed like this."""
    newest = portal.records.orders[0]
    state = portal.orders.of("order", newest.id)
    document = newest.model_dump(mode="json", exclude_unset=True) | changes
    state.record = Order.model_validate(document)
    return state


def lines(portal: Portal, *changes: dict[str, object]) -> list[dict[str, object]]:
    """The first item of her newest order, once for each change."""
    line = portal.records.orders[0].line_items[0].model_dump(mode="json")
    return [line | change for change in changes]


async def test_all_that_is_sold_is_chosen_with_the_next_delivery(services: Services) -> None:
    portal = await with_products(services)
    question = BuyAgainQuestion(order_of(portal))
    await question.ask()
    assert question.offered
    assert question.chosen == tuple(one.variant_id for one in question.offered)
    action = question.action
    assert isinstance(action, BuyAgain)
    assert [one.variant_id for one in action.goods] == list(question.chosen)
    place = question.place
    assert place is not None
    assert place.delivery is not None
    assert (action.address_id, action.date) == (place.address.id, place.delivery.date)
    assert place.address.id == portal.records.orders[0].address_id
    assert question.preview is not None
    told = [English.render(change.text) for change in question.preview.effect.changes]
    assert "costs" in told[0]
    portal.close()


async def test_it_is_done_and_taken_back(services: Services, shop: Shop) -> None:
    portal = await with_products(services)
    question = BuyAgainQuestion(order_of(portal))
    await question.ask()
    known = {one.id for one in portal.records.onetimes}
    outcome = await question.confirm()
    assert outcome is not None
    assert len({one.id for one in portal.records.onetimes} - known) == len(question.chosen)
    assert "Your order comes on" in text(portal.notice)
    await portal.undo()
    assert {one.id for one in portal.records.onetimes} == known
    portal.close()


async def test_one_product_alone(services: Services) -> None:
    portal = await with_products(services)
    question = BuyAgainQuestion(order_of(portal))
    await question.choose(chosen=(question.offered[0].variant_id,))
    assert isinstance(question.action, BuyAgain)
    assert len(question.action.goods) == 1
    await question.choose(chosen=())
    assert question.action is None
    assert question.preview is None
    portal.close()


async def test_a_day_of_its_own(services: Services) -> None:
    portal = await with_products(services)
    question = BuyAgainQuestion(order_of(portal))
    await question.choose(place=question.places[-1])
    assert question.is_alone
    day = question.first + timedelta(days=1)
    await question.choose(date=day)
    assert isinstance(question.action, BuyAgain)
    assert question.action.date == day
    portal.close()


async def test_what_is_gone_is_told_with_its_reason(services: Services) -> None:
    portal = await with_products(services)
    changed = lines(
        portal,
        {"external_variant_id": {"ecommerce": "no-such"}, "title": "Autumn Blend"},
        {"external_variant_id": None, "title": "From another system"},
        {"unit_price": "0.00", "title": "A cup"},
        {},
    )
    question = BuyAgainQuestion(order_of(portal, line_items=changed))
    told = [(one.title, English.render(one.reason)) for one in question.gone if one.reason]
    gone = "The shop does not offer this any more."
    assert told[:2] == [("Autumn Blend", gone), ("From another system", gone)]
    assert told[2][1] == "It was a gift of the shop."
    assert len(question.offered) == 1
    portal.close()


async def test_two_lines_of_one_product_are_one(services: Services) -> None:
    portal = await with_products(services)
    changed = lines(portal, {"quantity": 2}, {"quantity": 3}, {"quantity": 400})
    (item,) = BuyAgainQuestion(order_of(portal, line_items=changed)).items
    assert item.quantity == 99, "as many as can be ordered at once"
    portal.close()


@pytest.mark.parametrize(("price", "is_dearer"), [("0.01", True), ("999.00", False)])
async def test_another_price_than_then_is_told(
    services: Services, price: str, is_dearer: bool
) -> None:
    portal = await with_products(services)
    (item,) = BuyAgainQuestion(
        order_of(portal, line_items=lines(portal, {"unit_price": price}))
    ).items
    assert item.is_dearer is is_dearer
    assert item.before is not None
    prepaid = order_of(portal, line_items=lines(portal, {"unit_price": price}), is_prepaid=True)
    (item,) = BuyAgainQuestion(prepaid).items
    assert item.before is None, "a share of what was paid before is no price"
    portal.close()


async def test_it_is_offered_where_the_merchant_lets_customers_buy_once(
    services: Services, shop: Shop
) -> None:
    portal = await with_products(services)
    assert can_buy_again(order_of(portal))
    await shop.switch(onetime_enabled=False)
    await portal.read_again()
    assert not can_buy_again(order_of(portal))
    portal.close()
