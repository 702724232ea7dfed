"""Quantity, product, variant, rhythm, and one more subscription."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from app.actions import (
    Action,
    AddSubscription,
    ChangeBundle,
    ChangeQuantity,
    ChangeRhythm,
    ChangeVariant,
    Principal,
    RemoveNewSubscription,
    RhythmBack,
    Services,
    SwapBack,
    SwapProduct,
    SwapWithRhythm,
    perform,
    way_back,
)
from app.actions.products.bundles import Piece, read_bundle
from app.mirror import Snapshot
from app.recharge import Subscription
from tests.actions.case import Case
from tests.actions.shop import Shop, press, signed_in, without

MARA, JONAS, PRIYA = signed_in(101), signed_in(102), signed_in(103)

PUT = "PUT /subscriptions/{id}"
POST = "POST /subscriptions"
DELETE = "DELETE /subscriptions/{id}"


async def records(shop: Shop, services: Services, who: Principal) -> Snapshot:
    """The customer's records, and the shop's products with them."""
    await shop.situation(services, who.customer_id)
    await shop.mirror.settled()
    return (await shop.situation(services, who.customer_id)).snapshot


async def subscription(shop: Shop, services: Services, who: Principal, id: int) -> Subscription:
    found = (await records(shop, services, who)).subscription(id)
    assert found is not None
    return found


async def more(shop: Shop, services: Services, who: Principal) -> ChangeQuantity:
    await records(shop, services, who)
    return ChangeQuantity(address_id=203, subscription_id=310, quantity=4)


async def fewer_of_several(shop: Shop, services: Services, who: Principal) -> ChangeQuantity:
    await records(shop, services, who)
    return ChangeQuantity(address_id=201, subscription_id=303, quantity=1)


async def more_paid_ahead(shop: Shop, services: Services, who: Principal) -> ChangeQuantity:
    await records(shop, services, who)
    return ChangeQuantity(address_id=204, subscription_id=311, quantity=2)


async def swap(shop: Shop, services: Services, who: Principal) -> SwapProduct:
    await records(shop, services, who)
    return SwapProduct(address_id=203, subscription_id=310, variant_id="8001")


async def swap_one_of_several(shop: Shop, services: Services, who: Principal) -> SwapProduct:
    await records(shop, services, who)
    return SwapProduct(address_id=201, subscription_id=302, variant_id="8062")


async def swap_at_an_old_price(shop: Shop, services: Services, who: Principal) -> SwapProduct:
    """The price of a subscription that is older than the product's price comes back with it."""
    await shop.client.subscriptions.update(310, price=Decimal("12.34"), commit=True)
    await shop.mirror.customer(102).refresh()
    return await swap(shop, services, who)


async def back(shop: Shop, services: Services, who: Principal, action: Action) -> Action:
    """The way back of an action that is done."""
    done = await perform(services, who, action, key=press())
    found = await way_back(services, who, done.activity_id)
    assert found is not None
    return found


async def swap_back(shop: Shop, services: Services, who: Principal) -> SwapBack:
    found = await back(shop, services, who, await swap(shop, services, who))
    assert isinstance(found, SwapBack)
    return found


async def variant(shop: Shop, services: Services, who: Principal) -> ChangeVariant:
    await records(shop, services, who)
    return ChangeVariant(address_id=203, subscription_id=310, variant_id="8022")


async def swap_with_rhythm(shop: Shop, services: Services, who: Principal) -> SwapWithRhythm:
    """The coffee comes every week, and tea is not offered like that."""
    await shop.client.subscriptions.update(
        310,
        charge_interval_frequency=1,
        order_interval_frequency=1,
        order_interval_unit="week",
        commit=True,
    )
    await shop.mirror.customer(102).refresh()
    await records(shop, services, who)
    return SwapWithRhythm(
        address_id=203, subscription_id=310, variant_id="8051", charge=6, order=6, unit="week"
    )


async def rhythm(shop: Shop, services: Services, who: Principal) -> ChangeRhythm:
    await records(shop, services, who)
    return ChangeRhythm(address_id=203, subscription_id=310, charge=4, order=4, unit="week")


async def rhythm_of_one_charged_before(
    shop: Shop, services: Services, who: Principal
) -> ChangeRhythm:
    """Recharge works out another next date, which is put back where it was."""
    await records(shop, services, who)
    return ChangeRhythm(address_id=201, subscription_id=301, charge=1, order=1, unit="month")


async def rhythm_with_skips(shop: Shop, services: Services, who: Principal) -> ChangeRhythm:
    found = await subscription(shop, services, who, 310)
    assert found.next_charge_scheduled_at is not None
    for weeks in (2, 6):
        await shop.client.addresses.skip_charge(
            203,
            date=found.next_charge_scheduled_at + timedelta(weeks=weeks),
            subscription_ids=[310],
        )
    await shop.mirror.customer(102).refresh()
    return ChangeRhythm(address_id=203, subscription_id=310, charge=6, order=6, unit="week")


async def rhythm_paid_ahead(shop: Shop, services: Services, who: Principal) -> ChangeRhythm:
    await records(shop, services, who)
    return ChangeRhythm(address_id=204, subscription_id=311, charge=6, order=1, unit="month")


async def rhythm_back(shop: Shop, services: Services, who: Principal) -> RhythmBack:
    found = await back(shop, services, who, await rhythm(shop, services, who))
    assert isinstance(found, RhythmBack)
    return found


async def one_more(shop: Shop, services: Services, who: Principal) -> AddSubscription:
    found = await subscription(shop, services, who, 310)
    assert found.next_charge_scheduled_at is not None
    return AddSubscription(
        address_id=203,
        variant_id="8051",
        plan_id=plan_of("7012", 2, await records(shop, services, who)),
        charge=2,
        order=2,
        unit="week",
        quantity=2,
        date=found.next_charge_scheduled_at,
    )


async def one_more_on_its_own(shop: Shop, services: Services, who: Principal) -> AddSubscription:
    action = await one_more(shop, services, who)
    return action.model_copy(update={"date": action.date + timedelta(days=3)})


def plan_of(product_id: str, weeks: int, snapshot: Snapshot) -> int:
    """The plan of a product that has it come every so many weeks."""
    for plan in snapshot.plans[product_id]:
        rhythm = plan.subscription_preferences
        if (rhythm.order_interval_frequency, rhythm.interval_unit) == (weeks, "week"):
            return plan.id
    raise LookupError(product_id)


async def take_away(shop: Shop, services: Services, who: Principal) -> RemoveNewSubscription:
    found = await back(shop, services, who, await one_more(shop, services, who))
    assert isinstance(found, RemoveNewSubscription)
    return found


async def other_contents(shop: Shop, services: Services, who: Principal) -> ChangeBundle:
    """One chocolate less, and tea instead."""
    await records(shop, services, who)
    bundle = await read_bundle(services, who, 304)
    fewer = [
        piece.model_copy(update={"quantity": 1}) if piece.quantity == 2 else piece
        for piece in bundle.pieces
    ]
    tea = Piece(
        collection_id=fewer[0].collection_id,
        collection_source=fewer[0].collection_source,
        product_id="7011",
        variant_id="8049",
        quantity=1,
    )
    return ChangeBundle(
        address_id=201, subscription_id=304, before=bundle.pieces, pieces=(*fewer, tea)
    )


async def other_quantity(shop: Shop, action: Action) -> None:
    """The merchant changes how many come."""
    id = getattr(action, "subscription_id", 310)
    await shop.client.subscriptions.update(id, quantity=7, commit=True)


async def one_besides(shop: Shop, action: Action) -> None:
    """Something else is subscribed to elsewhere."""
    old = await shop.client.subscriptions.get(310)
    assert old.next_charge_scheduled_at is not None
    await shop.client.subscriptions.create(
        address_id=203,
        external_variant_id=old.external_variant_id,
        quantity=1,
        charge_interval_frequency=2,
        order_interval_frequency=2,
        order_interval_unit="week",
        next_charge_scheduled_at=old.next_charge_scheduled_at,
    )


CASES = (
    Case("get more of the only product", JONAS, more, PUT, other_quantity),
    Case("get fewer of one of several products", MARA, fewer_of_several, PUT, other_quantity),
    Case("get more of what is paid ahead", PRIYA, more_paid_ahead, PUT, other_quantity),
    Case("swap the only product", JONAS, swap, PUT, other_quantity),
    Case("swap one of several products", MARA, swap_one_of_several, PUT, other_quantity),
    Case("swap a product with an old price", JONAS, swap_at_an_old_price, PUT, other_quantity),
    Case("take a swap back", JONAS, swap_back, PUT, other_quantity, is_undoable=False),
    Case("get another variant", JONAS, variant, PUT, other_quantity),
    Case("swap and change the rhythm", JONAS, swap_with_rhythm, PUT, other_quantity, writes=2),
    Case("change the rhythm of what was never charged", JONAS, rhythm, PUT, other_quantity),
    Case("change the rhythm", MARA, rhythm_of_one_charged_before, PUT, other_quantity),
    Case(
        "change the rhythm and lose skips",
        JONAS,
        rhythm_with_skips,
        PUT,
        other_quantity,
        is_undoable=False,
    ),
    Case("change the rhythm of what is paid ahead", PRIYA, rhythm_paid_ahead, PUT, other_quantity),
    Case("take a rhythm back", JONAS, rhythm_back, PUT, other_quantity, is_undoable=False),
    Case("subscribe to one more, in the same parcel", JONAS, one_more, POST, one_besides),
    Case("subscribe to one more, on its own day", JONAS, one_more_on_its_own, POST, one_besides),
    Case(
        "remove what was just subscribed to",
        JONAS,
        take_away,
        DELETE,
        other_quantity,
        is_undoable=False,
    ),
    Case(
        "change what is in a bundle",
        MARA,
        other_contents,
        "PUT /bundle_selections/{id}",
        other_quantity,
        # Recharge gives every piece an id and a date of its own whenever they are written.
        restores=without("id", "created_at", "updated_at"),
        is_mirrored=False,
    ),
)
