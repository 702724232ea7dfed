"""Failures, refusals and headers: on every answer, and without a word of the exception."""

from __future__ import annotations

import asyncio
import re
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import pytest
from starlette.types import Receive, Scope, Send

from app.database import Database
from app.recharge import RechargeError
from app.web import Incidents, safe_path
from tests.auth.world import MARA
from tests.web.conftest import Portal, make_portal
from tests.web.reading import tags

EVERYWHERE = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
PAGES = ["/sign-in", "/sign-in/sent", "/sign-in/" + "A" * 43, "/sign-out", "/healthz", "/readyz",
         "/plain.css", "/portal/101x", "/portal/101x/nothing", "/", "/schedule", "/broken",
         "/nothing", "//x", "/favicon.ico"]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("is_signed_in", [False, True])
async def test_every_answer_carries_the_headers(
    portal: Portal, path: str, is_signed_in: bool
) -> None:
    cookie, _ = await portal.sessions.start(MARA, method="link")
    browser = portal.browser(**({"Cookie": f"doorstep={cookie}"} if is_signed_in else {}))

    for method in ("GET", "HEAD", "POST", "PUT", "OPTIONS"):
        answer = await browser.request(method, f"{portal.origin}{path}")
        for name, value in EVERYWHERE.items():
            assert answer.headers[name] == value, (method, path)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src" not in policy
        for rule in ("frame-ancestors", "base-uri", "object-src"):
            assert f"{rule} 'none'" in policy
        assert "camera=()" in answer.headers["permissions-policy"]
        assert "strict-transport-security" not in answer.headers
        if "html" in answer.headers.get("content-type", ""):
            assert answer.headers["cache-control"] == "no-store"
            assert "script" not in tags(answer)
            assert "style" not in tags(answer)
            assert not re.search(r' (style|on\w+)="', answer.text)


async def test_behind_tls_browsers_are_told_to_stay_there(secure_portal: Portal) -> None:
    browser = secure_portal.browser()
    for path in PAGES:
        answer = await browser.get(f"{secure_portal.origin}{path}")
        assert answer.headers["strict-transport-security"].startswith("max-age=31536000")


async def test_the_style_sheet_may_be_kept(portal: Portal) -> None:
    browser = portal.browser()
    page = await browser.get("/sign-in")
    sheet = re.search(r'href="(/plain\.css\?v=\w+)"', page.text)
    assert sheet is not None

    answer = await browser.get(sheet[1])

    assert answer.headers["content-type"].startswith("text/css")
    assert "immutable" in answer.headers["cache-control"]


async def test_a_failure_tells_a_number_and_nothing_else(
    portal: Portal, capsys: pytest.CaptureFixture[str]
) -> None:
    cookie, _ = await portal.sessions.start(MARA, method="link")

    answer = await portal.browser(Cookie=f"doorstep={cookie}").get("/broken?token=verysecret")

    assert answer.status_code == 500
    incident = re.search(r"<code>([0-9a-f]{10})</code>", answer.text)
    assert incident is not None
    log = capsys.readouterr().out
    assert incident[1] in log
    assert "builtins.RuntimeError" in log
    assert "conftest.py" in log  # where it happened
    for secret in ("sk_live_123", "verysecret"):
        assert secret not in answer.text
        assert secret not in log


async def test_unknown_addresses_get_a_plain_page(portal: Portal) -> None:
    cookie, _ = await portal.sessions.start(MARA, method="link")

    answer = await portal.browser(Cookie=f"doorstep={cookie}").get("/nothing")

    assert answer.status_code == 404
    assert "We cannot find this page" in answer.text


async def test_a_request_of_another_site_is_told_so(portal: Portal) -> None:
    answer = await portal.browser(**{"Sec-Fetch-Site": "cross-site"}).post("/sign-in")

    assert answer.status_code == 403
    assert "nothing was changed" in answer.text


async def test_half_an_answer_is_cut_off(portal: Portal) -> None:
    async def breaks(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"half", "more_body": True})
        raise RuntimeError("gone")

    async def answers_and_breaks(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 500, "headers": []})
        await send({"type": "http.response.body", "body": b"whole"})
        raise RuntimeError("gone")

    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request"}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    scope: Scope = {"type": "http", "method": "GET", "path": "/", "headers": []}
    with pytest.raises(ConnectionAbortedError):
        await Incidents(breaks, portal.front.errors)(dict(scope), receive, send)
    await Incidents(answers_and_breaks, portal.front.errors)(dict(scope), receive, send)
    assert sent[-1]["body"] == b"whole"


async def test_a_socket_that_fails_is_logged_only(portal: Portal) -> None:
    async def breaks(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise RuntimeError("sk_live_123")

    async def nothing(*_: Any) -> Any:
        raise AssertionError

    scope: Scope = {"type": "websocket", "path": "/"}
    await Incidents(breaks, portal.front.errors)(scope, nothing, nothing)


def test_paths_in_the_log_hold_no_secrets() -> None:
    assert safe_path("/sign-in/abcdef") == "/sign-in/…"
    assert safe_path("/portal/101abc/orders/7") == "/portal/…/orders/7"
    assert safe_path("/tools/recurring/portal/101abc") == "/tools/recurring/portal/…"
    assert "\n" not in safe_path("/a\nforged line")


async def test_the_process_is_up(portal: Portal) -> None:
    answer = await portal.browser().get("/healthz")

    assert answer.json() == {"status": "ok"}
    assert answer.headers["cache-control"] == "no-store"


async def test_readiness_tells_the_age_of_what_the_store_said(portal: Portal) -> None:
    answer = await portal.browser().get("/readyz")

    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"
    assert answer.json()["store_answer_age_seconds"] == 30 * 60


async def test_a_store_that_never_answered_is_a_reason(portal: Portal) -> None:
    portal.people.failure = RechargeError("down")

    answer = await portal.browser().get("/readyz")

    assert answer.status_code == 503
    assert answer.json() == {
        "status": "unavailable",
        "part": "store",
        "reason": "The store has not answered yet.",
    }


async def test_a_database_that_is_gone_is_a_reason(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_: Database) -> Any:
        raise OSError("unable to open database file /secret/place")

    monkeypatch.setattr(Database, "read", gone)

    answer = await portal.browser().get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["part"] == "database"
    assert "/secret/place" not in answer.text


async def test_the_shops_name_is_not_waited_for(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.web.rendering._SHOP_SECONDS", 0.01)

    async def hangs() -> Any:
        await asyncio.Event().wait()

    monkeypatch.setattr(portal.people, "shop", hangs)

    assert (await portal.browser().get("/sign-in")).status_code == 200


async def test_who_asks_too_often_is_told_to_wait(tmp_path: Path) -> None:
    portal = await make_portal(tmp_path, requests_per_minute=10)
    browser = portal.browser()
    answers = [await browser.get("/sign-in") for _ in range(11)]
    assert [one.status_code for one in answers] == [200] * 10 + [429]
    assert "nothing was changed" in answers[-1].text
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert "frame-ancestors 'none'" in answers[-1].headers["content-security-policy"]
    assert (await portal.browser("198.51.100.9").get("/sign-in")).status_code == 200
    await portal.close()
