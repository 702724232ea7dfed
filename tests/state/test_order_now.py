"""The questions about paying now, giving away, ending and taking up again, on an open page."""

from __future__ import annotations

from app.actions import Services
from app.state import (
    EndQuestion,
    GiftQuestion,
    OrderNowQuestion,
    Portal,
    can_cancel,
    can_give,
    can_order_now,
    can_reactivate,
    can_try_payment_again,
)
from tests.actions.shop import Shop, signed_in
from tests.state.page import first, opened, text


async def test_order_now_from_the_page(portal: Portal, shop: Shop) -> None:
    delivery = first(portal)
    assert can_order_now(delivery)
    assert not can_try_payment_again(delivery)
    question = OrderNowQuestion(delivery)
    await question.ask()
    assert question.preview is not None

    await question.confirm()

    assert "Your order is placed" in text(portal.notice)
    assert portal.notice is not None
    assert portal.notice.undo_until is None
    assert first(portal).delivery.date > question.date
    assert await shop.executed() == {"POST /charges/{id}/process": 1}


async def test_a_failed_payment_can_be_tried_again_and_is_not_ordered_now(
    services: Services,
) -> None:
    portal = await opened(services, signed_in(104))
    delivery = first(portal)
    assert can_try_payment_again(delivery)
    assert not can_order_now(delivery)
    question = OrderNowQuestion(delivery)
    await question.ask()

    await question.confirm()  # the card is still the one that was declined

    assert "You were not charged" in text(portal.notice)
    portal.close()


async def test_a_gift_asks_until_it_knows_whom_to_send_it_to(portal: Portal, shop: Shop) -> None:
    delivery = first(portal)
    assert can_give(delivery)
    question = GiftQuestion(delivery)
    await question.ask()
    assert question.preview is None
    assert question.failure is None
    assert question.draft.wrong == {}
    await question.draft.choose(first_name="Edith", last_name="Weber")
    await question.choose(email="edith@example")
    assert question.wrong_email is not None
    await question.choose(email="edith@example.com")
    assert question.wrong_email is None
    await question.draft.choose(address1="7 Mill Lane", city="Burlington", country_code="US")
    assert question.preview is None
    assert not question.draft.press()
    assert set(question.draft.wrong) == {"province", "zip"}
    await question.draft.choose(province="Vermont", zip="05401")
    assert question.preview is not None

    await question.confirm()

    assert "goes to" in text(portal.notice)
    assert await shop.executed() == {"POST /purchase_items/skip_gift": 1}


async def test_cancel_and_take_it_up_again(portal: Portal) -> None:
    [subscription] = portal.subscriptions
    assert can_cancel(subscription)
    assert not can_reactivate(subscription)
    question = EndQuestion(subscription)
    await question.ask()
    await question.confirm()
    assert subscription.is_over
    assert can_reactivate(subscription)

    await portal.undo()

    assert can_cancel(subscription)
