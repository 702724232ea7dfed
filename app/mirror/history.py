"""Everything a customer has ever bought: looked through here, and read from Recharge page by page.

A snapshot has the newest orders only, which cost one call. The older ones are read when the
customer first asks for them, in the background and after everybody else's calls: 250 with a call.
How far that has come is kept, so it goes on after a restart where it ended.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import structlog

from app.clock import Clock
from app.mirror.changes import Changes
from app.mirror.purchase_rows import Found, Place, Progress, Summary, Wanted
from app.mirror.purchases import Purchase, PurchaseStatus
from app.mirror.rows import CustomerRows
from app.mirror.shop import ShopMirror
from app.mirror.snapshot import Snapshot
from app.mirror.tasks import Tasks
from app.mirror.upstream import older_orders
from app.recharge import (
    Conflict,
    Order,
    OrderStatus,
    Page,
    Priority,
    RateLimited,
    RechargeClient,
    Refused,
    UpstreamFailed,
)

_log = structlog.get_logger(__name__)

CHECKED_AFTER: Final = timedelta(minutes=15)
"""Orders beyond those of a snapshot are asked for changes when the last time is longer ago."""

PAGE_SECONDS: Final = 240.0
"""How long the reading of a page may wait for its place in line: behind everybody else."""

PAGE: Final = 250
"""Orders that are read with one call: the most that Recharge gives."""

_MARGIN: Final = timedelta(minutes=5)
"""By which changes are asked for from before the last time: clocks differ."""


@dataclass(frozen=True)
class PurchaseFilter:
    """Which purchases to look at.

    statuses: those that have come so far; all where there are none
    since:    those of this day and later, in the shop's zone
    until:    those of this day and earlier
    search:   words that all have to be in number, products, amount or address, in any script and
              case
    """

    statuses: frozenset[PurchaseStatus] = frozenset()
    since: date | None = None
    until: date | None = None
    search: str = ""


@dataclass(frozen=True)
class Extent:
    """What there is to look at.

    counts:      how many of each status
    oldest:      the day of the first one
    is_complete: whether older orders are all here
    is_failed:   whether they could not be fetched, and are not being fetched now
    """

    counts: Mapping[PurchaseStatus, int]
    oldest: date | None
    is_complete: bool
    is_failed: bool


class History:
    """What one customer has bought."""

    def __init__(
        self,
        rows: CustomerRows,
        *,
        client: RechargeClient,
        shop: ShopMirror,
        tasks: Tasks,
        changes: Changes,
        news: Changes,
        clock: Clock,
    ) -> None:
        """`changes` tells of new records that a snapshot has as well, `news` of those that only a
        history has, and of the end of reading."""
        self.customer_id = rows.customer_id
        self._rows = rows
        self._client = client.with_options(
            priority=Priority.BACKFILL, customer_id=rows.customer_id, timeout=PAGE_SECONDS
        )
        self._shop = shop
        self._tasks = tasks
        self._changes = changes
        self._news = news
        self._clock = clock
        self._key = "history", rows.customer_id

    async def open(self, snapshot: Snapshot, *, is_asked: bool = False) -> None:
        """The customer looks: fetch in the background what is not here yet.

        A customer who has no more orders than the snapshot needs no call for that. `is_asked` when
        the customer wants another try: then a failure a moment ago does not matter.
        """
        progress = await self._rows.purchases.progress()
        if progress is None and await self._rows.purchases.is_empty():
            await self._rows.purchases.keep_old(snapshot.shop.timezone)
        now = self._clock()
        if not (snapshot.has_more_orders or snapshot.unreadable):
            # Those of the snapshot are all.
            whole = Progress(snapshot.loaded_at, read_at=snapshot.loaded_at)
            if progress != whole:
                await self._rows.purchases.begin(whole)
            return
        if progress is None:
            await self._rows.purchases.begin(Progress(now))
        elif not progress.is_under_way:
            assert progress.read_at is not None  # noqa: S101
            if abs(now - progress.read_at) <= CHECKED_AFTER:
                return
            since = progress.read_at - _MARGIN
            await self._rows.purchases.begin(Progress(now, since=since, read_at=progress.read_at))
        self._tasks.start(self._key, self._read_on, is_asked=is_asked)

    async def page(
        self,
        wanted: PurchaseFilter,
        *,
        after: Place | None = None,
        limit: int,
        known: Mapping[str, Purchase] | None = None,
    ) -> Found:
        """So many purchases, the newest first, from `after` on. What is `known`, by key, is read
        again only where it has changed."""
        query, zone = await self._query(wanted)
        return await self._rows.purchases.page(
            query, zone, after=after, limit=limit, known=known or {}
        )

    async def count(self, wanted: PurchaseFilter) -> int:
        """How many there are, as far as they are here."""
        query, _ = await self._query(wanted)
        return await self._rows.purchases.count(query)

    async def extent(self) -> Extent:
        """What there is to look at, at this moment."""
        query, zone = await self._query(PurchaseFilter())
        found: Summary = await self._rows.purchases.summary(query.until)
        progress = await self._rows.purchases.progress()
        is_complete = progress is not None and progress.read_at is not None
        return Extent(
            counts=found.counts,
            oldest=found.oldest.astimezone(zone).date() if found.oldest else None,
            is_complete=is_complete,
            is_failed=not is_complete and not self._tasks.is_running(self._key),
        )

    def subscribe(self, callback: Callable[[], object]) -> Callable[[], None]:
        """Call `callback` when more has come, or the fetching has ended; the answer ends that. What
        a snapshot has as well is told by `Mirror.changes`."""
        return self._news.subscribe(self.customer_id, callback)

    async def _query(self, wanted: PurchaseFilter) -> tuple[Wanted, ZoneInfo]:
        zone = (await self._shop.get()).timezone
        last = self._clock().astimezone(zone).date()
        until = min(wanted.until or last, last)
        query = Wanted(
            until=datetime.combine(until + timedelta(days=1), time.min, tzinfo=zone),
            since=datetime.combine(wanted.since, time.min, tzinfo=zone) if wanted.since else None,
            statuses=wanted.statuses,
            search=wanted.search,
        )
        return query, zone

    async def _read_on(self) -> None:
        """Read page after page, from where the reading has come to, until the end."""
        try:
            while (progress := await self._rows.purchases.progress()) is not None:
                if not progress.is_under_way:
                    return
                await self._read_page(progress)
        finally:
            # Also of a failure: whoever looks at it sees that nothing is being fetched.
            self._news.publish(self.customer_id)

    async def _read_page(self, progress: Progress) -> None:
        asked_at = await self._rows.writes()
        read_at = self._clock()
        try:
            page = await self._ask(progress)
        except (Conflict, RateLimited):
            raise
        except Refused as error:
            if progress.cursor is None:
                raise
            _log.warning("a place among old orders is not known any more", error=str(error))
            await self._rows.purchases.advance(replace(progress, cursor=None))
            return
        is_past = progress.cursor is not None and progress.since is None
        is_past = is_past and not any(one.status == OrderStatus.QUEUED for one in page.records)
        if records := older_orders(page):
            await self._rows.write(
                records,
                read_at=read_at,
                asked_at=asked_at,
                zone=(await self._shop.get()).timezone,
                is_past=is_past,
            )
        if page.next_cursor is None:
            await self._rows.purchases.advance(
                Progress(progress.began_at, read_at=progress.began_at)
            )
        else:
            await self._rows.purchases.advance(replace(progress, cursor=page.next_cursor))
        if records and not is_past:
            self._changes.publish(self.customer_id)
        self._news.publish(self.customer_id)

    async def _ask(self, progress: Progress) -> Page[Order]:
        if progress.cursor is not None:
            listing = self._client.orders.list(cursor=progress.cursor, limit=PAGE)
        elif progress.since is not None:
            listing = self._client.orders.list(
                customer_id=self.customer_id,
                updated_at_min=progress.since,
                sort_by="updated_at-asc",
                limit=PAGE,
            )
        else:
            listing = self._client.orders.list(customer_id=self.customer_id, limit=PAGE)
        page = await listing.page()
        if page.next_cursor is not None and page.next_cursor == progress.cursor:
            raise UpstreamFailed("a list leads back to a page that was read", method="GET")
        return page
