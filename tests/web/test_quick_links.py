"""Quick links: what opening one shows, what one press does, and the way back."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.actions import (
    Level,
    Principal,
    Services,
    SkipDelivery,
    activities,
    perform,
)
from app.mirror import DeliveryStatus, catalogue
from tests.actions.conftest import pattern, services, shop
from tests.actions.shop import Shop, press, signed_in
from tests.web.leaving import Form, read
from tests.web.quick import Quick, send

__all__ = ["pattern", "services", "shop"]

SKIP = "POST /charges/{id}/skip"
PROCESS = "POST /charges/{id}/process"
MARA, JONAS, TOM, ELENA = 101, 102, 104, 105


@pytest.fixture
def quick(shop: Shop, services: Services) -> Quick:
    return Quick(shop, services)


async def coming(quick: Quick, customer: int = JONAS) -> tuple[date, int]:
    """The day of the customer's next delivery, and a subscription in it."""
    situation = await quick.shop.situation(quick.services, customer)
    delivery = situation.snapshot.next_delivery(situation.today)
    assert delivery is not None
    await quick.shop.mirror.settled()
    await quick.shop.forget_counters()
    return delivery.date, next(
        item.purchase_item_id for item in delivery.items if item.purchase_item_id
    )


async def is_skipped(quick: Quick, day: date, customer: int = JONAS) -> bool:
    situation = await quick.shop.situation(quick.services, customer)
    return any(
        one.date == day and one.status is DeliveryStatus.SKIPPED for one in situation.deliveries
    )


# Opening.


async def test_opening_shows_what_will_happen_and_changes_nothing(quick: Quick) -> None:
    day, _ = await coming(quick)
    link = quick.link("skip", JONAS)
    pages = [await quick.open(link) for _ in range(3)]
    page = pages[0]
    assert page.status_code == 200
    said = read(page)
    assert "Nothing has happened yet." in said
    assert "You will not be charged $" in said
    assert len(Form(page).buttons) == 1
    assert f"Skip {day:%a, %b} {day.day}" in said
    head = await quick.browser().head(link)
    prefetch = await quick.browser(**{"Sec-Purpose": "prefetch"}).get(link)
    assert (head.status_code, prefetch.status_code) == (200, 200)
    assert await quick.executed() == 0
    assert not await is_skipped(quick, day)
    assert await activities(quick.services, signed_in(JONAS)) == []


async def test_the_page_starts_no_session_and_is_kept_nowhere(quick: Quick) -> None:
    page = await quick.open(quick.link("skip", JONAS))
    assert "set-cookie" not in page.headers
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert "script" not in Form(page).tags


async def test_what_it_says_is_said_in_the_readers_language(shop: Shop, services: Services) -> None:
    quick = Quick(shop, services, language="ar")
    page = await quick.open(quick.link("skip", JONAS))
    assert '<html lang="ar" dir="rtl">' in page.text


# Pressing.


async def test_a_press_skips_the_next_delivery_once(quick: Quick) -> None:
    day, _ = await coming(quick)
    link = quick.link("skip", JONAS)
    page = await quick.press(link)
    assert (page.status_code, page.url.path) == (200, link)
    assert f"Your delivery of {day:%a, %b} {day.day} is skipped." in read(page)
    assert await is_skipped(quick, day)
    done = await quick.executed()
    assert done == 1

    again = await quick.open(link)
    assert re.sub(r'value="\w+"', "", again.text) == re.sub(r'value="\w+"', "", page.text)
    assert await quick.executed() == done


async def test_the_same_press_again_gives_the_same_answer(quick: Quick) -> None:
    day, _ = await coming(quick)
    browser = quick.browser()
    page = await browser.get(quick.link("skip", JONAS))
    first, second = await send(browser, page), await send(browser, page)
    assert read(first) == read(second)
    assert await quick.executed() == 1
    assert [one.action for one in await activities(quick.services, signed_in(JONAS))] == [
        "skip delivery"
    ]
    assert await is_skipped(quick, day)


async def test_two_presses_at_one_moment_are_one(quick: Quick) -> None:
    await coming(quick)
    link = quick.link("skip", JONAS)
    browser = quick.browser()
    page = await browser.get(link)
    answers = await asyncio.gather(*(send(browser, page) for _ in range(4)))
    assert {read(answer) for answer in answers} == {read(answers[0])}
    assert "is skipped" in read(answers[0])
    assert await quick.executed() == 1


async def test_a_press_in_another_process_is_one_too(shop: Shop, services: Services) -> None:
    here, there = Quick(shop, services), Quick(shop, shop.services())
    await coming(here)
    link = here.link("skip", JONAS)
    page = await here.open(link)
    one, other = await asyncio.gather(send(here.browser(), page), send(there.browser(), page))
    assert await here.executed() == 1
    for answer in (one, other, await there.open(link)):
        assert answer.status_code == 200
    assert "is skipped" in read(await there.open(link))


async def test_two_links_are_two_presses(quick: Quick) -> None:
    day, _ = await coming(quick)
    await quick.press(quick.link("skip", JONAS))
    page = await quick.open(quick.link("skip", JONAS))
    assert f"Your delivery of {day:%a, %b} {day.day} is skipped already." in read(page)
    await send(quick.browser(), page)
    assert await quick.executed() == 2


async def test_the_record_says_that_it_came_by_a_link(quick: Quick) -> None:
    await coming(quick)
    await quick.press(quick.link("skip", JONAS))
    (activity,) = await activities(quick.services, signed_in(JONAS))
    assert activity.method == "quick link"


# The way back.


async def test_a_press_can_be_taken_back_with_the_same_link(quick: Quick) -> None:
    day, _ = await coming(quick)
    link = quick.link("skip", JONAS)
    page = await quick.press(link)
    assert Form(page).action == f"{link}/undo"
    back = await send(quick.browser(), page)
    assert "You have taken it back." in read(back)
    assert f"Your delivery of {day:%a, %b} {day.day} is planned again." in read(back)
    assert not await is_skipped(quick, day)
    twice = await send(quick.browser(), page)
    assert read(twice) == read(back)
    assert await quick.executed() == 2
    assert read(await quick.open(link)) == read(back), "it is not pressed a second time"


async def test_the_way_back_outlasts_the_link_and_ends_with_its_own_time(quick: Quick) -> None:
    day, _ = await coming(quick)
    link = quick.link("skip", JONAS, days=1)
    quick.clock.move(hours=23, minutes=59)
    page = await quick.press(link)
    quick.clock.move(minutes=2)
    assert "is skipped" in read(await quick.open(link))
    await quick.shop.advance(quick.services.settings.undo_for + timedelta(minutes=1))
    late = await quick.open(link)
    assert "Undo" not in read(late)
    refused = await send(quick.browser(), page)
    assert refused.status_code == 409
    assert "It is too late to undo this, so nothing was changed." in read(refused)
    assert await is_skipped(quick, day)


async def test_only_who_holds_the_link_takes_it_back(quick: Quick) -> None:
    await coming(quick)
    page = await quick.press(quick.link("skip", JONAS))
    form, other = Form(page), quick.link("skip", JONAS)
    answer = await quick.browser().post(f"{other}/undo", data=form.fields)
    assert answer.status_code == 403
    assert await quick.executed() == 1


# What has changed meanwhile.


async def test_what_changed_since_the_page_was_drawn_is_shown_first(quick: Quick) -> None:
    day, _ = await coming(quick)
    browser = quick.browser()
    page = await browser.get(quick.link("skip", JONAS))
    who = replace(signed_in(JONAS), level=Level.CODE)
    situation = await quick.shop.situation(quick.services, JONAS)
    delivery = situation.snapshot.next_delivery(situation.today)
    assert delivery is not None

    async def anybody(_: Principal) -> bool:
        return True

    quick.services.is_signed_in = anybody
    await perform(
        quick.services,
        who,
        SkipDelivery(address_id=delivery.address_id, date=day),
        key=press(),
    )
    quick.services.is_signed_in = quick.links.is_live
    before = await quick.executed()
    answer = await send(browser, page)
    assert answer.status_code == 409
    said = read(answer)
    assert "Something here has changed since you opened this page, so we did nothing." in said
    assert f"Your delivery of {day:%a, %b} {day.day} is skipped already." in said
    assert await quick.executed() == before
    assert "is skipped." in read(await send(browser, answer)), "the page drawn anew can be pressed"


async def test_a_link_for_one_day_means_that_day_alone(quick: Quick) -> None:
    day, subscription = await coming(quick)
    link = quick.link("skip", JONAS, subscription=subscription, date=day.isoformat())
    await quick.press(quick.link("skip", JONAS))
    page = await quick.open(link)
    assert f"Your delivery of {day:%a, %b} {day.day} is skipped already." in read(page)
    assert "form" not in Form(page).tags


async def test_too_late_is_told_with_the_moment(quick: Quick) -> None:
    day, _ = await coming(quick)
    link = quick.link("skip", JONAS)
    situation = await quick.shop.situation(quick.services, JONAS)
    await quick.shop.advance(situation.changes_end(day) - situation.now + timedelta(minutes=1))
    page = await quick.open(link)
    assert "It can no longer be skipped." in read(page)
    assert "form" not in Form(page).tags


async def test_what_the_merchant_switched_off_is_told(quick: Quick) -> None:
    await coming(quick)
    await quick.shop.switch(skip_scheduled_order=False)
    page = await quick.open(quick.link("skip", JONAS))
    assert "The shop does not offer this change here" in read(page)
    assert "mailto:" in page.text
    assert "form" not in Form(page).tags


async def test_a_shop_that_does_not_answer_leaves_the_link_good(quick: Quick) -> None:
    day, _ = await coming(quick)
    link = quick.link("skip", JONAS)
    page = await quick.open(link)
    await quick.shop.fault("POST", "/charges/*/skip", "422")
    refused = await send(quick.browser(), page)
    assert refused.status_code in (409, 503)
    assert not await is_skipped(quick, day)
    await quick.shop.no_faults()
    assert "is skipped." in read(await quick.press(link))


async def test_no_answer_is_told_as_such_and_pressed_no_second_time(quick: Quick) -> None:
    await coming(quick)
    link = quick.link("order-now", JONAS)
    page = await quick.open(link)
    await quick.shop.fault("POST", "/charges/*/process", "cut_after")
    answer = await send(quick.browser(), page)
    assert answer.status_code == 200
    assert "form" not in Form(answer).tags
    await quick.shop.no_faults()
    again = await send(quick.browser(), page)
    assert again.status_code == 200
    assert (await quick.shop.executed())[PROCESS] == 1


async def test_an_earlier_change_that_is_still_open_is_waited_for(quick: Quick) -> None:
    """Nothing of this press was begun, so the link is as good as before."""
    quick.services.settle_payments_after = (60.0,)
    await coming(quick)
    order, move = quick.link("order-now", JONAS), quick.link("move", JONAS)
    page = await quick.open(move)
    (charge,) = await quick.shop.client.charges.list(customer_id=JONAS, status="queued").all()
    pending = {"charge": charge.model_dump(mode="json") | {"status": "pending"}}
    await quick.shop.fault("POST", "/charges/*/process", "500", status=200, body=pending)
    await quick.shop.fault("GET", "/charges/*", "500", status=200, body=pending, after=1, times=99)
    assert "Please do not order again meanwhile." in read(await quick.press(order))
    waiting = await send(quick.browser(), page)
    assert waiting.status_code == 409
    assert "We are still working on your change." in read(waiting)
    link = quick.links.read(move.rpartition("/")[2])
    assert link is not None
    pressed = await quick.links.press_of(link)
    assert pressed is not None
    assert (pressed.pressed_at, pressed.activity_id) == (None, None)


# The others.


async def test_a_move_by_a_week(quick: Quick) -> None:
    day, subscription = await coming(quick)
    page = await quick.open(quick.link("move", JONAS, subscription=subscription))
    assert re.search(r"Move .+ by 1 week\?", read(page))
    to = day + timedelta(days=7)
    assert f"now comes on {to:%a, %b} {to.day}." in read(await send(quick.browser(), page))
    found = await quick.shop.client.subscriptions.get(subscription)
    assert found.next_charge_scheduled_at == to


async def test_a_whole_delivery_moves_by_weeks(quick: Quick) -> None:
    day, _ = await coming(quick, MARA)
    page = await quick.open(quick.link("move", weeks=2))
    assert f"Move your delivery of {day:%a, %b} {day.day} by 2 weeks?" in read(page)
    to = day + timedelta(days=14)
    assert f"{to:%a, %b} {to.day}" in read(await send(quick.browser(), page))


async def test_a_product_is_added_to_the_next_delivery(quick: Quick) -> None:
    day, _ = await coming(quick, MARA)
    await quick.shop.mirror.shop()
    await quick.shop.mirror.settled()
    snapshot = (await quick.shop.situation(quick.services, MARA)).snapshot
    extra = catalogue.find(snapshot, "", "onetime", limit=1)[0]
    variant = extra.variant.external_variant_id
    page = await quick.open(quick.link("add", variant=variant, quantity=2))
    assert f"Add 2 × {extra.title}" in read(page)
    done = await send(quick.browser(), page)
    assert f"comes with your delivery of {day:%a, %b} {day.day}." in read(done)
    back = await send(quick.browser(), done)
    assert "You have taken it back." in read(back)


async def test_an_order_is_paid_now(quick: Quick) -> None:
    await coming(quick)
    page = await quick.press(quick.link("order-now", JONAS))
    assert "Your order is placed. You paid $" in read(page)
    assert "Undo" not in read(page)
    assert (await quick.shop.executed())[PROCESS] == 1


async def test_where_the_shop_wants_a_code_an_order_leads_to_the_sign_in(quick: Quick) -> None:
    await coming(quick)
    settings = quick.services.settings
    quick.services.settings = settings.model_copy(update={"code_for_order_now": True})
    link = quick.link("order-now", JONAS)
    page = await quick.open(link)
    assert "Sign in with a code" in read(page)
    assert "form" not in Form(page).tags
    quick.services.settings = settings
    drawn = await quick.open(link)
    quick.services.settings = settings.model_copy(update={"code_for_order_now": True})
    await send(quick.browser(), drawn)
    assert await quick.executed() == 0


async def test_a_declined_payment_is_told_and_may_be_tried_again(quick: Quick) -> None:
    link = quick.link("order-now", TOM)
    for words in ("The bank declined the card.", "The payment failed several times"):
        page = await quick.press(link)
        assert page.status_code == 409
        assert words in read(page)
        assert "You were not charged" in read(page)
        assert Form(page).action == link


async def test_a_subscription_starts_again(quick: Quick) -> None:
    situation = await quick.shop.situation(quick.services, ELENA)
    ended = next(one for one in situation.snapshot.subscriptions if one.status == "cancelled")
    link = quick.link("reactivate", ELENA, subscription=ended.id)
    assert "is active again" in read(await quick.press(link))
    assert (await quick.shop.client.subscriptions.get(ended.id)).status == "active"
    other = quick.link("reactivate", ELENA, subscription=ended.id)
    assert "active already" in read(await quick.open(other))


async def test_a_card_is_a_matter_for_who_has_signed_in(quick: Quick) -> None:
    page = await quick.open(quick.link("update-card", TOM))
    assert page.status_code == 200
    assert "You sign in for this" in read(page)
    assert 'href="/payment-methods' in page.text
    assert "form" not in Form(page).tags
    pressed = await quick.browser().post(page.url.path, data={"form": "x"})
    assert pressed.status_code == 200
    assert await quick.executed() == 0
