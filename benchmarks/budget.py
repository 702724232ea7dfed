"""``python -m benchmarks budget``: the table of a thousand customers who arrive in a minute."""

from __future__ import annotations

from benchmarks.arrivals import DESIGNS, Crowd, percentile, thousand_customers
from benchmarks.table import table


def budget_report(crowd: Crowd) -> str:
    """How long pages and changes wait for the upstream budget, by design of the portal."""
    rows = []
    for design in DESIGNS:
        waits = thousand_customers(design, crowd)
        rows.append(
            (
                design.name,
                waits.calls,
                percentile(waits.reads, 0.5),
                percentile(waits.reads, 0.95),
                percentile(waits.writes, 0.5),
                percentile(waits.writes, 0.95),
                max(waits.writes, default=0.0),
                waits.drained / 60,
            )
        )
    head = ("", "calls", "page p50", "page p95", "write p50", "write p95", "write max", "drained")
    unit = ("", "", "s", "s", "s", "s", "s", "min")
    return (
        f"{crowd.customers:,} customers arrive within {crowd.arrive_within:.0f} s, "
        f"{crowd.views} pages each, {crowd.writing:.0%} make one change (2 calls)\n"
        "upstream: 40 calls at once and 2 a second, a tenth of it left to other apps\n\n"
        + table(head, [unit, *rows])
    )
