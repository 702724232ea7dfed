"""Withdrawing: who may, until when, what stands in its way, and what both sides get in writing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.actions import (
    CancelSubscription,
    InvalidInput,
    NotPossible,
    ReactivateSubscription,
    ReceiptKind,
    Services,
    WithdrawFromSeveral,
    WithdrawFromSubscription,
    last_day_to_withdraw,
    perform,
    preview,
    receipt_of,
)
from app.actions.ending.cancel import UNTOLD_REASON
from app.actions.ending.withdraw import WITHDRAWN_REASON
from app.i18n import Texts
from app.recharge import Subscription
from tests.actions.cases.withdraw import HIS, moves_to_berlin
from tests.actions.shop import TODAY, Shop, press, signed_in

JONAS, CLAIRE = signed_in(102), signed_in(107)
ENGLISH = Texts("en")
WITHDRAW = WithdrawFromSubscription(**dict(HIS))


def told(seen: object) -> str:
    """All that a preview says."""
    effect = seen.effect  # type: ignore[attr-defined]
    sentences = [*(change.text for change in effect.changes), *effect.stays]
    return " ".join(map(ENGLISH.render, sentences))


async def test_the_contract_ends_with_the_reason_that_names_it(
    shop: Shop, services: Services
) -> None:
    await moves_to_berlin(shop)

    outcome = await perform(services, JONAS, WITHDRAW, key=press())

    found = await shop.client.subscriptions.get(310)
    assert (found.status, found.cancellation_reason) == ("cancelled", WITHDRAWN_REASON)
    assert outcome.is_confirmed
    assert outcome.undo_until is None


async def test_it_says_what_is_given_back_and_until_when(shop: Shop, services: Services) -> None:
    await moves_to_berlin(shop)

    seen = told(await preview(services, JONAS, WITHDRAW))

    by = ENGLISH.date(TODAY + timedelta(days=14))
    assert (
        f"The shop has to give back what you have paid for it, ordinary delivery included, by {by}."
        in seen
    )
    assert f"Send back by {by} what has arrived." in seen


async def test_both_sides_get_it_in_writing(shop: Shop, services: Services) -> None:
    await moves_to_berlin(shop)

    outcome = await perform(services, JONAS, WITHDRAW, key=press())

    row = await services.journal.receipts.of(102, outcome.activity_id)
    assert row is not None
    assert row.receipt.kind is ReceiptKind.WITHDRAWN
    assert row.receipt.copy_to_shop
    assert row.copy is not None
    said = " ".join(ENGLISH.render(each) for each in row.receipt.changes)
    assert "has to give back what you have paid" in said
    issued = await receipt_of(services, JONAS, outcome.activity_id)
    assert issued is not None
    assert issued.moment.date() == TODAY


async def test_no_switch_and_no_cut_off_refuses_it(shop: Shop, services: Services) -> None:
    await moves_to_berlin(shop)
    await shop.switch(cancel_subscription=False, view_subscriptions=False)
    await shop.advance(timedelta(days=5, hours=11))  # the night before his delivery

    await perform(services, JONAS, WITHDRAW, key=press())

    assert (await shop.client.subscriptions.get(310)).status == "cancelled"


async def test_it_can_be_done_to_the_last_day_and_no_longer(shop: Shop, services: Services) -> None:
    await moves_to_berlin(shop)
    last = last_day_to_withdraw(await shop.situation(services, 102), await his(shop, services))
    assert last is not None
    begun = services.clock
    services.clock = lambda: begun() + (last - TODAY)
    assert "give back" in told(await preview(services, JONAS, WITHDRAW))

    services.clock = lambda: begun() + (last - TODAY) + timedelta(days=1)

    with pytest.raises(NotPossible) as refused:
        await perform(services, JONAS, WITHDRAW, key=press())
    said = ENGLISH.render(refused.value.notice)
    assert f"until {ENGLISH.date(last)}, so nothing was changed. You can still cancel it." in said
    assert await shop.executed() == {"PUT /addresses/{id}": 1}


async def test_who_asked_in_time_has_withdrawn_in_time(shop: Shop, services: Services) -> None:
    await moves_to_berlin(shop)
    last = last_day_to_withdraw(await shop.situation(services, 102), await his(shop, services))
    assert last is not None
    begun = services.clock
    services.clock = lambda: begun() + (last - TODAY) + timedelta(days=1)
    several = WithdrawFromSeveral(subscriptions=(HIS,), asked_on=last)
    assert "give back" in told(await preview(services, JONAS, several))

    await perform(services, JONAS, WITHDRAW.model_copy(update={"asked_on": last}), key=press())

    assert (await shop.client.subscriptions.get(310)).cancellation_reason == WITHDRAWN_REASON


@pytest.mark.parametrize("days", [-3, 1])
async def test_nobody_asked_longer_ago_than_a_link_lives_or_tomorrow(
    shop: Shop, services: Services, days: int
) -> None:
    await moves_to_berlin(shop)
    day = TODAY + timedelta(days=days)
    for action in (
        WITHDRAW.model_copy(update={"asked_on": day}),
        WithdrawFromSeveral(subscriptions=(HIS,), asked_on=day),
    ):
        with pytest.raises(InvalidInput):
            await perform(services, JONAS, action, key=press())
    assert await shop.executed() == {"PUT /addresses/{id}": 1}


async def test_what_was_pressed_in_time_is_gone_on_with_however_long_the_shop_is_silent(
    shop: Shop, services: Services
) -> None:
    await moves_to_berlin(shop)
    now = await shop.situation(services, 102)
    last = last_day_to_withdraw(now, await his(shop, services))
    assert last is not None
    then = replace(now, today=last + timedelta(days=5))
    for action in (WITHDRAW, WithdrawFromSeveral(subscriptions=(HIS,))):
        with pytest.raises(NotPossible):
            action.check(then)
        action.spelled_out(now).check(then)


async def test_where_there_is_no_such_right_it_says_so(shop: Shop, services: Services) -> None:
    with pytest.raises(NotPossible, match="no right to withdraw"):
        await perform(services, JONAS, WITHDRAW, key=press())
    assert await shop.executed() == {}


async def test_one_that_began_long_ago_is_over(shop: Shop, services: Services) -> None:
    hers = (await shop.situation(services, 107)).snapshot.subscription(323)
    assert hers is not None
    action = WithdrawFromSubscription(address_id=hers.address_id, subscription_id=hers.id)
    with pytest.raises(NotPossible) as refused:
        await preview(services, CLAIRE, action)
    assert ENGLISH.date(date(2026, 10, 22)) in ENGLISH.render(refused.value.notice)


async def test_who_has_cancelled_may_withdraw_all_the_same(shop: Shop, services: Services) -> None:
    await moves_to_berlin(shop)
    await perform(services, JONAS, CancelSubscription(**dict(HIS)), key=press())
    await shop.forget_counters()

    outcome = await perform(services, JONAS, WITHDRAW, key=press())

    # There is nothing left to end: what counts is that the shop has been told.
    assert await shop.executed() == {}
    assert (await shop.client.subscriptions.get(310)).cancellation_reason == UNTOLD_REASON
    row = await services.journal.receipts.of(102, outcome.activity_id)
    assert row is not None
    assert row.receipt.copy_to_shop


async def test_nobody_withdraws_twice(shop: Shop, services: Services) -> None:
    await moves_to_berlin(shop)
    await perform(services, JONAS, WITHDRAW, key=press())

    with pytest.raises(NotPossible, match="already"):
        await perform(services, JONAS, WITHDRAW, key=press())


@pytest.mark.parametrize("together", [False, True])
async def test_who_has_cancelled_withdraws_once_and_is_told_when(
    shop: Shop, services: Services, together: bool
) -> None:
    await moves_to_berlin(shop)
    await perform(services, JONAS, CancelSubscription(**dict(HIS)), key=press())
    first = WithdrawFromSeveral(subscriptions=(HIS,)) if together else WITHDRAW
    await perform(services, JONAS, first, key=press())

    for action in (WITHDRAW, WithdrawFromSeveral(subscriptions=(HIS,))):
        for services_now in (services, shop.services()):  # a later process knows it too
            with pytest.raises(NotPossible) as refused:
                await preview(services_now, JONAS, action)
            said = ENGLISH.render(refused.value.notice)
            assert f"already, on {ENGLISH.date(TODAY)}" in said
            with pytest.raises(NotPossible, match="already"):
                await perform(services_now, JONAS, action, key=press())


async def test_what_was_taken_up_since_can_be_withdrawn_from_again(
    shop: Shop, services: Services
) -> None:
    await moves_to_berlin(shop)
    await perform(services, JONAS, WITHDRAW, key=press())
    await shop.advance(timedelta(hours=1))
    again = ReactivateSubscription(address_id=203, subscription_id=310)
    await perform(services, JONAS, again, key=press())
    await shop.advance(timedelta(hours=1))

    await perform(services, JONAS, CancelSubscription(**dict(HIS)), key=press())
    await perform(services, JONAS, WITHDRAW, key=press())

    with pytest.raises(NotPossible, match="already"):
        await perform(services, JONAS, WITHDRAW, key=press())


async def his(shop: Shop, services: Services) -> Subscription:
    found = (await shop.situation(services, 102)).snapshot.subscription(310)
    assert found is not None
    return found
