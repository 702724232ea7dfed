"""The portal's own database: transactions, moments, upserts."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import BigInteger, Column, Integer, MetaData, String, Table, func, select
from sqlalchemy.exc import StatementError

from app import database as module
from app.database import Database, DatabaseBusy, Json, Moment, NoFile, upsert

NOTES = Table(
    "notes",
    MetaData(),
    Column("id", BigInteger, primary_key=True),
    Column("text", String),
    Column("version", Integer),
    Column("at", Moment),
    Column("document", Json),
)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A database with one table of notes."""
    found = Database(database_url)
    async with found.begin() as connection:
        await connection.run_sync(NOTES.metadata.create_all)
    yield found
    await found.close()


@pytest.fixture
async def sqlite(tmp_path: Path) -> AsyncIterator[Database]:
    found = Database(f"sqlite+aiosqlite:///{tmp_path}/a/new/folder/doorstep.db")
    async with found.begin() as connection:
        await connection.run_sync(NOTES.metadata.create_all)
    yield found
    await found.close()


async def test_nobody_else_on_the_machine_reads_the_file(sqlite: Database, tmp_path: Path) -> None:
    async with sqlite.begin() as connection:
        await connection.execute(NOTES.insert().values(id=1, text="Mara's"))

    assert rights(tmp_path) == {
        "a": "0o700",
        "new": "0o700",
        "folder": "0o700",
        "doorstep.db": "0o600",
        "doorstep.db-wal": "0o600",
        "doorstep.db-shm": "0o600",
    }


async def test_a_second_pool_leaves_the_locks_of_the_first(
    sqlite: Database, tmp_path: Path
) -> None:
    # A process that closes any handle of a file loses all its locks on it. Another process would
    # then take itself for the last one and delete the log that this one still writes to.
    path = tmp_path / "a/new/folder/doorstep.db"
    async with sqlite.begin() as connection:
        await connection.execute(NOTES.insert().values(id=1))
    second = Database(f"sqlite+aiosqlite:///{path}")
    assert len(await rows(second)) == 1

    code = f"import sqlite3; c = sqlite3.connect({str(path)!r}); "
    code += "c.execute('select * from notes').fetchall(); c.close()"
    other = await asyncio.create_subprocess_exec(sys.executable, "-c", code)
    assert await other.wait() == 0

    assert "doorstep.db-wal" in rights(tmp_path)
    await second.close()


def rights(folder: Path) -> dict[str, str]:
    return {path.name: oct(path.stat().st_mode & 0o777) for path in folder.rglob("*")}


async def rows(database: Database) -> list[Any]:
    async with database.read() as connection:
        return list((await connection.execute(select(NOTES).order_by(NOTES.c.id))).all())


async def test_a_moment_comes_back_aware_and_in_utc(database: Database) -> None:
    berlin = datetime(2026, 7, 1, 12, 30, 15, 250_000, tzinfo=timezone(timedelta(hours=2)))
    async with database.begin() as connection:
        await connection.execute(NOTES.insert().values(id=1, at=berlin))
    at = (await rows(database))[0].at
    assert at == berlin
    assert at.tzinfo is UTC
    async with database.read() as connection:
        later = select(NOTES.c.id).where(NOTES.c.at > berlin - timedelta(microseconds=1))
        assert (await connection.execute(later)).scalars().all() == [1]
        earlier = select(NOTES.c.id).where(NOTES.c.at > berlin)
        assert (await connection.execute(earlier)).scalars().all() == []


async def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="has no time zone"):
        async with database.begin() as connection:
            await connection.execute(NOTES.insert().values(id=1, at=datetime(2026, 7, 1)))


async def test_json_and_long_ids_come_back_as_they_were(database: Database) -> None:
    document = {"name": "佐藤 美咲", "amounts": ["12.00", None, 3], "nested": {"yes": True}}
    async with database.begin() as connection:
        await connection.execute(NOTES.insert().values(id=2**63 - 1, document=document))
    assert [(row.id, row.document) for row in await rows(database)] == [(2**63 - 1, document)]


async def test_upsert_inserts_and_replaces(database: Database) -> None:
    async with database.begin() as connection:
        await upsert(connection, NOTES, [{"id": 1, "text": "old"}], ("id",))
        await upsert(
            connection, NOTES, [{"id": 1, "text": "new"}, {"id": 2, "text": "two"}], ("id",)
        )
        await upsert(connection, NOTES, [{"id": 2}, {"id": 3}], ("id",))
        await upsert(connection, NOTES, [], ("id",))
    assert [(row.id, row.text) for row in await rows(database)] == [
        (1, "new"), (2, "two"), (3, None),
    ]  # fmt: skip


async def test_upsert_may_refuse_to_replace(database: Database) -> None:
    async with database.begin() as connection:
        for version, text in ((2, "second"), (1, "late first"), (3, "third")):
            await upsert(
                connection,
                NOTES,
                [{"id": 1, "version": version, "text": text}],
                ("id",),
                where=lambda old, new: old.c.version < new.version,
            )
            if version == 1:
                assert (await connection.execute(select(NOTES.c.text))).scalar() == "second"
    assert [row.text for row in await rows(database)] == ["third"]


async def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    async def break_off() -> None:
        async with database.begin() as connection:
            await connection.execute(NOTES.insert().values(id=1))
            raise RuntimeError("half-way")

    with pytest.raises(RuntimeError, match="half-way"):
        await break_off()
    assert await rows(database) == []


async def test_a_reader_sees_one_state_while_others_write(database: Database) -> None:
    count = select(func.count()).select_from(NOTES)
    async with database.read() as reading:
        assert (await reading.execute(count)).scalar() == 0
        async with database.begin() as writing:
            await writing.execute(NOTES.insert().values(id=1))
        assert (await reading.execute(count)).scalar() == 0
    assert len(await rows(database)) == 1


async def test_writers_who_read_first_do_not_lose_each_others_writes(database: Database) -> None:
    async with database.begin() as connection:
        await connection.execute(NOTES.insert().values(id=1, version=0))

    async def count_up() -> None:
        async with database.begin() as connection:
            read = select(NOTES.c.version).with_for_update()
            version = (await connection.execute(read)).scalar_one()
            await asyncio.sleep(0)
            await connection.execute(NOTES.update().values(version=version + 1))

    await asyncio.gather(*(count_up() for _ in range(10)))
    assert (await rows(database))[0].version == 10


async def test_two_connections_pools_share_an_sqlite_file(sqlite: Database) -> None:
    other = Database(str(sqlite.engine.url))
    try:

        async def write(database: Database, first: int) -> None:
            for id in range(first, first + 20):
                async with database.begin() as connection:
                    await connection.execute(NOTES.insert().values(id=id))

        await asyncio.gather(write(sqlite, 1), write(other, 101))
        assert len(await rows(other)) == 40
    finally:
        await other.close()


async def test_two_pools_that_read_before_they_write_wait_for_each_other(
    sqlite: Database,
) -> None:
    """Without the writer's lock from the start, the second one fails: its state is old."""
    other = Database(str(sqlite.engine.url))
    async with sqlite.begin() as connection:
        await connection.execute(NOTES.insert().values(id=1, version=0))

    async def count_up(database: Database) -> None:
        for _ in range(10):
            async with database.begin() as connection:
                version = (await connection.execute(select(NOTES.c.version))).scalar_one()
                await asyncio.sleep(0)
                await connection.execute(NOTES.update().values(version=version + 1))

    try:
        await asyncio.gather(count_up(sqlite), count_up(other))
        assert (await rows(other))[0].version == 20
    finally:
        await other.close()


async def test_a_writer_inside_a_writer_is_told_so(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BUSY_SECONDS", 0.01)
    async with sqlite.begin():
        with pytest.raises(DatabaseBusy):
            async with sqlite.begin():
                pass
    async with sqlite.begin():
        pass


async def test_sqlite_keeps_foreign_keys_and_a_write_ahead_log(sqlite: Database) -> None:
    async with sqlite.read() as connection:
        for pragma, value in (("journal_mode", "wal"), ("foreign_keys", 1)):
            found = await connection.exec_driver_sql(f"PRAGMA {pragma}")
            assert found.scalar() == value


@pytest.mark.parametrize(
    "url", ["sqlite+aiosqlite://", "sqlite+aiosqlite:///:memory:", "sqlite+aiosqlite:///"]
)
def test_sqlite_in_memory_is_refused(url: str) -> None:
    with pytest.raises(NoFile, match="needs a file"):
        Database(url)


async def test_the_common_setting_for_tls_is_understood() -> None:
    database = Database("postgresql+asyncpg://doorstep@127.0.0.1/doorstep?sslmode=require")
    assert dict(database.engine.url.query) == {"ssl": "require"}
    await database.close()


async def test_closing_waits_for_a_task_that_was_cancelled_a_moment_ago(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/doorstep.db")
    is_reading = asyncio.Event()

    async def read() -> None:
        async with database.read() as connection:
            await connection.execute(select(1))
            is_reading.set()
            await asyncio.Event().wait()

    reading = asyncio.create_task(read())
    await is_reading.wait()
    reading.cancel()
    await database.close()
    assert reading.done()
