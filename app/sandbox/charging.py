"""Queued charges: made anew from what is active on an address.

One queued charge per address and date holds every active item whose next date that is. A
subscription has a queued charge for its next date alone; later dates are projected.
"""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

from app.sandbox.dates import deliveries_per_charge, next_charge_after, parse_moment
from app.sandbox.defaults import complete, currency
from app.sandbox.errors import Conflict, Document
from app.sandbox.shop import Shop
from app.sandbox.totals import (
    amounts,
    find_discount,
    gift_line,
    line_item,
    shipping_lines,
    shown_discount,
)

Items = list[tuple[str, Document]]

_POSTAL = (
    "address1", "address2", "city", "company", "country_code", "first_name", "last_name", "phone",
    "province", "zip",
)  # fmt: skip


def postal(address: Document | None) -> Document | None:
    """The postal part of an address or of a billing address."""
    return None if not address else {name: address.get(name) for name in _POSTAL}


def people(shop: Shop, customer_id: int) -> Document:
    """The customer as charges and orders name them."""
    customer = shop.read("customers", customer_id)
    return {name: customer[name] for name in ("id", "email", "external_customer_id", "hash")}


def method_of(shop: Shop, address: Document) -> Document | None:
    """The payment method of an address, None when it has none or it was deleted."""
    id = address.get("payment_method_id")
    method = shop.store.get("payment_methods", id) if id else None
    return None if method is None or method.get("deleted_at") else method


def items_at(shop: Shop, address_id: int, day: date) -> Items:
    """What is due on an address on a date."""
    return [
        *(
            ("subscription", each)
            for each in shop.find(
                "subscriptions",
                address_id=address_id,
                status="active",
                next_charge_scheduled_at=day.isoformat(),
            )
        ),
        *(
            ("onetime", each)
            for each in shop.find(
                "onetimes",
                address_id=address_id,
                is_cancelled=0,
                next_charge_scheduled_at=day.isoformat(),
            )
        ),
    ]


def item_ids(charge: Document, kind: str | None = None) -> list[int]:
    """The ids of a charge's items, without free gifts; of one kind when told."""
    return [
        each["purchase_item_id"]
        for each in charge["line_items"]
        if each.get("purchase_item_id") and kind in (None, each["purchase_item_type"])
    ]


def compose(
    shop: Shop, address: Document, day: date, items: Items, existing: Document, memo: Document
) -> Document:
    """A charge over items: an existing one with its contents made anew, or a new one from `{}`."""
    method = method_of(shop, address)
    lines = [line_item(shop, item, kind) for kind, item in items]
    lines += [gift_line(shop, each["variant"], each["quantity"]) for each in memo.get("gifts", [])]
    own = find_discount(shop, id=memo["discount_id"]) if memo.get("discount_id") else None
    given = next(iter(address.get("discounts") or []), None)
    standing = find_discount(shop, id=given["id"]) if given else None
    discount = own or standing
    goods = sum((Decimal(each["total_price"]) for each in lines), Decimal(0))
    subscriptions = [item for kind, item in items if kind == "subscription"]
    parcels = max(map(deliveries_per_charge, subscriptions), default=1)
    shipping = shipping_lines(shop, address, goods, parcels=parcels)
    return complete(
        shop,
        "charges",
        {
            **existing,
            "address_id": address["id"],
            "billing_address": postal((method or {}).get("billing_address") or address),
            "currency": address.get("presentment_currency") or currency(shop),
            "customer": people(shop, address["customer_id"]),
            "discounts": [shown_discount(discount)] if discount else [],
            "has_uncommitted_changes": False,
            "line_items": lines,
            "note": address.get("order_note"),
            "order_attributes": address.get("order_attributes") or [],
            "orders_count": parcels,
            "original_scheduled_at": existing.get("original_scheduled_at") or day.isoformat(),
            "payment_processor": method["processor_name"] if method else None,
            "scheduled_at": day.isoformat(),
            "shipping_address": postal(address),
            "shipping_lines": shipping,
            "tags": "Subscription, Subscription Recurring Order" if subscriptions else "",
            **amounts(shop, lines, shipping, discount),
        },
    )


def queued_charge(shop: Shop, address_id: int, day: date) -> Document | None:
    """The queued charge of an address on a date."""
    found = shop.find(
        "charges", address_id=address_id, status="queued", scheduled_at=day.isoformat()
    )
    return found[0] if found else None


def regenerate(shop: Shop, address_id: int, *, keep_discounts: bool = False) -> None:
    """Make the queued charges of an address fit what is active on it.

    A discount put on one charge is lost, as after every edit, unless told to keep it.
    """
    shop.store.run("DELETE FROM marks WHERE name = ?", (f"pending:{address_id}",))
    address = shop.store.get("addresses", address_id)
    if address is None:
        return
    groups = _groups(shop, address_id)
    for charge in shop.find("charges", address_id=address_id, status="queued"):
        items = groups.pop(charge["scheduled_at"], None)
        if items is None:
            shop.remove("charges", charge)
        else:
            _rebuild(shop, address, charge, items, keep_discounts=keep_discounts)
    for scheduled_at, items in sorted(groups.items()):
        day = date.fromisoformat(scheduled_at)
        charge = compose(shop, address, day, items, {}, {})
        shop.add("charges", charge)
    for charge in shop.find("charges", address_id=address_id, status="error"):
        _rebuild_failed(shop, address, charge)
    for subscription in shop.find("subscriptions", address_id=address_id):
        has = subscription["status"] == "active" and bool(subscription["next_charge_scheduled_at"])
        if subscription["has_queued_charges"] != has:
            shop.save("subscriptions", {**subscription, "has_queued_charges": has}, event=None)


def _groups(shop: Shop, address_id: int) -> dict[str, Items]:
    held = {
        (charge["scheduled_at"], id)
        for charge in shop.store.find(
            "charges", "address_id = ? AND status IN ('error', 'pending')", (address_id,)
        )
        for id in item_ids(charge)
    }
    groups: dict[str, Items] = defaultdict(list)
    for kind, plural, condition in (
        ("subscription", "subscriptions", {"status": "active"}),
        ("onetime", "onetimes", {"is_cancelled": 0}),
    ):
        for item in shop.find(plural, address_id=address_id, **condition):
            day = item["next_charge_scheduled_at"]
            if day and (day, item["id"]) not in held:
                groups[day].append((kind, item))
    return groups


def _rebuild(
    shop: Shop, address: Document, charge: Document, items: Items, *, keep_discounts: bool
) -> None:
    memo = shop.store.memo("charges", charge["id"])
    if memo.get("discount_id") and not keep_discounts:
        memo = {**memo, "discount_id": None}
    day = date.fromisoformat(charge["scheduled_at"])
    fresh = compose(shop, address, day, items, charge, memo)
    if fresh != charge:
        shop.save("charges", fresh, memo=memo)


def _rebuild_failed(shop: Shop, address: Document, charge: Document) -> None:
    """A failed charge keeps what is still due on its date, with today's prices and contents."""
    due = {item["id"]: (kind, item) for kind, item in items_at(
        shop, address["id"], date.fromisoformat(charge["scheduled_at"])
    )}  # fmt: skip
    items = [due[id] for id in item_ids(charge) if id in due]
    if items:
        _rebuild(shop, address, charge, items, keep_discounts=True)


def leave_open_charges(shop: Shop, item_id: int) -> None:
    """Take an item out of failed charges; one left with nothing goes away."""
    for charge in shop.store.find(
        "charges", "status = 'error' AND purchase_item_ids LIKE ?", (f"%,{item_id},%",)
    ):
        drop_items(shop, charge, {item_id})


def drop_items(shop: Shop, charge: Document, ids: set[int]) -> Document | None:
    """Remove items from a charge; None when nothing was left and the charge is gone."""
    lines = [each for each in charge["line_items"] if each.get("purchase_item_id") not in ids]
    if not any(each.get("purchase_item_id") for each in lines):
        shop.remove("charges", charge)
        return None
    discount = next((find_discount(shop, id=each["id"]) for each in charge["discounts"]), None)
    totals = amounts(shop, lines, charge["shipping_lines"], discount)
    return shop.save("charges", {**charge, "line_items": lines, **totals})


def skipped_days(shop: Shop, subscription_id: int) -> set[date]:
    """The dates on which a subscription is skipped."""
    return {
        date.fromisoformat(charge["scheduled_at"])
        for charge in shop.store.find(
            "charges",
            "status = 'skipped' AND purchase_item_ids LIKE ?",
            (f"%,{subscription_id},%",),
        )
    }


def next_free_day(shop: Shop, subscription: Document, day: date) -> date:
    """The first charge date after `day` that is not skipped."""
    skipped = skipped_days(shop, subscription["id"])
    after = next_charge_after(subscription, day)
    while after in skipped:
        after = next_charge_after(subscription, after)
    return after


# Regeneration that takes its time, and the lock it holds


def touched(shop: Shop, address_id: int, *, commit: bool = True) -> None:
    """After an edit: regenerate at once, or later when the shop is set so and may."""
    seconds = shop.settings.regeneration_seconds
    if commit or seconds <= 0:
        regenerate(shop, address_id)
        return
    for charge in shop.find("charges", address_id=address_id, status="queued"):
        shop.save("charges", {**charge, "has_uncommitted_changes": True})
    due = shop.now() + timedelta(seconds=seconds)
    shop.store.mark(f"pending:{address_id}", due.isoformat())


def has_pending(shop: Shop) -> bool:
    """Whether any regeneration waits."""
    return bool(_marks(shop, "pending:"))


def settle(shop: Shop) -> None:
    """Finish the regenerations whose time has come."""
    for address_id, due in _marks(shop, "pending:"):
        moment = parse_moment(due)
        if moment is None or moment <= shop.now():
            regenerate(shop, address_id)


def settle_now(shop: Shop, address_id: int) -> None:
    """A charge that falls due is regenerated first, whatever the wait."""
    if shop.store.mark(f"pending:{address_id}"):
        regenerate(shop, address_id)


def lock(shop: Shop, address_id: int) -> None:
    """Hold the address for as long as the settings say."""
    if shop.settings.lock_seconds > 0:
        until = shop.now() + timedelta(seconds=shop.settings.lock_seconds)
        shop.store.mark(f"lock:{address_id}", until.isoformat())


def refuse_busy(shop: Shop, address_ids: set[int]) -> None:
    """Raise when one of the addresses regenerates or is locked.

    Raises:
        Conflict: try again later; nothing was done.
    """
    for prefix in ("pending:", "lock:"):
        for address_id, until in _marks(shop, prefix):
            moment = parse_moment(until)
            if address_id in address_ids and moment is not None and moment > shop.now():
                raise Conflict


def _marks(shop: Shop, prefix: str) -> list[tuple[int, str]]:
    rows = shop.store.run("SELECT name, value FROM marks WHERE name LIKE ?", (f"{prefix}%",))
    return [(int(name.removeprefix(prefix)), value) for name, value in rows]
