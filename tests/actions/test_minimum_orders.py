"""A minimum of orders: where the law lets a merchant ask for one, and how they are counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.actions import (
    CancelSeveral,
    CancelSubscription,
    NotPossible,
    ReactivateSubscription,
    Services,
    Situation,
    WithdrawFromSubscription,
    perform,
    preview,
    undo,
    which,
)
from app.actions.ending.minimum import orders_left
from app.i18n import Texts
from app.mirror import Snapshot
from app.recharge import Charge, ChargeStatus, Subscription
from app.retention import TABLE, Plan
from tests.actions.cases.cancel import cancel_first
from tests.actions.shop import TODAY, Shop, press, signed_in
from tests.mirror.records import line

MARA, JONAS, PRIYA, WALTER = signed_in(101), signed_in(102), signed_in(103), signed_in(111)
ENGLISH = Texts("en")
THREE = Plan(minimum_orders=3, contact="help@northbound.example")


@pytest.fixture
def three_orders(monkeypatch: pytest.MonkeyPatch) -> None:
    """The merchant asks for three orders."""
    monkeypatch.setattr("app.actions.services.plan_of", lambda *_: THREE)


async def first(shop: Shop, services: Services, customer_id: int) -> tuple[Situation, Subscription]:
    """A customer's records under a plan of three orders, and the first subscription."""
    situation = replace(await shop.situation(services, customer_id), plan=THREE)
    return situation, situation.snapshot.subscriptions[0]


@pytest.mark.usefixtures("three_orders")
async def test_who_has_had_fewer_is_told_so_and_nothing_is_written(
    shop: Shop, services: Services
) -> None:
    action = await cancel_first(shop, services, JONAS)
    await shop.mirror.settled()
    await shop.forget_counters()

    with pytest.raises(NotPossible) as refused:
        await preview(services, JONAS, action)
    with pytest.raises(NotPossible):
        await perform(services, JONAS, action, key=press())

    words = ENGLISH.render(refused.value.notice)
    assert "at least 3 orders" in words
    assert "After 3 more orders of Colombia Huila" in words
    assert "Nothing was changed" in words
    assert "help@northbound.example" in words
    assert await shop.executed() == {}


@pytest.mark.usefixtures("three_orders")
async def test_who_has_had_enough_can_cancel(shop: Shop, services: Services) -> None:
    action = await cancel_first(shop, services, MARA)
    assert (await perform(services, MARA, action, key=press())).is_confirmed


@pytest.mark.usefixtures("three_orders")
async def test_starting_again_can_be_taken_back(shop: Shop, services: Services) -> None:
    await shop.client.subscriptions.cancel(310, cancellation_reason="by the shop")
    await shop.situation(services, 102)
    await shop.mirror.customer(102).refresh()
    again = ReactivateSubscription(address_id=203, subscription_id=310)
    done = await perform(services, JONAS, again, key=press())

    await undo(services, JONAS, done.activity_id, key=press())

    assert (await shop.client.subscriptions.get(310)).status == "cancelled"


@pytest.mark.usefixtures("three_orders")
async def test_several_are_held_by_the_one_that_is_held(shop: Shop, services: Services) -> None:
    situation, found = await first(shop, services, 102)
    both = CancelSeveral(subscriptions=(which(found),))
    with pytest.raises(NotPossible, match="at least"):
        await preview(services, JONAS, both)
    (step,) = both.steps(situation)
    with pytest.raises(NotPossible, match="at least"):
        step.check(situation)


async def test_the_law_of_the_place_decides(shop: Shop, services: Services) -> None:
    situation, found = await first(shop, services, 102)
    action = CancelSubscription(address_id=found.address_id, subscription_id=found.id)
    for key in ("", "CH", *TABLE):
        country, _, state = key.partition("-")
        there = replace(situation, snapshot=moved(situation.snapshot, country, state or "Ohio"))

        left = orders_left(there, found)

        assert left == (3 if key in TABLE and TABLE[key].may_hold_to_minimum else 0), key
        if not left:
            action.check(there)


def moved(snapshot: Snapshot, country: str, province: str) -> Snapshot:
    """The same records with all addresses somewhere else, and no card."""
    addresses = tuple(
        one.model_copy(update={"country_code": country, "province": province})
        for one in snapshot.addresses
    )
    return replace(snapshot, addresses=addresses, payment_methods=())


async def test_a_card_that_is_billed_in_a_kinder_place_counts(
    shop: Shop, services: Services
) -> None:
    situation, found = await first(shop, services, 102)
    (card,) = situation.snapshot.payment_methods
    assert card.billing_address is not None
    billing = card.billing_address.model_copy(update={"province": "California"})
    cards = (card.model_copy(update={"billing_address": billing}),)
    there = replace(situation, snapshot=replace(situation.snapshot, payment_methods=cards))
    assert orders_left(situation, found) == 3
    assert orders_left(there, found) == 0


async def test_without_a_minimum_nobody_is_held(shop: Shop, services: Services) -> None:
    situation, found = await first(shop, services, 102)
    for wanted in (0, -1):
        assert orders_left(replace(situation, plan=Plan(minimum_orders=wanted)), found) == 0


async def test_what_is_being_paid_and_what_is_paid_in_advance_counts(
    shop: Shop, services: Services
) -> None:
    situation, found = await first(shop, services, 102)
    paying = Charge.model_validate(
        {
            "id": 1,
            "address_id": found.address_id,
            "customer": {"id": 102},
            "status": "pending",
            "currency": "USD",
            "scheduled_at": str(TODAY),
            "line_items": [line(found)],
            "total_price": "1.00",
        }
    )
    failed = paying.model_copy(update={"id": 2, "status": ChargeStatus.ERROR})
    charges = (*situation.snapshot.charges, paying, failed)
    under_way = replace(situation, snapshot=replace(situation.snapshot, charges=charges))
    assert orders_left(under_way, found) == 2

    prepaid, parcels = await first(shop, services, 103)
    sent = {order.id for order in prepaid.snapshot.orders_with(parcels.id)}
    waiting = {
        order.id
        for order in prepaid.snapshot.prepaid_orders
        if any(one.purchase_item_id == parcels.id for one in order.line_items)
    }
    assert waiting
    assert orders_left(replace(prepaid, plan=Plan(minimum_orders=100)), parcels) == 100 - len(
        sent | waiting
    )


async def test_where_the_count_is_not_certain_the_customer_is_believed(
    shop: Shop, services: Services
) -> None:
    many, coffee = await first(shop, services, 111)
    wish = Plan(minimum_orders=1000)
    assert many.snapshot.has_more_orders
    assert orders_left(replace(many, plan=wish), coffee) == 0
    # Begun since the oldest order that is kept: all of its orders are known.
    begun = many.now - timedelta(days=1)
    new = coffee.model_copy(update={"created_at": begun})
    assert orders_left(replace(many, plan=wish), new) > 0

    situation, found = await first(shop, services, 102)
    unclear = replace(situation.snapshot, unreadable=1)
    assert orders_left(replace(situation, snapshot=unclear), found) == 0


async def test_it_holds_nobody_who_withdraws(shop: Shop, services: Services) -> None:
    situation, found = await first(shop, services, 102)
    there = replace(situation, snapshot=moved(situation.snapshot, "NL", ""))
    WithdrawFromSubscription(address_id=found.address_id, subscription_id=found.id).check(there)
