"""What is said about cancelling a subscription and taking it up again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from app.actions.effect import Change, Shown
from app.actions.products.texts import rhythm_of
from app.i18n import Message, say
from app.recharge import Subscription


def gone() -> Message:
    return say(
        "This subscription is not where it was, so nothing was changed. "
        "Please look at what is shown now."
    )


def cancelled_already(name: Message) -> Message:
    return say("Your subscription to {name} is cancelled already.", name=name)


def active_already(name: Message) -> Message:
    return say("Your subscription to {name} is active already.", name=name)


def over(name: Message) -> Message:
    return say("Your subscription to {name} has come to its end.", name=name)


def no_rhythm(name: Message) -> Message:
    return say(
        "How often {name} comes is not known, so it cannot be started again here. "
        "Please write to the shop.",
        name=name,
    )


def too_late(until: datetime) -> Message:
    return say(
        "This was possible until {until}, so nothing was changed. "
        "You can start the subscription again with a later date.",
        until=until,
    )


def ended(name: Message) -> Change:
    return Change(
        "dates",
        say("{name} does not come any more, and you are not charged for it any more.", name=name),
    )


def payment_under_way(day: date) -> Change:
    return Change(
        "under way",
        say("The payment for {date} is under way, so that delivery may still come.", date=day),
    )


def paid_in_advance(days: Sequence[date]) -> Change:
    return Change(
        "paid", say("What you have paid for in advance still comes: {dates}.", dates=list(days))
    )


def perhaps_packed(day: date) -> Change:
    return Change(
        "packed",
        say(
            "The shop may be preparing your delivery of {date} already. "
            "If it comes all the same, please write to the shop.",
            date=day,
        ),
    )


def skips_forgotten(days: Sequence[date]) -> Change:
    return Change(
        "skipped",
        say(
            "The dates that you have skipped are forgotten, also if you start it again: {dates}.",
            dates=list(days),
        ),
    )


def others_go_on(names: Sequence[Message]) -> Message:
    return say("Your other subscriptions go on: {names}.", names=list(names))


def can_be_taken_up() -> Message:
    return say("You can start it again here at any time.")


def no_card() -> Change:
    return Change(
        "card",
        say("There is no card for this address: without one, nothing can be charged or sent."),
    )


def rhythm_stays(found: Subscription) -> Message:
    return say("It comes {rhythm}, as before.", rhythm=rhythm_of(found))


def day_shown(day: date) -> Shown:
    return Shown("day", day.isoformat(), say("It would now come first on {date}.", date=day))
