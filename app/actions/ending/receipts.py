"""What customers get by mail when a subscription has ended, or goes on again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from app.actions.effect import Effect
from app.actions.ending.beside import comes_beside, memberships_beside
from app.actions.ending.told import STILL_COMES
from app.actions.products.texts import name_of
from app.actions.receipts import NOTHING_ARRIVES, Link, Receipt, ReceiptKind
from app.actions.situation import Situation
from app.i18n import Message, say
from app.recharge import Subscription
from app.retention import rules_for, withdrawal_ends

ARRIVES: Final = frozenset(STILL_COMES)
"""Changes that tell of what still comes, by name."""
_OF_OTHERS: Final = frozenset({"rest"})
"""Changes that tell of a delivery's other things. A receipt says what goes on instead."""


def page_of(subscription: Subscription) -> str:
    """The page of a subscription in the portal."""
    return f"/subscriptions/{subscription.id}"


def about(subscription: Subscription) -> str:
    """What a receipt is about, as `Receipt.about` has it."""
    return f"subscription {subscription.id}"


def active_beside(situation: Situation, found: Subscription) -> Mapping[str, Message]:
    """The names of the customer's other active subscriptions, by what they are about."""
    return {
        about(one): name_of(one)
        for one in situation.snapshot.subscriptions
        if one.id != found.id and one.status == "active"
    }


def of_cancelling(situation: Situation, found: Subscription, effect: Effect) -> Receipt:
    """The receipt of an end.

    effect: of the action that ends it
    """
    name = name_of(found)
    links: tuple[Link, ...] = ()
    if situation.snapshot.shop.allows("reactivate_subscription"):
        links = (Link(say("Start {name} again", name=name), page_of(found)),)
    snapshot = situation.snapshot
    last = withdrawal_ends(rules_for(snapshot, found), found, situation.plan, snapshot)
    hints: tuple[Message, ...] = ()
    if last is not None and situation.today <= last:
        hints = (
            say(
                "Until {date} you may also withdraw from {name}, and get back what you have paid.",
                date=last,
                name=name,
            ),
        )
        links = (*links, Link(say("Withdraw from {name}", name=name), "/withdraw"))
    arrives = [change.text for change in effect.changes if change.name in ARRIVES]
    comes = comes_beside(situation, found.address_id)
    if not arrives and not comes:
        arrives = [NOTHING_ARRIVES]
    return Receipt(
        kind=ReceiptKind.CANCELLED,
        about=about(found),
        title=say("Your subscription to {name} is cancelled", name=name),
        if_open=say("{name} is not cancelled", name=name),
        changes=tuple(
            change.text for change in effect.changes if change.name not in ARRIVES | _OF_OTHERS
        ),
        arrives=tuple(arrives),
        comes=comes or None,
        goes_on={**active_beside(situation, found), **memberships_beside(situation)} or None,
        hints=hints,
        links=links,
    )


def of_reactivating(found: Subscription, effect: Effect) -> Receipt:
    """The receipt of a subscription that goes on again.

    effect: of the action that takes it up
    """
    name = name_of(found)
    return Receipt(
        kind=ReceiptKind.ACTIVE,
        about=about(found),
        title=say("Your subscription to {name} is active again", name=name),
        if_open=say("{name} is not active", name=name),
        changes=tuple(change.text for change in effect.changes),
        stays=effect.stays,
        links=(Link(say("To your subscription to {name}", name=name), page_of(found)),),
    )
