"""``python -m benchmarks history``: the orders of a customer with 10,000, beside those of a few.

Both are customers of one service, made for this, and are visited in turns. Their orders are here
already when it begins: what is measured is looking through them.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Error, expect, sync_playwright

from benchmarks.customers import (
    LIMITS,
    Customer,
    Opened,
    Page,
    customer_table,
    open_page,
    signed_in,
)
from benchmarks.visits import (
    PATIENCE_SECONDS,
    BenchmarkFailed,
    count_traffic,
    cpu_seconds,
    settle,
)
from tests.browser.chromium import launch_options
from tests.browser.service import Service, running_service

LITTLE, MUCH = 10, 10_000
"""How many orders they have."""
FETCHED_MS = 180_000
"""How long 10,000 orders may take to be fetched, a page of them at a time."""

ORDERS = Page("orders, first page", "/orders", "[data-component=order-entry]")
LATELY = Page("orders, the last 90 days", "/orders?time=90-days", ORDERS.wanted)
CITY = "portland"
"""Where all of these orders went."""
OVERVIEW = Page("overview", "/", "[data-slot=next] *")

# From the last key to the answer. The pause after the last key is a part of what is waited for.
SEARCH = """async (words) => {
  const field = document.querySelector("input[type=search]");
  const begun = performance.now();
  field.focus();
  field.value = words;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  const answer = () => document.querySelector("[data-slot=found] p, [data-slot=nothing]");
  while (!answer()) await new Promise(requestAnimationFrame);
  return performance.now() - begun;
}"""

Measure = Callable[[Customer, str], tuple[float, float]]


def history_report(*, runs: int) -> str:
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
            little, much = (_arrive(browser, service, number) for number in (LITTLE, MUCH))
            measured = _measure(service, little, much, runs)
            about = (
                f"{LITTLE} orders beside {MUCH:,}; medians of {runs}, in turns; "
                f"{os.cpu_count()} cores, load {load:.1f} before, Chromium {browser.version}"
            )
    except (AssertionError, Error, FileNotFoundError) as error:
        raise BenchmarkFailed(str(error)) from error
    return f"{about}\n\n{customer_table(measured)}"


def _arrive(browser: Browser, service: Service, orders: int) -> tuple[Customer, str]:
    """A customer whose orders have all been fetched, and the number of the oldest one."""
    new = service.new_customer(subscriptions=1)
    oldest = service.plant_orders(new.id, orders)
    customer = signed_in(browser, service, new.id)
    page = customer.context.new_page()
    page.goto(f"{service.address}{ORDERS.path}")
    page.wait_for_selector(ORDERS.wanted)
    fetching = page.locator("[data-slot=found] .ds-note")
    expect(fetching).to_have_count(0, timeout=FETCHED_MS)
    settle(page, count_traffic(page))
    page.close()
    return customer, str(oldest)


def _measure(
    service: Service, little: tuple[Customer, str], much: tuple[Customer, str], runs: int
) -> list[tuple[str, Opened, Opened]]:
    def opening(page: Page) -> tuple[str, Measure]:
        return page.name, lambda customer, _oldest: open_page(service, customer, page)

    rows: tuple[tuple[str, Measure], ...] = (
        opening(OVERVIEW),
        opening(ORDERS),
        opening(LATELY),
        ("search, the oldest one", lambda customer, oldest: _search(service, customer, oldest)),
        ("search, all of them", lambda customer, _oldest: _search(service, customer, CITY)),
    )
    measured = []
    for name, measure in rows:
        figures = Opened(), Opened()
        both = list(zip((little, much), figures, strict=True))
        for run in range(runs + 1):
            for (customer, oldest), opened in both if run % 2 else reversed(both):
                shown, cpu = measure(customer, oldest)
                if run:  # what happens only once is not a visit's
                    opened.shown.append(shown)
                    opened.cpu.append(cpu)
        measured.append((name, *figures))
    return measured


def _search(service: Service, customer: Customer, words: str) -> tuple[float, float]:
    """Milliseconds until a search is answered, and processor time of the service for it."""
    page = customer.context.new_page()
    try:
        traffic = count_traffic(page)
        page.set_default_timeout(PATIENCE_SECONDS * 1000)
        page.goto(f"{service.address}{ORDERS.path}")
        page.wait_for_selector(ORDERS.wanted)
        settle(page, traffic)
        before = cpu_seconds(service.pid)
        shown = page.evaluate(SEARCH, words)
        settle(page, traffic)
        return float(shown), (cpu_seconds(service.pid) - before) * 1000
    finally:
        page.close()
