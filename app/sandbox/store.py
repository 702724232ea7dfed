"""Documents in SQLite: one table per noun, the JSON text beside the columns that filters need."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any

from app.sandbox.errors import CannotOpen, Document
from app.sandbox.fields import ordered
from app.sandbox.nouns import NOUNS

_INDEXED = (
    "customer_id", "address_id", "charge_id", "external_product_id", "owner_id",
    "credit_account_id", "purchase_item_id", "collection_id",
)  # fmt: skip
# First ids of nouns that a seed may leave to us, so that ids of different nouns look different.
_FIRST = {
    "addresses": 201, "subscriptions": 301, "onetimes": 401, "charges": 501,
    "payment_methods": 601, "customers": 101, "orders": 1001,
}  # fmt: skip


class Store:
    """One SQLite database. A memo beside each document holds what the API does not show.

    Raises:
        CannotOpen: the file is something else, or cannot be written.
    """

    def __init__(self, database: str) -> None:
        self._is_in_memory = database == ":memory:"
        self._lock = RLock()
        self._depth = 0
        try:
            if not self._is_in_memory:
                Path(database).parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(
                database, isolation_level=None, check_same_thread=False, cached_statements=512
            )
        except (OSError, sqlite3.Error) as error:
            raise CannotOpen(database, _reason(error)) from error
        try:
            self._create()
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = NORMAL")
        except sqlite3.Error as error:
            self._connection.close()
            raise CannotOpen(database, _reason(error)) from error

    def close(self) -> None:
        """Give the database back. Closing twice does no harm."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, one at a time; an inner one joins the outer."""
        with self._lock:
            if self._depth == 0:
                self._connection.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._depth -= 1
                if self._depth == 0:
                    self._connection.execute("ROLLBACK")
                raise
            self._depth -= 1
            if self._depth == 0:
                self._connection.execute("COMMIT")

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Nobody writes meanwhile."""
        with self._lock:
            yield

    @property
    def is_in_memory(self) -> bool:
        """Whether the database goes away with this object."""
        return self._is_in_memory

    def copy_out(self) -> bytes:
        """The whole database as it is now."""
        with self._lock:
            return self._connection.serialize()

    def copy_in(self, whole: bytes) -> None:
        """Become an earlier copy; for a database in memory alone."""
        with self._lock:
            self._connection.deserialize(whole)

    def run(self, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows of one statement."""
        with self._lock:
            return self._connection.execute(statement, values).fetchall()

    def take_id(self, plural: str) -> int:
        """The next id of a noun. Ids are never used again."""
        return int(
            self.run(
                "UPDATE sequences SET last = last + 1 WHERE noun = ? RETURNING last", (plural,)
            )[0][0]
        )

    def write(self, plural: str, document: Document, memo: Document | None = None) -> Document:
        """Insert or replace by id, which is taken when absent. A memo left out stays as it is."""
        if document.get("id") is None and plural != "products":
            document["id"] = self.take_id(plural)
        tidy: Document = ordered(document)
        columns = NOUNS[plural].columns
        values = [
            identity(plural, tidy),
            json.dumps(tidy, ensure_ascii=False, separators=(",", ":")),
            None if memo is None else json.dumps(memo),
            *(extract(tidy) for extract in columns.values()),
        ]
        self.run(_upsert(plural), values)
        return tidy

    def settle_ids(self) -> None:
        """After documents came with ids of their own: go on above the highest."""
        for plural in NOUNS:
            self.run(_settle(plural), (plural,))

    def get(self, plural: str, id: int) -> Document | None:
        """One document by id."""
        found = self.find(plural, "id = ?", (id,))
        return found[0] if found else None

    def find(
        self,
        plural: str,
        where: str = "1",
        values: Sequence[Any] = (),
        order: str = "id",
        limit: int = -1,
    ) -> list[Document]:
        """Documents by a condition on the columns; oldest first unless told."""
        return [json.loads(each) for each in self.texts(plural, where, values, order, limit)]

    def texts(
        self, plural: str, where: str, values: Sequence[Any], order: str, limit: int
    ) -> list[str]:
        """The stored JSON itself, for answers which pass it on unread."""
        rows = self.run(_select("document", plural, where, order), (*values, limit))
        return [row[0] for row in rows]

    def memo(self, plural: str, id: int) -> Document:
        """What the engine remembers about an object, `{}` when nothing."""
        rows = self.run(_select("memo", plural, "id = ?", "id"), (id, 1))
        return dict(json.loads(rows[0][0])) if rows and rows[0][0] else {}

    def count(self, plural: str, where: str, values: Sequence[Any] = ()) -> int:
        """How many objects fit a condition on the columns."""
        return int(self.run(_select("COUNT(*)", plural, where, "1"), (*values, -1))[0][0])

    def delete(self, plural: str, id: int) -> None:
        """Remove one object."""
        self.run(_delete(plural), (id,))

    def empty(self) -> None:
        """Remove everything."""
        with self.transaction():
            for plural in (*NOUNS, "inbox", "deliveries", "marks", "card_attempts"):
                self.run(_delete(plural, "1"))
            self._fill_sequences()

    def mark(self, name: str, value: str | None = None) -> str | None:
        """Read, or with a value write, one of the engine's own notes."""
        if value is not None:
            self.run("INSERT OR REPLACE INTO marks (name, value) VALUES (?, ?)", (name, value))
            return value
        rows = self.run("SELECT value FROM marks WHERE name = ?", (name,))
        return rows[0][0] if rows else None

    def _create(self) -> None:
        with self.transaction():
            for noun in NOUNS.values():
                columns = "".join(f", {name}" for name in noun.columns)
                self.run(
                    f"CREATE TABLE IF NOT EXISTS {noun.plural} "
                    f"(id INTEGER PRIMARY KEY, document TEXT NOT NULL, memo TEXT{columns})"
                )
                for name in _INDEXED:
                    if name in noun.columns:
                        self.run(
                            f"CREATE INDEX IF NOT EXISTS {noun.plural}_{name} "
                            f"ON {noun.plural} ({name})"
                        )
            self.run("CREATE TABLE IF NOT EXISTS sequences (noun TEXT PRIMARY KEY, last INTEGER)")
            self.run("CREATE TABLE IF NOT EXISTS marks (name TEXT PRIMARY KEY, value TEXT)")
            self.run(
                "CREATE TABLE IF NOT EXISTS inbox (id INTEGER PRIMARY KEY, document TEXT NOT NULL)"
            )
            self.run(
                "CREATE TABLE IF NOT EXISTS deliveries (id INTEGER PRIMARY KEY, webhook_id INTEGER,"
                " body TEXT NOT NULL, tries INTEGER NOT NULL, first_at TEXT, next_at TEXT NOT NULL)"
            )
            self.run(
                "CREATE TABLE IF NOT EXISTS card_attempts "
                "(id TEXT PRIMARY KEY, token TEXT UNIQUE, document TEXT NOT NULL)"
            )
            if not self.run("SELECT 1 FROM sequences LIMIT 1"):
                self._fill_sequences()

    def _fill_sequences(self) -> None:
        for plural in NOUNS:
            last = _FIRST.get(plural, 1) - 1
            self.run("INSERT OR REPLACE INTO sequences (noun, last) VALUES (?, ?)", (plural, last))


def _reason(error: OSError | sqlite3.Error) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def identity(plural: str, document: Document) -> int:
    """The row of a document. Products are known by the digits of their outside id."""
    return int(document["external_product_id" if plural == "products" else "id"])


# Names in these statements come from the nouns and from conditions written in this package;
# whatever a caller sends is bound as a value.
def _select(what: str, plural: str, where: str, order: str) -> str:
    return f"SELECT {what} FROM {plural} WHERE {where} ORDER BY {order} LIMIT ?"  # noqa: S608


def _delete(table: str, where: str = "id = ?") -> str:
    return f"DELETE FROM {table} WHERE {where}"  # noqa: S608


def _settle(plural: str) -> str:
    return (
        f"UPDATE sequences SET last = MAX(last, (SELECT COALESCE(MAX(id), 0) FROM {plural})) "  # noqa: S608
        "WHERE noun = ?"
    )


def _upsert(plural: str) -> str:
    names = ["id", "document", "memo", *NOUNS[plural].columns]
    marks = ", ".join("?" * len(names))
    changes = ", ".join(f"{name} = excluded.{name}" for name in names if name not in ("id", "memo"))
    return (
        f"INSERT INTO {plural} ({', '.join(names)}) VALUES ({marks}) "  # noqa: S608
        f"ON CONFLICT (id) DO UPDATE SET {changes}, memo = COALESCE(excluded.memo, memo)"
    )
