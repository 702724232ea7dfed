"""The words of the two ways to leave without signing in: cancelling, and withdrawing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from app.actions import (
    Action,
    CancelMembership,
    CancelSeveral,
    CancelSubscription,
    CancelTogether,
    Which,
    WithdrawFromSeveral,
    WithdrawFromSubscription,
)
from app.auth.exit_links import Purpose
from app.i18n import Message, say
from app.retention import Labels


@dataclass(frozen=True)
class Wish:
    """What somebody wants to leave.

    memberships: by their ids
    asked_on:    the day on which the link was asked for, in the shop's zone
    reason:      for the merchant; empty where none was given
    """

    subscriptions: tuple[Which, ...]
    memberships: tuple[int, ...]
    asked_on: date
    reason: str = ""


@dataclass(frozen=True)
class Way:
    """One way to leave, from its form to its result.

    path:     of its form; its links begin with it
    action:   what makes such a wish come true
    has_memberships: whether they can be left this way too
    legal:    the words that a law prescribes for the button that does it; empty where none does
    """

    purpose: Purpose
    path: str
    action: Callable[[Wish], Action]
    has_memberships: bool
    legal: Callable[[Labels], str]
    form_title: Message
    form_lead: Message
    choose_title: Message
    choose_lead: Message
    confirm_one: Message
    confirm: Message
    nothing_ticked: Message
    nothing_possible: Message
    untouched: Message
    done_title: Message
    open_title: Message
    open_text: Message
    taken_back: Message
    failed: Message
    mail_subject: Message
    mail_lead: Message
    mail_button: Message


def _cancel(wish: Wish) -> Action:
    match wish:
        case Wish(subscriptions=(one,), memberships=()):
            return CancelSubscription.of(**dict(one), reason=wish.reason)
        case Wish(subscriptions=listed, memberships=()):
            return CancelSeveral.of(subscriptions=listed, reason=wish.reason)
        case Wish(subscriptions=(), memberships=(id,)):
            return CancelMembership.of(membership_id=id, reason=wish.reason)
        case _:
            return CancelTogether.of(
                subscriptions=wish.subscriptions,
                memberships=wish.memberships,
                reason=wish.reason,
            )


def _withdraw(wish: Wish) -> Action:
    if len(wish.subscriptions) == 1:
        (one,) = wish.subscriptions
        return WithdrawFromSubscription.of(**dict(one), asked_on=wish.asked_on)
    return WithdrawFromSeveral.of(subscriptions=wish.subscriptions, asked_on=wish.asked_on)


WAYS: Final[Mapping[Purpose, Way]] = {
    "cancel": Way(
        purpose="cancel",
        path="/cancel",
        action=_cancel,
        has_memberships=True,
        legal=lambda labels: labels.confirm,
        form_title=say("Cancel a subscription"),
        form_lead=say(
            "You need not sign in. We mail you a link to a page that shows what you have, and one "
            "press there cancels it."
        ),
        choose_title=say("Cancel your subscription"),
        choose_lead=say("Nothing is cancelled yet. What is ticked ends when you press the button."),
        confirm_one=say("Cancel {name}"),
        confirm=say("Cancel what is ticked"),
        nothing_ticked=say(
            "Nothing was ticked, so nothing was changed. Tick what you want to cancel."
        ),
        nothing_possible=say("There is nothing here that can be cancelled."),
        untouched=say("What is not ticked goes on as before."),
        done_title=say("Cancelled"),
        open_title=say("Not confirmed yet"),
        open_text=say(
            "We have asked the shop to cancel, and are still waiting for the answer. It is not "
            "cancelled until this page says so."
        ),
        taken_back=say(
            "You cancelled on {moment}, and that was done. Since then it was started again."
        ),
        failed=say("Nothing is cancelled."),
        mail_subject=say("Cancel your subscription"),
        mail_lead=say(
            "Somebody, most likely you, wants to cancel a subscription of yours. Open this link to "
            "see what would be cancelled: one press there does it. The link works for 24 hours."
        ),
        mail_button=say("See and cancel"),
    ),
    "withdraw": Way(
        purpose="withdraw",
        path="/withdraw",
        action=_withdraw,
        has_memberships=False,
        legal=lambda labels: labels.confirm_withdrawal,
        form_title=say("Withdraw from a contract"),
        form_lead=say(
            "In the first 14 days after it has arrived you can withdraw from what you bought, "
            "without a reason, and get your money back. You need not sign in: we mail you a link."
        ),
        choose_title=say("Withdraw from your contract"),
        choose_lead=say(
            "Nothing has happened yet. You withdraw from what is ticked when you press the button."
        ),
        confirm_one=say("Confirm withdrawal here"),
        confirm=say("Confirm withdrawal here"),
        nothing_ticked=say(
            "Nothing was ticked, so nothing was changed. Tick what you want to withdraw from."
        ),
        nothing_possible=say("There is nothing here that you can withdraw from any more."),
        untouched=say("What is not ticked goes on as before."),
        done_title=say("You have withdrawn"),
        open_title=say("Not confirmed yet"),
        open_text=say(
            "We are telling the shop that you withdraw, and are still waiting for the answer. Load "
            "this page again in a moment to see how it stands."
        ),
        taken_back=say(
            "You withdrew on {moment}, and the shop was told. Since then it was started again."
        ),
        failed=say("Your withdrawal was not made."),
        mail_subject=say("Withdraw from your contract"),
        mail_lead=say(
            "Somebody, most likely you, wants to withdraw from a purchase of yours. Open this link "
            "to see what that means: one press there does it. The link works for 24 hours."
        ),
        mail_button=say("See and withdraw"),
    ),
}


def way_of(purpose: Purpose, *, has_memberships: bool) -> Way:
    """A way to leave, in the words for whoever may want to leave a membership that way."""
    way = WAYS[purpose]
    if not (has_memberships and way.has_memberships):
        return way
    return replace(
        way,
        form_title=say("Cancel a subscription or membership"),
        mail_subject=say("Cancel your subscription or membership"),
        mail_lead=say(
            "Somebody, most likely you, wants to cancel a subscription or membership of yours. "
            "Open this link to see what would be cancelled: one press there does it. The link "
            "works for 24 hours."
        ),
    )
