"""Addresses: change, merge, and skipping a date that has no charge yet."""

from datetime import date
from typing import Any

from app.sandbox import fields as f
from app.sandbox.charging import leave_open_charges, regenerate, touched
from app.sandbox.customers import refresh_customer
from app.sandbox.defaults import currency
from app.sandbox.errors import Document, Invalid
from app.sandbox.http import Call, Endpoint, Reply
from app.sandbox.postal import refuse_wrong_parts
from app.sandbox.processing import card_changed
from app.sandbox.resources.charges import refuse_unusable
from app.sandbox.resources.generic import one, reading, writing
from app.sandbox.shop import Shop
from app.sandbox.skips import forget_skips, skip_day
from app.sandbox.totals import find_discount, shown_discount

_MOST_MERGED = 10
_REQUIRED = (
    "city", "country_code", "first_name", "province", "last_name", "customer_id", "address1",
)  # fmt: skip

_SHIPPING: f.Fields = {
    "code": f.nullable(f.text()),
    "price": f.required(f.money),
    "title": f.nullable(f.text()),
}
_FIELDS: f.Fields = {
    "address1": f.text(1, 255),
    "address2": f.nullable(f.text()),
    "city": f.text(1, 255),
    "company": f.nullable(f.text()),
    "country_code": f.text(2, 2),
    "discounts": f.list_of(f.mapping, most=1),
    "first_name": f.text(1, 255),
    "is_gift": f.flag,
    "last_name": f.text(1, 255),
    "order_attributes": f.properties,
    "order_note": f.nullable(f.text()),
    "payment_method_id": f.nullable(f.identifier),
    "phone": f.nullable(f.text()),
    "province": f.nullable(f.text()),
    "shipping_lines_override": f.nullable(f.list_of(f.nested(_SHIPPING))),
    "zip": f.nullable(f.text()),
}
_CREATE: f.Fields = {
    **_FIELDS,
    "customer_id": f.identifier,
    "presentment_currency": f.nullable(f.text(3, 3)),
}


def _create(shop: Shop, call: Call) -> Reply:
    if any(name not in call.body for name in _REQUIRED):
        sentence = f"{', '.join(_REQUIRED)} are required fields."
        raise Invalid("_schema", [sentence, sentence])
    body = call.read(_CREATE)
    if shop.store.get("customers", body["customer_id"]) is None:
        raise Invalid("customer_id", "Not found")
    _resolve(shop, body, body["customer_id"])
    refuse_wrong_parts(body)
    return one(shop, call, "addresses", shop.add("addresses", body), 201)


def _update(shop: Shop, call: Call) -> Reply:
    address = shop.read("addresses", call.id())
    body = call.read(_FIELDS)
    _resolve(shop, body, address["customer_id"])
    refuse_wrong_parts({**address, **body}, address)
    written = shop.save("addresses", {**address, **body})
    touched(shop, address["id"], commit=call.flag("commit"))
    if written["payment_method_id"] != address["payment_method_id"]:
        card_changed(shop, address["id"])
    return one(shop, call, "addresses", written)


def _resolve(shop: Shop, body: Document, customer_id: int) -> None:
    """Check what the address points at, and write discounts out in full."""
    method_id = body.get("payment_method_id")
    if method_id is not None:
        method = shop.store.get("payment_methods", method_id)
        if method is None or method["customer_id"] != customer_id or method.get("deleted_at"):
            raise Invalid("payment_method_id", "Not found")
    if "country_code" in body:
        body["country_code"] = body["country_code"].upper()
    if body.get("discounts"):
        given = body["discounts"][0]
        discount = find_discount(shop, id=_id(given), code=given.get("code"))
        if discount is None:
            raise Invalid("discounts", "Not found")
        refuse_unusable(shop, discount, customer_id, "discounts")
        body["discounts"] = [shown_discount(discount)]


def _id(given: Document) -> int | None:
    try:
        return f.identifier(given["id"]) if given.get("id") is not None else None
    except f.Wrong as wrong:
        raise Invalid("discounts", wrong.detail) from wrong


def _delete(shop: Shop, call: Call) -> Reply:
    address = shop.read("addresses", call.id())
    if shop.find("subscriptions", address_id=address["id"], status="active"):
        raise Invalid("subscriptions", "Address has active subscriptions")
    for onetime in shop.find("onetimes", address_id=address["id"]):
        shop.remove("onetimes", onetime)
    for charge in shop.store.find(
        "charges", "address_id = ? AND status IN ('queued', 'error', 'skipped')", (address["id"],)
    ):
        shop.remove("charges", charge)
    shop.remove("addresses", address)
    return Reply(status=204)


def _merge(shop: Shop, call: Call) -> Reply:
    one_id: f.Fields = {"id": f.required(f.identifier)}
    body = call.read({
        "target_address": f.required(f.nested(one_id)),
        "source_addresses": f.required(f.list_of(f.nested(one_id), 1, _MOST_MERGED)),
        "delete_source_addresses": f.flag,
        "next_charge_date": f.nullable(f.day),
    })  # fmt: skip
    target = _existing(shop, body["target_address"]["id"], "target_address")
    sources = [_existing(shop, each["id"], "source_addresses") for each in body["source_addresses"]]
    for source in sources:
        if source["customer_id"] != target["customer_id"] or source["id"] == target["id"]:
            raise Invalid("source_addresses", "Addresses must be others of the same customer.")
        if _currency(shop, source) != _currency(shop, target):
            raise Invalid("source_addresses", "Addresses must have the same presentment currency.")
    day = body.get("next_charge_date")
    if day and date.fromisoformat(day) <= shop.today():
        raise Invalid("next_charge_date", "date is not far enough in the future")
    moved: dict[str, Any] = {"address_id": target["id"]}
    for source in sources:
        for plural in ("subscriptions", "onetimes"):
            for item in shop.find(plural, address_id=source["id"]):
                if plural == "subscriptions":
                    # As with one that changes its address.
                    leave_open_charges(shop, item["id"])
                    forget_skips(shop, item["id"])
                when = {"next_charge_scheduled_at": day} if day and _is_due(item) else {}
                shop.save(plural, {**item, **moved, **when})
        regenerate(shop, source["id"])
        if body.get("delete_source_addresses"):
            shop.remove("addresses", source)
    regenerate(shop, target["id"])
    refresh_customer(shop, target["customer_id"])
    return one(shop, call, "addresses", shop.read("addresses", target["id"]))


def _currency(shop: Shop, address: Document) -> str:
    return str(address["presentment_currency"] or currency(shop))


def _is_due(item: Document) -> bool:
    return bool(item["next_charge_scheduled_at"])


def _existing(shop: Shop, id: int, field: str) -> Document:
    found = shop.store.get("addresses", id)
    if found is None:
        raise Invalid(field, "Not found")
    return found


def _skip(shop: Shop, call: Call) -> Reply:
    body = call.read({
        "date": f.required(f.day),
        "subscription_ids": f.required(f.list_of(f.identifier, least=1)),
    })  # fmt: skip
    address = shop.read("addresses", call.id())
    day = date.fromisoformat(body["date"])
    charge = skip_day(shop, address["id"], day, body["subscription_ids"])
    return one(shop, call, "charges", charge)


ENDPOINTS = [
    *reading("addresses"),
    *writing("addresses", create=_create, update=_update, delete=_delete),
    Endpoint("POST", "/addresses/merge", _merge, ("write_customers",), "addresses"),
    Endpoint("POST", "/addresses/{id}/charges/skip", _skip, ("write_orders",), "addresses"),
]
