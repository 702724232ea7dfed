"""What is said about skipping a delivery and putting it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from app.actions.effect import Shown
from app.actions.names import called
from app.actions.situation import Situation
from app.i18n import Message, Money, say
from app.mirror import Delivery, DeliveryItem
from app.mirror.delivery import group_of


def gone(day: date) -> Message:
    return say("There is no delivery on {date}, so nothing was changed.", date=day)


def already_skipped(day: date) -> Message:
    return say("Your delivery of {date} is skipped already.", date=day)


def already_planned(day: date) -> Message:
    return say("Your delivery of {date} is planned already.", date=day)


def nothing_skipped(day: date) -> Message:
    return say("There is nothing to put back on {date}, so nothing was changed.", date=day)


def payment_failed(day: date) -> Message:
    return say("The payment for {date} has failed, so this delivery cannot be skipped.", date=day)


def payment_under_way(day: date) -> Message:
    return say(
        "The payment for {date} is under way, so this delivery cannot be skipped any more.",
        date=day,
    )


def too_late_to_skip(until: datetime) -> Message:
    return say(
        "This delivery could be changed until {until}. It can no longer be skipped.", until=until
    )


def too_late_to_put_back(until: datetime) -> Message:
    return say(
        "This delivery could be changed until {until}. It can no longer be put back.", until=until
    )


def not_in_delivery(day: date) -> Message:
    return say(
        "Not all that you chose is in your delivery of {date}. Nothing was changed.", date=day
    )


def not_skippable(items: Sequence[DeliveryItem]) -> Message:
    prepaid = [item for item in items if item.is_prepaid]
    if items and len(prepaid) == len(items):
        return say("You have paid for this delivery in advance, so it cannot be skipped.")
    if prepaid:
        return say(
            "You have paid for {items} in advance, so this cannot be skipped.", items=named(prepaid)
        )
    if items and all(item.kind == "onetime" for item in items):
        return say("One-time products cannot be skipped.")
    return say("The shop does not let this delivery be skipped.")


def ended(items: Sequence[DeliveryItem]) -> Message:
    return say(
        "{items} cannot be put back, because the subscription has ended.", items=named(items)
    )


def named(items: Sequence[DeliveryItem]) -> list[Message]:
    """Items as a customer calls them: "2 × House Blend (Whole bean)"."""
    return [called(item.title, item.variant_title, item.quantity) for item in items]


def about(total: Money, is_estimate: bool) -> Message:
    """An amount, marked where it is only an estimate."""
    return say("about {total}", total=total) if is_estimate else say("{total}", total=total)


def following(
    situation: Situation, address_id: int, day: date, ids: frozenset[int] | None
) -> Delivery | None:
    """The first delivery to the address after a day, of these items where they are told."""
    for delivery in situation.coming(day):
        if delivery.address_id != address_id or delivery.date <= day:
            continue
        if ids is None or any(item.purchase_item_id in ids for item in delivery.items):
            return delivery
    return None


def shown(
    day: date, from_skipped: bool, delivery: Delivery | None, after: Delivery | None
) -> tuple[Shown, ...]:
    """What the customer sees of a delivery when deciding."""
    if delivery is None:
        missing = already_planned(day) if from_skipped else already_skipped(day)
        return (Shown("status", "gone", missing),)
    items = sorted((item.purchase_item_id or 0, item.quantity) for item in delivery.items)
    status = group_of(delivery.status)
    facts = [
        Shown("status", status, _status_now(status, day)),
        Shown("items", repr(items), say("It now holds {items}.", items=named(delivery.items))),
        Shown(
            "total",
            f"{delivery.total.amount:f} {delivery.total.currency}",
            say("It now costs {total}.", total=about(delivery.total, delivery.is_estimate))
            if delivery.is_total_known
            else say("What it costs is not known now."),
        ),
    ]
    if not from_skipped:
        now = (
            say("The delivery after it now comes on {date}.", date=after.date)
            if after
            else say("No delivery is planned after it now.")
        )
        facts.append(Shown("next", after.date.isoformat() if after else "none", now))
    return tuple(facts)


def _status_now(status: str, day: date) -> Message:
    match status:
        case "failed":
            return payment_failed(day)
        case "pending":
            return payment_under_way(day)
        case "skipped":
            return already_skipped(day)
        case _:
            return already_planned(day)
