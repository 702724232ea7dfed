"""What is said about a membership, its end, and taking it up again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.actions.effect import Change, Shown
from app.actions.names import called
from app.actions.products.texts import every
from app.i18n import Message, Money, say, say_many
from app.mirror import Snapshot
from app.recharge import Membership


def name_of(snapshot: Snapshot, found: Membership) -> Message:
    """What a membership is called: by what was bought, else by its program."""
    program = snapshot.programs.get(found.membership_program_id or 0)
    title = found.product_title or (program.name if program else "")
    return called(title, found.variant_title) if title else say("Membership")


def price_of(snapshot: Snapshot, found: Membership) -> Money | None:
    """What is paid each time; None where that is not known."""
    if found.price is None:
        return None
    currency = found.presentment_currency or snapshot.shop.currency
    return Money(found.price, currency) * found.quantity


def paid_every(found: Membership) -> Message | None:
    """How often it is paid, in words; None where that is not known."""
    count, unit = found.charge_interval_frequency, found.charge_interval_unit
    if count is None or count < 1 or unit is None or not unit.is_known:
        return None
    if unit == "year":
        return say_many("every year", "every {count} years", count)
    return every(count, str(unit))


def benefits_of(snapshot: Snapshot, found: Membership) -> list[str]:
    """What members enjoy, as far as it is known."""
    program = snapshot.programs.get(found.membership_program_id or 0)
    return [one.name for one in program.benefits if one.name] if program else []


def gone() -> Message:
    return say(
        "This membership is not there any more, so nothing was changed. "
        "Please look at what is shown now."
    )


def cancelled_already(name: Message) -> Message:
    return say("Your membership {name} is cancelled already.", name=name)


def active_already(name: Message) -> Message:
    return say("Your membership {name} is active already.", name=name)


def too_few(name: Message, wanted: int, left: int, contact: str) -> Message:
    """A merchant who may hold customers to a minimum of payments does so."""
    return say_many(
        "This shop asks for at least {wanted} payments before a membership ends. After {count} "
        "more payment of {name} you can cancel it here. Nothing was changed. If that does not "
        "suit you, please write to {contact}.",
        "This shop asks for at least {wanted} payments before a membership ends. After {count} "
        "more payments of {name} you can cancel it here. Nothing was changed. If that does not "
        "suit you, please write to {contact}.",
        left,
        wanted=wanted,
        name=name,
        contact=contact or say("the shop"),
    )


def asked_to_cancel() -> Message:
    """What is said until it was read back: never that it is cancelled."""
    return say(
        "We have asked the shop to cancel your membership, and it is not confirmed yet. "
        "We keep looking, and tell you here when it is."
    )


def not_cancelled() -> Message:
    return say(
        "Your membership was not cancelled, so it goes on as before. Please try again, or write "
        "to the shop."
    )


def not_charged(name: Message, price: Money | None, day: date | None) -> Change:
    if day is None:
        return Change("payments", say("You are not charged for {name} any more.", name=name))
    if price is None:
        text = say(
            "You are not charged for {name} any more: the payment of {date} is not taken.",
            name=name,
            date=day,
        )
    else:
        text = say(
            "You are not charged for {name} any more: {price} on {date} is not taken.",
            name=name,
            price=price,
            date=day,
        )
    return Change("payments", text)


def benefits_end(day: date | None, benefits: Sequence[str], *, at_once: bool) -> Change:
    """How long the benefits stay. `day` is the one to which they are paid."""
    if at_once:
        text = (
            say("Its benefits end now: {benefits}.", benefits=list(benefits))
            if benefits
            else say("Its benefits end now.")
        )
    elif day is None:
        text = (
            say(
                "You keep these benefits until what you have paid is used up: {benefits}.",
                benefits=list(benefits),
            )
            if benefits
            else say("You keep its benefits until what you have paid is used up.")
        )
    elif benefits:
        text = say(
            "You have paid until {date}, and keep these benefits until then: {benefits}.",
            date=day,
            benefits=list(benefits),
        )
    else:
        text = say("You have paid until {date}, and keep its benefits until then.", date=day)
    return Change("benefits end" if at_once else "benefits", text)


def payment_under_way(day: date) -> Change:
    return Change(
        "under way",
        say("The payment for {date} is under way, so it may still be taken.", date=day),
    )


def can_be_taken_up() -> Message:
    return say("You can start it again here at any time.")


def subscriptions_go_on() -> Message:
    return say("Your subscriptions go on as they are.")


def charged_again(price: Money | None, day: date, rhythm: Message | None) -> Change:
    cost = say("{price}", price=price) if price else say("a price that is not known here")
    if rhythm is None:
        text = say("You are charged {cost} on {date}.", cost=cost, date=day)
    else:
        text = say(
            "You are charged {cost} on {date}, and then {rhythm}.",
            cost=cost,
            date=day,
            rhythm=rhythm,
        )
    return Change("payments", text)


def benefits_back(benefits: Sequence[str], *, is_whole: bool) -> Change:
    """`is_whole`: they have not ended yet, so nothing is missed."""
    if is_whole:
        return Change("benefits", say("Its benefits go on without a break."))
    if benefits:
        text = say("You have its benefits again: {benefits}.", benefits=list(benefits))
    else:
        text = say("You have its benefits again.")
    return Change("benefits", text)


def no_card() -> Change:
    return Change("card", say("There is no card to charge: without one, it may end again."))


def facts(snapshot: Snapshot, found: Membership) -> tuple[Shown, ...]:
    """What a customer sees of a membership when deciding about it."""
    name, price, day = name_of(snapshot, found), price_of(snapshot, found), found.expires_at
    charged = found.next_charge_scheduled_at
    state = "cancelled" if found.is_cancelled else str(found.status)
    return (
        Shown("status", state, say("Your membership {name} is not as it was.", name=name)),
        Shown(
            "price",
            f"{price.amount:f} {price.currency}" if price else "unknown",
            say("It now costs {price} each time.", price=price)
            if price
            else say("What it costs is not known now."),
        ),
        Shown(
            "charged",
            charged.isoformat() if charged else "none",
            say("It is now charged next on {date}.", date=charged)
            if charged
            else say("No payment of it is planned now."),
        ),
        Shown(
            "until",
            day.isoformat() if day else "unknown",
            say("It is now paid until {date}.", date=day)
            if day
            else say("Until when it is paid is not known now."),
        ),
    )


def ended_by_the_shop(contact: str) -> Message:
    """That this is not done here, and whom to write to."""
    if not contact:
        return say(
            "This shop ends memberships itself, so nothing was changed. Please write to the shop."
        )
    return say(
        "This shop ends memberships itself, so nothing was changed. Please write to {contact}.",
        contact=contact,
    )


def memberships_go_on(names: Sequence[Message]) -> Message:
    """That a subscription which ends leaves these as they are."""
    return say_many(
        "Your membership goes on: {names}.",
        "Your memberships go on: {names}.",
        len(names),
        names=list(names),
    )
