"""What `include=` puts beside a record, for each noun."""

from collections.abc import Mapping
from typing import Any

from app.sandbox.errors import Document
from app.sandbox.listing import Include
from app.sandbox.shop import Shop


def _customer(shop: Shop, document: Document) -> Any:
    id = document.get("customer_id") or document["customer"]["id"]
    return shop.store.get("customers", id)


def _address(shop: Shop, document: Document) -> Any:
    return shop.store.get("addresses", document["address_id"])


def _of_customer(plural: str) -> Include:
    def load(shop: Shop, customer: Document) -> Any:
        found = shop.find(plural, customer_id=customer["id"])
        return [each for each in found if not each.get("deleted_at")]

    return load


def _of_address(plural: str) -> Include:
    return lambda shop, address: shop.find(plural, address_id=address["id"])


def _metafields(resource: str) -> Include:
    return lambda shop, document: shop.find(
        "metafields", owner_resource=resource, owner_id=document["id"]
    )


def _address_method(shop: Shop, address: Document) -> Any:
    id = address.get("payment_method_id")
    found = shop.store.get("payment_methods", id) if id else None
    return [found] if found and not found.get("deleted_at") else []


def _charge_methods(shop: Shop, charge: Document) -> Any:
    address = shop.store.get("addresses", charge["address_id"])
    return _address_method(shop, address) if address else []


def _line_subscriptions(shop: Shop, document: Document) -> Any:
    ids = [
        line["purchase_item_id"]
        for line in document["line_items"]
        if line.get("purchase_item_type") == "subscription"
    ]
    return [found for id in ids if (found := shop.store.get("subscriptions", id))]


def _address_discount(shop: Shop, address: Document) -> Any:
    given = next(iter(address.get("discounts") or []), None)
    return shop.store.get("discounts", given["id"]) if given else None


def _bundle_selections(shop: Shop, document: Document) -> Any:
    return shop.find("bundle_selections", purchase_item_id=document["id"])


def _bundle_product(shop: Shop, document: Document) -> Any:
    if not _bundle_selections(shop, document):
        return None
    return shop.product((document.get("external_product_id") or {}).get("ecommerce"))


def _nothing(shop: Shop, document: Document) -> Any:
    return []


def _no_map(shop: Shop, document: Document) -> Any:
    return {}


def _no_value(shop: Shop, document: Document) -> Any:
    return None


def _no_referral(shop: Shop, document: Document) -> Any:
    return {"referral_url": {"slug": "", "url": ""}}


def _credit_details(shop: Shop, summary: Document) -> Any:
    return shop.find("credit_accounts", customer_id=summary["customer_id"])


_ITEM: Mapping[str, Include] = {
    "address": _address,
    "bundle_product": _bundle_product,
    "bundle_selections": _bundle_selections,
    "charge_activities": _nothing,
    "customer": _customer,
}

INCLUDES: Mapping[str, Mapping[str, Include]] = {
    "addresses": {
        "charge_activities": _nothing,
        "customer": _customer,
        "discount": _address_discount,
        "payment_methods": _address_method,
        "subscriptions": _of_address("subscriptions"),
    },
    "charges": {
        "charge_activities": _nothing,
        "customer": _customer,
        "metafields": _metafields("charge"),
        "payment_methods": _charge_methods,
        "subscriptions": _line_subscriptions,
    },
    "customers": {
        "addresses": _of_customer("addresses"),
        "announcements": _nothing,
        "gift_purchases": _nothing,
        "metafields": _metafields("customer"),
        "payment_methods": _of_customer("payment_methods"),
        "punch_card_progress": _no_map,
        "referral_info": _no_referral,
        "subscriptions": _of_customer("subscriptions"),
    },
    "membership_programs": {
        "collections": _nothing,
        "membership_benefits": lambda shop, program: shop.find(
            "membership_benefits", program_id=program["id"]
        ),
    },
    "orders": {
        "customer": _customer,
        "metafields": _metafields("order"),
        "subscriptions": _line_subscriptions,
    },
    "payment_methods": {
        "addresses": lambda shop, method: shop.find("addresses", payment_method_id=method["id"]),
    },
    "subscriptions": {
        **_ITEM,
        "addons": _nothing,
        "customer_entitlements": _nothing,
        "expires_at": _no_value,
        "metafields": _metafields("subscription"),
    },
    "onetimes": {**_ITEM, "metafields": _nothing},
    "credit_accounts": {"customer": _customer},
    "credit_summary": {"credit_details": _credit_details},
}


def includes_of(plural: str) -> Mapping[str, Include]:
    """The relations of a noun; most have none."""
    return INCLUDES.get(plural, {})
