"""Deliveries for the customer's own calendar."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from icalendar import Calendar

from app.actions import Services, SkipDelivery, perform
from app.auth import CALENDAR_MISSES_PER_NETWORK, CALENDAR_PER_ADDRESS, CalendarFeeds
from app.i18n import Texts
from app.mirror import DeliveryItem
from app.web import CalendarRoutes
from app.web.calendar import calendar, etag
from tests.actions.conftest import pattern, services, shop
from tests.actions.shop import TODAY, Shop, press, signed_in
from tests.auth.world import StandingClock
from tests.web.downloads import browser

__all__ = ["pattern", "services", "shop"]

JONAS, MARA = signed_in(102), signed_in(101)
English = Texts("en-GB")
ORIGIN = "http://localhost:8080"


@dataclass
class Feed:
    """The calendar of a customer, as a program asks for it."""

    services: Services
    feeds: CalendarFeeds
    clock: StandingClock

    async def get(self, path: str, host: str = "203.0.113.7", **headers: str) -> httpx.Response:
        routes = CalendarRoutes(self.services, self.feeds, English, clock=self.clock)
        async with browser(routes.routes(), JONAS, host) as program:
            return await program.get(path, headers=headers)

    async def address(self) -> str:
        return f"/calendar/{await self.feeds.make(JONAS)}.ics"


@pytest.fixture
def feed(services: Services) -> Feed:
    clock = StandingClock()
    return Feed(services, CalendarFeeds(services.database, clock), clock)


def events(answer: httpx.Response) -> list[Any]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    found = Calendar.from_ical(answer.content)
    return list(found.walk("VEVENT"))


async def test_a_year_of_deliveries_as_whole_days(feed: Feed) -> None:
    found = events(await feed.get(await feed.address()))
    first = found[0]
    assert first["DTSTART"].dt == TODAY + timedelta(days=6)
    assert first["DTEND"].dt == first["DTSTART"].dt + timedelta(days=1)
    assert first["DTSTART"].to_ical() == b"20261129", "a plain date, without a zone"
    assert str(first["SUMMARY"]).startswith("Delivery: ")
    assert first["URL"] == f"{ORIGIN}/schedule"
    assert first["STATUS"] == "CONFIRMED"
    assert first["TRANSP"] == "TRANSPARENT"
    days = [one["DTSTART"].dt for one in found]
    assert days == sorted(days)
    assert TODAY + timedelta(days=330) < days[-1] <= TODAY + timedelta(days=366)
    assert len({one["UID"] for one in found}) == len(found)


async def test_it_tells_no_price_no_address_no_name(shop: Shop, feed: Feed) -> None:
    answer = await feed.get(await feed.address())
    snapshot = await shop.mirror.customer(102).snapshot()
    secrets = [snapshot.customer.email, snapshot.customer.last_name, "$", "102", "visa"]
    secrets += [str(one.address1) for one in snapshot.addresses]
    secrets += [str(one.id) for one in snapshot.addresses]
    secrets += [str(one.id) for one in snapshot.subscriptions]
    text = answer.content.replace(b"\r\n ", b"").decode()
    readable = "\n".join(line for line in text.split("\r\n") if not line.startswith("UID:"))
    assert [one for one in secrets if one and one in readable] == []


async def test_what_was_skipped_leaves_the_calendar_and_what_stays_keeps_its_name(
    shop: Shop, services: Services, feed: Feed
) -> None:
    address = await feed.address()
    before = await feed.get(address)
    delivery = await shop.next_delivery(services, JONAS)
    action = SkipDelivery(address_id=delivery.address_id, date=delivery.date)
    await perform(services, JONAS, action, key=press())
    after = await feed.get(address, **{"If-None-Match": before.headers["etag"]})
    gone, *stayed = events(before)
    assert gone["DTSTART"].dt == delivery.date
    assert {one["UID"] for one in events(after)} == {one["UID"] for one in stayed}
    assert after.headers["etag"] != before.headers["etag"]
    assert events(after)[0]["SEQUENCE"] > stayed[0]["SEQUENCE"]


async def test_what_is_known_is_not_sent_again(shop: Shop, feed: Feed) -> None:
    address = await feed.address()
    tag = (await feed.get(address)).headers["etag"]
    await shop.mirror.customer(102).refresh()  # read again, and everything is as it was
    for given in (tag, tag.removeprefix("W/"), f'"other", {tag}', "*"):
        answer = await feed.get(address, **{"If-None-Match": given})
        assert answer.status_code == 304
        assert answer.content == b""
        assert answer.headers["etag"] == tag
    assert (await feed.get(address, **{"If-None-Match": '"other"'})).status_code == 200


async def test_a_revoked_address_and_one_that_never_was_look_alike(feed: Feed) -> None:
    address = await feed.address()
    await feed.feeds.revoke(JONAS)
    revoked, unknown = await feed.get(address), await feed.get(f"/calendar/{'x' * 43}.ics")
    assert revoked.status_code == unknown.status_code == 404
    assert revoked.content == unknown.content
    assert revoked.headers == unknown.headers
    assert "noindex" in revoked.headers["x-robots-tag"]


async def test_too_many_requests_are_refused_for_a_while(feed: Feed) -> None:
    address = await feed.address()
    for _ in range(CALENDAR_PER_ADDRESS.most):
        assert (await feed.get(address)).status_code == 200
    refused = await feed.get(address, host="198.51.100.1")
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 0
    feed.clock.move(hours=1)
    assert (await feed.get(address)).status_code == 200


async def test_guessing_is_refused_by_network_and_good_addresses_go_on(feed: Feed) -> None:
    address = await feed.address()
    for _ in range(CALENDAR_MISSES_PER_NETWORK.most):
        assert (await feed.get(f"/calendar/{'x' * 43}.ics")).status_code == 404
    assert (await feed.get(f"/calendar/{'y' * 43}.ics")).status_code == 429
    assert (await feed.get(address)).status_code == 200


async def test_it_comes_from_the_mirror_and_an_old_copy_is_read_again(
    shop: Shop, feed: Feed
) -> None:
    address = await feed.address()
    await feed.get(address)
    await shop.mirror.settled()
    await shop.forget_counters()
    await feed.get(address)
    await shop.mirror.settled()
    assert (await shop.counters())["requests"] == {}
    await shop.advance(timedelta(minutes=16))
    await feed.get(address)
    await shop.mirror.settled()
    assert (await shop.counters())["requests"]


async def test_a_shop_that_does_not_answer_is_asked_again_later(shop: Shop, feed: Feed) -> None:
    await shop.mirror.customer(102).forget()
    await shop.fault("GET", "/customers/*", "500", times=99)
    answer = await feed.get(await feed.address())
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "300"


async def test_the_download_is_the_same_for_who_is_signed_in(feed: Feed) -> None:
    answer = await feed.get("/schedule.ics")
    assert answer.headers["content-disposition"] == 'attachment; filename="deliveries.ics"'
    assert answer.headers["cache-control"] == "no-store"
    assert [one["UID"] for one in events(answer)] == [
        one["UID"] for one in events(await feed.get(await feed.address()))
    ]


async def test_where_the_merchant_shows_no_schedule_both_ways_to_it_refuse(
    shop: Shop, feed: Feed
) -> None:
    address = await feed.address()
    known = (await feed.get(address)).headers["etag"]
    await shop.switch(view_order_schedule=False)
    unknown = await feed.get("/calendar/nobodys.ics")
    for answer in (
        await feed.get(address),
        await feed.get(address, **{"if-none-match": known}),
        await feed.get("/schedule.ics"),
    ):
        assert answer.status_code == 404
        assert (answer.content, answer.headers) == (unknown.content, unknown.headers)
    await shop.switch(view_order_schedule=True)
    assert events(await feed.get(address)), "the address still works"


async def test_strange_names_stay_names_and_lines_are_folded(
    shop: Shop, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    situation = await shop.situation(services, 102)
    name = "Tee; grün, \\ mild\r\nBEGIN:VALARM " + "ä" * 200
    (first, *others) = situation.deliveries
    item = replace(first.items[0], title=name, variant_title=None)
    strange = replace(first, items=(item,))
    monkeypatch.setattr(
        type(situation), "deliveries_until", lambda *_: (strange, *others), raising=True
    )
    body = calendar(situation, English, ORIGIN)
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    assert b"\nBEGIN:VALARM" not in body
    found = Calendar.from_ical(body)
    assert [type(one).__name__ for one in found.subcomponents[0].subcomponents] == []
    assert "Tee; grün, \\ mild" in str(found.walk("VEVENT")[0]["SUMMARY"])


async def test_many_things_are_counted_in_the_title_and_listed_below(
    shop: Shop, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    situation = await shop.situation(services, 102)
    first = situation.deliveries[0]

    def named(title: str) -> DeliveryItem:
        return replace(first.items[0], title=title, variant_title="500 g", quantity=2)

    many = replace(first, items=tuple(map(named, ("Coffee", "Tea", "Honey", "Oats"))))
    monkeypatch.setattr(type(situation), "deliveries_until", lambda *_: (many,))
    (event,) = Calendar.from_ical(calendar(situation, English, ORIGIN)).walk("VEVENT")
    assert event["SUMMARY"] == "Delivery: Coffee, Tea and 2 more"
    assert str(event["DESCRIPTION"]).split("\n")[:4] == [
        "2 × Coffee, 500 g", "2 × Tea, 500 g", "2 × Honey, 500 g", "2 × Oats, 500 g",
    ]  # fmt: skip
    assert etag(situation, English, ORIGIN) != etag(situation, Texts("de"), ORIGIN)
