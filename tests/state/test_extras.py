"""The questions on what comes once and on discount codes."""

from __future__ import annotations

from app.actions import (
    ApplyDiscount,
    ApplyDiscountToAll,
    RemoveDiscount,
    RemoveDiscountFromAll,
    ReplaceDiscount,
    Services,
)
from app.state import (
    AddOnetimeQuestion,
    ChangeOnetimeQuestion,
    DeliveryState,
    DiscountQuestion,
    Portal,
    RemoveDiscountQuestion,
    RemoveOnetimeQuestion,
)
from app.state.questions.onetimes import FEW
from tests.actions.shop import Shop
from tests.state.page import MARA, English, first, opened, text

LOOK_UP = "GET /discounts"


async def stocked(shop: Shop, services: Services, portal: Portal) -> Portal:
    """A page whose products have been read."""
    await shop.mirror.settled()
    await portal.read_again()
    return portal


async def look_ups(shop: Shop) -> int:
    return (await shop.counters())["requests"].get(LOOK_UP, 0)


async def test_few_products_are_listed_and_more_on_demand(
    shop: Shop, services: Services, portal: Portal
) -> None:
    await stocked(shop, services, portal)
    question = AddOnetimeQuestion.of(first(portal))
    assert len(question.offerings) == FEW
    assert question.has_more
    question.show_more()
    assert len(question.offerings) > FEW
    await question.choose(words="enamel")
    assert {one.title for one in question.offerings} == {"Northbound Enamel Cup"}
    assert not question.has_more


async def test_what_customers_put_together_is_not_added_once(
    shop: Shop, services: Services, portal: Portal
) -> None:
    await stocked(shop, services, portal)
    assert portal.records.bundles
    question = AddOnetimeQuestion.of(first(portal))
    await question.choose(words="build your own")
    assert question.offerings == ()
    box = next(iter(portal.records.bundles))
    variant = portal.records.products[box].variants[0]
    await question.choose(variant_id=variant.external_variant_id)
    assert "does not offer" in text(question.failure)


async def test_something_is_added_to_the_delivery_and_undone(
    shop: Shop, services: Services, portal: Portal
) -> None:
    await stocked(shop, services, portal)
    question = AddOnetimeQuestion.of(first(portal))
    await question.ask()
    assert question.preview is None
    assert question.failure is None
    await question.choose(words="enamel")
    await question.choose(variant_id=question.offerings[0].variant.external_variant_id, quantity=2)
    assert question.preview is not None
    await question.confirm()
    assert "2 × Northbound Enamel Cup" in text(portal.notice)
    titles = [item.title for item in first(portal).delivery.items]
    assert "Northbound Enamel Cup" in titles
    await portal.undo()
    assert [item.kind for item in first(portal).delivery.items] == ["subscription"]


async def test_without_a_delivery_the_customer_chooses_the_day(
    shop: Shop, services: Services, portal: Portal
) -> None:
    await stocked(shop, services, portal)
    question = AddOnetimeQuestion(portal, 203)
    assert question.is_alone
    assert question.date == question.first
    assert not question.is_allowed(question.today)
    joined = AddOnetimeQuestion.next_to(portal, 203)
    assert not joined.is_alone
    assert joined.date == first(portal).delivery.date


async def test_one_time_products_are_changed_and_taken_out(shop: Shop, services: Services) -> None:
    portal = await stocked(shop, services, await opened(services, MARA))
    delivery = next(each for each in portal.schedule.deliveries if "onetime" in kinds(each))
    question = ChangeOnetimeQuestion(delivery)
    await question.ask()
    assert question.preview is None
    days = [each.date for each in question.deliveries]
    assert days == sorted(days)
    assert delivery.delivery.date in days
    await question.choose(quantity=3)
    assert question.preview is not None
    assert English.render(question.preview.effect.confirm) == "Make it 3"
    await question.choose(quantity=1)
    assert question.preview is None

    removal = RemoveOnetimeQuestion(delivery)
    await removal.ask()
    assert removal.preview is not None
    await removal.confirm()
    assert "onetime" not in kinds(first(portal))
    portal.close()


async def test_a_code_is_looked_up_once(shop: Shop, portal: Portal) -> None:
    question = DiscountQuestion.of(first(portal))
    await question.ask()
    assert question.preview is None
    await shop.forget_counters()
    await question.choose(code="neighbor10")
    assert isinstance(question.action, ApplyDiscount)
    assert question.action.code == "NEIGHBOR10"
    await question.choose(scope="all")
    assert isinstance(question.action, ApplyDiscountToAll)
    await question.choose(code="neighbor10")
    await question.check()
    assert await look_ups(shop) == 1
    await question.choose(scope="one")
    await question.confirm()
    assert "NEIGHBOR10 is on your delivery" in text(portal.notice)
    assert first(portal).delivery.discounts == ("NEIGHBOR10",)


async def test_a_wrong_code_is_told_and_another_one_can_be_tried(
    shop: Shop, portal: Portal
) -> None:
    question = DiscountQuestion.of(first(portal))
    await question.choose(code="NONE")
    assert question.preview is None
    assert "does not work here" in text(question.failure)
    await shop.forget_counters()
    await question.check()
    assert await look_ups(shop) == 0
    await question.choose(code="NEIGHBOR10")
    assert question.failure is None
    assert question.preview is not None


async def test_what_could_not_be_looked_up_is_tried_again(shop: Shop, portal: Portal) -> None:
    question = DiscountQuestion.of(first(portal))
    await shop.fault("GET", "/discounts", "500", times=20)
    await question.choose(code="NEIGHBOR10")
    assert question.failure is not None
    assert question.failure.can_retry
    await shop.no_faults()
    await question.check()
    assert question.preview is not None


async def test_a_delivery_with_a_code_gets_another_in_its_place(services: Services) -> None:
    portal = await opened(services, MARA)
    delivery = next(each for each in portal.schedule.deliveries if each.delivery.discounts)
    question = DiscountQuestion.of(delivery)
    await question.choose(code="STAY20")
    assert isinstance(question.action, ReplaceDiscount)
    assert question.preview is not None
    portal.close()


async def test_a_standing_discount_ends_for_all(services: Services, portal: Portal) -> None:
    maras = await opened(services, MARA)
    delivery = next(each for each in maras.schedule.deliveries if each.delivery.discounts)
    assert isinstance(RemoveDiscountQuestion.of(delivery).action, RemoveDiscountFromAll)
    assert isinstance(RemoveDiscountQuestion.of(first(portal)).action, RemoveDiscount)
    maras.close()


def kinds(delivery: DeliveryState) -> set[str]:
    """The kinds of what comes in a delivery."""
    items = delivery.delivery.items
    return {item.kind for item in items}
