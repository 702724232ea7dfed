"""A past that did not happen: orders of years gone by, made at once."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from app.sandbox import defaults
from app.sandbox.errors import Document, Invalid
from app.sandbox.shop import Shop
from app.sandbox.totals import money

MOST_ORDERS = 100_000
"""Orders that are made at once."""

_WHERE = (
    "address1", "address2", "city", "company", "country_code", "first_name", "last_name", "phone",
    "province", "zip",
)  # fmt: skip


def plant_orders(shop: Shop, customer_id: int, number: int) -> int:
    """Give a customer so many orders, a day apart, the last of them yesterday. Nothing is charged
    and no webhook goes out. Gives the id of the newest.

    Raises:
        Invalid: there is no such customer, or no address to send to.
    """
    customer = shop.store.get("customers", customer_id)
    addresses = shop.store.find("addresses", "customer_id = ?", (customer_id,))
    if customer is None or not addresses:
        raise Invalid("customer_id", "Must be a customer with an address.")
    wares = [
        (product, variant)
        for product in shop.store.find("products")
        for variant in product.get("variants") or ()
    ]
    now, id = shop.now(), 0
    with shop.store.transaction():
        for index in range(number):
            id = shop.store.take_id("orders")
            moment = (now - timedelta(days=number - index)).isoformat(timespec="seconds")
            lines = [_line(*wares[(index * 7 + each) % len(wares)], each) for each in (0, 1)]
            where = addresses[index % len(addresses)]
            document = {
                **_order(customer, where, lines, shop.store.take_id("charges")),
                "id": id,
                "created_at": moment,
                "processed_at": moment,
                "scheduled_at": moment,
                "updated_at": moment,
                "external_order_id": {"ecommerce": str(5_000_000_000 + id)},
                "external_order_name": {"ecommerce": f"#{id}"},
                "external_order_number": {"ecommerce": str(id)},
            }
            shop.store.write("orders", defaults.complete(shop, "orders", document))
    return id


def _line(product: Document, variant: Document, number: int) -> Document:
    price = Decimal((variant.get("prices") or {}).get("unit_price") or "9.00")
    images: Any = product.get("images") or [{}]
    return {
        "purchase_item_id": None,
        "external_inventory_policy": "decrement_obeying_policy",
        "external_product_id": {"ecommerce": str(product["external_product_id"])},
        "external_variant_id": {"ecommerce": str(variant["external_variant_id"])},
        "grams": 250,
        "handle": product.get("handle"),
        "images": images[0],
        "original_price": money(price),
        "properties": [],
        "purchase_item_type": "onetime",
        "quantity": 1 + number,
        "sku": variant.get("sku"),
        "tax_due": "0.00",
        "tax_lines": [],
        "taxable": False,
        "taxable_amount": "0.00",
        "title": product["title"],
        "total_price": money(price * (1 + number)),
        "unit_price": money(price),
        "unit_price_includes_tax": False,
        "variant_title": variant.get("title"),
    }


def _order(
    customer: Document, address: Document, lines: list[Document], charge_id: int
) -> Document:
    total = money(sum((Decimal(line["total_price"]) for line in lines), Decimal()))
    where = {name: address.get(name) for name in _WHERE}
    return {
        "address_id": address["id"],
        "billing_address": where,
        "charge": {
            "id": charge_id,
            "external_transaction_id": {"payment_processor": f"pi_sandbox{charge_id}"},
            "payment_processor_name": "stripe",
            "status": "success",
        },
        "currency": "USD",
        "customer": {
            "id": customer["id"],
            "email": customer["email"],
            "external_customer_id": customer["external_customer_id"],
            "hash": customer["hash"],
        },
        "line_items": lines,
        "shipping_address": where,
        "shipping_lines": [],
        "status": "success",
        "subtotal_price": total,
        "total_discounts": "0.00",
        "total_line_items_price": total,
        "total_price": total,
        "total_weight_grams": 250 * len(lines),
    }
