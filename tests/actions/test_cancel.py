"""Cancelling and taking up again: what is said, and what is never refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from app.actions import (
    CancelSeveral,
    CancelSubscription,
    NotPossible,
    ReactivateSubscription,
    Services,
    SkipDelivery,
    perform,
    preview,
    undo,
    way_back,
    which,
)
from app.actions.ending import texts
from app.actions.ending.cancel import UNTOLD_REASON
from app.actions.products.texts import name_of
from app.i18n import Money, Texts
from app.recharge import AppliedDiscount, ChargeStatus
from app.retention import Plan
from tests.actions.cases.cancel import cancel_first, reactivate_first
from tests.actions.shop import TODAY, Shop, press, signed_in

MARA, JONAS, PRIYA, ELENA = signed_in(101), signed_in(102), signed_in(103), signed_in(105)
TOM = signed_in(104)
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
    assert "Your 7 other subscriptions go on." in many
    assert "You still get " in many
    paid = told(await preview(services, PRIYA, await cancel_first(shop, services, PRIYA)))
    assert "Your other subscription goes on: Tea Journey" in paid
    assert "What you have paid for in advance still comes: " in paid


async def test_what_was_ordered_a_moment_ago_still_comes(shop: Shop, services: Services) -> None:
    action = await cancel_first(shop, services, MARA)
    sent = TODAY - timedelta(days=5)
    assert f"order of {ENGLISH.date(sent)} is paid for" in told(
        await preview(services, MARA, action)
    )
    await shop.mirror.settled()
    situation = await shop.situation(services, 101)
    quick = replace(situation, plan=Plan(delivery_days=4))
    assert action.effect(quick).change("ordered") is None


async def test_a_failed_payment_is_tried_without_it(shop: Shop, services: Services) -> None:
    action = await cancel_first(shop, services, TOM)
    failed = TODAY - timedelta(days=3)
    seen = told(await preview(services, TOM, action))
    assert f"The failed payment for {ENGLISH.date(failed)} is tried again without it." in seen
    assert "preparing" not in seen
    assert f"not on {ENGLISH.date(failed)}" not in seen

    await perform(services, TOM, action, key=press())

    (charge,) = [one async for one in shop.client.charges.list(customer_id=104, status="error")]
    assert action.subscription_id not in {line.purchase_item_id for line in charge.line_items}
    last = await cancel_first(shop, services, TOM)
    seen = told(await preview(services, TOM, last))
    assert f"The failed payment for {ENGLISH.date(failed)} is not tried again." in seen
    await perform(services, TOM, last, key=press())
    assert [one async for one in shop.client.charges.list(customer_id=104, status="error")] == []


async def test_a_payment_under_way_cannot_be_stopped(shop: Shop, services: Services) -> None:
    action = await cancel_first(shop, services, JONAS)
    situation = await shop.situation(services, 102)
    paying = tuple(
        one.model_copy(update={"status": ChargeStatus.PENDING})
        for one in situation.snapshot.charges
    )
    situation = replace(situation, snapshot=replace(situation.snapshot, charges=paying))

    effect = action.effect(situation)

    (under_way,) = [one for one in effect.changes if one.name == "under way"]
    assert f"The payment for {ENGLISH.date(HIS)} is under way and cannot be stopped." in (
        ENGLISH.render(under_way.text)
    )
    assert effect.changes[0] == texts.ended(name_of(situation.snapshot.subscriptions[0]))


async def test_a_discount_of_an_address_is_unused_and_one_of_a_charge_is_lost(
    shop: Shop, services: Services
) -> None:
    action = await cancel_first(shop, services, JONAS)
    situation = await shop.situation(services, 102)
    (charge,) = situation.snapshot.charges
    discount = AppliedDiscount(id=1, code="THANKS", value="10", value_type="percentage")
    charged = replace(
        situation.snapshot, charges=(charge.model_copy(update={"discounts": (discount,)}),)
    )
    standing = replace(
        charged,
        addresses=tuple(
            one.model_copy(update={"discounts": (discount,)}) for one in charged.addresses
        ),
    )

    lost = action.effect(replace(situation, snapshot=charged)).change("discount")
    unused = action.effect(replace(situation, snapshot=standing)).change("discount")

    assert lost == texts.discount_lost("THANKS", HIS)
    assert unused == texts.discount_unused("THANKS")


async def test_a_price_that_is_lower_than_todays_is_said(shop: Shop, services: Services) -> None:
    action = await cancel_first(shop, services, JONAS)
    await shop.client.subscriptions.update(action.subscription_id, price=Decimal(5), commit=True)
    await shop.mirror.customer(102).refresh()
    await shop.mirror.settled()

    seen = (await preview(services, JONAS, action)).effect.change("price")

    assert seen is not None
    assert seen.before == Money(Decimal(5), "USD")
    assert "your price stays" in ENGLISH.render(seen.text)
    done = await perform(services, JONAS, action, key=press())
    await undo(services, JONAS, done.activity_id, key=press())
    assert (await shop.client.subscriptions.get(action.subscription_id)).price == Decimal(5)
    await shop.switch(reactivate_subscription=False)
    assert "lose that price" in told(await preview(services, JONAS, action))


async def test_price_and_rhythm_are_said_before_it_starts_again(
    shop: Shop, services: Services
) -> None:
    seen = told(await preview(services, ELENA, await reactivate_first(shop, services, ELENA)))
    assert "It costs $19.35 each time, as before, without discounts, shipping and tax." in seen
    assert "It comes every month, as before." in seen
    assert "The next delivery is on " in seen


async def test_a_price_that_has_fallen_is_said_before_it_starts_again(
    shop: Shop, services: Services
) -> None:
    action = await reactivate_first(shop, services, ELENA)
    await shop.mirror.settled()
    situation = await shop.situation(services, 105)
    dear = tuple(
        one.model_copy(update={"price": Decimal(99)}) for one in situation.snapshot.subscriptions
    )
    dearer = replace(situation, snapshot=replace(situation.snapshot, subscriptions=dear))
    change = action.effect(dearer).change("price")
    assert change == texts.cheaper_anew(Money(Decimal("19.35"), "USD"))
    assert action.effect(situation).change("price") is None


async def test_what_the_end_of_several_means_is_said_of_all(shop: Shop, services: Services) -> None:
    await shop.situation(services, 104)
    snapshot = (await shop.situation(services, 104)).snapshot
    both = CancelSeveral(subscriptions=tuple(which(one) for one in snapshot.subscriptions))
    seen = told(await preview(services, TOM, both))
    assert "None of them comes any more" in seen
    assert seen.count("The failed payment for") == 1
    assert "is not tried again." in seen
    assert "You can start them again here at any time." in seen

    done = await perform(services, TOM, both, key=press())
    back = await undo(services, TOM, done.activity_id, key=press())

    assert ENGLISH.render(back.effect.done) == "2 subscriptions are active again."
    assert [one async for one in shop.client.charges.list(customer_id=104, status="error")] == []


async def test_of_several_it_is_said_which_would_have_come_next(
    shop: Shop, services: Services
) -> None:
    async def said(customer: int) -> str:
        records = (await shop.situation(services, customer)).snapshot.subscriptions
        both = CancelSeveral(subscriptions=tuple(which(one) for one in records))
        return told(await preview(services, signed_in(customer), both))

    jonas = await shop.situation(services, 102)
    name = ENGLISH.render(name_of(jonas.snapshot.subscriptions[0]))
    assert f"Not on {ENGLISH.date(HIS)} any more: {name}." in await said(102)
    # What is paid for in advance still comes on its next date.
    paid = await said(103)
    assert "This ends: Roaster's Choice (One bag)" in paid
    assert "instead of" not in paid


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
