"""The record of what was done, as the page shows it and follows it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.actions import Action, Result, Services, SkipDelivery
from app.actions.base import _below
from app.state import KINDS, ActivityState, Portal
from app.state.activity import PAGE, kind_of, method_text
from tests.actions.shop import Shop
from tests.state.page import HIS, MARA, English, asked, first, opened, skip, text, until


async def record(portal: Portal) -> list[ActivityState]:
    """What the page shows of the record."""
    await portal.activities.open()
    found = portal.activities.activities
    assert found is not None
    return found


def _results(portal: Portal) -> list[Result]:
    return [one.result for one in portal.activities.activities or ()]


async def test_what_was_done_can_be_read_and_put_back(shop: Shop, portal: Portal) -> None:
    await skip(first(portal))
    (done,) = await record(portal)

    assert English.render(done.text) == "Your delivery of Sun 29 Nov is skipped."
    assert English.render(done.by) == "you, signed in by a link in a mail"
    assert English.render(done.result_text) == "Done"
    assert done.at.utcoffset() == timedelta(hours=-5)
    assert done.put_back_until is not None

    await done.put_back()
    assert "planned again" in text(portal.notice)
    assert (await shop.executed())["POST /charges/{id}/unskip"] == 1
    await until(portal.activities, lambda: len(portal.activities.activities or ()) == 2)
    newest, earlier = await record(portal)
    assert earlier is done
    assert English.render(done.result_text) == "Put back since"
    assert done.put_back_until is None
    assert newest.put_back_until is None, "what was put back is not taken back again"


async def test_the_record_follows_what_another_page_does(
    services: Services, portal: Portal
) -> None:
    assert await record(portal) == []
    other = await opened(services)
    await skip(first(other))
    await until(portal.activities, lambda: _results(portal) == [Result.DONE])
    other.close()


async def test_nothing_can_be_put_back_after_its_day(shop: Shop, portal: Portal) -> None:
    await skip(first(portal))
    (done,) = await record(portal)
    assert done.put_back_until is not None
    await shop.advance(timedelta(hours=24, minutes=1))
    assert done.put_back_until is None
    await done.put_back()
    assert first(portal).delivery.date != HIS
    assert "POST /charges/{id}/unskip" not in await shop.executed()


async def test_nothing_can_be_put_back_after_the_cut_off(shop: Shop, services: Services) -> None:
    await shop.advance(timedelta(days=5))  # the delivery is tomorrow: changes end at 23:59
    portal = await opened(services)
    await skip(first(portal))
    (done,) = await record(portal)
    assert done.put_back_until is not None
    assert done.put_back_until <= first(portal).portal.situation.changes_end(HIS)
    await shop.advance(timedelta(hours=18))
    assert done.put_back_until is None
    portal.close()


async def test_what_was_refused_is_told_with_its_reason(shop: Shop, portal: Portal) -> None:
    await shop.fault("POST", "/charges/*/skip", "422")
    await skip(first(portal))
    (refused,) = await record(portal)
    assert English.render(refused.result_text) == "Not done"
    assert refused.put_back_until is None


async def test_earlier_ones_are_shown_when_asked_for(services: Services, portal: Portal) -> None:
    delivery = first(portal)
    services.rate._limit = 1000
    for _ in range(PAGE // 2 + 1):
        await (await asked(delivery)).confirm()
        await delivery.put_back()
    shown = await record(portal)
    assert len(shown) == PAGE
    assert portal.activities.has_earlier
    await portal.activities.show_earlier()
    everything = await record(portal)
    assert len(everything) == PAGE + 2
    assert everything[:PAGE] == shown, "those that were shown stay what they are"
    assert not portal.activities.has_earlier


async def test_one_kind_alone_can_be_shown(portal: Portal) -> None:
    await skip(first(portal))
    await record(portal)
    assert portal.activities.kinds == ("deliveries",)
    await portal.activities.choose("products")
    assert await record(portal) == []
    await portal.activities.choose(None)
    assert len(await record(portal)) == 1


async def test_the_record_is_of_this_customer_alone(services: Services, portal: Portal) -> None:
    hers = await opened(services, MARA)
    await skip(first(hers))
    assert len(await record(hers)) == 1
    assert await record(portal) == []
    hers.close()


async def test_a_page_that_never_asks_reads_nothing(portal: Portal) -> None:
    await skip(first(portal))
    assert portal.activities.activities is None


NAMES = sorted(
    kind.name
    for kind in _below(Action)  # type: ignore[type-abstract]
    if hasattr(kind, "name")
)


@pytest.mark.parametrize("action", NAMES)
def test_every_action_is_of_a_kind(action: str) -> None:
    assert kind_of(action) in KINDS


def test_kinds_by_name() -> None:
    assert kind_of(SkipDelivery.name) == "deliveries"
    assert kind_of("something new") == "other"
    assert "theme" not in str(method_text("theme token"))
    assert str(method_text("flow")) == "signed in by: flow"
