"""``POST /api/portal-links``: links into the portal for the shop's mails."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from app.actions import Level
from app.auth import Limits
from app.web import MerchantApi, PortalLinkApi
from tests.auth.world import HASHES, JONAS, MARA
from tests.web.conftest import Portal, make_portal

WORD = "a word that only the merchant's programs know"
PRESSED = {"Sec-Fetch-User": "?1", "Sec-Fetch-Site": "none"}


@dataclass
class Maker:
    """A portal that makes such links."""

    portal: Portal

    async def ask(self, *links: object, word: str = WORD) -> httpx.Response:
        async with self.portal.browser() as program:
            del program.headers["Sec-Fetch-Site"]
            return await program.post(
                "/api/portal-links",
                content=json.dumps({"links": links}),
                headers={"Authorization": f"Bearer {word}", "Content-Type": "application/json"},
            )


async def make(folder: Path, word: str = WORD) -> Maker:
    portal = await make_portal(folder)
    api = MerchantApi(word, Limits(portal.database), portal.clock)
    routes = PortalLinkApi(api, portal.tokens, portal.origin, portal.clock).routes()
    portal.application.router.routes[:0] = routes
    return Maker(portal)


@pytest.fixture
async def maker(tmp_path: Path) -> AsyncIterator[Maker]:
    maker = await make(tmp_path)
    yield maker
    await maker.portal.close()


async def test_a_link_leads_where_it_says_and_signs_in_at_the_low_level(maker: Maker) -> None:
    answer = await maker.ask(
        {"customer_hash": HASHES[MARA], "place": "subscriptions/301", "hours": 2},
        {"customer_hash": HASHES[JONAS]},
    )
    assert answer.status_code == 200
    first, second = answer.json()["links"]
    start = f"{maker.portal.origin}/portal/"
    assert first["url"].startswith(f"{start}{HASHES[MARA]}/subscriptions/301?token=")
    assert second["url"].startswith(f"{start}{HASHES[JONAS]}?token=")
    assert first["expires_at"] == "2026-11-21T11:30:00+00:00"
    assert second["expires_at"] == "2026-11-21T21:30:00+00:00"

    browser = maker.portal.browser(**PRESSED)
    assert (await browser.get(first["url"])).headers["location"] == "/subscriptions/301"
    principal = await maker.portal.sessions.read(browser.cookies["doorstep"])
    assert principal is not None
    assert (principal.customer_id, principal.level) == (MARA, Level.LINK)

    maker.portal.clock.move(hours=2)
    late = maker.portal.browser(**PRESSED)
    assert (await late.get(first["url"])).headers["location"].endswith("why=portal")
    assert (await late.get(second["url"])).headers["location"] == "/"


async def test_a_hash_that_is_nobodys_opens_nothing_and_asks_nobody(maker: Maker) -> None:
    answer = await maker.ask({"customer_hash": f"{MARA}{'0' * 16}"})
    assert answer.status_code == 200
    assert maker.portal.people.asked == []

    browser = maker.portal.browser(**PRESSED)
    await browser.get(answer.json()["links"][0]["url"])
    assert "doorstep" not in browser.cookies


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"customer_hash": str(MARA)},
        {"customer_hash": HASHES[MARA].upper()},
        {"customer_hash": "9" * 19 + "0" * 16},
        {"customer_hash": HASHES[MARA], "hours": 13},
        {"customer_hash": HASHES[MARA], "hours": True},
        {"customer_hash": HASHES[MARA], "place": "//evil.example"},
        {"customer_hash": HASHES[MARA], "place": "subscriptions/x"},
        {"customer_hash": HASHES[MARA], "place": "orders?token=x"},
        {"customer_hash": HASHES[MARA], "purpose": "login"},
    ],
)
async def test_what_is_wrong_makes_none_of_them(maker: Maker, wrong: object) -> None:
    answer = await maker.ask({"customer_hash": HASHES[JONAS]}, wrong)

    assert answer.status_code == 422
    assert answer.json()["error"].startswith("links.1")
    async with maker.portal.database.read() as connection:
        rows = (await connection.execute(text("SELECT count(*) FROM portal_tokens"))).scalar()
    assert rows == 0


async def test_a_thousand_at_once_and_no_more(maker: Maker) -> None:
    wish = {"customer_hash": HASHES[MARA]}
    made = (await maker.ask(*[wish] * 1000)).json()["links"]
    assert len({one["url"] for one in made}) == 1000
    assert (await maker.ask(*[wish] * 1001)).status_code == 422
    assert (await maker.ask()).status_code == 422


async def test_only_the_merchants_programs_get_links(maker: Maker, tmp_path: Path) -> None:
    wish = {"customer_hash": HASHES[MARA]}
    for word in ("", "x", WORD.upper()):
        assert (await maker.ask(wish, word=word)).status_code == 401
    for _ in range(10):
        answer = await maker.ask(wish, word="x")
    assert answer.status_code == 429

    (tmp_path / "closed").mkdir()
    closed = await make(tmp_path / "closed", word="")
    assert (await closed.ask(wish, word="")).status_code == 404
    await closed.portal.close()
