"""What is said about cancelling a subscription and taking it up again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from app.actions.effect import Change, Shown
from app.actions.products.texts import rhythm_of
from app.i18n import Message, Money, say, say_many
from app.recharge import Subscription

MOST_NAMED: Final = 3
"""Of what goes on: more names than that make nobody wiser."""


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


def too_few(name: Message, wanted: int, left: int, contact: str) -> Message:
    """A merchant who may hold customers to a minimum of orders does so."""
    return say_many(
        "This shop asks for at least {wanted} orders before a subscription ends. After {count} "
        "more order of {name} you can cancel it here. Nothing was changed. If that does not suit "
        "you, please write to {contact}.",
        "This shop asks for at least {wanted} orders before a subscription ends. After {count} "
        "more orders of {name} you can cancel it here. Nothing was changed. If that does not suit "
        "you, please write to {contact}.",
        left,
        wanted=wanted,
        name=name,
        contact=contact or say("the shop"),
    )


def asked_to_cancel(count: int) -> Message:
    """What is said until it was read back: never that it is cancelled."""
    return say_many(
        "We have asked the shop to cancel your subscription, and it is not confirmed yet. "
        "We keep looking, and tell you here when it is.",
        "We have asked the shop to cancel your subscriptions, and that is not confirmed yet. "
        "We keep looking, and tell you here when it is.",
        count,
    )


def not_cancelled() -> Message:
    return say(
        "Your subscription was not cancelled, so it goes on as before. Please try again, or write "
        "to the shop."
    )


def end_refused() -> Message:
    return say(
        "The shop's system did not accept it. Nothing was changed: this goes on as before. "
        "Please try again, or write to the shop."
    )


def start_refused() -> Message:
    return say(
        "The shop's system did not accept it. Nothing was changed: this stays cancelled. "
        "Please try again, or write to the shop."
    )


def ended(name: Message) -> Change:
    return Change(
        "dates",
        say("{name} does not come any more, and you are not charged for it any more.", name=name),
    )


def ended_before(name: Message, day: date) -> Change:
    return Change(
        "dates",
        say(
            "{name} does not come any more, not on {date} either, and you are not charged for it "
            "any more.",
            name=name,
            date=day,
        ),
    )


def ends_after_what_is_paid(name: Message) -> Change:
    return Change(
        "dates",
        say(
            "{name} does not come any more after what you have paid for, and you are not charged "
            "for it any more.",
            name=name,
        ),
    )


def all_ended(is_some_paid: bool) -> Change:
    if is_some_paid:
        text = say(
            "None of them comes any more after what you have paid for, and you are not charged for "
            "them any more."
        )
    else:
        text = say("None of them comes any more, and you are not charged for them any more.")
    return Change("dates", text)


def not_on(day: date, names: Sequence[Message]) -> Change:
    return Change("dates", say("Not on {date} any more: {names}.", date=day, names=list(names)))


def these_end(names: Sequence[Message]) -> Change:
    return Change("dates", say("This ends: {names}.", names=list(names)))


def payment_under_way(day: date) -> Change:
    return Change(
        "under way",
        say(
            "The payment for {date} is under way and cannot be stopped. When it succeeds, that "
            "delivery still comes.",
            date=day,
        ),
    )


def ordered(name: Message, days: Sequence[date]) -> Change:
    return Change(
        "ordered",
        say(
            "{name} of your order of {dates} is paid for and still comes, if it is not there "
            "already.",
            name=name,
            dates=list(days),
        ),
    )


def paid_in_advance(name: Message, days: Sequence[date]) -> Change:
    return Change(
        "paid",
        say(
            "What you have paid for in advance still comes: {name} on {dates}.",
            name=name,
            dates=list(days),
        ),
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


def still_comes(name: Message, day: date) -> Message:
    """Of what is no subscription, such as a product that was added once."""
    return say("{name} still comes on {date}, and is paid for then.", name=name, date=day)


def comes_if_payment_succeeds(name: Message, day: date) -> Message:
    return say(
        "{name} still comes if its payment for {date} succeeds, which is under way.",
        name=name,
        date=day,
    )


def comes_if_paid_after_all(name: Message, day: date) -> Message:
    return say(
        "{name} still comes if its payment for {date} succeeds, which has failed so far.",
        name=name,
        date=day,
    )


def tried_without_them(day: date, count: int) -> Change:
    return Change(
        "payment",
        say_many(
            "The failed payment for {date} is tried again without it.",
            "The failed payment for {date} is tried again without them.",
            count,
            date=day,
        ),
    )


def not_tried_again(day: date) -> Change:
    return Change("payment", say("The failed payment for {date} is not tried again.", date=day))


def discount_lost(code: str, day: date) -> Change:
    return Change(
        "discount",
        say("The discount {code} on your delivery of {date} is lost.", code=code, date=day),
    )


def discount_unused(code: str) -> Change:
    return Change(
        "discount",
        say(
            "Your discount {code} is not used any more, since nothing else comes to that address.",
            code=code,
        ),
    )


def price_lost(name: Message, own: Money, present: Money, *, is_kept: bool) -> Change:
    """is_kept: whether it can be started again here, at the old price."""
    if is_kept:
        text = say(
            "You pay {own} for {name} each time. Who subscribes to it anew pays {present} now. If "
            "you start this subscription again here, your price stays.",
            own=own,
            name=name,
            present=present,
        )
    else:
        text = say(
            "You pay {own} for {name} each time, and lose that price: who subscribes to it anew "
            "pays {present} now.",
            own=own,
            name=name,
            present=present,
        )
    return Change("price", text, before=own, after=present)


def skips_forgotten(days: Sequence[date], count: int) -> Change:
    return Change(
        "skipped",
        say_many(
            "The dates that you have skipped are forgotten, also if you start it again: {dates}.",
            "The dates that you have skipped are forgotten, also if you start them again: {dates}.",
            count,
            dates=list(days),
        ),
    )


def ended_by_the_shop(contact: str) -> Message:
    """That this is not done here, and whom to write to."""
    if not contact:
        return say(
            "This shop ends subscriptions itself, so nothing was changed. Please write to the shop."
        )
    return say(
        "This shop ends subscriptions itself, so nothing was changed. Please write to {contact}.",
        contact=contact,
    )


def others_go_on(names: Sequence[Message]) -> Message:
    """That the others stay as they are: by name where these are few, else how many they are."""
    if len(names) > MOST_NAMED:
        return say("Your {count} other subscriptions go on.", count=len(names))
    return say_many(
        "Your other subscription goes on: {names}.",
        "Your other subscriptions go on: {names}.",
        len(names),
        names=list(names),
    )


def can_be_taken_up(count: int = 1) -> Message:
    return say_many(
        "You can start it again here at any time.",
        "You can start them again here at any time.",
        count,
    )


def no_card() -> Change:
    return Change(
        "card",
        say("There is no card for this address: without one, nothing can be charged or sent."),
    )


def rhythm_stays(found: Subscription) -> Message:
    return say("It comes {rhythm}, as before.", rhythm=rhythm_of(found))


def price_stays(price: Money | None) -> Message:
    if price is None:
        return say("What it costs is not known here. The shop can tell you.")
    return say(
        "It costs {price} each time, as before, without discounts, shipping and tax.", price=price
    )


def cheaper_anew(present: Money) -> Change:
    return Change(
        "price", say("Who subscribes to it anew pays {present} each time now.", present=present)
    )


def day_shown(day: date) -> Shown:
    return Shown("day", day.isoformat(), say("It would now come first on {date}.", date=day))
