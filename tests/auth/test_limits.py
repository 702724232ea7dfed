"""Every limit can be counted on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.auth import limits as module
from app.auth.limits import Limit, Limits
from app.database import Database


def every_limit() -> list[Limit]:
    found: list[Limit] = []
    for value in vars(module).values():
        found += [each for each in (value if isinstance(value, tuple) else (value,))
                  if isinstance(each, Limit)]  # fmt: skip
    return found


async def test_every_limit_refuses_the_one_that_is_too_many(database_url: str) -> None:
    database = Database(database_url)
    await database.upgrade()
    limits, now = Limits(database), datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
    assert len(every_limit()) > 8
    for limit in every_limit():
        for _ in range(limit.most):
            assert await limits.refused_until([(limit, "somebody")], now) is None
        until = await limits.refused_until([(limit, "somebody")], now)
        assert until is not None
        assert now < until <= now + limit.per
    await database.close()


def test_no_two_limits_count_together() -> None:
    names = [limit.scope for limit in every_limit()]
    assert len(names) == len(set(names))


async def test_who_may_ask_no_more_uses_up_nothing_of_anybody_elses(database_url: str) -> None:
    database = Database(database_url)
    await database.upgrade()
    limits, now = Limits(database), datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
    network, address = Limit("n", 2, timedelta(hours=1)), Limit("a", 3, timedelta(hours=1))
    day = Limit("d", 4, timedelta(days=1))
    for name in ("one", "another"):
        assert await limits.refused_until([(network, "stranger"), (address, name)], now) is None
    for _ in range(9):
        asked = [(network, "stranger"), (address, "victim"), (day, "victim")]
        assert await limits.refused_until(asked, now) is not None
    for _ in range(address.most):
        assert await limits.refused_until([(address, "victim"), (day, "victim")], now) is None
    for _ in range(9):
        assert await limits.refused_until([(address, "victim"), (day, "victim")], now) is not None
    # What was refused within the hour has used up nothing of the day.
    later = now + timedelta(hours=1)
    assert await limits.refused_until([(address, "victim"), (day, "victim")], later) is None
    await database.close()


async def test_what_has_happened_is_counted_past_the_limit_and_told_until_its_window_ends(
    database_url: str,
) -> None:
    database = Database(database_url)
    await database.upgrade()
    limits, now = Limits(database), datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
    hour, day = Limit("h", 3, timedelta(hours=1)), Limit("d", 5, timedelta(days=1))
    checks = [(hour, "all"), (day, "all")]
    await limits.count(checks, now, number=2)
    assert await limits.reached_until(checks, now) is None
    await limits.count(checks, now)
    for _ in range(2):  # looking counts nothing
        assert await limits.reached_until(checks, now) == now.replace(hour=10, minute=0)
    assert await limits.reached_until([(hour, "others")], now) is None
    await limits.count(checks, now, number=9)
    assert await limits.reached_until(checks, now) == datetime(2026, 11, 22, tzinfo=UTC)
    later = now + timedelta(hours=1)
    assert await limits.reached_until([(hour, "all")], later) is None
    assert await limits.reached_until(checks, later) is not None
    await database.close()
