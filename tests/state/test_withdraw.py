"""Whether withdrawing from a contract is asked, and what it comes to."""

from __future__ import annotations

from app.actions import Services, WithdrawFromSubscription
from app.state import WithdrawQuestion, can_withdraw
from tests.actions.cases.withdraw import moves_to_berlin
from tests.actions.shop import TODAY, Shop
from tests.state.page import English, opened


async def test_it_is_offered_where_the_law_gives_the_right(shop: Shop, services: Services) -> None:
    portal = await opened(services)
    assert not can_withdraw(portal.subscriptions[0])
    await moves_to_berlin(shop)
    portal = await opened(services)
    assert can_withdraw(portal.subscriptions[0])


async def test_one_press_after_the_question_withdraws(shop: Shop, services: Services) -> None:
    await moves_to_berlin(shop)
    portal = await opened(services)
    question = WithdrawQuestion(portal.subscriptions[0])
    await question.ask()
    assert question.preview is not None
    said = " ".join(English.render(one.text) for one in question.preview.effect.changes)
    assert "has to give back" in said

    assert question.action.asked_on is None, "the press is the declaration"
    outcome = await question.confirm()

    assert outcome is not None
    done = await services.journal.find(102, outcome.activity_id)
    assert done is not None
    assert isinstance(done.action, WithdrawFromSubscription)
    assert done.action.asked_on == TODAY
    found = await shop.client.subscriptions.get(310)
    assert found.cancellation_reason == "Withdrawal within 14 days"
    assert not can_withdraw(portal.subscriptions[0])
