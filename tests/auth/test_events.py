"""What a page's socket brings is an event that is listed, of the form that its kind has."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.auth.events import HEARD, KINDS, LONGEST, Does, hear
from tests.auth.sockets import Page, SignIn

GIVEN = json.dumps({"detail": "Portland"})


async def test_what_a_field_gives_is_heard(sign_in: SignIn) -> None:
    page = await (await sign_in()).open_page()
    connection = await page.connect()
    before = await page.browser.presses()

    await connection.socket.emit("event", page.press("Field", "given", args=[GIVEN]))

    await connection.sees(f"Pressed {before + 1}")


UNFIT: list[tuple[str, Any]] = [
    ("click", ["{}"]),
    ("click", ['{"detail": 1}']),
    ("click", [None]),
    ("given", []),
    ("given", [GIVEN, GIVEN]),
    ("given", [None]),
    ("given", ['"Portland"']),
    ("given", ["null"]),
    ("given", [json.dumps(["Portland"])]),
    ("given", [json.dumps({"detail": 5})]),
    ("given", [json.dumps({"detail": None})]),
    ("given", [json.dumps({"detail": {"detail": "Portland"}})]),
    ("given", [json.dumps({"detail": "Portland", "price": "1"})]),
    ("given", [json.dumps({"value": "Portland"})]),
    ("given", [json.dumps({"detail": "x" * (LONGEST + 1)})]),
    ("given", ['{"detail": "Portland"']),
]


@pytest.mark.parametrize(("kind", "args"), UNFIT)
async def test_what_no_field_of_ours_gives_ends_the_socket(
    sign_in: SignIn, kind: str, args: Any
) -> None:
    page = await (await sign_in()).open_page()
    connection = await page.connect()
    before = await page.browser.presses()

    label = "Press" if kind == "click" else "Field"
    await connection.socket.emit("event", page.press(label, kind, args=args))

    await connection.is_thrown_out()
    assert await page.browser.presses() == before


@pytest.mark.parametrize(("label", "kind"), [("Field", "mouseover"), ("Elsewhere", "click")])
async def test_what_is_not_listed_is_not_heard(sign_in: SignIn, label: str, kind: str) -> None:
    """A listener without an entry is our fault: it hears nothing, and the page goes on."""
    page = await (await sign_in()).open_page()
    connection = await page.connect()
    before = await page.browser.presses()

    await connection.socket.emit("event", page.press(label, kind))
    await connection.socket.emit("event", page.press())

    await connection.sees(f"Pressed {before + 1}")
    assert await page.browser.presses() == before + 1


async def test_a_press_on_what_has_gone_does_no_harm(sign_in: SignIn) -> None:
    page = await (await sign_in()).open_page()
    connection = await page.connect()
    before = await page.browser.presses()

    await connection.socket.emit("event", page.press(id=2**40))
    await connection.socket.emit("event", page.press())

    await connection.sees(f"Pressed {before + 1}")


async def test_anothers_listener_is_not_taken(sign_in: SignIn) -> None:
    """A listener is heard at its own element alone."""
    page = await (await sign_in()).open_page()
    connection = await page.connect()
    other = page.press("Fail")

    await connection.socket.emit("event", page.press(listener_id=other["listener_id"]))

    await connection.is_thrown_out()


@pytest.mark.parametrize("path", ["5", "null", '{"page": "/"}', '"schedule"', '"javascript:x"'])
async def test_only_an_address_is_gone_to(sign_in: SignIn, path: str) -> None:
    page = await (await sign_in()).open_page()
    connection = await page.connect()

    await connection.socket.emit("event", at_the_page(page, "sub_pages_navigate", path))

    await connection.is_thrown_out()


async def test_an_address_is_gone_to(sign_in: SignIn) -> None:
    page = await (await sign_in()).open_page()
    connection = await page.connect()

    await connection.socket.emit("event", at_the_page(page, "sub_pages_navigate", '"/schedule"'))

    await connection.sees("/schedule")


def at_the_page(page: Page, kind: str, argument: str) -> dict[str, Any]:
    for name, element in page.elements.items():
        for listener in element.get("events", []):
            if listener["type"] == kind:
                return {
                    "id": int(name),
                    "client_id": page.client_id,
                    "listener_id": listener["listener_id"],
                    "args": [argument],
                }
    raise AssertionError(f"nothing hears {kind}")


def test_every_listed_event_has_a_form() -> None:
    assert {kind for heard in HEARD.values() for kind in heard} <= KINDS.keys()


def test_a_shops_own_component_says_what_it_hears(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(HEARD, "roaster-note", {})

    hear("roaster-note", "click")
    hear("roaster-note", "given", Does.CHANGES)

    assert HEARD["roaster-note"] == {"click": Does.SHOWS, "given": Does.CHANGES}
    with pytest.raises(ValueError, match="mouseover"):
        hear("roaster-note", "mouseover")
