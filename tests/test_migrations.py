"""The history of the tables ends at the tables that the packages declare."""

from __future__ import annotations

import asyncio
import importlib
import pkgutil
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError

import app
from app.database import Database, SchemaTooNew, metadata

VERSIONS = Path(app.__file__).parent / "migrations" / "versions"


def declare_all_tables() -> None:
    """Import every package's tables.py, so that `metadata` is whole."""
    for package in pkgutil.iter_modules(app.__path__):
        tables = Path(app.__file__).parent / package.name / "tables.py"
        if tables.is_file():
            importlib.import_module(f"app.{package.name}.tables")


def differences(connection: Connection) -> list[object]:
    options = {"compare_type": True, "compare_server_default": True}
    context = MigrationContext.configure(connection, opts=options)
    return list(compare_metadata(context, metadata))


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    found = Database(database_url)
    yield found
    await found.close()


async def test_the_steps_lead_to_the_tables_as_declared(database: Database) -> None:
    declare_all_tables()
    await database.upgrade()
    async with database.begin() as connection:
        assert await connection.run_sync(differences) == []
        names = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
        keys = await connection.run_sync(
            lambda sync: {
                name: inspect(sync).get_pk_constraint(name)["constrained_columns"]
                for name in metadata.tables
            }
        )
    assert set(names) == {*metadata.tables, "alembic_version"}
    assert keys == {
        name: [column.name for column in table.primary_key]
        for name, table in metadata.tables.items()
    }


async def test_upgrading_twice_changes_nothing(database: Database) -> None:
    await database.upgrade()
    async with database.begin() as connection:
        await connection.execute(
            text("INSERT INTO mirror_loads (customer_id, writes) VALUES (101, 1)")
        )
    await database.upgrade()
    async with database.read() as connection:
        assert (await connection.execute(text("SELECT writes FROM mirror_loads"))).scalar() == 1


async def test_a_step_that_fails_leaves_the_database_as_it_was(database: Database) -> None:
    async with database.begin() as connection:
        # In the way of the last table that the first step makes.
        await connection.execute(text("CREATE TABLE mirror_shops (name VARCHAR)"))
    with pytest.raises(DBAPIError, match="mirror_shops"):
        await database.upgrade()
    async with database.read() as connection:
        names = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    assert names == ["mirror_shops"]


async def test_processes_that_start_together_upgrade_once(database_url: str) -> None:
    program = (
        "import asyncio, sys\n"
        "from app.database import Database\n"
        "async def main():\n"
        "    database = Database(sys.argv[1])\n"
        "    await database.upgrade()\n"
        "    await database.close()\n"
        "asyncio.run(main())\n"
    )
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            program,
            database_url,
            cwd=Path(app.__file__).parent.parent,
            stderr=asyncio.subprocess.PIPE,
        )
        for _ in range(2)
    ]
    outcomes = [await process.communicate() for process in processes]
    assert [(process.returncode, errors) for process, (_, errors) in zip(
        processes, outcomes, strict=True
    )] == [(0, b"")] * 2  # fmt: skip


async def test_a_newer_releases_database_is_left_alone(database: Database) -> None:
    await database.upgrade()
    async with database.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999_future'"))
    with pytest.raises(SchemaTooNew, match="9999_future"):
        await database.upgrade()


def test_the_steps_form_one_line_in_the_order_of_their_numbers() -> None:
    scripts = ScriptDirectory(str(VERSIONS.parent))
    line = [script.revision for script in scripts.walk_revisions()]
    assert line == sorted(line, reverse=True)
    assert line == [file.stem for file in sorted(VERSIONS.glob("0*.py"), reverse=True)]
    assert all(not script.is_branch_point for script in scripts.walk_revisions())
