"""``python -m benchmarks customer``: the pages of a customer with much, beside those of one with
little.

Both are customers of one service and are visited in turns. A page is opened once before it is
measured, so that scripts and pictures are in the browser's cache: what differs is the customer.
"""

from __future__ import annotations

import os
import statistics
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Error, sync_playwright

from benchmarks.contestants import MOST_PAGES
from benchmarks.table import table
from benchmarks.visits import (
    PATIENCE_SECONDS,
    BenchmarkFailed,
    count_traffic,
    cpu_seconds,
    settle,
)
from tests.browser.chromium import launch_options
from tests.browser.service import Service, running_service

LITTLE, MUCH = 2, 40
"""How many subscriptions they have."""
REGULAR = 111
"""The demo's customer with 400 orders."""
SIZE = {"width": 1280, "height": 900}

SHOWN = """([wanted]) => {
  const drawn = document.querySelector(".ds-page:not([data-first-paint])");
  const found = drawn && drawn.querySelector(wanted);
  const isLoading = drawn && drawn.querySelector("[aria-busy=true]");
  if (!found || isLoading || !found.getClientRects().length) return false;
  return performance.now();
}"""
"""Milliseconds since the page was asked for, once its content is seen. Looked at once a frame."""


@dataclass(frozen=True)
class Page:
    """An address, and what is to be seen there."""

    name: str
    path: str
    wanted: str


@dataclass
class Opened:
    """What it took to open one page, each time, in milliseconds."""

    shown: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Customer:
    """Who is visiting: signed in, in a browser of their own."""

    context: BrowserContext
    subscription: int


LIMITS = {
    "DOORSTEP_PAGES_PER_SESSION": MOST_PAGES,
    "DOORSTEP_PAGES_IN_ALL": MOST_PAGES,
    # Making customers and fetching their past is not what is measured; the budget has a benchmark
    # of its own.
    "DOORSTEP_UPSTREAM_BUCKET_SIZE": "4000",
    "DOORSTEP_UPSTREAM_BUCKET_RATE": "1000",
}
"""Settings of the service, so wide that none of them shows in the figures."""


def customer_report(*, runs: int) -> str:
    """Measures, and tells the result as text.

    Raises:
        BenchmarkFailed: something did not start or show.
    """
    load = os.getloadavg()[0]
    try:
        with (
            sync_playwright() as playwright,
            playwright.chromium.launch(**launch_options(playwright)) as browser,
            tempfile.TemporaryDirectory(prefix="doorstep-benchmark-") as folder,
            running_service(Path(folder), **LIMITS) as service,
        ):
            service.sandbox.put("/_sandbox/settings", json={"bucket": False}).raise_for_status()
            little, much = _arrive(browser, service)
            measured = _measure(service, little, much, runs)
            about = (
                f"{LITTLE} subscriptions beside {MUCH} with 400 orders; medians of {runs}, in "
                f"turns; {os.cpu_count()} cores, load {load:.1f} before, "
                f"Chromium {browser.version}"
            )
    except (AssertionError, Error, FileNotFoundError) as error:
        raise BenchmarkFailed(str(error)) from error
    return f"{about}\n\n{customer_table(measured)}"


def customer_table(measured: Sequence[tuple[str, Opened, Opened]]) -> str:
    """A line for each page: the customer with little, the one with much, and how they compare."""
    head = ("", "little, ms", "much, ms", "ratio", "CPU little", "CPU much", "ratio")
    rows = []
    for name, little, much in measured:
        figures: list[object] = [name]
        for read in (lambda one: one.shown, lambda one: one.cpu):
            figures += _compared(read, little, much)
        rows.append(figures)
    return table(head, rows)


def _compared(read: Callable[[Opened], list[float]], *both: Opened) -> list[object]:
    little, much = (statistics.median(read(one)) for one in both)
    return [little, much, f"{much / little:.2f}" if little else None]


def pages(subscription: int) -> tuple[Page, ...]:
    """Every page of a customer."""
    return (
        Page("overview", "/", "[data-component=subscription-card]"),
        Page("subscriptions", "/subscriptions", "[data-component=subscription-card]"),
        Page("one subscription", f"/subscriptions/{subscription}", "[data-slot=content] > *"),
        Page("schedule, list", "/schedule", "[data-component=timeline-entry]"),
        Page("schedule, month", "/schedule/month", "[data-component=schedule-month] table"),
        Page("orders", "/orders", "[data-component=order-entry]"),
        Page("account", "/account", "[data-component=profile-card]"),
        Page("addresses", "/addresses", "[data-component=address-card]"),
        Page("payment methods", "/payment-methods", "[data-component=payment-method-card]"),
        Page("activity", "/activity", "[data-component=activity-list]"),
    )


def _arrive(browser: Browser, service: Service) -> tuple[Customer, Customer]:
    few = service.new_customer(subscriptions=LITTLE)
    many = service.add_subscriptions(REGULAR, MUCH)
    return tuple(  # type: ignore[return-value]
        signed_in(browser, service, number, ids[0])
        for number, ids in ((few.id, few.subscription_ids), (REGULAR, many))
    )


def signed_in(browser: Browser, service: Service, number: int, subscription: int = 0) -> Customer:
    """A customer in a browser of their own, who has seen the overview."""
    context = browser.new_context(viewport=SIZE)  # type: ignore[arg-type]
    page = context.new_page()
    traffic = count_traffic(page)
    page.goto(service.sign_in_link(number))
    settle(page, traffic)
    page.close()
    return Customer(context, subscription)


def _measure(
    service: Service, little: Customer, much: Customer, runs: int
) -> list[tuple[str, Opened, Opened]]:
    measured = []
    for one, other in zip(pages(little.subscription), pages(much.subscription), strict=True):
        figures = Opened(), Opened()
        both = list(zip((little, much), (one, other), figures, strict=True))
        for run in range(runs + 1):
            for customer, page, opened in both if run % 2 else reversed(both):
                shown, cpu = open_page(service, customer, page)
                if run:  # what happens only once is not a visit's
                    opened.shown.append(shown)
                    opened.cpu.append(cpu)
        measured.append((one.name, *figures))
    return measured


def open_page(service: Service, customer: Customer, wanted: Page) -> tuple[float, float]:
    """Milliseconds to content, and processor time of the service until the page has settled."""
    page = customer.context.new_page()
    try:
        traffic = count_traffic(page)
        before = cpu_seconds(service.pid)
        page.goto(f"{service.address}{wanted.path}", wait_until="commit")
        shown = page.wait_for_function(
            SHOWN, arg=[wanted.wanted], timeout=PATIENCE_SECONDS * 1000
        ).json_value()
        settle(page, traffic)
        return float(shown), (cpu_seconds(service.pid) - before) * 1000
    finally:
        page.close()
