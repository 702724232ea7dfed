"""Addresses: a new one, another one, one of several, none."""

from __future__ import annotations

from datetime import date

from app.actions import (
    Action,
    AddAddress,
    Answer,
    ChangeNote,
    DeleteAddress,
    EditAddress,
    MergeAddresses,
    MoveAllToAddress,
    MoveToNewAddress,
    OnetimeToAddress,
    PostalInput,
    Principal,
    SendElsewhereOnce,
    Services,
)
from app.recharge import ExternalId
from tests.actions.case import Case
from tests.actions.shop import Shop, signed_in, without

MARA, PRIYA = signed_in(101), signed_in(103)

POST = "POST /addresses"
PUT = "PUT /addresses/{id}"
DELETE = "DELETE /addresses/{id}"
MERGE = "POST /addresses/merge"
CHANGE_ADDRESS = "POST /subscriptions/{id}/change_address"
ONETIME = "PUT /onetimes/{id}"
ONCE = "POST /onetimes"

HARBOR = PostalInput(
    first_name="Mara",
    last_name="Lindqvist",
    address1="8 Harbor Road",
    city="Portland",
    province="Maine",
    zip="04101",
    country_code="US",
    phone="+1 207-555-0101",
)
NEXT = date(2026, 12, 2)
"""Mara's next delivery at home, with three subscriptions in it."""


async def read(shop: Shop, services: Services, who: Principal) -> None:
    """The customer's records, and the shop's products with them."""
    await shop.mirror.customer(who.customer_id).refresh()
    await shop.situation(services, who.customer_id)
    await shop.mirror.settled()


async def empty_address(shop: Shop) -> int:
    """An address of Mara's that nothing goes to."""
    made = await shop.client.addresses.create(customer_id=101, **HARBOR.document())
    await shop.client.addresses.update(made.id, payment_method_id=601)
    return made.id


async def something_once(shop: Shop, address_id: int, day: date) -> int:
    """A product that comes once to an address."""
    made = await shop.client.onetimes.create(
        address_id=address_id,
        external_variant_id=ExternalId(ecommerce=await variant_of(shop, 302)),
        next_charge_scheduled_at=day,
        quantity=1,
    )
    return made.id


async def variant_of(shop: Shop, subscription_id: int) -> str:
    """The variant that a subscription brings."""
    found = await shop.client.subscriptions.get(subscription_id)
    return found.external_variant_id.ecommerce or ""


async def new(shop: Shop, services: Services, who: Principal) -> AddAddress:
    await read(shop, services, who)
    return AddAddress(postal=HARBOR, payment_method_id=601, note="Ring twice.")


async def everything_here(shop: Shop, services: Services, who: Principal) -> EditAddress:
    await read(shop, services, who)
    return EditAddress(address_id=201, postal=HARBOR)


async def paid_in_advance(shop: Shop, services: Services, who: Principal) -> EditAddress:
    await read(shop, services, who)
    found = (await shop.situation(services, who.customer_id)).snapshot.addresses[0]
    postal = PostalInput.of(found).model_copy(update={"address2": "Second floor"})
    return EditAddress(address_id=found.id, postal=postal)


async def this_subscription(shop: Shop, services: Services, who: Principal) -> MoveToNewAddress:
    await read(shop, services, who)
    return MoveToNewAddress(address_id=201, subscription_id=302, postal=HARBOR)


async def this_delivery(shop: Shop, services: Services, who: Principal) -> SendElsewhereOnce:
    await read(shop, services, who)
    return SendElsewhereOnce(address_id=201, date=NEXT, postal=HARBOR)


async def to_the_studio(shop: Shop, services: Services, who: Principal) -> SendElsewhereOnce:
    await read(shop, services, who)
    return SendElsewhereOnce(address_id=201, date=NEXT, to_address_id=202)


async def unused(shop: Shop, services: Services, who: Principal) -> DeleteAddress:
    id = await empty_address(shop)
    await read(shop, services, who)
    return DeleteAddress(address_id=id)


async def everything_moves(shop: Shop, services: Services, who: Principal) -> MoveAllToAddress:
    await read(shop, services, who)
    return MoveAllToAddress(to_address_id=201, from_address_ids=(202,))


async def two_become_one(shop: Shop, services: Services, who: Principal) -> MergeAddresses:
    await something_once(shop, 202, date(2026, 12, 9))
    await read(shop, services, who)
    return MergeAddresses(to_address_id=201, from_address_ids=(202,))


async def three_become_one(shop: Shop, services: Services, who: Principal) -> MergeAddresses:
    id = await empty_address(shop)
    await shop.client.subscriptions.change_address(303, id)
    await read(shop, services, who)
    return MergeAddresses(to_address_id=201, from_address_ids=(202, id))


async def two_that_stay(shop: Shop, services: Services, who: Principal) -> MergeAddresses:
    await something_once(shop, 202, date(2026, 12, 9))
    await read(shop, services, who)
    return MergeAddresses(to_address_id=201, from_address_ids=(202,), is_removed=False)


async def once_elsewhere(shop: Shop, services: Services, who: Principal) -> OnetimeToAddress:
    id = await something_once(shop, 201, NEXT)
    await read(shop, services, who)
    return OnetimeToAddress(address_id=201, onetime_id=id, to_address_id=202)


async def another_note(shop: Shop, services: Services, who: Principal) -> ChangeNote:
    await shop.client.addresses.update(
        201,
        commit=True,
        order_note="Ring twice.",
        order_attributes=[{"name": "Floor", "value": "2"}, {"name": "_source", "value": "web"}],
    )
    await read(shop, services, who)
    return ChangeNote(
        address_id=201,
        note="Please leave it at number 10.",
        answers=(Answer(name="Floor", value="3"),),
    )


async def added_already(shop: Shop, action: Action) -> None:
    """The same address has been added elsewhere."""
    await shop.client.addresses.create(customer_id=101, **HARBOR.document())


async def moved_house(shop: Shop, action: Action) -> None:
    """The shop has changed the address."""
    address_id = getattr(action, "address_id", 202)
    await shop.client.addresses.update(address_id, commit=True, address1="1 Other Street")


async def another_date(shop: Shop, action: Action) -> None:
    """Somebody has moved a subscription."""
    await shop.client.subscriptions.set_next_charge_date(302, date(2026, 12, 23))


async def something_came(shop: Shop, action: Action) -> None:
    """Something goes to the address again."""
    await shop.client.subscriptions.change_address(302, action.address_id)  # type: ignore[attr-defined]


async def more_of_it(shop: Shop, action: Action) -> None:
    """The shop has changed how many come."""
    await shop.client.onetimes.update(action.onetime_id, quantity=4)  # type: ignore[attr-defined]


async def another_note_already(shop: Shop, action: Action) -> None:
    """The shop has written another note."""
    await shop.client.addresses.update(201, commit=True, order_note="By the shop.")


# When it was made, and by which number it is known, is the new one's own.
AS_NEW = without("id", "created_at", "address_id")

CASES = (
    Case("add an address", MARA, new, POST, added_already),
    Case("change an address for everything", MARA, everything_here, PUT, moved_house),
    Case(
        "change an address with what was paid for", PRIYA, paid_in_advance, PUT, moved_house
    ),
    Case("a subscription to a new address", MARA, this_subscription, CHANGE_ADDRESS, another_date),
    Case("a delivery elsewhere once", MARA, this_delivery, ONCE, another_date, writes=3),
    Case(
        "a delivery to the other address once", MARA, to_the_studio, ONCE, another_date, writes=3
    ),
    Case("what comes once in it elsewhere, with it", MARA, this_delivery, ONETIME, another_date),
    Case("delete an address", MARA, unused, DELETE, something_came, is_undoable=False),
    Case("everything to another address", MARA, everything_moves, MERGE, moved_house),
    # A deleted address does not come back.
    Case("merge two addresses", MARA, two_become_one, MERGE, moved_house, is_undoable=False),
    Case(
        "merge three addresses", MARA, three_become_one, DELETE, moved_house, is_undoable=False,
        writes=2,
    ),
    Case("merge two and keep both", MARA, two_that_stay, MERGE, moved_house),
    Case("what comes once to another address", MARA, once_elsewhere, ONETIME, more_of_it),
    Case("change a delivery note", MARA, another_note, PUT, another_note_already),
)  # fmt: skip
