"""Leaving while answers are lost, others act at the same time, and pages are closed."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from app.actions import CancelSubscription, activities, perform
from app.retention import Decision, Incentive
from app.state import try_rest
from tests.actions.shop import Shop, press, signed_in
from tests.state.leaving import Tab, leaving, recorded, settled, status_upstream, tab
from tests.state.page import JONAS, text, until

TEXAS = signed_in(106)
SLOW: dict[str, Any] = {"settle_after": (0.05, 0.05, 0.05, 0.05)}
CANCEL = "POST /subscriptions/{id}/cancel"
UNKNOWN = (("cut_before", False), ("cut_after", False), ("500", False), ("500", True))
"""An answer that tells nothing: lost or spoilt, before the effect and after it."""


async def shows_receipt(page: Tab) -> None:
    """Returns when the page has looked back on the end."""
    await until(page.way, lambda: page.way.receipt is not None)
    await settled(page)


# Discounts.


async def used(page: Tab) -> bool:
    """Whether the customer has used up the discounts."""
    flows, way = page.portal.services.flows, page.way
    return not await flows.can_take_discount(page.portal.principal.customer_id, way.plan)


async def discounts_upstream(shop: Shop) -> list[str]:
    address = await shop.client.addresses.get(203)
    return [one.code or "" for one in address.discounts]


async def test_a_discount_is_there_once(shop: Shop) -> None:
    services = leaving(shop)
    page = await tab(services)
    await page.goes_on("price")
    await page.question.confirm()
    assert await discounts_upstream(shop) == ["STAY20"]
    await shop.forget_counters()

    await page.way.arrive("reason")
    assert await page.goes_on("price") == "/subscriptions/310/cancel/confirm"
    assert page.step == "confirm"
    assert "used this offer already" in text(page.way.refusal)
    await page.way.arrive("offer", "price")
    assert page.way.offer is None
    assert await shop.executed() == {}
    await page.way.end()
    assert page.step == "done"  # everything else is open
    page.close()


@pytest.mark.parametrize("is_one_flow", [True, False])
async def test_of_two_tabs_one_takes_the_discount(shop: Shop, is_one_flow: bool) -> None:
    services = leaving(shop)
    who, first_id, second_id = (TEXAS, 318, 318 if is_one_flow else 319)
    one, other = await tab(services, who, first_id), await tab(services, who, second_id)
    await one.goes_on("price")
    await other.goes_on("price")
    asked = one.question, other.question
    await asyncio.gather(*(question.confirm() for question in asked))

    refused = [question.failure for question in asked if question.failure]
    assert len(refused) == 1
    assert "used this offer already" in text(refused[0])
    assert await shop.executed() == {"PUT /addresses/{id}": 1}
    saved = [flow for flow in await recorded(services) if flow.decision is Decision.SAVED]
    assert [flow.saved_by for flow in saved] == [Incentive.DISCOUNT]
    one.close()
    other.close()


async def test_a_double_press_takes_one_discount(shop: Shop) -> None:
    services = leaving(shop)
    page = await tab(services)
    await page.goes_on("price")
    await asyncio.gather(page.question.confirm(), page.question.confirm())
    assert await discounts_upstream(shop) == ["STAY20"]
    assert [flow.decision for flow in await recorded(services)] == [Decision.SAVED]
    page.close()


async def test_a_discount_that_is_refused_is_given_back(shop: Shop) -> None:
    services = leaving(shop)
    page = await tab(services)
    await page.goes_on("price")
    await shop.fault("PUT", "/addresses/*", "422")
    await page.question.confirm()
    assert not await used(page)
    assert "Nothing was changed" in page.words
    assert page.question.preview is not None  # and can be pressed again
    await page.question.confirm()
    assert await discounts_upstream(shop) == ["STAY20"]
    assert await used(page)
    page.close()


async def test_a_discount_that_was_never_sent_is_given_back(shop: Shop) -> None:
    services = leaving(shop)
    page = await tab(services)
    await page.goes_on("price")
    shop.signed_out.add(JONAS.session)
    await page.question.confirm()
    assert "signed out" in page.words
    assert not await used(page)
    assert await shop.executed() == {}
    page.close()


@pytest.mark.parametrize("is_done", [True, False])
async def test_a_discount_that_nobody_knows_of_keeps_its_place_until_it_is_known(
    shop: Shop, is_done: bool
) -> None:
    services = leaving(shop, SLOW)
    page = await tab(services)
    await page.goes_on("price")
    await shop.fault("PUT", "/addresses/*", "cut_after" if is_done else "cut_before", times=99)
    await shop.fault("GET", "/addresses", "500", times=99)
    await page.question.confirm()
    assert await used(page)
    assert [flow.decision for flow in await recorded(services)] == [None]
    unknown = (await activities(services, JONAS))[0]

    await shop.no_faults()
    await until(page.portal, lambda: not page.portal.awaits(unknown.id))
    assert await used(page) == is_done
    [flow] = await recorded(services)
    assert flow.saved_by == (Incentive.DISCOUNT if is_done else None)
    await settled(page)
    assert page.way.destination == (page.way.home if is_done else None)
    page.close()


# The end.


@pytest.mark.parametrize(("kind", "executes"), UNKNOWN)
@pytest.mark.parametrize("is_closed", [False, True])
async def test_an_end_that_nobody_knows_of_is_not_called_one(
    shop: Shop, kind: str, executes: bool, is_closed: bool
) -> None:
    services = leaving(shop, SLOW)
    page = await tab(services)
    await shop.fault("POST", "/subscriptions/*/cancel", kind, executes=executes, times=99)
    await shop.fault("GET", "/subscriptions", "500", times=99)
    await page.way.end()

    is_done = executes or kind == "cut_after"
    assert page.step == "reason"
    assert page.way.is_checked
    assert (page.card.status, page.card.is_checked) == ("active", True)
    assert "is cancelled" not in page.words
    assert not page.way.is_busy
    assert [flow.decision for flow in await recorded(services)] == [None]
    if is_closed:
        page.close()
    other = await tab(services)  # another page follows it too
    assert other.way.is_checked
    await shop.no_faults()
    if not is_done:
        await until(other.way, lambda: not other.way.is_checked)
        assert (other.step, other.card.status) == ("reason", "active")
        assert [flow.decision for flow in await recorded(services)] == [None]
        await other.way.end()
    for each in [other] if is_closed else [page, other]:
        await shows_receipt(each)
        assert (each.step, each.card.status) == ("done", "cancelled")
        if is_done:  # it waited for that
            assert each.way.take_destination() == "/subscriptions/310/cancel/done"
        await until(each.way, lambda each=each: each.way.reactivation is not None)  # type: ignore[misc]
    [flow] = await recorded(services)
    assert flow.decision is Decision.CANCELLED
    assert await status_upstream(shop) == "cancelled"
    other.close()
    page.close()


@pytest.mark.parametrize("is_done", [True, False])
async def test_an_answer_alone_is_not_believed(shop: Shop, is_done: bool) -> None:
    """It says cancelled, true or not, and cannot be read back."""
    services = leaving(shop, SLOW)
    page = await tab(services)
    said = (await shop.client.subscriptions.get(310)).model_dump(mode="json")
    said |= {"status": "cancelled", "next_charge_scheduled_at": None}
    await shop.fault(
        "POST", "/subscriptions/*/cancel", "500", status=200, body={"subscription": said},
        executes=is_done, times=99,
    )  # fmt: skip
    await shop.fault("GET", "/subscriptions", "500", times=99)
    seen: list[str] = []
    page.portal.changed.subscribe(lambda: seen.append(f"{page.card.status} {page.words}"))
    await page.way.end()
    assert page.step == "reason"
    assert not [each for each in seen if "is cancelled" in each or each.startswith("cancelled")]

    await shop.no_faults()
    await until(page.portal, lambda: not page.card.is_checked)
    assert page.step == ("done" if is_done else "reason")
    assert ("is cancelled" in page.words) == is_done
    page.close()


async def test_a_refusal_changes_nothing_and_can_be_tried_again(shop: Shop) -> None:
    services = leaving(shop)
    page = await tab(services)
    await shop.fault("POST", "/subscriptions/*/cancel", "422")
    await page.way.end()
    assert (page.step, page.card.status, page.card.is_pending) == ("reason", "active", False)
    assert "Nothing was changed" in page.words
    assert page.way.ending.preview is not None
    await page.way.end()
    assert page.step == "done"
    [flow] = await recorded(services)
    assert (flow.decision, flow.presses) == (Decision.CANCELLED, 3)
    page.close()


async def test_a_double_press_and_two_tabs_end_it_once(shop: Shop) -> None:
    services = leaving(shop)
    one, other = await tab(services), await tab(services)
    await asyncio.gather(one.way.end(), one.way.end(), other.way.end())
    assert await shop.executed() == {CANCEL: 1}
    for page in (one, other):
        assert (page.step, page.way.destination) == ("done", "/subscriptions/310/cancel/done")
        assert page.way.receipt is not None
        assert not page.way.is_busy
    assert [flow.decision for flow in await recorded(services)] == [Decision.CANCELLED]
    one.close()
    other.close()


async def test_a_tab_that_is_closed_during_the_write(shop: Shop) -> None:
    services = leaving(shop)
    page = await tab(services)
    await shop.fault("POST", "/subscriptions/*/cancel", "delay", seconds=0.05)
    ending = asyncio.create_task(page.way.end())
    await shop.received(CANCEL)
    page.close()
    ending.cancel()
    await services.tasks.close()  # which lets it come to its end
    assert [flow.decision for flow in await recorded(services)] == [Decision.CANCELLED]
    assert await status_upstream(shop) == "cancelled"
    later = await tab(leaving(shop))
    assert later.step == "done"
    assert later.way.receipt is not None
    assert len(await recorded(services)) == 1
    later.close()


async def test_another_tab_that_looks_on_follows(shop: Shop) -> None:
    services = leaving(shop)
    one, other = await tab(services), await tab(services)
    await one.way.end()
    await shows_receipt(other)
    assert (other.step, other.way.destination) == ("done", None)
    await other.way.arrive("done")
    assert other.way.reactivation is not None
    await other.way.reactivation.confirm()

    assert await status_upstream(shop) == "active"
    assert other.way.destination == "/subscriptions/310"
    await until(one.portal, lambda: one.card.status == "active")
    assert "is cancelled" not in one.words
    assert one.step == "reason"
    one.close()
    other.close()


async def test_an_offer_and_the_end_at_the_same_time(shop: Shop) -> None:
    services = leaving(shop)
    one, other = await tab(services), await tab(services)
    await one.goes_on("not-yet")
    await asyncio.gather(one.question.confirm(), other.way.end())
    if await status_upstream(shop) == "active":  # what was moved in between is looked at first
        await other.way.end()
    assert await status_upstream(shop) == "cancelled"
    last = (await recorded(services))[-1]
    assert last.decision is Decision.CANCELLED
    one.close()
    other.close()


@pytest.mark.parametrize("is_done", [True, False])
async def test_what_a_service_that_was_stopped_left_open_decides_the_flow(
    shop: Shop, is_done: bool
) -> None:
    services = leaving(shop)
    page = await tab(services)
    kind = "cut_after" if is_done else "cut_before"
    await shop.fault("POST", "/subscriptions/*/cancel", kind, times=99)
    await shop.fault("GET", "/subscriptions", "500", times=99)
    await page.way.end()
    page.close()
    await services.close()
    await shop.no_faults()

    later = leaving(shop)
    await later.start()
    other = await tab(later)
    await until(other.way, lambda: not other.way.is_checked)
    await settled(other)
    assert other.step == ("done" if is_done else "reason")
    flow = (await recorded(later))[0]  # one may have begun just before the answer was known
    assert flow.decision is (Decision.CANCELLED if is_done else None)
    other.close()


async def test_a_part_of_all_decides_its_own_flow(shop: Shop) -> None:
    services = leaving(shop)
    page, beside = await tab(services, TEXAS, 318), await tab(services, TEXAS, 319)
    await page.way.ending.choose(is_all=True)
    await shop.fault("POST", "/subscriptions/319/cancel", "422")
    await page.way.end()
    assert (page.step, beside.step) == ("done", "reason")
    decided = {flow.subject.id: flow.decision for flow in await recorded(services)}
    assert decided == {318: Decision.CANCELLED, 319: None}

    assert page.portal.notice is not None
    await try_rest(page.portal, page.portal.notice.activity_id or "")
    await until(beside.way, lambda: beside.step == "done")
    decided = {flow.subject.id: flow.decision for flow in await recorded(services)}
    assert decided == {318: Decision.CANCELLED, 319: Decision.CANCELLED}
    page.close()
    beside.close()


# The merchant acts meanwhile.


async def test_the_merchant_has_cancelled_it_while_the_page_is_open(shop: Shop) -> None:
    services = leaving(shop)
    page = await tab(services)
    await shop.client.subscriptions.cancel(310, cancellation_reason="the merchant")
    await page.way.end()

    assert page.step == "done"
    assert page.way.destination == "/subscriptions/310/cancel/done"
    page.close()


async def test_the_merchant_has_deleted_it_while_the_page_is_open(shop: Shop) -> None:
    services = leaving(shop)
    page = await tab(services)
    await shop.client.subscriptions.delete(310)
    await shop.advance(timedelta(minutes=2))
    await page.way.arrive("reason")
    assert page.step == "done"
    assert page.way.reactivation is None
    assert page.leavings.of(page.way.subject) is page.way
    page.close()


async def test_the_merchant_starts_it_again_at_the_same_time(shop: Shop) -> None:
    services = leaving(shop)
    page = await tab(services)
    await page.way.end()
    assert "is cancelled" in page.words
    await shop.client.subscriptions.activate(310)
    await page.portal.reload()

    assert page.card.status == "active"
    assert page.words == ""
    assert page.step != "done"
    assert page.way.destination == "/subscriptions/310"
    await page.way.arrive("reason")
    await page.way.end()
    assert page.step == "done"
    decisions = [flow.decision for flow in await recorded(services)]
    assert decisions == [Decision.CANCELLED, Decision.CANCELLED]
    page.close()


async def test_the_receipt_of_an_earlier_end_is_not_that_of_a_later_one(shop: Shop) -> None:
    services = leaving(shop)
    page = await tab(services)
    await page.way.end()
    assert page.way.receipt is not None
    await shop.client.subscriptions.activate(310)
    await shop.advance(timedelta(days=1))
    await shop.client.subscriptions.cancel(310, cancellation_reason="the merchant")
    await page.portal.reload()
    await page.way.arrive("done")
    assert page.step == "done"
    assert not page.way.receipt
    page.close()


async def test_an_end_elsewhere_decides_the_open_flow(shop: Shop) -> None:
    """From a list of several, or by a link: the wish to leave was the same."""
    services = leaving(shop)
    page = await tab(services)
    action = CancelSubscription(address_id=203, subscription_id=310)
    done = await perform(services, JONAS, action, key=press())
    [flow] = await recorded(services)
    assert (flow.decision, flow.activity_id) == (Decision.CANCELLED, done.activity_id)
    await shows_receipt(page)
    page.close()


async def test_one_that_cannot_be_read_any_more_is_not_called_over(shop: Shop) -> None:
    services = leaving(shop)
    page = await tab(services)
    record = (await shop.client.subscriptions.get(310)).model_dump(mode="json", exclude={"include"})
    body = {"subscriptions": [{**record, "quantity": "many"}]}
    await shop.fault("GET", "/subscriptions", "500", status=200, times=99, body=body)

    await services.mirror.customer(102).refresh("subscriptions")
    await until(page.portal, lambda: page.portal.confirmed.subscription(310) is None)
    await page.way.arrive("done")

    assert page.step != "done"
    await page.way.end()
    assert page.step != "done"
    assert page.way.take_destination() is None
    assert await status_upstream(shop) == "active"
    page.close()
