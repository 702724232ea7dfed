"""A database, a shop that answers like Recharge, and the mirror between them."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg  # type: ignore[import-untyped]
import httpx
import pytest
from sqlalchemy import text

from app.database import Database, metadata
from app.mirror import Mirror
from app.recharge import LocalBudget, RechargeClient
from app.sandbox import Sandbox


@dataclass(frozen=True)
class Templates:
    """Files that tests copy: making them takes longer than most tests."""

    database: Path
    shop: Path


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    """A database with its tables and nothing in them, and the demo's shop."""
    folder = tmp_path_factory.mktemp("templates")
    made = Templates(folder / "doorstep.db", folder / "shop.db")

    async def make() -> None:
        database = Database(f"sqlite+aiosqlite:///{made.database}")
        await database.upgrade()
        await database.close()
        await Sandbox(str(made.shop)).close()

    asyncio.run(make())
    return made


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(
    request: pytest.FixtureRequest, templates: Templates, tmp_path: Path
) -> AsyncIterator[Database]:
    """An empty database with all its tables: one run on SQLite, one on PostgreSQL."""
    if request.param == "sqlite":
        found = copied(templates, tmp_path)
    else:
        found = await emptied(request.getfixturevalue("postgres"))
    yield found
    await found.close()


@pytest.fixture
async def sqlite(templates: Templates, tmp_path: Path) -> AsyncIterator[Database]:
    """An empty database on SQLite, for what does not depend on the kind of database."""
    found = copied(templates, tmp_path)
    yield found
    await found.close()


def copied(templates: Templates, folder: Path) -> Database:
    file = shutil.copy(templates.database, folder / "doorstep.db")
    return Database(f"sqlite+aiosqlite:///{file}")


async def emptied(server: str) -> Database:
    """The tests' database on a PostgreSQL, made when it is not there yet."""
    connection = await asyncpg.connect(server)
    if not await connection.fetch("SELECT 1 FROM pg_database WHERE datname = 'mirror'"):
        await connection.execute("CREATE DATABASE mirror")
    await connection.close()
    address = server.replace("postgresql://", "postgresql+asyncpg://", 1)
    found = Database(address.rsplit("/", 1)[0] + "/mirror")
    await found.upgrade()
    async with found.begin() as connected:
        for table in metadata.tables.values():
            if table.name.startswith("mirror_"):
                await connected.execute(text(f"DELETE FROM {table.name}"))
    return found


class Line(httpx.AsyncBaseTransport):
    """The way to the look-alike, on which one answer can be held up."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner
        self._held: str | None = None
        self.is_held = asyncio.Event()
        self._release = asyncio.Event()

    def hold(self, path: str) -> None:
        """Keep the next answer from this path until `release`; `is_held` tells when it is there."""
        self._held = path

    def release(self) -> None:
        self._release.set()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self._inner.handle_async_request(request)
        if request.url.path == self._held:
            self._held = None
            self.is_held.set()
            await self._release.wait()
        return response


@dataclass
class Upstream:
    """The look-alike, and what it was asked."""

    sandbox: Sandbox
    http: httpx.AsyncClient
    client: RechargeClient
    line: Line

    async def requests(self) -> dict[str, int]:
        """Calls since the last `forget_requests`, by route."""
        counted = (await self.http.get("/_sandbox/counters")).json()
        return {route: count for route, count in counted["requests"].items() if count}

    async def forget_requests(self) -> None:
        (await self.http.delete("/_sandbox/counters")).raise_for_status()

    async def fault(self, **fault: Any) -> None:
        """Plan a failure: ``method="GET", path="/orders", kind="500", times=1``."""
        (await self.http.post("/_sandbox/faults", json=fault)).raise_for_status()

    async def mend(self) -> None:
        """Forget planned failures."""
        (await self.http.delete("/_sandbox/faults")).raise_for_status()


async def at_once(_seconds: float) -> None:
    """The client's waits between repeats."""
    await asyncio.sleep(0)


@pytest.fixture
async def upstream(templates: Templates, tmp_path: Path) -> AsyncIterator[Upstream]:
    """A shop of this test alone, with the demo's customers."""
    sandbox = Sandbox(str(shutil.copy(templates.shop, tmp_path / "shop.db")))
    transport = httpx.ASGITransport(app=sandbox.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://recharge") as http:
        line = Line(transport)
        client = RechargeClient(
            sandbox.token,
            base_url="http://recharge",
            transport=line,
            budget=LocalBudget(size=10_000, rate=10_000.0),
            sleep=at_once,
        )
        yield Upstream(sandbox, http, client, line)
        await client.aclose()
    await sandbox.close()


class Watch:
    """A clock that is put forward by hand."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def forward(self, by: timedelta) -> None:
        self._ahead += by


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
async def mirror(sqlite: Database, upstream: Upstream, watch: Watch) -> AsyncIterator[Mirror]:
    """A mirror with nothing in it but the shop and its products."""
    found = Mirror(sqlite, upstream.client, clock=watch)
    await found.shop()
    await upstream.forget_requests()
    yield found
    await found.close()
