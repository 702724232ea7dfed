"""One customer's rows: kept apart, kept in order, all or none."""

from __future__ import annotations

import re
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, event, select, text

import app
from app.database import Database
from app.mirror import tables
from app.mirror.errors import ForeignRow
from app.mirror.purchase_rows import Place, Progress, Wanted
from app.mirror.rows import CustomerRows, Noun
from app.recharge import Charge, Customer, Order, Record, Subscription
from tests.mirror.records import NOW, address, charge, onetime, subscription

EVERYTHING = frozenset(Noun)
LATER = NOW + timedelta(days=365)


@pytest.fixture
def mara(database: Database) -> CustomerRows:
    return CustomerRows(database, 101)


def of(customer_id: int, record: Record, **changes: Any) -> Any:
    """The same record, of another customer."""
    document = record.model_dump(mode="json", exclude_unset=True)
    if "customer" in document:
        document["customer"] = {"id": customer_id}
    else:
        document["customer_id"] = customer_id
    return type(record).model_validate(document | changes)


def customer(id: int = 101, **fields: Any) -> Customer:
    return Customer.model_validate({"id": id, "email": "mara@example.com"} | fields)


def order(id: int, status: str = "success") -> Order:
    return Order.model_validate(
        {"id": id, "customer": {"id": 101}, "status": status, "total_price": "1.00"}
    )


async def titles(rows: CustomerRows) -> list[str]:
    documents = (await rows.read()).documents[Noun.SUBSCRIPTIONS]
    return [Subscription.model_validate_json(each).product_title for each in documents]


async def ids(rows: CustomerRows, noun: Noun) -> list[int]:
    stored = (await rows.read()).documents[noun]
    return [int(re.findall(r'"id":\s*(\d+)', document)[0]) for document in stored]


async def fill(rows: CustomerRows, *records: Record) -> None:
    """As a first load does: this is all there is."""
    await rows.write(
        [customer(rows.customer_id), *records],
        read_at=NOW,
        whole=EVERYTHING,
        asked_at=await rows.writes(),
    )


async def test_nothing_is_there_at_first(mara: CustomerRows) -> None:
    stored = await mara.read()
    assert (stored.writes, stored.loaded_at, dict(stored.documents)) == (0, None, {})


async def test_records_come_back_as_they_were(mara: CustomerRows) -> None:
    coffee = subscription(product_title="Café · قهوة", an_unknown_field={"kept": [1, "2", None]})
    await fill(mara, coffee, address(), charge("2026-01-20", coffee), onetime("2026-01-20"))
    stored = await mara.read()
    assert stored.loaded_at == NOW
    again = Subscription.model_validate_json(stored.documents[Noun.SUBSCRIPTIONS][0])
    assert again == coffee
    charged = Charge.model_validate_json(stored.documents[Noun.CHARGES][0])
    assert charged == charge("2026-01-20", coffee)


async def test_a_single_record_does_not_pass_for_everything(mara: CustomerRows) -> None:
    await mara.write([subscription()], read_at=NOW)
    stored = await mara.read()
    assert stored.loaded_at is None
    assert not stored.documents


async def test_two_customers_with_the_same_record_ids_do_not_meet(
    mara: CustomerRows, database: Database
) -> None:
    jonas = CustomerRows(database, 102)
    coffee, tea = subscription(product_title="Coffee"), subscription(product_title="Tea")
    await fill(mara, coffee, charge("2026-01-20", coffee))
    await fill(jonas, of(102, tea), of(102, charge("2026-02-20", tea)))
    assert (await titles(mara), await titles(jonas)) == (["Coffee"], ["Tea"])

    # Replacing, removing and forgetting reach one of them only.
    await mara.write([subscription(product_title="Cocoa")], read_at=NOW)
    assert (await titles(mara), await titles(jonas)) == (["Cocoa"], ["Tea"])
    await mara.write([], read_at=NOW, whole={Noun.CHARGES})
    assert (await ids(mara, Noun.CHARGES), await ids(jonas, Noun.CHARGES)) == ([], [501])
    await mara.clear()
    assert (await mara.read()).loaded_at is None
    assert await titles(jonas) == ["Tea"]


@pytest.mark.parametrize(
    "foreign",
    [
        of(102, subscription(302)),
        of(102, charge("2026-01-20", subscription())),
        of(102, onetime("2026-01-20")),
        of(102, address(202)),
        customer(102),
    ],
    ids=lambda record: type(record).__name__,
)
async def test_another_customers_record_is_refused_with_all_that_came_along(
    mara: CustomerRows, foreign: Record
) -> None:
    await fill(mara, subscription(product_title="Coffee"))
    with pytest.raises(ForeignRow, match="of customer 102, not of customer 101"):
        await mara.write([subscription(product_title="Changed"), foreign], read_at=NOW)
    assert await titles(mara) == ["Coffee"]


async def test_an_older_answer_does_not_replace_a_newer_row(mara: CustomerRows) -> None:
    def at(minutes: int, title: str) -> Subscription:
        return subscription(
            product_title=title, updated_at=(NOW + timedelta(minutes=minutes)).isoformat()
        )

    await fill(mara, at(5, "newer"))
    await mara.write([at(4, "older")], read_at=NOW)
    assert await titles(mara) == ["newer"]
    await mara.write([at(5, "of the same moment")], read_at=NOW)
    assert await titles(mara) == ["of the same moment"]
    await mara.write([at(6, "newest")], read_at=NOW)
    assert await titles(mara) == ["newest"]


@pytest.mark.parametrize("moment", [NOW.isoformat(), None])
async def test_an_answer_asked_for_before_a_write_does_not_undo_it(
    mara: CustomerRows, moment: str | None
) -> None:
    """Recharge's moments are whole seconds: within one, the order of our own writes decides."""
    await fill(mara, subscription(product_title="before", updated_at=moment))
    asked_at = await mara.writes()
    written = subscription(product_title="written", updated_at=moment)
    made = subscription(302, product_title="made", updated_at=moment)
    await mara.write([written, made], read_at=NOW)
    await mara.write(
        [subscription(product_title="before", updated_at=moment)],
        read_at=NOW,
        whole={Noun.SUBSCRIPTIONS},
        asked_at=asked_at,
    )
    assert await titles(mara) == ["written", "made"]


async def test_rows_that_are_gone_are_removed(mara: CustomerRows) -> None:
    await fill(mara, subscription(301), subscription(302), address())
    await mara.write(
        [subscription(302), subscription(303)],
        read_at=NOW,
        whole={Noun.SUBSCRIPTIONS},
        asked_at=await mara.writes(),
    )
    assert await ids(mara, Noun.SUBSCRIPTIONS) == [302, 303]
    assert await ids(mara, Noun.ADDRESSES) == [201]


async def test_orders_older_than_the_answer_stay(mara: CustomerRows, database: Database) -> None:
    await fill(mara, *(order(id) for id in range(1001, 1052)))
    newest = [order(id) for id in range(1003, 1055) if id != 1050]
    asked_at = await mara.writes()
    await mara.write(newest, read_at=NOW, whole={Noun.ORDERS}, asked_at=asked_at)
    await mara.write([order(1000)], read_at=NOW)
    newest_ids = [id for id in range(1003, 1055) if id != 1050]
    assert await ids(mara, Noun.ORDERS) == newest_ids
    async with database.read() as connection:
        kept = await connection.execute(select(tables.orders.c.id).order_by("id"))
        assert kept.scalars().all() == [1000, 1001, 1002, *newest_ids]

    asked_at = await mara.writes()
    await mara.write([order(1054)], read_at=NOW, whole={Noun.ORDERS}, asked_at=asked_at)
    assert await ids(mara, Noun.ORDERS) == [1054]


async def test_orders_that_are_not_made_yet_are_known_however_old(mara: CustomerRows) -> None:
    await fill(mara, order(1000, "queued"), *(order(id) for id in range(1001, 1061)))
    stored = await mara.read()
    assert len(stored.documents[Noun.ORDERS]) == 51
    assert [Order.model_validate_json(document).id for document in stored.coming] == [1000]


async def test_every_statement_on_customers_rows_names_the_customer(
    mara: CustomerRows, database: Database
) -> None:
    """Watched at the driver: whatever `CustomerRows` does, it does for 101 alone."""
    seen: list[tuple[str, Any]] = []
    event.listen(
        database.engine.sync_engine,
        "before_cursor_execute",
        lambda _c, _cursor, sql, parameters, *_: seen.append((sql, parameters)),
    )
    coffee = subscription()
    await fill(mara, coffee, address(), charge("2026-01-20", coffee), onetime("2026-01-20"))
    await mara.write([order(1001)], read_at=NOW, whole={Noun.ORDERS}, asked_at=1)
    await mara.read()
    look = Wanted(until=NOW, since=NOW, search="coffee")
    await mara.purchases.begin(Progress(NOW))
    await mara.purchases.advance(Progress(NOW, cursor="next"))
    await mara.purchases.progress()
    await mara.purchases.page(Wanted(until=LATER), UTC, after=None, limit=9, known={})
    await mara.purchases.page(look, UTC, after=Place(NOW, "order", 1), limit=9, known={})
    await mara.purchases.count(look)
    await mara.purchases.summary(NOW)
    await mara.purchases.is_empty()
    await mara.purchases.keep_old(UTC)
    await mara.clear()

    touching = [(sql, parameters) for sql, parameters in seen if "mirror_" in sql]
    assert len(touching) > 20
    for sql, parameters in touching:
        rows = parameters if isinstance(parameters, list) else [parameters]
        assert all(101 in row and 102 not in row for row in rows), sql
        if sql.startswith("INSERT"):
            assert re.match(r"INSERT INTO mirror_\w+ \(customer_id, ", sql)
            continue
        places = len(re.findall(r"(?:FROM|UPDATE) (mirror_\w+)", sql))
        conditions = len(re.findall(r"WHERE (mirror_\w+)\.customer_id = ", sql))
        assert places == conditions > 0, sql


def test_nothing_else_touches_the_tables() -> None:
    names = {table.name for table in vars(tables).values() if isinstance(table, Table)}
    assert len(names) == 13
    root = Path(app.__file__).parent
    users = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if re.search(r"mirror(\.tables|\s+import[^\n]*\btables)\b", path.read_text("utf-8"))
        or any(name in path.read_text("utf-8") for name in names)
    }
    assert users == {
        "mirror/__init__.py",  # what their names begin with
        "migrations/versions/0001_mirror.py",
        "migrations/versions/0010_memberships.py",
        "migrations/versions/0012_history.py",
        "migrations/versions/0015_store_credit.py",
        "migrations/versions/0019_oidc.py",  # the shop's account of each customer
        "mirror/credit.py",  # its own table
        "mirror/directory.py",  # ids only
        "mirror/purchase_rows.py",
        "mirror/rows.py",
        "mirror/shop.py",  # the shop's own table
    }


async def test_the_customers_table_is_looked_up_by_index(database: Database) -> None:
    if not database.is_sqlite:
        pytest.skip("PostgreSQL plans by the number of rows")
    async with database.read() as connection:
        for column in ("email", "hash"):
            query = f"EXPLAIN QUERY PLAN SELECT * FROM mirror_customers WHERE {column} = 'x'"
            plan = (await connection.execute(text(query))).all()
            assert f"ix_mirror_customers_{column}" in str(plan)
