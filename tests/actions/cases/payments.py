"""Payment methods: what pays where, which is the default, billing addresses, and removal."""

from __future__ import annotations

from typing import Any

from app.actions import (
    Action,
    EditBillingAddress,
    GiveCard,
    GiveCardToSeveral,
    MakeDefault,
    PostalInput,
    Principal,
    RemoveCard,
    ReplaceCard,
    Services,
)
from app.actions.payments.base import PaymentMethodAction
from tests.actions.case import Case
from tests.actions.shop import Shop, signed_in

MARA, SAM, LENA = signed_in(101), signed_in(106), signed_in(107)

HERS, SECOND = 601, 602
AT_HOME, AT_STUDIO = 201, 202

ADDRESS = "PUT /addresses/{id}"
METHOD = "PUT /payment_methods/{id}"
REMOVE = "DELETE /payment_methods/{id}"

BILLING = PostalInput(
    first_name="Mara",
    last_name="Lindqvist-Ōe",
    address1="Unter den Linden 7",
    city="Berlin",
    zip="10117",
    country_code="DE",
)


async def more(shop: Shop, customer_id: int, number: str = "4444", **values: object) -> int:
    """Another card of a customer, which pays for nothing; its id."""
    made = await shop.client.payment_methods.create(
        customer_id=customer_id,
        payment_type="CREDIT_CARD",
        processor_name="stripe",
        processor_customer_token=f"cus_more{customer_id}",
        processor_payment_method_token=f"pm_more{number}",
        **values,  # type: ignore[arg-type]
    )
    await shop.mirror.customer(customer_id).refresh()
    return made.id


async def give(shop: Shop, services: Services, who: Principal) -> GiveCard:
    return GiveCard(address_id=AT_HOME, payment_method_id=SECOND)


async def give_to_several(shop: Shop, services: Services, who: Principal) -> GiveCardToSeveral:
    id = await more(shop, who.customer_id)
    return GiveCardToSeveral(payment_method_id=id, address_ids=(207, 208))


async def make_default(shop: Shop, services: Services, who: Principal) -> MakeDefault:
    return MakeDefault(payment_method_id=SECOND)


async def edit_billing(shop: Shop, services: Services, who: Principal) -> EditBillingAddress:
    """It may lie where the shop sends nothing to."""
    return EditBillingAddress(payment_method_id=HERS, address=BILLING)


async def remove(shop: Shop, services: Services, who: Principal) -> RemoveCard:
    return RemoveCard(payment_method_id=await more(shop, who.customer_id))


async def replace(shop: Shop, services: Services, who: Principal) -> ReplaceCard:
    return ReplaceCard(payment_method_id=SECOND, by_id=HERS, address_ids=(AT_STUDIO,))


async def another_card(shop: Shop, action: Action) -> None:
    """Somebody else has another card pay for everything."""
    assert isinstance(action, GiveCard | GiveCardToSeveral | MakeDefault | ReplaceCard)
    method = await shop.client.payment_methods.get(action.payment_method_id)
    await more(
        shop, method.customer_id, "1111", default=True, apply_to_all_subscription_addresses=True
    )


async def another_billing(shop: Shop, action: Action) -> None:
    """Somebody else writes another billing address."""
    assert isinstance(action, EditBillingAddress)
    document = dict(BILLING.document()) | {"address1": "Friedrichstraße 1"}
    await shop.client.payment_methods.update(
        action.payment_method_id,
        billing_address=document,  # type: ignore[arg-type]
    )


async def put_to_use(shop: Shop, action: Action) -> None:
    """Somebody else has it pay for an address."""
    assert isinstance(action, PaymentMethodAction)
    await shop.client.addresses.update(AT_HOME, payment_method_id=action.payment_method_id)


def nothing_is_nothing(document: dict[str, Any]) -> dict[str, Any]:
    """A part of an address that is not there is written in two ways."""
    return {
        name: {key: part or None for key, part in value.items()}
        if name == "billing_address" and value
        else value
        for name, value in document.items()
    }


CASES: tuple[Case, ...] = (
    Case("another card for an address", MARA, give, ADDRESS, another_card),
    Case("a card for several addresses", SAM, give_to_several, ADDRESS, another_card, writes=2),
    Case("another default card", MARA, make_default, METHOD, another_card),
    Case(
        "another billing address",
        MARA,
        edit_billing,
        METHOD,
        another_billing,
        restores=nothing_is_nothing,
    ),
    # A card is with its processor: what was removed is not brought back from here.
    Case("remove a card", MARA, remove, REMOVE, put_to_use, is_undoable=False),
    Case("replace a card", MARA, replace, REMOVE, another_card, is_undoable=False),
)
