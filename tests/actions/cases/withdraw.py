"""Withdrawing from contracts in their first days."""

from __future__ import annotations

from app.actions import (
    Principal,
    Services,
    Which,
    WithdrawFromSeveral,
    WithdrawFromSubscription,
)
from tests.actions.case import Case
from tests.actions.cases.cancel import CANCEL, JONAS
from tests.actions.shop import Shop

HIS = Which(address_id=203, subscription_id=310)


async def moves_to_berlin(shop: Shop) -> None:
    """Jonas has subscribed yesterday, and lives where there is a right to withdraw."""
    await shop.client.addresses.update(203, country_code="DE", province="", zip="10115")
    await shop.mirror.customer(102).refresh()


async def one_more(shop: Shop) -> Which:
    """He subscribes to the same again."""
    pattern = await shop.client.subscriptions.get(310)
    assert pattern.next_charge_scheduled_at is not None
    made = await shop.client.subscriptions.create(
        address_id=203,
        external_variant_id=pattern.external_variant_id,
        quantity=1,
        next_charge_scheduled_at=pattern.next_charge_scheduled_at,
        charge_interval_frequency=2,
        order_interval_frequency=2,
        order_interval_unit="week",
    )
    await shop.mirror.customer(102).refresh()
    return Which(address_id=203, subscription_id=made.id)


async def withdraw(shop: Shop, services: Services, who: Principal) -> WithdrawFromSubscription:
    await moves_to_berlin(shop)
    return WithdrawFromSubscription(**dict(HIS))


async def withdraw_from_two(shop: Shop, services: Services, who: Principal) -> WithdrawFromSeveral:
    await moves_to_berlin(shop)
    return WithdrawFromSeveral(subscriptions=(HIS, await one_more(shop)))


async def his_date(shop: Shop, action: object) -> None:
    """Somebody has moved one of them."""
    found = await shop.client.subscriptions.get(310)
    assert found.next_charge_scheduled_at is not None
    day = found.next_charge_scheduled_at.replace(year=found.next_charge_scheduled_at.year + 1)
    await shop.client.subscriptions.set_next_charge_date(310, day, commit=True)


# It is a declaration to the shop, which has got it: there is no way back.
CASES: tuple[Case, ...] = (
    Case("withdraw from the only contract", JONAS, withdraw, CANCEL, his_date, is_undoable=False),
    Case(
        "withdraw from several contracts",
        JONAS,
        withdraw_from_two,
        CANCEL,
        his_date,
        is_undoable=False,
        writes=2,
    ),
)
