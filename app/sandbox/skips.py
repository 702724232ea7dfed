"""Skip and unskip: what moves, and what stays where it is.

The later schedule never shifts because of a skip.
"""

from datetime import date

from app.sandbox.charging import (
    compose,
    drop_items,
    item_ids,
    next_free_day,
    queued_charge,
    regenerate,
)
from app.sandbox.errors import Document, Invalid
from app.sandbox.schedule import charge_days
from app.sandbox.shop import Shop
from app.sandbox.totals import amounts, find_discount


def skip_charge(shop: Shop, charge: Document, ids: set[int] | None) -> Document:
    """Skip a queued charge, or some of its items; answers with the skipped charge.

    A whole skip turns this charge into the skipped one. Part of a charge goes to a skipped charge
    with an id of its own. One-times of a wholly skipped charge move along to the next charge.
    """
    if charge["status"] != "queued":
        raise Invalid("status", "Only queued charges can be skipped.")
    day = date.fromisoformat(charge["scheduled_at"])
    all_ids = set(item_ids(charge))
    subscription_ids = set(item_ids(charge, "subscription"))
    wanted = all_ids if ids is None else ids
    if not wanted <= all_ids:
        raise Invalid("purchase_item_ids", "Not all of these items are on this charge.")
    chosen = wanted & subscription_ids
    if not chosen:
        raise Invalid("purchase_item_ids", "A charge without subscription items is not skippable.")
    subscriptions = [shop.read("subscriptions", id) for id in sorted(chosen)]
    _refuse_prepaid(subscriptions)
    is_whole = chosen == subscription_ids
    skipped = _part(shop, charge, chosen, is_whole=is_whole)
    moved = []
    for subscription in subscriptions:
        following = next_free_day(shop, subscription, day)
        subscription["next_charge_scheduled_at"] = following.isoformat()
        moved.append(following)
        shop.save("subscriptions", subscription)
        shop.emit("skipped", "subscriptions", subscription)
    if is_whole:
        _take_along(shop, charge, skipped, min(moved))
    regenerate(shop, charge["address_id"], keep_discounts=True)
    return shop.read("charges", skipped["id"])


def _refuse_prepaid(subscriptions: list[Document]) -> None:
    if any(each["is_prepaid"] for each in subscriptions):
        raise Invalid("purchase_item_ids", "Prepaid items are not skippable.")


def _part(shop: Shop, charge: Document, chosen: set[int], *, is_whole: bool) -> Document:
    """The skipped charge: this one, or a new one beside it with the chosen lines."""
    lines = [each for each in charge["line_items"] if each.get("purchase_item_id") in chosen]
    discount = next((find_discount(shop, id=each["id"]) for each in charge["discounts"]), None)
    contents = {
        "line_items": lines,
        "status": "skipped",
        **amounts(shop, lines, charge["shipping_lines"], discount),
    }
    if is_whole:
        return shop.save("charges", {**charge, **contents})
    base = {
        name: value for name, value in charge.items()
        if name not in ("id", "created_at", "updated_at")
    }  # fmt: skip
    return shop.add("charges", {**base, **contents})


def _take_along(shop: Shop, charge: Document, skipped: Document, following: date) -> None:
    ids = item_ids(charge, "onetime")
    for id in ids:
        shop.change("onetimes", id, next_charge_scheduled_at=following.isoformat())
    if ids:
        memo = {"onetimes": ids, "moved_to": following.isoformat()}
        shop.save("charges", skipped, event=None, memo=memo)


def skip_day(shop: Shop, address_id: int, day: date, ids: list[int]) -> Document:
    """Skip a date of the schedule, whether or not it has a charge yet."""
    if day < shop.today():
        raise Invalid("date", "Cannot be in the past")
    subscriptions = []
    for id in dict.fromkeys(ids):
        found = shop.store.get("subscriptions", id)
        if found is None or found["address_id"] != address_id or found["status"] != "active":
            raise Invalid("subscription_ids", f"{id} is not an active subscription here.")
        subscriptions.append(found)
    _refuse_prepaid(subscriptions)
    queued = queued_charge(shop, address_id, day)
    if queued and {each["id"] for each in subscriptions} <= set(item_ids(queued)):
        return skip_charge(shop, queued, {each["id"] for each in subscriptions})
    for subscription in subscriptions:
        if (
            day not in charge_days(subscription, day)
            or day.isoformat() == (subscription["next_charge_scheduled_at"])
        ):
            raise Invalid("date", "This date is not on the schedule of every subscription.")
        taken = shop.store.count(
            "charges",
            "status = 'skipped' AND scheduled_at = ? AND purchase_item_ids LIKE ?",
            (day.isoformat(), f"%,{subscription['id']},%"),
        )
        if taken:
            raise Invalid("date", "This date is skipped already.")
    return _skip_ahead(shop, address_id, day, subscriptions)


def _skip_ahead(shop: Shop, address_id: int, day: date, subscriptions: list[Document]) -> Document:
    address = shop.read("addresses", address_id)
    items = [("subscription", each) for each in subscriptions]
    charge = compose(shop, address, day, items, {"status": "skipped"}, {})
    written = shop.add("charges", charge)
    for subscription in subscriptions:
        shop.emit("skipped", "subscriptions", subscription)
    return written


def unskip_charge(shop: Shop, charge: Document, ids: set[int] | None) -> Document:
    """Put skipped items back; answers with the queued charge that holds them, whose id may differ.

    Items whose next charge comes earlier than this date need no charge here yet: their date is
    simply on the schedule again, and the skipped charge goes away.
    """
    if charge["status"] != "skipped":
        raise Invalid("status", "Only skipped charges can be unskipped.")
    day = date.fromisoformat(charge["scheduled_at"])
    if day < shop.today():
        raise Invalid("scheduled_at", "A charge in the past cannot be unskipped.")
    all_ids = set(item_ids(charge, "subscription"))
    wanted = all_ids if ids is None else ids & all_ids
    if not wanted or (ids is not None and not ids <= set(item_ids(charge))):
        raise Invalid("purchase_item_ids", "Not all of these items are on this charge.")
    due = _bring_forward(shop, sorted(wanted), day)
    memo = shop.store.memo("charges", charge["id"])
    for id in memo.get("onetimes", []) if due else []:
        onetime = shop.store.get("onetimes", id)
        if onetime and onetime["next_charge_scheduled_at"] == memo["moved_to"]:
            shop.change("onetimes", id, next_charge_scheduled_at=day.isoformat())
    answer = {**charge, "status": "queued"}
    if wanted == all_ids and due and queued_charge(shop, charge["address_id"], day) is None:
        shop.save("charges", answer)
    else:
        drop_items(shop, charge, wanted)
    regenerate(shop, charge["address_id"], keep_discounts=True)
    return queued_charge(shop, charge["address_id"], day) or answer


def _bring_forward(shop: Shop, ids: list[int], day: date) -> bool:
    """Whether the date is the next one again for any of the subscriptions."""
    due = False
    for id in ids:
        subscription = shop.store.get("subscriptions", id)
        if subscription is None or subscription["status"] != "active":
            raise Invalid("purchase_item_ids", f"{id} is not active.")
        following = subscription["next_charge_scheduled_at"]
        if following is None or day.isoformat() < following:
            subscription["next_charge_scheduled_at"] = day.isoformat()
            shop.save("subscriptions", subscription)
            due = True
        shop.emit("unskipped", "subscriptions", subscription)
    return due


def forget_skips(shop: Shop, subscription_id: int, *, on: date | None = None) -> None:
    """Drop a subscription's skips from today on, or on one date alone."""
    for charge in shop.store.find(
        "charges",
        "status = 'skipped' AND scheduled_at >= ? AND purchase_item_ids LIKE ?",
        (shop.today().isoformat(), f"%,{subscription_id},%"),
    ):
        if on is None or charge["scheduled_at"] == on.isoformat():
            drop_items(shop, charge, {subscription_id})
