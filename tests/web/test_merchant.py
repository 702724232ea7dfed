"""The merchant's pages: closed without a word, behind a sign-in of their own, and right."""

from __future__ import annotations

import csv
import io
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from app.database import Database
from app.i18n import Texts
from app.retention import History
from app.web import Merchant
from app.web.merchant_choice import chosen_of
from tests.retention.made_up import NOW, history, plant
from tests.web.conftest import Portal, make_portal
from tests.web.reading import press, tags

WORD = "a-word-of-the-merchant-s-own"
HOME = "/merchant/retention"
PATHS = ("/merchant", "/merchant/sign-in", "/merchant/sign-out", HOME, f"{HOME}.csv",
         f"{HOME}/funnel.svg")  # fmt: skip
ZONE = ZoneInfo("America/New_York")  # of the shop in these tests
ALL = {"from": ""}
"""Every day there is, not only those of the last year."""


def merchant(portal: Portal, word: str | None = WORD, demo_word: str = "") -> None:
    """Give the portal its merchant's side."""
    side = Merchant(
        portal.front.pages,
        portal.front.errors,
        portal.people,
        portal.database,
        portal.sessions.cookies,
        word,
        clock=portal.clock,
        demo_word=demo_word,
    )
    portal.application.router.routes[:0] = side.routes()


@pytest.fixture
async def portal(tmp_path: Path) -> AsyncIterator[Portal]:
    portal = await make_portal(tmp_path)
    merchant(portal)
    yield portal
    await portal.close()


@pytest.fixture
async def rows(portal: Portal) -> list[dict[str, Any]]:
    """A history that is there, and looked at on its own day."""
    rows = history()
    await plant(portal.database, rows)
    portal.clock.now = NOW
    return rows


async def sign_in(browser: httpx.AsyncClient, word: str = WORD) -> httpx.Response:
    return await press(browser, await browser.get("/merchant/sign-in"), word=word)


@asynccontextmanager
async def signed_in(portal: Portal) -> AsyncIterator[httpx.AsyncClient]:
    """A browser on the merchant's side."""
    async with portal.browser() as browser:
        assert (await sign_in(browser)).status_code == 303
        yield browser


class Tables(HTMLParser):
    """The tables of a page, by the heading above each: rows of cells' texts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[str, list[list[str]]] = {}
        self._part = ""
        self._cell: list[str] | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "h2":
            self._part = dict(attrs)["id"] or ""
            self.found[self._part] = []
        if tag == "tr":
            self.found[self._part].append([])
        if tag in ("td", "th"):
            self._cell = []

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data.strip())

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th") and self._cell is not None:
            self.found[self._part][-1].append(" | ".join(filter(None, self._cell)))
            self._cell = None


# Who may look


@pytest.mark.parametrize("word", [None, ""])
async def test_without_a_word_nothing_is_there(tmp_path: Path, word: str | None) -> None:
    portal = await make_portal(tmp_path)
    merchant(portal, word)
    async with portal.browser() as browser:
        for path in PATHS:
            assert (await browser.get(path)).status_code == 404
        for path in ("/merchant/sign-in", "/merchant/sign-out"):
            assert (await browser.post(path, data={"word": ""})).status_code == 404
    await portal.close()


async def test_a_stranger_is_led_to_the_sign_in(portal: Portal) -> None:
    async with portal.browser() as browser:
        for path in (HOME, f"{HOME}.csv", f"{HOME}/funnel.svg?reason=taste"):
            answer = await browser.get(path)
            assert answer.status_code == 303
            assert answer.headers["location"].startswith("/merchant/sign-in?next=%2Fmerchant%2F")


async def test_a_customers_session_opens_nothing(portal: Portal) -> None:
    cookie, _ = await portal.sessions.start(101, method="test")
    async with portal.browser() as browser:
        browser.cookies.set(portal.sessions.cookies.session, cookie)
        assert (await browser.get("/schedule")).status_code == 200
        assert (await browser.get(HOME)).status_code == 303


async def test_the_merchants_session_opens_no_customers_page(portal: Portal) -> None:
    async with signed_in(portal) as browser:
        answer = await browser.get("/schedule")
        assert answer.headers["location"].startswith("/sign-in")


async def test_the_word_opens_the_page_that_was_asked_for(portal: Portal) -> None:
    async with portal.browser() as browser:
        asked = await browser.get(f"{HOME}?reason=taste&from=2026-01-01")
        page = await browser.get(asked.headers["location"])
        answer = await press(browser, page, word=f" {WORD}\n")
        assert answer.headers["location"] == f"{HOME}?reason=taste&from=2026-01-01"
        cookie = answer.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie
        assert "Max-Age=28800" in cookie
        assert WORD not in cookie
        assert (await browser.get(answer.headers["location"])).status_code == 200
        again = await browser.get("/merchant/sign-in")
        assert again.headers["location"] == HOME


@pytest.mark.parametrize("target", ["https://evil.example", "//evil.example", "/subscriptions/1"])
async def test_the_word_leads_nowhere_else(portal: Portal, target: str) -> None:
    async with portal.browser() as browser:
        page = await browser.get("/merchant/sign-in", params={"next": target})
        answer = await press(browser, page, word=WORD)
        assert answer.headers["location"] == HOME


async def test_behind_tls_the_cookie_is_of_this_host_alone(tmp_path: Path) -> None:
    portal = await make_portal(tmp_path, public_url="https://account.shop.example")
    merchant(portal)
    async with portal.browser() as browser:
        cookie = (await sign_in(browser)).headers["set-cookie"]
        assert cookie.startswith("__Host-doorstep-merchant=")
        assert "Secure" in cookie
    await portal.close()


@pytest.mark.parametrize("word", ["", "wrong", WORD[:-1], WORD + "x", WORD.upper(), "ünïcode"])
async def test_a_wrong_word_opens_nothing(portal: Portal, word: str) -> None:
    async with portal.browser() as browser:
        answer = await sign_in(browser, word)
        assert answer.status_code == 403
        assert "This is not the merchant&#39;s word." in answer.text
        assert "doorstep-merchant" not in answer.headers.get("set-cookie", "")
        assert (await browser.get(HOME)).status_code == 303


async def test_who_tries_too_often_has_to_wait(portal: Portal) -> None:
    async with portal.browser() as browser:
        for _ in range(10):
            assert (await sign_in(browser, "wrong")).status_code == 403
        answer = await sign_in(browser)
        assert answer.status_code == 429, "the right word is not looked at either"
        assert int(answer.headers["retry-after"]) > 0
        async with portal.browser("198.51.100.9") as other:
            assert (await sign_in(other)).status_code == 303
        portal.clock.move(hours=1)
        assert (await sign_in(browser)).status_code == 303


async def test_a_form_of_another_site_does_nothing(portal: Portal) -> None:
    async with portal.browser() as browser:
        answer = await browser.post("/merchant/sign-in", data={"word": WORD, "form": "made up"})
        assert answer.status_code == 403
        await browser.get("/merchant/sign-in")
        answer = await browser.post("/merchant/sign-in", data={"word": WORD})
        assert answer.status_code == 403
    async with portal.browser(**{"Sec-Fetch-Site": "cross-site"}) as browser:
        answer = await browser.post("/merchant/sign-in", data={"word": WORD})
        assert answer.status_code == 403


async def test_a_sign_in_ends_after_a_working_day(portal: Portal) -> None:
    async with signed_in(portal) as browser:
        portal.clock.move(hours=8, seconds=-1)
        assert (await browser.get(HOME)).status_code == 200
        portal.clock.move(seconds=1)
        assert (await browser.get(HOME)).status_code == 303


async def test_signing_out_ends_it_on_the_server_too(portal: Portal) -> None:
    async with signed_in(portal) as browser:
        cookie = browser.cookies["doorstep-merchant"]
        bare = await browser.post("/merchant/sign-out", data={})
        assert bare.status_code == 403
        assert (await browser.get(HOME)).status_code == 200
        answer = await press(browser, await browser.get("/merchant/sign-out"))
        assert answer.headers["location"] == "/merchant/sign-out"
        assert "You are signed out" in (await browser.get("/merchant/sign-out")).text
        browser.cookies.set("doorstep-merchant", cookie)
        assert (await browser.get(HOME)).status_code == 303


async def test_another_word_ends_every_session(portal: Portal) -> None:
    async with signed_in(portal) as browser:
        merchant(portal, "another-word-of-the-merchant")
        assert (await browser.get(HOME)).status_code == 303
        merchant(portal)
        assert (await browser.get(HOME)).status_code == 200


async def test_the_demo_says_its_word_and_a_shop_does_not(portal: Portal) -> None:
    async with portal.browser() as browser:
        assert WORD not in (await browser.get("/merchant/sign-in")).text
        merchant(portal, WORD, demo_word=WORD)
        assert WORD in (await browser.get("/merchant/sign-in")).text


# What they see


async def test_nobody_has_wanted_to_leave(portal: Portal) -> None:
    async with signed_in(portal) as browser:
        page = await browser.get(HOME)
        assert page.status_code == 200
        assert "Nobody wanted to leave in this period." in page.text
        assert (await browser.get(f"{HOME}/funnel.svg")).status_code == 200
        assert (await browser.get(f"{HOME}/other.svg")).status_code == 404


def percent(count: int, of: int) -> str:
    return f"{100 * count / of:.0f}%"


async def test_the_page_says_what_the_history_holds(
    portal: Portal, rows: list[dict[str, Any]]
) -> None:
    async with signed_in(portal) as browser:
        page = await browser.get(HOME, params=ALL)
    tables = Tables(page.text).found
    undecided = [row for row in rows if row["decision"] is None]
    fresh = sum(NOW - row["started_at"] < timedelta(days=1) for row in undecided)
    steps = {
        "Wanted to leave": len(rows),
        "Gave a reason": sum(row["reason"] != "" for row in rows),
        "Saw an offer": sum(row["offer"] is not None for row in rows),
        "Took it up and stayed": sum(row["decision"] == "saved" for row in rows),
        "Cancelled": sum(row["decision"] == "cancelled" for row in rows),
        "Withdrew from the contract": sum(row["decision"] == "withdrawn" for row in rows),
        "Went away undecided": len(undecided) - fresh,
        "Not decided yet": fresh,
    }
    assert tables["funnel"] == [
        ["Step", "Wishes", "Of all"],
        *([name, str(count), percent(count, len(rows))] for name, count in steps.items()),
    ]
    reasoned = [row for row in rows if row["reason"]]
    for text, said, _ in tables["reasons"][1:]:
        count = sum(row["reason_text"] == text for row in reasoned)
        assert said == f"{count} | {percent(count, len(reasoned))}"
    assert len(tables["reasons"]) == 6
    for name, offer in (("Skip a delivery", "skip"), ("Discount", "discount")):
        shown = [
            row
            for row in rows
            if row["offer"] == offer
            and (row["decision"] or NOW - row["started_at"] >= timedelta(days=1))
        ]
        taken = sum(row["saved_by"] == offer for row in shown)
        [told] = [row for row in tables["offers"] if row[0] == name]
        if len(shown) < 30:
            assert told[1:] == [str(len(shown)), f"{taken} of {len(shown)} | too few to tell"]
        else:
            assert told[1] == str(len(shown))
            assert told[2].startswith(f"{percent(taken, len(shown))} | {taken} of {len(shown)} · ")
    first: dict[int, dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: (row["started_at"], row["id"])):
        first.setdefault(row["customer_id"], row)
    asked = [
        row["is_active"][30]
        for row in first.values()
        if row["may_offer"] and row["group"] == "offers" and row["is_active"][30] is not None
    ]
    assert tables["kept"][1][0] == "After 30 days"
    assert f"{sum(asked)} of {len(asked)}" in tables["kept"][1][1]
    ended = [row for row in rows if row["decision"] == "cancelled" and row["door"] == "portal"]
    assert f"Of {len(ended)} ends in the portal" in page.text
    assert tables["effort"][1][:2] == ["Presses", "2"]


async def test_what_is_chosen_is_what_is_counted(
    portal: Portal, rows: list[dict[str, Any]]
) -> None:
    wishes = [row for row in rows if row["region"] == "" and row["reason"] == "taste"]
    days = sorted(row["started_at"].astimezone(ZONE).date() for row in wishes)
    since, until = days[2], days[-3]  # both days have a wish, and both count
    wanted = {"from": since.isoformat(), "to": until.isoformat(), "region": "-", "reason": "taste"}
    part = [row for row in wishes if since <= row["started_at"].astimezone(ZONE).date() <= until]
    assert 0 < len(part) < len(wishes)
    async with signed_in(portal) as browser:
        page = await browser.get(HOME, params=wanted)
        file = await browser.get(f"{HOME}.csv", params=wanted)
    assert Tables(page.text).found["funnel"][1] == ["Wanted to leave", str(len(part)), "100%"]
    assert f'value="{since}"' in page.text
    assert '<option value="-" selected>Elsewhere</option>' in page.text
    assert '<option value="taste" selected>=I do not like the taste</option>' in page.text
    lines = list(csv.reader(io.StringIO(file.text.removeprefix("\ufeff"))))
    assert {line[0] for line in lines[1:]} == {row["id"] for row in part}


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ({"from": "yesterday"}, "A date could not be read"),
        ({"to": "9999-12-31"}, "A date could not be read"),
        ({"from": "2026-11-02", "to": "2026-11-01"}, "The period ends before it begins"),
    ],
)
async def test_a_period_that_is_none_is_said_to_be_so(
    portal: Portal, rows: list[dict[str, Any]], wanted: dict[str, str], sentence: str
) -> None:
    async with signed_in(portal) as browser:
        page = await browser.get(HOME, params=wanted)
        assert page.status_code == 422
        assert sentence in page.text
        assert Tables(page.text).found["funnel"][1][1] == str(len(rows))


async def test_the_page_has_no_script_no_style_of_its_own_and_no_person(
    portal: Portal, rows: list[dict[str, Any]]
) -> None:
    async with signed_in(portal) as browser:
        page = await browser.get(HOME, params=ALL)
        file = await browser.get(f"{HOME}.csv", params=ALL)
    assert "script" not in tags(page)
    assert not re.search(r"\s(style|on\w+)=", page.text)
    assert "script-src" not in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == file.headers["cache-control"] == "no-store"
    assert any(row["comments"] for row in rows)
    for text in (page.text, file.text):
        assert "@" not in text
        assert "call me" not in text
    for svg in re.findall(r"<svg.*?</svg>", page.text, re.DOTALL):
        name = re.search(r'role="img" aria-labelledby="([\w-]+)"', svg)
        assert name is not None
        assert f'<title id="{name[1]}">' in svg


async def test_the_file_is_the_rows(portal: Portal, rows: list[dict[str, Any]]) -> None:
    async with signed_in(portal) as browser:
        answer = await browser.get(f"{HOME}.csv", params=ALL)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.text.startswith("\ufeff")
    head, *lines = csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert head[:4] == ["Number", "Began", "Customer", "Of what"]
    yes = {True: "yes", False: "no", None: ""}
    expected = []
    for row in sorted(rows, key=lambda row: (row["started_at"], row["id"])):
        is_old = NOW - row["started_at"] >= timedelta(days=1)
        seconds = row["decided_at"] and (row["decided_at"] - row["started_at"]).total_seconds()
        text = row["reason_text"]
        expected.append(
            [
                row["id"],
                moment(row["started_at"]),
                str(row["customer_id"]),
                row["subject_kind"],
                str(row["subject_id"]),
                row["door"],
                row["region"],
                yes[row["may_offer"]],
                row["group"],
                row["reason"],
                f"'{text}" if text.startswith("=") else text,
                row["offer"] or "",
                moment(row["offered_at"]),
                row["decision"] or ("left" if is_old else "open"),
                moment(row["decided_at"]),
                "" if seconds is None else f"{seconds:.1f}",
                str(row["presses"]),
                row["saved_by"] or "",
                row["activity_id"] or "",
                *(yes[row["is_active"][days]] for days in (30, 60, 90)),
                "no",
            ]
        )
    assert lines == expected
    assert any(line[10].startswith("'=") for line in lines)


def moment(at: Any) -> str:
    return at.astimezone(ZONE).isoformat(sep=" ", timespec="seconds") if at else ""


@pytest.mark.parametrize("name", ["funnel", "reasons", "offers", "kept", "effort"])
async def test_each_picture_is_a_file_too(
    portal: Portal, rows: list[dict[str, Any]], name: str
) -> None:
    async with signed_in(portal) as browser:
        answer = await browser.get(f"{HOME}/{name}.svg", params=ALL)
        page = await browser.get(HOME, params=ALL)
    assert answer.headers["content-type"] == "image/svg+xml"
    assert "style-src 'sha256-" in answer.headers["content-security-policy"]
    root = ElementTree.fromstring(answer.text)
    values = [each.text or "" for each in root.iter() if each.get("class") == "ds-picture-value"]
    table = " ".join(cell for row in Tables(page.text).found[name] for cell in row)
    assert values
    assert [value for value in values if value not in table] == []
    for each in root.iter():
        for place in ("x", "x1", "x2", "width", "cx"):
            share = each.get(place, "")
            assert not share.endswith("%") or 0 <= float(share[:-1]) <= 100


async def test_what_merchants_write_is_never_markup(portal: Portal) -> None:
    rows = history(40)
    for row in rows:
        row["reason_text"] = "<script>&\"'" if row["reason"] else ""
        row["region"] = "<b>"
    await plant(portal.database, rows)
    async with signed_in(portal) as browser:
        page = await browser.get(HOME, params={"from": "", "region": '"><script>'})
        assert "script" not in tags(page)
        page = await browser.get(HOME, params=ALL)
        assert "script" not in tags(page)
        assert "&lt;script&gt;" in page.text
        picture = await browser.get(f"{HOME}/reasons.svg", params=ALL)
        ElementTree.fromstring(picture.text)


async def test_no_address_stops_the_database(database_url: str) -> None:
    database = Database(database_url)
    await database.upgrade()
    given = {"from": "\0", "to": "2026-11-21\0", "region": "F\0R", "reason": "\0"}
    chosen = chosen_of(given, ZONE, NOW.date(), [], {}, Texts("en"))
    assert (chosen.choice.region, chosen.choice.reason, chosen.problem) == ("FR", None, None)
    assert (await History(database).figures(chosen.choice, NOW)).outcomes.opened == 0
    await database.close()


async def test_a_made_up_history_is_said_to_be_so(portal: Portal) -> None:
    await plant(portal.database, [{**row, "is_made_up": True} for row in history(3)])
    async with signed_in(portal) as browser:
        assert "Made-up history of the demo" in (await browser.get(HOME, params=ALL)).text
