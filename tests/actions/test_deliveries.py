"""Skipping a delivery and putting it back: what is promised is what happens, and undo undoes it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from app.actions import (
    DeliveryAction,
    Principal,
    PutBackDelivery,
    Services,
    SkipDelivery,
    perform,
    preview,
    undo,
)
from app.mirror import Delivery, DeliveryStatus
from tests.actions.shop import Shop, press, signed_in

MARA, JONAS, SAM = signed_in(101), signed_in(102), signed_in(106)

Find = Callable[[Shop, Services, Principal], Awaitable[DeliveryAction]]


async def delivery(
    shop: Shop, services: Services, who: Principal, status: DeliveryStatus
) -> Delivery:
    """The customer's first delivery of that status."""
    situation = await shop.situation(services, who.customer_id)
    return next(each for each in situation.deliveries if each.status is status)


async def skip_next(shop: Shop, services: Services, who: Principal) -> SkipDelivery:
    found = await delivery(shop, services, who, DeliveryStatus.QUEUED)
    return SkipDelivery(address_id=found.address_id, date=found.date)


async def skip_later(shop: Shop, services: Services, who: Principal) -> SkipDelivery:
    found = await delivery(shop, services, who, DeliveryStatus.PROJECTED)
    return SkipDelivery(address_id=found.address_id, date=found.date)


async def skip_one_item(shop: Shop, services: Services, who: Principal) -> SkipDelivery:
    found = await delivery(shop, services, who, DeliveryStatus.QUEUED)
    first = found.items[0].purchase_item_id or 0
    return SkipDelivery(address_id=found.address_id, date=found.date, purchase_item_ids=(first,))


async def skip_queued_and_projected(shop: Shop, services: Services, who: Principal) -> SkipDelivery:
    """A date on which Recharge holds a charge for one subscription, and nothing yet for others."""
    soon = (await delivery(shop, services, who, DeliveryStatus.QUEUED)).date
    day = soon + timedelta(weeks=2)
    await shop.client.subscriptions.set_next_charge_date(305, date=day)
    await shop.mirror.customer(101).refresh()
    found = (await shop.situation(services, 101)).delivery(201, day, skipped=False)
    assert found is not None
    assert {item.charge_id is None for item in found.items} == {True, False}
    return SkipDelivery(address_id=201, date=day)


def put_back(skipped: Find) -> Find:
    async def find(shop: Shop, services: Services, who: Principal) -> PutBackDelivery:
        skip = await skipped(shop, services, who)
        await perform(services, who, skip, key=press())
        return PutBackDelivery(address_id=skip.address_id, date=skip.date)

    return find


@dataclass(frozen=True)
class Case:
    """An action on a customer's records."""

    name: str
    who: Principal
    find: Find


CASES = [
    Case("skip the only subscription", JONAS, skip_next),
    Case("skip a delivery with a one-time product", MARA, skip_next),
    Case("skip one item of several", MARA, skip_one_item),
    Case("skip a delivery that has no charge yet", JONAS, skip_later),
    Case("skip items with a charge and without", MARA, skip_queued_and_projected),
    Case("skip at one of two addresses", SAM, skip_next),
    Case("put back the only subscription", JONAS, put_back(skip_next)),
    Case("put back a delivery with a one-time product", MARA, put_back(skip_next)),
    Case("put back one item of several", MARA, put_back(skip_one_item)),
    Case("put back a delivery that has no charge yet", JONAS, put_back(skip_later)),
    Case("put back items with a charge and without", MARA, put_back(skip_queued_and_projected)),
    Case("put back at one of two addresses", SAM, put_back(skip_next)),
]
each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@each_case
async def test_preview_is_what_happens(case: Case, shop: Shop, services: Services) -> None:
    action = await case.find(shop, services, case.who)
    before = await shop.schedule(case.who.customer_id)
    situation = await shop.situation(services, case.who.customer_id)
    seen = await preview(services, case.who, action)
    concerned = set(action.spelled_out(situation).purchase_item_ids or ())
    is_skip = isinstance(action, SkipDelivery)
    holds = "queued" if is_skip else "skipped"
    charged = await shop.charged(action.address_id, action.date, holds)

    outcome = await perform(services, case.who, action, key=press(), revision=seen.revision)

    assert outcome.effect == seen.effect
    assert outcome.differences == ()
    assert outcome.is_confirmed
    after = await shop.schedule(case.who.customer_id)
    subscriptions = {id for _, id, _ in before}
    changed = {(action.date, id) for id in concerned & subscriptions}
    assert {entry for entry in after - before if entry[1] < 400} == {
        (day, id, is_skip) for day, id in changed
    }
    assert {entry for entry in before - after if entry[1] < 400} == {
        (day, id, not is_skip) for day, id in changed
    }
    following = seen.effect.change("next")
    if is_skip and following and following.after:
        days = [day for day, id, skipped in after if id in concerned and not skipped]
        assert min(day for day in days if day > action.date) == following.after
    if charged and action.purchase_item_ids is None:
        # What an item without a charge will add is an estimate; all else is Recharge's own total.
        assert seen.effect.amount
        assert (seen.effect.amount == charged) == ("without" not in case.name or not is_skip)
    await the_mirror_is_complete(shop, services, case.who)


async def the_mirror_is_complete(shop: Shop, services: Services, who: Principal) -> None:
    """It holds what reading everything again would give."""
    mirrored = await shop.mirrored(services, who.customer_id)
    await shop.mirror.customer(who.customer_id).refresh()
    assert await shop.mirrored(services, who.customer_id) == mirrored


@each_case
async def test_undo_restores_the_shop_and_the_mirror(
    case: Case, shop: Shop, services: Services
) -> None:
    action = await case.find(shop, services, case.who)
    id = case.who.customer_id
    upstream, mirrored = await shop.upstream(id), await shop.mirrored(services, id)

    done = await perform(services, case.who, action, key=press())
    assert await shop.mirrored(services, id) != mirrored
    await undo(services, case.who, done.activity_id, key=press())

    assert await shop.upstream(id) == upstream
    assert await shop.mirrored(services, id) == mirrored
