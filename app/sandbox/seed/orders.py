"""Past deliveries as documents: charges of the last 90 days, and all orders.

The API hides processed charges after 90 days while orders stay, so an old order names a charge
that can no longer be read. Charges that can be read count up from 501 in the order of their days;
the forgotten ones count down from 500.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from app.sandbox.seed.books import Books
from app.sandbox.seed.catalogue import picture
from app.sandbox.seed.formats import Document, cents, moment, money, shop_midnight
from app.sandbox.seed.parts import Delivery, Line, applied
from app.sandbox.seed.shop import CURRENCY, Discount

CHARGES_KEPT = timedelta(days=90)
_FIRST_CHARGE = 501
_FIRST_ORDER = 1001


@dataclass(frozen=True)
class Entry:
    """A delivery with the number of its charge."""

    charge_id: int
    delivery: Delivery
    is_readable: bool


def entries(books: Books) -> list[Entry]:
    """Every past delivery, oldest first, numbered."""
    ordered = sorted(books.deliveries.values(), key=lambda each: (each.day, each.address_id))
    horizon = books.today - CHARGES_KEPT
    forgotten = [each for each in ordered if each.day <= horizon]
    readable = [each for each in ordered if each.day > horizon]
    first = _FIRST_CHARGE - len(forgotten)
    return [
        *(Entry(number, each, False) for number, each in enumerate(forgotten, first)),
        *(Entry(number, each, True) for number, each in enumerate(readable, _FIRST_CHARGE)),
    ]


def enter_payments(books: Books, numbered: list[Entry]) -> None:
    """What the payments so far say about each customer: the first one, and how many in a row."""
    for entry in numbered:
        delivery = entry.delivery
        customer = books.customers[books.addresses[delivery.address_id]["customer_id"]]
        if delivery.status == "success":
            at = _processed_at(entry.charge_id, delivery.day)
            customer["first_charge_processed_at"] = customer["first_charge_processed_at"] or at
            customer["subscription_related_charge_streak"] += 1
            customer["updated_at"] = at
        elif delivery.status == "error":
            customer["subscription_related_charge_streak"] = 0


def charge_documents(books: Books, numbered: list[Entry]) -> Iterator[Document]:
    """The charges that the API still shows."""
    for entry in numbered:
        if entry.is_readable:
            yield _charge(books, entry)


def order_documents(books: Books, numbered: list[Entry]) -> Iterator[Document]:
    """All orders, oldest first; those paid ahead and not yet due are queued."""
    days = sorted(
        (
            (day, place, entry)
            for entry in numbered
            if entry.delivery.status == "success"
            for place, day in enumerate(entry.delivery.order_days)
        ),
        key=lambda each: (each[0], each[2].charge_id),
    )
    for number, (day, place, entry) in enumerate(days, _FIRST_ORDER):
        yield _order(books, entry, number, day, place)


@dataclass(frozen=True)
class _Totals:
    lines: Decimal
    discount: Decimal
    shipping: Decimal

    def document(self) -> Document:
        return {
            "subtotal_price": money(self.lines - self.discount),
            "tax_lines": [],
            "taxable": False,
            "total_discounts": money(self.discount),
            "total_duties": "0.00",
            "total_line_items_price": money(self.lines),
            "total_price": money(self.lines - self.discount + self.shipping),
            "total_refunds": "0.00",
            "total_tax": "0.00",
        }


def _totals(lines: list[Line], discount: Discount | None, shipping: Decimal) -> _Totals:
    total = _goods(lines)
    taken = Decimal()
    if discount is not None and discount.value_type == "percentage":
        taken = cents(total * Decimal(discount.value) / 100)
    elif discount is not None and discount.value_type == "fixed_amount":
        taken = min(Decimal(discount.value), total)
    return _Totals(total, taken, shipping)


def _goods(lines: list[Line]) -> Decimal:
    return sum((line.unit_price * line.quantity for line in lines), Decimal())


def _grams(lines: list[Line]) -> int:
    return sum(line.ware.variant.grams * line.quantity for line in lines)


def _line_item(books: Books, line: Line, share: int = 1) -> Document:
    """One line; of a prepaid charge, one order carries its ``share``-th part of the price."""
    unit, original = cents(line.unit_price / share), cents(line.original_price / share)
    return {
        "purchase_item_id": line.purchase_item_id,
        "external_inventory_policy": "decrement_obeying_policy",
        "external_product_id": {"ecommerce": line.ware.product_id},
        "external_variant_id": {"ecommerce": line.ware.variant_id},
        "grams": line.ware.variant.grams,
        "handle": line.ware.product.slug,
        "images": picture(line.ware.product.slug, books.public_url),
        "original_price": money(original),
        "properties": [dict(each) for each in line.properties],
        "purchase_item_type": line.kind,
        "quantity": line.quantity,
        "sku": line.ware.sku,
        "tax_due": "0.00",
        "tax_lines": [],
        "taxable": False,
        "taxable_amount": "0.00",
        "title": line.ware.product.title,
        "total_price": money(unit * line.quantity),
        "unit_price": money(unit),
        "unit_price_includes_tax": False,
        "variant_title": line.ware.variant_title,
    }


_PARCEL_FIELDS = (
    "address1", "address2", "city", "company", "country_code",
    "first_name", "last_name", "phone", "province", "zip",
)  # fmt: skip


def _parcel_address(source: Document) -> Document:
    return {name: source[name] for name in _PARCEL_FIELDS}


def _parties(books: Books, delivery: Delivery) -> Document:
    """Who pays and who receives: the part that charges and orders share."""
    address = books.addresses[delivery.address_id]
    customer = books.customers[address["customer_id"]]
    card = books.payment_methods.get(address["payment_method_id"])
    discount = books.discounts.get(delivery.address_id)
    return {
        "address_id": delivery.address_id,
        "billing_address": _parcel_address(card["billing_address"] if card else address),
        "client_details": {"browser_ip": None, "user_agent": None},
        "currency": address["presentment_currency"] or CURRENCY,
        "customer": {
            "id": customer["id"],
            "email": customer["email"],
            "external_customer_id": dict(customer["external_customer_id"]),
            "hash": customer["hash"],
        },
        "discounts": [applied(discount)] if discount else [],
        "note": address["order_note"],
        "order_attributes": [],
        "shipping_address": _parcel_address(address),
        "tags": "Subscription, Subscription Recurring Order",
        "type": "recurring",
    }


def _shipping_lines(books: Books, delivery: Delivery, price: Decimal) -> list[Document]:
    shipping = books.shipping[delivery.address_id]
    return [
        {
            "code": shipping.code,
            "price": money(price),
            "retrieved_at": moment(delivery.day, hour=6),
            "source": "shopify",
            "status": "active",
            "tax_lines": [],
            "taxable": False,
            "title": shipping.title,
        }
    ]


def _processed_at(charge_id: int, day: date) -> str:
    """A moment in the night run of that day, the same one every time."""
    return moment(
        day, hour=6 + charge_id % 3, minute=charge_id * 7 % 60, second=charge_id * 13 % 60
    )


def _charge(books: Books, entry: Entry) -> Document:
    delivery = entry.delivery
    is_paid = delivery.status == "success"
    orders = len(delivery.order_days)
    shipping = books.shipping[delivery.address_id].price_for(_goods(delivery.lines)) * orders
    totals = _totals(delivery.lines, books.discounts.get(delivery.address_id), shipping)
    processed = _processed_at(entry.charge_id, delivery.day) if is_paid else None
    is_tried = delivery.status in ("success", "error")
    attempt = processed or (moment(books.in_days(-1), hour=6) if is_tried else None)
    return {
        "id": entry.charge_id,
        **_parties(books, delivery),
        "analytics_data": {"utm_params": []},
        "charge_attempts": delivery.attempts if is_tried else 0,
        "created_at": moment(delivery.day - timedelta(days=0 if is_paid else 7), hour=5),
        "error": delivery.error,
        "error_type": delivery.error_type,
        "external_order_id": {"ecommerce": f"NB-{entry.charge_id}" if is_paid else None},
        "external_transaction_id": {
            "payment_processor": f"pi_northbound{entry.charge_id}" if is_paid else None
        },
        "external_variant_id_not_found": False,
        "has_uncommitted_changes": False,
        "last_charge_attempt": attempt,
        "line_items": [_line_item(books, line) for line in delivery.lines],
        "merged_at": None,
        "orders_count": orders,
        "original_scheduled_at": delivery.day.isoformat(),
        "payment_processor": "stripe",
        "processed_at": processed,
        "retry_date": delivery.retry_day.isoformat() if delivery.retry_day else None,
        "scheduled_at": delivery.day.isoformat(),
        "shipping_lines": _shipping_lines(books, delivery, shipping),
        "status": delivery.status,
        "taxes_included": False,
        **totals.document(),
        "total_weight_grams": sum(
            line.ware.variant.grams * line.quantity for line in delivery.lines
        ),
        "updated_at": attempt or moment(delivery.day - timedelta(days=2)),
    }


def _order(books: Books, entry: Entry, number: int, day: date, place: int) -> Document:
    delivery = entry.delivery
    parts = len(delivery.order_days)
    is_sent = day < books.today
    price = books.shipping[delivery.address_id].price_for(_goods(delivery.lines))
    lines = [_line_item(books, line, parts) for line in delivery.lines]
    total = sum((Decimal(line["total_price"]) for line in lines), Decimal())
    whole = _totals(delivery.lines, books.discounts.get(delivery.address_id), Decimal())
    totals = _Totals(total, cents(whole.discount / parts), price)
    processed = _processed_at(entry.charge_id, day) if is_sent else None
    reference = f"NB-{entry.charge_id}-{place + 1}"
    return {
        "id": number,
        **_parties(books, delivery),
        "charge": {
            "id": entry.charge_id,
            "external_transaction_id": {"payment_processor": f"pi_northbound{entry.charge_id}"},
            "payment_processor_name": "stripe",
            "status": "success",
        },
        "created_at": _processed_at(entry.charge_id, delivery.day),
        "error": None,
        "external_cart_token": None,
        "external_order_id": {"ecommerce": reference if is_sent else None},
        "external_order_name": {"ecommerce": f"#{number}" if is_sent else None},
        "external_order_number": {"ecommerce": str(number) if is_sent else None},
        "is_prepaid": parts > 1,
        "line_items": lines,
        "processed_at": processed,
        "scheduled_at": shop_midnight(day),
        "shipping_lines": _shipping_lines(books, delivery, price),
        "status": "success" if is_sent else "queued",
        **totals.document(),
        "total_weight_grams": sum(
            line.ware.variant.grams * line.quantity for line in delivery.lines
        ),
        "updated_at": processed or _processed_at(entry.charge_id, delivery.day),
    }
