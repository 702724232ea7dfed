"""Orders: read, correct, delay, clone."""

from datetime import date

from app.sandbox import fields as f
from app.sandbox.dates import next_delivery_after, parse_moment
from app.sandbox.errors import Document, Invalid
from app.sandbox.http import Call, Endpoint, Reply
from app.sandbox.resources.generic import deleting, one, reading, writing
from app.sandbox.shop import Shop

_FIELDS: f.Fields = {
    "billing_address": f.mapping,
    "customer": f.mapping,
    "external_order_id": f.external,
    "line_items": f.list_of(f.mapping),
    "scheduled_at": f.moment,
    "shipping_address": f.mapping,
    "status": f.one_of("success", "error", "queued", "cancelled"),
}


def _update(shop: Shop, call: Call) -> Reply:
    order = shop.read("orders", call.id())
    body = call.read(_FIELDS)
    if order["status"] != "queued" and set(body) - {"external_order_id"}:
        raise Invalid("status", "Only queued orders can be changed.")
    for name in ("billing_address", "shipping_address", "customer"):
        if name in body:
            body[name] = {**(order[name] or {}), **body[name]}
    if "scheduled_at" in body:
        body["scheduled_at"] = _midnight(shop, body["scheduled_at"])
    return one(shop, call, "orders", shop.save("orders", {**order, **body}))


def _midnight(shop: Shop, text: str) -> str:
    """A plain date means its start in the shop's zone."""
    if len(text) == 10:
        return shop.midnight(date.fromisoformat(text))
    return text


def _delay(shop: Shop, call: Call) -> Reply:
    """A prepaid order and those after it come one delivery later."""
    order = shop.read("orders", call.id())
    if order["status"] != "queued" or not order["is_prepaid"]:
        raise Invalid("status", "Only queued prepaid orders can be delayed.")
    subscription = _subscription_of(shop, order)
    for later in shop.find("orders", charge_id=order["charge"]["id"], status="queued"):
        if later["scheduled_at"] < order["scheduled_at"]:
            continue
        moment = parse_moment(later["scheduled_at"])
        if moment is not None:
            day = moment.astimezone(shop.zone()).date()
            delayed = shop.midnight(next_delivery_after(subscription, day))
            shop.save("orders", {**later, "scheduled_at": delayed})
    return one(shop, call, "orders", shop.read("orders", order["id"]))


def _subscription_of(shop: Shop, order: Document) -> Document:
    for line in order["line_items"]:
        found = shop.store.get("subscriptions", int(line.get("purchase_item_id") or 0))
        if found is not None:
            return found
    raise Invalid("line_items", "No subscription gives this order a rhythm.")


def _clone(shop: Shop, call: Call) -> Reply:
    body = call.read({"scheduled_at": f.required(f.moment)})
    order = shop.read("orders", call.id())
    if order["status"] != "success":
        raise Invalid("status", "Only orders that went out can be cloned.")
    fresh = {
        name: value for name, value in order.items()
        if name not in ("id", "created_at", "updated_at")
    }  # fmt: skip
    clone = shop.add(
        "orders",
        {
            **fresh,
            "external_order_id": {"ecommerce": None},
            "external_order_name": {"ecommerce": None},
            "external_order_number": {"ecommerce": None},
            "processed_at": None,
            "scheduled_at": _midnight(shop, body["scheduled_at"]),
            "status": "queued",
        },
    )
    return one(shop, call, "orders", clone, 201)


ENDPOINTS: list[Endpoint] = [
    *reading("orders"),
    *writing("orders", update=_update, delete=deleting("orders")),
    Endpoint("POST", "/orders/{id}/delay", _delay, ("write_orders",), "orders"),
    Endpoint("POST", "/orders/{id}/clone", _clone, ("write_orders",), "orders"),
]
