"""Skipping a delivery and sending it to somebody else."""

from __future__ import annotations

from app.actions import Action, Principal, Recipient, Services, SkipAndGift
from app.mirror import DeliveryStatus
from tests.actions.case import Case
from tests.actions.shop import Shop, signed_in

MARA, JONAS = signed_in(101), signed_in(102)

GIFT = "POST /purchase_items/skip_gift"

GRANDMOTHER = Recipient(
    first_name="Edith",
    last_name="Weber",
    email="edith@example.com",
    address1="7 Mill Lane",
    city="Burlington",
    province="Vermont",
    zip="05401",
    country_code="US",
)


async def give_next(shop: Shop, services: Services, who: Principal) -> SkipAndGift:
    """The customer's next delivery."""
    situation = await shop.situation(services, who.customer_id)
    found = next(d for d in situation.deliveries if d.status is DeliveryStatus.QUEUED)
    return SkipAndGift(address_id=found.address_id, date=found.date, recipient=GRANDMOTHER)


async def give_one(shop: Shop, services: Services, who: Principal) -> SkipAndGift:
    """One thing of several."""
    found = await give_next(shop, services, who)
    situation = await shop.situation(services, who.customer_id)
    delivery = situation.delivery(found.address_id, found.date, skipped=False)
    assert delivery is not None
    one = next(item for item in delivery.items if item.is_skippable)
    return found.model_copy(update={"purchase_item_ids": (one.purchase_item_id,)})


async def another_quantity(shop: Shop, action: Action) -> None:
    """Somebody else orders more of what is in the delivery."""
    assert isinstance(action, SkipAndGift)
    ids = action.purchase_item_ids
    async for each in shop.client.subscriptions.list(address_id=action.address_id, status="active"):
        if ids is None or each.id in ids:
            await shop.client.subscriptions.update(each.id, quantity=7, commit=True)


CASES: tuple[Case, ...] = (
    Case(
        "give the only subscription away once",
        JONAS,
        give_next,
        GIFT,
        another_quantity,
        is_undoable=False,
    ),
    Case(
        "give one of several things away",
        MARA,
        give_one,
        GIFT,
        another_quantity,
        is_undoable=False,
    ),
)
