"""All orders of a customer: fetched in the background, once, and kept as they are."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from app.database import Database
from app.mirror import Mirror, PurchaseFilter, PurchaseStatus, Snapshot
from app.mirror.history import CHECKED_AFTER, PAGE
from app.mirror.purchase_rows import PurchaseRows
from app.recharge import LocalBudget, Priority, RechargeClient
from tests.mirror.conftest import Upstream, Watch, at_once

REGULAR = 111
"""Has 400 orders."""
ALL = PurchaseFilter()


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> int:
    """Orders are read in pages of 100, so that there are four."""
    monkeypatch.setattr("app.mirror.history.PAGE", 100)
    return 100


async def opened(mirror: Mirror, customer_id: int = REGULAR, **options: Any) -> None:
    """The customer looks, and waits until nothing is being fetched any more."""
    mine = mirror.customer(customer_id)
    await mine.history.open(await mine.snapshot(), **options)
    await mirror.settled()


async def known(mirror: Mirror, customer_id: int = REGULAR) -> Snapshot:
    """The customer has been here before, and all that a page needs was read."""
    snapshot = await mirror.customer(customer_id).snapshot()
    await mirror.settled()
    return snapshot


async def orders(mirror: Mirror) -> int:
    """How many orders of the regular customer's are here."""
    found = await mirror.customer(REGULAR).history.page(ALL, limit=1000)
    return sum(each.kind == "order" for each in found.purchases)


async def calls(upstream: Upstream) -> int:
    return (await upstream.requests()).get("GET /orders", 0)


async def test_the_newest_are_there_at_once_and_the_rest_comes(
    mirror: Mirror, upstream: Upstream
) -> None:
    mine = mirror.customer(REGULAR)
    await known(mirror)
    assert await orders(mirror) == 51
    extent = await mine.history.extent()
    assert not extent.is_complete

    await upstream.forget_requests()
    await opened(mirror)
    assert await orders(mirror) == 400
    extent = await mine.history.extent()
    assert extent.is_complete
    assert sum(extent.counts.values()) >= 400
    assert extent.oldest is not None
    assert await upstream.requests() == {"GET /orders": -(-400 // PAGE)}


async def test_a_customer_with_few_orders_costs_no_call(mirror: Mirror, upstream: Upstream) -> None:
    await known(mirror, 101)
    await upstream.forget_requests()
    await opened(mirror, 101)
    assert (await mirror.customer(101).history.extent()).is_complete
    assert await upstream.requests() == {}


async def test_it_is_read_once_for_all_who_look(mirror: Mirror, upstream: Upstream) -> None:
    await asyncio.gather(*(opened(mirror) for _ in range(3)))
    await opened(mirror)
    assert await calls(upstream) == 1 + -(-400 // PAGE)


async def test_it_is_read_after_everybody_elses_calls(sqlite: Database, upstream: Upstream) -> None:
    asked: list[tuple[Priority, int | None]] = []

    class Watched(LocalBudget):
        async def acquire(
            self, *, priority: Priority, customer_id: int | None, deadline: float | None
        ) -> None:
            asked.append((priority, customer_id))
            await super().acquire(priority=priority, customer_id=customer_id, deadline=deadline)

    client = RechargeClient(
        upstream.sandbox.token,
        base_url="http://recharge",
        transport=upstream.line,
        budget=Watched(size=10_000, rate=10_000.0),
        sleep=at_once,
    )
    mirror = Mirror(sqlite, client)
    await mirror.customer(REGULAR).snapshot()
    asked.clear()
    await opened(mirror)
    shops_own = [each for each in asked if each[1] is None]
    assert [each for each in asked if each not in shops_own] == [(Priority.BACKFILL, REGULAR)] * 2
    await mirror.close()
    await client.aclose()


async def test_it_goes_on_after_a_restart_where_it_ended(
    mirror: Mirror, upstream: Upstream, sqlite: Database, watch: Watch, pages: int
) -> None:
    mine = mirror.customer(REGULAR)
    snapshot = await mine.snapshot()
    read: list[int] = []
    mine.history.subscribe(lambda: read.append(1))

    # The third page is not answered any more: the process ends there.
    seen = await upstream.requests()
    await upstream.fault(method="GET", path="/orders", kind="500", after=2, times=50)
    await mine.history.open(snapshot)
    await mirror.settled()
    assert seen
    assert await orders(mirror) == 2 * pages
    extent = await mine.history.extent()
    assert (extent.is_complete, extent.is_failed) == (False, True)
    assert len(read) == 3, "two pages, and that nothing more comes"
    await mirror.close()
    await upstream.mend()
    await upstream.forget_requests()

    later = Mirror(sqlite, upstream.client, clock=watch)
    await later.shop()
    await upstream.forget_requests()
    await opened(later)
    assert await orders(later) == 400
    assert await calls(upstream) == 2
    assert (await later.customer(REGULAR).history.extent()).is_complete
    await later.close()


async def test_another_try_does_not_wait_for_the_pause(mirror: Mirror, upstream: Upstream) -> None:
    await mirror.customer(REGULAR).snapshot()
    await upstream.fault(method="GET", path="/orders", kind="500", times=50)
    await opened(mirror)
    await upstream.mend()
    await opened(mirror)
    assert await orders(mirror) == 51
    await opened(mirror, is_asked=True)
    assert await orders(mirror) == 400


async def test_a_place_that_is_not_known_any_more_is_left(
    mirror: Mirror, sqlite: Database, upstream: Upstream
) -> None:
    mine = mirror.customer(REGULAR)
    snapshot = await mine.snapshot()
    await upstream.fault(method="GET", path="/orders", kind="500", after=0, times=50)
    await opened(mirror)
    await upstream.mend()
    rows = PurchaseRows(sqlite, REGULAR)
    progress = await rows.progress()
    assert progress is not None
    await rows.advance(type(progress)(progress.began_at, cursor="of last year"))
    await mine.history.open(snapshot, is_asked=True)
    await mirror.settled()
    assert await orders(mirror) == 400


async def test_changes_of_old_orders_are_asked_for_later(
    mirror: Mirror, upstream: Upstream, watch: Watch
) -> None:
    await opened(mirror)
    mine = mirror.customer(REGULAR)
    old = (await mine.history.page(ALL, limit=1000)).purchases[-1].record
    found = upstream.sandbox.shop.store.get("orders", old.id)
    assert found is not None
    upstream.sandbox.shop.save("orders", {**found, "status": "cancelled"})
    await upstream.forget_requests()
    await opened(mirror)
    assert await calls(upstream) == 0, "it was asked a moment ago"

    watch.forward(CHECKED_AFTER + timedelta(minutes=1))
    await opened(mirror)
    cancelled = PurchaseFilter(statuses=frozenset({PurchaseStatus.CANCELLED}))
    assert [each.record.id for each in (await mine.history.page(cancelled, limit=9)).purchases] == [
        old.id
    ]


async def test_open_pages_keep_their_snapshot_while_the_past_comes(
    mirror: Mirror, pages: int
) -> None:
    mine = mirror.customer(REGULAR)
    snapshot = await known(mirror)
    told: list[int] = []
    mirror.changes.subscribe(REGULAR, lambda: told.append(1))
    await opened(mirror)
    assert await orders(mirror) == 400
    assert len(told) == 1, "the first page holds the newest orders as well"
    assert (await mine.snapshot()).revision == snapshot.revision + 1


async def test_what_is_forgotten_is_not_fetched_on(
    mirror: Mirror, upstream: Upstream, pages: int
) -> None:
    mine = mirror.customer(REGULAR)
    snapshot = await mine.snapshot()
    upstream.line.hold("/orders")
    await mine.history.open(snapshot)
    await upstream.line.is_held.wait()
    await mine.forget()
    upstream.line.release()
    await mirror.settled()
    assert await calls(upstream) == 2, "the snapshot's, and the one that was under way"


async def test_what_was_kept_before_there_were_histories_is_listed(
    mirror: Mirror, sqlite: Database
) -> None:
    mine = mirror.customer(101)
    snapshot = await mine.snapshot()
    before = await mine.history.page(ALL, limit=100)
    async with sqlite.begin() as connection:
        await PurchaseRows(sqlite, 101).clear(connection)
    assert not (await mine.history.page(ALL, limit=100)).purchases
    await mine.history.open(snapshot)
    after = await mine.history.page(ALL, limit=100)
    assert [each.key for each in after.purchases] == [each.key for each in before.purchases]


async def test_only_the_days_asked_for(mirror: Mirror, watch: Watch) -> None:
    await opened(mirror)
    history = mirror.customer(REGULAR).history
    every = (await history.page(ALL, limit=1000)).purchases
    year = every[200].day
    assert year is not None
    wanted = PurchaseFilter(
        since=year.replace(month=1, day=1), until=year.replace(month=12, day=31)
    )
    found = (await history.page(wanted, limit=1000)).purchases
    assert found
    assert found == tuple(each for each in every if each.day and each.day.year == year.year)
    assert await history.count(wanted) == len(found)
