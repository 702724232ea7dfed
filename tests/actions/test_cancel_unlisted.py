"""What is not in the customer's list is not cancelled by that: it may be unreadable, or the list
may be refused."""

from __future__ import annotations

import pytest

from app.actions import (
    Action,
    ActionError,
    CancelSeveral,
    NothingKnown,
    Principal,
    Result,
    Services,
    WithdrawFromSubscription,
    activities,
    find_activity,
    perform,
    which,
)
from app.recharge import SubscriptionStatus
from tests.actions.cases.cancel import cancel_first
from tests.actions.cases.memberships import MARA, cancel
from tests.actions.cases.withdraw import HIS, moves_to_berlin
from tests.actions.shop import Shop, press, signed_in
from tests.actions.test_cancel_faults import is_called_cancelled
from tests.actions.test_every_action import known

JONAS, SAM = signed_in(102), signed_in(106)


async def unreadable(shop: Shop, who: Principal) -> None:
    """From now on a list of subscriptions holds nothing that can be read."""
    listed = shop.client.subscriptions.list(customer_id=who.customer_id)
    records = [one.model_dump(mode="json", exclude={"include"}) async for one in listed]
    body = {"subscriptions": [{**one, "quantity": "many"} for one in records]}
    await shop.fault("GET", "/subscriptions", "500", status=200, times=99, body=body)


async def is_not_known(shop: Shop, services: Services, who: Principal, action: Action) -> str:
    """The activity that this press leaves open."""
    with pytest.raises(NothingKnown):
        await perform(services, who, action, key=press())
    (latest, *_) = await activities(services, who)
    assert latest.result is Result.UNKNOWN
    assert not is_called_cancelled(latest.text)
    assert await services.journal.receipts.of(who.customer_id, latest.id) is None
    return latest.id


@pytest.mark.parametrize("is_withdrawal", [False, True], ids=["cancelled", "withdrawn from"])
async def test_one_that_cannot_be_read_is_not_called_cancelled(
    shop: Shop, services: Services, is_withdrawal: bool
) -> None:
    action: Action = await cancel_first(shop, services, JONAS)
    if is_withdrawal:
        await moves_to_berlin(shop)
        action = WithdrawFromSubscription(**dict(HIS))
    await shop.mirror.settled()
    await shop.fault("POST", "/subscriptions/*/cancel", "500", times=99)
    await unreadable(shop, JONAS)
    await shop.fault("GET", "/subscriptions/*", "500", times=99)

    activity_id = await is_not_known(shop, services, JONAS, action)

    await shop.no_faults()
    assert (await known(services, JONAS, activity_id)).result is Result.NOT_DONE
    assert (await shop.client.subscriptions.get(310)).status == SubscriptionStatus.ACTIVE


async def test_one_that_is_read_by_itself_is_known_at_once(shop: Shop, services: Services) -> None:
    action = await cancel_first(shop, services, JONAS)
    await shop.mirror.settled()
    await unreadable(shop, JONAS)

    outcome = await perform(services, JONAS, action, key=press())

    assert is_called_cancelled(outcome.notice)
    assert (await shop.client.subscriptions.get(310)).status == SubscriptionStatus.CANCELLED


async def test_several_that_cannot_be_read_are_not_called_cancelled(
    shop: Shop, services: Services
) -> None:
    snapshot = (await shop.situation(services, 106)).snapshot
    action = CancelSeveral(subscriptions=tuple(map(which, snapshot.subscriptions[:2])))
    await shop.mirror.settled()
    await shop.fault("POST", "/subscriptions/*/cancel", "500", times=99)
    await unreadable(shop, SAM)
    with pytest.raises(ActionError) as refused:
        await perform(services, SAM, action, key=press())
    assert not is_called_cancelled(refused.value.notice)
    (latest, *_) = await activities(services, SAM)
    assert latest.result is not Result.DONE
    assert not any(step.is_done for step in latest.steps)


async def test_where_memberships_are_not_listed_none_is_called_cancelled(
    shop: Shop, services: Services
) -> None:
    action = await cancel(shop, services, MARA)
    await shop.fault("POST", "/memberships/*/cancel", "500", times=99)
    refusal = {"errors": "this store has no memberships"}
    await shop.fault("GET", "/memberships", "500", status=403, times=99, body=refusal)
    with pytest.raises(ActionError) as refused:
        await perform(services, MARA, action, key=press())
    assert not is_called_cancelled(refused.value.notice)
    (latest, *_) = await activities(services, MARA)
    await shop.no_faults()
    found = await find_activity(services, MARA, latest.id)
    assert found is not None
    assert found.result is not Result.DONE
    assert not (await shop.client.memberships.get(action.membership_id)).is_cancelled
