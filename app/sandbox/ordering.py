"""Orders: what a paid charge sends, at once and later."""

from datetime import date
from decimal import Decimal

from app.sandbox.dates import deliveries_per_charge, next_delivery_after
from app.sandbox.errors import Document
from app.sandbox.shop import Shop
from app.sandbox.totals import money

_COPIED = (
    "address_id", "billing_address", "client_details", "currency", "customer", "discounts",
    "note", "order_attributes", "shipping_address", "tags", "tax_lines", "taxable",
    "total_duties", "total_tax", "type",
)  # fmt: skip


def make_orders(shop: Shop, charge: Document, subscriptions: list[Document]) -> list[Document]:
    """The order of a paid charge; when prepaid, the later ones too, queued for their dates.

    Each order of a prepaid line carries its share of the line's price and of the shipping.
    """
    day = date.fromisoformat(charge["scheduled_at"])
    counts = {
        each["id"]: deliveries_per_charge(each) for each in subscriptions if each["is_prepaid"]
    }
    parcels: dict[date, list[Document]] = {day: []}
    for line in charge["line_items"]:
        count = counts.get(line.get("purchase_item_id"), 1)
        owner = next(
            (each for each in subscriptions if each["id"] == line.get("purchase_item_id")), None
        )
        due = day
        for _ in range(count):
            parcels.setdefault(due, []).append(_share(line, count))
            if owner is not None:
                due = next_delivery_after(owner, due)
    return [
        _order(shop, charge, lines, due, is_first=due == day, is_prepaid=bool(counts))
        for due, lines in sorted(parcels.items())
    ]


def _share(line: Document, count: int) -> Document:
    if count == 1:
        return line
    unit = money(Decimal(line["unit_price"]) / count)
    return {
        **line,
        "original_price": money(Decimal(str(line["original_price"])) / count),
        "total_price": money(Decimal(unit) * int(line["quantity"])),
        "unit_price": unit,
    }


def _order(
    shop: Shop,
    charge: Document,
    lines: list[Document],
    day: date,
    *,
    is_first: bool,
    is_prepaid: bool,
) -> Document:
    stamp, id = shop.stamp(), shop.store.take_id("orders")
    document = {
        **{name: charge[name] for name in _COPIED},
        "id": id,
        "charge": {
            "id": charge["id"],
            "external_transaction_id": charge["external_transaction_id"],
            "payment_processor_name": charge["payment_processor"],
            "status": charge["status"],
        },
        "is_prepaid": is_prepaid,
        "line_items": lines,
        "processed_at": stamp if is_first else None,
        "scheduled_at": shop.midnight(day),
        "status": "success" if is_first else "queued",
        **_numbers(id if is_first else None),
        **_amounts(charge, lines),
    }
    order = shop.add("orders", document)
    shop.emit("processed" if is_first else "upcoming", "orders", order)
    return order


def _amounts(charge: Document, lines: list[Document]) -> Document:
    """An order's part of what its charge cost."""
    goods = sum((Decimal(each["total_price"]) for each in lines), Decimal(0))
    all_goods = Decimal(charge["total_line_items_price"])
    share = goods / all_goods if all_goods else Decimal(1)
    all_off = Decimal(charge["total_line_items_price"]) - Decimal(charge["subtotal_price"])
    off = Decimal(money(all_off * share))
    parts = int(charge["orders_count"] or 1)
    shipping = [
        {**each, "price": money(Decimal(each["price"]) / parts)}
        for each in charge["shipping_lines"]
    ]
    carriage = sum((Decimal(each["price"]) for each in shipping), Decimal(0))
    off_carriage = Decimal(money((Decimal(charge["total_discounts"]) - all_off) / parts))
    return {
        "shipping_lines": shipping,
        "subtotal_price": money(goods - off),
        "total_discounts": money(off + off_carriage),
        "total_line_items_price": money(goods),
        "total_price": money(goods - off + carriage - off_carriage),
        "total_weight_grams": sum(int(each["grams"]) * int(each["quantity"]) for each in lines),
    }


def _numbers(id: int | None) -> Document:
    """How the shop system knows an order that went out."""
    return {
        "external_order_id": {"ecommerce": str(5_000_000_000 + id) if id else None},
        "external_order_name": {"ecommerce": f"#{id}" if id else None},
        "external_order_number": {"ecommerce": str(id) if id else None},
    }


def ship(shop: Shop, order: Document) -> None:
    """A prepaid order whose day has come goes out."""
    sent = shop.save(
        "orders",
        {
            **order,
            "status": "success",
            "processed_at": shop.stamp(),
            **_numbers(order["id"]),
        },
    )
    shop.emit("processed", "orders", sent)
