"""The schedule ahead: dates from rhythms, and the delivery schedule of a customer."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from app.sandbox.charging import method_of, postal
from app.sandbox.dates import (
    deliveries_per_charge,
    next_charge_after,
    next_delivery_after,
    parse_moment,
)
from app.sandbox.defaults import currency
from app.sandbox.errors import Document
from app.sandbox.shop import Shop
from app.sandbox.totals import amounts, find_discount, line_item, shipping_lines

_LONGEST = 3660


def charge_days(subscription: Document, until: date) -> list[date]:
    """The charge dates of a subscription from its next one up to and with `until`."""
    start = subscription["next_charge_scheduled_at"]
    days: list[date] = []
    day = date.fromisoformat(start) if start else None
    while day is not None and day <= until and len(days) < _LONGEST:
        days.append(day)
        day = next_charge_after(subscription, day)
    return days


def delivery_days(subscription: Document, until: date) -> Iterator[date]:
    """The deliveries that coming charges pay for; several for each charge when prepaid."""
    for day, _ in _deliveries(subscription, until):
        yield day


def _deliveries(subscription: Document, until: date) -> Iterator[tuple[date, bool]]:
    """Each delivery, and whether it is the one on its charge's own day."""
    for charged in charge_days(subscription, until):
        day = charged
        for number in range(deliveries_per_charge(subscription)):
            if day <= until:
                yield day, number == 0
            day = next_delivery_after(subscription, day)


class _Slot:
    """What leaves for one address on one date. What an earlier charge has paid for is a parcel of
    its own: it can meet the next charge of the same subscription."""

    def __init__(self) -> None:
        self.lines: list[Document] = []
        self.parcels: list[Document] = []
        self.order_id: int | None = None
        self.charge: Document | None = None


def delivery_schedule(
    shop: Shop, customer: Document, *, first: date, last: date, dates: int | None
) -> Document:
    """The body of a customer's delivery schedule between two dates, at most so many dates."""
    slots: dict[tuple[date, int], _Slot] = defaultdict(_Slot)
    addresses = {each["id"]: each for each in shop.find("addresses", customer_id=customer["id"])}
    _add_charges(shop, customer, slots)
    _add_orders(shop, customer, slots)
    for subscription in shop.find("subscriptions", customer_id=customer["id"], status="active"):
        line = _line(shop, subscription)
        for day, is_charged in _deliveries(subscription, last):
            slot = slots[day, subscription["address_id"]]
            if is_charged:
                _add_line(slot, line)
            else:
                # On a fixed weekday the last parcel of one charge can meet the first of the next.
                slot.parcels.append(line)
    by_day: dict[date, list[Document]] = defaultdict(list)
    for (day, address_id), slot in sorted(slots.items(), key=lambda each: each[0]):
        is_empty = not (slot.lines or slot.parcels)
        if first <= day <= last and not is_empty and address_id in addresses:
            by_day[day].append(_order(shop, addresses[address_id], slot))
    deliveries = [{"date": day.isoformat(), "orders": by_day[day]} for day in sorted(by_day)]
    return {
        "customer": {key: customer[key] for key in ("id", "email", "first_name", "last_name")},
        "deliveries": deliveries[:dates],
    }


def _add_line(slot: _Slot, line: Document) -> None:
    known = {each["subscription_id"] for each in slot.lines}
    if line["subscription_id"] not in known:
        slot.lines.append(line)


def _add_charges(shop: Shop, customer: Document, slots: dict[tuple[date, int], _Slot]) -> None:
    for charge in shop.store.find(
        "charges",
        "customer_id = ? AND status IN ('queued', 'error', 'pending', 'skipped') "
        "AND scheduled_at >= ?",
        (customer["id"], (shop.today() - timedelta(days=31)).isoformat()),
    ):
        slot = slots[date.fromisoformat(charge["scheduled_at"]), charge["address_id"]]
        is_skipped = charge["status"] == "skipped"
        # A skipped charge stands for the date only where nothing else does.
        if not is_skipped or (slot.charge is None and not slot.lines):
            slot.charge = charge
        for line in charge["line_items"]:
            _add_line(slot, _line_of_charge(shop, line, is_skipped=is_skipped))


def _add_orders(shop: Shop, customer: Document, slots: dict[tuple[date, int], _Slot]) -> None:
    for order in shop.find("orders", customer_id=customer["id"], status="queued"):
        moment = parse_moment(order["scheduled_at"])
        if moment is None:
            continue
        slot = slots[moment.astimezone(shop.zone()).date(), order["address_id"]]
        slot.order_id = order["id"]
        for line in order["line_items"]:
            slot.parcels.append(_line_of_charge(shop, line, is_skipped=False))


def _line(shop: Shop, subscription: Document) -> Document:
    line = line_item(shop, subscription, "subscription")
    return _schedule_line(line, subscription, is_skipped=False)


def _line_of_charge(shop: Shop, line: Document, *, is_skipped: bool) -> Document:
    plural = "subscriptions" if line["purchase_item_type"] == "subscription" else "onetimes"
    id = line.get("purchase_item_id")
    item = shop.store.get(plural, int(id)) if id else None
    return _schedule_line(line, item or {}, is_skipped=is_skipped)


def _schedule_line(line: Document, item: Document, *, is_skipped: bool) -> Document:
    is_subscription = line["purchase_item_type"] == "subscription"
    is_prepaid = bool(item.get("is_prepaid"))
    kind = "prepaid" if is_prepaid else line["purchase_item_type"]
    return {
        "subscription_id": line.get("purchase_item_id"),
        "external_product_id": line["external_product_id"],
        "external_variant_id": line["external_variant_id"],
        "images": line.get("images") or {},
        "is_prepaid": is_prepaid,
        "is_skippable": is_subscription and not is_prepaid,
        "is_skipped": is_skipped,
        "original_price": line.get("original_price"),
        "plan_type": kind,
        "product_title": line.get("title"),
        "properties": line.get("properties") or [],
        "quantity": line["quantity"],
        "subtotal_price": line["total_price"],
        "unit_price": line["unit_price"],
        "variant_title": line.get("variant_title"),
    }


def _order(shop: Shop, address: Document, slot: _Slot) -> Document:
    method = method_of(shop, address)
    lines: list[dict[str, Any]] = [
        {
            **each,
            "total_price": each["subtotal_price"],
            "grams": 0,
            "purchase_item_type": "onetime" if each["plan_type"] == "onetime" else "subscription",
        }
        for each in slot.lines
        if not each["is_skipped"]
    ]
    charge = slot.charge
    if charge is not None and len(lines) == len(charge["line_items"]):
        source = charge
    else:
        given = next(iter(address.get("discounts") or []), None)
        discount = find_discount(shop, id=given["id"]) if given else None
        carriage = shipping_lines(shop, address, _goods(lines)) if lines else []
        source = {
            **amounts(shop, lines, carriage, discount),
            "shipping_lines": carriage,
            "total_duties": "0.00",
            "total_tax": "0.00",
        }
    return {
        "id": slot.order_id,
        "address_id": address["id"],
        "charge_id": charge["id"] if charge else None,
        "currency": address.get("presentment_currency") or currency(shop),
        "has_uncommitted_changes": bool(charge and charge["has_uncommitted_changes"]),
        "line_items": [*slot.lines, *slot.parcels],
        "order_subtotal": source["subtotal_price"],
        "payment_method": {
            "id": method["id"],
            "billing_address": method["billing_address"],
            "payment_details": method["payment_details"],
            "payment_type": method["payment_type"],
        }
        if method
        else None,
        "shipping_address": postal(address),
        "shipping_lines": source["shipping_lines"],
        "total_discounts": source["total_discounts"],
        "total_duties": source["total_duties"],
        "total_price": source["total_price"],
        "total_tax": source["total_tax"],
    }


def _goods(lines: list[Document]) -> Decimal:
    return sum((Decimal(each["total_price"]) for each in lines), Decimal(0))
