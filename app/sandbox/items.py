"""What subscriptions do on their own: start, change, cancel, come back, move."""

from datetime import date
from decimal import Decimal
from typing import Any

from app.sandbox.charging import leave_open_charges, queued_charge, regenerate, touched
from app.sandbox.customers import refresh_customer
from app.sandbox.dates import next_charge_after, parse_moment
from app.sandbox.errors import Document, Invalid
from app.sandbox.shop import Shop, external_id
from app.sandbox.skips import forget_skips
from app.sandbox.totals import money

_TRIO = ("charge_interval_frequency", "order_interval_frequency", "order_interval_unit")
# The text and the key of this refusal are as recorded; the key is an older name.
_TRIO_TEXT = (
    "when passing order_interval_unit provide charge_interval_frequency and "
    "order_interval_frequency to update the interval information"
)


def check_intervals(shop: Shop, body: Document) -> None:
    """All three interval fields or a plan, and a charge that pays for whole deliveries."""
    if body.get("plan_id") is not None and not any(name in body for name in _TRIO):
        plan = shop.store.get("plans", body["plan_id"])
        if plan is None:
            raise Invalid("plan_id", "Not found")
        rhythm = plan["subscription_preferences"]
        body["charge_interval_frequency"] = int(rhythm["charge_interval_frequency"])
        body["order_interval_frequency"] = int(rhythm["order_interval_frequency"])
        body["order_interval_unit"] = rhythm["interval_unit"]
    given = [name for name in _TRIO if name in body]
    if not given:
        return
    if len(given) < len(_TRIO):
        raise Invalid.bare("charge_interval_unit_type", _TRIO_TEXT)
    if body["charge_interval_frequency"] % body["order_interval_frequency"]:
        raise Invalid(
            "charge_interval_frequency", "Must be a multiple of order_interval_frequency."
        )


def check_variant(shop: Shop, body: Document) -> tuple[Document, Document] | None:
    """Product and variant of `external_variant_id`; a shop without products takes any."""
    variant_id = external_id(body, "external_variant_id")
    found = shop.variant(variant_id)
    if found is None and variant_id and shop.store.count("products", "1"):
        raise Invalid("external_variant_id", "Not found")
    return found


def plan_price(shop: Shop, product: Document, variant: Document, *, orders: int = 1) -> str:
    """The variant's price less the discount of the product's plans, for all paid deliveries."""
    price = Decimal(str(variant["prices"]["unit_price"]))
    plans = shop.find("plans", external_product_id=product["external_product_id"])
    plan = next((each for each in plans if each.get("discount_amount")), None)
    if plan is not None:
        amount = Decimal(str(plan["discount_amount"]))
        off = price * amount / 100 if plan["discount_type"] == "percentage" else amount
        price = max(Decimal(0), price - off)
    return money(price * orders)


def from_variant(found: tuple[Document, Document]) -> Document:
    """What an item takes over from its variant."""
    product, variant = found
    return {
        "external_product_id": {"ecommerce": product["external_product_id"]},
        "product_title": product["title"],
        "variant_title": variant.get("title", ""),
        "sku": variant.get("sku"),
    }


def change_subscription(
    shop: Shop, subscription: Document, body: Document, *, commit: bool, force: bool
) -> Document:
    """Change fields; a changed rhythm moves the next date and drops skips and moves."""
    if subscription["status"] != "active" and not force and "status" not in body:
        return subscription
    check_intervals(shop, body)
    defaults = body.pop("use_external_variant_defaults", False)
    for name in ("force_update", "persist_dynamic_pricing"):
        body.pop(name, None)
    changed = {**subscription, **body}
    swapped = "external_variant_id" in body and (
        body["external_variant_id"] != subscription["external_variant_id"]
    )
    found = check_variant(shop, changed) if swapped or defaults else None
    if found is not None:
        keep = {"sku"} if subscription["sku_override"] and not defaults else set()
        taken = {name: value for name, value in from_variant(found).items() if name not in keep}
        changed = {**changed, **taken, **body}
        if (swapped or defaults) and "price" not in body:
            orders = changed["charge_interval_frequency"] // changed["order_interval_frequency"]
            changed["price"] = plan_price(shop, *found, orders=orders)
    if "sku" in body:
        changed["sku_override"] = True
    changed["is_prepaid"] = (
        changed["charge_interval_frequency"] > changed["order_interval_frequency"]
    )
    changed["is_skippable"] = not changed["is_prepaid"]
    _refuse_past(shop, body)
    if any(changed[name] != subscription[name] for name in _TRIO):
        _new_rhythm(shop, changed, keeps_date="next_charge_scheduled_at" in body)
    elif "next_charge_scheduled_at" in body:
        leave_open_charges(shop, subscription["id"])
    written = shop.save("subscriptions", changed)
    if swapped:
        shop.emit("swapped", "subscriptions", written)
    touched(shop, subscription["address_id"], commit=commit)
    return shop.read("subscriptions", subscription["id"])


def _refuse_past(shop: Shop, body: Document) -> None:
    day = body.get("next_charge_scheduled_at")
    if day and date.fromisoformat(day) < shop.today():
        raise Invalid.bare("next_charge_scheduled_at", "Cannot be in the past")


def _new_rhythm(shop: Shop, subscription: Document, *, keeps_date: bool) -> None:
    """One new interval after the last charge, or the date as it was before any charge."""
    forget_skips(shop, subscription["id"])
    leave_open_charges(shop, subscription["id"])
    last = shop.store.memo("subscriptions", subscription["id"]).get("last_charged")
    last = last or _last_paid(shop, subscription["id"])
    if keeps_date or last is None or subscription["next_charge_scheduled_at"] is None:
        return
    day = next_charge_after(subscription, date.fromisoformat(last))
    while day <= shop.today():
        day = next_charge_after(subscription, day)
    subscription["next_charge_scheduled_at"] = day.isoformat()


def _last_paid(shop: Shop, id: int) -> str | None:
    found = shop.store.find(
        "charges",
        "status IN ('success', 'partially_refunded') AND purchase_item_ids LIKE ?",
        (f"%,{id},%",),
        order="scheduled_at DESC",
        limit=1,
    )
    return found[0]["scheduled_at"] if found else None


def set_date(shop: Shop, subscription: Document, day: date, *, commit: bool) -> Document:
    """Move the next charge. Joining others on that date makes a charge with a new id."""
    if day <= shop.today():
        raise Invalid("date", "date is not far enough in the future")
    if subscription["status"] != "active":
        raise Invalid("status", "Only active subscriptions have a next charge.")
    if subscription["next_charge_scheduled_at"] == day.isoformat():
        return subscription
    address_id = subscription["address_id"]
    leave_open_charges(shop, subscription["id"])
    forget_skips(shop, subscription["id"], on=day)
    joined = queued_charge(shop, address_id, day)
    shop.save("subscriptions", {**subscription, "next_charge_scheduled_at": day.isoformat()})
    if joined is not None and (commit or shop.settings.regeneration_seconds <= 0):
        shop.remove("charges", joined)
    touched(shop, address_id, commit=commit)
    return shop.read("subscriptions", subscription["id"])


def cancel(shop: Shop, subscription: Document, reason: str, comments: str | None) -> Document:
    """Stop a subscription: it leaves queued and failed charges and the skips ahead."""
    if subscription["status"] != "active":
        raise Invalid("status", "Only active subscriptions can be cancelled.")
    id = subscription["id"]
    memo = shop.store.memo("subscriptions", id)
    memo["cadence"] = subscription["next_charge_scheduled_at"]
    leave_open_charges(shop, id)
    forget_skips(shop, id)
    subscription.update(
        status="cancelled",
        cancelled_at=shop.now().isoformat(timespec="microseconds"),
        cancellation_reason=reason,
        cancellation_reason_comments=comments,
        next_charge_scheduled_at=None,
        has_queued_charges=False,
    )
    shop.emit("cancelled", "subscriptions", shop.save("subscriptions", subscription, memo=memo))
    regenerate(shop, subscription["address_id"])
    refresh_customer(shop, subscription["customer_id"])
    return shop.read("subscriptions", id)


def activate(shop: Shop, subscription: Document) -> Document:
    """Take a cancelled subscription up again, on its old cadence and not in the past."""
    if subscription["status"] != "cancelled":
        raise Invalid("status", "Only cancelled subscriptions can be activated.")
    memo = shop.store.memo("subscriptions", subscription["id"])
    created = parse_moment(subscription["created_at"]) or shop.now()
    day = (
        date.fromisoformat(memo["cadence"])
        if memo.get("cadence")
        else next_charge_after(subscription, created.astimezone(shop.zone()).date())
    )
    while day < shop.today():
        day = next_charge_after(subscription, day)
    subscription.update(
        status="active",
        cancelled_at=None,
        cancellation_reason=None,
        cancellation_reason_comments=None,
        max_retries_reached=False,
        next_charge_scheduled_at=day.isoformat(),
    )
    shop.emit("activated", "subscriptions", shop.save("subscriptions", subscription))
    regenerate(shop, subscription["address_id"])
    refresh_customer(shop, subscription["customer_id"])
    return shop.read("subscriptions", subscription["id"])


def move_to_address(
    shop: Shop, plural: str, item: Document, address_id: int, day: str | None
) -> Document:
    """Move an item to another address of the same customer."""
    target = shop.store.get("addresses", address_id)
    if target is None or target["customer_id"] != item["customer_id"]:
        raise Invalid("address_id", "Not found")
    if day and date.fromisoformat(day) < shop.today():
        raise Invalid.bare("next_charge_scheduled_at", "Cannot be in the past")
    before = item["address_id"]
    if before != address_id and plural == "subscriptions":
        leave_open_charges(shop, item["id"])
        # Skips of the old address stand for nothing at the new one.
        forget_skips(shop, item["id"])
    item["address_id"] = address_id
    if day:
        item["next_charge_scheduled_at"] = day
    shop.save(plural, item)
    regenerate(shop, before)
    regenerate(shop, address_id)
    return shop.read(plural, item["id"])


def start_day(shop: Shop, subscription: dict[str, Any]) -> str:
    """The first charge date of a subscription that names none: one rhythm from today."""
    return next_charge_after(subscription, shop.today()).isoformat()
