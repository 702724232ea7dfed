"""Every limit can be counted on both databases."""

from __future__ import annotations

from datetime import UTC, datetime

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
