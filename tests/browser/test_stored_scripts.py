"""Scripts in every text that a shop or a customer controls: none runs, and nothing is fetched.

Requirement: "stored scripts in every text that a shop or a customer controls (seen in a real
browser: no dialog, no request)".
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Dialog, Page, Request, expect

from tests.browser.service import Service, running_service

CANARY = "canary.invalid"
SCRIPT = (
    "\"'><img src=x onerror=ran(1)><script>ran(2)</script><svg onload=ran(3)>"
    "<b data-canary></b><link rel=stylesheet href=//canary.invalid/x.css>"
    "</textarea></style></script><iframe srcdoc='<script>parent.ran(4)</script>'></iframe>"
    '" :innerHTML="ran(5)" {{ 7 * 191 }} ${ran(6)} javascript:ran(7)'
)
"""Markup for each place that a text can stand in: an element, an attribute, a template of Vue, a
string of JavaScript, a key that NiceGUI would evaluate."""

TEXTS = {
    "title", "product_title", "variant_title", "name", "value", "label", "first_name", "last_name",
    "company", "address1", "address2", "city", "note", "order_note", "description", "brand",
    "vendor", "sku", "handle", "code", "cancellation_reason", "cancellation_reason_comments",
    "prevention_text", "reason", "external_plan_name", "error", "tags", "tag_name", "order_tag",
    "order_id", "phone", "product_type", "last4", "key",
}  # fmt: skip
"""Fields of the shop's records that hold what somebody has written."""
PICTURES = {"small", "medium", "large", "original"}
NOT_THERE = {"discounts": {"code"}, "shop_settings": TEXTS}
"""What must stay as it is for the records to be read at all."""

PAGES = (
    "/", "/subscriptions", "/subscriptions/{subscription}", "/subscriptions/{subscription}/cancel",
    "/schedule", "/schedule?view=month", "/orders", "/orders/{order}", "/orders/{order}/receipt",
    "/addresses", "/payment-methods", "/payment-methods/add", "/account", "/activity", "/credit",
    "/sign-in", "/cancel",
)  # fmt: skip


def poisoned(value: Any, noun: str, name: str = "") -> Any:
    match value:
        case dict():
            return {key: poisoned(inner, noun, key) for key, inner in value.items()}
        case list():
            return [poisoned(inner, noun, name) for inner in value]
        case str() if name in PICTURES:
            return "javascript:ran(8)"
        case str() if name in TEXTS - NOT_THERE.get(noun, set()):
            return f"{value} {SCRIPT}"
    return value


def poison(database: Path) -> int:
    """Write the script into every text of the look-alike's records. Gives how many it changed."""
    changed = 0
    with sqlite3.connect(database) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        for (noun,) in tables.fetchall():
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({noun})")]
            if "document" not in columns or noun in ("inbox", "plans"):
                continue
            rows = connection.execute(f"SELECT rowid, document FROM {noun}").fetchall()
            for row_id, text in rows:
                document = json.loads(text)
                after = poisoned(document, noun)
                changed += after != document
                connection.execute(
                    f"UPDATE {noun} SET document = ? WHERE rowid = ?", (json.dumps(after), row_id)
                )
    return changed


@pytest.fixture(scope="module")
def poisoned_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("poisoned")
    with running_service(folder):
        pass  # it plants its shop
    assert poison(folder / "var" / "sandbox.db") > 100
    for kept in (folder / "var").glob("doorstep.db*"):
        kept.unlink()
    with running_service(folder) as service:
        yield service


@pytest.fixture
def watched(page: Page) -> tuple[Page, list[str]]:
    """A page, and what happened on it that must not."""
    happened: list[str] = []

    def note(request: Request) -> None:
        if CANARY in request.url or request.url.startswith("javascript:"):
            happened.append(f"request {request.url}")

    def dismiss(dialog: Dialog) -> None:
        happened.append("dialog")
        dialog.dismiss()

    page.on("request", note)
    page.on("dialog", dismiss)
    page.expose_function("ran", lambda which: happened.append(f"script {which}"))
    return page, happened


def check(page: Page, happened: list[str]) -> None:
    assert happened == []
    assert page.locator("[data-canary]").count() == 0
    assert "1337" not in page.locator("body").inner_text()
    links = page.eval_on_selector_all("a[href]", "all => all.map(one => one.href)")
    assert [one for one in links if one.startswith(("javascript:", "data:"))] == []


def ids_of(service: Service) -> dict[str, int]:
    found = {}
    for noun in ("subscriptions", "orders"):
        answer = service.sandbox.get(f"/{noun}", params={"customer_id": 101, "limit": 1})
        found[noun[:-1]] = answer.json()[noun][0]["id"]
    return found


def test_no_text_runs_on_any_page(
    poisoned_service: Service, watched: tuple[Page, list[str]]
) -> None:
    page, happened = watched
    page.goto(poisoned_service.sign_in_link(101))
    expect(page.locator("h1").first).to_be_visible()
    ids, seen = ids_of(poisoned_service), 0
    for path in PAGES:
        page.goto(poisoned_service.address + path.format(**ids))
        page.wait_for_function("window.did_handshake !== false")
        expect(page.locator("[aria-busy=true]")).to_have_count(0)
        seen += "onerror=ran(1)" in page.locator("body").inner_text()
        check(page, happened)
    assert seen > len(PAGES) // 2, "the texts are shown, as texts"


def test_no_text_runs_in_any_dialog(
    poisoned_service: Service, watched: tuple[Page, list[str]]
) -> None:
    page, happened = watched
    page.goto(poisoned_service.sign_in_link(101))
    answer = poisoned_service.sandbox.get(
        "/subscriptions", params={"customer_id": 101, "status": "active", "limit": 1}
    )
    address = f"{poisoned_service.address}/subscriptions/{answer.json()['subscriptions'][0]['id']}"
    page.goto(address)
    page.wait_for_function("window.did_handshake")
    buttons = page.locator("main [role=group] button")
    expect(buttons.first).to_be_visible()
    opened = 0
    for number in range(buttons.count()):
        buttons.nth(number).click()
        dialog = page.locator("dialog[open]")
        expect(dialog.locator("[data-slot=actions]")).to_be_visible()
        expect(dialog.locator("[aria-busy=true]")).to_have_count(0)
        opened += "onerror=ran(1)" in dialog.inner_text()
        check(page, happened)
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
    assert opened > 4, "the texts are shown in dialogs, as texts"
