"""The service is killed while addresses become one: after it has started again nothing is double,
and the customer is told where it stands."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Literal

import pytest

from app.actions import MergeAddresses, Result, Services, StepStatus, activities, perform, steps_of
from app.actions.steps import SENT_FOR
from app.recharge import NotFound
from tests.actions.cases.addresses import (
    CHANGE_ADDRESS,
    DELETE,
    MERGE,
    NEXT,
    ONETIME,
    empty_address,
    read,
    something_once,
)
from tests.actions.shop import Shop, press
from tests.state.page import MARA, opened, text, until

Moment = Literal["before it is noted", "before it is sent", "after it was made", "after that"]

STEPS = ("one-time product", "subscriptions", "first address", "second address")


async def wish(shop: Shop, services: Services) -> MergeAddresses:
    """All of Mara's addresses become one: her studio, from which something comes once, and a third
    one where a subscription goes."""
    third = await empty_address(shop)
    await something_once(shop, 202, NEXT)
    await shop.client.subscriptions.change_address(303, third)
    await read(shop, services, MARA)
    await shop.forget_counters()
    return MergeAddresses(to_address_id=201, from_address_ids=(202, third))


def kill(services: Services, step: int, moment: Moment) -> None:
    """Have this process end there, in the middle of a change."""
    steps = services.journal.steps
    mark, done = steps.mark, steps.done

    def ending(
        note: Callable[..., Awaitable[None]], moments: tuple[Moment, Moment], *, of_sent: bool
    ) -> Any:
        async def noted(places: list[tuple[str, int]], *rest: Any, **more: Any) -> None:
            is_it = places[0][1] == step and (not of_sent or rest[0] is StepStatus.SENT)
            if is_it and moment == moments[0]:
                raise asyncio.CancelledError
            await note(places, *rest, **more)
            if is_it and moment == moments[1]:
                raise asyncio.CancelledError

        return noted

    before: tuple[Moment, Moment] = ("before it is noted", "before it is sent")
    after: tuple[Moment, Moment] = ("after it was made", "after that")
    steps.mark = ending(mark, before, of_sent=True)  # type: ignore[method-assign]
    steps.done = ending(done, after, of_sent=False)  # type: ignore[method-assign]


@pytest.mark.parametrize("moment", ["before it is noted", "before it is sent", "after it was made",
                                    "after that"])  # fmt: skip
@pytest.mark.parametrize("step", range(len(STEPS)), ids=STEPS)
async def test_a_restart_makes_the_rest_once_and_tells_of_it(
    step: int, moment: Moment, shop: Shop
) -> None:
    first = shop.services()
    action = await wish(shop, first)
    seen = action.effect(await shop.situation(first, 101))
    kill(first, step, moment)
    with pytest.raises(asyncio.CancelledError):
        await perform(first, MARA, action, key=press())
    made = step + (moment in ("after it was made", "after that"))
    assert sum((await shop.executed()).values()) == made

    again = shop.services()
    portal = await opened(again, MARA)
    assert "We are still checking" in text(portal.notice)
    assert {one.id for one in portal.records.addresses} >= {201}
    await shop.advance(SENT_FOR)
    await again.start()
    await until(portal, lambda: portal.notice is not None and portal.notice.tone != "info")

    assert text(portal.notice) == portal.texts.render(seen.done)
    newest = (await activities(again, MARA))[0]
    assert newest.result is Result.DONE
    assert all(one.is_done for one in await steps_of(again, MARA, newest.id))
    assert await shop.executed() == {ONETIME: 1, MERGE: 1, DELETE: 2}
    await nothing_is_double(shop, action)
    portal.close()


async def nothing_is_double(shop: Shop, action: MergeAddresses) -> None:
    """Everything goes to the one address, once, and the others are gone."""
    addresses = [one.id async for one in shop.client.addresses.list(customer_id=101)]
    assert addresses == [201]
    listed = [one async for one in shop.client.subscriptions.list(customer_id=101)]
    assert {one.address_id for one in listed} == {201}
    once = [one async for one in shop.client.onetimes.list(customer_id=101)]
    assert {one.address_id for one in once} == {201}
    assert len({one.id for one in once}) == len(once) == 2
    for id in action.from_address_ids:
        with pytest.raises(NotFound):
            await shop.client.addresses.get(id)
    queued = [one async for one in shop.client.charges.list(customer_id=101, status="queued")]
    days = [one.scheduled_at for one in queued]
    assert len(days) == len(set(days)), "one charge for each day"
    items = [line.purchase_item_id for one in queued for line in one.line_items]
    assert len(items) == len(set(items)), "nothing is charged twice"


async def test_what_has_changed_meanwhile_is_not_touched_and_is_told(shop: Shop) -> None:
    first = shop.services()
    action = await wish(shop, first)
    kill(first, 2, "before it is noted")
    with pytest.raises(asyncio.CancelledError):
        await perform(first, MARA, action, key=press())
    await shop.client.subscriptions.change_address(306, 202)  # somebody needs it after all
    await shop.mirror.customer(101).refresh()
    await shop.forget_counters()

    again = shop.services()
    portal = await opened(again, MARA)
    await shop.advance(SENT_FOR)
    await again.start()
    await until(portal, lambda: portal.notice is not None and portal.notice.tone != "info")

    assert await shop.executed() == {}
    assert "2 of 4 done" in text(portal.notice)
    assert [one.is_done for one in portal.notice.steps] == [True, True, False, False]  # type: ignore[union-attr]
    assert (await shop.client.addresses.get(202)).id == 202
    portal.close()


async def test_a_refused_merge_keeps_every_address(shop: Shop, services: Services) -> None:
    """Steps build on each other: no address is deleted from which nothing has gone."""
    action = await wish(shop, services)
    portal = await opened(services, MARA)
    await shop.fault("POST", "/addresses/merge", "422", times=9)

    await portal.do(action)

    assert "1 of 4 done" in text(portal.notice)
    assert await shop.executed() == {ONETIME: 1}
    assert len([one async for one in shop.client.addresses.list(customer_id=101)]) == 3
    assert CHANGE_ADDRESS not in await shop.executed()
    portal.close()
