"""Skipping a delivery and putting it back."""

from __future__ import annotations

from datetime import date, timedelta

from app.actions import (
    Action,
    DeliveryAction,
    Principal,
    PutBackDelivery,
    Services,
    SkipDelivery,
    perform,
)
from app.mirror import Delivery, DeliveryStatus
from tests.actions.case import Case, Find
from tests.actions.shop import Shop, press, signed_in

MARA, JONAS, SAM = signed_in(101), signed_in(102), signed_in(106)

SKIP = "POST /charges/{id}/skip"
SKIP_AHEAD = "POST /addresses/{id}/charges/skip"
PUT_BACK = "POST /charges/{id}/unskip"


async def first(shop: Shop, services: Services, who: Principal, status: DeliveryStatus) -> Delivery:
    """The customer's first delivery of that status."""
    situation = await shop.situation(services, who.customer_id)
    return next(each for each in situation.deliveries if each.status is status)


async def skip_next(shop: Shop, services: Services, who: Principal) -> SkipDelivery:
    found = await first(shop, services, who, DeliveryStatus.QUEUED)
    return SkipDelivery(address_id=found.address_id, date=found.date)


async def skip_later(shop: Shop, services: Services, who: Principal) -> SkipDelivery:
    found = await first(shop, services, who, DeliveryStatus.PROJECTED)
    return SkipDelivery(address_id=found.address_id, date=found.date)


async def skip_one_item(shop: Shop, services: Services, who: Principal) -> SkipDelivery:
    found = await first(shop, services, who, DeliveryStatus.QUEUED)
    one = found.items[0].purchase_item_id or 0
    return SkipDelivery(address_id=found.address_id, date=found.date, purchase_item_ids=(one,))


async def skip_queued_and_projected(shop: Shop, services: Services, who: Principal) -> SkipDelivery:
    """A date on which Recharge holds a charge for one subscription, and nothing yet for others."""
    day = await queued_and_projected(shop, services)
    return SkipDelivery(address_id=201, date=day)


async def queued_and_projected(shop: Shop, services: Services) -> date:
    """Gives customer 101 such a date."""
    day = (await first(shop, services, MARA, DeliveryStatus.QUEUED)).date + timedelta(weeks=2)
    await shop.client.subscriptions.set_next_charge_date(305, date=day)
    await shop.mirror.customer(101).refresh()
    found = (await shop.situation(services, 101)).delivery(201, day, skipped=False)
    assert found is not None
    assert {item.charge_id is None for item in found.items} == {True, False}
    return day


def put_back(skipped: Find) -> Find:
    """Puts back what was skipped before."""

    async def find(shop: Shop, services: Services, who: Principal) -> PutBackDelivery:
        skip = await skipped(shop, services, who)
        assert isinstance(skip, SkipDelivery)
        await perform(services, who, skip, key=press())
        return PutBackDelivery(address_id=skip.address_id, date=skip.date)

    return find


async def another_quantity(shop: Shop, action: Action) -> None:
    """Somebody else orders more of what is in the delivery."""
    assert isinstance(action, SkipDelivery)
    ids = action.purchase_item_ids
    async for each in shop.client.subscriptions.list(address_id=action.address_id, status="active"):
        if ids is None or each.id in ids:
            await shop.client.subscriptions.update(each.id, quantity=7, commit=True)


async def put_back_already(shop: Shop, action: Action) -> None:
    """Somebody else has put it back: what a skipped charge holds changes in no other way."""
    assert isinstance(action, DeliveryAction)
    skipped = shop.client.charges.list(
        address_id=action.address_id, scheduled_at=action.date, status="skipped"
    )
    async for charge in skipped:
        ids = [line.purchase_item_id for line in charge.line_items if line.purchase_item_id]
        await shop.client.charges.unskip(charge.id, purchase_item_ids=ids)


def _skip(name: str, who: Principal, find: Find, route: str = SKIP) -> Case:
    return Case(name, who, find, route, another_quantity)


def _back(name: str, who: Principal, skipped: Find, writes: int = 1) -> Case:
    # No record tells that a one-time had moved along with the skip: Recharge alone knows.
    along = ("Northbound Enamel Cup",) if skipped is skip_next else ()
    found = put_back(skipped)
    return Case(name, who, found, PUT_BACK, put_back_already, writes=writes, unforeseen=along)


CASES: tuple[Case, ...] = (
    _skip("skip the only subscription", JONAS, skip_next),
    _skip("skip a delivery with a one-time product", MARA, skip_next),
    _skip("skip one item of several", MARA, skip_one_item),
    _skip("skip a delivery that has no charge yet", JONAS, skip_later, SKIP_AHEAD),
    _skip("skip items with a charge and without", MARA, skip_queued_and_projected),
    _skip("skip at one of two addresses", SAM, skip_next),
    _back("put back the only subscription", JONAS, skip_next),
    _back("put back a delivery with a one-time product", MARA, skip_next),
    _back("put back one item of several", MARA, skip_one_item),
    _back("put back a delivery that has no charge yet", JONAS, skip_later),
    _back("put back items with a charge and without", MARA, skip_queued_and_projected, writes=2),
    _back("put back at one of two addresses", SAM, skip_next),
)
