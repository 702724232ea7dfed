"""Requests that no page of ours makes: where they lead to, what they write, how much they bring.

The cases are made from the access table. Each test names its requirement.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from app.auth import ACCESS, Entry, Who
from app.auth.traffic import Traffic
from tests.hostile.attacks import (
    FORGED,
    REDIRECTS,
    bodies,
    filled,
    is_led_away,
    lines,
    of_ours,
)
from tests.hostile.conftest import Stage

FORM = "application/x-www-form-urlencoded"
A_SECRET = "A" * 43


@pytest.fixture(scope="module")
def customer(stage: Stage) -> Iterator[httpx.Client]:
    """The browser of a customer of these tests alone."""
    service = stage.service
    one = stage.new_customer()
    cookie = httpx.get(service.sign_in_link(one.id)).headers["set-cookie"].partition(";")[0]
    with stage.browser(cookie) as browser:
        yield browser


@pytest.fixture(scope="module")
def stranger(stage: Stage) -> Iterator[httpx.Client]:
    with stage.browser() as browser:
        yield browser


# Redirects


def places(browser: httpx.Client, target: str) -> Iterator[httpx.Response]:
    """Answers of everything that is told where to go on to."""
    for entry in of_ours("GET"):
        for name in {"next", "why", "address"} & set(entry.query):
            yield browser.get(filled(entry, A_SECRET), params={name: target})
    for entry in of_ours("POST"):
        if "next" in entry.form:
            path = filled(entry, "harbor")
            yield browser.post(
                path, data={"next": target, "form": "0" * 64, "email": "a@b.example"}
            )
    yield browser.post("/embed/hand-off", json={"target": target})


@pytest.mark.parametrize("target", REDIRECTS)
def test_nobody_is_led_away(stage: Stage, customer: httpx.Client, target: str) -> None:
    """ASVS 5.0, 3.7.2: on from here it goes to our own pages only, and signs nobody in."""
    origin = stage.service.address
    for answer in places(customer, target):
        assert answer.status_code < 500, answer.request.url
        for name in ("location", "refresh"):
            led = answer.headers.get(name, "/").rpartition("url=")[2]
            assert not is_led_away(led, origin), (answer.request.url, led)
            path = led.removeprefix(origin).partition("?")[0]
            assert not path.startswith(("/demo", "/portal", "/_nicegui")), answer.request.url
        if answer.request.url.path == "/embed/hand-off":
            is_odd_path_of_ours = re.match(r"/[\u2044\u2215]", target)
            assert answer.status_code == (200 if is_odd_path_of_ours else 400)


@pytest.mark.parametrize("target", REDIRECTS)
def test_no_page_links_or_sends_a_form_there(stranger: httpx.Client, target: str) -> None:
    """ASVS 5.0, 3.7.2: nor is it kept in a page, to be gone on to later."""
    for path in ("/sign-in", "/merchant/sign-in", "/merchant/customers/sign-in"):
        page = stranger.get(path, params={"next": target})
        kept = re.findall(r'name="next" value="([^"]*)"|href="([^"]*)"|action="([^"]*)"', page.text)
        for value in (one for found in kept for one in found if one):
            assert not is_led_away(value, "http://localhost") or value.startswith("mailto:"), value


# Lines that are not ours


def test_nobody_writes_headers_or_lines_of_the_log(
    stage: Stage, customer: httpx.Client, stranger: httpx.Client
) -> None:
    """ASVS 5.0, 16.4.1 and 1.2.1: what somebody sends ends no line, in no answer and no log."""
    before = len(stage.log())
    answers = []
    for text in lines():
        quoted = urlencode({"x": text})[2:]
        for browser in (customer, stranger):
            for entry in of_ours("GET"):
                query = dict.fromkeys(entry.query, text)
                answers.append(browser.get(filled(entry, quoted), params=query))
        for entry in of_ours("POST"):
            names = dict.fromkeys((*entry.form, "form"), text)
            answers.append(stranger.post(filled(entry, quoted), data=names))
        plain = text.encode("ascii", "ignore").decode().translate(dict.fromkeys(range(32)))
        for name in ("User-Agent", "Referer", "Accept-Language", "X-Request-Id", "Host"):
            answers.append(stranger.get("/sign-in", headers={name: plain}))
    for answer in answers:
        assert answer.status_code < 500 or answer.status_code == 503, answer.request.url
        assert not [name for name in answer.headers if FORGED in name], answer.request.url
        assert FORGED not in answer.headers.get("set-cookie", ""), answer.request.url
    log = stage.log()[before:]
    assert not re.search(rf"^\W*{FORGED}", log, re.MULTILINE)


# Bodies


@pytest.mark.parametrize(("kind", "body"), list(bodies()), ids=range(len(list(bodies()))))
def test_what_is_too_large_or_too_deep_is_refused(
    customer: httpx.Client, stranger: httpx.Client, kind: str, body: bytes
) -> None:
    """ "Limits: body sizes, depth and length of JSON": at every route that takes a body."""
    program = {"Authorization": f"Bearer {'m' * 40}"}
    for entry in of_ours("POST"):
        if entry.path in ("/embed/sign-out",):  # reads no body, and would sign us out
            continue
        browser = customer if entry.who is Who.CUSTOMER else stranger
        headers = {"Content-Type": kind, **(program if entry.who is Who.PROGRAM else {})}
        try:
            answer = browser.post(filled(entry, A_SECRET), content=body, headers=headers)
        except httpx.TransportError:
            continue  # hung up while it came
        assert answer.status_code in (303, *range(400, 500)), (entry.path, answer.status_code)


# Mass assignment


@pytest.mark.parametrize("path", ["/sign-in", "/step-up", "/sign-out", "/cancel", "/withdraw"])
def test_a_field_twice_makes_no_form_of_ours(stage: Stage, path: str) -> None:
    """ASVS 5.0, 15.3.7: which of two values counts must not depend on who reads them."""
    service = stage.service
    one = stage.new_customer()
    cookie = httpx.get(service.sign_in_link(one.id)).headers["set-cookie"].partition(";")[0]
    with stage.browser("" if path == "/sign-in" else cookie) as browser:
        page = browser.get(path)
        visitor = page.headers.get("set-cookie", "").partition(";")[0]
        sent = {"Content-Type": FORM, "Cookie": visitor or cookie}
        token = re.search(r'name="form" value="([0-9a-f]{64})"', page.text)
        assert token is not None
        form = {"form": token[1], "email": one.email, "next": "/", "send": "1", "order": "#1001"}
        for name, value in form.items():
            double = urlencode([*form.items(), (name, value)])
            answer = browser.post(path, content=double, headers=sent)
            assert answer.status_code in (403, 422), f"{name} at {path}"
        if path == "/sign-out":
            assert browser.get("/account").status_code == 200, "nobody was signed out"
    assert service.mails(one.email) == []


STRANGE_KEYS = (
    "customer", "customer_id", "level", "acting", "shop", "method", "is_framed", "valid_for",
    "__proto__", "constructor", "_id", "target ", "Target", "",
)  # fmt: skip


def documents() -> dict[str, tuple[dict[str, Any], dict[str, str]]]:
    """A good body for each route that takes JSON, and the headers it needs."""
    program = {"Authorization": f"Bearer {'m' * 40}"}
    portal = {"customer_hash": "101" + "0" * 16}
    return {
        "/embed/session": ({"code": A_SECRET}, {}),
        "/embed/hand-off": ({"target": "/"}, {}),
        "/api/links": ({"links": [{"what": "skip", "customer": 101}]}, program),
        "/api/portal-links": ({"links": [portal]}, program),
    }


def test_every_route_that_takes_json_is_attacked() -> None:
    assert {one.path for one in ACCESS if one.json is not None} == set(documents())


@pytest.mark.parametrize("path", documents())
def test_nobody_gives_what_was_not_asked_for(customer: httpx.Client, path: str) -> None:
    """ASVS 5.0, 15.3.3: names that a body must not have, twice the same name, other types."""
    good, headers = documents()[path]
    (first,) = good
    assert customer.post(path, json=good, headers=headers).status_code in (200, 401)
    wrong: list[str] = [json.dumps({**good, name: 1}) for name in STRANGE_KEYS]
    values: list[Any] = [None, 1, True, [], {}, [[]], [None], ""]
    wrong += [json.dumps({first: value}) for value in values]
    text = json.dumps(good)
    wrong += [
        text[:-1] + ", " + text[1:],
        f"[{text}]",
        f'"{first}"',
        "null",
        text + text,
        text[:-1],
    ]
    if first == "links":
        inner = good["links"][0]
        wrong += [json.dumps({"links": [{**inner, name: 1}]}) for name in STRANGE_KEYS[1:]]
        wrong += [json.dumps({"links": [inner] * 1_001})]
    for body in wrong:
        sent = {"Content-Type": "application/json", **headers}
        answer = customer.post(path, content=body, headers=sent)
        assert answer.status_code in (400, 401, 413, 422), body[:80]


# Floods


def counted() -> list[Entry]:
    """All but files, and what the shop system passes on: everybody comes from its machines, and
    what they pass on is signed."""
    return [
        entry
        for entry in ACCESS
        if entry.who is not Who.FILE and not entry.path.startswith("/shopify/")
    ]


@pytest.mark.parametrize("entry", counted(), ids=lambda one: one.path)
async def test_a_flood_from_one_network_is_stopped_at_every_route(entry: Entry) -> None:
    """ "Limits: requests per network": nothing that costs us anything is without one."""
    reached = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        reached.append(scope["client"][0])

    async def send(message: Any) -> None:
        answers.append(message)

    async def receive() -> Any:
        return {"type": "http.disconnect"}

    answers: list[Any] = []
    traffic = Traffic(app, 5, monotonic=lambda: 0.0)
    for number in range(20):
        for host in ("8.8.4.4", f"2a00:1450:1:2::{number:x}"):  # one house has many addresses
            scope = {
                "type": "http", "method": entry.methods[0], "path": filled(entry, A_SECRET),
                "client": (host, number), 
                "headers": [(b"x-forwarded-for", b"198.51.100.%d" % number)],
            }  # fmt: skip
            await traffic(scope, receive, send)
    assert len(reached) == 10
    assert {one["status"] for one in answers if "status" in one} == {429}
