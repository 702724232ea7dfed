"""A shop that takes test cards, and the hands of a customer who adds one."""

from __future__ import annotations

from typing import Any

import httpx

from app.actions import Principal, Services
from app.actions.payments.adding import AddingCards
from app.payments import CardSetup, FormPage, SandboxForm
from app.recharge import PaymentMethod
from app.sandbox.cards import submit
from tests.actions.shop import Shop, signed_in

MARA = signed_in(101)
CREATE, UPDATE = "POST /payment_methods", "PUT /addresses/{id}"
BACK = "http://localhost:8080/payment-methods/add/one/done"
CARD = {"number": "4242424242424242", "expiry": "12/34", "code": "737", "holder": "Mara Lindqvist"}


def form_of(shop: Shop) -> SandboxForm:
    """A maker of forms on the shop's own processor."""
    return SandboxForm(
        "http://sandbox",
        shop.sandbox.token,
        lambda: "http://localhost:9",
        "http://localhost:8080",
        transport=httpx.ASGITransport(app=shop.sandbox.app),
    )


def with_cards(shop: Shop, **options: Any) -> Services:
    """Services of a shop that takes cards. A second call is another process, or a later one."""
    return shop.services(payment_form=form_of(shop), **options)


async def typed(
    shop: Shop,
    services: Services,
    *address_ids: int,
    who: Principal = MARA,
    number: str = CARD["number"],
    **wishes: bool,
) -> CardSetup:
    """A card whose form was filled in; nobody has looked at it yet."""
    cards = AddingCards(services)
    setup = await cards.begin(who, address_ids, **wishes)
    seen = await cards.seen(who, setup)
    setup, start = await cards.open(who, setup, seen, BACK)
    assert isinstance(start, FormPage)
    submit(shop.sandbox.shop, setup.reference, {**CARD, "number": number})
    return setup


async def confirmed(
    shop: Shop, services: Services, *address_ids: int, who: Principal = MARA, **more: Any
) -> CardSetup:
    """A card that is confirmed, and not in the account yet."""
    return await AddingCards(services).look(
        await typed(shop, services, *address_ids, who=who, **more)
    )


async def added(shop: Shop, customer_id: int = 101) -> list[PaymentMethod]:
    """The cards of the form that the account holds."""
    return [
        one
        async for one in shop.client.payment_methods.list(customer_id=customer_id)
        if (one.processor_payment_method_token or "").startswith("pm_sandbox_")
    ]


async def pays(shop: Shop, customer_id: int = 101) -> dict[int, int | None]:
    """What pays for each address."""
    return {
        one.id: one.payment_method_id
        async for one in shop.client.addresses.list(customer_id=customer_id)
    }
