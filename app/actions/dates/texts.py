"""What is said about moving deliveries to other dates."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from app.actions import names
from app.actions.deliveries.texts import named
from app.actions.effect import Shown
from app.i18n import Message, Value, say, say_many
from app.mirror import DeliveryItem
from app.recharge import Onetime, Subscription

MOST_DATES: Final = 3
"""How many dates of a list are named."""


def called(one: Subscription | Onetime) -> Message:
    """What a customer calls it: "2 × House Blend (Whole bean)"."""
    return names.called(one.product_title, one.variant_title, one.quantity)


def some(days: Sequence[date]) -> list[Value]:
    """The first of several dates, and how many more there are."""
    listed: list[Value] = list(days[:MOST_DATES])
    if len(days) > MOST_DATES:
        listed.append(say_many("{count} more", "{count} more", len(days) - MOST_DATES))
    return listed


def how_long(start: date, end: date) -> Message:
    """A stretch of time in the words of a calendar: "2 months", "3 weeks", "10 days"."""
    months = (end.year - start.year) * 12 + end.month - start.month
    day = min(start.day, monthrange(end.year, end.month)[1])
    if months > 0 and end.day == day:
        return say_many("{count} month", "{count} months", months)
    days = (end - start).days
    if days > 0 and days % 7 == 0:
        return say_many("{count} week", "{count} weeks", days // 7)
    return say_many("{count} day", "{count} days", days)


# Why not


def too_early(day: date, first: date) -> Message:
    return say(
        "Nothing can be moved to {date} any more. The earliest possible date is {first}.",
        date=day,
        first=first,
    )


def comes_today(subscription: Subscription) -> Message:
    return say(
        "{item} comes today, so how often it comes can be changed from tomorrow on.",
        item=called(subscription),
    )


def too_far(last: date) -> Message:
    return say("That is too far ahead. The latest possible date is {last}.", last=last)


def too_late_to_move(until: datetime) -> Message:
    return say(
        "This delivery could be changed until {until}. It can no longer be moved.", until=until
    )


def payment_failed(day: date) -> Message:
    return say("The payment for {date} has failed, so this delivery cannot be moved.", date=day)


def payment_under_way(day: date) -> Message:
    return say(
        "The payment for {date} is under way, so this delivery cannot be moved any more.", date=day
    )


def state_unknown(day: date) -> Message:
    return say(
        "We do not know if the delivery of {date} will come, so it cannot be moved here. "
        "Please ask the shop.",
        date=day,
    )


def skipped_there(day: date) -> Message:
    return say(
        "You have skipped {date}. Put that delivery back instead, or choose another date.",
        date=day,
    )


def not_active(subscription: Subscription | None) -> Message:
    if subscription is None:
        return say("This subscription is no longer there, so nothing was changed.")
    return say(
        "{item} has ended, so there is no delivery to move. Nothing was changed.",
        item=called(subscription),
    )


def prepaid(subscription: Subscription) -> Message:
    return say(
        "You have paid for {item} in advance, so its dates cannot be changed here.",
        item=called(subscription),
    )


def elsewhere(subscription: Subscription) -> Message:
    return say(
        "{item} goes to another address now, so nothing was changed. Please look again.",
        item=called(subscription),
    )


def no_date(subscription: Subscription) -> Message:
    return say(
        "No delivery of {item} is planned, so there is none to move.", item=called(subscription)
    )


def moved_meanwhile(subscription: Subscription, day: date) -> Message:
    return say(
        "{item} comes on {date} by now, so nothing was changed. Please look again.",
        item=called(subscription),
        date=day,
    )


def there_already(day: date) -> Message:
    return say("It comes on {date} already. Please choose another date.", date=day)


def rhythm_unknown() -> Message:
    return say("How often it comes is not known, so please choose a date instead.")


def only_the_next(items: Sequence[DeliveryItem], day: date) -> Message:
    return say(
        "Only the next delivery of a subscription can be moved. {items} will come before {date}.",
        items=named(items),
        date=day,
    )


def prepaid_items(items: Sequence[DeliveryItem]) -> Message:
    return say(
        "You have paid for {items} in advance, so this cannot be moved here.", items=named(items)
    )


# What has changed meanwhile


def shown_of(subscription: Subscription | None) -> tuple[Shown, ...]:
    """What a customer sees of a subscription when deciding on its dates."""
    if subscription is None:
        return (Shown("status", "gone", not_active(None)),)
    day = subscription.next_charge_scheduled_at
    rhythm = (
        subscription.charge_interval_frequency,
        str(subscription.order_interval_unit),
        subscription.order_day_of_month,
        subscription.order_day_of_week,
    )
    what = (
        subscription.external_variant_id.ecommerce,
        subscription.quantity,
        str(subscription.price),
    )
    now = say("{item} has no planned delivery now.", item=called(subscription))
    if day is not None:
        now = say("{item} now comes on {date}.", item=called(subscription), date=day)
    return (
        Shown("status", str(subscription.status), _status_now(subscription)),
        Shown("date", day.isoformat() if day else "none", now),
        Shown("rhythm", repr(rhythm), say("How often it comes has changed.")),
        Shown("item", repr(what), say("It is now {item}.", item=called(subscription))),
        Shown(
            "address",
            str(subscription.address_id),
            say("{item} goes to another address now.", item=called(subscription)),
        ),
    )


def _status_now(subscription: Subscription) -> Message:
    if subscription.status == "active":
        return say("{item} is active now.", item=called(subscription))
    return say("{item} has ended.", item=called(subscription))
