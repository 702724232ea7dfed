"""Discount codes: on one delivery, on all, one in place of another, and taken off."""

from __future__ import annotations

from typing import Any

from app.actions import (
    Action,
    ApplyDiscount,
    ApplyDiscountToAll,
    DiscountAction,
    Principal,
    RemoveDiscount,
    RemoveDiscountFromAll,
    ReplaceDiscount,
    Services,
    check_code,
    perform,
)
from app.mirror import DeliveryStatus
from tests.actions.case import Case
from tests.actions.cases.deliveries import first
from tests.actions.shop import Shop, press, signed_in

MARA, JONAS, SAM = signed_in(101), signed_in(102), signed_in(106)

APPLY = "POST /charges/{id}/apply_discount"
REMOVE = "POST /charges/{id}/remove_discount"
ADDRESS = "PUT /addresses/{id}"

TENTH, FIVE_OFF, NO_SHIPPING, FIFTEEN, FIFTH = (
    "NEIGHBOR10",  # a tenth off
    "PANTRY5",  # five dollars, from thirty
    "FREEDELIVERY",  # no shipping, from forty
    "WELCOME15",  # of subscriptions, once for each customer
    "STAY20",  # of subscriptions
)


async def _next(shop: Shop, services: Services, who: Principal) -> dict[str, Any]:
    """Where the customer's next delivery is."""
    found = await first(shop, services, who, DeliveryStatus.QUEUED)
    return {"address_id": found.address_id, "date": found.date}


async def _dear(shop: Shop, services: Services, who: Principal) -> dict[str, Any]:
    """Where a delivery is for which the goods come to more than forty."""
    situation = await shop.situation(services, who.customer_id)
    found = next(
        each
        for each in situation.deliveries
        if each.status is DeliveryStatus.QUEUED and each.total.amount > 45
    )
    return {"address_id": found.address_id, "date": found.date}


async def _told(services: Services, who: Principal, code: str) -> dict[str, Any]:
    """What the customer was told of a code."""
    return (await check_code(services, who, code)).values


async def use_tenth(shop: Shop, services: Services, who: Principal) -> ApplyDiscount:
    told = await _told(services, who, TENTH)
    return ApplyDiscount(**await _next(shop, services, who), **told)


async def use_blindly(shop: Shop, services: Services, who: Principal) -> ApplyDiscount:
    """Without having been told what it gives."""
    return ApplyDiscount(**await _next(shop, services, who), code="welcome15")


async def use_fixed(shop: Shop, services: Services, who: Principal) -> ApplyDiscount:
    """For a delivery that is dear enough for it."""
    told = await _told(services, who, FIVE_OFF)
    return ApplyDiscount(**await _dear(shop, services, who), **told)


async def use_for_shipping(shop: Shop, services: Services, who: Principal) -> ApplyDiscount:
    """Where sending costs something, though the goods come to enough for the code."""
    await shop.controls.put("/settings", json={"free_shipping_from": None})
    where = await _dear(shop, services, who)
    found = await shop.client.addresses.get(where["address_id"])
    await shop.client.addresses.update(found.id, order_note="", commit=True)
    await shop.mirror.customer(who.customer_id).refresh()
    return ApplyDiscount(**where, **await _told(services, who, NO_SHIPPING))


async def use_for_subscriptions(shop: Shop, services: Services, who: Principal) -> ApplyDiscount:
    told = await _told(services, who, FIFTEEN)
    return ApplyDiscount(**await _next(shop, services, who), **told)


async def replace_own(shop: Shop, services: Services, who: Principal) -> ReplaceDiscount:
    where = await _next(shop, services, who)
    await perform(services, who, ApplyDiscount(**where, code=TENTH), key=press())
    return ReplaceDiscount(**where, **await _told(services, who, FIFTH))


async def replace_standing(shop: Shop, services: Services, who: Principal) -> ReplaceDiscount:
    """Her address has a tenth off for good."""
    where = await _next(shop, services, who)
    return ReplaceDiscount(**where, **await _told(services, who, FIFTH))


async def take_off(shop: Shop, services: Services, who: Principal) -> RemoveDiscount:
    where = await _next(shop, services, who)
    await perform(services, who, ApplyDiscount(**where, code=TENTH), key=press())
    return RemoveDiscount(**where)


async def use_for_all(shop: Shop, services: Services, who: Principal) -> ApplyDiscountToAll:
    where = await _next(shop, services, who)
    told = await _told(services, who, TENTH)
    return ApplyDiscountToAll(address_id=where["address_id"], **told)


async def replace_for_all(shop: Shop, services: Services, who: Principal) -> ApplyDiscountToAll:
    where = await _next(shop, services, who)
    return ApplyDiscountToAll(address_id=where["address_id"], **await _told(services, who, FIFTH))


async def end_for_all(shop: Shop, services: Services, who: Principal) -> RemoveDiscountFromAll:
    where = await _next(shop, services, who)
    return RemoveDiscountFromAll(address_id=where["address_id"])


async def another_quantity(shop: Shop, action: Action) -> None:
    """Somebody else orders more of what is in the delivery."""
    assert isinstance(action, DiscountAction)
    subscriptions = shop.client.subscriptions.list(address_id=action.address_id, status="active")
    async for each in subscriptions:
        await shop.client.subscriptions.update(each.id, quantity=7, commit=True)


CASES: tuple[Case, ...] = (
    Case("a code for one delivery", JONAS, use_tenth, APPLY, another_quantity),
    # What it takes off is not known before: what his deliveries will cost cannot be foreseen.
    Case(
        "a code of which nothing is known",
        JONAS,
        use_blindly,
        APPLY,
        another_quantity,
        unforeseen=("Colombia Huila",),
    ),
    Case("an amount off one delivery", SAM, use_fixed, APPLY, another_quantity),
    Case("no shipping for one delivery", SAM, use_for_shipping, APPLY, another_quantity),
    Case("a code for subscriptions only", SAM, use_for_subscriptions, APPLY, another_quantity),
    Case("a code in place of another", JONAS, replace_own, APPLY, another_quantity),
    Case("a code in place of one for all", MARA, replace_standing, APPLY, another_quantity),
    Case("take a code off", JONAS, take_off, REMOVE, another_quantity),
    Case("a code for all deliveries", JONAS, use_for_all, ADDRESS, another_quantity),
    Case("another code for all deliveries", MARA, replace_for_all, ADDRESS, another_quantity),
    Case("end a code for all deliveries", MARA, end_for_all, ADDRESS, another_quantity),
)
