"""Everything that was ever bought, as the page of orders looks through it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, Literal

from app.i18n import Message, say, say_many
from app.mirror import Extent, Place, Purchase, PurchaseFilter, PurchaseStatus
from app.state.base import State
from app.state.purchase import PurchaseState

if TYPE_CHECKING:
    from app.state.portal import Portal

PAGE: Final = 20
"""Purchases that are shown at first, and that each `show_more` adds."""

LONGEST_SEARCH: Final = 80
"""Characters of a search; what is beyond is not looked for."""

MOST_YEARS: Final = 30
"""Years to choose from, the newest first."""

Kind = Literal["ordered", "pending", "failed", "skipped", "refunded", "cancelled"]

STATUSES: Final[Mapping[Kind, tuple[Message, frozenset[PurchaseStatus]]]] = {
    "ordered": (say("Ordered"), frozenset({PurchaseStatus.PAID})),
    "pending": (say("Payment under way"), frozenset({PurchaseStatus.PENDING})),
    "failed": (say("Failed"), frozenset({PurchaseStatus.FAILED})),
    "skipped": (say("Skipped"), frozenset({PurchaseStatus.SKIPPED})),
    "refunded": (
        say("Refunded"),
        frozenset({PurchaseStatus.REFUNDED, PurchaseStatus.PARTLY_REFUNDED}),
    ),
    "cancelled": (say("Cancelled"), frozenset({PurchaseStatus.CANCELLED})),
}
"""What can be looked for by status, in the order in which it is offered. What Doorstep does not
know the state of is in the list of everything only."""


@dataclass(frozen=True)
class Period:
    """A time to look at; `name` stands in the page's address."""

    name: str
    label: Message
    since: date
    until: date | None = None


class HistoryState(State):
    """The customer's orders and payments, newest first, a page at a time. Nothing is read before
    `open`, which also has older orders fetched in the background.

    purchases:   None until they have been read; an empty list is a history without any
    kind:        what is shown of it by status; None is all
    period:      what is shown of it by time; None is all
    words:       what is searched for; "" is nothing
    kinds:       what there is to choose from by status
    periods:     what there is to choose from by time
    count:       how many there are of what is shown, as far as they are here
    is_complete: whether older orders are all here
    is_failed:   whether they could not be fetched, and are not being fetched now
    has_more:    whether `show_more` has more to show
    said:        what a choice or a search came to, for those who do not see the list
    resets:      counts how often everything was chosen again, which empties the fields
    """

    def __init__(self, portal: Portal) -> None:
        super().__init__()
        self._portal = portal
        self._history = portal.services.mirror.customer(portal.principal.customer_id).history
        self.purchases: list[PurchaseState] | None = None
        self.kind: Kind | None = None
        self.period: Period | None = None
        self.words = ""
        self.kinds: tuple[Kind, ...] = ()
        self.periods: tuple[Period, ...] = ()
        self.count = 0
        self.is_complete = False
        self.is_failed = False
        self.said: Message | None = None
        self.resets = 0
        self._next: Place | None = None
        self._most = PAGE
        self._reading = asyncio.Lock()
        self._following: asyncio.Task[None] | None = None
        self._is_open = self._has_news = False
        self._leave: list[Callable[[], None]] = []

    @property
    def is_filtered(self) -> bool:
        """Whether only a part is shown."""
        return bool(self.kind or self.period or self.words)

    @property
    def has_more(self) -> bool:
        """Whether there is more to show."""
        return self._next is not None

    @property
    def query(self) -> dict[str, str]:
        """What is chosen, as it stands in the page's address. What is searched for does not: it
        would be kept in logs of addresses."""
        chosen = {"status": self.kind or "", "time": self.period.name if self.period else ""}
        return {name: value for name, value in chosen.items() if value}

    async def open(self, *, status: str = "", time: str = "") -> None:
        """Read what is here, have the rest fetched, and follow it from now on. `status` and `time`
        are what an address asks for; what is not known is passed over."""
        if self._portal.snapshot is None:
            return
        if not self._leave:
            self._leave = [
                self._portal.changed.subscribe(self._on_news),
                self._history.subscribe(self._on_news),
            ]
        try:
            await self._history.open(self._portal.confirmed)
        finally:
            self._is_open = True  # also where that failed: then what is here is shown after all
        kind = next((one for one in STATUSES if one == status), None)
        period = self._period_of(time)
        is_other = (kind, period) != (self.kind, self.period)
        if is_other or self.purchases is None:
            self.kind, self.period, self._most = kind, period, PAGE
            await self._look()

    async def choose(self, kind: Kind | None) -> None:
        """Show what has come so far only; None is all."""
        self.kind, self._most = kind, PAGE
        await self._look(is_asked=True)

    async def choose_period(self, name: str) -> None:
        """Show what is from the time of this name only; "" is all."""
        self.period, self._most = self._period_of(name), PAGE
        await self._look(is_asked=True)

    async def search(self, words: str) -> None:
        """Show that only in which all the words are."""
        words = words[:LONGEST_SEARCH].strip()
        if words != self.words:
            self.words, self._most = words, PAGE
            await self._look(is_asked=True)

    async def show_everything(self) -> None:
        """Choose nothing, and search for nothing."""
        self.kind, self.period, self.words, self._most = None, None, "", PAGE
        self.resets += 1
        await self._look(is_asked=True)

    async def show_more(self) -> None:
        """Add those after the ones that are shown."""
        self._most += PAGE
        await self._look(is_asked=True)

    async def fetch_again(self) -> None:
        """Try once more to fetch what could not be fetched."""
        await self._history.open(self._portal.confirmed, is_asked=True)
        await self._look()

    def close(self) -> None:
        for leave in self._leave:
            leave()
        self._leave = []
        if self._following is not None:
            self._following.cancel()
        super().close()

    def _on_news(self) -> None:
        """Something has changed; one task looks, however often it changes meanwhile."""
        if not self._is_open:
            return  # the first look is yet to come: before it, nothing is known of older orders
        self._has_news = True
        if self._following is None or self._following.done():
            self._following = asyncio.create_task(self._follow(), name="orders of a page")

    async def _follow(self) -> None:
        while self._has_news:
            self._has_news = False
            # Also while the first look is under way: it may have begun before this was news.
            await self._look()

    async def _look(self, *, is_asked: bool = False) -> None:
        """Read what is to be shown. What the customer `is_asked` for is told as well."""
        async with self._reading:
            extent = await self._history.extent()
            wanted = self._wanted()
            shown = {state.key: state for state in self.purchases or ()}
            known = {key: state.purchase for key, state in shown.items()}
            found = await self._history.page(wanted, limit=self._most, known=known)
            if found.next is None:
                count = len(found.purchases)  # all there are, and nothing to look through again
            elif self.words or self.period:
                count = await self._history.count(wanted)
            else:
                statuses = wanted.statuses or extent.counts.keys()
                count = sum(extent.counts.get(one, 0) for one in statuses)
            if wanted != self._wanted():
                return  # another choice was made meanwhile, and reads for itself
            was_complete = self.is_complete or self.purchases is None
            self.purchases = [self._state_of(each, shown) for each in found.purchases]
            self._next, self.count = found.next, count
            self.is_complete, self.is_failed = extent.is_complete, extent.is_failed
            self._offer(extent)
            if is_asked or (self.is_complete and not was_complete):
                self.said = self._result()
        self.changed.emit()

    def _state_of(self, purchase: Purchase, shown: Mapping[str, PurchaseState]) -> PurchaseState:
        """The same as before, where what it shows is the same."""
        state = shown.get(purchase.key)
        if state is None or not state.shows(purchase):
            return PurchaseState(self._portal, purchase)
        state.purchase = purchase
        return state

    def _offer(self, extent: Extent) -> None:
        """What there is to choose from; what is chosen stays among it."""
        self.kinds = tuple(
            kind
            for kind, (_, statuses) in STATUSES.items()
            if kind == self.kind or any(extent.counts.get(one) for one in statuses)
        )
        periods = self._periods(extent.oldest)
        if self.period is not None and all(self.period.name != one.name for one in periods):
            periods = (*periods, self.period)
        self.periods = periods

    def _wanted(self) -> PurchaseFilter:
        return PurchaseFilter(
            statuses=STATUSES[self.kind][1] if self.kind else frozenset(),
            since=self.period.since if self.period else None,
            until=self.period.until if self.period else None,
            search=self.words,
        )

    def _periods(self, oldest: date | None) -> tuple[Period, ...]:
        today = self._portal.situation.today
        last = max(oldest.year if oldest else today.year, today.year - MOST_YEARS + 1)
        return (
            Period("30-days", say("The last 30 days"), today - timedelta(days=30)),
            Period("90-days", say("The last 90 days"), today - timedelta(days=90)),
            *(_year(year) for year in range(today.year, last - 1, -1)),
        )

    def _period_of(self, name: str) -> Period | None:
        """The time that an address names; None where that is none."""
        if name.isascii() and name.isdigit() and len(name) == 4:
            today = self._portal.situation.today
            is_sensible = today.year - MOST_YEARS < int(name) <= today.year
            return _year(int(name)) if is_sensible else None
        return next((one for one in self._periods(None) if one.name == name), None)

    def _result(self) -> Message:
        """What is shown now, in a sentence."""
        shown = len(self.purchases or ())
        if not shown:
            return say("Nothing was found.")
        if shown < self.count:
            return say("{shown} of {count} are shown.", shown=shown, count=self.count)
        if self.is_filtered:
            return say_many("One was found.", "{count} were found.", self.count)
        return say_many("One is shown.", "All {count} are shown.", self.count)


def _year(year: int) -> Period:
    return Period(str(year), say("{year}", year=str(year)), date(year, 1, 1), date(year, 12, 31))
