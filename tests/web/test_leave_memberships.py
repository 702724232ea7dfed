"""Memberships end without signing in too, beside subscriptions or alone."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from app.actions import CancelTogether, Result, Services, activities
from app.retention import Decision, Flow, Subject
from tests.actions.cases.memberships import MARA, membership_of
from tests.actions.conftest import pattern, services, shop
from tests.actions.shop import Shop
from tests.actions.test_saga import settled as known
from tests.web.leaving import EMAILS, Form, Way, read, send

__all__ = ["pattern", "services", "shop"]

MARAS, SAMS = 941, 943
CANCEL = "/memberships/*/cancel"
ROUTE, SUBSCRIPTION_ROUTE = "POST /memberships/{id}/cancel", "POST /subscriptions/{id}/cancel"
CANCELLED = '<h1 id="title">Cancelled</h1>'


@pytest.fixture
async def way(shop: Shop, services: Services) -> Way:
    """In a shop with memberships, of which Mara has one."""
    assert (await membership_of(shop, services, MARA)).id == MARAS
    return Way(shop, services)


async def is_cancelled(shop: Shop, id: int = MARAS) -> bool:
    return (await shop.client.memberships.get(id)).is_cancelled


async def is_ended(shop: Shop, id: int) -> bool:
    return str((await shop.client.subscriptions.get(id)).status) == "cancelled"


async def flow_of(services: Services, subject: Subject) -> Flow:
    flow = await services.flows.latest(subject, customer_id=101)
    assert flow is not None
    return flow


# What the page shows.


async def test_they_stand_beside_the_subscriptions_in_one_list(way: Way, shop: Shop) -> None:
    link = await way.link()
    await shop.forget_counters()
    page = await way.browser().get(link)
    form, said = Form(page), read(page)

    assert form.memberships() == {MARAS: False}, "it did not come with the order"
    assert form.ticked() == {301, 302, 303}
    assert "What do you want to cancel?" in said
    assert "Northbound Circle (Monthly) membership, paid every month, next on Wed, Dec 9" in said
    assert "You are not charged for Northbound Circle (Monthly) any more" in said
    assert "keep these benefits until then" in said
    assert page.text.count("<fieldset") == 1
    assert await shop.executed() == {}


async def test_the_form_and_the_mail_name_them(way: Way) -> None:
    form = await way.browser().get("/cancel")
    assert '<h1 id="title">Cancel a subscription or membership</h1>' in form.text
    await way.link()
    assert "cancel a subscription or membership of yours" in way.outbox.mails[-1].text
    await way.link("4711", EMAILS[102])
    assert "cancel a subscription of yours" in way.outbox.mails[-1].text, "he has none"
    withdrawal = await way.browser().get("/withdraw")
    assert "membership" not in read(withdrawal)


async def test_a_shop_without_them_shows_none(shop: Shop, services: Services) -> None:
    way = Way(shop, services)
    form = await way.browser().get("/cancel")
    assert '<h1 id="title">Cancel a subscription</h1>' in form.text
    page = await way.browser().get(await way.link())
    assert Form(page).memberships() == {}
    assert "Cancel your subscription" in read(page)


async def test_what_came_with_the_named_order_is_ticked(way: Way) -> None:
    item = await _item(way)
    secret = await way.exits.issue(
        "cancel", 101, email=EMAILS[101], order_name="#1600", item_ids=[item]
    )
    form = Form(await way.browser().get(f"/cancel/{secret}"))
    assert form.memberships() == {MARAS: True}
    assert form.ticked() == set()


async def test_who_has_nothing_else_finds_it_ticked(way: Way, shop: Shop) -> None:
    for id in (301, 302, 303, 304, 305, 306, 307, 308):
        await shop.client.subscriptions.cancel(id, cancellation_reason="By telephone")
    await shop.mirror.customer(101).refresh()
    secret = await way.exits.issue("cancel", 101, email=EMAILS[101], order_name="", item_ids=[])
    page = await way.browser().get(f"/cancel/{secret}")
    assert Form(page).memberships() == {MARAS: True}
    assert '<h1 id="title">Cancel your membership</h1>' in page.text
    assert "Your memberships" in read(page)
    assert re.search(r"<button[^>]*>Cancel Northbound Circle", page.text)
    assert "The membership costs too much" in page.text, "its own reasons"


async def test_one_that_is_cancelled_is_not_there(way: Way, shop: Shop) -> None:
    await way.press(await way.link(), tick=(), memberships=(MARAS,))
    assert Form(await way.browser().get(await way.link())).memberships() == {}


async def test_withdrawing_is_of_subscriptions(way: Way, shop: Shop) -> None:
    page = await way.browser().get(await way.link(path="/withdraw"))
    assert "Northbound Circle" not in page.text


async def test_where_the_merchant_has_switched_it_off_it_says_which(way: Way, shop: Shop) -> None:
    await shop.switch(membership_allow_membership_cancellation_in_customer_portal=False)
    page = await way.browser().get(await way.link())
    assert Form(page).memberships() == {}
    assert Form(page).ticked() == {301, 302, 303}
    assert "Northbound Circle (Monthly): This shop ends memberships itself" in read(page)
    assert "write to the shop: hello@" in read(page)


async def test_the_law_of_its_place_counts_too(way: Way, shop: Shop) -> None:
    await shop.client.addresses.update(201, country_code="DE", province="", zip="10115")
    await shop.mirror.customer(101).refresh()
    page = await way.browser().get(await way.link())
    assert '<span lang="de">Jetzt kündigen</span>' in page.text


# What a press does.


async def test_one_press_ends_a_membership(way: Way, shop: Shop, services: Services) -> None:
    page = await way.press(await way.link(), tick=(), memberships=(MARAS,))

    assert CANCELLED in page.text
    assert "Your membership Northbound Circle (Monthly) is cancelled." in read(page)
    assert re.search(r"Receipt C-\w{4}-\w{4}, ", read(page))
    assert "What still comes Nothing of it is on its way." in read(page)
    assert "keep these benefits until then" in read(page)
    assert await is_cancelled(shop)
    assert await shop.executed() == {ROUTE: 1}
    (done,) = await activities(services, MARA)
    assert (done.action, done.method) == ("cancel membership", "cancel link")
    flow = await flow_of(services, Subject("membership", MARAS))
    assert (flow.door, flow.decision, flow.presses) == ("mail", Decision.CANCELLED, 1)
    assert flow.activity_id == done.id


async def test_both_end_by_one_press_and_one_receipt(
    way: Way, shop: Shop, services: Services
) -> None:
    page = await way.press(await way.link(), tick=(302, 303), memberships=(MARAS,))

    assert CANCELLED in page.text
    said = read(page)
    assert (
        "You have cancelled Maple Pecan Granola (400 g), Dark Chocolate 72 % (One bar), and "
        "Northbound Circle (Monthly)." in said
    )
    assert "is not taken" in said
    assert await is_cancelled(shop)
    assert await shop.executed() == {SUBSCRIPTION_ROUTE: 2, ROUTE: 1}
    (done,) = await activities(services, MARA)
    assert done.action == CancelTogether.name
    row = await services.journal.receipts.of(101, done.id)
    assert row is not None
    assert row.receipt.title.text == ("{total} of your subscriptions and memberships are cancelled")
    assert len(row.receipt.parts) == 3
    for subject in (
        Subject("subscription", 302),
        Subject("subscription", 303),
        Subject("membership", MARAS),
    ):
        flow = await flow_of(services, subject)
        assert (flow.door, flow.decision) == ("mail", Decision.CANCELLED)


async def test_the_reason_reaches_the_merchant_of_both(way: Way, shop: Shop) -> None:
    link = await way.link()
    browser = way.browser()
    page = await browser.get(link)
    key, text = re.findall(r'<option value="([^"]+)">([^<]+)</option>', page.text)[0]
    await send(browser, page, tick=(302,), memberships=(MARAS,), reason=key)
    assert (await shop.client.memberships.get(MARAS)).cancellation_reason == text
    assert (await shop.client.subscriptions.get(302)).cancellation_reason == text


async def test_all_of_them_are_these_too(way: Way, shop: Shop) -> None:
    browser = way.browser()
    page = await browser.get(await way.link())
    await send(browser, page, tick=(), all=Form(page).boxes["all"])
    assert await shop.executed() == {SUBSCRIPTION_ROUTE: 8, ROUTE: 1}


async def test_a_membership_of_somebody_else_is_not_ended(way: Way, shop: Shop) -> None:
    link = await way.link()
    for name in (f"membership-{SAMS}", "membership-", "membership-301", f"item-{MARAS}"):
        browser = way.browser()
        answer = await send(browser, await browser.get(link), tick=(), made_up=name)
        assert answer.status_code == 409
    assert await shop.executed() == {}


async def test_what_has_changed_meanwhile_is_shown_again_first(way: Way, shop: Shop) -> None:
    browser = way.browser()
    page = await browser.get(await way.link())
    await shop.client.memberships.cancel(
        MARAS, cancellation_reason="By telephone", cancel_immediately=True
    )
    await shop.mirror.customer(101).refresh()
    await shop.forget_counters()
    answer = await send(browser, page, tick=(302,), memberships=(MARAS,))
    assert answer.status_code == 409
    assert await shop.executed() == {}


# What the shop answers.


@pytest.mark.parametrize("tick", [(), (302,)])
@pytest.mark.parametrize(
    ("kind", "plan"),
    [("500", {}), ("500", {"executes": True}), ("cut_before", {}), ("cut_after", {}), ("409", {})],
)
async def test_it_says_cancelled_if_and_only_if_it_is(
    way: Way, shop: Shop, kind: str, plan: dict[str, bool], tick: tuple[int, ...]
) -> None:
    link = await way.link()
    await shop.fault("POST", CANCEL, kind, times=1, **plan)
    page = await way.press(link, tick=tick, memberships=(MARAS,))
    assert CANCELLED in page.text
    assert await is_cancelled(shop)
    assert (await shop.executed())[ROUTE] == 1


async def test_of_both_it_says_which_was_not_cancelled(
    way: Way, shop: Shop, services: Services
) -> None:
    link = await way.link()
    await shop.fault("POST", CANCEL, "422", times=1)

    page = await way.press(link, tick=(302,), memberships=(MARAS,))

    assert (await is_ended(shop, 302), await is_cancelled(shop)) == (True, False)
    assert CANCELLED not in page.text
    assert "1 of 2 done. Still open: Cancel Northbound Circle (Monthly)." in read(page)
    assert Form(page).memberships() == {MARAS: False}
    assert 302 not in Form(page).offered()
    assert (await flow_of(services, Subject("subscription", 302))).decision is Decision.CANCELLED
    assert (await flow_of(services, Subject("membership", MARAS))).decision is None
    (done,) = await activities(services, MARA)
    row = await services.journal.receipts.of(101, done.id)
    assert row is not None
    assert way.front.pages.texts.render(row.receipt.title) == (
        "1 of 2 subscriptions and memberships are cancelled"
    )

    assert CANCELLED in (await way.press(link, tick=(), memberships=(MARAS,))).text
    assert await is_cancelled(shop)


async def test_one_that_cannot_be_ended_keeps_no_other(way: Way, shop: Shop) -> None:
    link = await way.link()
    await shop.fault("POST", "/subscriptions/302/cancel", "422", times=1)
    page = await way.press(link, tick=(302,), memberships=(MARAS,))
    assert (await is_ended(shop, 302), await is_cancelled(shop)) == (False, True)
    assert Form(page).memberships() == {}
    assert 302 in Form(page).offered()


async def test_a_service_that_stops_in_between_goes_on_with_the_rest(
    way: Way, shop: Shop, services: Services
) -> None:
    link = await way.link()
    await shop.fault("POST", CANCEL, "cut_before", times=99)
    await shop.fault("GET", "/memberships", "500", times=99)
    page = await way.press(link, tick=(302,), memberships=(MARAS,))
    assert "Not confirmed yet" in read(page)
    assert "cancelled." not in read(page).replace("not cancelled until", "")
    await shop.no_faults()
    await services.close()
    await shop.advance(timedelta(minutes=2))
    later = Way(shop, shop.services(), clock=way.clock)
    await later.services.start()

    assert await known(later.services, MARA) is Result.DONE
    assert CANCELLED in (await later.browser().get(link)).text
    assert (await is_ended(shop, 302), await is_cancelled(shop)) == (True, True)
    flow = await flow_of(later.services, Subject("membership", MARAS))
    assert flow.decision is Decision.CANCELLED


async def _item(way: Way) -> int:
    found = await way.shop.client.memberships.get(MARAS)
    assert found.purchase_item_id is not None
    return found.purchase_item_id
