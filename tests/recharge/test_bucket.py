"""The arithmetic of the leaky bucket."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.recharge.bucket import Bucket

moments = st.floats(0, 120)


@settings(deadline=None)
@given(
    used=st.integers(0, 40),
    throttled_at=st.lists(moments, max_size=4),
    asked_at=moments,
    count=st.integers(1, 60),
)
def test_the_wait_that_is_foretold_is_the_wait_that_comes(
    used: int, throttled_at: list[float], asked_at: float, count: int
) -> None:
    bucket = Bucket(size=100, rate=2.0, margin=0.0, now=0.0)
    bucket.learn(100, 100, 0.0)
    for moment in sorted(throttled_at):
        bucket.throttle(None, moment)
    asked_at = max([asked_at, *throttled_at])
    wait = bucket.wait_for(count, asked_at)
    if wait > 0.01:
        assert not bucket.has(count, asked_at + wait - 0.01)
    assert bucket.has(count, asked_at + wait + 0.000_001)


def test_after_repeated_429s_it_still_lets_some_calls_through() -> None:
    bucket = Bucket(size=40, rate=2.0, margin=0.0, now=0.0)
    for minute in range(20):
        bucket.throttle(None, minute * 10.0)
    assert bucket.wait_for(1, 190.0) == pytest.approx(8.0)  # a sixteenth of the rate


@pytest.mark.parametrize(("size", "rate", "margin"), [(0, 2, 0.1), (40, 0, 0.1), (40, 2, 1.0)])
def test_a_bucket_without_calls_is_no_bucket(size: int, rate: float, margin: float) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        Bucket(size=size, rate=rate, margin=margin, now=0.0)
