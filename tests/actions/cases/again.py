"""The same goods once more."""

from __future__ import annotations

from datetime import timedelta

from app.actions import BuyAgain, Goods, Principal, Services
from app.mirror import DeliveryStatus
from app.recharge import ExternalId
from tests.actions.case import Case
from tests.actions.cases.deliveries import first
from tests.actions.cases.onetimes import ADD, shelf
from tests.actions.shop import Shop, signed_in

JONAS, MARA, SAM = signed_in(102), signed_in(101), signed_in(106)


async def _goods(shop: Shop, services: Services, who: Principal, most: int) -> tuple[Goods, ...]:
    """What came with the customer's newest orders and is still sold."""
    found: dict[str, Goods] = {}
    snapshot = await shelf(shop, services, who.customer_id)
    for order in snapshot.orders:
        for line in order.line_items:
            id = line.external_variant_id.ecommerce or ""
            found.setdefault(id, Goods(variant_id=id, quantity=len(found) + 1))
    for product in snapshot.products.values():
        if product.external_product_id not in snapshot.bundles:
            id = product.variants[-1].external_variant_id
            found.setdefault(id, Goods(variant_id=id, quantity=len(found) + 1))
    return tuple(found.values())[:most]


async def _at_next(shop: Shop, services: Services, who: Principal, most: int) -> BuyAgain:
    goods = await _goods(shop, services, who, most)
    delivery = await first(shop, services, who, DeliveryStatus.QUEUED)
    return BuyAgain(address_id=delivery.address_id, date=delivery.date, goods=goods)


async def two(shop: Shop, services: Services, who: Principal) -> BuyAgain:
    return await _at_next(shop, services, who, 2)


async def three(shop: Shop, services: Services, who: Principal) -> BuyAgain:
    return await _at_next(shop, services, who, 3)


async def alone(shop: Shop, services: Services, who: Principal) -> BuyAgain:
    """On a day on which nothing comes."""
    found = await two(shop, services, who)
    return found.model_copy(update={"date": found.date + timedelta(days=1)})


async def the_same_twice(shop: Shop, services: Services, who: Principal) -> BuyAgain:
    """One product in two lines of an order is one product."""
    found = await _at_next(shop, services, who, 1)
    return found.model_copy(update={"goods": (*found.goods, *found.goods)})


async def taken_by_others(shop: Shop, action: object) -> None:
    """Somebody else has put something on the day."""
    assert isinstance(action, BuyAgain)
    await shop.client.onetimes.create(
        address_id=action.address_id,
        external_variant_id=ExternalId(ecommerce=action.goods[0].variant_id),
        quantity=7,
        next_charge_scheduled_at=action.date,
    )


CASES: tuple[Case, ...] = (
    Case("buy two products again", JONAS, two, ADD, taken_by_others, writes=2),
    Case("buy three again where a discount is", MARA, three, ADD, taken_by_others, writes=3),
    Case("buy two again on a day of their own", SAM, alone, ADD, taken_by_others, writes=2),
    Case("buy again what stood in two lines", JONAS, the_same_twice, ADD, taken_by_others),
)
