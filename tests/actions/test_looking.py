"""Whoever looks as a customer changes nothing; who acts on a customer's behalf is told apart."""

from __future__ import annotations

from dataclasses import replace
from typing import get_type_hints

import pytest

from app.actions import (
    Acting,
    CancelSubscription,
    ChangeEmail,
    Level,
    LooksOnly,
    Principal,
    Services,
    activities,
    perform,
    preview,
    receipt_of,
    undo,
)
from app.actions.receipts import receipt_from_json, receipt_to_json
from tests.actions.case import Case
from tests.actions.cases import CASES
from tests.actions.cases.cancel import cancel_first
from tests.actions.shop import Shop, press, signed_in


def looking(who: Principal) -> Principal:
    return replace(
        who, acting=Acting.LOOKING, level=Level.CODE, method="merchant", session="a look"
    )


def behalf(who: Principal) -> Principal:
    return replace(looking(who), acting=Acting.BEHALF, session="another look")


MARA = signed_in(101)


@pytest.fixture
def services(shop: Shop) -> Services:
    """Of a shop that lets its people act on a customer's behalf."""
    shop.settings = shop.settings.model_copy(update={"support_may_change": True})
    return shop.services()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_whoever_looks_sees_what_would_change_and_changes_nothing(
    case: Case, shop: Shop, services: Services
) -> None:
    action = await case.find(shop, services, case.who)
    id, who = case.who.customer_id, looking(case.who)
    upstream = await shop.upstream(id)
    known = await activities(services, who)
    await shop.mirror.settled()
    await shop.forget_counters()
    seen = await preview(services, who, action)
    with pytest.raises(LooksOnly):
        await perform(services, who, action, key=press(), revision=seen.revision)
    assert await shop.executed() == {}
    assert await shop.upstream(id) == upstream
    assert await activities(services, who) == known


async def test_nor_does_an_undo_or_a_key_of_the_customers(shop: Shop, services: Services) -> None:
    action, key = await cancel_first(shop, services, MARA), press()
    done = await perform(services, MARA, action, key=key)
    await shop.forget_counters()
    with pytest.raises(LooksOnly):
        await undo(services, looking(MARA), done.activity_id, key=press())
    with pytest.raises(LooksOnly):
        await perform(services, looking(MARA), action, key=key)
    assert await shop.executed() == {}


async def test_what_is_done_for_a_customer_is_recorded_as_the_shops(
    shop: Shop, services: Services
) -> None:
    action = await cancel_first(shop, services, MARA)
    done = await perform(services, behalf(MARA), action, key=press())
    [activity] = await activities(services, MARA)
    assert activity.method == "merchant"
    receipt = await receipt_of(services, MARA, done.activity_id)
    assert receipt is not None
    assert receipt.content.is_by_shop
    kept = receipt_to_json(receipt.content)
    assert receipt_from_json(kept) == receipt.content
    del kept["is_by_shop"]
    assert not receipt_from_json(kept).is_by_shop, "one of an earlier release"


async def test_what_the_customer_does_is_the_customers(shop: Shop, services: Services) -> None:
    done = await perform(services, MARA, await cancel_first(shop, services, MARA), key=press())
    receipt = await receipt_of(services, MARA, done.activity_id)
    assert receipt is not None
    assert not receipt.content.is_by_shop


async def test_the_customer_can_take_back_what_the_shop_did(shop: Shop, services: Services) -> None:
    action = await cancel_first(shop, services, MARA)
    done = await perform(services, behalf(MARA), action, key=press())
    await undo(services, MARA, done.activity_id, key=press())
    assert isinstance(action, CancelSubscription)
    found = await shop.client.subscriptions.get(action.subscription_id)
    assert str(found.status) == "active"


async def test_without_the_setting_nobody_acts_for_a_customer(shop: Shop) -> None:
    services = shop.services()
    action = await cancel_first(shop, services, MARA)
    await shop.forget_counters()
    with pytest.raises(LooksOnly):
        await perform(services, behalf(MARA), action, key=press())
    assert await shop.executed() == {}


async def test_what_needs_a_code_is_for_the_customer_alone(shop: Shop, services: Services) -> None:
    """Also where a code has been given: it must have been read out to somebody."""
    action = ChangeEmail.of(customer_id=101, email="new@example.org")
    assert "another look" not in shop.unproven
    with pytest.raises(LooksOnly) as caught:
        await perform(services, behalf(MARA), action, key=press())
    assert "Only the customer can change this" in str(caught.value.notice)
    assert await shop.executed() == {}


def needs_code(case: Case) -> bool:
    kind = get_type_hints(case.find)["return"]
    return bool(kind.needs_code)


@pytest.mark.parametrize(
    "case", [one for one in CASES if needs_code(one)], ids=lambda case: case.name
)
async def test_the_shop_is_never_asked_for_a_code_of_the_customers(
    case: Case, shop: Shop, services: Services
) -> None:
    action = await case.find(shop, services, case.who)
    await shop.forget_counters()
    with pytest.raises(LooksOnly):
        await perform(services, behalf(case.who), action, key=press())
    assert await shop.executed() == {}
