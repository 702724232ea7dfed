"""What is said and promised of memberships, and what stands in the way of their end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from app.actions import (
    CancelMembership,
    Effect,
    NotPossible,
    ReactivateMembership,
    Services,
    Situation,
    UnknownObject,
    perform,
    preview,
)
from app.actions.ending.membership_rules import MembershipPromise
from app.actions.ending.membership_texts import paid_every
from app.i18n import Texts
from app.recharge import Charge, Membership
from app.retention import Decision, Subject
from tests.actions.cases.memberships import MARA, membership_of
from tests.actions.shop import TODAY, Shop, press

ENGLISH = Texts("en")
CANCEL = CancelMembership(membership_id=941)
PAID_UNTIL = TODAY + timedelta(days=16)


@pytest.fixture
async def situation(shop: Shop, services: Services) -> Situation:
    """Mara's, in a shop with memberships."""
    await membership_of(shop, services, MARA)
    return await shop.situation(services, MARA.customer_id)


def changed(situation: Situation, **fields: Any) -> Situation:
    """With her membership otherwise."""
    document = situation.snapshot.memberships[0].model_dump() | fields
    memberships = (Membership.model_validate(document),)
    return replace(situation, snapshot=replace(situation.snapshot, memberships=memberships))


def said(effect: Effect) -> list[str]:
    return [ENGLISH.render(change.text) for change in effect.changes]


def notice(action: CancelMembership | ReactivateMembership, situation: Situation) -> str:
    with pytest.raises(NotPossible) as refused:
        action.check(situation)
    return ENGLISH.render(refused.value.notice)


def at_home_in(situation: Situation, country: str, province: str | None = None) -> Situation:
    """Her address and card are in another country."""
    snapshot = situation.snapshot
    place = {"country_code": country, "province": province}
    addresses = tuple(one.model_copy(update=place) for one in snapshot.addresses)
    cards = tuple(
        one.model_copy(
            update={
                "billing_address": one.billing_address
                and one.billing_address.model_copy(update=place)
            }
        )
        for one in snapshot.payment_methods
    )
    return replace(
        situation, snapshot=replace(snapshot, addresses=addresses, payment_methods=cards)
    )


def with_minimum(situation: Situation, count: int) -> Situation:
    plan = replace(situation.membership_plan, minimum_orders=count, contact="help@example.com")
    return replace(situation, membership_plan=plan)


async def test_the_end_says_what_is_not_charged_and_how_long_the_benefits_stay(
    situation: Situation,
) -> None:
    effect = CANCEL.effect(situation)
    assert said(effect) == [
        "You are not charged for Northbound Circle (Monthly) any more: $5.00 on Wed, Dec 9 is not "
        "taken.",
        "You have paid until Wed, Dec 9, and keep these benefits until then: Free shipping, "
        "5 % off everything, and First pick of new roasts.",
    ]
    assert [ENGLISH.render(one) for one in effect.stays] == [
        "Your subscriptions go on as they are.",
        "You can start it again here at any time.",
    ]
    assert ENGLISH.render(effect.confirm) == "Cancel Northbound Circle (Monthly)"
    assert CANCEL.ends == (Subject("membership", 941), Decision.CANCELLED)
    assert not CANCEL.is_shown_at_once


@pytest.mark.parametrize(
    ("fields", "sentences"),
    [
        (
            {"expires_at": None, "next_charge_scheduled_at": None, "price": None},
            [
                "You are not charged for Northbound Circle (Monthly) any more.",
                "You keep these benefits until what you have paid is used up: Free shipping, "
                "5 % off everything, and First pick of new roasts.",
            ],
        ),
        (
            {"membership_program_id": None, "price": None},
            [
                "You are not charged for Northbound Circle (Monthly) any more: the payment of "
                "Wed, Dec 9 is not taken.",
                "You have paid until Wed, Dec 9, and keep its benefits until then.",
            ],
        ),
        (
            {"expires_at": TODAY, "membership_program_id": None, "next_charge_scheduled_at": None},
            [
                "You are not charged for Northbound Circle (Monthly) any more.",
                "Its benefits end now.",
            ],
        ),
    ],
)
async def test_what_is_not_known_is_not_made_up(
    situation: Situation, fields: dict[str, Any], sentences: list[str]
) -> None:
    assert said(CANCEL.effect(changed(situation, **fields))) == sentences


async def test_recharge_is_told_until_when_it_is_paid(
    shop: Shop, services: Services, situation: Situation
) -> None:
    """Where it does not know, the benefits would else end at its own pleasure."""
    store = shop.sandbox.shop.store
    store.write("memberships", {**store.find("memberships", "id = 941")[0], "expires_at": None})
    await shop.mirror.customer(MARA.customer_id).refresh("memberships")
    await perform(services, MARA, CANCEL, key=press())
    assert (await shop.client.memberships.get(941)).expires_at == PAID_UNTIL


async def test_a_payment_that_is_being_made_may_still_be_taken(situation: Situation) -> None:
    (membership,) = situation.snapshot.memberships
    paying = Charge.model_validate(
        {
            "id": 9999,
            "address_id": 201,
            "customer": {"id": 101},
            "line_items": [{"purchase_item_id": membership.purchase_item_id, "title": "Circle"}],
            "scheduled_at": PAID_UNTIL,
            "status": "pending",
            "total_price": "5.00",
        }
    )
    charges = (*situation.snapshot.charges, paying)
    busy = replace(situation, snapshot=replace(situation.snapshot, charges=charges))
    effect = CANCEL.effect(busy)
    assert said(effect)[:2] == [
        "You are not charged for Northbound Circle (Monthly) any more.",
        "The payment for Wed, Dec 9 is under way, so it may still be taken.",
    ]
    receipt = CANCEL.receipt(busy, effect)
    assert [ENGLISH.render(one) for one in receipt.arrives] == said(effect)[1:3]


async def test_the_receipt_says_what_ended_and_where_to_take_it_up(situation: Situation) -> None:
    receipt = CANCEL.receipt(situation, CANCEL.effect(situation))
    assert ENGLISH.render(receipt.title) == (
        "Your membership Northbound Circle (Monthly) is cancelled"
    )
    assert [ENGLISH.render(one) for one in receipt.arrives] == [
        "You have paid until Wed, Dec 9, and keep these benefits until then: Free shipping, "
        "5 % off everything, and First pick of new roasts."
    ]
    assert [link.path for link in receipt.links] == ["/memberships/941"]


async def test_a_merchant_holds_to_a_minimum_only_where_the_law_lets_him(
    situation: Situation,
) -> None:
    somewhere = at_home_in(situation, "US", "Texas")
    CANCEL.check(with_minimum(somewhere, 4))  # she has paid four times
    assert notice(CANCEL, with_minimum(somewhere, 6)) == (
        "This shop asks for at least 6 payments before a membership ends. After 2 more payments of "
        "Northbound Circle (Monthly) you can cancel it here. Nothing was changed. If that does not "
        "suit you, please write to help@example.com."
    )
    CANCEL.check(with_minimum(at_home_in(situation, "DE"), 6))
    CANCEL.check(with_minimum(at_home_in(situation, "US", "California"), 6))
    CANCEL.check(with_minimum(at_home_in(situation, "ZZ"), 6))


async def test_starting_again_can_be_taken_back_whatever_the_merchant_asks_for(
    shop: Shop, services: Services, situation: Situation
) -> None:
    await perform(services, MARA, CANCEL, key=press())
    cancelled = await shop.situation(services, MARA.customer_id)
    back = ReactivateMembership(membership_id=941).inverse(cancelled)
    assert back is not None
    back.check(with_minimum(at_home_in(situation, "US", "Texas"), 6))


async def test_who_cannot_be_counted_is_not_held(situation: Situation) -> None:
    somewhere = with_minimum(at_home_in(situation, "US", "Texas"), 6)
    for unknown in (
        {"created_at": None},
        {"charge_interval_frequency": None},
        {"charge_interval_unit": "lunar_month"},
    ):
        CANCEL.check(changed(somewhere, **unknown))
    yearly = changed(somewhere, charge_interval_unit="year")
    assert "5 more payments" in notice(CANCEL, yearly)
    CANCEL.check(changed(somewhere, charge_interval_unit="week"))


async def test_the_merchants_own_setting_is_what_counts(
    shop: Shop, services: Services, situation: Situation
) -> None:
    assert situation.membership_plan.minimum_orders == 0
    portal = {"membership": {"allow_membership_cancellation_after": 12}}
    await shop.controls.put("/shop-settings", json={"customer_portal": portal})
    await shop.switch(view_memberships=True)  # and the mirror has come to know of it
    found = await shop.situation(services, MARA.customer_id)
    assert found.membership_plan.minimum_orders == 12
    assert found.plan.minimum_orders == 0


async def test_taking_it_up_says_when_and_what_is_paid(
    shop: Shop, services: Services, situation: Situation
) -> None:
    await perform(services, MARA, CANCEL, key=press())
    back = ReactivateMembership(membership_id=941)
    effect = (await preview(services, MARA, back)).effect
    assert said(effect) == [
        "You are charged $5.00 on Wed, Dec 9, and then every month.",
        "Its benefits go on without a break.",
    ]
    assert ENGLISH.render(effect.confirm) == "Start again, pay on Wed, Dec 9"
    ended = changed(
        await shop.situation(services, 101), status="inactive", expires_at=TODAY, price=None
    )
    assert said(back.effect(ended)) == [
        "You are charged a price that is not known here on Tue, Nov 24, and then every month.",
        "You have its benefits again: Free shipping, 5 % off everything, and First pick of new "
        "roasts.",
    ]


async def test_neither_is_done_twice(shop: Shop, services: Services, situation: Situation) -> None:
    name = "Your membership Northbound Circle (Monthly)"
    assert (
        notice(ReactivateMembership(membership_id=941), situation) == f"{name} is active already."
    )
    await perform(services, MARA, CANCEL, key=press())
    after = await shop.situation(services, 101)
    assert notice(CANCEL, after) == f"{name} is cancelled already."


async def test_what_is_nobodys_is_not_found(services: Services, situation: Situation) -> None:
    with pytest.raises(UnknownObject):
        await preview(services, MARA, CancelMembership(membership_id=943))


async def test_a_membership_without_a_date_has_no_way_back(situation: Situation) -> None:
    assert CANCEL.inverse(changed(situation, next_charge_scheduled_at=None)) is None
    assert CANCEL.inverse(situation) == ReactivateMembership(membership_id=941)


@pytest.mark.parametrize(
    ("promise", "fields", "difference"),
    [
        (MembershipPromise(941, PAID_UNTIL, PAID_UNTIL), {}, None),
        (MembershipPromise(942, PAID_UNTIL, PAID_UNTIL), {}, None),
        (
            MembershipPromise(941, PAID_UNTIL, PAID_UNTIL),
            {"next_charge_scheduled_at": date(2026, 11, 24)},
            "But it is charged next on Tue, Nov 24.",
        ),
        (
            MembershipPromise(941, PAID_UNTIL, PAID_UNTIL),
            {"next_charge_scheduled_at": None},
            "But no payment of it is planned.",
        ),
        (
            MembershipPromise(941, None, PAID_UNTIL),
            {"next_charge_scheduled_at": None, "status": "inactive"},
            "But its benefits have ended already.",
        ),
        (
            MembershipPromise(941, None, PAID_UNTIL),
            {"next_charge_scheduled_at": None, "expires_at": date(2026, 11, 30)},
            "But its benefits end on Mon, Nov 30.",
        ),
        (
            MembershipPromise(941, None, None),
            {"next_charge_scheduled_at": None, "status": "inactive"},
            None,
        ),
    ],
)
async def test_what_comes_out_otherwise_is_told(
    situation: Situation,
    promise: MembershipPromise,
    fields: dict[str, Any],
    difference: str | None,
) -> None:
    told = promise.difference(changed(situation, **fields))
    assert (ENGLISH.render(told) if told else None) == difference


@pytest.mark.parametrize(
    ("frequency", "unit", "words"),
    [
        ("1", "month", "every month"),
        (3, "month", "every 3 months"),
        ("1", "year", "every year"),
        (2, "year", "every 2 years"),
        (30, "day", "every 30 days"),
        (0, "month", None),
        (None, "month", None),
        (1, "lunar_month", None),
    ],
)
def test_how_often_it_is_paid(frequency: object, unit: str, words: str | None) -> None:
    document = {
        "id": 1,
        "customer_id": 1,
        "charge_interval_frequency": frequency,
        "charge_interval_unit": unit,
    }
    told = paid_every(Membership.model_validate(document))
    assert (ENGLISH.render(told) if told else None) == words
