"""What changes of quantity, product, rhythm and bundles say, and what they refuse."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.actions import (
    Action,
    AddSubscription,
    ChangeBundle,
    ChangeQuantity,
    ChangeRhythm,
    ChangeVariant,
    NotPossible,
    RemoveNewSubscription,
    Services,
    SwapProduct,
    SwapWithRhythm,
    SwitchedOff,
    UnknownObject,
    activities,
    perform,
    preview,
    undo,
    way_back,
)
from app.actions.products.bundles import Piece, read_bundle
from app.actions.products.new_subscriptions import FRESH_FOR
from app.i18n import Texts
from tests.actions.cases.products import (
    JONAS,
    MARA,
    one_more,
    records,
    rhythm_with_skips,
    subscription,
)
from tests.actions.shop import TODAY, Shop, press, signed_in

TOM, ELENA = signed_in(104), signed_in(105)
ENGLISH = Texts("en")


async def told(services: Services, action: Action, name: str) -> str:
    """What the question says under a name."""
    change = (await preview(services, JONAS, action)).effect.change(name)
    assert change is not None
    return ENGLISH.render(change.text)


async def refusal(services: Services, action: Action, who: object = JONAS) -> str:
    """Why it is not possible."""
    with pytest.raises(NotPossible) as refused:
        await preview(services, who, action)  # type: ignore[arg-type]
    return ENGLISH.render(refused.value.notice)


def quantity(number: int) -> ChangeQuantity:
    return ChangeQuantity(address_id=203, subscription_id=310, quantity=number)


async def test_it_says_what_a_quantity_costs(shop: Shop, services: Services) -> None:
    await records(shop, services, JONAS)
    assert await told(services, quantity(3), "price") == (
        "That is $51.30 each time, before shipping and tax."
    )


async def test_what_is_so_already_is_not_asked(shop: Shop, services: Services) -> None:
    await records(shop, services, JONAS)
    assert await refusal(services, quantity(1)) == "You get 1 of it already."
    same = SwapProduct(address_id=203, subscription_id=310, variant_id="8019")
    assert await refusal(services, same) == "That is what you get already."
    rhythm = ChangeRhythm(address_id=203, subscription_id=310, charge=2, order=2, unit="week")
    assert await refusal(services, rhythm) == "It comes every 2 weeks already."


async def test_nothing_is_changed_after_the_cut_off(shop: Shop, services: Services) -> None:
    found = await subscription(shop, services, JONAS, 310)
    day = found.next_charge_scheduled_at
    assert day is not None
    situation = await shop.situation(services, 102)
    await shop.advance(situation.changes_end(day) - situation.now)
    for action in (
        quantity(2),
        SwapProduct(address_id=203, subscription_id=310, variant_id="8001"),
        ChangeRhythm(address_id=203, subscription_id=310, charge=4, order=4, unit="week"),
    ):
        assert "could be changed until" in await refusal(services, action)


async def test_what_has_ended_or_failed_is_left_alone(shop: Shop, services: Services) -> None:
    await records(shop, services, ELENA)
    ended = ChangeQuantity(address_id=206, subscription_id=315, quantity=2)
    assert "has ended" in await refusal(services, ended, ELENA)
    await records(shop, services, TOM)
    failed = ChangeRhythm(address_id=205, subscription_id=313, charge=4, order=4, unit="week")
    assert "has failed" in await refusal(services, failed, TOM)


async def test_a_swap_says_how_much_more_it_costs(shop: Shop, services: Services) -> None:
    await records(shop, services, JONAS)
    dearer = SwapProduct(address_id=203, subscription_id=310, variant_id="8025")
    assert await told(services, dearer, "price") == "It costs $20.70 each time: $3.60 more."
    cheaper = SwapProduct(address_id=203, subscription_id=310, variant_id="8001")
    assert await told(services, cheaper, "price") == "It costs $15.75 each time: $1.35 less."


async def test_what_cannot_be_swapped_for(shop: Shop, services: Services) -> None:
    await records(shop, services, JONAS)

    def swap(variant_id: str) -> SwapProduct:
        return SwapProduct(address_id=203, subscription_id=310, variant_id=variant_id)

    cup, journey, box = swap("8083"), swap("8057"), swap("8085")
    assert await refusal(services, cup) == "This product is not offered as a subscription here."
    assert "does not come every 2 weeks" in await refusal(services, journey)
    assert "is put together in the shop" in await refusal(services, box)
    variant = ChangeVariant(address_id=203, subscription_id=310, variant_id="8001")
    assert "is another product" in await refusal(services, variant)
    of_bundle = SwapProduct(address_id=201, subscription_id=304, variant_id="8001")
    await records(shop, services, MARA)
    assert "holds what you have chosen" in await refusal(services, of_bundle, MARA)


async def test_a_store_that_lists_no_products_says_so(shop: Shop, services: Services) -> None:
    await shop.fault("GET", "/products", "422", times=99)
    await shop.mirror.forget_everything()
    await shop.advance(timedelta(hours=25))
    await records(shop, services, JONAS)
    swap = SwapProduct(address_id=203, subscription_id=310, variant_id="8001")
    assert "does not let its products be listed" in await refusal(services, swap)


async def test_a_rhythm_keeps_the_next_date_that_recharge_would_move(
    shop: Shop, services: Services
) -> None:
    before = await subscription(shop, services, MARA, 301)
    action = ChangeRhythm(address_id=201, subscription_id=301, charge=8, order=8, unit="week")
    await shop.forget_counters()
    await perform(services, MARA, action, key=press())
    after = await shop.client.subscriptions.get(301)
    assert after.order_interval_frequency == 8
    assert after.next_charge_scheduled_at == before.next_charge_scheduled_at
    executed = await shop.executed()
    assert executed["PUT /subscriptions/{id}"] == 1
    # Recharge's own date was another one: the second step was needed.
    assert executed["POST /subscriptions/{id}/set_next_charge_date"] == 1


async def test_lost_skips_are_named_and_there_is_no_undo(shop: Shop, services: Services) -> None:
    action = await rhythm_with_skips(shop, services, JONAS)
    seen = (await preview(services, JONAS, action)).effect
    change = seen.change("skips")
    assert change is not None
    words = ENGLISH.render(change.text)
    first = (await subscription(shop, services, JONAS, 310)).next_charge_scheduled_at
    assert first is not None
    assert ENGLISH.date(first + timedelta(weeks=2)) in words
    assert f"it comes on {ENGLISH.date(first + timedelta(weeks=6))} again" in words
    assert any("cannot be put back" in ENGLISH.render(each) for each in seen.stays)


async def test_only_rhythms_of_the_products_plans(shop: Shop, services: Services) -> None:
    await records(shop, services, JONAS)
    odd = ChangeRhythm(address_id=203, subscription_id=310, charge=5, order=5, unit="week")
    assert "is not offered every 5 weeks here" in await refusal(services, odd)


async def test_the_shop_can_keep_rhythms_to_itself(shop: Shop, services: Services) -> None:
    body = {"customer_portal": {"subscription": {"edit_order_frequency": "Prevent"}}}
    assert ChangeRhythm.is_offered(await shop.mirror.shop())
    await shop.controls.put("/shop-settings", json=body)
    await shop.switch()
    assert not ChangeRhythm.is_offered(await shop.mirror.shop())
    assert ChangeQuantity.is_offered(await shop.mirror.shop())


async def test_a_swap_with_a_rhythm_keeps_the_date(shop: Shop, services: Services) -> None:
    before = await subscription(shop, services, JONAS, 310)
    action = SwapWithRhythm(
        address_id=203, subscription_id=310, variant_id="8051", charge=6, order=6, unit="week"
    )
    done = await perform(services, JONAS, action, key=press())
    after = await shop.client.subscriptions.get(310)
    assert (after.product_title, after.order_interval_frequency) == ("Spring Sencha", 6)
    assert after.price == Decimal("12.60")
    assert after.next_charge_scheduled_at == before.next_charge_scheduled_at
    assert "every 6 weeks" in ENGLISH.render(done.notice)


async def test_a_new_subscription_is_made_once_though_its_answer_is_lost(
    shop: Shop, services: Services
) -> None:
    action = await one_more(shop, services, JONAS)
    await shop.forget_counters()
    await shop.fault("POST", "/subscriptions", "cut_after")
    done = await perform(services, JONAS, action, key=press())
    assert (await shop.executed())["POST /subscriptions"] == 1
    # Found by reading, with its id: so there is a way back.
    back = await way_back(services, JONAS, done.activity_id)
    assert isinstance(back, RemoveNewSubscription)
    assert (await activities(services, JONAS))[0].undo_until is not None


async def test_what_is_no_longer_new_is_cancelled_and_not_removed(
    shop: Shop, services: Services
) -> None:
    done = await perform(services, JONAS, await one_more(shop, services, JONAS), key=press())
    back = await way_back(services, JONAS, done.activity_id)
    assert back is not None
    await shop.advance(FRESH_FOR + timedelta(minutes=1))
    assert "Please cancel it instead" in await refusal(services, back)
    old = RemoveNewSubscription(address_id=203, subscription_id=310)
    assert "Please cancel it instead" in await refusal(services, old)


async def test_a_first_day_has_its_limits(shop: Shop, services: Services) -> None:
    action = await one_more(shop, services, JONAS)
    situation = await shop.situation(services, 102)

    def on(days: int) -> AddSubscription:
        return action.model_copy(update={"date": situation.today + timedelta(days=days)})

    assert "is too soon" in await refusal(services, on(0))
    assert "is too soon" in await refusal(services, on(-3))
    assert "is too far ahead" in await refusal(services, on(2000))
    other = action.model_copy(update={"plan_id": 999999})
    assert "is not offered every 2 weeks here" in await refusal(services, other)


async def test_the_same_product_twice_is_said(shop: Shop, services: Services) -> None:
    action = await one_more(shop, services, JONAS)
    snapshot = await records(shop, services, JONAS)
    plan = snapshot.plans["7004"][1]
    twice = action.model_copy(update={"variant_id": "8019", "plan_id": plan.id})
    assert "You get this product already" in await told(services, twice, "twice")


async def test_a_bundle_keeps_its_size_and_its_collections(shop: Shop, services: Services) -> None:
    await records(shop, services, MARA)
    before = (await read_bundle(services, MARA, 304)).pieces
    with pytest.raises(UnknownObject):
        await read_bundle(services, JONAS, 304)

    def change(*pieces: Piece) -> ChangeBundle:
        return ChangeBundle(address_id=201, subscription_id=304, before=before, pieces=pieces)

    def more(piece: Piece, by: int) -> Piece:
        return piece.model_copy(update={"quantity": piece.quantity + by})

    assert await refusal(services, change(*before[:-1]), MARA) == "Please choose 2 more."
    too_many = change(more(before[0], 1), *before[1:])
    assert "That is 1 too many" in await refusal(services, too_many, MARA)
    assert "already" in await refusal(services, change(*reversed(before)), MARA)
    elsewhere = before[0].model_copy(update={"collection_id": "3001"})
    foreign = change(elsewhere, *before[1:])
    assert "Not all of that" in await refusal(services, foreign, MARA)

    # A product that is in none of its collections is seen before anything is sent.
    cup = before[0].model_copy(update={"product_id": "7029", "variant_id": "8083"})
    with pytest.raises(NotPossible):
        await perform(services, MARA, change(cup, *before[1:]), key=press())
    # Nor is what somebody else put in meanwhile replaced.
    wish = change(more(before[0], 1), more(before[2], -1), before[1])
    other = change(more(before[1], 1), more(before[2], -1), before[0])
    await perform(services, MARA, other, key=press())
    with pytest.raises(NotPossible) as refused:
        await perform(services, MARA, wish, key=press())
    assert "Something else is in it by now" in ENGLISH.render(refused.value.notice)
    assert (await shop.executed())["PUT /bundle_selections/{id}"] == 1


async def test_a_new_rhythm_starts_on_no_day_that_is_past_or_too_far(
    shop: Shop, services: Services
) -> None:
    action = await rhythm_with_skips(shop, services, JONAS)
    await shop.forget_counters()
    for day in (date.min, TODAY - timedelta(days=1), TODAY, date(2999, 1, 1), date.max):
        moved = action.model_copy(update={"date": day})
        assert "possible date is" in await refusal(services, moved)
    assert await shop.executed() == {}


async def test_a_subscription_that_is_due_today_keeps_its_rhythm_until_tomorrow(
    shop: Shop, services: Services
) -> None:
    action = await rhythm_with_skips(shop, services, JONAS)
    situation = await shop.situation(services, 102)
    found = situation.snapshot.subscription(action.subscription_id)
    assert found is not None
    today = found.next_charge_scheduled_at
    assert today is not None
    noon = situation.now.replace(year=today.year, month=today.month, day=today.day)
    due = replace(situation, today=today, now=noon, change_until_days=0)
    with pytest.raises(NotPossible) as refused:
        action.effect(due)
    assert "comes today" in ENGLISH.render(refused.value.notice)


async def test_a_change_of_variant_is_undone_though_products_are_not_swapped_here(
    shop: Shop, services: Services
) -> None:
    await shop.switch(change_product=False)
    snapshot = await records(shop, services, MARA)
    action = next(
        ChangeVariant(
            address_id=one.address_id,
            subscription_id=one.id,
            variant_id=variant.external_variant_id,
        )
        for one in snapshot.subscriptions
        if one.status == "active" and one.is_swappable
        for variant in snapshot.products[one.external_product_id.ecommerce or ""].variants
        if variant.external_variant_id != one.external_variant_id.ecommerce
        and one.external_product_id.ecommerce not in snapshot.bundles
    )
    before = await shop.upstream(101)

    done = await perform(services, MARA, action, key=press())
    await undo(services, MARA, done.activity_id, key=press())

    assert await shop.upstream(101) == before


async def test_another_variant_is_refused_as_a_swap_too_where_it_is_switched_off(
    shop: Shop, services: Services
) -> None:
    await shop.switch(change_variant=False)
    found = await subscription(shop, services, JONAS, 310)
    which: dict[str, Any] = {"address_id": found.address_id, "subscription_id": found.id}
    snapshot = await records(shop, services, JONAS)
    other = next(
        one.external_variant_id
        for one in snapshot.products[found.external_product_id.ecommerce or ""].variants
        if one.external_variant_id != found.external_variant_id.ecommerce
    )
    for action in (
        SwapProduct(**which, variant_id=other),
        SwapWithRhythm(**which, variant_id=other, charge=1, order=1, unit="month"),
    ):
        with pytest.raises(SwitchedOff):
            await preview(services, JONAS, action)


async def test_a_rhythm_is_switched_off_by_a_word_or_by_a_no(
    shop: Shop, services: Services
) -> None:
    known = (await records(shop, services, JONAS)).shop

    def is_offered(word: object, **switches: bool) -> bool:
        settings = {"subscription": {"edit_order_frequency": word}}
        changed = replace(known, settings=settings, switches={**known.switches, **switches})
        return ChangeRhythm.is_offered(changed)

    assert is_offered("Any")
    assert is_offered("Limited")
    assert not is_offered("Prevent")
    assert not is_offered("Any", edit_order_frequency=False)
    assert is_offered("Prevent", edit_order_frequency=True)
