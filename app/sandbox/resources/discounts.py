"""Discount codes."""

from decimal import Decimal

from app.sandbox import fields as f
from app.sandbox.dates import parse_moment
from app.sandbox.errors import Document, Invalid
from app.sandbox.http import Call, Endpoint, Reply
from app.sandbox.resources.generic import deleting, one, reading, writing
from app.sandbox.shop import Shop

_APPLIES: f.Fields = {
    "ids": f.nullable(f.list_of(f.anything)),
    "purchase_item_type": f.nullable(f.one_of("all", "onetime", "subscription")),
    "resource": f.nullable(f.one_of("shopify_product", "shopify_collection_id")),
}
_LIMITS: f.Fields = {
    "first_time_customer_restriction": f.nullable(f.text()),
    "max_subsequent_redemptions": f.nullable(f.number(0)),
    "one_application_per_customer": f.nullable(f.flag),
    "redemptions": f.nullable(f.number(0)),
}
_FIELDS: f.Fields = {
    "applies_to": f.nested(_APPLIES),
    "channel_settings": f.mapping,
    "code": f.required(f.text(1, 255)),
    "ends_at": f.nullable(f.moment),
    "prerequisite_subtotal_min": f.nullable(f.money),
    "starts_at": f.nullable(f.moment),
    "status": f.one_of("enabled", "disabled", "fully_disabled"),
    "usage_limits": f.nested(_LIMITS),
    "value": f.required(f.money),
    "value_type": f.required(f.one_of("percentage", "fixed_amount", "shipping")),
}


def _create(shop: Shop, call: Call) -> Reply:
    body = call.read(_FIELDS)
    _check(shop, body, None)
    return one(shop, call, "discounts", shop.add("discounts", body), 201)


def _update(shop: Shop, call: Call) -> Reply:
    discount = shop.read("discounts", call.id())
    body = {**discount, **call.read(f.optional(_FIELDS))}
    _check(shop, body, discount["id"])
    return one(shop, call, "discounts", shop.save("discounts", body))


def _check(shop: Shop, body: Document, own_id: int | None) -> None:
    if any(each["id"] != own_id for each in shop.find("discounts", code=body["code"].lower())):
        raise Invalid("code", "code already exists on store")
    if body["value_type"] == "percentage" and Decimal(str(body["value"])) > 100:
        raise Invalid("value", "Must be less than or equal to 100.")
    ends = parse_moment(body.get("ends_at"))
    if ends is not None and ends <= shop.now():
        body["status"] = "disabled"


ENDPOINTS: list[Endpoint] = [
    *reading("discounts"),
    *writing("discounts", create=_create, update=_update, delete=deleting("discounts")),
]
