"""What a purchase is, how it is looked for, and the pages of a customer's own."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from unicodedata import normalize
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from app.database import Database
from app.mirror import PurchaseStatus
from app.mirror.purchase_rows import Found, Place, Wanted
from app.mirror.purchases import day_of, folded, status_of, words_of
from app.mirror.rows import CustomerRows, Noun, Unreadable
from app.recharge import Charge, Order
from tests.mirror.records import NOW

LATER = datetime(2100, 1, 1, tzinfo=UTC)
FIRST = datetime(2020, 1, 1, 15, tzinfo=UTC)


@pytest.fixture
def mara(database: Database) -> CustomerRows:
    return CustomerRows(database, 101)


def order(id: int, customer_id: int = 101, **fields: Any) -> Order:
    moment = (FIRST + timedelta(days=id)).isoformat()
    given = {"status": "success", "total_price": "24.90", "processed_at": moment}
    return Order.model_validate({"id": id, "customer": {"id": customer_id}} | given | fields)


def charge(id: int, status: str = "error", day: str = "2020-02-01", **fields: Any) -> Charge:
    given = {"address_id": 201, "customer": {"id": 101}, "total_price": "9.00"}
    return Charge.model_validate({"id": id, "status": status, "scheduled_at": day} | given | fields)


def item(title: str, variant: str | None = None) -> dict[str, Any]:
    return {"title": title, "variant_title": variant, "quantity": 1}


async def listed(
    rows: CustomerRows, search: str = "", *, limit: int = 100, **wanted: Any
) -> list[str]:
    found = await page(rows, search, limit=limit, **wanted)
    return [purchase.key for purchase in found.purchases]


async def page(
    rows: CustomerRows,
    search: str = "",
    *,
    limit: int = 100,
    after: Place | None = None,
    **wanted: Any,
) -> Found:
    query = replace(Wanted(until=LATER, search=search), **wanted)
    return await rows.purchases.page(query, UTC, after=after, limit=limit, known={})


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, "paid"),
        ({"status": "queued"}, "coming"),
        ({"status": "cancelled"}, "cancelled"),
        ({"status": "error"}, "failed"),
        ({"status": "pending_charge_status"}, "pending"),
        ({"status": "frozen"}, "unknown"),
        ({"total_refunds": "24.90"}, "refunded"),
        ({"total_refunds": "4.90"}, "partly_refunded"),
        ({"charge": {"id": 1, "status": "refunded"}}, "refunded"),
        ({"charge": {"id": 1, "status": "success"}}, "paid"),
    ],
)
def test_how_far_an_order_has_come(fields: dict[str, Any], status: str) -> None:
    assert status_of(order(1, **fields)) == status


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("queued", "coming"),
        ("error", "failed"),
        ("pending", "pending"),
        ("pending_manual_payment", "pending"),
        ("skipped", "skipped"),
        ("success", "paid"),
        ("refunded", "refunded"),
        ("partially_refunded", "partly_refunded"),
        ("of tomorrow", "unknown"),
    ],
)
def test_how_far_a_charge_has_come(word: str, status: str) -> None:
    assert status_of(charge(1, word)) == status


def test_a_charge_keeps_its_own_date_wherever_the_shop_is() -> None:
    for name in ("Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC"):
        assert day_of(charge(1, day="2026-03-01"), ZoneInfo(name)) == date(2026, 3, 1)
    late = order(1, processed_at="2026-03-01T03:00:00+00:00")
    assert day_of(late, ZoneInfo("America/New_York")) == date(2026, 2, 28)


def test_what_was_tried_before_its_date_is_listed_when_it_was_tried() -> None:
    """As when somebody orders now, and the card is declined: it is in the list at once."""
    early, late = "2026-02-10T03:00:00+00:00", "2026-03-05T03:00:00+00:00"
    tried = charge(1, day="2026-03-01", last_charge_attempt=early)
    assert day_of(tried, ZoneInfo("America/New_York")) == date(2026, 2, 9)
    again = charge(1, day="2026-03-01", last_charge_attempt=late)
    assert day_of(again, ZoneInfo("America/New_York")) == date(2026, 3, 1)


@pytest.mark.parametrize(
    ("written", "looked_for"),
    [
        ("STRASSE", "straße"),
        ("Straße 5", "STRASSE"),
        ("ΟΔΟΣ", "οδος"),
        ("Μάρθας", "ΜΆΡΘΑΣ"),
        ("Кофе молотый", "КОФЕ"),
        ("ﬁne", "FINE"),
        ("Café", normalize("NFD", "CAFÉ")),
        ("İzmir", "izmir"),
        ("コーヒー豆", "ｺｰﾋｰ"),
        ("咖啡豆 500 克", "咖啡"),
        ("กาแฟคั่วบด", "คั่ว"),
        ("قهوة مطحونة", "مطحونة"),
        ("शुद्ध कॉफ़ी", "कॉफ़ी"),
        ("１２３", "123"),
        ("شارع ١٢", "12"),
        ("12 Rue", "١٢"),
        ("two  spaces", "two spaces"),
    ],
)
def test_a_text_is_found_in_any_script_case_and_form(written: str, looked_for: str) -> None:
    assert folded(looked_for) in folded(written)


@pytest.mark.parametrize(
    ("written", "looked_for"),
    [("Café", "cafe"), ("कॉफ़ी", "काफी"), ("Öl", "ol"), ("ё", "е"), ("น้ำ", "นา")],
)
def test_what_is_another_letter_is_not_taken_for_the_same(written: str, looked_for: str) -> None:
    assert folded(looked_for) not in folded(written)


@given(st.text())
def test_folding_twice_is_folding_once(written: str) -> None:
    once = folded(written)
    assert folded(once) == once
    assert folded(normalize("NFD", written)) == once


@pytest.mark.parametrize(
    "written",
    ["1234.50", "1,234.50", "1.234,50", "1’234.50", "€1,234.50", "1234,50€", "١٬٢٣٤٫٥٠"],
)
def test_an_amount_is_found_however_it_is_written(written: str) -> None:
    assert "1234.50" in words_of(written)[0]


@pytest.mark.parametrize(("written", "words"), [("#1042", "1042"), ("1,200", "1200"), ("#", "#")])
def test_numbers_are_found_with_and_without_their_marks(written: str, words: str) -> None:
    assert words in words_of(written)[0]


async def test_orders_and_charges_stand_in_one_list_newest_first(mara: CustomerRows) -> None:
    await mara.write(
        [order(20), order(40), charge(1, "error"), charge(2, "skipped", "2020-01-25")],
        read_at=NOW,
    )
    assert await listed(mara) == ["order-40", "charge-1", "charge-2", "order-20"]


async def test_a_charge_that_has_its_order_is_not_shown_twice(mara: CustomerRows) -> None:
    await mara.write([charge(1, "success"), charge(2, "success")], read_at=NOW)
    assert await listed(mara) == ["charge-2", "charge-1"]
    await mara.write([order(20, charge={"id": 1})], read_at=NOW)
    # Of a prepaid charge there are orders that lie ahead: they do not stand for what was paid.
    await mara.write([order(21, charge={"id": 2}, status="queued")], read_at=NOW)
    assert await listed(mara) == ["charge-2", "order-20"]
    assert await mara.purchases.count(Wanted(until=LATER)) == 2
    assert (await mara.purchases.summary(LATER)).counts == {PurchaseStatus.PAID: 2}


async def test_what_lies_ahead_is_not_history(mara: CustomerRows) -> None:
    ahead = charge(1, "skipped", "2099-01-01")
    await mara.write([ahead, charge(2, "queued"), order(3, status="queued")], read_at=NOW)
    assert await listed(mara, until=NOW) == []
    assert await listed(mara) == ["charge-1"]


async def test_a_purchase_changes_with_its_record(mara: CustomerRows) -> None:
    await mara.write([charge(1, "skipped"), order(20)], read_at=NOW)
    await mara.write([charge(1, "queued"), order(20, total_refunds="24.90")], read_at=NOW)
    assert await listed(mara) == ["order-20"]
    assert await listed(mara, statuses=frozenset({PurchaseStatus.REFUNDED})) == ["order-20"]

    older = order(20, updated_at="2020-01-01T00:00:00+00:00")
    await mara.write([order(20, updated_at="2020-01-02T00:00:00+00:00")], read_at=NOW)
    await mara.write([older.model_copy(update={"total_refunds": Decimal(5)})], read_at=NOW)
    (found,) = (await page(mara)).purchases
    assert found.status == "paid"
    assert isinstance(found.record, Order)
    assert not found.record.total_refunds


async def test_a_purchase_goes_with_its_record(mara: CustomerRows) -> None:
    await mara.write([charge(1), charge(2), order(20)], read_at=NOW)
    seen = await mara.writes()
    await mara.write([charge(2)], read_at=NOW, whole={Noun.CHARGES}, asked_at=seen)
    assert await listed(mara) == ["charge-2", "order-20"]
    await mara.write([Unreadable(Noun.ORDERS, 20)], read_at=NOW)
    assert await listed(mara) == ["charge-2"]
    assert await mara.purchases.count(Wanted(until=LATER)) == 1
    await mara.clear()
    assert await mara.purchases.is_empty()


async def test_pages_follow_each_other_without_gap_or_repetition(mara: CustomerRows) -> None:
    same = FIRST.isoformat()
    await mara.write([order(id, processed_at=same) for id in range(1, 8)], read_at=NOW)
    await mara.write([charge(9, day="2020-01-02"), order(30)], read_at=NOW)
    seen: list[str] = []
    after = None
    for _ in range(9):
        found = await page(mara, limit=2, after=after)
        seen += [purchase.key for purchase in found.purchases]
        if (after := found.next) is None:
            break
        # What comes meanwhile is newer: it moves nothing.
        await mara.write([order(100 + len(seen))], read_at=NOW)
    assert seen == ["order-30", "charge-9", *(f"order-{id}" for id in range(7, 0, -1))]


async def test_search_looks_at_numbers_products_amounts_and_addresses(mara: CustomerRows) -> None:
    await mara.write(
        [
            order(
                1,
                external_order_number={"ecommerce": "5042"},
                line_items=[item("Café ☕ Åland", "Ganze Bohne"), item("抹茶")],
                total_price="1234.5",
            ),
            order(
                2,
                line_items=[item("Tee"), item("100% Kakao_pur")],
                shipping_address={"address1": "Straße des 17. Juni 5", "zip": "10623"},
            ),
            charge(3, line_items=[item("Tee")]),
        ],
        read_at=NOW,
    )
    assert await listed(mara, "5042") == ["order-1"]
    assert await listed(mara, "#5042") == ["order-1"]
    assert await listed(mara, "åland café") == ["order-1"], "all words, in any order"
    assert await listed(mara, "café tee") == []
    assert await listed(mara, "抹") == ["order-1"]
    assert await listed(mara, "1.234,50") == ["order-1"]
    assert await listed(mara, "strasse juni 10623") == ["order-2"]
    assert sorted(await listed(mara, "TEE")) == ["charge-3", "order-2"]
    assert await mara.purchases.count(Wanted(until=LATER, search="tee")) == 2
    assert await listed(mara, "tee", statuses=frozenset({PurchaseStatus.FAILED})) == ["charge-3"]


@pytest.mark.parametrize("pattern", ["%", "_", "100_", "%kakao", "\\", "'", '"', "*", "[a-z]", ";"])
async def test_nothing_that_is_searched_for_is_a_pattern(mara: CustomerRows, pattern: str) -> None:
    await mara.write([order(1, line_items=[item("plain coffee 1000")])], read_at=NOW)
    assert await listed(mara, pattern) == []
    await mara.write([order(1, line_items=[item(f"sold as {pattern} here")])], read_at=NOW)
    assert await listed(mara, pattern) == ["order-1"]


async def test_a_nul_in_a_search_or_a_title_is_harmless(mara: CustomerRows) -> None:
    assert folded("a\0b") == "ab"
    assert await listed(mara, "a\0b") == []


async def test_half_a_sign_in_a_search_is_harmless(mara: CustomerRows) -> None:
    assert folded("a\ud83db") == "ab"
    assert await listed(mara, "coffee \ud83d") == []


async def test_nobody_finds_what_another_has_bought(mara: CustomerRows, database: Database) -> None:
    jonas = CustomerRows(database, 102)
    await mara.write([order(1, line_items=[item("Coffee")])], read_at=NOW)
    await jonas.write([order(1, 102, line_items=[item("Tea")]), order(2, 102)], read_at=NOW)
    assert (await listed(mara), await listed(jonas)) == (["order-1"], ["order-2", "order-1"])
    assert (await listed(mara, "tea"), await listed(jonas, "tea")) == ([], ["order-1"])


async def test_what_is_known_is_not_read_again(mara: CustomerRows, database: Database) -> None:
    await mara.write([order(1), order(2)], read_at=NOW)
    known = {each.key: each for each in (await page(mara)).purchases}
    await mara.write([order(2, note="changed")], read_at=NOW)
    query = Wanted(until=LATER)
    found = await mara.purchases.page(query, UTC, after=None, limit=9, known=known)
    changed, same = found.purchases
    assert same is known["order-1"]
    assert changed.record.note == "changed"


async def test_no_page_reads_all_there_is(database: Database) -> None:
    """Each way to look goes through an index, so that 10,000 orders are as quick as ten."""
    if not database.is_sqlite:
        pytest.skip("PostgreSQL plans by the number of rows")
    rows = CustomerRows(database, 101)
    seen: list[tuple[str, Any]] = []
    event.listen(
        database.engine.sync_engine,
        "before_cursor_execute",
        lambda _c, _cursor, sql, parameters, *_: seen.append((sql, parameters)),
    )
    await rows.write([order(1)], read_at=NOW, whole=set(Noun), asked_at=0)
    seen.clear()
    await rows.read()
    await page(rows)
    await page(rows, after=Place(NOW, "order", 5))
    await page(rows, statuses=frozenset({PurchaseStatus.FAILED}))
    await rows.purchases.summary(LATER)
    plans = []
    async with database.read() as connection:
        for sql, parameters in list(seen):
            if sql.startswith("SELECT"):
                plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", parameters)
                plans.append("\n".join(row.detail for row in plan))
    whole = "\n".join(plans)
    assert "SCAN mirror_" not in whole
    assert "SEARCH mirror_orders USING INDEX ix_mirror_orders_status" in whole
    pages = [plan for plan in plans if "ix_mirror_purchases_at" in plan]
    assert len(pages) == 2
    assert not any("TEMP B-TREE" in plan for plan in pages)
