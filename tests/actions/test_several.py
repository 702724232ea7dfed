"""Several subscriptions at once: few calls, a result for each, and what the shop forbids."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.actions import (
    AlignDates,
    CancelSeveral,
    ChangeSeveralQuantities,
    MoveSeveralToAddress,
    MoveToAddress,
    NotPossible,
    PartlyDone,
    Services,
    StepStatus,
    SwitchedOff,
    UnknownObject,
    Which,
    perform,
    preview,
    resume_saga,
    steps_of,
    undo,
)
from tests.actions.shop import TODAY, Shop, press, signed_in

MARA, JONAS = signed_in(101), signed_in(102)
PUT = "PUT /subscriptions/{id}"
BULK = "PUT /addresses/{id}/subscriptions-bulk"
CHANGE_ADDRESS = "POST /subscriptions/{id}/change_address"
AT_BOTH = (
    Which(address_id=201, subscription_id=302),
    Which(address_id=202, subscription_id=306),
    Which(address_id=201, subscription_id=303),
)


async def many(shop: Shop, count: int) -> tuple[Which, ...]:
    """Jonas's subscription, so many times."""
    pattern = await shop.client.subscriptions.get(310)
    assert pattern.next_charge_scheduled_at is not None
    listed = [Which(address_id=203, subscription_id=310)]
    for _ in range(count - 1):
        made = await shop.client.subscriptions.create(
            address_id=203,
            external_variant_id=pattern.external_variant_id,
            quantity=1,
            next_charge_scheduled_at=pattern.next_charge_scheduled_at,
            charge_interval_frequency=2,
            order_interval_frequency=2,
            order_interval_unit="week",
        )
        listed.append(Which(address_id=203, subscription_id=made.id))
    await shop.mirror.customer(102).refresh()
    await shop.forget_counters()
    return tuple(listed)


async def test_a_call_holds_twenty_of_one_address(shop: Shop, services: Services) -> None:
    action = ChangeSeveralQuantities(subscriptions=await many(shop, 23), quantity=3)

    outcome = await perform(services, JONAS, action, key=press())

    assert outcome.is_confirmed
    assert outcome.differences == ()
    assert await shop.executed() == {BULK: 2}
    steps = await steps_of(services, JONAS, outcome.activity_id)
    assert [step.status for step in steps] == [StepStatus.DONE] * 23


async def test_an_address_has_one_call_and_a_single_change_its_own_route(
    shop: Shop, services: Services
) -> None:
    action = ChangeSeveralQuantities(subscriptions=AT_BOTH, quantity=5)

    outcome = await perform(services, MARA, action, key=press())

    assert outcome.is_confirmed
    assert await shop.executed() == {BULK: 1, PUT: 1}
    await undo(services, MARA, outcome.activity_id, key=press())
    assert (await shop.client.subscriptions.get(303)).quantity == 3


async def test_one_that_is_refused_does_not_keep_the_others_from_being_changed(
    shop: Shop, services: Services
) -> None:
    action = ChangeSeveralQuantities(subscriptions=AT_BOTH, quantity=5)
    await shop.fault("PUT", "/addresses/201/subscriptions-bulk", "422", times=9)
    await shop.fault("PUT", "/subscriptions/303", "422")

    with pytest.raises(PartlyDone) as partly:
        await perform(services, MARA, action, key=press())

    id = partly.value.activity_id or ""
    steps = await steps_of(services, MARA, id)
    assert [step.status for step in steps] == [
        StepStatus.DONE,
        StepStatus.REFUSED,
        StepStatus.DONE,
    ]
    assert steps[1].reason is not None
    assert "Dark Chocolate" in str(steps[1].text.values["name"])

    await shop.no_faults()
    await resume_saga(services, MARA, id, key=press())

    assert all(step.is_done for step in await steps_of(services, MARA, id))
    assert [(await shop.client.subscriptions.get(id)).quantity for id in (302, 303, 306)] == [5] * 3


async def test_another_customers_subscription_is_not_found(shop: Shop, services: Services) -> None:
    foreign = Which(address_id=203, subscription_id=310)
    action = ChangeSeveralQuantities(subscriptions=(*AT_BOTH, foreign), quantity=5)

    with pytest.raises(UnknownObject):
        await preview(services, MARA, action)
    with pytest.raises(UnknownObject):
        await perform(services, MARA, action, key=press())
    assert await shop.executed() == {}


async def test_what_is_switched_off_for_one_is_so_for_several(
    shop: Shop, services: Services
) -> None:
    await shop.switch(edit_shipping_address=False)

    with pytest.raises(SwitchedOff):
        await perform(
            services,
            MARA,
            MoveSeveralToAddress(subscriptions=AT_BOTH[:1], to_address_id=202),
            key=press(),
        )


async def test_dates_are_told_old_and_new(shop: Shop, services: Services) -> None:
    day = TODAY + timedelta(days=17)

    seen = await preview(services, MARA, AlignDates(subscriptions=AT_BOTH, date=day))

    items = [change for change in seen.effect.changes if change.name.startswith("item ")]
    assert [(change.before, change.after) for change in items] == [
        (date(2026, 12, 2), day),
        (date(2026, 12, 2), day),
        (date(2026, 12, 5), day),
    ]
    totals = [change for change in seen.effect.changes if change.name == "total"]
    assert len(totals) == 2  # one for each address


async def test_a_move_tells_what_splits_what_joins_and_what_shipping_costs(
    shop: Shop, services: Services
) -> None:
    action = MoveToAddress(
        address_id=201, subscription_id=302, to_address_id=202, date=date(2026, 12, 5)
    )

    effect = (await preview(services, MARA, action)).effect

    assert {"address", "split", "join", "shipping"} <= {change.name for change in effect.changes}
    outcome = await perform(services, MARA, action, key=press())
    assert outcome.differences == ()
    moved = await shop.client.subscriptions.get(302)
    assert (moved.address_id, moved.next_charge_scheduled_at) == (202, date(2026, 12, 5))


async def test_several_go_to_another_address_one_by_one(shop: Shop, services: Services) -> None:
    action = MoveSeveralToAddress(subscriptions=(AT_BOTH[0], AT_BOTH[2]), to_address_id=202)
    await shop.fault("POST", "/subscriptions/302/change_address", "422")

    with pytest.raises(PartlyDone) as partly:
        await perform(services, MARA, action, key=press())

    id = partly.value.activity_id or ""
    assert [step.is_done for step in await steps_of(services, MARA, id)] == [False, True]
    await resume_saga(services, MARA, id, key=press())
    assert await shop.executed() == {CHANGE_ADDRESS: 2}


async def test_there_is_nothing_to_do_where_it_goes_already(shop: Shop, services: Services) -> None:
    with pytest.raises(NotPossible, match="goes there already"):
        await preview(
            services, MARA, MoveToAddress(address_id=201, subscription_id=302, to_address_id=201)
        )


@pytest.mark.usefixtures("unrepaired")
async def test_ends_are_not_refused_for_a_cut_off(shop: Shop, services: Services) -> None:
    await shop.advance(timedelta(days=8, hours=20))  # the evening before 2 December's delivery
    await shop.mirror.customer(101).refresh()

    seen = await preview(services, MARA, CancelSeveral(subscriptions=AT_BOTH))

    named = " ".join(str(one.text) for one in seen.effect.changes)
    assert named.count(" any more: ") == 2, "of each day on which some would have come"
