"""Many subscriptions of one address at a time: routes that exist in version 2021-01 alone.

Names, statuses and numbers are the older ones there.
"""

from typing import Any

from app.sandbox import fields as f
from app.sandbox.errors import Document, Invalid
from app.sandbox.http import Call, Endpoint, Reply
from app.sandbox.resources.subscriptions import (
    CREATE,
    UPDATE,
    create_subscription,
    delete_subscription,
    update_subscription,
)
from app.sandbox.shop import Shop, external_id

_MOST = 20
_NUMBERS = (
    "charge_interval_frequency", "order_interval_frequency", "order_day_of_month",
    "order_day_of_week", "quantity", "expire_after_specific_number_of_charges",
)  # fmt: skip


def _items(call: Call) -> list[Document]:
    body = call.read({
        "subscriptions": f.required(f.list_of(f.mapping, 1, _MOST)),
        "commit_update": f.flag,
        "send_email": f.flag,
    })  # fmt: skip
    return [_modern(each) for each in body["subscriptions"]]


def _modern(item: Document) -> Document:
    """An item in today's names."""
    modern: Document = {}
    for name, value in item.items():
        if name in ("shopify_product_id", "shopify_variant_id"):
            modern[name.replace("shopify", "external")] = {"ecommerce": str(value)}
        elif name in _NUMBERS and isinstance(value, str) and value.isdigit():
            modern[name] = int(value)
        elif name == "price":
            modern[name] = str(value)
        elif name == "status":
            modern[name] = str(value).lower()
        else:
            modern[name] = value
    return modern


def _old(shop: Shop, subscription: Document) -> Document:
    """A subscription in the names of 2021-01."""
    customer = shop.read("customers", subscription["customer_id"])
    numbers: dict[str, Any] = {
        name: int(subscription[name])
        for name in ("has_queued_charges", "is_prepaid", "max_retries_reached")
    }
    day = subscription["next_charge_scheduled_at"]
    variant = external_id(subscription, "external_variant_id")
    product = external_id(subscription, "external_product_id")
    copied = (
        "id", "address_id", "customer_id", "cancellation_reason", "cancellation_reason_comments",
        "cancelled_at", "created_at", "expire_after_specific_number_of_charges", "is_skippable",
        "is_swappable", "order_day_of_month", "order_day_of_week", "order_interval_unit",
        "product_title", "properties", "quantity", "sku", "sku_override", "updated_at",
        "variant_title",
    )  # fmt: skip
    return {
        **{name: subscription[name] for name in copied},
        **numbers,
        "charge_interval_frequency": str(subscription["charge_interval_frequency"]),
        "email": customer["email"],
        "next_charge_scheduled_at": f"{day}T00:00:00" if day else None,
        "order_interval_frequency": str(subscription["order_interval_frequency"]),
        "price": float(subscription["price"]),
        "recharge_product_id": None,
        "shopify_product_id": int(product) if product and product.isdigit() else None,
        "shopify_variant_id": int(variant) if variant and variant.isdigit() else None,
        "status": subscription["status"].upper(),
    }


def _create(shop: Shop, call: Call) -> Reply:
    address = shop.read("addresses", call.id())
    created = []
    for item in _items(call):
        item["address_id"] = address["id"]
        created.append(create_subscription(shop, f.read(item, CREATE)))
    return Reply({"subscriptions": [_old(shop, each) for each in created]}, 201)


def _update(shop: Shop, call: Call) -> Reply:
    changed = []
    for item in _items(call):
        subscription = _own(shop, call, item.pop("id", None))
        item.pop("address_id", None)
        body = f.read(item, UPDATE)
        force = bool(body.get("force_update"))
        changed.append(update_subscription(shop, subscription, body, commit=True, force=force))
    return Reply({"subscriptions": [_old(shop, each) for each in changed]})


def _delete(shop: Shop, call: Call) -> Reply:
    for item in _items(call):
        delete_subscription(shop, _own(shop, call, item.get("id")))
    return Reply(status=204)


def _own(shop: Shop, call: Call, id: Any) -> Document:
    found = shop.store.get("subscriptions", int(id)) if str(id).isdigit() else None
    if found is None or found["address_id"] != call.id():
        raise Invalid("subscriptions", f"{id} is not a subscription of this address.")
    return found


ENDPOINTS = [
    Endpoint(
        method,
        "/addresses/{id}/subscriptions-bulk",
        handler,
        ("write_subscriptions",),
        "addresses",
        versions=("2021-01",),
    )
    for method, handler in (("POST", _create), ("PUT", _update), ("DELETE", _delete))
]
