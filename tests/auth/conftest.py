"""A database of each test's own, and a clock that stands still."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.auth import Sessions
from app.database import Database
from tests.auth.world import StandingClock, make_settings


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/doorstep.db")
    await database.upgrade()
    yield database
    await database.close()


@pytest.fixture
def sessions(database: Database, clock: StandingClock) -> Sessions:
    return Sessions(database, make_settings(), clock)
