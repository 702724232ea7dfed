"""The shop's clock: it runs with real time from wherever it was put."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class Clock:
    """Aware UTC time which a control may move. `moved` is called after every move."""

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
        """Move the clock; charges which fall due on the way are processed."""
        self._offset += by
        self._tell()

    def set(self, moment: datetime) -> None:
        """Put the clock to a moment; without an offset it is read as UTC."""
        aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
        self._offset = aware - datetime.now(UTC)
        self._tell()

    def restore(self, offset: timedelta) -> None:
        """Take up an earlier run's offset without telling anybody."""
        self._offset = offset

    def _tell(self) -> None:
        if self._moved is not None:
            self._moved()
