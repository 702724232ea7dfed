"""One-time products: added, changed, taken out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from app.actions import (
    Action,
    AddOnetime,
    ChangeOnetime,
    OnetimeAction,
    Principal,
    RemoveOnetime,
    Services,
)
from app.mirror import Delivery, DeliveryStatus, Snapshot, catalogue
from app.recharge import ExternalId
from tests.actions.case import Case
from tests.actions.cases.deliveries import first
from tests.actions.shop import Shop, signed_in, without

MARA, JONAS, SAM = signed_in(101), signed_in(102), signed_in(106)

ADD = "POST /onetimes"
CHANGE = "PUT /onetimes/{id}"
REMOVE = "DELETE /onetimes/{id}"


async def shelf(shop: Shop, services: Services, customer_id: int) -> Snapshot:
    """The customer's records, with the shop's products, which are read in the background."""
    await shop.situation(services, customer_id)
    await shop.mirror.settled()
    return (await shop.situation(services, customer_id)).snapshot


async def cup(shop: Shop, services: Services, customer_id: int) -> str:
    """A cup in cream: a product that is bought once."""
    found = catalogue.find(await shelf(shop, services, customer_id), "enamel cup cream", "onetime")
    return found[0].variant.external_variant_id


async def _at(shop: Shop, services: Services, delivery: Delivery, **values: Any) -> AddOnetime:
    customer_id = (await shop.client.addresses.get(delivery.address_id)).customer_id
    return AddOnetime(
        address_id=delivery.address_id,
        date=delivery.date,
        variant_id=await cup(shop, services, customer_id),
        **values,
    )


async def add_to_next(shop: Shop, services: Services, who: Principal) -> AddOnetime:
    return await _at(shop, services, await first(shop, services, who, DeliveryStatus.QUEUED))


async def add_three(shop: Shop, services: Services, who: Principal) -> AddOnetime:
    found = await first(shop, services, who, DeliveryStatus.QUEUED)
    return await _at(shop, services, found, quantity=3)


async def add_to_later_charge(shop: Shop, services: Services, who: Principal) -> AddOnetime:
    """To a queued charge that is not the next one of its address."""
    situation = await shop.situation(services, who.customer_id)
    queued = [each for each in situation.deliveries if each.status is DeliveryStatus.QUEUED]
    first_of: dict[int, Delivery] = {}
    for each in queued:
        if first_of.setdefault(each.address_id, each) is not each:
            return await _at(shop, services, each)
    raise LookupError("no address has two queued charges")


async def add_to_planned(shop: Shop, services: Services, who: Principal) -> AddOnetime:
    """To a delivery for which Recharge holds no charge yet."""
    return await _at(shop, services, await first(shop, services, who, DeliveryStatus.PROJECTED))


async def add_alone(shop: Shop, services: Services, who: Principal) -> AddOnetime:
    """On a day on which nothing comes."""
    found = await first(shop, services, who, DeliveryStatus.QUEUED)
    action = await _at(shop, services, found)
    return action.model_copy(update={"date": found.date + timedelta(days=1)})


async def more(shop: Shop, services: Services, who: Principal) -> ChangeOnetime:
    await shelf(shop, services, who.customer_id)
    return ChangeOnetime(address_id=201, onetime_id=401, quantity=2)


async def later(shop: Shop, services: Services, who: Principal) -> ChangeOnetime:
    """To another delivery of the address."""
    snapshot = await shelf(shop, services, who.customer_id)
    mug = snapshot.onetime(401)
    assert mug is not None
    situation = await shop.situation(services, who.customer_id)
    other = next(
        each
        for each in situation.deliveries
        if each.address_id == 201
        and each.status is DeliveryStatus.QUEUED
        and each.date != mug.next_charge_scheduled_at
    )
    return ChangeOnetime(address_id=201, onetime_id=401, date=other.date)


async def more_and_later(shop: Shop, services: Services, who: Principal) -> ChangeOnetime:
    moved = await later(shop, services, who)
    return moved.model_copy(update={"quantity": 3})


async def remove(shop: Shop, services: Services, who: Principal) -> RemoveOnetime:
    await shelf(shop, services, who.customer_id)
    return RemoveOnetime(address_id=201, onetime_id=401)


async def remove_all_there_is(shop: Shop, services: Services, who: Principal) -> RemoveOnetime:
    """What comes alone."""
    alone = await add_alone(shop, services, who)
    made = await shop.client.onetimes.create(
        address_id=alone.address_id,
        external_variant_id=ExternalId(ecommerce=alone.variant_id),
        quantity=1,
        next_charge_scheduled_at=alone.date,
    )
    await shop.mirror.customer(who.customer_id).refresh()
    return RemoveOnetime(address_id=alone.address_id, onetime_id=made.id)


async def another_quantity(shop: Shop, action: Action) -> None:
    """Somebody else orders more of what is in the delivery."""
    assert isinstance(action, OnetimeAction)
    subscriptions = shop.client.subscriptions.list(address_id=action.address_id, status="active")
    async for each in subscriptions:
        await shop.client.subscriptions.update(each.id, quantity=7, commit=True)


async def taken_by_others(shop: Shop, action: Action) -> None:
    """Somebody else has put something on the empty day."""
    assert isinstance(action, AddOnetime)
    await shop.client.onetimes.create(
        address_id=action.address_id,
        external_variant_id=ExternalId(ecommerce=action.variant_id),
        quantity=5,
        next_charge_scheduled_at=action.date,
    )


async def another_price(shop: Shop, action: Action) -> None:
    """The shop changes what it costs."""
    assert isinstance(action, ChangeOnetime | RemoveOnetime)
    await shop.client.onetimes.update(action.onetime_id, price=Decimal("9.00"))


AddFind = Callable[[Shop, Services, Principal], Awaitable[AddOnetime]]

NEW_ID = without("id", "purchase_item_id", "created_at")
"""What is added again is a new item, with a new id in the charge that holds it."""


def _add(name: str, who: Principal, find: AddFind, disturb: Any = another_quantity) -> Case:
    return Case(name, who, find, ADD, disturb)


CASES: tuple[Case, ...] = (
    _add("add a product to the next delivery", JONAS, add_to_next),
    _add("add a product where a discount is", MARA, add_to_next),
    _add("add three of a product", SAM, add_three),
    _add("add a product to a later charge", MARA, add_to_later_charge),
    _add("add a product to a delivery without a charge", JONAS, add_to_planned),
    _add("add a product on a day of its own", JONAS, add_alone, taken_by_others),
    Case("more of a one-time product", MARA, more, CHANGE, another_price),
    Case("a one-time product with a later delivery", MARA, later, CHANGE, another_price),
    Case("more of it, and later", MARA, more_and_later, CHANGE, another_price),
    Case("take a one-time product out", MARA, remove, REMOVE, another_price, restores=NEW_ID),
    Case(
        "take out all there is",
        JONAS,
        remove_all_there_is,
        REMOVE,
        another_price,
        restores=NEW_ID,
    ),
)
