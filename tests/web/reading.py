"""Reads plain pages as a browser would: their form, and what it is filled with."""

from __future__ import annotations

from html.parser import HTMLParser

import httpx


class _Form(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        if tag == "form":
            self.action = given["action"]
        if tag == "input":
            self.fields[given["name"]] = given.get("value", "")


def form(answer: httpx.Response) -> tuple[str, dict[str, str]]:
    """Where the page's form is sent, and with what."""
    parser = _Form()
    parser.feed(answer.text)
    assert parser.action, answer.text
    return parser.action, parser.fields


def tags(answer: httpx.Response) -> list[str]:
    parser = _Form()
    parser.feed(answer.text)
    return parser.tags


async def press(browser: httpx.AsyncClient, answer: httpx.Response, **typed: str) -> httpx.Response:
    """Send the page's form, with what was typed into it."""
    action, fields = form(answer)
    return await browser.post(action, data={**fields, **typed})
