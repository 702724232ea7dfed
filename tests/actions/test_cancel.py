"""Cancelling and taking up again: what is said, and what is never refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.actions import (
    CancelSubscription,
    NotPossible,
    ReactivateSubscription,
    Services,
    SkipDelivery,
    perform,
    preview,
    undo,
    way_back,
)
from app.actions.ending.cancel import UNTOLD_REASON
from app.i18n import Texts
from tests.actions.cases.cancel import cancel_first, reactivate_first
from tests.actions.shop import TODAY, Shop, press, signed_in

MARA, JONAS, PRIYA, ELENA = signed_in(101), signed_in(102), signed_in(103), signed_in(105)
ENGLISH = Texts("en")
HIS = TODAY + timedelta(days=6)


def told(seen: object) -> str:
    """All that a preview says."""
    effect = seen.effect  # type: ignore[attr-defined]
    sentences = [*(change.text for change in effect.changes), *effect.stays]
    return " ".join(map(ENGLISH.render, sentences))


async def test_a_reason_is_not_asked_for(shop: Shop, services: Services) -> None:
    action = (await cancel_first(shop, services, JONAS)).model_copy(update={"reason": ""})

    await perform(services, JONAS, action, key=press())

    found = await shop.client.subscriptions.get(action.subscription_id)
    assert found.cancellation_reason == UNTOLD_REASON


@pytest.mark.usefixtures("unrepaired")
async def test_it_is_not_refused_after_the_cut_off(shop: Shop, services: Services) -> None:
    action = await cancel_first(shop, services, JONAS)
    await shop.advance(timedelta(days=5, hours=13))  # the night before

    seen = await preview(services, JONAS, action)
    await perform(services, JONAS, action, key=press(), revision=seen.revision)

    assert "preparing your delivery" in told(seen)
    found = await shop.client.subscriptions.get(action.subscription_id)
    assert found.status == "cancelled"


async def test_what_goes_on_and_what_is_paid_is_said(shop: Shop, services: Services) -> None:
    many = told(await preview(services, MARA, await cancel_first(shop, services, MARA)))
    assert "Your other subscriptions go on: " in many
    assert "You still get " in many
    paid = told(await preview(services, PRIYA, await cancel_first(shop, services, PRIYA)))
    assert "What you have paid for in advance still comes: " in paid


async def test_skipped_dates_are_lost_and_that_is_said(shop: Shop, services: Services) -> None:
    await perform(services, JONAS, SkipDelivery(address_id=203, date=HIS), key=press())
    action = await cancel_first(shop, services, JONAS)
    assert "forgotten" in told(await preview(services, JONAS, action))

    done = await perform(services, JONAS, action, key=press())
    await undo(services, JONAS, done.activity_id, key=press())

    situation = await shop.situation(services, 102)
    assert situation.delivery(203, HIS, skipped=True) is None
    assert situation.delivery(203, HIS + timedelta(weeks=2), skipped=False) is not None


async def test_the_promised_date_is_set_where_the_shop_gives_another(
    shop: Shop, services: Services
) -> None:
    action = await reactivate_first(shop, services, ELENA)
    day = TODAY + timedelta(days=40)
    outcome = await perform(services, ELENA, action.model_copy(update={"date": day}), key=press())

    found = await shop.client.subscriptions.get(action.subscription_id)
    assert found.next_charge_scheduled_at == day
    assert outcome.differences == ()


async def test_where_it_cannot_be_set_the_difference_is_told(
    shop: Shop, services: Services
) -> None:
    action = await reactivate_first(shop, services, ELENA)
    await shop.fault("POST", "/subscriptions/*/set_next_charge_date", "422", times=9)
    outcome = await perform(
        services,
        ELENA,
        action.model_copy(update={"date": TODAY + timedelta(days=40)}),
        key=press(),
    )

    assert outcome.differences
    found = await shop.client.subscriptions.get(action.subscription_id)
    assert f"But {found.product_title} now comes on" in ENGLISH.render(outcome.notice)


async def test_no_undo_is_offered_where_the_shop_does_not_take_up_again(
    shop: Shop, services: Services
) -> None:
    action = await cancel_first(shop, services, JONAS)
    await shop.switch(reactivate_subscription=False)

    done = await perform(services, JONAS, action, key=press())

    assert done.undo_until is None
    assert await way_back(services, JONAS, done.activity_id) is None


async def test_what_is_active_is_not_taken_up_and_what_is_over_is_not_cancelled(
    shop: Shop, services: Services
) -> None:
    active = await cancel_first(shop, services, JONAS)
    with pytest.raises(NotPossible):
        await preview(
            services,
            JONAS,
            ReactivateSubscription(
                address_id=active.address_id, subscription_id=active.subscription_id
            ),
        )
    ended = await reactivate_first(shop, services, ELENA)
    with pytest.raises(NotPossible):
        await preview(
            services,
            ELENA,
            CancelSubscription(address_id=ended.address_id, subscription_id=ended.subscription_id),
        )


async def test_it_starts_again_on_no_day_that_is_past_or_too_far(
    shop: Shop, services: Services
) -> None:
    action = await reactivate_first(shop, services, ELENA)
    for day in (date.min, TODAY, date(2999, 1, 1), date.max):
        with pytest.raises(NotPossible):
            await preview(services, ELENA, action.model_copy(update={"date": day}))


async def test_what_was_due_today_starts_again_on_a_day_that_it_can_have(
    shop: Shop, services: Services
) -> None:
    action = await cancel_first(shop, services, JONAS)
    situation = await shop.situation(services, 102)
    noon = situation.now + (HIS - TODAY)
    back = action.inverse(replace(situation, today=HIS, now=noon, change_until_days=0))
    assert back is not None
    assert back.date is None
