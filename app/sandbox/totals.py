"""What a charge costs: its lines, shipping and discounts, in exact decimals."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from app.sandbox.dates import parse_moment
from app.sandbox.errors import Document
from app.sandbox.shop import Shop, external_id

_CENT = Decimal("0.01")
_NO_PICTURES: Document = {
    "large": None, "medium": None, "original": None, "small": None, "sort_order": None,
}  # fmt: skip


def money(amount: Decimal) -> str:
    """An amount as the API writes it, halves up."""
    return str(amount.quantize(_CENT, rounding=ROUND_HALF_UP))


def line_item(shop: Shop, item: Document, kind: str) -> Document:
    """A charge's line for a subscription or one-time (`kind` is its purchase_item_type)."""
    found = shop.variant(external_id(item, "external_variant_id"))
    product, variant = found if found else ({}, {})
    price, quantity = Decimal(item["price"]), int(item["quantity"])
    listed = variant.get("prices", {}).get("unit_price") or item["price"]
    pictures = variant.get("image") or next(iter(product.get("images") or []), None)
    return {
        "purchase_item_id": item["id"],
        "external_inventory_policy": "decrement_obeying_policy",
        "external_product_id": item["external_product_id"],
        "external_variant_id": item["external_variant_id"],
        "grams": int(variant.get("dimensions", {}).get("weight") or 0),
        "handle": product.get("handle"),
        "images": {**_NO_PICTURES, **(pictures or {})},
        "offer_attributes": {},
        "original_price": listed,
        "properties": item.get("properties") or [],
        "purchase_item_type": kind,
        "quantity": quantity,
        "sku": item.get("sku"),
        "tax_due": "0.00",
        "tax_lines": [],
        "taxable": bool(variant.get("taxable")),
        "taxable_amount": "0.00",
        "title": item.get("product_title") or "",
        "total_price": money(price * quantity),
        "unit_price": money(price),
        "unit_price_includes_tax": False,
        "variant_title": item.get("variant_title") or "",
    }


def gift_line(shop: Shop, external_variant_id: str, quantity: int) -> Document:
    """A free gift on a charge: a one-time line that costs nothing."""
    found = shop.variant(external_variant_id)
    product, variant = found if found else ({}, {})
    item = {
        "id": None,
        "external_product_id": {"ecommerce": product.get("external_product_id")},
        "external_variant_id": {"ecommerce": external_variant_id},
        "price": "0.00",
        "quantity": quantity,
        "sku": variant.get("sku"),
        "product_title": product.get("title"),
        "variant_title": variant.get("title"),
    }
    return line_item(shop, item, "onetime")


def shipping_lines(
    shop: Shop, address: Document, goods: Decimal, *, parcels: int = 1
) -> list[Document]:
    """The address's own rates where it has any, else the shop's standard rate, for each parcel."""
    override = address.get("shipping_lines_override")
    if override:
        rates = [(each.get("code"), each.get("title"), each.get("price")) for each in override]
    else:
        free_from = shop.settings.free_shipping_from
        is_free = free_from is not None and goods >= Decimal(free_from)
        rates = [("standard", "Standard", "0.00" if is_free else shop.settings.shipping_price)]
    return [
        {
            "code": code,
            "price": money(Decimal(str(price or 0)) * parcels),
            "retrieved_at": None,
            "source": "shopify",
            "status": "active",
            "tax_lines": [],
            "taxable": False,
            "title": title,
        }
        for code, title, price in rates
    ]


def amounts(
    shop: Shop, lines: list[Document], shipping: list[Document], discount: Document | None
) -> Document:
    """Every total of a charge or order."""
    goods = sum((Decimal(each["total_price"]) for each in lines), Decimal(0))
    carriage = sum((Decimal(each["price"]) for each in shipping), Decimal(0))
    off_goods, off_shipping = (
        reduction(discount, lines, carriage) if discount else (Decimal(0), Decimal(0))
    )
    return {
        "subtotal_price": money(goods - off_goods),
        "total_discounts": money(off_goods + off_shipping),
        "total_line_items_price": money(goods),
        "total_price": money(goods - off_goods + carriage - off_shipping),
        "total_weight_grams": sum(int(each["grams"]) * int(each["quantity"]) for each in lines),
    }


def reduction(
    discount: Document, lines: Iterable[Document], carriage: Decimal
) -> tuple[Decimal, Decimal]:
    """What a discount takes off the goods, and off the shipping."""
    value = Decimal(str(discount["value"]))
    eligible = sum(
        (Decimal(each["total_price"]) for each in lines if _applies(discount, each)), Decimal(0)
    )
    minimum = discount.get("prerequisite_subtotal_min")
    if minimum and eligible < Decimal(str(minimum)):
        return Decimal(0), Decimal(0)
    if discount["value_type"] == "shipping":
        return Decimal(0), (carriage * min(value, Decimal(100)) / 100).quantize(
            _CENT, rounding=ROUND_HALF_UP
        )
    off = eligible * value / 100 if discount["value_type"] == "percentage" else value
    return min(eligible, off).quantize(_CENT, rounding=ROUND_HALF_UP), Decimal(0)


def _applies(discount: Document, line: Document) -> bool:
    rule = discount.get("applies_to") or {}
    kind = str(rule.get("purchase_item_type") or "all").lower()
    if kind not in ("all", line["purchase_item_type"]):
        return False
    ids = [str(each) for each in rule.get("ids") or []]
    if rule.get("resource") == "shopify_product" and ids:
        return external_id(line, "external_product_id") in ids
    return True


def shown_discount(discount: Document, method: str = "code") -> Document:
    """A discount as charges and addresses list it; its value is a number there."""
    value = float(discount["value"])
    return {
        "id": discount["id"],
        "application_method": method,
        "code": discount["code"],
        "value": int(value) if value.is_integer() else value,
        "value_type": discount["value_type"],
    }


def usable(shop: Shop, discount: Document) -> bool:
    """Whether a discount may be put on something now."""
    channel = (discount.get("channel_settings") or {}).get("api") or {}
    starts, ends = parse_moment(discount.get("starts_at")), parse_moment(discount.get("ends_at"))
    return (
        discount["status"] == "enabled"
        and channel.get("can_apply", True)
        and (starts is None or starts <= shop.now())
        and (ends is None or ends > shop.now())
    )


def find_discount(shop: Shop, *, id: Any = None, code: Any = None) -> Document | None:
    """A discount by id, else by its code in any case."""
    if id is not None:
        return shop.store.get("discounts", int(id))
    found = shop.find("discounts", code=str(code or "").lower())
    return found[0] if found else None
