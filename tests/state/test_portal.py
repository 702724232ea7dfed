"""One open page: what it shows, and what comes from elsewhere."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.actions import MoveOnce, Services, SkipDelivery, perform
from app.state import Portal
from tests.actions.shop import TODAY, Shop, press, signed_in
from tests.state.page import (
    HIS,
    JONAS,
    MARA,
    English,
    asked,
    first,
    opened,
    skip,
    status,
    text,
    until,
)


async def test_the_page_shows_what_comes_next(services: Services) -> None:
    portal = Portal(services, MARA, English)
    assert portal.status == "loading"
    assert portal.age is None
    await portal.open()

    delivery = first(portal)
    assert delivery.delivery.date == TODAY + timedelta(days=9)
    assert English.moment(delivery.change_until) == "Tue 1 Dec, 23:59"
    assert delivery.can_skip
    assert not delivery.can_put_back
    assert delivery.reason is None
    assert delivery.address is not None
    assert delivery.address.address1 == "18 Lantern Row"
    assert delivery.payment_method is not None
    assert portal.age is not None
    assert len(portal.subscriptions) == 9
    portal.close()


async def test_a_change_in_another_tab_shows_here(services: Services, portal: Portal) -> None:
    other = await opened(services)
    delivery = first(portal)
    changes: list[str] = []
    delivery.changed.subscribe(lambda: changes.append("changed"))

    await skip(first(other))
    await until(portal, lambda: delivery.is_skipped)

    assert changes
    assert first(portal) is not delivery
    assert portal.notice is None  # what another tab did is not told as if it was done here
    other.close()


async def test_a_load_that_fails_shows_no_empty_list(shop: Shop, services: Services) -> None:
    await shop.fault("GET", "/customers/*", "500", times=99)
    portal = Portal(services, signed_in(106), English)
    await portal.open()

    assert status(portal) == "failed"
    assert portal.failure is not None
    assert "Nothing was changed" in text(portal.failure)
    assert portal.snapshot is None
    with pytest.raises(RuntimeError):
        _ = portal.records

    await shop.no_faults()
    await portal.reload()
    assert status(portal) == "ready"
    assert portal.failure is None
    assert first(portal).delivery.date == TODAY + timedelta(days=5)
    portal.close()


async def test_an_account_that_the_shop_does_not_know(services: Services) -> None:
    portal = Portal(services, signed_in(999), English)
    await portal.open()

    assert portal.status == "failed"
    assert "does not know this account" in text(portal.failure)
    portal.close()


async def test_reload_reads_from_recharge(shop: Shop, portal: Portal) -> None:
    await shop.client.subscriptions.update(310, quantity=2, commit=True)
    await portal.reload()

    assert portal.subscriptions[0].quantity == 2
    assert not portal.is_busy

    await shop.fault("GET", "/**", "500", times=99)
    await portal.reload()
    assert portal.notice is not None
    assert portal.notice.tone == "error"
    assert first(portal).delivery.date == HIS  # what was on screen stays


async def test_a_customer_with_nothing_has_an_empty_page(services: Services) -> None:
    portal = await opened(services, signed_in(112))

    assert portal.next_delivery is None
    assert portal.subscriptions == []
    assert portal.schedule.deliveries == []
    portal.close()


async def test_what_cannot_be_skipped_says_why(shop: Shop, services: Services) -> None:
    prepaid = await opened(services, signed_in(103))
    assert not first(prepaid).can_skip
    reason = first(prepaid).reason
    assert reason is not None
    assert "paid for this delivery in advance" in English.render(reason)
    question = await asked(first(prepaid))
    assert question.preview is None
    assert text(question.failure) == English.render(reason)
    prepaid.close()

    late = await opened(services)
    assert first(late).can_skip
    await shop.advance(timedelta(days=5, hours=12))
    assert not first(late).can_skip
    assert first(late).reason is not None
    late.close()


async def test_what_the_merchant_switched_off_is_not_offered(
    shop: Shop, services: Services
) -> None:
    await shop.switch(skip_scheduled_order=False)
    portal = await opened(services)

    assert not first(portal).can_skip
    assert first(portal).reason is None
    portal.close()


@pytest.mark.parametrize("name", ["skip_scheduled_order", "onetime_enabled"])
async def test_what_has_a_step_that_is_switched_off_is_not_offered(
    shop: Shop, services: Services, name: str
) -> None:
    action = MoveOnce(address_id=203, subscription_id=310, date=TODAY + timedelta(days=9))
    portal = await opened(services)
    assert portal.can(action)
    await shop.switch(**{name: False})
    await portal.read_again()
    assert not portal.can(action)
    portal.close()


async def test_the_timeline_reaches_a_year_and_further(portal: Portal) -> None:
    schedule = portal.schedule
    kept = list(schedule.deliveries)
    assert TODAY + timedelta(days=351) < kept[-1].delivery.date <= TODAY + timedelta(days=365)

    schedule.show_more()
    assert schedule.deliveries[: len(kept)] == kept
    assert schedule.deliveries[-1].delivery.date > TODAY + timedelta(days=715)
    assert schedule.has_more
    schedule.show_more()
    assert not schedule.has_more

    await skip(schedule.deliveries[-1])
    assert schedule.deliveries[-1].is_skipped


async def test_a_closed_page_hears_nothing(shop: Shop, services: Services) -> None:
    portal = await opened(services)
    delivery, subscription = first(portal), portal.subscriptions[0]
    heard: list[str] = []
    for state in (portal, portal.schedule, delivery, subscription):
        state.changed.subscribe(lambda: heard.append("changed"))
    records = portal.snapshot
    portal.close()
    portal.close()  # closing twice is nothing

    other = await opened(services)
    await perform(services, JONAS, SkipDelivery(address_id=203, date=HIS), key=press())
    await until(other, lambda: other.schedule.deliveries[0].is_skipped)

    assert heard == []
    assert portal.snapshot is records
    other.close()
    assert not any(
        len(state.changed) for state in (portal, portal.schedule, delivery, subscription)
    )
