"""What must be in no log, address or figure is planted wherever it can come in, and searched.

Requirements: "Logs: no token, hash, e-mail, card or address; a canary test plants them and searches
logs, URLs, pages, metrics"; ASVS 5.0 14.2.1 (nothing secret in an address), 16.2.5, 16.4.1.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from urllib.parse import unquote

import httpx
import pytest

from app.auth import ACCESS, Entry
from tests.hostile.conftest import Stage

SECRET = secrets.token_urlsafe(32)
HASH = "101" + secrets.token_hex(8)
EMAIL = "canary.of.the.log@example.com"
CARD = "4242424242424242"
STREET = "77 Canary Wharf Lane"
WORDS = "a-canary-in-a-header"
CANARIES = {
    "token": SECRET, "hash": HASH, "e-mail": EMAIL, "card": CARD, "address": STREET,
    "header": WORDS,
}  # fmt: skip
_PARAMETER = re.compile(r"\{(\w+)(?::\w+)?\}")


def requests(entry: Entry) -> Iterator[tuple[str, str, dict[str, str], dict[str, str]]]:
    """Requests to a route with a canary in each of its places: method, path, query, form."""
    for method in entry.methods:
        for planted in (SECRET, HASH, EMAIL):
            path = _PARAMETER.sub(planted, entry.path)
            query = dict.fromkeys(entry.query, planted)
            if method == "GET":
                yield method, path, query, {}
                yield method, f"{path}/{SECRET}", query, {}
                continue
            for word in (planted, CARD, STREET):
                yield method, path, query, dict.fromkeys((*entry.form, "form"), word)


ENTRIES = [entry for entry in ACCESS if "/_nicegui/" not in entry.path]


def send_all(browser: httpx.Client) -> list[httpx.Response]:
    answers = []
    for entry in ENTRIES:
        for method, path, query, form in requests(entry):
            answers.append(
                browser.request(method, path, params=query, data=form or None)
                if form
                else browser.request(method, path, params=query)
            )
    return answers


@pytest.fixture(scope="module")
def answers(stage: Stage) -> list[httpx.Response]:
    """The answers to everything, of a stranger and of a customer."""
    headers = {
        "User-Agent": f"Mozilla {WORDS} {EMAIL}",
        "Referer": f"https://{WORDS}.example/?token={SECRET}",
        "X-Forwarded-For": f"{WORDS}, {EMAIL}",
        "X-Request-Id": SECRET,
    }
    with stage.browser(**headers) as stranger, stage.browser(stage.jonas, **headers) as customer:
        bearer = {"Authorization": f"Bearer {SECRET}"}
        with stage.browser(**headers, **bearer) as program:
            return [*send_all(stranger), *send_all(customer), *send_all(program)]


@pytest.mark.parametrize("kind", CANARIES)
def test_no_canary_is_in_the_log(stage: Stage, answers: list[httpx.Response], kind: str) -> None:
    log = stage.log()
    assert "refused" in log, "the log is read where it is written"
    assert CANARIES[kind] not in log


@pytest.mark.parametrize("kind", CANARIES)
def test_no_canary_is_in_the_figures(
    stage: Stage, answers: list[httpx.Response], kind: str
) -> None:
    with stage.browser(Authorization=f"Bearer {'p' * 40}") as monitoring:
        figures = monitoring.get("/metrics").text
    assert "doorstep_request_seconds_count" in figures
    assert CANARIES[kind] not in figures


def test_no_secret_goes_on_to_another_address(answers: list[httpx.Response]) -> None:
    """A spoilt link may lead to the same link, mended; nothing else has a secret in its address."""
    moved = [one for one in answers if one.is_redirect]
    assert moved
    leaked = [
        (str(one.request.url), one.headers["location"])
        for one in moved
        if SECRET in re.split(r"[/?&=]", unquote(one.headers["location"]))
        and one.headers["location"] != f"/{one.request.url.path.split('/')[1]}/{SECRET}"
        and "payment-methods" not in one.headers["location"]  # names a form, and opens nothing
    ]
    assert leaked == [], leaked[:8]


def test_no_answer_is_a_failure(answers: list[httpx.Response]) -> None:
    failed = [
        (one.request.method, one.request.url.path, one.status_code)
        for one in answers
        if one.status_code >= 500 and one.status_code != 503
    ]
    assert failed == []


def test_no_answer_says_how_it_came_about(answers: list[httpx.Response]) -> None:
    telling = re.compile(r"Traceback|File \"/|sqlalchemy|sqlite3|site-packages|app/web/")
    assert [str(one.request.url) for one in answers if telling.search(one.text)] == []
