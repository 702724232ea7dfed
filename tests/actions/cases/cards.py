"""Cases of adding a card."""

from __future__ import annotations

from app.actions import Action, AddCard, AddPaymentMethod, Principal, Services
from app.actions.payments.adding import action_of
from tests.actions.adding import CREATE, MARA, confirmed, form_of
from tests.actions.case import Case
from tests.actions.shop import Shop


async def _for_two_addresses(shop: Shop, services: Services, who: Principal) -> AddCard:
    services.payment_form = form_of(shop)
    return action_of(await confirmed(shop, services, 201, 202, who=who))


async def _for_nothing(shop: Shop, services: Services, who: Principal) -> AddPaymentMethod:
    services.payment_form = form_of(shop)
    whole = action_of(await confirmed(shop, services, who=who))
    return AddPaymentMethod(**whole.model_dump(exclude={"payment_method_id"}))


async def _another_default(shop: Shop, _action: Action) -> None:
    methods = shop.client.payment_methods.list(customer_id=101)
    [other, *_] = [one async for one in methods if not one.default]
    await shop.client.payment_methods.update(other.id, default=True)


async def _another_card_pays(shop: Shop, _action: Action) -> None:
    address = await shop.client.addresses.get(201)
    methods = shop.client.payment_methods.list(customer_id=101)
    [other, *_] = [one async for one in methods if one.id != address.payment_method_id]
    await shop.client.addresses.update(201, commit=True, payment_method_id=other.id)


CASES = (
    Case(
        name="add a card, for nothing yet",
        who=MARA,
        find=_for_nothing,
        route=CREATE,
        disturb=_another_default,
    ),
    Case(
        name="add a card that pays for two addresses",
        who=MARA,
        find=_for_two_addresses,
        route=CREATE,
        disturb=_another_card_pays,
    ),
)
