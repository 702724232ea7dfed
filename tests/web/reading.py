"""Reads plain pages as a browser would: their form, and what it is filled with."""

from __future__ import annotations

from html.parser import HTMLParser

import httpx


class _Form(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        if tag == "form":
            self.forms.append((given["action"], {}))
        if tag == "input":
            self.forms[-1][1][given["name"]] = given.get("value", "")


def form(answer: httpx.Response, at: str = "") -> tuple[str, dict[str, str]]:
    """Where the page's form is sent, and with what: its only form, or the one that is sent to
    `at`."""
    parser = _Form()
    parser.feed(answer.text)
    found = [form for form in parser.forms if at in ("", form[0])]
    assert len(found) == 1, answer.text
    return found[0]


def tags(answer: httpx.Response) -> list[str]:
    parser = _Form()
    parser.feed(answer.text)
    return parser.tags


async def press(
    browser: httpx.AsyncClient, answer: httpx.Response, at: str = "", **typed: str
) -> httpx.Response:
    """Send the page's form, with what was typed into it: see `form`."""
    action, fields = form(answer, at)
    return await browser.post(action, data={**fields, **typed})
