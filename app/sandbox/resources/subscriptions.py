"""Subscriptions and what can be done with them."""

from datetime import date
from typing import Any

from app.sandbox import fields as f
from app.sandbox.charging import leave_open_charges, regenerate, touched
from app.sandbox.customers import refresh_customer
from app.sandbox.errors import Document, Invalid
from app.sandbox.http import Call, Endpoint, Reply
from app.sandbox.items import (
    activate,
    cancel,
    change_subscription,
    check_intervals,
    check_variant,
    from_variant,
    move_to_address,
    plan_price,
    set_date,
    start_day,
)
from app.sandbox.postal import refuse_wrong_parts
from app.sandbox.resources.generic import one, reading, writing
from app.sandbox.shop import Shop
from app.sandbox.skips import forget_skips, skip_day

_MOST = 1000
FIELDS: f.Fields = {
    "charge_interval_frequency": f.number(1, _MOST),
    "expire_after_specific_number_of_charges": f.nullable(f.number(1)),
    "external_product_id": f.external,
    "external_variant_id": f.external,
    "next_charge_scheduled_at": f.nullable(f.day),
    "order_day_of_month": f.nullable(f.number(1, 31)),
    "order_day_of_week": f.nullable(f.number(0, 6)),
    "order_interval_frequency": f.number(1, _MOST),
    "order_interval_unit": f.one_of("day", "week", "month"),
    "plan_id": f.nullable(f.identifier),
    "price": f.money,
    "product_title": f.text(),
    "properties": f.properties,
    "quantity": f.number(1, 10_000),
    "sku": f.nullable(f.text()),
    "sku_override": f.flag,
    "status": f.one_of("active", "cancelled"),
    "variant_title": f.text(),
}
CREATE: f.Fields = {
    **FIELDS,
    "addon_parent_subscription_id": f.nullable(f.identifier),
    "address_id": f.required(f.identifier),
    "external_variant_id": f.required(f.external),
    "gift_id": f.nullable(f.identifier),
    "quantity": f.required(f.number(1, 10_000)),
}
UPDATE: f.Fields = {
    **FIELDS,
    "cancellation_reason": f.nullable(f.text()),
    "cancellation_reason_comments": f.nullable(f.text(most=1024)),
    "force_update": f.flag,
    "persist_dynamic_pricing": f.flag,
    "use_external_variant_defaults": f.flag,
    "use_shopify_variant_defaults": f.flag,
}


def create_subscription(shop: Shop, body: Document) -> Document:
    """A new subscription from checked fields, with its charge queued."""
    address = shop.store.get("addresses", body["address_id"])
    if address is None:
        raise Invalid("address_id", "Not found")
    found = check_variant(shop, body)
    check_intervals(shop, body)
    if "order_interval_unit" not in body:
        raise Invalid.many({
            name: ["Missing data for required field."]
            for name in (
                "charge_interval_frequency", "order_interval_frequency", "order_interval_unit",
            )
        })  # fmt: skip
    document: Document = {
        name: value for name, value in body.items() if name not in ("gift_id", "status")
    }
    if found is not None:
        document = {**from_variant(found), **document}
        orders = body["charge_interval_frequency"] // body["order_interval_frequency"]
        document.setdefault("price", plan_price(shop, *found, orders=orders))
    if document.get("next_charge_scheduled_at") is None:
        document["next_charge_scheduled_at"] = start_day(shop, document)
    elif date.fromisoformat(document["next_charge_scheduled_at"]) < shop.today():
        raise Invalid.bare("next_charge_scheduled_at", "Cannot be in the past")
    document["sku_override"] = "sku" in body
    created = shop.add("subscriptions", document)
    regenerate(shop, address["id"])
    refresh_customer(shop, address["customer_id"])
    return shop.read("subscriptions", created["id"])


def _create(shop: Shop, call: Call) -> Reply:
    return one(shop, call, "subscriptions", create_subscription(shop, call.read(CREATE)), 201)


def _update(shop: Shop, call: Call) -> Reply:
    subscription = shop.read("subscriptions", call.id())
    body = call.read(UPDATE)
    force = call.flag("force_update") or bool(body.get("force_update"))
    changed = update_subscription(shop, subscription, body, commit=call.flag("commit"), force=force)
    return one(shop, call, "subscriptions", changed)


def update_subscription(
    shop: Shop, subscription: Document, body: Document, *, commit: bool, force: bool
) -> Document:
    """Apply an update; a status in it cancels or activates."""
    if body.pop("use_shopify_variant_defaults", False):
        body["use_external_variant_defaults"] = True
    wanted = body.pop("status", subscription["status"])
    reason = body.pop("cancellation_reason", None)
    comments = body.pop("cancellation_reason_comments", None)
    if wanted == "active" and subscription["status"] == "cancelled":
        subscription = activate(shop, subscription)
    if body:
        subscription = change_subscription(shop, subscription, body, commit=commit, force=force)
    if wanted == "cancelled" and subscription["status"] == "active":
        subscription = cancel(shop, subscription, reason or "", comments)
    return subscription


def _delete(shop: Shop, call: Call) -> Reply:
    delete_subscription(shop, shop.read("subscriptions", call.id()))
    return Reply(status=204)


def delete_subscription(shop: Shop, subscription: Document) -> None:
    """Remove a subscription for good."""
    leave_open_charges(shop, subscription["id"])
    forget_skips(shop, subscription["id"])
    shop.remove("subscriptions", subscription)
    regenerate(shop, subscription["address_id"])
    refresh_customer(shop, subscription["customer_id"])


def _set_date(shop: Shop, call: Call) -> Reply:
    body = call.read({"date": f.required(f.day)})
    subscription = shop.read("subscriptions", call.id())
    moved = set_date(
        shop, subscription, date.fromisoformat(body["date"]), commit=call.flag("commit")
    )
    if call.flag("pause"):
        shop.emit("paused", "subscriptions", moved)
    return one(shop, call, "subscriptions", moved)


def _change_address(shop: Shop, call: Call) -> Reply:
    body = call.read({
        "address_id": f.required(f.identifier),
        "next_charge_scheduled_at": f.nullable(f.day),
    })  # fmt: skip
    subscription = shop.read("subscriptions", call.id())
    moved = move_to_address(
        shop,
        "subscriptions",
        subscription,
        body["address_id"],
        body.get("next_charge_scheduled_at"),
    )
    return one(shop, call, "subscriptions", moved)


def _cancel(shop: Shop, call: Call) -> Reply:
    body = call.read({
        "cancellation_reason": f.required(f.text(1, 1024)),
        "cancellation_reason_comments": f.nullable(f.text(most=1024)),
        "send_email": f.flag,
    })  # fmt: skip
    subscription = shop.read("subscriptions", call.id())
    stopped = cancel(
        shop,
        subscription,
        body["cancellation_reason"],
        body.get("cancellation_reason_comments"),
    )
    return one(shop, call, "subscriptions", stopped)


def _activate(shop: Shop, call: Call) -> Reply:
    subscription = shop.read("subscriptions", call.id())
    return one(shop, call, "subscriptions", activate(shop, subscription))


def _skip(shop: Shop, call: Call) -> Reply:
    body = call.read({"date": f.required(f.day), "subscription_id": f.identifier})
    subscription = shop.read("subscriptions", call.id())
    if body.get("subscription_id", subscription["id"]) != subscription["id"]:
        raise Invalid("subscription_id", "Must be the subscription of the path.")
    day = date.fromisoformat(body["date"])
    charge = skip_day(shop, subscription["address_id"], day, [subscription["id"]])
    return one(shop, call, "charges", charge)


_RECIPIENT: f.Fields = {
    "address1": f.required(f.text(1)),
    "address2": f.nullable(f.text()),
    "city": f.required(f.text(1)),
    "company": f.nullable(f.text()),
    "country_code": f.required(f.text(2, 2)),
    "email": f.text(3),
    "first_name": f.required(f.text(1)),
    "last_name": f.required(f.text(1)),
    "phone": f.nullable(f.text()),
    "province": f.nullable(f.text()),
    "zip": f.nullable(f.text()),
}


def _skip_gift(shop: Shop, call: Call) -> Reply:
    """The next delivery is skipped and goes to somebody else once instead."""
    body = call.read({
        "purchase_item_ids": f.required(f.list_of(f.identifier, least=1)),
        "recipient_address": f.required(f.nested(_RECIPIENT)),
    })  # fmt: skip
    refuse_wrong_parts(body["recipient_address"], under="recipient_address")
    given: list[Document] = []
    recipient = {key: value for key, value in body["recipient_address"].items() if key != "email"}
    for id in body["purchase_item_ids"]:
        subscription = shop.store.get("subscriptions", id)
        if subscription is None or not subscription["next_charge_scheduled_at"]:
            raise Invalid("purchase_item_ids", "Not found")
        given.append(_give(shop, subscription, recipient))
    return Reply({"onetimes": given})


def _give(shop: Shop, subscription: Document, recipient: dict[str, Any]) -> Document:
    day = date.fromisoformat(subscription["next_charge_scheduled_at"])
    own = shop.read("addresses", subscription["address_id"])
    skip_day(shop, subscription["address_id"], day, [subscription["id"]])
    target = shop.add(
        "addresses",
        {
            **recipient,
            "customer_id": subscription["customer_id"],
            "is_gift": True,
            "payment_method_id": own["payment_method_id"],
            "presentment_currency": own["presentment_currency"],
        },
    )
    copied = (
        "external_product_id", "external_variant_id", "price", "product_title", "properties",
        "quantity", "sku", "variant_title",
    )  # fmt: skip
    onetime = shop.add(
        "onetimes",
        {
            **{name: subscription[name] for name in copied},
            "address_id": target["id"],
            "next_charge_scheduled_at": day.isoformat(),
        },
    )
    touched(shop, target["id"])
    return onetime


_WRITE = ("write_subscriptions",)

ENDPOINTS = [
    *reading("subscriptions"),
    *writing("subscriptions", create=_create, update=_update, delete=_delete),
    Endpoint(
        "POST", "/subscriptions/{id}/set_next_charge_date", _set_date, _WRITE, "subscriptions"
    ),
    Endpoint(
        "POST", "/subscriptions/{id}/change_address", _change_address, _WRITE, "subscriptions"
    ),
    Endpoint("POST", "/subscriptions/{id}/cancel", _cancel, _WRITE, "subscriptions"),
    Endpoint("POST", "/subscriptions/{id}/activate", _activate, _WRITE, "subscriptions"),
    Endpoint("POST", "/subscriptions/{id}/charges/skip", _skip, ("write_orders",), "subscriptions"),
    Endpoint("POST", "/purchase_items/skip_gift", _skip_gift, _WRITE),
]
