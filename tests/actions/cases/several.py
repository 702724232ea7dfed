"""Another address, and the same change of several subscriptions at once."""

from __future__ import annotations

from datetime import date, timedelta

from app.actions import (
    Action,
    AlignDates,
    CancelSeveral,
    ChangeQuantity,
    ChangeSeveralQuantities,
    ChangeSeveralRhythms,
    MoveSeveralToAddress,
    MoveToAddress,
    PartlyDone,
    Principal,
    ReactivateSeveral,
    Services,
    TakeBack,
    TryTheRest,
    Which,
    perform,
    rest_of,
    way_back,
)
from app.actions.several.bulk import InOneCall
from app.actions.several.bulk import together as together_in_one
from tests.actions.case import Case
from tests.actions.shop import TODAY, Shop, press, signed_in, without

MARA, LEO = signed_in(101), signed_in(105)

PUT = "PUT /subscriptions/{id}"
BULK = "PUT /addresses/{id}/subscriptions-bulk"
CHANGE_ADDRESS = "POST /subscriptions/{id}/change_address"
CANCEL = "POST /subscriptions/{id}/cancel"
ACTIVATE = "POST /subscriptions/{id}/activate"

AT_201 = (
    Which(address_id=201, subscription_id=302),
    Which(address_id=201, subscription_id=303),
)
AT_BOTH = (*AT_201, Which(address_id=202, subscription_id=306))


async def read(shop: Shop, services: Services, who: Principal) -> None:
    """The customer's records, and the shop's products with them."""
    await shop.situation(services, who.customer_id)
    await shop.mirror.settled()


async def elsewhere(shop: Shop, services: Services, who: Principal) -> MoveToAddress:
    await read(shop, services, who)
    return MoveToAddress(address_id=201, subscription_id=302, to_address_id=202)


async def elsewhere_on_a_day(shop: Shop, services: Services, who: Principal) -> MoveToAddress:
    await read(shop, services, who)
    return MoveToAddress(
        address_id=201, subscription_id=302, to_address_id=202, date=date(2026, 12, 5)
    )


async def two_elsewhere(shop: Shop, services: Services, who: Principal) -> MoveSeveralToAddress:
    await read(shop, services, who)
    return MoveSeveralToAddress(subscriptions=AT_201, to_address_id=202)


async def together(shop: Shop, services: Services, who: Principal) -> AlignDates:
    await read(shop, services, who)
    return AlignDates(subscriptions=AT_BOTH, date=TODAY + timedelta(days=17))


async def more_of_each(shop: Shop, services: Services, who: Principal) -> ChangeSeveralQuantities:
    await read(shop, services, who)
    return ChangeSeveralQuantities(subscriptions=AT_BOTH, quantity=5)


async def all_monthly(shop: Shop, services: Services, who: Principal) -> ChangeSeveralRhythms:
    await read(shop, services, who)
    return ChangeSeveralRhythms(subscriptions=AT_201, charge=4, order=4, unit="week")


async def end_two(shop: Shop, services: Services, who: Principal) -> CancelSeveral:
    await read(shop, services, who)
    return CancelSeveral(subscriptions=AT_201)


async def take_up_two(shop: Shop, services: Services, who: Principal) -> ReactivateSeveral:
    await read(shop, services, who)
    return ReactivateSeveral(
        subscriptions=(
            Which(address_id=206, subscription_id=315),
            Which(address_id=206, subscription_id=317),
        )
    )


async def taken_back(shop: Shop, services: Services, who: Principal) -> TakeBack:
    """The way back of a change of several."""
    done = await perform(services, who, await more_of_each(shop, services, who), key=press())
    found = await way_back(services, who, done.activity_id)
    assert isinstance(found, TakeBack)
    return found


async def the_rest(shop: Shop, services: Services, who: Principal) -> TryTheRest:
    """What is left of a change of several: it was refused for the second one."""
    await shop.fault("PUT", "/addresses/201/subscriptions-bulk", "422")
    await shop.fault("PUT", "/subscriptions/303", "422")
    try:
        await perform(services, who, await more_of_each(shop, services, who), key=press())
    except PartlyDone as partly:
        await shop.no_faults()
        return await rest_of(services, who, partly.activity_id or "")
    raise AssertionError("nothing was refused")


async def in_one_call(shop: Shop, services: Services, who: Principal) -> InOneCall:
    """What is sent for a change of several."""
    await read(shop, services, who)
    parts = ((302, 5), (303, 5))
    return together_in_one(
        [ChangeQuantity(address_id=201, subscription_id=id, quantity=many) for id, many in parts]
    )


async def one_more_already(shop: Shop, action: Action) -> None:
    """The shop has changed how many of the one that is left come."""
    await shop.client.subscriptions.update(303, quantity=9, commit=True)


async def another_quantity(shop: Shop, action: Action) -> None:
    """The shop has changed how many of the first one come."""
    await shop.client.subscriptions.update(302, quantity=9, commit=True)


async def another_date(shop: Shop, action: Action) -> None:
    """Somebody has moved the first one."""
    await shop.client.subscriptions.set_next_charge_date(302, TODAY + timedelta(days=30))


async def taken_up_already(shop: Shop, action: Action) -> None:
    """Somebody has taken one of them up."""
    await shop.client.subscriptions.activate(315)


CASES = (
    Case("deliver to another address", MARA, elsewhere, CHANGE_ADDRESS, another_date),
    Case(
        "deliver to another address on a date", MARA, elsewhere_on_a_day, CHANGE_ADDRESS,
        another_date,
    ),
    Case(
        "deliver several to another address", MARA, two_elsewhere, CHANGE_ADDRESS, another_date,
        writes=2,
    ),
    Case("have several come together", MARA, together, BULK, another_date, other_way=True),
    Case("more of several", MARA, more_of_each, BULK, another_quantity, other_way=True),
    Case(
        "another rhythm for several", MARA, all_monthly, BULK, another_quantity, writes=2,
        other_way=True,
    ),
    # When it was cancelled, and why, does not come back.
    Case(
        "cancel several", MARA, end_two, CANCEL, another_date, writes=2,
        restores=without("cancelled_at"),
    ),
    Case(
        "reactivate several", LEO, take_up_two, ACTIVATE, taken_up_already, writes=2,
        restores=without("cancelled_at", "cancellation_reason", "cancellation_reason_comments"),
    ),
    Case("take several back", MARA, taken_back, BULK, another_quantity, other_way=True),
    # What it completes can be taken back, all of it.
    Case("try the rest", MARA, the_rest, PUT, one_more_already, is_undoable=False),
    Case("several in one call", MARA, in_one_call, BULK, another_quantity, other_way=True),
)  # fmt: skip
