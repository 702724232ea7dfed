"""Leaving without signing in: who gets a link, what it opens, and what one press does."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta

import pytest

from app.actions import Services, activities
from app.auth import LinkState
from app.mail import NotDelivered
from app.retention import Decision, Subject
from tests.actions.conftest import pattern, services, shop
from tests.actions.shop import Shop, signed_in
from tests.web.leaving import EMAILS, Form, Way, read, send

__all__ = ["pattern", "services", "shop"]

CANCEL = "POST /subscriptions/{id}/cancel"
MARA, JONAS, CLAIRE = EMAILS[101], EMAILS[102], EMAILS[107]


@pytest.fixture
def way(shop: Shop, services: Services) -> Way:
    return Way(shop, services)


async def status(shop: Shop, id: int) -> str:
    return str((await shop.client.subscriptions.get(id)).status)


async def cancels(shop: Shop) -> int:
    return (await shop.executed()).get(CANCEL, 0)


# The form.


async def test_the_answer_tells_nothing_about_anybody(way: Way) -> None:
    asked = [(MARA, "1506"), (MARA, "99999"), (MARA, "1496"), ("nobody@example.com", "1506")]
    answers: list[tuple[object, ...]] = []
    for email, order in asked:
        browser = way.browser(host=f"198.51.100.{len(answers)}")
        page = await browser.get("/cancel")
        await way.shop.forget_counters()
        answer = await send(browser, page, email=email, order=order)
        calls = (await way.shop.counters())["requests"]
        sent = await browser.get(answer.headers["location"])
        kept = {
            name: re.sub(r"typed=[^;]+", "", value) for name, value in answer.headers.multi_items()
        }
        answers.append(
            (answer.status_code, answer.text, kept, calls, sent.text.replace(email, "…"))
        )
        await way.post.settle()

    assert answers[0][0] == 303
    assert answers[0][3] == {}, "nobody is looked up before the answer is out"
    assert all(answer == answers[0] for answer in answers)


async def test_only_the_customers_own_order_gets_a_link(way: Way) -> None:
    for order in ("99999", "1496"):  # nobody's, and Tom's
        await way.ask(order)
        assert "belongs to no order of yours" in way.outbox.mails[-1].text
        assert order not in way.outbox.mails[-1].text
        assert not re.search(r"/cancel/[\w-]{43}", way.outbox.mails[-1].text)
    mails = len(way.outbox.mails)
    await way.ask("1506", "nobody@example.com")
    assert len(way.outbox.mails) == mails


@pytest.mark.parametrize("order", ["1506", "#1506", " # 1506 ", "１５０６"])
async def test_the_number_may_be_written_in_many_ways(way: Way, order: str) -> None:
    assert await way.link(order)
    assert way.outbox.mails[0].to == MARA


async def test_where_no_order_has_a_number_the_mailbox_is_proof_enough(way: Way) -> None:
    browser = way.browser()
    page = await browser.get(await way.link("4711", JONAS))
    assert Form(page).ticked() == {310}


async def test_an_old_order_is_found_with_one_more_call(way: Way, shop: Shop) -> None:
    walter = await shop.mirror.customer(111).snapshot()
    assert walter.has_more_orders
    orders = await shop.client.orders.list(customer_id=111, limit=250).all()
    oldest = min(
        (one for one in orders if one.external_order_number.ecommerce), key=lambda one: one.id
    )
    await shop.mirror.settled()
    await shop.forget_counters()

    assert await way.link(str(oldest.external_order_number.ecommerce), "walter.brandt@example.com")

    calls = (await shop.counters())["requests"]
    assert set(calls) == {"GET /orders"}
    assert sum(calls.values()) <= 2  # 400 orders are two pages


async def test_what_a_wish_costs_upstream(way: Way, shop: Shop) -> None:
    await shop.forget_counters()
    await way.link()
    assert (await shop.counters())["requests"] == {}, "she is in the mirror"
    await way.ask("1506", "nobody@example.com")
    assert (await shop.counters())["requests"] == {"GET /customers": 1}
    await way.ask("1506", "nobody@example.com")
    assert (await shop.counters())["requests"] == {"GET /customers": 1}
    await shop.forget_counters()
    await way.link("1491", CLAIRE)  # the first time that she is seen
    assert sum((await shop.counters())["requests"].values()) <= 5


@pytest.mark.parametrize(
    ("email", "order", "wrong"),
    [("mara", "1506", "email"), ("", "1506", "email"), (MARA, "", "order"), (MARA, " # ", "order")],
)
async def test_what_cannot_be_is_asked_for_again(
    way: Way, email: str, order: str, wrong: str
) -> None:
    answer = await way.ask(order, email)
    assert answer.status_code == 422
    field = re.search(rf'<input id="{wrong}"[^>]*>', answer.text)
    assert field is not None
    assert 'aria-invalid="true"' in field[0]
    assert Form(answer).fields["email"] == email
    assert way.outbox.mails == []


async def test_too_many_wishes_are_refused_and_links_go_on_working(way: Way) -> None:
    link = await way.link()
    for number in range(4):
        await way.ask("1506", browser=way.browser(host=f"198.51.100.{number}"))
    answer = await way.ask("1506", browser=way.browser(host="198.51.100.99"))
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0
    assert len(way.outbox.mails) == 5
    assert (await way.browser().get(link)).status_code == 200


async def test_the_answer_does_not_wait_for_anything(way: Way) -> None:
    way.outbox.failure = NotDelivered("busy")
    assert (await way.ask("1506")).status_code == 303


async def test_forms_of_other_sites_do_nothing(way: Way, shop: Shop) -> None:
    link = await way.link()
    for path in ("/cancel", "/withdraw", link):
        for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
            evil = way.browser(**headers)
            assert (await evil.post(path, data={"email": MARA, "order": "1"})).status_code == 403
        own = way.browser()
        answer = await own.post(path, data={"email": MARA, "order": "1506", "all": "x"})
        assert answer.status_code == 403
        assert "Please press once more" in read(answer)
    page = await way.browser().get(link)  # its token belongs to that browser
    assert (await send(way.browser(), page)).status_code == 403
    assert await cancels(shop) == 0
    assert len(way.outbox.mails) == 1


async def test_pages_hold_no_script_and_are_not_kept(way: Way) -> None:
    link = await way.link()
    for path in ("/cancel", "/withdraw", link):
        page = await way.browser().get(path)
        assert "script" not in Form(page).tags
        assert "style" not in Form(page).tags
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["referrer-policy"] == "no-referrer"


async def test_the_ways_out_stand_at_the_foot_of_the_sign_in_page(way: Way) -> None:
    page = await way.browser().get("/sign-in")
    assert '<a href="/cancel">Cancel a subscription without signing in</a>' in page.text
    assert '<a href="/withdraw">Withdraw from contract here</a>' in page.text


# The page behind a link.


async def test_the_page_says_what_would_end_and_opening_it_changes_nothing(
    way: Way, shop: Shop
) -> None:
    link = await way.link()
    await shop.forget_counters()
    scanner = way.browser(**{"Sec-Purpose": "prefetch"})
    for _ in range(3):
        page = await scanner.get(link)
        assert (await scanner.head(link)).status_code == 200
    form = Form(page)
    assert form.ticked() == {301, 302, 303}, "what came with the named order"
    assert form.offered() == {301, 302, 303, 304, 305, 306, 307, 308}
    assert len(form.buttons) == 1
    said = read(page)
    assert "Nothing is cancelled yet." in said
    assert "does not come any more" in said
    assert "What came with order #1506 is ticked" in said
    assert await shop.executed() == {}
    found = await way.exits.find("cancel", link.split("/")[-1])
    assert found is not None
    assert found.state is LinkState.READY
    assert "doorstep" not in scanner.cookies


async def test_one_press_cancels_what_is_ticked(way: Way, shop: Shop) -> None:
    page = await way.press(await way.link())

    assert page.status_code == 200
    assert '<h1 id="title">Cancelled</h1>' in page.text
    assert re.search(r"Receipt C-\w{4}-\w{4}, ", read(page))
    assert "m…@example.com" in read(page)
    assert "What still comes" in read(page)
    assert [await status(shop, id) for id in (301, 302, 303, 304)] == [*["cancelled"] * 3, "active"]
    (done,) = await activities(way.services, signed_in(101))
    assert done.method == "cancel link"


async def test_everything_can_be_cancelled_at_once(way: Way, shop: Shop) -> None:
    link = await way.link()
    browser = way.browser()
    page = await browser.get(link)
    answer = await send(browser, page, tick=(), follow=True, all=Form(page).boxes["all"])
    assert "Cancelled" in read(answer)
    assert await cancels(shop) == 8


async def test_the_reason_is_optional_and_reaches_the_merchant(way: Way, shop: Shop) -> None:
    link = await way.link("4711", JONAS)
    browser = way.browser()
    page = await browser.get(link)
    keys = re.findall(r'<option value="([^"]+)">([^<]+)</option>', page.text)
    assert keys
    assert '<select id="reason" name="reason">' in page.text
    await send(browser, page, reason=keys[0][0])
    assert (await shop.client.subscriptions.get(310)).cancellation_reason == keys[0][1]


async def test_nothing_ticked_changes_nothing(way: Way, shop: Shop) -> None:
    link = await way.link()
    answer = await way.press(link, tick=())
    assert answer.status_code == 422
    assert "Nothing was ticked" in read(answer)
    assert "Cancelled" in read(await way.press(link))


async def test_made_up_boxes_end_nothing(way: Way, shop: Shop) -> None:
    link = await way.link()
    for name in ("item-310", "item-999", "item-1;drop", "item-"):
        browser = way.browser()
        answer = await send(browser, await browser.get(link), tick=(), made_up=name)
        assert answer.status_code == 409
    browser = way.browser()
    assert (await send(browser, await browser.get(link), tick=(), all="x")).status_code == 409
    assert await cancels(shop) == 0


async def test_a_link_does_its_work_once(way: Way, shop: Shop) -> None:
    link = await way.link()
    browser = way.browser()
    page = await browser.get(link)
    first = await send(browser, page, tick=(302,), follow=True)
    again = await send(browser, page, tick=(304,), follow=True)
    elsewhere = await way.browser().get(link)
    assert read(first) == read(again) == read(elsewhere)
    assert await cancels(shop) == 1
    assert await status(shop, 304) == "active"


async def test_presses_at_one_moment_make_one_change(way: Way, shop: Shop) -> None:
    link = await way.link()
    browser = way.browser()
    page = await browser.get(link)
    answers = await asyncio.gather(
        *(send(browser, page, tick=(302,), follow=True) for _ in range(4)),
        send(browser, page, tick=(304,), follow=True),
    )
    assert await cancels(shop) == 1
    assert len({read(answer) for answer in answers}) == 1
    assert "Cancelled" in read(answers[0])


async def test_links_end_after_a_day_and_strange_ones_lead_to_the_form(
    way: Way, shop: Shop
) -> None:
    link = await way.link()
    browser = way.browser()
    page = await browser.get(link)
    way.clock.move(hours=25)
    for answer in (await send(browser, page), await browser.get(link)):
        assert answer.status_code == 303
    back = await browser.get(answer.headers["location"])
    assert "This link has expired" in read(back)
    for strange in ("/cancel/" + "A" * 43, "/cancel/x", link.replace("/cancel", "/withdraw")):
        answer = await browser.get(strange)
        assert answer.headers["location"].endswith("?why=unknown")
    assert await cancels(shop) == 0


async def test_a_link_opens_nothing_else(way: Way) -> None:
    link = await way.link()
    secret = link.split("/")[-1]
    browser = way.browser()
    await browser.get(link)
    assert (await browser.get("/")).headers["location"].startswith("/sign-in")
    assert (await browser.get(f"/sign-in/{secret}")).headers["location"].startswith("/sign-in?")
    browser.cookies.set("doorstep", secret)
    assert (await browser.get("/")).headers["location"].startswith("/sign-in")


async def test_what_has_changed_meanwhile_is_shown_again_first(way: Way, shop: Shop) -> None:
    link = await way.link()
    browser = way.browser()
    page = await browser.get(link)
    await shop.client.subscriptions.set_next_charge_date(
        302, (await shop.situation(way.services, 101)).today + timedelta(days=40), commit=True
    )
    await shop.mirror.customer(101).refresh()

    answer = await send(browser, page)

    assert answer.status_code == 409
    assert "has changed since you opened this page" in read(answer)
    assert await cancels(shop) == 0
    assert "Cancelled" in read(await send(browser, answer, follow=True))


async def test_titles_of_products_are_words_and_no_markup(way: Way, shop: Shop) -> None:
    for id in (301, 302, 303):
        shop.sandbox.shop.save(
            "subscriptions",
            {
                **shop.sandbox.shop.read("subscriptions", id),
                "product_title": "<script>alert(1)</script>",
            },
        )
    await shop.mirror.customer(101).refresh()
    link = await way.link()
    browser = way.browser()
    page = await browser.get(link)
    done = await send(browser, page, follow=True)
    for each in (page, done):
        assert "<script" not in each.text
        assert "&lt;script&gt;" in each.text


async def test_each_end_is_recorded_once(way: Way, services: Services) -> None:
    link = await way.link()
    await way.press(link, tick=(302, 303))
    await way.browser().get(link)
    for id in (302, 303):
        flow = await services.flows.latest(Subject("subscription", id), customer_id=101)
        assert flow is not None
        assert (flow.door, flow.decision, flow.presses) == ("mail", Decision.CANCELLED, 1)
    assert await services.flows.latest(Subject("subscription", 301), customer_id=101) is None


async def test_a_record_that_fails_keeps_nobody_from_leaving(
    way: Way, shop: Shop, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError("full")

    monkeypatch.setattr(services.flows, "open", broken)
    assert "Cancelled" in read(await way.press(await way.link()))
    assert await cancels(shop) == 3
