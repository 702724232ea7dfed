"""Whatever Recharge answers to a cancellation: never "cancelled" while it is active, and never
active while it was called cancelled."""

from __future__ import annotations

from typing import Any

import pytest

from app.actions import (
    ActionError,
    CancelSeveral,
    NothingKnown,
    Result,
    Services,
    activities,
    perform,
    which,
)
from app.i18n import Message, Texts
from tests.actions.cases.cancel import cancel_first
from tests.actions.shop import Shop, press, signed_in
from tests.actions.test_every_action import FAULTS, known

JONAS, SAM = signed_in(102), signed_in(106)
ENGLISH = Texts("en")
CANCEL = "/subscriptions/*/cancel"
WRITES: dict[str, dict[str, Any] | None] = {
    "answered": None,
    **FAULTS,
    "HTML and done": {"kind": "html", "executes": True},
    "409 and done": {"kind": "409", "executes": True},
    "422 and done": {"kind": "422", "executes": True},
    "422 for a while": {"kind": "422", "times": 9},
    "500 for a while": {"kind": "500", "times": 9},
    "answered as done and not done": {"kind": "500", "status": 200, "body": {}},
}

each_write = pytest.mark.parametrize("write", WRITES)
read_or_not = pytest.mark.parametrize("is_read", [True, False], ids=["read", "unread"])


def is_called_cancelled(words: Message) -> bool:
    text = ENGLISH.render(words)
    return "is cancelled" in text or "are cancelled" in text


async def plan(shop: Shop, write: str, is_read: bool, subscription_id: int) -> None:
    """What goes wrong at the write, and whether anything can be read after it."""
    fault = WRITES[write]
    if fault is not None and "body" in fault:
        record = await shop.client.subscriptions.get(subscription_id)
        claimed = record.model_dump(mode="json", exclude={"include"})
        claimed |= {"status": "cancelled", "cancelled_at": "2026-11-23T12:00:00+00:00"}
        claimed["next_charge_scheduled_at"] = None
        fault = fault | {"body": {"subscription": claimed}}
    if fault is not None:
        await shop.fault("POST", CANCEL, **fault)
    if not is_read:
        await shop.fault("GET", "/**", "500", times=999)


async def shown(shop: Shop, services: Services, customer_id: int) -> list[str]:
    """The statuses that a page shows."""
    snapshot = (await shop.situation(services, customer_id)).snapshot
    return [str(one.status) for one in snapshot.subscriptions]


async def in_the_shop(shop: Shop, customer_id: int) -> list[str]:
    """The statuses in Recharge."""
    listed = shop.client.subscriptions.list(customer_id=customer_id)
    return [str(one.status) async for one in listed]


@each_write
@read_or_not
async def test_it_is_called_cancelled_once_it_is_and_that_was_read(
    write: str, is_read: bool, shop: Shop, services: Services
) -> None:
    action = await cancel_first(shop, services, JONAS)
    await shop.mirror.settled()
    await plan(shop, write, is_read, action.subscription_id)

    is_confirmed = False
    try:
        outcome = await perform(services, JONAS, action, key=press())
        words, activity_id, is_confirmed = outcome.notice, outcome.activity_id, outcome.is_confirmed
    except ActionError as error:
        words, activity_id = error.notice, error.activity_id or ""
    seen = await shown(shop, services, 102)
    assert is_called_cancelled(words) == is_confirmed
    assert is_confirmed <= is_read
    assert (seen == ["cancelled"]) <= is_read
    (latest, *_) = await activities(services, JONAS)
    assert is_called_cancelled(latest.text) == (latest.result is Result.DONE)

    await shop.no_faults()
    activity = await known(services, JONAS, activity_id)

    (status,) = await in_the_shop(shop, 102)
    assert (status == "cancelled") == (activity.result is Result.DONE)
    assert is_called_cancelled(activity.text) == (status == "cancelled")
    assert status == "cancelled" or not is_confirmed
    assert await shown(shop, services, 102) == [status]


@pytest.mark.parametrize("write", ["answered", "answered as done and not done", "500 and done"])
@read_or_not
async def test_several_are_called_cancelled_once_all_are_and_that_was_read(
    write: str, is_read: bool, shop: Shop, services: Services
) -> None:
    snapshot = (await shop.situation(services, 106)).snapshot
    both = snapshot.subscriptions[:2]
    action = CancelSeveral(subscriptions=tuple(which(one) for one in both))
    await shop.mirror.settled()
    await plan(shop, write, is_read, both[0].id)

    try:
        words = (await perform(services, SAM, action, key=press())).notice
    except ActionError as error:
        words = error.notice
        assert not is_called_cancelled(words)
    if not is_read:
        assert not is_called_cancelled(words)
        assert "cancelled" not in await shown(shop, services, 106)

    await shop.no_faults()
    (latest, *_) = await activities(services, SAM)
    activity = await known(services, SAM, latest.id)
    are_cancelled = (await in_the_shop(shop, 106)).count("cancelled") == len(both)
    assert are_cancelled == (activity.result is Result.DONE)
    assert is_called_cancelled(activity.text) == are_cancelled
    assert sorted(await shown(shop, services, 106)) == sorted(await in_the_shop(shop, 106))


async def test_what_is_not_read_back_is_said_so_and_pressing_again_is_safe(shop: Shop) -> None:
    services = shop.services(settle_after=(3600.0,))
    action = await cancel_first(shop, services, JONAS)
    await shop.mirror.settled()
    await plan(shop, "answered", False, action.subscription_id)
    key = press()

    with pytest.raises(NothingKnown) as unclear:
        await perform(services, JONAS, action, key=key)
    assert "We have asked the shop to cancel your subscription" in str(unclear.value.notice)
    with pytest.raises(NothingKnown) as again:
        await perform(services, JONAS, action, key=key)
    assert again.value.notice == unclear.value.notice

    await shop.no_faults()
    with pytest.raises(ActionError) as late:
        await perform(services, JONAS, action, key=press())
    assert is_called_cancelled(late.value.notice)
    outcome = await perform(services, JONAS, action, key=key)
    assert outcome.is_confirmed
    assert outcome.undo_until is not None
    assert (await shop.executed()) == {"POST /subscriptions/{id}/cancel": 1}
