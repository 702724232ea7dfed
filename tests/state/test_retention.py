"""The way out: each step, and that nothing is done or called done before it is so."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from app.actions import Result, activities
from app.i18n import Texts
from app.retention import Decision, Incentive
from app.state import Contact, SwapQuestion
from tests.actions.shop import Shop, signed_in
from tests.state.leaving import Tab, leaving, recorded, status_upstream, tab
from tests.state.page import JONAS

MAINE, TEXAS, CALIFORNIA, FRANCE = signed_in(101), signed_in(106), signed_in(108), signed_in(107)


async def test_in_two_presses_where_the_law_wants_it(shop: Shop) -> None:
    services = leaving(shop, reason="required")
    page = await tab(services, FRANCE, 322)

    assert not page.way.rules.may_offer
    assert (page.step, page.way.is_reason_needed) == ("confirm", False)
    assert page.way.ending.preview is not None
    await page.way.end()

    assert page.step == "done"
    assert page.way.take_destination() == "/subscriptions/322/cancel/done"
    assert page.way.take_destination() is None
    assert await status_upstream(shop, 322) == "cancelled"
    assert page.words.startswith("Your subscription to Ethiopia Guji Natural")
    assert page.words.endswith("is cancelled.")
    [flow] = await recorded(services)
    assert (flow.decision, flow.presses, flow.region) == (Decision.CANCELLED, 2, "FR")
    assert flow.activity_id == (await activities(services, FRANCE))[0].id
    assert page.way.receipt is not None
    assert page.way.reactivation is not None
    page.close()


async def test_step_by_step_with_a_reason_and_no_offer(shop: Shop) -> None:
    services = leaving(shop)
    page = await tab(services)
    assert page.step == "reason"
    assert await page.goes_on("other") == "/subscriptions/310/cancel/confirm"
    assert page.step == "confirm"
    await page.way.write("It was good while it lasted.")
    await page.way.end()

    found = await shop.client.subscriptions.get(310)
    assert str(found.status) == "cancelled"
    assert found.cancellation_reason == "Another reason"
    assert found.cancellation_reason_comments == "It was good while it lasted."
    [flow] = await recorded(services)
    assert (flow.reason, flow.comments) == ("other", "It was good while it lasted.")
    assert (flow.decision, flow.offer, flow.presses) == (Decision.CANCELLED, None, 3)
    page.close()


async def swap(page: Tab) -> None:
    assert isinstance(page.question, SwapQuestion)
    await page.portal.services.mirror.settled()
    chosen = page.question.offerings[0].variant.external_variant_id
    await page.question.choose(variant_id=chosen)


async def other_rhythm(page: Tab) -> None:
    question: Any = page.question
    plan = next(plan for plan in question.plans if not question.is_now(plan))
    await question.choose(plan_id=plan.id)


async def give(page: Tab) -> None:
    question: Any = page.question
    await question.draft.choose(
        first_name="Ada", last_name="Holm", address1="4 Quay Street",
        city="Portland", province="Maine", zip="04101",
    )  # fmt: skip
    await question.choose(email="ada@example.com")


WRITES = {
    "too-much": (Incentive.SKIP, "POST /charges/{id}/skip"),
    "not-yet": (Incentive.DELAY, "POST /subscriptions/{id}/set_next_charge_date"),
    "away": (Incentive.PAUSE, "POST /subscriptions/{id}/set_next_charge_date"),
    "something-else": (Incentive.SWAP, "PUT /subscriptions/{id}"),
    "price": (Incentive.DISCOUNT, "PUT /addresses/{id}"),
    "too-often": (Incentive.RHYTHM, "PUT /subscriptions/{id}"),
    "for-a-friend": (Incentive.GIFT, "POST /purchase_items/skip_gift"),
    "moving": (Incentive.ADDRESS, "POST /subscriptions/{id}/change_address"),
}
CHOICES = {"something-else": swap, "too-often": other_rhythm, "for-a-friend": give}


@pytest.mark.parametrize("key", WRITES)
async def test_each_offer_is_carried_out_by_its_action(shop: Shop, key: str) -> None:
    services = leaving(shop)
    offer, route = WRITES[key]
    who, subscription_id = (TEXAS, 320) if offer is Incentive.ADDRESS else (JONAS, 310)
    page = await tab(services, who, subscription_id)
    await services.mirror.settled()
    assert await page.goes_on(key) == f"/subscriptions/{subscription_id}/cancel/{key}"

    assert page.step == "offer"
    assert page.way.ending.preview is not None  # the end stands beside it
    if key in CHOICES:
        await CHOICES[key](page)
    assert page.question.preview is not None
    assert await shop.executed() == {}
    await page.question.confirm()

    assert route in await shop.executed()
    assert await status_upstream(shop, subscription_id) == "active"
    assert page.way.take_destination() == f"/subscriptions/{subscription_id}"
    [flow] = await recorded(services)
    assert (flow.decision, flow.offer, flow.saved_by) == (Decision.SAVED, offer, offer)
    assert flow.offered_at is not None
    assert flow.presses == 3
    done = (await activities(services, who))[0]
    assert (done.id, done.result) == (flow.activity_id, Result.DONE)

    await page.way.arrive("reason")  # another wish to leave
    assert (page.step, page.way.reason, page.way.comments) == ("reason", None, "")
    await page.way.end()
    assert [flow.decision for flow in await recorded(services)] == ["saved", "cancelled"]
    page.close()


async def test_somebody_to_write_to(shop: Shop) -> None:
    services = leaving(shop)
    page = await tab(services)
    await page.goes_on("damaged")
    assert page.way.offer == Contact("hello@northbound.example.com")
    await page.way.wrote()

    [flow] = await recorded(services)
    assert (flow.decision, flow.offer, flow.presses) == (None, Incentive.CONTACT, 3)
    assert await shop.executed() == {}
    page.close()


async def test_what_is_not_possible_is_not_offered(shop: Shop) -> None:
    await shop.switch(edit_shipping_address=False)
    services = leaving(shop)
    page = await tab(services)
    assert await page.goes_on("moving") == "/subscriptions/310/cancel/confirm"
    assert (page.step, page.way.offer) == ("confirm", None)
    await page.way.arrive("offer", "moving")  # by its address
    assert page.step == "confirm"
    [flow] = await recorded(services)
    assert (flow.offer, flow.offered_at) == (None, None)
    page.close()


async def test_the_hold_out_gets_no_offer(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    services = leaving(shop, hold_out=1)
    page = await tab(services)
    assert await page.goes_on("too-much") == "/subscriptions/310/cancel/confirm"
    await page.way.arrive("offer", "too-much")
    assert (page.step, page.way.offer) == ("confirm", None)
    await page.way.end()
    [flow] = await recorded(services)
    assert (flow.group, flow.offer, flow.decision) == ("hold-out", None, Decision.CANCELLED)
    page.close()


async def test_a_reason_is_asked_for_kindly_where_the_law_lets_it(shop: Shop) -> None:
    page = await tab(leaving(shop, reason="required"))
    assert page.way.is_reason_needed
    assert await page.way.go_on() == "/subscriptions/310/cancel"
    assert page.way.missing is not None
    await page.way.choose(None)
    assert page.way.missing is None
    await page.way.end()
    assert page.way.missing is not None
    assert "Nothing was changed" in str(page.way.missing)
    assert await shop.executed() == {}
    assert not page.way.is_busy

    other = await tab(page.portal.services)
    await other.way.choose(other.reason("other"))
    await page.way.end()  # a reason was given in another tab
    assert page.step == "done"
    page.close()
    other.close()


async def test_a_reason_is_not_needed_where_the_law_forbids_it(shop: Shop) -> None:
    page = await tab(leaving(shop, reason="required"), CALIFORNIA, 326)
    assert (page.step, page.way.is_reason_needed) == ("reason", False)
    await page.way.end()
    assert page.step == "done"
    assert await status_upstream(shop, 326) == "cancelled"
    page.close()


async def test_what_was_said_is_there_in_another_tab_and_on_another_day(shop: Shop) -> None:
    services = leaving(shop)
    page = await tab(services)
    await page.way.choose(page.reason("too-much"))
    other = await tab(services)
    assert other.way.reason == other.reason("too-much")
    await other.way.write("The cellar is full.")
    await page.way.choose(page.reason("not-yet"))  # and does not unsay what the other tab has
    await page.way.arrive("confirm")
    assert page.way.comments == "The cellar is full."
    page.close()
    other.close()

    await shop.advance(timedelta(hours=20))
    later = await tab(services)
    assert (later.way.reason, later.way.comments) == (
        later.reason("not-yet"),
        "The cellar is full.",
    )
    assert len(await recorded(services)) == 1
    await shop.advance(timedelta(hours=20))
    await later.way.arrive("reason")  # that one was left; this is another
    assert (later.way.reason, later.way.comments) == (None, "")
    assert [flow.decision for flow in await recorded(services)] == [None, None]
    later.close()


async def test_an_unknown_reason_in_the_address_is_none(shop: Shop) -> None:
    page = await tab(leaving(shop))
    await page.way.arrive("offer", "no-such-reason")
    assert (page.step, page.way.reason) == ("confirm", None)
    page.close()


async def test_leaving_in_the_middle_changes_nothing(shop: Shop) -> None:
    services = leaving(shop)
    for key in WRITES:
        page = await tab(services)
        await page.goes_on(key)
        page.close()
    assert await shop.executed() == {}
    assert await status_upstream(shop) == "active"
    [flow] = await recorded(services)
    assert (flow.decision, flow.reason) == (None, "moving")


async def test_coming_back_to_an_offer_keeps_what_was_chosen_there(shop: Shop) -> None:
    page = await tab(leaving(shop))
    await page.goes_on("not-yet")
    question: Any = page.question
    await question.choose(delay=question.delays[1])
    await page.way.arrive("reason")
    assert page.step == "reason"
    await page.way.arrive("offer", "not-yet")
    same: Any = page.question
    assert same is question
    assert question.delay is question.delays[1]

    await shop.client.subscriptions.cancel(310, cancellation_reason="the merchant")
    await shop.advance(timedelta(minutes=2))
    await page.way.arrive("offer", "not-yet")
    assert page.step == "done"
    page.close()


async def test_all_at_once(shop: Shop) -> None:
    services = leaving(shop)
    page = await tab(services, TEXAS, 318)
    assert {one.key for one in page.way.ending.others} == {319, 320, 321}
    await page.way.choose(page.reason("other"))
    await page.way.write("The cellar is full.")
    await page.way.ending.choose(is_all=True)
    await page.way.end()

    assert page.step == "done"
    assert Texts("en").render(page.way.over_text) == "4 subscriptions are cancelled"
    for id in (318, 319, 320, 321):
        assert await status_upstream(shop, id) == "cancelled"
        found = await shop.client.subscriptions.get(id)
        assert found.cancellation_reason == "Another reason"
        assert found.cancellation_reason_comments == "The cellar is full."
    [flow] = await recorded(services)
    assert flow.decision is Decision.CANCELLED
    page.close()


async def test_a_press_does_what_its_button_says(shop: Shop) -> None:
    """All at once is chosen and looked up at this moment; the button still names the one."""
    page = await tab(leaving(shop), TEXAS, 318)
    choosing = asyncio.create_task(page.way.ending.choose(is_all=True))
    await asyncio.sleep(0)
    assert page.way.ending.is_asking
    await page.way.end()
    await choosing
    assert await shop.executed() == {"POST /subscriptions/{id}/cancel": 1}
    assert page.step == "done"
    page.close()


async def test_one_of_all_that_is_refused_leaves_the_flow_as_it_is(shop: Shop) -> None:
    services = leaving(shop)
    page = await tab(services, TEXAS, 318)
    await page.way.ending.choose(is_all=True)
    await shop.fault("POST", "/subscriptions/318/cancel", "422", times=9)
    await page.way.end()

    assert page.step == "reason"
    assert await status_upstream(shop, 318) == "active"
    assert [flow.decision for flow in await recorded(services)] == [None]
    await shop.no_faults()
    await page.way.end()
    assert page.step == "done"
    assert [flow.decision for flow in await recorded(services)] == [Decision.CANCELLED]
    page.close()


async def test_the_end_is_not_shown_before_it_is_read(shop: Shop) -> None:
    page = await tab(leaving(shop))
    seen: list[tuple[str, bool]] = []
    page.portal.changed.subscribe(lambda: seen.append((page.card.status, page.card.is_pending)))
    await page.way.end()
    assert ("active", True) in seen  # it is marked while the answer is awaited
    assert seen[-1] == ("cancelled", False)
    page.close()


async def test_old_records_are_read_again_with_two_calls(shop: Shop) -> None:
    page = await tab(leaving(shop))
    await shop.forget_counters()
    await page.way.arrive("confirm")
    await page.goes_on("not-yet")
    assert (await shop.counters())["requests"] == {}
    await shop.advance(timedelta(minutes=2))
    await page.way.arrive("reason")
    await page.way.arrive("confirm")
    assert (await shop.counters())["requests"] == {"GET /charges": 1, "GET /subscriptions": 1}

    await shop.advance(timedelta(minutes=2))
    await shop.fault("GET", "/**", "500", times=99)
    await page.way.arrive("confirm")  # what is known has to do
    assert page.way.ending.preview is not None
    page.close()
