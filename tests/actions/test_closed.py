"""A merchant who would rather end subscriptions himself: where the law lets him, and where not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.actions import (
    Action,
    CancelMembership,
    CancelSeveral,
    CancelSubscription,
    CancelTogether,
    Services,
    Situation,
    SwitchedOff,
    Which,
    perform,
    preview,
)
from app.i18n import Texts
from tests.actions.cases.memberships import MARA, membership_of
from tests.actions.cases.withdraw import moves_to_berlin
from tests.actions.shop import Shop, press, signed_in

ENGLISH = Texts("en")
JONAS = signed_in(102)
END = CancelSubscription(address_id=203, subscription_id=310)
MARAS = (
    Which(address_id=201, subscription_id=302),
    Which(address_id=201, subscription_id=303),
)
MEMBERSHIPS_CLOSED = {"membership_allow_membership_cancellation_in_customer_portal": False}


def refusal(action: Action, situation: Situation) -> str:
    """What is said to who may not."""
    with pytest.raises(SwitchedOff) as refused:
        action.check_offered(situation)
    return ENGLISH.render(refused.value.notice)


def in_country(situation: Situation, country: str, *address_ids: int) -> Situation:
    """These addresses are elsewhere."""
    elsewhere: dict[str, Any] = {"country_code": country, "province": None}
    addresses = tuple(
        one.model_copy(update=elsewhere) if one.id in address_ids else one
        for one in situation.snapshot.addresses
    )
    return replace(situation, snapshot=replace(situation.snapshot, addresses=addresses))


async def test_where_the_law_lets_him_it_says_whom_to_write_to(
    shop: Shop, services: Services
) -> None:
    await shop.switch(cancel_subscription=False)
    with pytest.raises(SwitchedOff):
        await perform(services, JONAS, END, key=press())
    situation = await shop.situation(services, 102)
    said = refusal(END, situation)
    assert "This shop ends subscriptions itself, so nothing was changed." in said
    assert situation.plan.contact in said
    assert "@" in said


async def test_where_the_law_does_not_the_switch_counts_for_nothing(
    shop: Shop, services: Services
) -> None:
    await moves_to_berlin(shop)
    await shop.switch(cancel_subscription=False)
    outcome = await perform(services, JONAS, END, key=press())
    assert outcome.activity_id
    assert (await shop.client.subscriptions.get(310)).status == "cancelled"


async def test_several_end_where_each_of_them_may(shop: Shop, services: Services) -> None:
    several = CancelSeveral(subscriptions=MARAS)
    at_both = CancelSeveral(
        subscriptions=(*MARAS, Which(address_id=202, subscription_id=306)),
    )
    situation = await shop.situation(services, MARA.customer_id)
    at_both.check_offered(situation)
    await shop.switch(cancel_subscription=False)
    closed = await shop.situation(services, MARA.customer_id)
    assert "This shop ends subscriptions itself" in refusal(several, closed)
    abroad = in_country(closed, "FR", 201)
    several.check_offered(abroad)
    refusal(at_both, abroad)
    with pytest.raises(SwitchedOff):
        await preview(services, MARA, several)


async def test_it_is_the_same_with_memberships(shop: Shop, services: Services) -> None:
    await membership_of(shop, services, MARA)
    await shop.switch(**MEMBERSHIPS_CLOSED)
    situation = await shop.situation(services, MARA.customer_id)
    (membership,) = situation.snapshot.memberships
    end = CancelMembership(membership_id=membership.id)
    said = refusal(end, situation)
    assert "This shop ends memberships itself, so nothing was changed." in said
    assert "@" in said
    abroad = in_country(situation, "FR", 201, 202)
    end.check_offered(abroad)
    together = CancelTogether(subscriptions=MARAS, memberships=(membership.id,))
    together.check_offered(abroad)
    refusal(together, situation)
