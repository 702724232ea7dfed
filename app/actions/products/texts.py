"""How products, prices and rhythms are called when something about them changes."""

from __future__ import annotations

from datetime import date, datetime

from app.actions.names import called
from app.i18n import Message, Money, say, say_many
from app.recharge import Subscription


def every(count: int, unit: str) -> Message:
    """A rhythm in words: "every 2 weeks"."""
    match unit:
        case "day":
            return say_many("every day", "every {count} days", count)
        case "week":
            return say_many("every week", "every {count} weeks", count)
        case "month":
            return say_many("every month", "every {count} months", count)
        case _:
            return say("as arranged with the shop")


def rhythm(charge: int | None, order: int | None, unit: str | None) -> Message:
    """How often something comes, and how often it is paid where that differs."""
    if order is None or unit is None:
        return say("as arranged with the shop")
    if charge is None or charge == order:
        return every(order, unit)
    return say("{comes}, paid {paid}", comes=every(order, unit), paid=every(charge, unit))


def rhythm_of(subscription: Subscription) -> Message:
    """The rhythm of a subscription."""
    return rhythm(
        subscription.charge_interval_frequency,
        subscription.order_interval_frequency,
        subscription.order_interval_unit,
    )


def name_of(subscription: Subscription) -> Message:
    """What comes with a subscription."""
    return called(subscription.product_title, subscription.variant_title)


def difference(before: Money | None, after: Money | None) -> Message | None:
    """How much more or less something costs; None where one of them is not known."""
    if before is None or after is None or before.currency != after.currency:
        return None
    if after == before:
        return say("the same price")
    if after > before:
        return say("{amount} more", amount=after - before)
    return say("{amount} less", amount=before - after)


def has_ended(name: Message) -> Message:
    return say("Your subscription to {name} has ended, so it cannot be changed.", name=name)


def is_unclear(name: Message) -> Message:
    return say(
        "The shop does not tell how your subscription to {name} stands, so it cannot be changed "
        "here. Please write to the shop.",
        name=name,
    )


def went_elsewhere(name: Message) -> Message:
    return say(
        "{name} goes to another address now, so nothing was changed. Please look again.", name=name
    )


def payment_failed(day: date) -> Message:
    return say(
        "The payment for {date} has failed. Please put that right first: until then, what is in "
        "that delivery cannot be changed.",
        date=day,
    )


def payment_under_way(day: date) -> Message:
    return say(
        "The payment for {date} is under way, so what is in that delivery cannot be changed now.",
        date=day,
    )


def too_late(until: datetime) -> Message:
    return say(
        "Your next delivery could be changed until {until}. You can change this again when it has "
        "been sent.",
        until=until,
    )


def not_listed() -> Message:
    return say("This shop does not let its products be listed here. Please write to the shop.")


def being_read() -> Message:
    return say("The shop's products are being read. Please try again in a moment.")


def not_subscribed(name: Message | None = None) -> Message:
    if name is None:
        return say("This product is not offered as a subscription here.")
    return say("{name} is not offered as a subscription here.", name=name)


def put_together(name: Message) -> Message:
    return say("{name} is put together in the shop. Please subscribe to it there.", name=name)
