"""A press on a delivery: shown at once, then confirmed, or taken back with a reason."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from app.actions import (
    PutBackDelivery,
    Result,
    Services,
    SkipDelivery,
    activities,
    perform,
    undo,
)
from app.mirror import DeliveryStatus
from app.state import Portal
from tests.actions.shop import Shop, press
from tests.state.page import (
    HIS,
    JONAS,
    MARA,
    English,
    asked,
    first,
    opened,
    skip,
    text,
    until,
)


async def test_a_skip_is_seen_at_once_then_confirmed(shop: Shop, portal: Portal) -> None:
    delivery = first(portal)
    question = await asked(delivery)
    assert question.preview is not None
    assert English.render(question.preview.effect.confirm) == "Skip Sun 29 Nov"
    await shop.fault("POST", "/charges/*/skip", "delay", seconds=0.05)

    pressed = asyncio.create_task(question.confirm())
    await until(delivery, lambda: delivery.is_pending)

    assert question.is_busy
    assert delivery.delivery.status is DeliveryStatus.SKIPPED
    assert first(portal) is not delivery  # the one after it is next now
    assert portal.notice is None  # nothing is claimed yet
    await pressed

    assert not question.is_busy
    assert not delivery.is_pending
    assert question.preview is None
    assert delivery.can_put_back
    assert text(portal.notice) == "Your delivery of Sun 29 Nov is skipped."
    assert portal.notice is not None
    assert portal.notice.tone == "success"
    assert portal.notice.undo_until is not None
    assert delivery in portal.schedule.deliveries  # the same object, so nothing is built anew


async def test_undo_puts_it_back(shop: Shop, portal: Portal) -> None:
    delivery = first(portal)
    await skip(delivery)
    await portal.undo()

    assert first(portal) is delivery
    assert delivery.delivery.status is DeliveryStatus.QUEUED
    assert text(portal.notice) == "Your delivery of Sun 29 Nov is planned again."
    assert portal.notice is not None
    assert portal.notice.undo_until is None
    assert await shop.executed() == {"POST /charges/{id}/skip": 1, "POST /charges/{id}/unskip": 1}


async def test_undo_after_its_time_says_so(shop: Shop, portal: Portal) -> None:
    delivery = first(portal)
    await skip(delivery)
    await shop.advance(timedelta(hours=25))
    await portal.undo()

    assert "too late" in text(portal.notice)
    assert delivery.is_skipped
    assert not portal.is_busy


async def test_put_back_by_its_own_button(portal: Portal) -> None:
    delivery = first(portal)
    await skip(delivery)
    await delivery.put_back()

    assert first(portal) is delivery
    assert not delivery.is_pending
    assert delivery.can_skip


async def test_a_double_press_makes_one_write(shop: Shop, portal: Portal) -> None:
    delivery = first(portal)
    question = await asked(delivery)

    told = set[str]()
    portal.changed.subscribe(lambda: told.add(portal.notice.tone if portal.notice else ""))

    await asyncio.gather(question.confirm(), question.confirm(), question.confirm())

    assert await shop.executed() == {"POST /charges/{id}/skip": 1}
    assert text(portal.notice) == "Your delivery of Sun 29 Nov is skipped."
    assert told == {"", "success"}  # the presses that did nothing say nothing


async def test_a_refusal_takes_the_wish_back_with_a_reason(shop: Shop, portal: Portal) -> None:
    delivery = first(portal)
    await shop.fault("POST", "/charges/*/skip", "422")
    await skip(delivery)

    assert first(portal) is delivery
    assert delivery.delivery.status is DeliveryStatus.QUEUED
    assert not delivery.is_pending
    assert not delivery.is_busy
    assert portal.notice is not None
    assert portal.notice.tone == "error"
    assert portal.notice.can_retry
    assert portal.notice.undo_until is None
    portal.dismiss()
    assert portal.notice is None


async def test_one_item_of_a_delivery_is_skipped(services: Services) -> None:
    portal = await opened(services, MARA)
    delivery = first(portal)
    question = await asked(delivery, (302,))
    await question.confirm()

    assert first(portal) is delivery
    assert 302 not in {item.purchase_item_id for item in delivery.delivery.items}
    skipped = next(each for each in portal.schedule.deliveries if each.is_skipped)
    assert {item.purchase_item_id for item in skipped.delivery.items} == {302}
    await portal.undo()
    assert not any(each.is_skipped for each in portal.schedule.deliveries)
    portal.close()


async def test_an_answer_that_was_lost_stays_pending_until_it_is_known(shop: Shop) -> None:
    services = shop.services(settle_after=(0.05, 0.05, 0.05))
    portal = await opened(services)
    delivery = first(portal)
    await shop.fault("POST", "/charges/*/skip", "cut_after")
    await shop.fault("GET", "/charges", "500", times=99)
    await skip(delivery)

    assert delivery.is_pending
    assert portal.notice is not None
    assert portal.notice.tone == "info"
    assert "do not know yet" in text(portal.notice)
    assert not delivery.is_skipped  # what is not known must not look done
    assert portal.next_delivery is delivery
    assert not delivery.can_skip
    assert not delivery.can_put_back

    await shop.no_faults()
    await until(portal, lambda: not delivery.is_pending)
    assert delivery.is_skipped
    assert text(portal.notice) == "Your delivery of Sun 29 Nov is skipped."
    assert portal.notice.undo_until is not None
    await portal.undo()
    assert not delivery.is_skipped
    portal.close()


async def test_a_lost_change_that_was_not_made_is_taken_back(shop: Shop) -> None:
    services = shop.services(settle_after=(0.05, 0.05))
    portal = await opened(services)
    delivery = first(portal)
    await shop.fault("POST", "/charges/*/skip", "cut_before", times=99)
    await shop.fault("GET", "/charges", "500", times=99)
    await skip(delivery)
    assert delivery.is_pending

    await shop.no_faults()
    await until(portal, lambda: not delivery.is_pending)
    assert not delivery.is_skipped
    assert first(portal) is delivery
    assert "was not made" in text(portal.notice)
    portal.close()


async def test_a_page_that_is_reloaded_meanwhile_follows_it_too(shop: Shop) -> None:
    services = shop.services(settle_after=(0.05, 0.05, 0.05))
    before = await opened(services)
    await shop.fault("POST", "/charges/*/skip", "cut_after")
    await shop.fault("GET", "/charges", "500", times=99)
    await skip(first(before))
    before.close()

    portal = await opened(services)
    assert "still checking" in text(portal.notice)
    await shop.no_faults()
    await until(portal, lambda: portal.notice is not None and portal.notice.tone == "success")
    assert text(portal.notice) == "Your delivery of Sun 29 Nov is skipped."
    portal.close()


async def test_a_stale_page_writes_nothing_and_shows_what_is_true(
    shop: Shop, services: Services, portal: Portal
) -> None:
    delivery = first(portal)
    question = await asked(delivery)
    await perform(services, JONAS, SkipDelivery(address_id=203, date=HIS), key=press())
    await question.confirm()

    assert "Something here has changed" in text(portal.notice)
    assert portal.notice is not None
    assert portal.notice.tone == "warning"
    assert delivery.is_skipped
    assert await shop.executed() == {"POST /charges/{id}/skip": 1}


async def test_success_without_its_effect_is_not_told_as_done(shop: Shop) -> None:
    services = shop.services(settle_after=(0.05,))
    portal = await opened(services)
    delivery = first(portal)
    charge = portal.records.charges[0].model_dump(mode="json")
    await shop.fault("POST", "/charges/*/skip", "500", status=200, body={"charge": charge})

    await skip(delivery)

    assert portal.notice is not None
    assert portal.notice.tone == "info"
    assert portal.notice.undo_until is None
    await until(portal, lambda: not delivery.is_pending)
    assert not delivery.is_skipped
    assert "was not made" in text(portal.notice)
    assert await shop.executed() == {}
    portal.close()


async def test_a_refusal_that_holds_no_more_goes(services: Services, portal: Portal) -> None:
    delivery = first(portal)
    question = await asked(delivery)
    skip = SkipDelivery(address_id=203, date=HIS)
    done = await perform(services, JONAS, skip, key=press())
    await question.confirm()
    assert "is skipped already" in text(portal.notice)
    await portal.read_again()
    assert portal.notice is not None  # it is true still

    await undo(services, JONAS, done.activity_id, key=press())
    await until(portal, lambda: not delivery.is_skipped)

    assert portal.notice is None


async def test_what_became_known_while_no_page_was_open_is_told_once(shop: Shop) -> None:
    services = shop.services(settle_after=(0.0, 0.0))
    before = await opened(services)
    await shop.fault("POST", "/charges/*/skip", "cut_after")
    await shop.fault("GET", "/charges", "500", times=3)
    await skip(first(before))
    assert "do not know yet" in text(before.notice)
    before.close()
    news: asyncio.Queue[None] = asyncio.Queue()
    leave = shop.mirror.changes.subscribe(102, lambda: news.put_nowait(None))
    while (await activities(services, JONAS))[0].result is not Result.DONE:
        await news.get()
    leave()

    later = shop.services()  # the service was started anew
    portal = await opened(later)
    assert text(portal.notice) == "Your delivery of Sun 29 Nov is skipped."
    other = await opened(later)
    assert other.notice is None

    await portal.undo()
    assert not any(state.is_skipped for state in portal.schedule.deliveries)
    portal.close()
    other.close()


async def test_what_became_known_long_ago_or_was_changed_since_is_not_told(shop: Shop) -> None:
    services = shop.services(settle_after=(0.05,))
    portal = await opened(services)
    await shop.fault("POST", "/charges/*/skip", "cut_after")
    await shop.fault("GET", "/charges", "500", times=3)
    delivery = first(portal)
    await skip(delivery)
    await until(portal, lambda: not delivery.is_pending)
    portal.close()

    after_long = shop.services()
    now = after_long.clock
    after_long.clock = lambda: now() + timedelta(minutes=11)
    late = await opened(after_long)
    assert late.notice is None
    late.close()

    await perform(services, JONAS, PutBackDelivery(address_id=203, date=HIS), key=press())
    again = await opened(shop.services())
    assert again.notice is None
    again.close()
