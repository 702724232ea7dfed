"""The portal in a frame of the shop's page: its files, its first page, and the way back."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from app.web import APP_POLICY, Embed
from tests.auth.embed_shop import EMBEDDING, SHOP
from tests.auth.world import MARA, make_settings
from tests.web.conftest import Portal, make_portal


@pytest.fixture
async def portal(tmp_path: Path) -> AsyncIterator[Portal]:
    portal = await make_portal(tmp_path, **EMBEDDING)
    embed = Embed(make_settings(**EMBEDDING), portal.front.pages, portal.sessions)
    portal.application.router.routes[:0] = embed.routes()
    yield portal
    await portal.close()


async def signed_in(portal: Portal) -> httpx.AsyncClient:
    """A browser of a customer's, in a tab of its own."""
    cookie, _ = await portal.sessions.start(MARA, method="link")
    browser = portal.browser()
    browser.cookies.set(portal.sessions.cookies.session, cookie)
    return browser


async def get(portal: Portal, path: str) -> httpx.Response:
    return await portal.browser().get(path)


def rules(answer: httpx.Response) -> dict[str, str]:
    """The content security policy, by directive."""
    policy = answer.headers["content-security-policy"]
    return dict(rule.strip().partition(" ")[::2] for rule in policy.split(";"))


async def test_every_site_may_load_the_script_for_the_shops_page(portal: Portal) -> None:
    answer = await get(portal, "/embed.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert answer.headers["cache-control"] == "public, max-age=300"
    assert '"Open your deliveries in a new tab"' in answer.text
    assert SHOP not in answer.text  # whose page may show us is no business of others


@pytest.mark.parametrize("name", ["boot.js", "framed.js", "back.js"])
async def test_the_scripts_of_the_frame_are_for_our_own_pages(portal: Portal, name: str) -> None:
    answer = await get(portal, f"/embed/scripts/{name}")
    assert answer.status_code == 200
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    knows_parents = f'window.doorstepParents = ["{SHOP}"]' in answer.text
    assert knows_parents is (name != "back.js")


async def test_there_are_no_other_scripts(portal: Portal) -> None:
    for name in ("embed_boot.js", "..%2Fembed.js", "plain.css"):
        assert (await get(portal, f"/embed/scripts/{name}")).status_code == 404


async def test_the_first_page_may_be_shown_by_the_shop_only(portal: Portal) -> None:
    answer = await get(portal, "/embed?next=/schedule")
    assert rules(answer)["frame-ancestors"] == SHOP
    assert "x-frame-options" not in answer.headers
    # The customer's page is written into this document, which keeps its first policy.
    app_rules = dict(rule.strip().partition(" ")[::2] for rule in APP_POLICY.split(";"))
    assert rules(answer)["script-src"] == app_rules["script-src"]


async def test_the_first_page_says_nothing_of_what_was_asked_for(portal: Portal) -> None:
    """Its script reads the address; the page is the same for everybody."""
    plain = await get(portal, "/embed")
    asked = await get(portal, "/embed?next=/x%22%3E%3Cscript%3E&language=%22%3E")
    assert asked.text == plain.text
    assert "set-cookie" not in asked.headers


async def test_every_part_of_the_first_page_is_hidden_until_its_script_has_looked(
    portal: Portal,
) -> None:
    text = (await get(portal, "/embed")).text
    parts = re.findall(r'<section[^>]*data-part="([\w-]+)"[^>]*>', text)
    assert parts == ["wait", "sign-in", "out", "elsewhere", "trouble"]
    assert len(re.findall(r"<section[^>]* hidden>", text)) == len(parts)


async def test_the_way_back_is_for_who_is_signed_in_and_keeps_hold_of_its_opener(
    portal: Portal,
) -> None:
    stranger = await portal.browser().get("/embed/back")
    assert stranger.status_code == 303
    assert stranger.headers["location"] == "/sign-in?next=%2Fembed%2Fback"

    browser = await signed_in(portal)
    answer = await browser.get("/embed/back")
    assert answer.status_code == 200
    assert answer.headers["cross-origin-opener-policy"] == "unsafe-none"
    assert rules(answer)["frame-ancestors"] == "'none'"
    assert rules(answer)["script-src"] == "'self'"


async def test_signing_out_of_the_frame_ends_its_session(portal: Portal) -> None:
    browser = await signed_in(portal)
    answer = await browser.post("/embed/sign-out")
    assert answer.json() == {"session": False}
    assert answer.headers["set-cookie"].startswith("doorstep-embed=")
    assert (await browser.get("/")).status_code == 303


async def test_signing_out_everywhere_ends_all_of_them(portal: Portal) -> None:
    browser, other = [await signed_in(portal) for _ in range(2)]
    await browser.post("/embed/sign-out")
    assert (await other.get("/")).status_code == 200
    browser = await signed_in(portal)
    await browser.post("/embed/sign-out?everywhere=1")
    assert (await other.get("/")).status_code == 303


async def test_no_other_site_signs_a_frame_out(portal: Portal) -> None:
    browser = await signed_in(portal)
    answer = await browser.post("/embed/sign-out", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert (await browser.get("/")).status_code == 200
