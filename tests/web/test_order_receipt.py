"""The receipt of an order, as a page and as a PDF: the same words, of nobody but its owner."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from pypdf import PdfReader

from app.actions import Principal, Services
from app.auth.limits import Limit
from app.i18n import Texts
from app.mirror import Shop as ShopRecord
from app.recharge import Order, OrderStatus
from app.web import ErrorPages, OrderReceipts, Pages, order_receipt
from app.web.font_files import REGULAR, letters_for, signs_of
from app.web.order_file import pdf_of
from app.web.order_sheet import Sheet, sheet_of
from tests.actions.conftest import pattern, services, shop
from tests.actions.shop import Shop, signed_in
from tests.state.test_bill import ORDER
from tests.web.downloads import browser

__all__ = ["pattern", "services", "shop"]

MARA, JONAS, REGULAR_CUSTOMER = signed_in(101), signed_in(102), signed_in(111)
English = Texts("en")
MADE = datetime(2026, 11, 23, 12, tzinfo=UTC)
NOTE = "Some signs are missing here."
HOUR = timedelta(hours=1)


async def get(
    services: Services, path: str, who: Principal = MARA, texts: Texts = English
) -> httpx.Response:
    async def name() -> str:
        return (await services.mirror.shop()).name

    pages = Pages(texts, name)
    receipts = OrderReceipts(services, pages, ErrorPages(pages))
    async with browser(receipts.routes(), who) as visitor:
        return await visitor.get(path)


def words(answer: httpx.Response) -> str:
    """What the page says, without its markup."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def read(file: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(file)).pages)


def flat(text: str) -> str:
    return " ".join(text.split())


async def newest(services: Services, who: Principal = MARA) -> Order:
    return (await services.mirror.customer(who.customer_id).snapshot()).orders[0]


async def test_the_page_says_what_recharge_says(services: Services) -> None:
    order = await newest(services)
    answer = await get(services, f"/orders/{order.id}/receipt")
    assert answer.status_code == 200
    assert "<script" not in answer.text
    said = words(answer)
    for line in order.line_items:
        assert line.title in said
    assert f"${order.total_price}" in said
    assert order.customer.email in said if order.customer.email else True
    assert f"/orders/{order.id}/receipt.pdf" in answer.text
    assert answer.headers["x-robots-tag"] == "noindex, nofollow"


async def test_the_file_says_what_the_page_says(services: Services) -> None:
    order = await newest(services)
    answer = await get(services, f"/orders/{order.id}/receipt.pdf")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    number = order.external_order_number.ecommerce
    assert answer.headers["content-disposition"] == f'attachment; filename="receipt-{number}.pdf"'
    assert answer.headers["cache-control"] == "no-store"
    assert len(answer.content) < 100_000, "only the letters that it needs"
    said = flat(read(answer.content))
    snapshot = await services.mirror.customer(101).snapshot()
    sheet = sheet_of(order, snapshot.shop, English)
    for part in parts_of(sheet):
        assert part in said
    document = PdfReader(io.BytesIO(answer.content))
    assert document.metadata is not None
    assert document.metadata.title == f"Receipt · {snapshot.shop.name}"
    assert str(document.root_object["/Lang"]) == "en"


def parts_of(sheet: Sheet) -> list[str]:
    """All that stands on a receipt, but for long lines, which are broken."""
    found = [sheet.shop, sheet.title, *sheet.heads]
    found += [value for _, value in sheet.facts]
    found += [line for _, lines in sheet.addresses for line in lines]
    for item in sheet.items:
        found += [item.title, item.variant, item.price, item.total]
    for row in sheet.rows:
        found += [row.label, row.amount]
    return [flat(part) for part in found if part]


async def test_one_customer_takes_so_many_files_and_reads_on(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(order_receipt, "ORDER_FILES", (Limit("order receipts, hour", 1, HOUR),))
    path = f"/orders/{(await newest(services)).id}/receipt"
    assert (await get(services, path + ".pdf")).status_code == 200
    refused = await get(services, path + ".pdf")
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 0
    assert f'href="{path}"' in refused.text
    assert (await get(services, path)).status_code == 200
    others = await newest(services, REGULAR_CUSTOMER)
    theirs = await get(services, f"/orders/{others.id}/receipt.pdf", REGULAR_CUSTOMER)
    assert theirs.status_code == 200


@pytest.mark.parametrize("ending", ["", ".pdf"])
async def test_an_old_order_has_one_too(services: Services, ending: str) -> None:
    answer = await get(services, f"/orders/1001/receipt{ending}", REGULAR_CUSTOMER)
    assert answer.status_code == 200


@pytest.mark.parametrize("ending", ["", ".pdf"])
async def test_nobody_reads_the_receipt_of_another(services: Services, ending: str) -> None:
    order = await newest(services)
    other = await get(services, f"/orders/{order.id}/receipt{ending}", JONAS)
    none = await get(services, f"/orders/987654321/receipt{ending}", JONAS)
    assert other.status_code == none.status_code == 404
    assert other.text == none.text
    for id in ("0", "x", "1" * 20, "-1", "1%00"):
        assert (await get(services, f"/orders/{id}/receipt{ending}")).status_code == 404


async def test_where_it_cannot_be_looked_for_nobody_says_there_is_none(
    services: Services, shop: Shop
) -> None:
    await shop.fault("GET", "/orders/*", "500", times=9)
    answer = await get(services, "/orders/1001/receipt", REGULAR_CUSTOMER)
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "60"


async def test_an_order_that_did_not_come_about_has_none(services: Services, shop: Shop) -> None:
    order = await newest(services)
    failed = order.model_copy(update={"status": OrderStatus.ERROR})
    await shop.mirror.customer(101).store(failed)
    assert (await get(services, f"/orders/{order.id}/receipt")).status_code == 404


SHOP = ShopRecord(
    name="Northbound",
    currency="USD",
    timezone=ZoneInfo("America/New_York"),
    email="hello@northbound.example",
    switches={},
)


def order(**changes: Any) -> Order:
    return Order.model_validate(
        ORDER | {"processed_at": "2026-11-02T07:15:00Z", "billing_address": None} | changes
    )


def test_amounts_that_do_not_add_up_are_told_as_they_are() -> None:
    sheet = sheet_of(order(total_price="19.00"), SHOP, English)
    assert [(row.label, row.amount) for row in sheet.rows] == [
        ("Products", "$20.00"),
        ("Shipping: Standard", "$4.90"),
        ("Total", "$19.00"),
    ]
    assert "do not make up the total" in sheet.notes[0]


def test_markup_in_names_is_text() -> None:
    title = "<b onclick=1>Coffee</b> & {{ 7*7 }}"
    sheet = sheet_of(order(line_items=[{"title": title, "quantity": 1}]), SHOP, English)
    assert title in flat(read(pdf_of(sheet, MADE, NOTE)))


async def test_markup_in_names_is_text_on_the_page(services: Services, shop: Shop) -> None:
    found = await newest(services)
    line = found.line_items[0].model_copy(update={"title": "<script>alert(1)</script>"})
    await shop.mirror.customer(101).store(found.model_copy(update={"line_items": (line,)}))
    answer = await get(services, f"/orders/{found.id}/receipt")
    assert "<script>" not in answer.text
    assert "<script>alert(1)</script>" in words(answer) or "&lt;script&gt;" in answer.text


@pytest.mark.parametrize(
    "title", ["Größe Żółć İstanbul", "Καφές", "Кофе «Север»", "קפה", "Սուրճ", "ყავა", "قهوة"]
)
def test_our_own_letters_are_enough_for_many_scripts(title: str) -> None:
    sheet = sheet_of(order(line_items=[{"title": title, "quantity": 1}]), SHOP, English)
    assert letters_for(sheet.words, Path("/nowhere")).missing == frozenset()
    said = read(pdf_of(sheet, MADE, NOTE, Path("/nowhere")))
    for word in title.split():
        assert word in said
    assert NOTE not in said


def test_an_arabic_receipt_begins_on_the_right() -> None:
    """Shaped and in its order: what is read out of the file is what was written."""
    address = {"first_name": "ليلى", "last_name": "حداد", "country_code": "LB"}
    sheet = sheet_of(
        order(
            line_items=[{"title": "قهوة عربية", "quantity": 2, "total_price": "20.00"}],
            shipping_address=address,
        ),
        SHOP,
        Texts("ar"),
    )
    assert sheet.direction == "rtl"
    file = pdf_of(sheet, MADE, NOTE)
    said = read(file)
    assert "قهوة عربية" in said
    assert "ليلى حداد" in said
    places = []

    def place(text: str, _cm: Any, matrix: Any, *_: Any) -> None:
        if "Products" in text or "قهوة" in text:
            places.append(float(matrix[4]))

    PdfReader(io.BytesIO(file)).pages[0].extract_text(visitor_text=place)
    assert places


def test_signs_without_letters_are_said_to_be_missing(tmp_path: Path) -> None:
    sheet = sheet_of(order(line_items=[{"title": "東京 Coffee", "quantity": 1}]), SHOP, English)
    assert letters_for(sheet.words, tmp_path).missing == {"東", "京"}
    said = flat(read(pdf_of(sheet, MADE, NOTE, tmp_path)))
    assert NOTE in said
    assert "Coffee" in said


def test_a_font_of_the_machine_is_found_by_its_letters(tmp_path: Path) -> None:
    """Any font will do: here one that has a sign that ours does not have."""
    from fontTools.fontBuilder import FontBuilder  # type: ignore[import-untyped]
    from fontTools.pens.ttGlyphPen import TTGlyphPen  # type: ignore[import-untyped]

    pen = TTGlyphPen(None)
    pen.moveTo((100, 0))
    pen.lineTo((900, 0))
    pen.lineTo((500, 800))
    pen.closePath()
    mountain = pen.glyph()
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", "mountain"])
    builder.setupCharacterMap({ord("山"): "mountain"})
    builder.setupGlyf({".notdef": TTGlyphPen(None).glyph(), "mountain": mountain})
    builder.setupHorizontalMetrics({".notdef": (500, 0), "mountain": (1000, 100)})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Mountain", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "Mountain.ttf").write_bytes(b"")
    builder.save(tmp_path / "deep" / "Mountain-Regular.ttf")
    (tmp_path / "broken.ttf").write_bytes(b"no font")
    assert ord("山") not in signs_of(REGULAR)

    sheet = sheet_of(order(line_items=[{"title": "山 Coffee", "quantity": 1}]), SHOP, English)
    found = letters_for(sheet.words, tmp_path)
    assert [file.name for file in found.more] == ["Mountain-Regular.ttf"]
    assert not found.missing
    said = flat(read(pdf_of(sheet, MADE, NOTE, tmp_path)))
    assert "山" in said
    assert NOTE not in said


def test_a_long_order_goes_on_on_the_next_page() -> None:
    items = [{"title": f"Coffee {number}", "quantity": 1} for number in range(120)]
    file = pdf_of(sheet_of(order(line_items=items), SHOP, English), MADE, NOTE)
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(file)).pages]
    assert len(pages) > 2
    assert all("Quantity" in page for page in pages if "Coffee" in page), "each with its heads"
    said = flat("\n".join(pages))
    assert all(f"Coffee {number}" in said for number in range(120))
