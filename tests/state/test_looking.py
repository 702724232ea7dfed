"""An open page on which one of the shop's people looks: it shows all, does nothing, and leaves no
trace among what the customer did."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from app.actions import Acting, Activity, ChangeEmail, Level, Principal, Services, activities
from app.auth import CalendarFeeds, Codes, Limits, Sessions
from app.retention import Subject
from app.state import (
    AccountDoors,
    AccountState,
    CalendarFeedState,
    EmailQuestion,
    Leavings,
    Portal,
    SubscriptionRetention,
)
from app.web import EmailCodePost, Pages
from tests.actions.shop import Shop
from tests.auth.world import make_settings
from tests.state.leaving import leaving, recorded, status_upstream, tab
from tests.state.page import JONAS, English, asked, first, opened, skip, text
from tests.web.shop import Outbox

ONLY_LOOKING = "You are only looking, so nothing was changed."


def as_shop(who: Principal, acting: Acting = Acting.LOOKING) -> Principal:
    return replace(who, acting=acting, level=Level.CODE, method="merchant", session="a look")


@pytest.fixture
async def look(services: Services) -> AsyncIterator[Portal]:
    portal = await opened(services, as_shop(JONAS))
    yield portal
    portal.close()


async def test_a_question_says_what_would_change_and_does_nothing(shop: Shop, look: Portal) -> None:
    await shop.forget_counters()
    question = await asked(first(look))
    assert question.preview is not None
    assert not question.may_change
    assert await question.confirm() is None
    assert question.failure is not None
    assert text(question.failure) == ONLY_LOOKING
    assert await shop.executed() == {}


async def test_a_press_without_a_question_is_told_so_too(shop: Shop, look: Portal) -> None:
    await shop.forget_counters()
    assert await look.do(first(look).skip_action()) is None
    assert text(look.notice) == ONLY_LOOKING
    assert await shop.executed() == {}
    assert not look.schedule.deliveries[0].is_skipped, "nothing is shown as if it were done"


async def test_leaving_is_shown_and_stands_in_no_figures(shop: Shop) -> None:
    services = leaving(shop)
    page = await tab(services, as_shop(JONAS))
    assert page.step == "reason"
    await page.goes_on("price")
    assert page.way.offer is not None, "what the customer would be offered"
    await page.way.write("only trying")
    await page.way.end()
    assert await recorded(services) == []
    assert await status_upstream(shop) == "active"
    page.close()


async def test_a_wish_of_the_customers_is_shown_and_stays_as_it_is(shop: Shop) -> None:
    services = leaving(shop)
    page = await tab(services, JONAS)
    await page.way.choose(page.reason("other"))
    await page.way.write("It was good while it lasted.")
    page.close()
    before = await recorded(services)

    portal = await opened(services, as_shop(JONAS))
    leavings = Leavings(portal)
    way = leavings.of(Subject("subscription", 310))
    assert isinstance(way, SubscriptionRetention)
    await way.arrive("reason")
    assert way.reason is not None
    assert (way.reason.key, way.comments) == ("other", "It was good while it lasted.")
    await way.write("changed by the shop")
    await way.choose(None)
    assert await recorded(services) == before
    leavings.close()
    portal.close()


@pytest.mark.parametrize("acting", list(Acting))
async def test_news_wait_for_the_customer(
    services: Services, monkeypatch: pytest.MonkeyPatch, acting: Acting
) -> None:
    """A result that became known late is told once: to the customer."""
    page = await opened(services)
    await skip(first(page))
    page.close()
    [done] = await activities(services, JONAS)
    late = replace(done, late=services.clock())

    async def late_result(*_: object) -> Activity:
        return late

    monkeypatch.setattr("app.state.results.late_result", late_result)
    portal = await opened(services, as_shop(JONAS, acting))
    assert (done.id in services.told) is (acting is Acting.SELF)
    assert (portal.notice is not None) is (acting is Acting.SELF)
    portal.close()


@pytest.mark.parametrize("acting", [Acting.LOOKING, Acting.BEHALF])
async def test_the_calendars_address_is_the_customers(shop: Shop, acting: Acting) -> None:
    feeds = CalendarFeeds(shop.database)
    secret = await feeds.make(JONAS)
    state = CalendarFeedState(feeds, as_shop(JONAS, acting), "http://localhost")
    await state.open()
    assert not state.may_change
    await state.make()
    await state.revoke()
    assert state.address is None
    assert await feeds.customer_of(secret) == 102, "the customer's own goes on"


@pytest.mark.parametrize("acting", [Acting.LOOKING, Acting.BEHALF])
async def test_codes_and_devices(shop: Shop, acting: Acting) -> None:
    clock, outbox = shop.sandbox.clock.now, Outbox()
    codes, limits = Codes(shop.database, clock), Limits(shop.database)
    sessions = Sessions(shop.database, make_settings(), clock)

    async def no_name() -> str:
        return "Northbound"

    emails = EmailCodePost(codes, limits, outbox, Pages(English, no_name), clock)
    await sessions.start(102, method="link")
    cookie, principal = await sessions.start(102, method="merchant", acting=acting)
    services = shop.services()
    portal = await opened(services, principal)
    account = AccountState(portal, AccountDoors(sessions, emails))
    await account.open()
    assert account.others == 1, "the customer's own; a look is none of their devices"

    question = EmailQuestion(account)
    await question.write(email="new@example.org")
    assert not await question.send()
    await emails.settle()
    assert outbox.mails == []
    [said] = question.wrong.values()
    assert English.render(said).startswith("Only the customer can change this")

    await account.sign_out_others()
    left = await sessions.devices(principal)
    assert len(left) == (1 if acting is Acting.LOOKING else 0)
    if acting is Acting.LOOKING:
        await account.sign_out(left[0])
        assert len(await sessions.devices(principal)) == 1
        assert text(portal.notice) == ONLY_LOOKING
    assert await sessions.read(cookie)
    portal.close()


async def test_no_code_is_asked_for(shop: Shop, services: Services) -> None:
    shop.unproven.add("a look")
    portal = await opened(services, replace(as_shop(JONAS), level=Level.LINK))
    email = ChangeEmail.of(customer_id=102, email="new@example.org")
    assert email.needs_step_up(portal.situation, portal.principal.level)
    assert not await portal.step_up.is_needed(email), "the press is refused as it is"
    portal.close()
