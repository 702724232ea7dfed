"""The account's way through plain HTTP: signing out everywhere, card numbers, and old mailboxes."""

from __future__ import annotations

import re

import httpx
import pytest

from app.auth import form_token
from tests.auth.world import EMAILS, JONAS, MARA
from tests.web.conftest import Portal


async def signed_in(portal: Portal, customer_id: int = MARA) -> tuple[httpx.AsyncClient, str]:
    browser = portal.browser()
    cookie, _ = await portal.sessions.start(customer_id, method="link")
    browser.cookies.set("doorstep", cookie)
    return browser, cookie


async def test_signing_out_everywhere_ends_every_session_of_theirs(portal: Portal) -> None:
    here, cookie = await signed_in(portal)
    phone, _ = await signed_in(portal)
    jonas, _ = await signed_in(portal, JONAS)
    form = {"form": form_token(cookie, "sign-out"), "everywhere": "yes"}
    answer = await here.post("/sign-out", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-out")
    assert (await phone.get("/")).status_code == 303
    assert (await jonas.get("/")).text == f"customer {JONAS}"


async def test_signing_out_here_leaves_the_others(portal: Portal) -> None:
    here, cookie = await signed_in(portal)
    phone, _ = await signed_in(portal)
    await here.post("/sign-out", data={"form": form_token(cookie, "sign-out")})
    assert (await phone.get("/")).text == f"customer {MARA}"


async def test_nobody_else_signs_a_customer_out_everywhere(portal: Portal) -> None:
    here, _ = await signed_in(portal)
    answer = await here.post("/sign-out", data={"form": "x" * 64, "everywhere": "yes"})
    assert answer.status_code == 403
    assert (await here.get("/")).status_code == 200


@pytest.mark.parametrize("path", ["/sign-in", "/sign-out", "/cancel", "/nothing-here"])
async def test_no_door_takes_a_card_number(portal: Portal, path: str) -> None:
    here, _ = await signed_in(portal)
    answer = await here.post(path, data={"email": "x", "note": "4111 1111 1111 1111"})
    assert answer.status_code == 400
    assert "We take no card numbers here" in answer.text
    assert "4111" not in answer.text
    assert answer.headers["content-security-policy"]


async def test_who_comes_from_elsewhere_is_not_even_read(portal: Portal) -> None:
    here, _ = await signed_in(portal)
    headers = {"Sec-Fetch-Site": "cross-site"}
    answer = await here.post("/sign-out", data={"cvc": "737"}, headers=headers)
    assert answer.status_code == 403


async def test_a_link_to_an_address_that_was_changed_lets_nobody_in(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = await portal.links.issue(MARA, email=EMAILS[MARA])
    browser = portal.browser()
    page = await browser.get(f"/sign-in/{secret}")
    token = re.search(r'name="form" value="([0-9a-f]+)"', page.text)
    assert token is not None
    monkeypatch.setitem(EMAILS, MARA, "mara.new@example.org")

    refused = await browser.post(f"/sign-in/{secret}", data={"form": token[1]})

    assert refused.headers["location"] == "/sign-in?why=unknown"
    assert "doorstep" not in browser.cookies
    monkeypatch.undo()
    assert (await browser.post(f"/sign-in/{secret}", data={"form": token[1]})).status_code == 303
    assert "doorstep" in browser.cookies
