"""``python -m benchmarks page``: the overview in a real browser, beside a plain page.

Both services run at once and are visited in turns, the other one first in every second run. A
cold visit comes with an empty cache, a warm one follows it. Signing in is not counted.
"""

from __future__ import annotations

import os
import statistics
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Error, StorageState, sync_playwright

from benchmarks.contestants import Contestant, contestants
from benchmarks.table import table
from benchmarks.visits import (
    BenchmarkFailed,
    Content,
    Temperature,
    count_traffic,
    load,
    look_around,
    press,
    settle,
)
from tests.browser.chromium import launch_options

__all__ = ["BenchmarkFailed", "Figures", "Visit", "page_report", "page_table"]

SIZE = {"width": 1280, "height": 900}


@dataclass(frozen=True)
class Visit:
    """One visit. Times are milliseconds since the page was asked for."""

    content: float
    """Until the next delivery, the timeline and all cards are about to be painted."""
    button: float
    """Until a press of the first button is answered, pressing as soon as it is there."""
    requests: int
    bytes: int
    upstream_calls: int
    cpu: float
    """Milliseconds of processor time of the service."""


@dataclass
class Figures:
    """All that was measured of one contestant."""

    name: str
    first_calls: int = 0
    """Upstream calls for the customer's very first page."""
    page_bytes: float = 0.0
    """Memory that one open page holds."""
    visits: dict[Temperature, list[Visit]] = field(default_factory=lambda: {"cold": [], "warm": []})


def page_report(*, customer: int, runs: int, pages: int) -> str:
    """Measures, and tells the result as text.

    Raises:
        BenchmarkFailed: something did not start, show or answer.
    """
    load_before = os.getloadavg()[0]
    try:
        with (
            sync_playwright() as playwright,
            playwright.chromium.launch(**launch_options(playwright)) as browser,
            tempfile.TemporaryDirectory(prefix="doorstep-benchmark-") as folder,
            contestants(customer, Path(folder)) as pair,
        ):
            content, figures = _measure(browser, pair, runs=runs, pages=pages)
            about = (
                f"Overview of customer {customer}: {content.items} things in the next delivery, "
                f"{content.entries} deliveries, {content.cards} subscriptions\n"
                f"medians of {runs}, in turns; {os.cpu_count()} cores, load {load_before:.1f} "
                f"before, Chromium {browser.version}"
            )
    except (AssertionError, Error, FileNotFoundError) as error:
        raise BenchmarkFailed(str(error)) from error
    return f"{about}\n\n{page_table(figures)}"


def page_table(figures: Sequence[Figures]) -> str:
    """The figures side by side, medians of their visits."""

    def row(name: str, read: Callable[[Visit], float], unit: float = 1.0) -> list[object]:
        medians = [
            statistics.median(read(visit) for visit in visits) / unit
            for one in figures
            for visits in one.visits.values()
        ]
        is_count = unit == 1 and all(float(median).is_integer() for median in medians)
        return [name, *(int(median) if is_count else median for median in medians)]

    head = ["", *(f"{one.name}, {kind}" for one in figures for kind in one.visits)]
    once: list[list[object]] = [["memory per open page, kB"], ["upstream calls, first page ever"]]
    for one in figures:
        once[0] += [one.page_bytes / 1000, None]
        once[1] += [one.first_calls, None]
    rows = [
        row("on the line, kB", lambda visit: visit.bytes, 1000),
        row("requests", lambda visit: visit.requests),
        row("content shown, ms", lambda visit: visit.content),
        row("first button answers, ms", lambda visit: visit.button),
        row("upstream calls", lambda visit: visit.upstream_calls),
        row("server CPU, ms", lambda visit: visit.cpu),
        *once,
    ]
    return table(head, rows)


def _measure(
    browser: Browser, pair: Sequence[Contestant], *, runs: int, pages: int
) -> tuple[Content, list[Figures]]:
    figures = [Figures(one.name) for one in pair]
    signed_in, contents = [], []
    for one, its in zip(pair, figures, strict=True):
        before = one.upstream_calls()
        state, content = _sign_in(browser, one)
        its.first_calls = one.upstream_calls() - before
        signed_in.append(state)
        contents.append(content)
    if contents[0] != contents[1]:
        raise BenchmarkFailed(f"the pages do not show the same: {contents[0]} and {contents[1]}")
    content = contents[0]
    if not (content.next_date and content.entries and content.cards):
        raise BenchmarkFailed(f"the page shows too little to compare: {content}")
    everybody = list(zip(pair, signed_in, figures, strict=True))
    for one, state, its in everybody:
        _visit(browser, one, state, content)  # what happens only once is not a visit's
        its.page_bytes = _weigh(browser, one, state, content, pages)
    for run in range(runs):
        for one, state, its in everybody if run % 2 == 0 else reversed(everybody):
            for kind, visit in _visit(browser, one, state, content).items():
                its.visits[kind].append(visit)
    return content, figures


@contextmanager
def _fresh(browser: Browser, state: StorageState | None = None) -> Iterator[BrowserContext]:
    """A browser with an empty cache, signed in as `state` says."""
    context = browser.new_context(viewport=SIZE, storage_state=state)  # type: ignore[arg-type]
    try:
        yield context
    finally:
        context.close()


def _sign_in(browser: Browser, one: Contestant) -> tuple[StorageState, Content]:
    with _fresh(browser) as context:
        page = context.new_page()
        traffic = count_traffic(page)
        page.goto(one.sign_in)
        settle(page, traffic)
        return context.storage_state(), look_around(page)


def _visit(
    browser: Browser, one: Contestant, state: StorageState, content: Content
) -> dict[Temperature, Visit]:
    """A cold and a warm visit."""
    visits: dict[Temperature, Visit] = {}
    kinds: tuple[Temperature, ...] = ("cold", "warm")
    with _fresh(browser, state) as looking, _fresh(browser, state) as pressing:
        for kind in kinds:
            calls, cpu = one.upstream_calls(), one.cpu_seconds()
            shown, traffic = load(looking, one.address, content)
            cpu = one.cpu_seconds() - cpu
            calls = one.upstream_calls() - calls
            visits[kind] = Visit(
                content=shown,
                button=press(pressing, one.address, content),
                requests=traffic.requests,
                bytes=traffic.bytes,
                upstream_calls=calls,
                cpu=cpu * 1000,
            )
    return visits


def _weigh(
    browser: Browser, one: Contestant, state: StorageState, content: Content, pages: int
) -> float:
    """How much memory each of many pages adds that are open at the same time."""
    with _fresh(browser, state) as context:
        before = one.memory_bytes()
        for _ in range(pages):
            page = context.new_page()
            page.goto(one.address)
            page.wait_for_function(
                "([cards, count]) => document.querySelectorAll(cards).length >= count",
                arg=["[data-component=subscription-card]", content.cards],
            )
        return (one.memory_bytes() - before) / pages
