"""Questions about several subscriptions, and about where one goes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta

import pytest

from app.actions import MoveSeveralToAddress, MoveToAddress, Services
from app.state import (
    AddressQuestion,
    Portal,
    SeveralQuestion,
    TogetherQuestion,
    can_align,
    can_move_to_address,
    try_rest,
)
from tests.actions.shop import TODAY, Shop
from tests.state.page import MARA, opened


@pytest.fixture
async def portal(services: Services) -> AsyncIterator[Portal]:
    """Mara's page: she has subscriptions at two addresses."""
    portal = await opened(services, MARA)
    yield portal
    portal.close()


async def test_several_are_changed_and_each_is_told(portal: Portal, shop: Shop) -> None:
    question = SeveralQuestion(portal)
    assert question.kind == "quantity"
    await question.ask()
    assert question.preview is None  # nothing is chosen

    await question.choose(chosen=(302, 303), quantity=5)
    assert question.preview is not None
    names = [change.name for change in question.preview.effect.changes]
    assert names[:2] == ["item 302", "item 303"]
    await question.confirm()

    assert portal.notice is not None
    assert portal.notice.tone == "success"
    assert [step.is_done for step in portal.notice.steps] == [True, True]
    assert (await shop.client.subscriptions.get(302)).quantity == 5


async def test_one_that_cannot_be_changed_is_left_out_with_the_reason(portal: Portal) -> None:
    question = SeveralQuestion(portal)

    await question.choose(chosen=(302, 303), quantity=3)  # 303 comes three times already

    assert [one.key for one, _ in question.left_out] == [303]
    assert question.preview is not None
    assert len([c for c in question.preview.effect.changes if c.name.startswith("item ")]) == 1


async def test_what_is_left_open_is_told_and_tried_again(portal: Portal, shop: Shop) -> None:
    question = SeveralQuestion(portal)
    await question.choose(chosen=(302, 303), quantity=5)
    await shop.fault("PUT", "/addresses/201/subscriptions-bulk", "422")
    await shop.fault("PUT", "/subscriptions/303", "422")

    await question.confirm()

    notice = portal.notice
    assert notice is not None
    assert [step.is_done for step in notice.steps] == [True, False]
    await try_rest(portal, notice.activity_id or "")
    assert portal.notice is not None
    assert portal.notice.tone == "success"
    assert all(step.is_done for step in portal.notice.steps)
    assert (await shop.client.subscriptions.get(303)).quantity == 5


async def test_they_come_together_on_the_date_of_the_next_one(portal: Portal) -> None:
    assert can_align(portal)
    question = TogetherQuestion(portal)

    await question.ask()

    assert question.date == date(2026, 12, 2)
    assert question.preview is not None
    moving = [c for c in question.preview.effect.changes if c.name.startswith("item ")]
    assert moving
    assert all(change.after == question.date for change in moving)
    assert all(change.before != question.date for change in moving)


async def test_fewer_than_two_do_not_come_together(portal: Portal) -> None:
    question = TogetherQuestion(portal)

    await question.choose(chosen=(306,), date=TODAY + timedelta(days=20))

    assert question.action is None
    assert question.preview is None


async def test_where_it_goes_and_what_goes_along(portal: Portal, shop: Shop) -> None:
    one = next(one for one in portal.subscriptions if one.key == 302)
    assert can_move_to_address(one)
    question = AddressQuestion(one)
    assert isinstance(question.action, MoveToAddress)  # there is only one other address
    assert question.address_id == 202

    await question.choose(along=(303,))

    assert isinstance(question.action, MoveSeveralToAddress)
    await question.confirm()
    assert (await shop.client.subscriptions.get(303)).address_id == 202


async def test_a_date_that_nothing_comes_on_is_not_taken(portal: Portal) -> None:
    one = next(one for one in portal.subscriptions if one.key == 302)
    question = AddressQuestion(one)

    await question.choose(date=TODAY + timedelta(days=200))

    assert isinstance(question.action, MoveToAddress)
    assert question.action.date is None
    [first, *_] = question.dates
    await question.choose(date=first.date)
    assert question.action.date == first.date
