"""Examples of the calendar, the record of what was done, and the customer's own calendar."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.actions import Activity, Result
from app.i18n import Message, say
from app.mirror import DeliveryStatus
from app.state import ActivitiesState, ActivityState, CalendarFeedState, Kind, State
from components.activity_list import ActivityEntry, ActivityList
from components.calendar_feed import CalendarFeed, CalendarFeedDialog
from components.gallery.example import Example
from components.gallery.made_up import SHOP_ZONE, MadeUpDelivery, MadeUpSchedule
from components.gallery.samples import ARABIC, DAY, LONG, delivery, year
from components.schedule_month import ScheduleMonth

__all__ = ["EXAMPLES", "MadeUpActivities", "MadeUpActivity", "MadeUpFeed"]

NOON = datetime(2026, 6, 27, 12, 4, tzinfo=SHOP_ZONE)


class MadeUpActivity(ActivityState):
    """Something that was done; it can be put back until `until`."""

    def __init__(self, activity: Activity, *, until: datetime | None = None) -> None:
        State.__init__(self)
        self.activity = activity
        self._until = until
        self.presses: list[str] = []

    @property
    def at(self) -> datetime:
        return self.activity.at

    @property
    def known_since(self) -> datetime | None:
        return self.activity.late

    @property
    def put_back_until(self) -> datetime | None:
        return self._until

    async def put_back(self) -> None:
        self.presses.append("put back")
        self._until = None
        self.changed.emit()


class MadeUpActivities(ActivitiesState):
    """A record of the given activities; None has not been read."""

    def __init__(
        self,
        given: Sequence[ActivityState] | None,
        *,
        kinds: tuple[Kind, ...] = (),
        has_earlier: bool = False,
    ) -> None:
        State.__init__(self)
        self.activities = None if given is None else list(given)
        self.kind, self.kinds, self.has_earlier = None, kinds, has_earlier

    async def open(self) -> None:
        return None

    async def choose(self, kind: Kind | None) -> None:
        self.kind = kind
        self.changed.emit()

    async def show_earlier(self) -> None:
        self.has_earlier = False
        self.changed.emit()

    def close(self) -> None:
        State.close(self)


@dataclass(frozen=True)
class _Feed:
    made_at: datetime
    last_used_at: datetime | None


class MadeUpFeed(CalendarFeedState):
    """A calendar address that is only made up."""

    def __init__(self, *, is_there: bool, is_new: bool = False, is_used: bool = False) -> None:
        State.__init__(self)
        self.status = "there" if is_there else "none"
        used = datetime(2026, 6, 27, 9, tzinfo=UTC) if is_used else None
        self.feed = _Feed(datetime(2026, 6, 20, 9, tzinfo=UTC), used) if is_there else None
        secret = "calendar/" + "x" * 43 + ".ics"
        self.address = "https://account.shop.example/" + secret if is_new else None
        self.presses: list[str] = []

    @property
    def may_change(self) -> bool:
        return True

    async def make(self) -> None:
        self.presses.append("make")

    async def revoke(self) -> None:
        self.presses.append("revoke")


def activity(
    text: Message,
    *,
    result: Result = Result.DONE,
    method: str = "link",
    at: datetime = NOON,
    late: datetime | None = None,
    is_undone: bool = False,
) -> Activity:
    """Something that was done, by a link in a mail."""
    return Activity(
        id=f"{at:%d%H%M}",
        at=at,
        action="skip delivery",
        result=result,
        text=text,
        method=method,
        late=late,
        undo_until=None,
        is_undone=is_undone,
        undoes=None,
    )


_SKIPPED = say("Your delivery of {date} is skipped.", date=DAY)


def _record() -> list[ActivityState]:
    return [
        MadeUpActivity(activity(_SKIPPED), until=NOON + timedelta(hours=23)),
        MadeUpActivity(
            activity(
                say("The shop could not make this change, so nothing was changed."),
                result=Result.REFUSED,
                at=NOON - timedelta(hours=2),
            )
        ),
        MadeUpActivity(
            activity(_SKIPPED, at=NOON - timedelta(days=33), is_undone=True, method="theme token")
        ),
    ]


def _month(case: str, make: Callable[[], MadeUpSchedule], language: str = "en") -> Example:
    return Example(ScheduleMonth, case, lambda texts: ScheduleMonth.show(make(), texts), language)


def _entry(case: str, make: Callable[[], MadeUpActivity], language: str = "en") -> Example:
    return Example(ActivityEntry, case, lambda texts: ActivityEntry.show(make(), texts), language)


def _list(case: str, make: Callable[[], MadeUpActivities]) -> Example:
    return Example(ActivityList, case, lambda texts: ActivityList.show(make(), texts))


def _feed(case: str, **values: bool) -> Example:
    return Example(CalendarFeed, case, lambda texts: CalendarFeed.show(MadeUpFeed(**values), texts))


def _dialog(case: str, *, is_end: bool) -> Example:
    return Example(
        CalendarFeedDialog,
        case,
        lambda texts: CalendarFeedDialog.show(MadeUpFeed(is_there=True), texts, is_end=is_end),
    )


def _crowded() -> MadeUpSchedule:
    """A month in which one day has more than a cell can tell."""
    kinds = (
        DeliveryStatus.QUEUED,
        DeliveryStatus.PROJECTED,
        DeliveryStatus.SKIPPED,
        DeliveryStatus.FAILED,
        DeliveryStatus.UNKNOWN,
    )
    return MadeUpSchedule([MadeUpDelivery(delivery(LONG, status=kind)) for kind in kinds])


EXAMPLES: tuple[Example, ...] = (
    _month("a year", lambda: MadeUpSchedule(year(), has_more=True)),
    _month("a crowded day", _crowded),
    _month("nothing planned", lambda: MadeUpSchedule([])),
    _month(
        "right to left",
        lambda: MadeUpSchedule([MadeUpDelivery(delivery(ARABIC)), *year()[1:4]]),
        "ar",
    ),
    _entry("to put back", lambda: MadeUpActivity(activity(_SKIPPED), until=NOON)),
    _entry("put back since", lambda: MadeUpActivity(activity(_SKIPPED, is_undone=True))),
    _entry(
        "being checked",
        lambda: MadeUpActivity(
            activity(say("Skip your delivery of {date}?", date=DAY), result=Result.UNKNOWN)
        ),
    ),
    _entry(
        "known late",
        lambda: MadeUpActivity(activity(_SKIPPED, late=NOON + timedelta(minutes=9))),
    ),
    _entry(
        "right to left",
        lambda: MadeUpActivity(activity(_SKIPPED), until=NOON + timedelta(hours=23)),
        "ar",
    ),
    _list(
        "a record",
        lambda: MadeUpActivities(
            _record(), kinds=("deliveries", "products", "subscriptions"), has_earlier=True
        ),
    ),
    _list("being read", lambda: MadeUpActivities(None)),
    _list("nothing yet", lambda: MadeUpActivities([])),
    _feed("none", is_there=False),
    _feed("just made", is_there=True, is_new=True),
    _feed("in use", is_there=True, is_used=True),
    _feed("not used yet", is_there=True),
    _dialog("a new one", is_end=False),
    _dialog("the end", is_end=True),
)
