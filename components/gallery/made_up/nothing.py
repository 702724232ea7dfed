"""What stands behind made-up states: a shop that offers nothing."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.i18n import Message

SHOP_ZONE = ZoneInfo("America/New_York")


class _NoShop:
    """Stands where a state has its portal: a shop that offers nothing, and knows no records."""

    addresses = subscriptions = onetimes = charges = ()

    def is_offered(self, _action: object) -> bool:
        return False

    can = is_offered
    is_too_late = is_offered

    def reason_against(self, _action: object) -> Message | None:
        return None

    @property
    def situation(self) -> _NoShop:
        return self

    @property
    def records(self) -> _NoShop:
        return self


NOTHING_OFFERED: Any = _NoShop()


def evening_before(day: date) -> datetime:
    """The last minute for changes."""
    before = day - timedelta(days=1)
    return datetime(before.year, before.month, before.day, 23, 59, tzinfo=SHOP_ZONE)
