"""The routes of the API, one module per group of nouns."""

from app.sandbox.errors import Document
from app.sandbox.fields import Wrong, identifier
from app.sandbox.http import Call, Routes
from app.sandbox.resources import (
    addresses,
    catalogue,
    charges,
    credits,
    customers,
    discounts,
    legacy,
    memberships,
    onetimes,
    orders,
    others,
    payment_methods,
    subscriptions,
    webhooks,
)
from app.sandbox.shop import Shop

ROUTES = Routes(
    endpoint
    for module in (
        addresses,
        catalogue,
        charges,
        credits,
        customers,
        discounts,
        legacy,
        memberships,
        onetimes,
        orders,
        others,
        payment_methods,
        subscriptions,
        webhooks,
    )
    for endpoint in module.ENDPOINTS
)

_UNDER_ADDRESS = ("charges", "subscriptions", "onetimes", "orders")


def held_addresses(shop: Shop, holds: str, call: Call) -> set[int]:
    """The addresses that a write on a noun would change: nobody else may change them meanwhile."""
    ids: list[object] = [call.body.get("address_id")]
    if holds == "addresses":
        ids.append(call.path.get("id"))
        ids.append(_id_in(call.body.get("target_address")))
        sources = call.body.get("source_addresses")
        ids += [_id_in(each) for each in sources] if isinstance(sources, list) else []
    elif holds in _UNDER_ADDRESS and "id" in call.path:
        id = _number(call.path["id"])
        found = shop.store.get(holds, id) if id else None
        ids.append(found["address_id"] if found else None)
    return {id for each in ids if (id := _number(each)) is not None}


def _id_in(value: object) -> object:
    document: Document = value if isinstance(value, dict) else {}
    return document.get("id")


def _number(value: object) -> int | None:
    try:
        return identifier(value)
    except Wrong:
        return None


__all__ = ["ROUTES", "held_addresses"]
