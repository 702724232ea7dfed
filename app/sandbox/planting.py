"""A shop's first documents go in, and all that follows from them is worked out."""

from collections.abc import Iterable
from datetime import date

from app.sandbox import defaults
from app.sandbox.charging import regenerate
from app.sandbox.customers import refresh_customer
from app.sandbox.errors import Document
from app.sandbox.shop import Shop
from app.sandbox.whereabouts import HERE


def plant(shop: Shop, today: date, *, seed: bool) -> None:
    """Fill an empty shop: the seeded one, or just a bare store."""
    if seed:
        from app.sandbox.seed import documents

        plant_documents(shop, documents(today, HERE))
    else:
        plant_documents(shop, _bare(shop))


def plant_documents(shop: Shop, documents: Iterable[tuple[str, Document]]) -> None:
    """Insert documents, parents first, then fill what is derived and queue the charges."""
    stamp = shop.stamp()
    for plural, document in documents:
        whole = defaults.complete(shop, plural, dict(document))
        whole.setdefault("created_at", stamp)
        whole.setdefault("updated_at", whole["created_at"])
        if plural == "shop_settings":
            whole = {**document, "id": 1}
        shop.store.write(plural, whole)
        if plural == "products":
            shop.forget_catalogue()
    shop.store.settle_ids()
    for address in shop.store.find("addresses"):
        regenerate(shop, address["id"])
    for customer in shop.store.find("customers"):
        refresh_customer(shop, customer["id"])


def _bare(shop: Shop) -> Iterable[tuple[str, Document]]:
    yield (
        "store",
        {
            "id": 1,
            "currency": "USD",
            "default_api_version": "2021-11",
            "email": "shop@example.com",
            "identifier": "sandbox",
            "name": "Sandbox",
            "timezone": {
                "iana_name": "America/New_York",
                "name": "(GMT-05:00) Eastern Time (US & Canada)",
            },
        },
    )
    yield "shop_settings", {"customer_portal": {"subscription": {}, "onetime": {}}}
