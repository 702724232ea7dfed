"""Arriving with a code from another place."""

from __future__ import annotations

import pytest

from app.actions import Level
from app.auth import HandOffs
from app.web import Arrival
from tests.auth.world import JONAS, MARA
from tests.web.conftest import Portal
from tests.web.reading import press

NAVIGATION = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}


@pytest.fixture
def hand_offs(portal: Portal) -> HandOffs:
    made = HandOffs(portal.database, portal.sessions, portal.clock)
    portal.application.router.routes[:0] = Arrival(
        portal.front.pages, portal.sessions, made
    ).routes()
    return made


async def test_a_code_leads_in_and_on(portal: Portal, hand_offs: HandOffs) -> None:
    code = await hand_offs.issue(MARA, method="app proxy", level=Level.CODE, target="/schedule")
    browser = portal.browser(**NAVIGATION)
    answer = await browser.get("/arrive", params={"code": code})
    assert (answer.status_code, answer.headers["location"]) == (303, "/schedule")
    assert (await browser.get("/")).text == f"customer {MARA}"


async def test_a_used_code_leads_to_the_sign_in_page(portal: Portal, hand_offs: HandOffs) -> None:
    code = await hand_offs.issue(MARA, method="app proxy", level=Level.CODE)
    await portal.browser(**NAVIGATION).get("/arrive", params={"code": code})
    answer = await portal.browser(**NAVIGATION).get("/arrive", params={"code": code})
    assert answer.headers["location"] == "/sign-in?why=portal"


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"},
        {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"},
    ],
)
async def test_no_picture_and_no_frame_signs_in(
    portal: Portal, hand_offs: HandOffs, headers: dict[str, str]
) -> None:
    code = await hand_offs.issue(MARA, method="app proxy", level=Level.CODE)
    browser = portal.browser(**headers)
    assert (await browser.get("/arrive", params={"code": code})).status_code == 400
    assert await hand_offs.whose(code) == MARA


async def test_who_is_signed_in_as_another_is_asked_first(
    portal: Portal, hand_offs: HandOffs
) -> None:
    browser = portal.browser(**NAVIGATION)
    theirs = await hand_offs.issue(JONAS, method="app proxy", level=Level.CODE)
    await browser.get("/arrive", params={"code": theirs})
    code = await hand_offs.issue(MARA, method="app proxy", level=Level.CODE)
    asked = await browser.get("/arrive", params={"code": code})
    assert "Change to the other account" in asked.text
    assert (await browser.get("/")).text == f"customer {JONAS}"

    forged = await browser.post("/arrive", data={"code": code, "form": "0" * 64})
    assert forged.status_code == 403
    assert (await browser.get("/")).text == f"customer {JONAS}"

    answer = await press(browser, asked)
    assert answer.status_code == 303
    assert (await browser.get("/")).text == f"customer {MARA}"


async def test_a_glance_ahead_uses_nothing_up(portal: Portal, hand_offs: HandOffs) -> None:
    code = await hand_offs.issue(MARA, method="app proxy", level=Level.CODE)
    ahead = portal.browser(**NAVIGATION, **{"Sec-Purpose": "prefetch;prerender"})
    assert (await ahead.get("/arrive", params={"code": code})).status_code == 503
    assert await hand_offs.whose(code) == MARA


async def test_who_comes_from_another_site_presses_first(
    portal: Portal, hand_offs: HandOffs
) -> None:
    """ASVS 5.0, 7.6.2: a link with a code of somebody else's signs nobody in unseen."""
    code = await hand_offs.issue(MARA, method="app proxy", level=Level.CODE, target="/schedule")
    browser = portal.browser(**NAVIGATION, **{"Sec-Fetch-Site": "cross-site"})
    asked = await browser.get("/arrive", params={"code": code})
    assert "One press, and you are in." in asked.text
    assert await hand_offs.whose(code) == MARA
    browser.headers["Sec-Fetch-Site"] = "same-origin"
    answer = await press(browser, asked)
    assert (answer.status_code, answer.headers["location"]) == (303, "/schedule")
    assert (await browser.get("/")).text == f"customer {MARA}"


async def test_the_press_is_one_of_this_browser(portal: Portal, hand_offs: HandOffs) -> None:
    code = await hand_offs.issue(MARA, method="app proxy", level=Level.CODE)
    one = portal.browser(**NAVIGATION, **{"Sec-Fetch-Site": "cross-site"})
    asked = await one.get("/arrive", params={"code": code})
    other = portal.browser(**NAVIGATION)
    assert (await press(other, asked)).status_code == 403
    assert await hand_offs.whose(code) == MARA
