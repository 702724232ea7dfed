"""The demo's shop vouches for who is signed in to it, as a shop's own server does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from app.auth import EmbedTokens, SingleUse
from app.demo_shop import DemoShop, shop_origins
from app.settings import Settings
from tests.auth.world import make_settings, new_database

STORIES = [(101, "Many"), (102, "New")]


@pytest.fixture
async def shop() -> AsyncIterator[DemoShop]:
    shop = DemoShop(make_settings(), STORIES)
    await shop.start()
    yield shop
    await shop.close()


def browser(shop: DemoShop, customer: str = "101") -> httpx.AsyncClient:
    return httpx.AsyncClient(
        base_url=shop.origins[0], cookies={"demo-shop-customer": customer}, trust_env=False
    )


async def test_its_tokens_are_good(shop: DemoShop, tmp_path: Path) -> None:
    database = await new_database(tmp_path)
    tokens = EmbedTokens(shop.settings, SingleUse(database))
    async with browser(shop, "102") as visitor:
        answer = await visitor.post("/portal-token")
    assert answer.headers["cache-control"] == "no-store"
    assert (await tokens.use(answer.json()["token"])).subject == "102"
    await database.close()


async def test_it_vouches_for_nobody_where_nobody_is_signed_in(shop: DemoShop) -> None:
    for customer in ("0", "no number", "-1"):
        async with browser(shop, customer) as visitor:
            assert (await visitor.post("/portal-token")).status_code == 204


async def test_no_other_site_gets_a_token(shop: DemoShop) -> None:
    async with browser(shop) as visitor:
        for site in ("cross-site", "same-site"):
            answer = await visitor.post("/portal-token", headers={"Sec-Fetch-Site": site})
            assert answer.status_code == 403


async def test_its_page_has_the_portal_in_it(shop: DemoShop) -> None:
    async with browser(shop) as visitor:
        page = await visitor.get("/?language=nonsense&scheme=dark")
    assert 'src="http://localhost:8080/embed.js" data-token-url="/portal-token"' in page.text
    assert '<html lang="en" class="dark">' in page.text
    assert "frame-src http://localhost:8080;" in page.headers["content-security-policy"]


async def test_the_settings_are_those_by_hand_and_its_own(shop: DemoShop) -> None:
    by_hand = make_settings(
        embed_origins="https://shop.example", embed_keys='{"mine": "' + "k" * 40 + '"}'
    )
    other = DemoShop(by_hand, STORIES)
    try:
        settings: Settings = other.settings
        assert settings.embed_origins == (
            "https://shop.example", *shop_origins(settings.demo_shop_port)
        )  # fmt: skip
        assert set(settings.signing_keys) == {"mine", "demo"}
        assert settings.issuer == "https://shop.example"
        assert settings.signing_keys["demo"] != shop.settings.signing_keys["demo"]
    finally:
        await other.close()
