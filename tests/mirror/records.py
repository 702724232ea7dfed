"""Records of customer 101 as a shop might have them, for tests of what follows from them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from app.mirror import Shop, Snapshot
from app.recharge import Address, Charge, Customer, Onetime, Order, Product, Subscription

SHOP = Shop(
    name="Northbound",
    currency="USD",
    timezone=ZoneInfo("America/New_York"),
    email="hello@northbound.example",
    switches={},
)
NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)


def address(id: int = 201, **fields: Any) -> Address:
    return Address.model_validate({"id": id, "customer_id": 101, "payment_method_id": 601} | fields)


def subscription(id: int = 301, **fields: Any) -> Subscription:
    """Coffee for 12.00 on the address 201, each month, unless told otherwise."""
    record = {
        "id": id,
        "customer_id": 101,
        "address_id": 201,
        "status": "active",
        "product_title": "Harbor Blend",
        "external_product_id": {"ecommerce": "7001"},
        "price": "12.00",
        "quantity": 1,
        "is_skippable": True,
        "order_interval_unit": "month",
        "order_interval_frequency": 1,
        "charge_interval_frequency": 1,
    }
    return Subscription.model_validate(record | fields)


def line(item: Subscription | Onetime, **fields: Any) -> dict[str, Any]:
    """The item as a charge or an order holds it."""
    price = item.price or Decimal(0)
    return {
        "purchase_item_id": item.id,
        "purchase_item_type": "onetime" if isinstance(item, Onetime) else "subscription",
        "title": item.product_title,
        "quantity": item.quantity,
        "unit_price": str(price),
        "total_price": str(price * item.quantity),
        "external_product_id": {"ecommerce": item.external_product_id.ecommerce},
    } | fields


def charge(day: date | str, *items: Subscription | Onetime, id: int = 501, **fields: Any) -> Charge:
    record = {
        "id": id,
        "address_id": items[0].address_id,
        "customer": {"id": 101},
        "status": "queued",
        "currency": "USD",
        "scheduled_at": str(day),
        "line_items": [line(item) for item in items],
        "total_price": "16.95",
    }
    return Charge.model_validate(record | fields)


def onetime(day: date | str, id: int = 401, **fields: Any) -> Onetime:
    record = {
        "id": id,
        "customer_id": 101,
        "address_id": 201,
        "product_title": "Cup",
        "price": "9.00",
        "next_charge_scheduled_at": str(day),
    }
    return Onetime.model_validate(record | fields)


def prepaid_order(moment: str, *items: Subscription, id: int = 1001) -> Order:
    record = {
        "id": id,
        "address_id": items[0].address_id,
        "customer": {"id": 101},
        "status": "queued",
        "currency": "USD",
        "is_prepaid": True,
        "scheduled_at": moment,
        "line_items": [line(item) for item in items],
        "total_price": "0.00",
    }
    return Order.model_validate(record)


def snapshot(
    *records: Address | Subscription | Charge | Onetime | Order,
    products: dict[str, Product] | None = None,
) -> Snapshot:
    """What is known of customer 101; the address 201 is there unless one is given."""

    def of(kind: type[Any]) -> tuple[Any, ...]:
        return tuple(record for record in records if isinstance(record, kind))

    return Snapshot(
        shop=SHOP,
        customer=Customer.model_validate({"id": 101}),
        addresses=of(Address) or (address(),),
        payment_methods=(),
        subscriptions=of(Subscription),
        onetimes=of(Onetime),
        charges=of(Charge),
        products=products or {},
        loaded_at=NOW,
        revision=1,
        coming_documents=tuple(order.model_dump_json() for order in of(Order)),
    )
