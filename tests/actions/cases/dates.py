"""Other dates: moving, delaying, pausing and resuming."""

from __future__ import annotations

from datetime import date, timedelta

from app.actions import (
    Action,
    DelayDelivery,
    DelaySubscription,
    DeliverOnce,
    MoveDelivery,
    MoveOnce,
    MoveSubscription,
    PauseSubscription,
    Principal,
    ResumeSubscription,
    Services,
    SkipDelivery,
    perform,
)
from app.mirror import DeliveryStatus
from tests.actions.case import Case, Disturb, Find
from tests.actions.cases.deliveries import first
from tests.actions.shop import Shop, press, signed_in

MARA, JONAS, SAM = signed_in(101), signed_in(102), signed_in(106)

SET_DATE = "POST /subscriptions/{id}/set_next_charge_date"
MOVE_CHARGE = "POST /charges/{id}/change_next_charge_date"
ADD = "POST /onetimes"


async def planned(shop: Shop, services: Services, who: Principal, id: int) -> tuple[int, date]:
    """Where a subscription goes next, and when."""
    found = (await shop.situation(services, who.customer_id)).snapshot.subscription(id)
    assert found is not None
    assert found.next_charge_scheduled_at is not None
    return found.address_id, found.next_charge_scheduled_at


def move(id: int, days: int) -> Find:
    async def find(shop: Shop, services: Services, who: Principal) -> MoveSubscription:
        address_id, day = await planned(shop, services, who, id)
        to = day + timedelta(days=days)
        return MoveSubscription(address_id=address_id, subscription_id=id, date=to)

    return find


def move_once(id: int, days: int) -> Find:
    async def find(shop: Shop, services: Services, who: Principal) -> MoveOnce:
        address_id, day = await planned(shop, services, who, id)
        return MoveOnce(address_id=address_id, subscription_id=id, date=day + timedelta(days=days))

    return find


def deliver_once(id: int, days: int) -> Find:
    """The second step of such a move, after the first."""

    async def find(shop: Shop, services: Services, who: Principal) -> DeliverOnce:
        address_id, day = await planned(shop, services, who, id)
        skip = SkipDelivery(address_id=address_id, date=day, purchase_item_ids=(id,))
        await perform(services, who, skip, key=press())
        to = day + timedelta(days=days)
        return DeliverOnce(address_id=address_id, subscription_id=id, instead_of=day, date=to)

    return find


async def delay(shop: Shop, services: Services, who: Principal) -> DelaySubscription:
    address_id, _ = await planned(shop, services, who, 310)
    return DelaySubscription(address_id=address_id, subscription_id=310, count=1, unit="month")


async def pause(shop: Shop, services: Services, who: Principal) -> PauseSubscription:
    address_id, day = await planned(shop, services, who, 310)
    until = day + timedelta(days=75)
    return PauseSubscription(address_id=address_id, subscription_id=310, until=until)


async def resume(shop: Shop, services: Services, who: Principal) -> ResumeSubscription:
    address_id, day = await planned(shop, services, who, 310)
    paused = await pause(shop, services, who)
    await perform(services, who, paused, key=press())
    return ResumeSubscription(
        address_id=address_id, subscription_id=310, date=day + timedelta(days=14)
    )


def move_delivery(days: int, items: int | None = None) -> Find:
    """The next delivery, or so many items of it."""

    async def find(shop: Shop, services: Services, who: Principal) -> MoveDelivery:
        found = await first(shop, services, who, DeliveryStatus.QUEUED)
        ids = tuple(sorted(item.purchase_item_id or 0 for item in found.items))
        return MoveDelivery(
            address_id=found.address_id,
            date=found.date,
            to=found.date + timedelta(days=days),
            purchase_item_ids=ids[:items] if items else None,
        )

    return find


async def delay_delivery(shop: Shop, services: Services, who: Principal) -> DelayDelivery:
    found = await first(shop, services, who, DeliveryStatus.QUEUED)
    return DelayDelivery(address_id=found.address_id, date=found.date, count=2, unit="week")


async def another_date(shop: Shop, action: Action) -> None:
    """Somebody else has moved the subscription already."""
    assert isinstance(
        action,
        MoveSubscription | DelaySubscription | PauseSubscription | ResumeSubscription | MoveOnce,
    )
    found = await shop.client.subscriptions.get(action.subscription_id)
    assert found.next_charge_scheduled_at is not None
    day = found.next_charge_scheduled_at + timedelta(days=1)
    await shop.client.subscriptions.set_next_charge_date(found.id, day, commit=True)


async def another_quantity(shop: Shop, action: Action) -> None:
    """Somebody else orders more of it."""
    assert isinstance(action, MoveDelivery | DelayDelivery | DeliverOnce)
    async for each in shop.client.subscriptions.list(address_id=action.address_id, status="active"):
        await shop.client.subscriptions.update(each.id, quantity=7, commit=True)


def _one(name: str, who: Principal, find: Find, disturb: Disturb = another_date) -> Case:
    return Case(name, who, find, SET_DATE, disturb)


CASES: tuple[Case, ...] = (
    _one("move the only subscription to a later date", JONAS, move(310, 8)),
    _one("move a subscription to an earlier date", JONAS, move(310, -3)),
    _one("move one of several out of a delivery", MARA, move(301, 3)),
    _one("move a subscription into another delivery", MARA, move(305, -11)),
    _one("delay a subscription by a month", JONAS, delay),
    _one("pause a subscription", JONAS, pause),
    _one("resume a paused subscription", JONAS, resume),
    Case("move the only subscription this once", JONAS, move_once(310, 5), ADD, another_date),
    Case("move one of several this once", MARA, move_once(301, 4), ADD, another_date),
    Case("the same once on another day", JONAS, deliver_once(310, 5), ADD, another_quantity),
    Case("move the only delivery", JONAS, move_delivery(4), MOVE_CHARGE, another_quantity),
    Case("move a delivery with a one-time", MARA, move_delivery(4), MOVE_CHARGE, another_quantity),
    Case(
        "move two items of a delivery",
        MARA,
        move_delivery(4, 2),
        SET_DATE,
        another_quantity,
        writes=2,
    ),
    Case("delay a delivery by two weeks", SAM, delay_delivery, MOVE_CHARGE, another_quantity),
)
