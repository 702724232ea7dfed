"""What is shown before it is confirmed: not an end, from whichever press it comes."""

from __future__ import annotations

from app.actions import CancelSeveral, ReactivateSubscription, TakeBack, TryTheRest, which
from app.actions.listed import Listed
from app.state import Portal, try_rest
from app.state.wishes import Wish
from tests.actions.shop import TODAY, Shop, signed_in
from tests.state.leaving import leaving, status_upstream, tab
from tests.state.page import opened

TEXAS = signed_in(106)


def statuses(portal: Portal) -> dict[int, str]:
    return {one.key: one.status for one in portal.subscriptions}


def followed(portal: Portal) -> list[tuple[dict[int, str], set[int]]]:
    """What the page says from now on: of each subscription, and what is marked as open."""
    seen: list[tuple[dict[int, str], set[int]]] = []
    portal.changed.subscribe(
        lambda: seen.append(
            (statuses(portal), {one.key for one in portal.subscriptions if one.is_pending})
        )
    )
    return seen


async def test_the_end_of_several_is_shown_when_it_is_read(shop: Shop) -> None:
    page = await tab(leaving(shop), TEXAS, 318)
    seen = followed(page.portal)
    await page.way.ending.choose(is_all=True)
    await page.way.end()

    assert seen[0] == (dict.fromkeys((318, 319, 320, 321), "active"), {318, 319, 320, 321})
    assert seen[-1] == (dict.fromkeys((318, 319, 320, 321), "cancelled"), set())
    page.close()


async def test_the_rest_of_it_is_shown_when_it_is_read(shop: Shop) -> None:
    portal = await opened(leaving(shop), TEXAS)
    records = [one.subscription for one in portal.subscriptions]
    await shop.fault("POST", "/subscriptions/320/cancel", "422")
    await portal.do(CancelSeveral.of(subscriptions=tuple(map(which, records))))
    assert statuses(portal)[320] == "active"
    assert portal.notice is not None
    assert portal.notice.activity_id is not None
    await shop.fault("POST", "/subscriptions/320/cancel", "422")
    seen = followed(portal)
    await try_rest(portal, portal.notice.activity_id)

    assert any(320 in pending for _, pending in seen)
    assert {known[320] for known, _ in seen} == {"active"}
    assert await status_upstream(shop, 320) == "active"
    portal.close()


async def test_undoing_a_fresh_start_is_an_end_too(shop: Shop) -> None:
    page = await tab(leaving(shop))
    await page.way.end()
    assert page.way.reactivation is not None
    await page.way.reactivation.confirm()
    await shop.fault("POST", "/subscriptions/310/cancel", "422", times=9)
    seen = followed(page.portal)
    await page.portal.undo()

    assert {known[310] for known, _ in seen} == {"active"}
    assert await status_upstream(shop) == "active"
    page.close()


def test_what_is_made_of_parts_is_awaited_where_one_of_them_is() -> None:
    back = ReactivateSubscription(address_id=203, subscription_id=310, date=TODAY)
    end = {"action": "cancel subscription", "input": {"address_id": 203, "subscription_id": 310}}
    assert Wish(back).is_shown
    assert Wish(TakeBack.of_steps([back])).is_shown
    rest = {"activity_id": "a", "numbers": (0, 1), "texts": ({}, {}), "goes_on": True}
    both = TryTheRest(listed=(Listed.of(back), Listed(**end)), **rest)  # type: ignore[arg-type]
    assert not Wish(both).is_shown
