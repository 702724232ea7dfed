"""What is counted for the shop's monitoring. No label names a customer, an address or an id."""

from __future__ import annotations

from typing import Final

from prometheus_client import Counter, Gauge, Histogram

SIGN_INS: Final = Counter(
    "doorstep_sign_ins", "Sessions that were started, by the way in.", ["method"]
)
REFUSALS: Final = Counter(
    "doorstep_refusals", "Requests, sockets and packets that were refused, by reason.",
    ["what", "reason"],
)  # fmt: skip
REQUEST_SECONDS: Final = Histogram(
    "doorstep_request_seconds",
    "Seconds until a request was answered, by the route's template.",
    ["route", "method", "status"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
OPEN_PAGES: Final = Gauge("doorstep_open_pages", "Customers' pages that this process keeps open.")
SOCKETS: Final = Gauge("doorstep_sockets", "Sockets of pages that are connected.")
