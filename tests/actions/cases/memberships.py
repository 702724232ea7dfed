"""Ending a membership, and taking it up again."""

from __future__ import annotations

from app.actions import (
    Action,
    CancelMembership,
    CancelTogether,
    MembershipAction,
    Principal,
    ReactivateMembership,
    Services,
    Which,
    perform,
)
from app.recharge import Membership
from tests.actions.case import Case
from tests.actions.shop import Shop, press, signed_in, without

MARA, ELENA, SAM = signed_in(101), signed_in(105), signed_in(106)
CANCEL = "POST /memberships/{id}/cancel"
ACTIVATE = "POST /memberships/{id}/activate"


async def membership_of(shop: Shop, services: Services, who: Principal) -> Membership:
    """The customer's only membership, in a shop that has such a thing."""
    await shop.switch(enable_membership_programs=True)
    await shop.mirror.customer(who.customer_id).snapshot()
    await shop.mirror.customer(who.customer_id).refresh()
    await shop.mirror.settled()
    (found,) = (await shop.situation(services, who.customer_id)).snapshot.memberships
    return found


async def cancel(shop: Shop, services: Services, who: Principal) -> CancelMembership:
    found = await membership_of(shop, services, who)
    return CancelMembership(membership_id=found.id, reason="It costs too much", comments="Sorry.")


async def reactivate(shop: Shop, services: Services, who: Principal) -> ReactivateMembership:
    found = await membership_of(shop, services, who)
    return ReactivateMembership(membership_id=found.id)


async def reactivate_after(shop: Shop, services: Services, who: Principal) -> ReactivateMembership:
    """One that was cancelled a moment ago."""
    ending = await cancel(shop, services, who)
    back = ending.inverse(await shop.situation(services, who.customer_id))
    assert back is not None
    await perform(services, who, ending, key=press())
    return back


async def cancel_both(shop: Shop, services: Services, who: Principal) -> CancelTogether:
    found = await membership_of(shop, services, who)
    hers = Which(address_id=201, subscription_id=302)
    return CancelTogether(subscriptions=(hers,), memberships=(found.id,), reason="Too much")


async def both_cancelled_already(shop: Shop, action: Action) -> None:
    """Somebody else has ended the membership."""
    assert isinstance(action, CancelTogether)
    await shop.client.memberships.cancel(
        action.memberships[0], cancellation_reason="By telephone", cancel_immediately=True
    )


async def cancelled_already(shop: Shop, action: Action) -> None:
    """Somebody else has ended it."""
    assert isinstance(action, MembershipAction)
    await shop.client.memberships.cancel(
        action.membership_id, cancellation_reason="By telephone", cancel_immediately=True
    )


async def active_already(shop: Shop, action: Action) -> None:
    """Somebody else has taken it up."""
    assert isinstance(action, MembershipAction)
    await shop.client.memberships.activate(action.membership_id)


# Cancelling again gives another moment of cancelling.
CASES: tuple[Case, ...] = (
    Case("cancel a membership", MARA, cancel, CANCEL, cancelled_already),
    Case(
        "cancel a subscription and a membership",
        MARA,
        cancel_both,
        CANCEL,
        both_cancelled_already,
        restores=without("cancelled_at"),
    ),
    Case(
        "reactivate a membership that is paid for",
        SAM,
        reactivate,
        ACTIVATE,
        active_already,
        restores=without("cancelled_at"),
    ),
    # It ends on another day than it did.
    Case(
        "reactivate a membership that has ended",
        ELENA,
        reactivate,
        ACTIVATE,
        active_already,
        restores=without("cancelled_at", "expires_at"),
    ),
    Case(
        "reactivate a membership cancelled a moment ago",
        MARA,
        reactivate_after,
        ACTIVATE,
        active_already,
        restores=without("cancelled_at"),
    ),
)
