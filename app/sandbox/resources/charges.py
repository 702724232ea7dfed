"""Charges: skip, unskip, process, move, discounts, gifts, refunds."""

from datetime import date
from decimal import Decimal

from app.sandbox import fields as f
from app.sandbox.charging import (
    drop_items,
    item_ids,
    queued_charge,
    regenerate,
)
from app.sandbox.customers import refresh_customer
from app.sandbox.errors import Document, Invalid
from app.sandbox.http import Call, Endpoint, Reply
from app.sandbox.listing import visible
from app.sandbox.processing import process, succeed
from app.sandbox.resources.generic import one, reading
from app.sandbox.shop import Shop
from app.sandbox.skips import forget_skips, skip_charge, unskip_charge
from app.sandbox.totals import find_discount, money, usable

_ITEMS: f.Fields = {
    "purchase_item_ids": f.list_of(f.identifier, least=1),
    "purchase_item_id": f.identifier,
}


def _chosen(call: Call) -> set[int] | None:
    body = call.read(_ITEMS)
    if "purchase_item_ids" in body:
        return set(body["purchase_item_ids"])
    return {body["purchase_item_id"]} if "purchase_item_id" in body else None


def _charge(shop: Shop, call: Call) -> Document:
    return visible(shop, "charges", call.id())


def _skip(shop: Shop, call: Call) -> Reply:
    skipped = skip_charge(shop, _charge(shop, call), _chosen(call))
    return one(shop, call, "charges", skipped)


def _unskip(shop: Shop, call: Call) -> Reply:
    queued = unskip_charge(shop, _charge(shop, call), _chosen(call))
    return one(shop, call, "charges", queued)


def _process(shop: Shop, call: Call) -> Reply:
    charge = _charge(shop, call)
    if charge["status"] not in ("queued", "error"):
        raise Invalid("status", "Only queued and failed charges can be processed.")
    return one(shop, call, "charges", process(shop, charge))


def _capture(shop: Shop, call: Call) -> Reply:
    charge = _charge(shop, call)
    if charge["status"] not in ("pending", "pending_manual_payment"):
        raise Invalid("status", "Only uncaptured charges can be captured.")
    return one(shop, call, "charges", succeed(shop, charge))


def _apply_discount(shop: Shop, call: Call) -> Reply:
    body = call.read({"discount_code": f.text(1), "discount_id": f.identifier})
    charge = _charge(shop, call)
    if not body:
        raise Invalid("discount_code", "Missing data for required field.")
    field = "discount_id" if "discount_id" in body else "discount_code"
    discount = find_discount(shop, id=body.get("discount_id"), code=body.get("discount_code"))
    if discount is None:
        raise Invalid(field, "Not found")
    if charge["status"] not in ("queued", "error"):
        raise Invalid("status", "Only queued and failed charges take a discount.")
    if charge["discounts"]:
        raise Invalid(field, "The charge or its address already has a discount.")
    refuse_unusable(shop, discount, charge["customer"]["id"], field)
    _remember(shop, charge, discount_id=discount["id"])
    return one(shop, call, "charges", _composed(shop, charge))


def refuse_unusable(shop: Shop, discount: Document, customer_id: int, field: str) -> None:
    """Raise when the customer may not use the discount now."""
    if not usable(shop, discount):
        raise Invalid(field, "This discount is not active.")
    limits = discount.get("usage_limits") or {}
    used = f"%,{discount['id']},%"
    done = "status IN ('success', 'refunded', 'partially_refunded') AND discount_ids LIKE ?"
    if limits.get("one_application_per_customer") and shop.store.count(
        "charges", f"{done} AND customer_id = ?", (used, customer_id)
    ):
        raise Invalid(field, "This discount was used before.")
    most = limits.get("redemptions")
    if most is not None and shop.store.count("charges", done, (used,)) >= int(most):
        raise Invalid(field, "This discount was used up.")


def _remove_discount(shop: Shop, call: Call) -> Reply:
    charge = _charge(shop, call)
    if not shop.store.memo("charges", charge["id"]).get("discount_id"):
        raise Invalid("discount", "No discount stands on this charge itself.")
    _remember(shop, charge, discount_id=None)
    return one(shop, call, "charges", _composed(shop, charge))


def _remember(shop: Shop, charge: Document, **values: object) -> None:
    memo = shop.store.memo("charges", charge["id"])
    shop.save("charges", charge, event=None, memo={**memo, **values})


def _composed(shop: Shop, charge: Document) -> Document:
    regenerate(shop, charge["address_id"], keep_discounts=True)
    return shop.read("charges", charge["id"])


def _refund(shop: Shop, call: Call) -> Reply:
    body = call.read({
        "amount": f.money,
        "full_refund": f.flag,
        "retry": f.flag,
        "error": f.text(1),
        "error_type": f.text(1),
    })  # fmt: skip
    charge = _charge(shop, call)
    if charge["status"] not in ("success", "partially_refunded"):
        raise Invalid("status", "Only paid charges can be refunded.")
    if "amount" not in body and not body.get("full_refund"):
        raise Invalid("amount", "Missing data for required field.")
    paid, before = Decimal(charge["total_price"]), Decimal(charge["total_refunds"] or 0)
    amount = paid - before if body.get("full_refund") else Decimal(body["amount"])
    if not 0 < amount <= paid - before:
        raise Invalid("amount", "Must be more than zero and no more than what was paid.")
    if body.get("retry"):
        if not body.get("error") or not body.get("error_type"):
            raise Invalid("error", "error and error_type are required with retry.")
        changed = {"error": body["error"], "error_type": body["error_type"], "status": "error"}
    else:
        is_all = before + amount == paid
        changed = {"status": "refunded" if is_all else "partially_refunded"}
    written = shop.save("charges", {**charge, **changed, "total_refunds": money(before + amount)})
    orders = shop.find("orders", charge_id=charge["id"])
    for order in orders:
        told = {**order, "charge": {**order["charge"], "status": written["status"]}}
        if len(orders) == 1:  # how a refund divides among several is not documented
            told["total_refunds"] = written["total_refunds"]
        shop.emit("updated", "orders", shop.save("orders", told))
    shop.emit("refunded", "charges", written)
    refresh_customer(shop, charge["customer"]["id"])
    return one(shop, call, "charges", written)


def _add_gift(shop: Shop, call: Call) -> Reply:
    gift: f.Fields = {"external_variant_id": f.required(f.anything), "quantity": f.number(1, 100)}
    body = call.read({
        "free_gifts": f.required(f.list_of(f.nested(gift), least=1, most=10)),
        "conserve_on_skip": f.flag,
    })  # fmt: skip
    charge = _open_charge(shop, call)
    memo = shop.store.memo("charges", charge["id"])
    gifts = [
        *memo.get("gifts", []),
        *(
            {"variant": _variant(each["external_variant_id"]), "quantity": each.get("quantity", 1)}
            for each in body["free_gifts"]
        ),
    ]
    for each in gifts:
        if shop.variant(each["variant"]) is None:
            raise Invalid("free_gifts", f"Variant {each['variant']} not found.")
    _remember(shop, charge, gifts=gifts)
    return one(shop, call, "charges", _composed(shop, charge))


def _remove_gift(shop: Shop, call: Call) -> Reply:
    body = call.read({"external_variant_ids": f.required(f.list_of(f.anything, least=1))})
    charge = _open_charge(shop, call)
    gone = {_variant(each) for each in body["external_variant_ids"]}
    memo = shop.store.memo("charges", charge["id"])
    kept = [each for each in memo.get("gifts", []) if each["variant"] not in gone]
    _remember(shop, charge, gifts=kept)
    return one(shop, call, "charges", _composed(shop, charge))


def _variant(value: object) -> str:
    inner = value.get("ecommerce") if isinstance(value, dict) else value
    return str(inner)


def _open_charge(shop: Shop, call: Call) -> Document:
    charge = _charge(shop, call)
    if charge["status"] != "queued":
        raise Invalid("status", "Only queued charges can be changed.")
    return charge


def _change_date(shop: Shop, call: Call) -> Reply:
    body = call.read({"next_charge_date": f.required(f.day)})
    charge = _charge(shop, call)
    if charge["status"] not in ("queued", "error"):
        raise Invalid("status", "The charge's status must be one of queued, error.")
    day = date.fromisoformat(body["next_charge_date"])
    if day <= shop.today():
        raise Invalid("next_charge_date", "date is not far enough in the future")
    move_charge(shop, charge, day)
    return one(shop, call, "charges", queued_charge(shop, charge["address_id"], day) or charge)


def move_charge(shop: Shop, charge: Document, day: date) -> None:
    """Move everything on a charge to a date; it keeps its id unless it joins another there."""
    joins = queued_charge(shop, charge["address_id"], day)
    if joins is not None and joins["id"] == charge["id"]:
        return
    for id in item_ids(charge, "subscription"):
        shop.change("subscriptions", id, next_charge_scheduled_at=day.isoformat())
        forget_skips(shop, id, on=day)
    for id in item_ids(charge, "onetime"):
        shop.change("onetimes", id, next_charge_scheduled_at=day.isoformat())
    if joins is not None:
        shop.remove("charges", joins)
        drop_items(shop, charge, set(item_ids(charge)))
    else:
        moved = {"scheduled_at": day.isoformat(), "status": "queued", "retry_date": None}
        shop.save("charges", {**charge, **moved, "error": None, "error_type": None})
    regenerate(shop, charge["address_id"])


_WRITE = ("write_orders",)

ENDPOINTS = [
    *reading("charges"),
    Endpoint("POST", "/charges/{id}/skip", _skip, _WRITE, "charges"),
    Endpoint("POST", "/charges/{id}/unskip", _unskip, _WRITE, "charges"),
    Endpoint("POST", "/charges/{id}/process", _process, ("write_payments",), "charges"),
    Endpoint("POST", "/charges/{id}/apply_discount", _apply_discount, _WRITE, "charges"),
    Endpoint("POST", "/charges/{id}/remove_discount", _remove_discount, _WRITE, "charges"),
    Endpoint(
        "POST",
        "/charges/{id}/refund",
        _refund,
        ("write_orders", "write_payment_methods"),
        "charges",
    ),
    Endpoint(
        "POST",
        "/charges/{id}/capture_payment",
        _capture,
        ("write_orders", "write_payments", "write_subscriptions", "write_customers"),
        "charges",
    ),
    Endpoint("POST", "/charges/{id}/add_free_gift", _add_gift, ("write_free_gifts",), "charges"),
    Endpoint(
        "POST", "/charges/{id}/remove_free_gift", _remove_gift, ("write_free_gifts",), "charges"
    ),
    Endpoint("POST", "/charges/{id}/change_next_charge_date", _change_date, _WRITE, "charges"),
]
