"""Leaving without signing in: what the page says when the shop answers badly, and what the law of
the customer's place puts on it."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

import pytest

from app.actions import Result, Services, last_day_to_withdraw
from app.actions.ending.withdraw import WITHDRAWN_REASON
from app.retention import Decision, Subject
from tests.actions.cases.withdraw import moves_to_berlin, one_more
from tests.actions.conftest import pattern, services, shop
from tests.actions.shop import Shop, signed_in
from tests.actions.test_saga import settled as known
from tests.web.leaving import EMAILS, Form, Way, read, send

__all__ = ["pattern", "services", "shop"]

CANCEL = "/subscriptions/*/cancel"
ROUTE = "POST /subscriptions/{id}/cancel"
JONAS, CLAIRE = EMAILS[102], EMAILS[107]
JONAS_HERE = signed_in(102)


@pytest.fixture
def way(shop: Shop, services: Services) -> Way:
    return Way(shop, services)


async def is_cancelled(shop: Shop, id: int) -> bool:
    return str((await shop.client.subscriptions.get(id)).status) == "cancelled"


# What the shop answers.


@pytest.mark.parametrize(
    ("kind", "executes"),
    [("500", False), ("500", True), ("cut_before", False), ("cut_after", True), ("409", False)],
)
async def test_it_says_cancelled_if_and_only_if_it_is(
    way: Way, shop: Shop, kind: str, executes: bool
) -> None:
    link = await way.link("4711", JONAS)
    plan = {"executes": True} if kind == "500" and executes else {}
    await shop.fault("POST", CANCEL, kind, times=1, **plan)

    page = await way.press(link)

    assert await is_cancelled(shop, 310)  # once more where it was not done, never twice
    assert (await shop.executed())[ROUTE] == 1
    assert '<h1 id="title">Cancelled</h1>' in page.text


async def test_nobody_is_told_cancelled_while_nobody_knows(way: Way, shop: Shop) -> None:
    link = await way.link("4711", JONAS)
    await shop.fault("POST", CANCEL, "cut_before", times=99)
    await shop.fault("GET", "/subscriptions", "500", times=99)
    await shop.fault("GET", "/charges", "500", times=99)

    page = await way.press(link)

    assert "Not confirmed yet" in read(page)
    assert "Look again" in read(page)
    assert "is cancelled" not in read(page)
    await shop.no_faults()
    again = await way.browser().get(link)
    assert ("Cancelled" in read(again)) == await is_cancelled(shop, 310)


async def test_a_late_answer_is_told_whenever_the_page_is_loaded(
    way: Way, shop: Shop, services: Services
) -> None:
    link = await way.link("4711", JONAS)
    await shop.fault("POST", CANCEL, "cut_after", times=1)
    await shop.fault("GET", "/subscriptions", "500", times=6)
    await shop.fault("GET", "/charges", "500", times=6)
    await way.press(link)
    await shop.no_faults()
    await services.close()
    await shop.advance(timedelta(minutes=2))
    later = Way(shop, shop.services(), clock=way.clock)
    await later.services.start()

    assert await known(later.services, JONAS_HERE) is Result.DONE
    page = await later.browser().get(link)

    assert await is_cancelled(shop, 310)
    assert '<h1 id="title">Cancelled</h1>' in page.text
    flow = await later.services.flows.latest(Subject("subscription", 310), customer_id=102)
    assert flow is not None
    assert flow.decision is Decision.CANCELLED


async def test_a_refusal_says_why_and_the_link_stays_good(way: Way, shop: Shop) -> None:
    link = await way.link("4711", JONAS)
    await shop.fault("POST", CANCEL, "422", times=1)

    page = await way.press(link)

    assert page.status_code == 503
    assert 'role="alert"' in page.text
    assert "write to the shop" in read(page)
    assert not await is_cancelled(shop, 310)
    assert "Cancelled" in read(await way.press(link))
    assert await is_cancelled(shop, 310)


async def test_a_press_that_comes_too_fast_leaves_the_link_as_it_was(
    way: Way, shop: Shop, services: Services
) -> None:
    link = await way.link("4711", JONAS)
    for _ in range(services.writes_a_minute):
        services.rate.take(102)

    page = await way.press(link)

    assert page.status_code == 429
    services.rate = type(services.rate)(services.writes_a_minute)
    again = await way.browser().get(link)
    assert Form(again).ticked() == {310}, "nothing is being made: it can be pressed at once"
    assert "Cancelled" in read(await way.press(link))
    assert await is_cancelled(shop, 310)


async def test_of_several_it_says_which_were_not_cancelled(way: Way, shop: Shop) -> None:
    link = await way.link()
    await shop.fault("POST", "/subscriptions/303/cancel", "422", times=1)

    page = await way.press(link, tick=(302, 303))

    assert (await is_cancelled(shop, 302), await is_cancelled(shop, 303)) == (True, False)
    assert '<h1 id="title">Cancelled</h1>' not in page.text
    assert 302 not in Form(page).offered()
    assert "Cancelled" in read(await way.press(link, tick=(303,)))
    assert await is_cancelled(shop, 303)
    flow = await way.services.flows.latest(Subject("subscription", 302), customer_id=101)
    assert flow is not None
    assert flow.decision is Decision.CANCELLED


async def test_a_shop_that_cannot_be_reached_costs_nobody_the_link(way: Way, shop: Shop) -> None:
    link = await way.link("1491", CLAIRE)
    await shop.mirror.customer(107).forget()
    await shop.fault("GET", "/customers/*", "500", times=9)
    page = await way.browser().get(link)
    assert page.status_code == 503
    assert "Your link is still good" in read(page)
    await shop.no_faults()
    assert (await way.browser().get(link)).status_code == 200


async def test_where_the_merchant_has_switched_it_off_it_says_whom_to_write_to(
    way: Way, shop: Shop
) -> None:
    link = await way.link("4711", JONAS)
    browser = way.browser()
    page = await browser.get(link)
    await shop.switch(cancel_subscription=False)
    for answer in (await send(browser, page), await browser.get(link)):
        said = read(answer)
        assert "This shop ends subscriptions itself, so nothing was changed" in said
        assert "write to the shop: hello@" in said
        assert Form(answer).buttons == []
    assert not await is_cancelled(shop, 310)


async def test_where_the_law_wants_it_no_switch_stands_in_the_way_of_cancelling(
    way: Way, shop: Shop
) -> None:
    await moves_to_berlin(shop)
    await shop.switch(cancel_subscription=False)
    assert "Receipt" in read(await way.press(await way.link("4711", JONAS)))
    assert await is_cancelled(shop, 310)


# What the law of a place puts on the page.


async def test_the_button_says_what_the_law_prescribes_in_its_language(
    way: Way, shop: Shop
) -> None:
    ours = await way.browser().get(await way.link("4711", JONAS))
    assert re.search(r"<button[^>]*>Cancel Colombia Huila", ours.text)
    await moves_to_berlin(shop)
    german = await way.browser().get(await way.link("4711", JONAS))
    assert '<span lang="de">Jetzt kündigen</span>' in german.text
    assert "Cancel Colombia Huila" in german.text, "ours below, for who does not read it"
    french = await way.browser().get(await way.link("1491", CLAIRE))
    assert '<span lang="fr">Notification de la résiliation</span>' in french.text
    withdrawal = await way.browser().get(await way.link("4711", JONAS, "/withdraw"))
    assert '<span lang="de">Widerruf bestätigen</span>' in withdrawal.text


async def test_nothing_is_offered_on_the_way(way: Way) -> None:
    page = await way.browser().get(await way.link())
    said = read(page).casefold()
    for word in ("instead", "pause", "% off", "stay"):
        assert word not in said
    assert len(Form(page).buttons) == 1


# Withdrawing.


async def test_one_press_withdraws_and_both_sides_get_it(way: Way, shop: Shop) -> None:
    await moves_to_berlin(shop)
    link = await way.link("4711", JONAS, "/withdraw")
    page = await way.browser().get(link)
    assert "has to give back what you have paid" in read(page)
    assert Form(page).ticked() == {310}
    assert not await is_cancelled(shop, 310)

    done = await way.press(link)

    assert '<h1 id="title">You have withdrawn</h1>' in done.text
    assert re.search(r"Receipt C-\w{4}-\w{4}, ", read(done))
    found = await shop.client.subscriptions.get(310)
    assert found.cancellation_reason == "Withdrawal within 14 days"
    flow = await way.services.flows.latest(Subject("subscription", 310), customer_id=102)
    assert flow is not None
    assert flow.decision is Decision.WITHDRAWN


async def test_what_is_the_same_of_each_is_said_once(way: Way, shop: Shop) -> None:
    await moves_to_berlin(shop)
    link = await way.link("4711", JONAS, "/withdraw")
    alone = await way.browser().get(link)
    assert "For each one that you tick" not in alone.text
    assert alone.text.count("The shop has to give back") == 1

    added = await one_more(shop)
    both = await way.browser().get(link)

    assert Form(both).offered() == {310, added.subscription_id}
    said = read(both)
    assert said.count("The shop has to give back") == 1
    assert said.index("All of them") < said.index("For each one that you tick: The shop has to")
    assert said.count("does not come any more") == 2


async def test_no_switch_stands_in_the_way_of_withdrawing(way: Way, shop: Shop) -> None:
    await moves_to_berlin(shop)
    await shop.switch(cancel_subscription=False)
    assert "You have withdrawn" in read(await way.press(await way.link("1", JONAS, "/withdraw")))


async def test_outside_of_the_days_it_says_until_when_and_leads_to_cancelling(
    way: Way, shop: Shop
) -> None:
    page = await way.browser().get(await way.link("1491", CLAIRE, "/withdraw"))
    said = read(page)
    assert "You could withdraw from the contract for" in said
    assert "until Thu, Oct 22" in said
    assert Form(page).buttons == []
    assert '<a class="ds-plain-button" href="/cancel">Cancel instead</a>' in page.text


async def test_a_link_asked_for_on_the_last_day_is_good_on_the_day_after(
    way: Way, shop: Shop, services: Services
) -> None:
    await moves_to_berlin(shop)
    now = await shop.situation(services, 102)
    found = now.snapshot.subscription(310)
    assert found is not None
    last = last_day_to_withdraw(now, found)
    assert last is not None
    # To the last evening, in the shop and by the clock that links live by.
    evening = datetime.combine(last, time(20), now.now.tzinfo)
    begun, days = services.clock, evening - now.now
    services.clock = lambda: begun() + days
    early = await way.link("4711", JONAS, "/withdraw")
    services.clock = lambda: begun() + days + timedelta(hours=20)
    way.clock.move(hours=20)
    late = await way.link("4711", JONAS, "/withdraw")

    assert Form(await way.browser().get(late)).buttons == []
    done = await way.press(early)

    assert "You have withdrawn" in read(done)
    assert (await shop.client.subscriptions.get(310)).cancellation_reason == WITHDRAWN_REASON


async def test_who_has_cancelled_can_still_withdraw(way: Way, shop: Shop) -> None:
    await moves_to_berlin(shop)
    await way.press(await way.link("4711", JONAS))
    await shop.forget_counters()
    done = await way.press(await way.link("4711", JONAS, "/withdraw"))
    assert "You have withdrawn" in read(done)
    assert await shop.executed() == {}


async def test_a_link_for_one_is_none_for_the_other(way: Way, shop: Shop) -> None:
    await moves_to_berlin(shop)
    link = (await way.link("4711", JONAS, "/withdraw")).replace("/withdraw/", "/cancel/")
    answer = await way.browser().get(link)
    assert answer.headers["location"] == "/cancel?why=unknown"


async def test_it_is_in_the_readers_language_where_that_goes_from_right_to_left(
    shop: Shop, services: Services
) -> None:
    page = await Way(shop, services, language="ar").browser().get("/cancel")
    assert '<html lang="ar" dir="rtl">' in page.text


async def test_a_day_later_the_result_can_still_be_read(way: Way, shop: Shop) -> None:
    link = await way.link("4711", JONAS)
    await way.press(link)
    way.clock.move(hours=30)
    await shop.advance(timedelta(hours=30))
    assert "Cancelled" in read(await way.browser().get(link))
