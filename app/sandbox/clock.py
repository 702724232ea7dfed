"""The shop's clock: it runs with real time from wherever it was put."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from app.sandbox.errors import Invalid

# Far enough for every story, and dates around it can still be reckoned with.
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_END = datetime(2201, 1, 1, tzinfo=UTC)


class Clock:
    """Aware UTC time which a control may move within the years 2000 to 2200.

    `moved` is called after every move; when it fails, the clock stands where it stood.
    """

    def __init__(self, moved: Callable[[], None] | None = None) -> None:
        self._offset = timedelta(0)
        self._moved = moved

    @property
    def offset(self) -> timedelta:
        """How far the clock stands from real time."""
        return self._offset

    def now(self) -> datetime:
        """The shop's present moment, aware UTC."""
        return datetime.now(UTC) + self._offset

    def advance(self, by: timedelta) -> None:
        """Move the clock; charges which fall due on the way are processed.

        Raises:
            Invalid: it would leave the years 2000 to 2200.
        """
        self._move(self._offset + by)

    def set(self, moment: datetime) -> None:
        """Put the clock to a moment; without an offset it is read as UTC.

        Raises:
            Invalid: the moment is not in the years 2000 to 2200.
        """
        aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
        self._move(aware - datetime.now(UTC))

    def restore(self, offset: timedelta) -> None:
        """Take up an earlier run's offset without telling anybody."""
        self._offset = offset

    def _move(self, offset: timedelta) -> None:
        try:
            is_within = _EARLIEST <= datetime.now(UTC) + offset < _END
        except OverflowError:
            is_within = False
        if not is_within:
            raise Invalid("now", "Must be between the years 2000 and 2200.")
        before, self._offset = self._offset, offset
        try:
            if self._moved is not None:
                self._moved()
        except BaseException:
            self._offset = before
            raise
