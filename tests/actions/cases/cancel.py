"""Cancelling a subscription, and taking it up again."""

from __future__ import annotations

from app.actions import (
    Action,
    CancelSeveral,
    CancelSubscription,
    Principal,
    ReactivateSubscription,
    Services,
    StartSeveralAgain,
    perform,
    which,
)
from tests.actions.case import Case
from tests.actions.shop import Shop, press, signed_in, without

MARA, JONAS, PRIYA = signed_in(101), signed_in(102), signed_in(103)
TOM, ELENA, SAM = signed_in(104), signed_in(105), signed_in(106)

CANCEL = "POST /subscriptions/{id}/cancel"
ACTIVATE = "POST /subscriptions/{id}/activate"


async def cancel_first(shop: Shop, services: Services, who: Principal) -> CancelSubscription:
    """The first active one."""
    snapshot = (await shop.situation(services, who.customer_id)).snapshot
    found = next(one for one in snapshot.subscriptions if one.status == "active")
    return CancelSubscription(
        address_id=found.address_id, subscription_id=found.id, reason="Too much coffee"
    )


async def reactivate_first(
    shop: Shop, services: Services, who: Principal
) -> ReactivateSubscription:
    """The first that is cancelled."""
    snapshot = (await shop.situation(services, who.customer_id)).snapshot
    found = next(one for one in snapshot.subscriptions if one.status == "cancelled")
    return ReactivateSubscription(address_id=found.address_id, subscription_id=found.id)


async def reactivate_after(
    shop: Shop, services: Services, who: Principal
) -> ReactivateSubscription:
    """One that was cancelled a moment ago, with its old date."""
    cancel = await cancel_first(shop, services, who)
    back = cancel.inverse(await shop.situation(services, who.customer_id))
    assert back is not None
    await perform(services, who, cancel, key=press())
    return back


async def start_two_again(shop: Shop, services: Services, who: Principal) -> StartSeveralAgain:
    """The way back of the end of two, a moment ago."""
    snapshot = (await shop.situation(services, who.customer_id)).snapshot
    two = [which(one) for one in snapshot.subscriptions if one.status == "active"][:2]
    cancel = CancelSeveral(subscriptions=tuple(two))
    back = cancel.inverse(await shop.situation(services, who.customer_id))
    assert isinstance(back, StartSeveralAgain)
    await perform(services, who, cancel, key=press())
    return back


async def another_date(shop: Shop, action: Action) -> None:
    """Somebody else has moved it."""
    assert isinstance(action, CancelSubscription)
    subscriptions = shop.client.subscriptions
    found = await subscriptions.get(action.subscription_id)
    assert found.next_charge_scheduled_at is not None
    day = found.next_charge_scheduled_at.replace(year=found.next_charge_scheduled_at.year + 1)
    await subscriptions.set_next_charge_date(found.id, day, commit=True)


async def active_already(shop: Shop, action: Action) -> None:
    """Somebody else has taken it up."""
    assert isinstance(action, ReactivateSubscription)
    await shop.client.subscriptions.activate(action.subscription_id)


async def one_active_already(shop: Shop, action: Action) -> None:
    """Somebody else has taken one of them up."""
    assert isinstance(action, StartSeveralAgain)
    await shop.client.subscriptions.activate(action.listed[0].input["subscription_id"])


CASES: tuple[Case, ...] = (
    Case("cancel the only subscription", JONAS, cancel_first, CANCEL, another_date),
    # A discount that stood on the charge alone goes with it.
    Case("cancel one of many", MARA, cancel_first, CANCEL, another_date),
    Case("cancel a prepaid subscription", PRIYA, cancel_first, CANCEL, another_date),
    Case("cancel at one of two addresses", SAM, cancel_first, CANCEL, another_date),
    # Cancelling again gives another moment of cancelling.
    Case(
        "reactivate one cancelled long ago",
        ELENA,
        reactivate_first,
        ACTIVATE,
        active_already,
        restores=without("cancelled_at"),
    ),
    Case(
        "reactivate one cancelled a moment ago",
        JONAS,
        reactivate_after,
        ACTIVATE,
        active_already,
        restores=without("cancelled_at"),
    ),
    # When it was cancelled, and the reason, do not come back.
    Case(
        "start several again",
        SAM,
        start_two_again,
        ACTIVATE,
        one_active_already,
        restores=without("cancelled_at", "cancellation_reason", "cancellation_reason_comments"),
        writes=2,
    ),
)
