"""The portal's own database: SQLite by default, PostgreSQL by setting.

Each package declares its tables on `metadata` in its own ``tables.py`` and reads and writes them
through a `Database`::

    database = Database("sqlite+aiosqlite:///var/doorstep.db")
    await database.upgrade()
    async with database.begin() as connection:      # a transaction that writes
        await upsert(connection, table, rows, keys=("customer_id", "id"))
    async with database.read() as connection:       # one consistent state, nothing is written
        rows = (await connection.execute(select(table))).all()

Errors::

    DatabaseError
    ├── DatabaseBusy      another transaction did not end in time; nothing was written
    ├── DatabaseClosed    the service is ending; nothing was written
    ├── NoFile            SQLite in memory was asked for
    └── SchemaTooNew      the database was made by a newer release
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any
from weakref import WeakSet

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    DateTime,
    Dialect,
    MetaData,
    Table,
    TypeDecorator,
    event,
    make_url,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

__all__ = [
    "Database",
    "DatabaseBusy",
    "DatabaseClosed",
    "DatabaseError",
    "Json",
    "Moment",
    "NoFile",
    "SchemaTooNew",
    "metadata",
    "upsert",
]

BUSY_SECONDS = 10.0
"""How long a writer waits for the writer before it."""

_THREAD_SECONDS = 2.0
"""How long the end of a connection's thread is awaited."""

_LOCK_SCHEMA = 0x0D00_7573
"""PostgreSQL's advisory lock that one process holds while it changes the schema."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""Every table of the portal."""


class DatabaseError(Exception):
    """The portal's own database cannot be used. The text is for the log."""


class DatabaseBusy(DatabaseError):
    """Another transaction did not end in time. Nothing was written."""


class DatabaseClosed(DatabaseError):
    """The service is ending, and this came too late. Nothing was read or written."""


class NoFile(DatabaseError):
    """SQLite in memory was asked for: every connection would see a database of its own."""


class SchemaTooNew(DatabaseError):
    """The database was made by a newer release than the one that runs."""


class Moment(TypeDecorator[datetime]):
    """An aware moment. It is kept and comes back in UTC on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Json = JSON().with_variant(postgresql.JSONB(), "postgresql")
"""A column that holds JSON: JSONB on PostgreSQL, text on SQLite."""


class Database:
    """One pool of connections.

    `url` is SQLAlchemy's, with its async driver: ``sqlite+aiosqlite:///path`` or
    ``postgresql+asyncpg://user:password@host/name``. The folder of an SQLite file is made; only
    the user of this process may read what is made.

    Raises:
        NoFile: `url` is SQLite in memory.
    """

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self._writer = asyncio.Lock()
        self._in_use = 0
        self._is_closed = False
        self._is_idle = asyncio.Event()
        self._is_idle.set()
        self._threads: WeakSet[Thread] = WeakSet()
        if self.is_sqlite:
            event.listen(self.engine.sync_engine, "connect", self._remember_thread)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that writes: committed at the end, rolled back by an exception.

        SQLite has one writer at a time. Within the process writers queue here, in order; a second
        `begin` inside the first one of the same task would wait for itself.

        Raises:
            DatabaseBusy: the writer before did not end in time.
        """
        if not self.is_sqlite:
            with self._use():
                async with self.engine.begin() as connection:
                    yield connection
            return
        try:
            async with asyncio.timeout(BUSY_SECONDS):
                await self._writer.acquire()
        except TimeoutError as error:
            raise DatabaseBusy("another transaction did not end in time") from error
        try:
            # The lock is taken at once: a reader that turns writer half-way fails without waiting.
            writing = self.engine.execution_options(sqlite_begin="BEGIN IMMEDIATE")
            with self._use():
                async with writing.begin() as connection:
                    yield connection
        finally:
            self._writer.release()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Reads of one consistent state, however many statements. Writers are not held up."""
        engine = self.engine
        if not self.is_sqlite:
            engine = engine.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        with self._use():
            async with engine.connect() as connection:
                yield connection

    async def upgrade(self) -> None:
        """Bring the tables up to this release. Safe when several processes start at once.

        Raises:
            SchemaTooNew: the database was made by a newer release; nothing was changed.
        """
        async with self.begin() as connection:
            await connection.run_sync(_upgrade)

    async def close(self) -> None:
        """Give all connections back. Whoever holds one still, such as a task that was cancelled a
        moment ago, gets the time to return it: one that is dropped keeps its thread."""
        with suppress(TimeoutError):
            async with asyncio.timeout(BUSY_SECONDS):
                await self._is_idle.wait()
        self._is_closed = True  # a connection that was made after this would never be given back
        await self.engine.dispose()
        # A connection that was given up in the middle of a statement ends later, in its own thread,
        # which wants to tell the event loop: so the loop has to wait for it.
        for thread in list(self._threads):
            if thread.is_alive():
                await asyncio.to_thread(thread.join, _THREAD_SECONDS)

    def _remember_thread(self, connection: Any, _record: Any) -> None:
        thread = getattr(connection.driver_connection, "_thread", None)
        if thread is not None:
            self._threads.add(thread)

    @contextmanager
    def _use(self) -> Iterator[None]:
        if self._is_closed:
            raise DatabaseClosed("the database was closed")
        self._in_use += 1
        self._is_idle.clear()
        try:
            yield
        finally:
            self._in_use -= 1
            if not self._in_use:
                self._is_idle.set()


async def upsert(
    connection: AsyncConnection,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    keys: Sequence[str],
    *,
    where: Callable[[Table, Any], ColumnElement[bool]] | None = None,
) -> None:
    """Insert rows, or replace the columns given of those whose `keys` are there already.

    All rows name the same columns. `where(table, new)` may refuse a replacement, for instance
    ``lambda old, new: old.c.updated_at <= new.updated_at``.
    """
    if not rows:
        return
    insert: Any = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = insert(table)
    others = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    if others:
        statement = statement.on_conflict_do_update(
            index_elements=list(keys),
            set_=others,
            where=where(table, statement.excluded) if where else None,
        )
    else:
        statement = statement.on_conflict_do_nothing(index_elements=list(keys))
    await connection.execute(statement, [dict(row) for row in rows])


def _engine(url: str) -> AsyncEngine:
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        # libpq's name for the setting, which hosts put into DATABASE_URL; asyncpg calls it ssl.
        if mode := address.query.get("sslmode"):
            address = address.difference_update_query(["sslmode"]).update_query_dict({"ssl": mode})
        return create_async_engine(
            address, pool_pre_ping=True, pool_size=10, max_overflow=10, hide_parameters=True
        )
    if not address.database or address.database == ":memory:" or "mode=memory" in url:
        raise NoFile("SQLite needs a file: sqlite:///path")
    _make_folder(Path(address.database).parent)
    _make_file(address.database)
    engine = create_async_engine(
        address,
        connect_args={"timeout": BUSY_SECONDS},
        pool_size=5,
        max_overflow=20,
        json_serializer=_compact,
        hide_parameters=True,  # they are customers' data, and errors are logged
    )
    event.listen(engine.sync_engine, "connect", _on_connect)
    event.listen(engine.sync_engine, "begin", _on_begin)
    return engine


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _make_folder(folder: Path) -> None:
    """A folder for customers' data, and those above it as far as they are missing: ours alone."""
    if not folder.exists():
        _make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def _make_file(path: str) -> None:
    """SQLite makes its file readable for everybody on the machine, and those beside it like it."""
    # One that exists must not be opened: closing it again would end the locks that connections of
    # this process hold (sqlite.org/howtocorrupt.html, 2.2).
    with suppress(OSError):  # it is there, or SQLite says what is wrong
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _on_connect(connection: Any, _record: Any) -> None:
    # The driver of Python 3.11 starts transactions late and never for DDL; we say when.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _on_begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("sqlite_begin", "BEGIN"))


def _upgrade(connection: Connection) -> None:
    # Alembic takes a third of a second to import, which only a process that upgrades pays.
    from app.migrations import upgrade

    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK_SCHEMA})")
    upgrade(connection)
