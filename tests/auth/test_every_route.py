"""Every route in the access table: who may change anything there, and which headers its answers
carry. The questions are made from the table, so that no route can be forgotten."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from app.auth.access import ACCESS, Entry, Who
from tests.auth.asked_service import ORIGIN, Answer, Question, asked

FOREIGN = "https://evil.example"
SHOP = "https://shop.example"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
PARTS = {"id": "701", "setup": "x" * 43, "rest": "schedule", "path": "schedule", "name": "form.js"}
"""What stands in a path for a part of that name; anything else is a secret that nobody has."""

ASKS = re.compile(r"/(sign-in|sign-out|cancel|withdraw|merchant)\b")
"""Pages that ask for a press, or for who comes."""
SESSION = re.compile(r'__Host-doorstep(-[a-z]+)?="?[A-Za-z0-9_-]{20}')
"""A cookie that begins something."""

REQUESTS: dict[str, dict[str, str]] = {
    "another site's": {"Sec-Fetch-Site": "cross-site", "Origin": FOREIGN},
    "another site's, which hides where it comes from": {
        "Sec-Fetch-Site": "cross-site", "Origin": "null",
    },
    "a neighbour's on the same site": {
        "Sec-Fetch-Site": "same-site", "Origin": "https://shop.portal.example",
    },
    "what a person typed or kept": {"Sec-Fetch-Site": "none"},
    "an old browser's from another site": {"Origin": FOREIGN},
    "an old browser's from another port": {"Origin": ORIGIN + ":8443"},
    "an old browser's without TLS": {"Origin": ORIGIN.replace("https", "http")},
}  # fmt: skip
"""Changes that no page of ours asks for, by what the browser says of them."""


def concrete(path: str) -> str:
    """An address of a path of the table."""
    return re.sub(r"{(\w+)(:\w+)?}", lambda found: PARTS.get(found[1], "A" * 43), path)


def changes() -> Iterator[Entry]:
    return (entry for entry in ACCESS if "POST" in entry.methods)


@dataclass(frozen=True)
class Asked:
    """A question, its entry, what it is about, and what came back."""

    about: str
    entry: Entry
    question: Question
    answer: Answer

    def __str__(self) -> str:
        return f"{self.question.method} {self.entry.path} ({self.question.who}, {self.about})"


def questions() -> Iterator[tuple[str, Entry, Question]]:
    for entry in ACCESS:
        for who in ("stranger", "customer"):
            if "GET" in entry.methods:
                yield "reading", entry, Question("GET", concrete(entry.path), who=who)
        for method in ("PUT", "DELETE", "OPTIONS", "PROPFIND"):
            headers = {"Sec-Fetch-Site": "same-origin"}
            question = Question(method, concrete(entry.path), headers, who="customer")
            yield "strange", entry, question
    for entry in changes():
        for who in ("stranger", "customer"):
            for about, headers in REQUESTS.items():
                path = concrete(entry.path)
                yield about, entry, Question("POST", path, {**FORM, **headers}, "form=x", who)
            for about, headers in (("no word", {}), ("null", {"Origin": "null"})):
                path = concrete(entry.path)
                yield about, entry, Question("POST", path, {**FORM, **headers}, "form=x", who)


@pytest.fixture(scope="module")
def all_asked(tmp_path_factory: pytest.TempPathFactory) -> list[Asked]:
    """Everything that is asked, of one service."""
    listed = list(questions())
    answers = asked([question for *_, question in listed], tmp_path_factory.mktemp("service"))
    return [Asked(*one, answer) for one, answer in zip(listed, answers, strict=True)]


def those(found: list[Asked], fits: Callable[[Asked], bool]) -> list[str]:
    return [f"{one}: {one.answer.status}" for one in found if fits(one)]


def test_no_other_site_changes_anything(all_asked: list[Asked]) -> None:
    """ASVS 5.0, 3.5.1. A program brings a word of its own, which no browser sends by itself."""
    refused = [one for one in all_asked if one.about in REQUESTS and one.entry.who != Who.PROGRAM]
    assert len(refused) > 100
    assert those(refused, lambda one: one.answer.status != 403) == []


def test_without_a_browsers_word_a_forms_token_is_needed(all_asked: list[Asked]) -> None:
    """Where there is none, it is refused; or a page is shown that asks, and nobody is signed in or
    out."""
    silent = [one for one in all_asked if one.about in ("no word", "null")]
    assert those(silent, lambda one: one.answer.status not in (303, *range(400, 500))) == []
    led = [one for one in silent if one.answer.status == 303]
    assert those(led, lambda one: not ASKS.match(one.answer.all("location")[0])) == []
    assert those(led, lambda one: any(map(SESSION.match, one.answer.all("set-cookie")))) == []
    out = [one for one in led if one.entry.path == "/sign-out"]
    assert those(out, lambda one: one.question.who == "customer") == []


def test_a_program_needs_its_word(all_asked: list[Asked]) -> None:
    programs = [one for one in all_asked if one.entry.who == Who.PROGRAM]
    assert those(programs, lambda one: one.answer.status not in (401, 403, 404, 405, 429)) == []


def test_what_is_refused_leaves_no_cookie(all_asked: list[Asked]) -> None:
    refused = [one for one in all_asked if one.about in REQUESTS]
    names = [name for one in refused for name in one.answer.all("set-cookie")]
    assert [name for name in names if SESSION.match(name)] == []


def test_no_route_fails_at_a_strange_method(all_asked: list[Asked]) -> None:
    strange = [one for one in all_asked if one.about == "strange"]
    assert those(strange, lambda one: one.answer.status >= 500) == []
    assert those(strange, lambda one: one.answer.status < 300) == []


def test_strangers_read_what_is_open_and_nothing_else(all_asked: list[Asked]) -> None:
    closed = [
        one for one in all_asked if one.about == "reading" and one.question.who == "stranger"
        and one.entry.who == Who.CUSTOMER
    ]  # fmt: skip
    assert len(closed) > 5
    assert those(closed, lambda one: one.answer.status != 303) == []
    assert {one.answer.all("location")[0].partition("?")[0] for one in closed} == {"/sign-in"}


def test_exactly_the_framed_routes_may_be_shown_by_the_shop(all_asked: list[Asked]) -> None:
    for one in all_asked:
        (policy,) = one.answer.all("content-security-policy")
        (ancestors,) = re.findall(r"frame-ancestors ([^;]*)", policy)
        if one.entry.framed:
            first, *more = ancestors.split()
            assert (first, one.answer.all("x-frame-options")) == (SHOP, []), str(one)
            assert all(map(is_our_demo, more)), str(one)
        else:
            assert (ancestors, one.answer.all("x-frame-options")) == ("'none'", ["DENY"]), str(one)


def is_our_demo(origin: str) -> bool:
    """The demo's own shop, on this machine."""
    return re.fullmatch(r"http://(localhost|127\.0\.0\.1):\d+", origin) is not None


ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "strict-transport-security": "max-age=31536000; includeSubDomains",
}


def test_every_answer_carries_the_headers(all_asked: list[Asked]) -> None:
    """ASVS 5.0, 3.4.1 to 3.4.6."""
    for one in all_asked:
        for name, value in ALWAYS.items():
            assert one.answer.all(name) == [value], f"{one}: {name}"
        (policy,) = one.answer.all("content-security-policy")
        assert "base-uri 'none'" in policy, str(one)
        assert "object-src 'none'" in policy or "default-src 'none'" in policy, str(one)
        assert one.answer.all("access-control-allow-origin") == [], str(one)
        assert one.answer.all("server") == [], str(one)


def test_no_plain_page_runs_a_script_of_its_own_markup(all_asked: list[Asked]) -> None:
    for one in all_asked:
        (policy,) = one.answer.all("content-security-policy")
        # What begins in a frame becomes NiceGUI's page without being loaded anew.
        if not one.answer.all("x-nicegui-content") and one.entry.path != "/embed":
            assert "unsafe" not in policy, str(one)


def test_what_is_a_persons_own_is_kept_by_nobody(all_asked: list[Asked]) -> None:
    """ASVS 5.0, 14.3.2."""
    kept = [
        one for one in all_asked
        if one.entry.who != Who.FILE and "no-store" not in " ".join(one.answer.all("cache-control"))
    ]  # fmt: skip
    assert those(kept, lambda _: True) == []


def test_cookies_are_locked_to_this_host(all_asked: list[Asked]) -> None:
    """ASVS 5.0, 3.3.1 to 3.3.4."""
    for one in all_asked:
        for cookie in one.answer.all("set-cookie"):
            name, *rules = [part.strip().lower() for part in cookie.split(";")]
            assert name.startswith("__host-"), str(one)
            assert {"secure", "httponly", "path=/"} <= set(rules), str(one)
            assert any(rule.startswith("samesite=") for rule in rules), str(one)
