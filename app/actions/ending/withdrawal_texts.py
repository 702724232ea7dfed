"""What is said about withdrawing from a contract."""

from __future__ import annotations

from datetime import date

from app.actions.effect import Change
from app.i18n import Message, say


def question(name: Message) -> Message:
    return say("Withdraw from your contract for {name}?", name=name)


def confirm(name: Message) -> Message:
    return say("Withdraw from {name}", name=name)


def done(name: Message) -> Message:
    return say("You have withdrawn from your contract for {name}.", name=name)


def receipt_title(name: Message) -> Message:
    return say("You have withdrawn from your contract for {name}", name=name)


def not_withdrawn(name: Message) -> Message:
    return say("You have not withdrawn from the contract for {name}", name=name)


def paid_back(by: date) -> Change:
    return Change(
        "paid back",
        say(
            "The shop has to give back what you have paid for it, ordinary delivery included, by "
            "{date}. It may wait until it has the goods back, or proof that you sent them.",
            date=by,
        ),
    )


def sent_back(by: date) -> Change:
    return Change(
        "sent back", say("Send back by {date} what has arrived. The shop tells you where.", date=by)
    )


def withdrawn_already(name: Message, on: date | None = None) -> Message:
    if on is not None:
        return say(
            "You have withdrawn from your contract for {name} already, on {date}. Once is enough, "
            "so nothing was changed.",
            name=name,
            date=on,
        )
    return say("You have withdrawn from your contract for {name} already.", name=name)


def no_right(name: Message) -> Message:
    return say(
        "There is no right to withdraw from the contract for {name} where it is sent, so nothing "
        "was changed. You can cancel it.",
        name=name,
    )


def was_until(name: Message, last: date) -> Message:
    return say(
        "You could withdraw from the contract for {name} until {date}, so nothing was changed. "
        "You can still cancel it.",
        name=name,
        date=last,
    )


def asked_to_withdraw() -> Message:
    return say(
        "You have asked to withdraw. The shop has not answered yet, so we do not know if it has "
        "been done. We are checking, and send you a mail when it is."
    )


def not_ended() -> Message:
    return say(
        "Your withdrawal could not be made here, and nothing was changed. Please try again, or "
        "write to the shop: a mail that says so is enough."
    )
