"""The record as a table to download."""

from __future__ import annotations

import csv
import io

import httpx
import pytest

from app.actions import Activity, Principal, Services, perform
from app.actions import SkipDelivery as Skip
from app.i18n import Texts
from app.web import ActivityFile, ErrorPages, Pages
from app.web.activity_file import PAGE, line
from tests.actions.conftest import pattern, services, shop
from tests.actions.shop import Shop, press, signed_in
from tests.web.downloads import browser

__all__ = ["pattern", "services", "shop"]

JONAS, MARA = signed_in(102), signed_in(101)
English = Texts("en-GB")


async def no_name() -> str:
    return ""


async def download(services: Services, principal: Principal) -> httpx.Response:
    errors = ErrorPages(Pages(English, no_name))
    async with browser(ActivityFile(services, English, errors).routes(), principal) as visitor:
        return await visitor.get("/activity.csv")


def rows(answer: httpx.Response) -> list[list[str]]:
    assert answer.content.startswith(b"\xef\xbb\xbf"), "the mark of UTF-8"
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


async def skip_next(shop: Shop, services: Services, who: Principal) -> None:
    delivery = await shop.next_delivery(services, who)
    action = Skip(address_id=delivery.address_id, date=delivery.date)
    await perform(services, who, action, key=press())


async def test_the_record_of_the_customer_alone(shop: Shop, services: Services) -> None:
    await skip_next(shop, services, JONAS)
    await skip_next(shop, services, MARA)
    answer = await download(services, JONAS)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="activity.csv"'
    assert answer.headers["cache-control"] == "no-store"
    head, *found = rows(answer)
    assert head == ["Time", "What", "Result", "By", "Result known", "Number"]
    (done,) = found
    assert done[0][:10] == "2026-11-23"
    assert done[0][-6:] == "-05:00", "by the shop's clock"
    assert done[1:5] == [
        "Your delivery of Sun 29 Nov is skipped.",
        "Done",
        "you, signed in by a link in a mail",
        "",
    ]
    assert answer.content.count(b"\r\n") == 2


async def test_nobody_has_done_nothing(services: Services) -> None:
    assert len(rows(await download(services, JONAS))) == 1


async def test_a_long_record_comes_whole(
    shop: Shop, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.web.activity_file.PAGE", 2)
    assert PAGE == 200
    for _ in range(5):
        await skip_next(shop, services, JONAS)
    found = rows(await download(services, JONAS))[1:]
    assert len({row[-1] for row in found}) == 5


@pytest.mark.parametrize("start", [*"=+-@\t\r", *"＝＋－＠"])
def test_no_cell_is_worked_out(start: str) -> None:
    (cell, plain), *_ = csv.reader(io.StringIO(line([f"{start}1+1", "plain"]), newline=""))
    assert cell == f"'{start}1+1"
    assert plain == "plain"


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("\n=1+1", "'\n'=1+1"),
        (" =1+1", "' =1+1"),
        ("note;=1+1", "note;'=1+1"),
        ("note; @SUM(1)", "note;' @SUM(1)"),
        ("two\r\n+1", "two\r\n'+1"),
        ("two\t-1", "two\t'-1"),
        ("a = b - c; d", "a = b - c; d"),
        ("mara@example.com", "mara@example.com"),
        ("1-2", "1-2"),
    ],
)
def test_nothing_is_worked_out_in_the_middle_of_a_cell(cell: str, written: str) -> None:
    """Elsewhere tables are parted by other signs."""
    (found,) = next(csv.reader(io.StringIO(line([cell]), newline="")))
    assert found == written


def test_cells_are_written_as_the_standard_says() -> None:
    assert line(['say "so"', "a, b", "two\nlines"]) == '"say ""so""","a, b","two\nlines"\r\n'


def test_an_activity_has_its_place() -> None:
    assert "place" in Activity.__dataclass_fields__
