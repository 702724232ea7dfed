"""Ordering a delivery now, and moving what was paid for in advance."""

from __future__ import annotations

from app.actions import (
    Action,
    DelayPrepaid,
    OrderNow,
    Principal,
    PutPrepaidBack,
    Services,
    perform,
)
from app.mirror import DeliveryStatus
from app.recharge import ChargeStatus
from tests.actions.case import Case, Find
from tests.actions.shop import Shop, press, signed_in

MARA, JONAS, PRIYA, SAM = signed_in(101), signed_in(102), signed_in(103), signed_in(106)
TOM = signed_in(104)

PROCESS = "POST /charges/{id}/process"
DELAY = "POST /orders/{id}/delay"
UPDATE = "PUT /orders/{id}"


async def order_next(shop: Shop, services: Services, who: Principal) -> OrderNow:
    """The customer's next charge that is queued."""
    snapshot = (await shop.situation(services, who.customer_id)).snapshot
    queued = [each for each in snapshot.charges if each.status == ChargeStatus.QUEUED]
    found = min(queued, key=lambda charge: charge.scheduled_at or charge.id)
    return OrderNow(address_id=found.address_id, charge_id=found.id)


async def order_prepaid(shop: Shop, services: Services, who: Principal) -> OrderNow:
    """A charge that pays for several deliveries."""
    snapshot = (await shop.situation(services, who.customer_id)).snapshot
    prepaid = {one.id for one in snapshot.subscriptions if one.is_prepaid}
    found = next(
        charge
        for charge in snapshot.charges
        if charge.status == ChargeStatus.QUEUED
        and any(line.purchase_item_id in prepaid for line in charge.line_items)
    )
    return OrderNow(address_id=found.address_id, charge_id=found.id)


async def try_again(shop: Shop, services: Services, who: Principal) -> OrderNow:
    """A charge whose payment has failed, with a card that works now."""
    situation = await shop.situation(services, who.customer_id)
    failed = next(each for each in situation.snapshot.charges if each.status == ChargeStatus.ERROR)
    method = await shop.client.payment_methods.create(
        customer_id=who.customer_id,
        payment_type="CREDIT_CARD",
        processor_name="stripe",
        processor_customer_token="cus_test",
        processor_payment_method_token="pm_card_visa",
    )
    await shop.client.addresses.update(failed.address_id, payment_method_id=method.id)
    await shop.mirror.customer(who.customer_id).refresh()
    situation = await shop.situation(services, who.customer_id)
    failed = next(each for each in situation.snapshot.charges if each.status == ChargeStatus.ERROR)
    return OrderNow(address_id=failed.address_id, charge_id=failed.id)


async def delay_next(shop: Shop, services: Services, who: Principal) -> DelayPrepaid:
    """The next delivery that is paid for and can still be moved. The shop leaves that switched
    off at first."""
    await shop.switch(skip_prepaid_order=True)
    situation = await shop.situation(services, who.customer_id)
    zone = situation.snapshot.shop.timezone
    days = sorted(
        (order.scheduled_at.astimezone(zone).date(), order.address_id)
        for order in situation.snapshot.prepaid_orders
        if order.scheduled_at is not None and order.address_id is not None
    )
    day, address_id = next(each for each in days if not situation.is_too_late(each[0]))
    found = situation.delivery(address_id, day, skipped=False)
    assert found is not None and found.status is DeliveryStatus.QUEUED  # noqa: PT018
    return DelayPrepaid(address_id=address_id, date=day)


async def put_back(shop: Shop, services: Services, who: Principal) -> PutPrepaidBack:
    """What was moved before."""
    delay = await delay_next(shop, services, who)
    inverse = delay.inverse(await shop.situation(services, who.customer_id))
    await perform(services, who, delay, key=press())
    return inverse


async def another_quantity(shop: Shop, action: Action) -> None:
    """Somebody else orders more of what is in the charge."""
    assert isinstance(action, OrderNow)
    charge = await shop.client.charges.get(action.charge_id)
    ids = [line.purchase_item_id for line in charge.line_items]
    async for each in shop.client.subscriptions.list(address_id=action.address_id, status="active"):
        if each.id in ids:
            await shop.client.subscriptions.update(each.id, quantity=7, commit=True)


async def delayed_already(shop: Shop, action: Action) -> None:
    """Somebody else has moved it."""
    assert isinstance(action, DelayPrepaid | PutPrepaidBack)
    async for order in shop.client.orders.list(address_id=action.address_id, status="queued"):
        await shop.client.orders.delay(order.id)


def _order(name: str, who: Principal, find: Find) -> Case:
    return Case(name, who, find, PROCESS, another_quantity, is_undoable=False)


CASES: tuple[Case, ...] = (
    _order("order the only subscription now", JONAS, order_next),
    _order("order a delivery with a one-time product now", MARA, order_next),
    _order("order at one of two addresses now", SAM, order_next),
    _order("order prepaid goods now", PRIYA, order_prepaid),
    _order("try a failed payment again", TOM, try_again),
    Case("delay a prepaid delivery", PRIYA, delay_next, DELAY, delayed_already),
    Case("put a prepaid delivery back", PRIYA, put_back, UPDATE, delayed_already, writes=3),
)
