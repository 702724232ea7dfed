"""Leaving in any order, in two tabs, while a merchant acts and answers are lost: what the pages say
is what was read, nothing is done that was not pressed, and the record tells what happened.

A longer search than the usual one::

    python -m pytest tests/state/test_leaving_in_any_order.py --hypothesis-profile=long
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, TypeVar
from unittest import mock

from hypothesis import note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from app.actions import Result, activities
from app.mirror.customer import CustomerMirror
from app.recharge import Subscription
from app.retention import Decision, Flow
from app.retention.flows import OPEN_FOR
from app.state import Question
from tests.actions.shop import TODAY, Shop, open_shop
from tests.state.leaving import Tab, leaving, recorded, settled, tab
from tests.state.page import JONAS

ID = 310
KEYS = ("too-much", "not-yet", "away", "price", "damaged", "other")
ENDS = ("cancel subscription",)
OFFERS = {
    "skip": ("skip delivery",),
    "delay": ("delay subscription",),
    "pause": ("pause subscription",),
    "discount": ("apply discount to all",),
}
WRITES = ("/subscriptions/*/cancel", "/subscriptions/*/activate", "/addresses/*", "/**")
T = TypeVar("T")

_told: ContextVar[list[tuple[int, str]] | None] = ContextVar("what was read", default=None)

tabs = st.integers(0, 1)


class Leaving(RuleBasedStateMachine):
    """One customer with one subscription, two tabs, and a merchant."""

    pattern: ClassVar[Path]
    """The shop that each run gets a copy of."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.folder = tempfile.TemporaryDirectory()
        self.pages: list[Tab] = []
        self.flows: dict[str, Flow] = {}
        self.ended: list[datetime] = []
        """When each end was asked for that was made."""
        self.read = "active"
        """What the sandbox said when the service read it last, and kept what it read."""
        self.reads = self.newest = 0
        self.merchants: str | None = None
        """What the merchant has made of it since then."""
        self.writes = 0
        """What was written until the last press."""
        self.lies: list[str] = []
        """What was shown or kept in between, and should not have been."""

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do this, and let the pages take up what is new."""

        async def whole() -> T:
            found = await work
            await self.take_up()
            return found

        return self.runner.run(whole())

    async def take_up(self) -> None:
        for page in self.pages:
            task = page.portal._news._following
            while task is not None and not task.done():
                await task
                task = page.portal._news._following
        for page in self.pages:
            await settled(page)

    @initialize()
    def open(self) -> None:
        async def opened() -> Shop:
            shop = await self.stack.enter_async_context(
                open_shop(self.pattern, Path(self.folder.name))
            )
            self.watch(shop)
            self.services = leaving(shop)
            self.pages = [await self.tab(), await self.tab()]
            return shop

        self.shop = self.run(opened())

    async def tab(self) -> Tab:
        page = await tab(self.services)

        def look() -> None:
            found = page.portal.confirmed.subscription(ID)
            if page.card.status == "cancelled" and found and found.status != "cancelled":
                self.lies.append("an end was shown before it was read")

        page.portal.changed.subscribe(look)
        return page

    def watch(self, shop: Shop) -> None:
        """Know what the mirror was told, and has kept."""
        server: Any = shop.sandbox.app
        execute = server._execute

        def watched(endpoint: Any, call: Any) -> Any:
            reply = execute(endpoint, call)
            seen = _told.get()
            is_read = endpoint.name == "GET /subscriptions" or "subscriptions" in call.includes()
            if seen is not None and is_read:
                self.reads += 1
                seen[:] = [(self.reads, self.truth(shop))]
            return reply

        server._execute = watched
        refresh = CustomerMirror.refresh

        async def refreshed(mirror: CustomerMirror, *nouns: str, **options: Any) -> None:
            told: list[tuple[int, str]] = []
            token = _told.set(told)
            try:
                await refresh(mirror, *nouns, **options)
            finally:
                _told.reset(token)
            if told and told[0][0] > self.newest:
                (self.newest, self.read), self.merchants = told[0], None

        store = CustomerMirror.store

        async def stored(mirror: CustomerMirror, *records: Any) -> None:
            """What the answer to a write says is kept as well, but for that to an end."""
            await store(mirror, *records)
            for record in records:
                if isinstance(record, Subscription):
                    self.read = str(record.status)
                    if record.status == "cancelled":
                        self.lies.append("an end was believed by its answer")

        self.stack.enter_context(mock.patch.object(CustomerMirror, "refresh", refreshed))
        self.stack.enter_context(mock.patch.object(CustomerMirror, "store", stored))

    def truth(self, shop: Shop | None = None) -> str:
        """What the sandbox holds at this moment."""
        found = (shop or self.shop).sandbox.shop.store.get("subscriptions", ID)
        return str(found["status"]) if found else "gone"

    # The customer.

    @rule(which=tabs, step=st.sampled_from(("reason", "confirm", "done")))
    def arrive(self, which: int, step: Any) -> None:
        self.run(self.pages[which].way.arrive(step))

    @rule(which=tabs, key=st.sampled_from(KEYS))
    def arrive_at_an_offer(self, which: int, key: str) -> None:
        self.run(self.pages[which].way.arrive("offer", key))

    @rule(which=tabs, key=st.sampled_from((*KEYS, None)))
    def choose(self, which: int, key: str | None) -> None:
        page = self.pages[which]
        self.run(page.way.choose(page.reason(key) if key else None))

    @rule(which=tabs, comments=st.sampled_from(("", "Too late.", "ه" * 3000)))
    def write(self, which: int, comments: str) -> None:
        self.run(self.pages[which].way.write(comments))

    @rule(which=tabs)
    def go_on(self, which: int) -> None:
        way = self.pages[which].way
        path = self.run(way.go_on())
        name = path.rpartition("/")[2]
        if name in KEYS:
            self.run(way.arrive("offer", name))
        elif name == "confirm":
            self.run(way.arrive("confirm"))

    @rule(which=tabs)
    def accept(self, which: int) -> None:
        page = self.pages[which]
        if page.step == "offer" and isinstance(page.way.offer, Question):
            self.pressed(page.question.confirm())

    @rule(which=tabs)
    def take_the_discount(self, which: int) -> None:
        self.arrive_at_an_offer(which, "price")
        self.accept(which)

    @rule(which=tabs)
    def end(self, which: int) -> None:
        self.pressed(self.pages[which].way.end())

    @rule(times=st.integers(0, 3))
    def end_in_both_tabs(self, times: int) -> None:
        one, other = self.pages
        works = [one.way.end(), other.way.end(), one.way.end()]
        for work in works[times:]:
            work.close()
        self.pressed(together(*works[:times]))

    @rule(which=tabs)
    def accept_and_end(self, which: int) -> None:
        page, other = self.pages[which], self.pages[1 - which]
        if page.step == "offer" and isinstance(page.way.offer, Question):
            self.pressed(together(page.question.confirm(), other.way.end()))

    @rule(which=tabs)
    def undo(self, which: int) -> None:
        self.pressed(self.pages[which].portal.undo())

    @rule(which=tabs)
    def start_again(self, which: int) -> None:
        way = self.pages[which].way
        if way.step == "done" and way.reactivation is not None:
            self.pressed(way.reactivation.confirm())

    @precondition(lambda self: self.truth() != "gone")
    @rule(which=tabs)
    def reload(self, which: int) -> None:
        self.pages[which].close()
        self.pages[which] = self.run(self.tab())

    @rule(which=tabs)
    def read_again(self, which: int) -> None:
        self.run(self.pages[which].portal.reload())

    @precondition(lambda self: self.truth() != "gone")
    @rule(which=tabs)
    def close_during_the_end(self, which: int) -> None:
        async def closed() -> None:
            page = self.pages[which]
            ending = asyncio.create_task(page.way.end())
            await asyncio.sleep(0)
            page.close()
            ending.cancel()
            await asyncio.gather(ending, return_exceptions=True)
            for write in list(self.services.tasks._writes):
                await asyncio.gather(write, return_exceptions=True)
            self.pages[which] = await self.tab()

        self.pressed(closed())

    # Others.

    @rule()
    def the_merchant_cancels(self) -> None:
        if self.truth() == "active":
            self.acts(self.shop.client.subscriptions.cancel(ID, cancellation_reason="he"))

    @rule()
    def the_merchant_starts_it_again(self) -> None:
        if self.truth() == "cancelled":
            self.acts(self.shop.client.subscriptions.activate(ID))

    @rule(days=st.integers(20, 40))
    def the_merchant_moves_it(self, days: int) -> None:
        if self.truth() == "active":
            day: date = TODAY + timedelta(days=days)
            change = self.shop.client.subscriptions.set_next_charge_date(ID, date=day, commit=True)
            self.acts(change)

    @precondition(lambda self: len(self.flows) > 1)
    @rule()
    def the_merchant_deletes_it(self) -> None:
        if self.truth() != "gone":
            self.acts(self.shop.client.subscriptions.delete(ID))

    @rule(
        path=st.sampled_from(WRITES),
        kind=st.sampled_from(("cut_before", "cut_after", "500", "503", "409", "422", "html")),
        executes=st.booleans(),
        times=st.integers(1, 4),
    )
    def a_write_goes_wrong(self, path: str, kind: str, executes: bool, times: int) -> None:
        methods = ("PUT", "POST") if path == "/**" else ("PUT" if "addr" in path else "POST",)
        spoils = executes and kind in ("500", "503", "html")
        for method in methods:
            plan = {"executes": spoils, "times": times}
            self.run(self.shop.fault(method, path, kind, **plan))

    @rule(path=st.sampled_from(("/subscriptions", "/charges", "/**")), times=st.integers(1, 12))
    def reading_goes_wrong(self, path: str, times: int) -> None:
        self.run(self.shop.fault("GET", path, "500", times=times))

    @rule()
    def all_goes_well_again(self) -> None:
        self.run(self.shop.no_faults())

    @rule(minutes=st.sampled_from((2, 30, 300)))
    def time_passes(self, minutes: int) -> None:
        self.run(self.shop.advance(timedelta(minutes=minutes)))

    @rule()
    def what_is_open_becomes_known(self) -> None:
        self.run(self.known())

    async def known(self) -> None:
        await self.shop.no_faults()
        for _ in range(1000):
            if not await self.services.journal.open_claims():
                break
            await asyncio.sleep(0)
        background = list(self.services.tasks._background)
        assert not await self.services.journal.open_claims(), background

    # What must hold.

    def pressed(self, work: Coroutine[Any, Any, object]) -> None:
        """Something that may write, because somebody pressed."""
        self.run(work)
        self.writes = self.written()

    def acts(self, work: Coroutine[Any, Any, object]) -> None:
        """The merchant writes in another program, which no fault of ours meets."""
        faults: Any = self.shop.sandbox.faults
        planned, faults._planned = faults._planned, []
        before = self.written()
        self.runner.run(work)
        self.writes += self.written() - before
        faults._planned = planned
        self.merchants = self.truth()

    def written(self) -> int:
        executed = self.shop.sandbox.counters.executed
        return sum(count for route, count in executed.items() if not route.startswith("GET"))

    @invariant()
    def the_pages_say_what_was_read(self) -> None:
        for page in self.pages:
            status = page.card.status if self.read != "gone" else "gone"
            note(f"{self.truth()=} {self.read=} {status=} {page.step=} {page.words!r}")
            is_over = self.read in ("cancelled", "gone")
            assert (status == "cancelled") == (self.read == "cancelled")
            assert (page.step == "done") == is_over
            if not is_over:
                assert "is cancelled" not in page.words
            assert not page.way.is_busy
            assert not page.portal.is_busy
        assert not self.lies

    @invariant()
    def what_was_read_is_so(self) -> None:
        """But for what the merchant has done since, and what is being looked up."""
        if self.pages and self.merchants is None and self.read != self.truth():
            assert self.run(self.services.journal.open_claims())

    @invariant()
    def nothing_is_written_but_by_a_press(self) -> None:
        if self.pages:
            assert self.written() == self.writes

    @invariant()
    def the_record_tells_what_happened(self) -> None:
        if not self.pages:
            return
        flows, done = self.run(self.recorded())
        for flow in flows:
            known = self.flows.get(flow.id)
            if known is not None and known.decision is not None:
                allowed = {known.decision, Decision.CANCELLED}
                assert flow.decision in allowed
                assert flow.activity_id == known.activity_id or known.decision is Decision.SAVED
            self.flows[flow.id] = flow
            if flow.decision is Decision.CANCELLED:
                assert done[flow.activity_id or ""] in ENDS
                assert flow.saved_by is None
            elif flow.decision is Decision.SAVED:
                assert flow.saved_by is not None
                assert done[flow.activity_id or ""] in OFFERS[flow.saved_by]
        named = [flow.activity_id for flow in flows if flow.activity_id]
        for ended in self.ended:
            left = [flow for flow in flows if flow.decision is None]
            assert not [flow for flow in left if ended - OPEN_FOR < flow.started_at <= ended]
        assert len(named) == len(set(named))
        assert sum(flow.decision is None for flow in flows) <= 1
        assert sum(name in OFFERS["discount"] for name in done.values()) <= 1

    async def recorded(self) -> tuple[list[Flow], dict[str, str]]:
        """The flows, and the names of all that was done by its activity."""
        done = await activities(self.services, JONAS, limit=250)
        names = {one.id: one.action for one in done if one.result is Result.DONE}
        self.ended = [one.at for one in done if one.id in names and one.action in ENDS]
        return await recorded(self.services), names

    def teardown(self) -> None:
        try:
            if self.pages:
                self.come_to_an_end()
        finally:
            for page in self.pages:
                page.close()
            self.runner.run(self.stack.aclose())
            self.runner.close()
            self.folder.cleanup()

    def come_to_an_end(self) -> None:
        """All goes well again, and all pages read anew: then they say what is so."""
        self.run(self.known())
        for page in self.pages:
            self.run(page.portal.reload())
        assert self.read == self.truth()
        self.the_pages_say_what_was_read()
        self.the_record_tells_what_happened()


async def together(*works: Coroutine[Any, Any, object]) -> None:
    await asyncio.gather(*works)


def test_leaving_in_any_order(pattern: Path) -> None:
    class InThisShop(Leaving):
        pass

    InThisShop.pattern = pattern
    is_long = settings().max_examples > 1000
    examples, steps = (2000, 40) if is_long else (20, 20)
    run_state_machine_as_test(
        InThisShop, settings=settings(max_examples=examples, stateful_step_count=steps)
    )
