"""Questions about what comes, how much of it and how often."""

from __future__ import annotations

from datetime import timedelta

from app.actions import (
    AddSubscription,
    ChangeBundle,
    ChangeRhythm,
    ChangeVariant,
    Principal,
    Services,
    SwapProduct,
    SwapWithRhythm,
)
from app.state import (
    AddSubscriptionQuestion,
    BundleQuestion,
    Portal,
    QuantityQuestion,
    RhythmQuestion,
    SubscriptionState,
    SwapQuestion,
)
from tests.actions.shop import TODAY, Shop, signed_in
from tests.state.page import HIS, JONAS, MARA, English, opened, text

PRIYA = signed_in(103)


async def known(shop: Shop, services: Services, who: Principal) -> Portal:
    """An open page, with the shop's products."""
    portal = await opened(services, who)
    await shop.mirror.settled()
    await portal.read_again()
    return portal


def card(portal: Portal, id: int) -> SubscriptionState:
    return next(state for state in portal.subscriptions if state.key == id)


async def test_a_quantity_is_asked_for_once_it_is_another(shop: Shop, services: Services) -> None:
    portal = await known(shop, services, JONAS)
    question = QuantityQuestion(card(portal, 310))
    await question.ask()
    assert (question.quantity, question.action, question.preview) == (1, None, None)
    await question.choose(quantity=3)
    assert question.preview is not None
    await question.choose(quantity=1)
    assert question.preview is None
    await question.choose(quantity=2)
    await question.confirm()
    assert text(portal.notice).startswith("You now get 2 × Colombia Huila")
    assert card(portal, 310).quantity == 2
    portal.close()


async def test_a_quantity_that_does_not_fit_is_refused_in_words(
    shop: Shop, services: Services
) -> None:
    portal = await known(shop, services, JONAS)
    question = QuantityQuestion(card(portal, 310))
    await question.choose(quantity=10_000)
    assert question.preview is None
    assert "could not make sense" in text(question.failure)
    portal.close()


async def test_other_variants_come_first_and_then_other_products(
    shop: Shop, services: Services
) -> None:
    portal = await known(shop, services, JONAS)
    question = SwapQuestion(card(portal, 310))
    titles = [one.title for one in question.offerings]
    assert titles[:5] == ["Colombia Huila"] * 5
    assert "Colombia Huila" not in titles[5:]
    shown = {one.variant.external_variant_id for one in question.offerings}
    assert "8019" not in shown  # what comes now
    await question.choose(words="roasters")  # paid ahead
    assert question.offerings == ()
    await question.choose(words="build your own")  # put together in the shop
    assert question.offerings == ()
    portal.close()


async def test_which_swap_it_comes_to(shop: Shop, services: Services) -> None:
    portal = await known(shop, services, JONAS)
    question = SwapQuestion(card(portal, 310))
    assert question.action is None
    await question.choose(variant_id="8022")
    assert isinstance(question.action, ChangeVariant)
    await question.choose(variant_id="8051")
    assert type(question.action) is SwapProduct
    assert question.plans == ()
    weekly = ChangeRhythm(address_id=203, subscription_id=310, charge=1, order=1, unit="week")
    await portal.do(weekly)
    question = SwapQuestion(card(portal, 310))
    await question.choose(variant_id="8051")
    # Tea does not come every week: the first of its rhythms is chosen, another one can be.
    assert isinstance(question.action, SwapWithRhythm)
    assert question.action.order == 2
    await question.choose(plan_id=question.plans[2].id)
    assert isinstance(question.action, SwapWithRhythm)
    assert question.action.order == 6
    await question.confirm()
    assert "Spring Sencha" in text(portal.notice)
    assert card(portal, 310).title == "Spring Sencha"
    portal.close()


async def test_what_the_merchant_switched_off_is_not_found(shop: Shop, services: Services) -> None:
    await shop.switch(change_product=False)
    portal = await known(shop, services, JONAS)
    question = SwapQuestion(card(portal, 310))
    assert {one.title for one in question.offerings} == {"Colombia Huila"}
    await question.choose(words="sencha")
    assert question.offerings == ()
    portal.close()


async def test_prices_are_told_by_how_they_differ(shop: Shop, services: Services) -> None:
    portal = await known(shop, services, MARA)
    question = SwapQuestion(card(portal, 301))
    await question.choose(words="harbor 2 lb filter")
    [large] = question.offerings
    words = question.difference(large)
    assert words is not None
    assert English.render(words) == "US$42.30 more"  # two of them
    portal.close()


async def test_the_rhythms_of_the_plans_with_the_present_one(
    shop: Shop, services: Services
) -> None:
    portal = await known(shop, services, JONAS)
    question = RhythmQuestion(card(portal, 310))
    assert len(question.plans) == 6
    assert [question.is_now(plan) for plan in question.plans].index(True) == 1
    assert question.plan_id == question.plans[1].id
    assert question.action is None
    await question.choose(plan_id=question.plans[2].id)
    assert question.action is not None
    assert question.action.order == 4
    portal.close()


async def test_paid_ahead_stays_paid_ahead(shop: Shop, services: Services) -> None:
    portal = await known(shop, services, PRIYA)
    question = RhythmQuestion(card(portal, 311))
    charged = [plan.subscription_preferences.charge_interval_frequency for plan in question.plans]
    assert charged == [3, 6]
    portal.close()


async def test_a_new_subscription_is_complete_with_its_product(
    shop: Shop, services: Services
) -> None:
    portal = await known(shop, services, JONAS)
    question = AddSubscriptionQuestion(portal)
    # In the same parcel as what comes next.
    assert (question.address_id, question.date) == (203, HIS)
    assert question.joins(HIS)
    assert question.first in question.dates
    assert not question.is_allowed(TODAY)
    await question.choose(words="sencha", variant_id="8051")
    action = question.action
    assert isinstance(action, AddSubscription)
    assert (action.quantity, action.order, action.date) == (1, 2, HIS)
    await question.confirm()
    assert "You are subscribed to Spring Sencha" in text(portal.notice)
    assert {state.title for state in portal.subscriptions} == {"Colombia Huila", "Spring Sencha"}
    await portal.undo()
    assert {state.title for state in portal.subscriptions} == {"Colombia Huila"}
    portal.close()


async def test_the_rhythm_that_is_likely(shop: Shop, services: Services) -> None:
    portal = await known(shop, services, MARA)
    new = AddSubscriptionQuestion(portal)
    await new.choose(variant_id="8001")
    assert new.plan is not None
    assert new.plan.subscription_preferences.order_interval_frequency == 2  # not the first: weekly
    monthly = SwapQuestion(card(portal, 305))
    other = monthly.likeliest(new.plans[:4])
    assert other.subscription_preferences.order_interval_frequency == 4
    portal.close()


async def test_another_address_has_another_first_day(shop: Shop, services: Services) -> None:
    portal = await known(shop, services, MARA)
    question = AddSubscriptionQuestion(portal)
    assert (question.address_id, question.date) == (201, TODAY + timedelta(days=9))
    await question.choose(address_id=202)
    assert (question.address_id, question.date) == (202, TODAY + timedelta(days=12))
    portal.close()


async def test_a_bundle_is_read_when_it_is_asked_for(shop: Shop, services: Services) -> None:
    portal = await known(shop, services, MARA)
    await shop.forget_counters()
    question = BundleQuestion(card(portal, 304))
    await question.ask()
    assert (question.size, question.count, question.action) == (4, 4, None)
    await question.put("8060", 1)
    assert (question.count, question.preview) == (3, None)
    await question.put("8083", 1)  # the cup does not go in
    assert question.count == 3
    await question.choose(words="chai")
    assert "8055" in {one.variant.external_variant_id for one in question.offerings}
    await question.put("8055", 1)
    assert isinstance(question.action, ChangeBundle)
    assert question.preview is not None
    # Read once, however often it is changed: the contents, and one collection.
    requests = (await shop.counters())["requests"]
    assert requests == {"GET /bundle_selections": 1, "GET /collection_products": 1}
    await question.confirm()
    assert "Spiced Chai" in text(portal.notice)
    portal.close()


async def test_a_bundle_that_cannot_be_read_says_so(shop: Shop, services: Services) -> None:
    portal = await known(shop, services, MARA)
    await shop.fault("GET", "/bundle_selections", "500", times=9)
    question = BundleQuestion(card(portal, 304))
    await question.ask()
    assert question.preview is None
    assert question.failure is not None
    await shop.no_faults()
    await question.ask()
    assert question.size == 4
    portal.close()
