"""``POST /api/links``: links for the merchant's programs, and for nobody else."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from app.actions import Services
from app.auth.access import Access, Who
from app.web.merchant_api import LARGEST
from tests.actions.conftest import pattern, services, shop
from tests.actions.shop import Shop
from tests.web.quick import WORD, Quick

__all__ = ["pattern", "services", "shop"]

SKIP: dict[str, Any] = {"what": "skip", "customer": 101}


@pytest.fixture
def quick(shop: Shop, services: Services) -> Quick:
    return Quick(shop, services)


async def ask(
    quick: Quick, content: object, word: str = WORD, host: str = "203.0.113.7", **headers: str
) -> httpx.Response:
    """Ask as a program does: without anything that a browser would say."""
    sent = {"Authorization": f"Bearer {word}", "Content-Type": "application/json", **headers}
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    async with quick.browser(host) as browser:
        del browser.headers["Sec-Fetch-Site"]
        return await browser.post("/api/links", content=body, headers=sent)


async def test_links_are_made_in_the_order_in_which_they_are_asked_for(quick: Quick) -> None:
    wanted = [SKIP, {"what": "move", "customer": "102", "weeks": 2, "days": 3}]
    answer = await ask(quick, {"links": wanted})
    assert answer.status_code == 200
    made = answer.json()["links"]
    found = [quick.links.read(one["url"].rpartition("/")[2]) for one in made]
    assert [(one.wish.what, one.wish.customer, one.wish.weeks) for one in found if one] == [
        ("skip", 101, None),
        ("move", 102, 2),
    ]
    assert [one["expires_at"] for one in made] == [
        "2026-11-28T09:30:00+00:00",
        "2026-11-24T09:30:00+00:00",
    ]
    assert all(one["url"].startswith(f"{quick.shop.settings.origin}/do/") for one in made)
    page = await quick.open(made[0]["url"])
    assert page.status_code == 200


async def test_a_thousand_at_once(quick: Quick) -> None:
    wish = {"what": "add", "customer": 10**18, "subscription": 10**18, "variant": "v" * 60}
    answer = await ask(quick, {"links": [wish] * 1000})
    assert answer.status_code == 200
    assert len({one["url"] for one in answer.json()["links"]}) == 1000
    assert (await ask(quick, {"links": [wish] * 1001})).status_code == 422


async def test_ids_that_look_like_card_numbers_are_ids_here(quick: Quick) -> None:
    """One Shopify id in ten has the check digit of a card."""
    wish = {"what": "add", "customer": 101, "variant": "4242424242424242"}
    assert (await ask(quick, {"links": [wish]})).status_code == 200


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({}, "links: "),
        ([], "Input should be an object"),
        ({"links": []}, "links: "),
        ({"links": [SKIP, {**SKIP, "what": "cancel"}]}, "links.1.what: "),
        ({"links": [{**SKIP, "weeks": 2}]}, "links.0: skip takes no weeks"),
        ({"links": [{**SKIP, "more": 1}]}, "links.0.more: "),
        ({"links": [{**SKIP, "customer": 1.5}]}, "links.0.customer: "),
        ({"links": [SKIP], "shop": "other"}, "shop: "),
        (b"{", "Invalid JSON"),
        (b"\xff", "Invalid JSON"),
    ],
)
async def test_what_does_not_fit_makes_no_link_and_is_told(
    quick: Quick, content: object, words: str
) -> None:
    answer = await ask(quick, content)
    assert answer.status_code == 422
    assert list(answer.json()) == ["error"]
    assert words in answer.json()["error"]


async def test_a_deep_body_is_refused(quick: Quick) -> None:
    answer = await ask(quick, b'{"links": ' + b"[" * 5000)
    assert answer.status_code in (400, 422)
    assert "url" not in answer.text


async def test_other_kinds_of_bodies_and_too_large_ones_are_refused(quick: Quick) -> None:
    body = {"links": [SKIP]}
    assert (await ask(quick, body, **{"Content-Type": "text/plain"})).status_code == 415
    assert (await ask(quick, b" " * (LARGEST + 1))).status_code == 413


@pytest.mark.parametrize("word", ["", "wrong", WORD[:-1], f"{WORD}x", WORD.upper(), "ü"])
async def test_nobody_else_gets_links(quick: Quick, word: str) -> None:
    headers = {b"Authorization": f"Bearer {word}".encode("latin-1")}
    async with quick.browser() as browser:
        answer = await browser.post("/api/links", json={"links": [SKIP]}, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert "url" not in answer.text


async def test_the_word_in_another_place_is_none(quick: Quick) -> None:
    for headers in ({}, {"Authorization": WORD}, {"Authorization": f"Basic {WORD}"}):
        async with quick.browser() as browser:
            answer = await browser.post(
                f"/api/links?token={WORD}", json={"links": [SKIP]}, headers=headers
            )
        assert answer.status_code == 401


async def test_tries_with_wrong_words_are_counted_by_network(quick: Quick) -> None:
    for _ in range(10):
        assert (await ask(quick, {"links": [SKIP]}, "wrong")).status_code == 401
    refused = await ask(quick, {"links": [SKIP]}, "wrong")
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 0
    assert (await ask(quick, {"links": [SKIP]}, "wrong", "198.51.100.1")).status_code == 401
    assert (await ask(quick, {"links": [SKIP]})).status_code == 200, "the right word goes on"


@pytest.mark.parametrize(("secrets", "word"), [((), WORD), (("x" * 32,), "")])
async def test_without_a_word_or_a_secret_there_is_no_such_place(
    shop: Shop, services: Services, secrets: tuple[str, ...], word: str
) -> None:
    quick = Quick(shop, services, secrets=secrets, word=word)
    for given in (word, "", WORD):
        assert (await ask(quick, {"links": [SKIP]}, given)).status_code == 404


async def test_a_browser_is_answered_no_differently(quick: Quick) -> None:
    async with quick.browser() as browser:
        assert (await browser.get("/api/links")).status_code == 405
        assert (await browser.get("/api/other")).status_code == 404
    entry = Access().find("/api/links", "POST")
    assert entry is not None
    assert entry.who is Who.PROGRAM
