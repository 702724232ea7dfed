"""What stands on the page of a quick link before it is pressed: what will happen, in the action's
own words, and nothing of the customer's beside it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

from app.actions import (
    Action,
    ActionError,
    AddOnetime,
    DelayDelivery,
    DelaySubscription,
    Effect,
    NotPossible,
    Principal,
    Services,
    Situation,
    Stale,
    SwitchedOff,
    UnknownObject,
    needs_step_up,
    preview,
)
from app.actions.claim import body_of
from app.actions.names import called
from app.actions.quick.discreet import discreet, speaks_of
from app.actions.quick.meant import action_of, address_of, skipped_before
from app.actions.quick.wishes import What, Wish
from app.actions.write import current
from app.i18n import Message, Texts, say, say_many

_PLACES: Final = {What.REACTIVATE: "/subscriptions/{id}", What.UPDATE_CARD: "/payment-methods"}


@dataclass(frozen=True)
class Offer:
    """What a press will do.

    revision: of what is shown, for `perform`
    before:   what to say first: that an earlier delivery, which the mail may have meant, is skipped
    """

    action: Action
    effect: Effect
    revision: str
    title: Message
    before: Message | None

    @property
    def seen(self) -> str:
        """Stands for the action and all that is shown of it: when either changes, this does."""
        text = f"{body_of(self.action, None)} {self.revision}"
        return hashlib.sha256(text.encode()).hexdigest()[:32]


@dataclass(frozen=True)
class NoOffer:
    """Why nothing can be pressed.

    needs_code: it can be done by who shows first that they are the customer
    contact:    the address to write to; empty where that is no help
    """

    why: Message
    needs_code: bool = False
    contact: str = ""


async def offer_of(
    services: Services, principal: Principal, wish: Wish, texts: Texts
) -> Offer | NoOffer:
    """What a press of the link would do now, or why there is nothing to press.

    Raises:
        ActionError: the customer's records cannot be had now.
        RechargeError, MirrorError: the same.
    """
    try:
        situation = await current(services, principal.customer_id)
    except UnknownObject:
        return NoOffer(_gone())
    contact = situation.plan.contact or situation.snapshot.shop.email
    try:
        action = action_of(wish, situation)
        if await needs_step_up(services, principal, action, situation):
            action.check_owner(situation)
            action.check_offered(situation)
            return NoOffer(_needs_code(), needs_code=True)
        seen = await preview(services, principal, action)
        shown = discreet(situation, address_of(action), texts.t("your address"))
        effect = action.effect(shown)
    except UnknownObject:
        return NoOffer(_gone())
    except SwitchedOff as error:
        return NoOffer(error.notice, contact=contact)
    except NotPossible as error:
        return NoOffer(sayable(error, situation))
    return Offer(
        action=action,
        effect=effect,
        revision=seen.revision,
        title=_title(action, effect, shown),
        before=_skipped(wish, situation),
    )


def sayable(error: ActionError, situation: Situation) -> Message:
    """What to say of a refusal to whoever holds the link: not where the customer lives now, nor
    what they pay with."""
    if isinstance(error, Stale):
        return Stale().notice  # what has changed is told by the page itself
    if speaks_of(error.notice, situation):
        return ActionError().notice
    return error.notice


def place_of(wish: Wish) -> str:
    """Where in the account the same can be done, and more."""
    return _PLACES.get(wish.what, "/").format(id=wish.subscription)


def _title(action: Action, effect: Effect, situation: Situation) -> Message:
    """The question of the page, where the action's own is about a choice that the mail has made."""
    match action:
        case DelaySubscription():
            found = situation.snapshot.subscription(action.subscription_id)
            assert found is not None  # noqa: S101 - its effect was told of it
            return say_many(
                "Move {item} by {count} week?",
                "Move {item} by {count} weeks?",
                action.count,
                item=called(found.product_title, found.variant_title, found.quantity),
            )
        case DelayDelivery():
            return say_many(
                "Move your delivery of {date} by {count} week?",
                "Move your delivery of {date} by {count} weeks?",
                action.count,
                date=action.date,
            )
        case AddOnetime():
            added = effect.change("items")
            assert added is not None and added.after is not None  # noqa: S101, PT018 - see its effect
            return say(
                "Add {items} to your delivery of {date}?", items=added.after, date=action.date
            )
        case _:
            return effect.question


def _skipped(wish: Wish, situation: Situation) -> Message | None:
    """A mail that was written before says "your next delivery" of one that is skipped by now."""
    skipped = skipped_before(wish, situation)
    if not skipped:
        return None
    return say(
        "Your delivery of {date} is skipped already. This is about the one after it.",
        date=skipped[-1].date,
    )


def _gone() -> Message:
    return say("What this link is about is not there any more. Nothing was changed.")


def _needs_code() -> Message:
    return say(
        "Ordering takes money, so the shop wants to be sure that it is you. Sign in with a code "
        "that we send to your mailbox, and order in your account. Nothing was ordered so far."
    )
