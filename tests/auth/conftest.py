"""A database of each test's own, and a clock that stands still."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from app.auth import Sessions
from app.database import Database
from tests.auth.oidc_stand import OTHER, PROVIDER, Stand
from tests.auth.sockets import SignIn, browsers, serve
from tests.auth.world import StandingClock, make_settings, new_database


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = await new_database(tmp_path)
    yield database
    await database.close()


@pytest.fixture
def sessions(database: Database, clock: StandingClock) -> Sessions:
    return Sessions(database, make_settings(), clock)


@pytest.fixture
def stand(database: Database, clock: StandingClock) -> Stand:
    """A portal with one identity provider."""
    return Stand(database, clock)


@pytest.fixture
def both(database: Database, clock: StandingClock) -> Stand:
    """A portal with two identity providers."""
    other = {**PROVIDER, "issuer": OTHER, "label": "Other"}
    return Stand(database, clock, harbor=PROVIDER, other=other)


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    """A guarded portal in a process of its own: its database's address, and its port."""
    yield from serve(tmp_path_factory.mktemp("portal"))


@pytest.fixture
async def sign_in(portal: tuple[str, int]) -> AsyncIterator[SignIn]:
    async for made in browsers(*portal):
        yield made
