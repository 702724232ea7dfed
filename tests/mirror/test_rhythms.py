"""Dates against the look-alike's own: two programs that know nothing of each other."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.sandbox.schedule import delivery_days
from tests.mirror.records import snapshot, subscription

FIRST_DAYS = st.dates(date(2024, 1, 1), date(2032, 12, 31))


@st.composite
def rhythms(draw: st.DrawFn) -> dict[str, Any]:
    """A subscription's interval: plain or prepaid, on a fixed day or not."""
    unit = draw(st.sampled_from(["day", "week", "month"]))
    every = draw(st.integers(1, 60 if unit == "day" else 12))
    deliveries = draw(st.sampled_from([1, 1, 1, 2, 3, 6]))
    fixed: dict[str, Any] = {}
    if unit == "month" and draw(st.booleans()):
        fixed["order_day_of_month"] = draw(st.integers(1, 31))
    elif unit != "month" and draw(st.booleans()):
        fixed["order_day_of_week"] = draw(st.integers(0, 6))
    return {
        "order_interval_unit": unit,
        "order_interval_frequency": every,
        "charge_interval_frequency": every * deliveries,
        "is_prepaid": deliveries > 1,
        "next_charge_scheduled_at": draw(FIRST_DAYS).isoformat(),
    } | fixed


@settings(
    deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow], database=None
)
@given(rhythms(), st.integers(0, 800))
def test_projected_dates_are_those_of_the_look_alike(rhythm: dict[str, Any], days: int) -> None:
    first = date.fromisoformat(rhythm["next_charge_scheduled_at"])
    until = first + timedelta(days=days)
    mine = snapshot(subscription(**rhythm)).schedule(first, until)
    assert [delivery.date for delivery in mine] == sorted(set(delivery_days(rhythm, until)))
