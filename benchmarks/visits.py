"""One visit of a page in a real browser, and what it took."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import psutil  # type: ignore[import-untyped]
from playwright.sync_api import BrowserContext, Page

Temperature = Literal["cold", "warm"]

WATCH = (Path(__file__).parent / "watch.js").read_text(encoding="utf-8")
NEXT = "[data-component=next-delivery]"
ENTRY = "[data-component=timeline-entry]"
CARD = "[data-component=subscription-card]"
BUTTON = f"{NEXT} button:not([disabled])"
ANSWER = "dialog[open], [role=dialog]"

QUIET_SECONDS = 0.7
"""A page has settled when nothing has come over the line for so long."""
PATIENCE_SECONDS = 30.0


class BenchmarkFailed(Exception):
    """There is nothing to report; the text says why."""


@dataclass(frozen=True)
class Content:
    """How much there is to see, so that two pages can be told to show the same."""

    next_date: str
    items: int
    entries: int
    cards: int


@dataclass
class Traffic:
    """What came over the line since the page was asked for."""

    requests: int = 0
    bytes: int = 0
    latest: float = field(default_factory=time.monotonic)


def cpu_seconds(pid: int) -> float:
    """Processor time that a process has had. Linux tells it to the nanosecond, others in steps."""
    try:
        # The clock of another process, as the kernel numbers them: see clock_getcpuclockid(3).
        return time.clock_gettime((~pid << 3) | 2)
    except OSError:
        times = psutil.Process(pid).cpu_times()
        return float(times.user + times.system)


def watching(content: Content, *, is_pressing: bool) -> str:
    """The script that notes in the page when what is wanted can be seen."""
    wanted = {
        "next": NEXT,
        "entry": ENTRY,
        "card": CARD,
        "button": BUTTON,
        "answer": ANSWER,
        "entries": content.entries,
        "cards": content.cards,
        "isPressing": is_pressing,
    }
    return WATCH.replace("WANTED", json.dumps(wanted))


def look_around(page: Page) -> Content:
    """What a page that has settled shows.

    Raises:
        BenchmarkFailed: there is no next delivery on it.
    """
    if not page.locator(f"{NEXT} time").count():
        raise BenchmarkFailed(f"{page.url} shows no next delivery")
    return Content(
        next_date=page.locator(f"{NEXT} time").first.get_attribute("datetime") or "",
        items=page.locator(f"{NEXT} [data-slot=items] li").count(),
        entries=page.locator(ENTRY).count(),
        cards=page.locator(CARD).count(),
    )


def count_traffic(page: Page) -> Traffic:
    """Counts requests and bytes on the wire from now on, the socket's among them.

    What the browser takes from its cache is neither.
    """
    traffic = Traffic()
    session = page.context.new_cdp_session(page)
    cached: set[str] = set()

    def note(*, requests: int = 0, size: float = 0) -> None:
        traffic.requests += requests
        traffic.bytes += int(size)
        traffic.latest = time.monotonic()

    def responded(event: dict[str, Any]) -> None:
        response = event["response"]
        if response.get("fromDiskCache") or response["url"].startswith("data:"):
            cached.add(event["requestId"])
        note()

    def finished(event: dict[str, Any]) -> None:
        if event["requestId"] not in cached:
            note(requests=1, size=event["encodedDataLength"])

    def framed(event: dict[str, Any]) -> None:
        note(size=len(event["response"]["payloadData"].encode()))

    session.on("Network.requestServedFromCache", lambda event: cached.add(event["requestId"]))
    session.on("Network.responseReceived", responded)
    session.on("Network.loadingFinished", finished)
    session.on("Network.webSocketCreated", lambda event: note(requests=1))
    session.on("Network.webSocketFrameReceived", framed)
    session.on("Network.webSocketFrameSent", framed)
    session.send("Network.enable")
    return traffic


def settle(page: Page, traffic: Traffic) -> None:
    """Returns when the page has come to rest."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() - traffic.latest < QUIET_SECONDS:
        if time.monotonic() > end:
            raise BenchmarkFailed(f"{page.url} does not come to rest")
        page.wait_for_timeout(50)


def load(context: BrowserContext, address: str, content: Content) -> tuple[float, Traffic]:
    """Opens the page and waits until it rests. Gives milliseconds to content, and the traffic."""
    page = context.new_page()
    try:
        page.add_init_script(watching(content, is_pressing=False))
        traffic = count_traffic(page)
        page.goto(address, wait_until="load")
        shown = page.wait_for_function("window.benchmark.content", timeout=PATIENCE_SECONDS * 1000)
        settle(page, traffic)
        return float(shown.json_value()), traffic
    finally:
        page.close()


def press(context: BrowserContext, address: str, content: Content) -> float:
    """Opens the page and presses its first button until it answers. Gives milliseconds to that."""
    page = context.new_page()
    try:
        page.add_init_script(watching(content, is_pressing=True))
        page.goto(address, wait_until="commit")
        answered = page.wait_for_function(
            "window.benchmark?.answered", timeout=PATIENCE_SECONDS * 1000
        )
        return float(answered.json_value())
    finally:
        page.close()
