"""What the tests of signing in share: a clock that stands still, settings, and who is who."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from app.database import Database
from app.settings import Settings

MARA, JONAS = 101, 102
HASHES = {MARA: "101" + "0f" * 8, JONAS: "102" + "a7" * 8}
EMAILS = {MARA: "mara.lindqvist@example.com", JONAS: "jonas.weber@example.com"}


class StandingClock:
    """Says the same moment until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **time: float) -> None:
        self.now += timedelta(**time)


def make_settings(**values: Any) -> Settings:
    return Settings(_env_file=None, **{"port": 8080, **values})


_empty: list[bytes] = []


async def new_database(folder: Path) -> Database:
    """A database of this test alone: a copy of an empty one, made once per process."""
    if not _empty:
        first = Database(f"sqlite+aiosqlite:///{folder}/empty.db")
        await first.upgrade()
        await first.close()
        _empty.append((folder / "empty.db").read_bytes())
    (folder / "doorstep.db").write_bytes(_empty[0])
    return Database(f"sqlite+aiosqlite:///{folder}/doorstep.db")


async def find_by_hash(customer_hash: str) -> int | None:
    return next((one for one, known in HASHES.items() if known == customer_hash), None)
