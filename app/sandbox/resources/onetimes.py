"""One-times: added to the next charge or to a date."""

from datetime import date
from decimal import Decimal

from app.sandbox import fields as f
from app.sandbox.charging import regenerate
from app.sandbox.errors import Document, Invalid
from app.sandbox.http import Call, Endpoint, Reply
from app.sandbox.items import check_variant, from_variant, move_to_address
from app.sandbox.resources.generic import one, reading, writing
from app.sandbox.shop import Shop
from app.sandbox.totals import money

_FIELDS: f.Fields = {
    "external_product_id": f.external,
    "external_variant_id": f.external,
    "next_charge_scheduled_at": f.nullable(f.day),
    "price": f.money,
    "product_title": f.text(),
    "properties": f.properties,
    "quantity": f.number(1, 10_000),
    "sku": f.nullable(f.text()),
    "variant_title": f.text(),
}
_CREATE: f.Fields = {
    **_FIELDS,
    "add_to_next_charge": f.flag,
    "address_id": f.required(f.identifier),
    "external_variant_id": f.required(f.external),
    "gift_id": f.nullable(f.identifier),
    "quantity": f.required(f.number(1, 10_000)),
}


def _create(shop: Shop, call: Call) -> Reply:
    body = call.read(_CREATE)
    address = shop.store.get("addresses", body["address_id"])
    if address is None:
        raise Invalid("address_id", "Not found")
    found = check_variant(shop, body)
    body["next_charge_scheduled_at"] = _day(shop, body)
    body.pop("gift_id", None)
    body["sku_override"] = "sku" in body
    if found is not None:
        listed = money_of(found[1])
        body = {**from_variant(found), "price": listed, **body}
    created = shop.add("onetimes", body)
    regenerate(shop, address["id"])
    return one(shop, call, "onetimes", created, 201)


def money_of(variant: Document) -> str:
    """The variant's list price: one-times get no plan's discount."""
    return money(Decimal(str(variant["prices"]["unit_price"])))


def _day(shop: Shop, body: Document) -> str:
    """The date of a new one-time: the next queued charge's, or the one that is named."""
    joins, day = body.pop("add_to_next_charge", False), body.get("next_charge_scheduled_at")
    if bool(joins) == bool(day):
        raise Invalid(
            "next_charge_scheduled_at",
            "Send either next_charge_scheduled_at or add_to_next_charge.",
        )
    if day:
        _refuse_past(shop, day)
        return str(day)
    queued = shop.store.find(
        "charges",
        "address_id = ? AND status = 'queued'",
        (body["address_id"],),
        order="scheduled_at, id",
        limit=1,
    )
    if not queued:
        raise Invalid("add_to_next_charge", "No queued charge on this address.")
    return str(queued[0]["scheduled_at"])


def _refuse_past(shop: Shop, day: str) -> None:
    if date.fromisoformat(day) < shop.today():
        raise Invalid.bare("next_charge_scheduled_at", "Cannot be in the past")


def _update(shop: Shop, call: Call) -> Reply:
    onetime = shop.read("onetimes", call.id())
    body = call.read({**_FIELDS, "address_id": f.identifier})
    if body.get("next_charge_scheduled_at"):
        _refuse_past(shop, body["next_charge_scheduled_at"])
    target = body.pop("address_id", onetime["address_id"])
    if body.get("external_variant_id") not in (None, onetime["external_variant_id"]):
        found = check_variant(shop, body)
        if found is not None:
            body = {**from_variant(found), "price": money_of(found[1]), **body}
    if "sku" in body:
        body.setdefault("sku_override", True)
    changed = shop.save("onetimes", {**onetime, **body})
    if target != onetime["address_id"]:
        changed = move_to_address(shop, "onetimes", changed, target, None)
    else:
        regenerate(shop, target)
    return one(shop, call, "onetimes", changed)


def _delete(shop: Shop, call: Call) -> Reply:
    onetime = shop.read("onetimes", call.id())
    shop.remove("onetimes", onetime)
    regenerate(shop, onetime["address_id"])
    return Reply(status=204)


ENDPOINTS: list[Endpoint] = [
    *reading("onetimes"),
    *writing("onetimes", create=_create, update=_update, delete=_delete),
]
