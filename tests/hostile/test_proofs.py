"""Everything that lets somebody in, at every door but its own; and what is almost one, at its own.

Requirement: "expired, forged and replayed tokens, planted cookies". A proof of one kind must be
worth nothing anywhere else (RFC 8725, 3.11; ASVS 5.0, 7.2.1, 9.2.2, 6.5.1).
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

import httpx
import pytest

from app.auth import form_token
from app.auth.app_proxy import signature_of
from tests.hostile.attacks import changed
from tests.hostile.conftest import EVERYTHING, Stage

PROGRAM = {"Authorization": f"Bearer {EVERYTHING['DOORSTEP_MERCHANT_TOKEN']}"}
VISITOR = "v" * 43
ACCOUNT_PAGE = "/account"
_SESSION = re.compile(r"^(doorstep|doorstep-embed)=[A-Za-z0-9_-]{20}")


@dataclass(frozen=True)
class Victim:
    """A customer, their hash, and what proves that it is them, by kinds."""

    stage: Stage
    id: int
    email: str
    hash: str
    proofs: dict[str, str]


def _mint(stage: Stage) -> Victim:
    service = stage.service
    one = stage.new_customer()
    record = stage.answer(f"/customers/{one.id}")["customer"]
    cookie = httpx.get(service.sign_in_link(one.id)).headers["set-cookie"]
    session = cookie.partition(";")[0].partition("=")[2]
    with stage.browser(f"doorstep={session}") as browser, stage.browser() as program:
        handed = browser.post("/embed/hand-off", json={"target": "/"}).json()["address"]
        wish = {"links": [{"what": "skip", "customer": one.id}]}
        quick = program.post("/api/links", json=wish, headers=PROGRAM).json()["links"][0]["url"]
        wish = {"links": [{"customer_hash": record["hash"]}]}
        made = program.post("/api/portal-links", json=wish, headers=PROGRAM).json()["links"][0]
    with stage.browser() as browser:
        page = browser.get("/sign-in")
        visitor = page.cookies["doorstep-visitor"]
        form = {"form": form_token(visitor, "sign-in"), "email": one.email, "next": "/"}
        browser.post("/sign-in", data=form)
        mail = service.arrived(one.email)[0]["text"]
        link = re.search(r"/sign-in/([\w-]{43})", mail)
        assert link is not None
        word = EVERYTHING["DOORSTEP_SUPPORT_TOKEN"]
        support = browser.post(
            "/merchant/customers/sign-in",
            data={"form": form_token(visitor, "doorstep-support"), "word": word, "who": "A"},
        )
    proofs = {
        "session": session,
        "hand-off": handed.rpartition("=")[2],
        "quick link": quick.rpartition("/")[2],
        "portal token": made["url"].rpartition("token=")[2],
        "sign-in link": link[1],
        "support": support.cookies["doorstep-support"],
        "form token": form_token(session, "sign-out"),
        "visitor": visitor,
    }
    return Victim(stage, one.id, one.email, record["hash"], proofs)


@pytest.fixture(scope="module")
def victim(stage: Stage) -> Victim:
    return _mint(stage)


Door = Callable[[httpx.Client, str, Victim], httpx.Response]


def _cookie(name: str, path: str = ACCOUNT_PAGE, **headers: str) -> Door:
    return lambda browser, proof, _: browser.get(
        path, headers={"Cookie": f"{name}={proof}", **headers}
    )


def _bearer(path: str, **headers: str) -> Door:
    return lambda browser, proof, _: browser.get(
        path, headers={"Authorization": f"Bearer {proof}", **headers}
    )


def _opened_link(browser: httpx.Client, proof: str, _: Victim) -> httpx.Response:
    form = {"form": form_token(VISITOR, "link")}
    headers = {"Cookie": f"doorstep-visitor={VISITOR}"}
    return browser.post(f"/sign-in/{proof}", data=form, headers=headers)


def _old_link(browser: httpx.Client, proof: str, victim: Victim) -> httpx.Response:
    form = {"form": form_token(VISITOR, "portal"), "token": proof}
    headers = {"Cookie": f"doorstep-visitor={VISITOR}"}
    return browser.post(f"/portal/{victim.hash}", data=form, headers=headers)


FRAME = {"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Site": "cross-site"}
DOORS: dict[str, tuple[Door, frozenset[str]]] = {
    "cookie": (_cookie("doorstep"), frozenset({"session"})),
    "cookie of a frame": (
        _cookie("doorstep-embed", **FRAME), frozenset({"session"}),
    ),
    "cookie of a frame in a tab": (_cookie("doorstep-embed"), frozenset()),
    "cookie of the merchant's": (_cookie("doorstep-merchant", "/merchant/retention"), frozenset()),
    "cookie of the shop's people": (
        _cookie("doorstep-support", "/merchant/customers"), frozenset({"support"}),
    ),
    "cookie of a visitor": (_cookie("doorstep-visitor"), frozenset()),
    "bearer": (_bearer(ACCOUNT_PAGE), frozenset()),
    "bearer of a program": (_bearer("/metrics"), frozenset()),
    "sign-in link": (_opened_link, frozenset({"sign-in link"})),
    "old link": (_old_link, frozenset({"portal token"})),
    "arrival": (
        lambda browser, proof, _: browser.get("/arrive", params={"code": proof}),
        frozenset({"hand-off"}),
    ),
    "code of a frame": (
        lambda browser, proof, _: browser.post("/embed/session", json={"code": proof}),
        frozenset({"hand-off"}),
    ),
    "token of a frame": (
        lambda browser, proof, _: browser.post("/embed/session", json={"token": proof}),
        frozenset({"hand-off"}),
    ),
    "bearer of a frame": (
        lambda browser, proof, _: browser.post(
            "/embed/session", json={"code": "A" * 43, "bearer": proof}
        ),
        frozenset(),
    ),
    "quick link": (
        lambda browser, proof, _: browser.get(f"/do/{proof}"), frozenset({"quick link"}),
    ),
    "calendar": (lambda browser, proof, _: browser.get(f"/calendar/{proof}.ics"), frozenset()),
    "leaving": (lambda browser, proof, _: browser.get(f"/cancel/{proof}"), frozenset()),
    "withdrawal": (lambda browser, proof, _: browser.get(f"/withdraw/{proof}"), frozenset()),
    "provider": (
        lambda browser, proof, _: browser.get(
            "/sign-in/with/harbor/back", params={"state": proof, "code": proof}
        ),
        frozenset(),
    ),
}  # fmt: skip
"""Doors, and the kinds of proof that open them."""
KINDS = (
    "session", "hand-off", "quick link", "portal token", "sign-in link", "support", "form token",
    "visitor",
)  # fmt: skip


def is_let_in(answer: httpx.Response) -> bool:
    """Whether a session began, or something was shown that is for who has a proof."""
    if any(_SESSION.match(one) for one in answer.headers.get_list("set-cookie")):
        return True
    if answer.status_code != 200:
        return False
    return "You are signed out" not in answer.text and "nothing here" not in answer.text


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_proof_opens_no_other_door(victim: Victim, kind: str, door: str) -> None:
    """RFC 8725, 3.11, for all of ours: what proves one thing proves no other."""
    knock, right = DOORS[door]
    if kind in right:
        return
    with victim.stage.browser() as browser:
        answer = knock(browser, victim.proofs[kind], victim)
    assert not is_let_in(answer), answer.text[:500]
    assert answer.status_code < 500
    assert victim.email not in answer.text


@pytest.mark.parametrize("door", [door for door, (_, right) in DOORS.items() if right])
def test_what_is_almost_a_proof_is_none(victim: Victim, door: str) -> None:
    """ASVS 5.0, 9.1.1 and 7.2.1: cut, lengthened, turned, doubled, empty; and it stays good."""
    knock, right = DOORS[door]
    for kind in right:
        for almost in changed(victim.proofs[kind]):
            with victim.stage.browser() as browser:
                try:
                    answer = knock(browser, almost, victim)
                except httpx.InvalidURL:
                    continue
            assert not is_let_in(answer), f"{kind} at {door}"
            assert answer.status_code < 500


@pytest.mark.parametrize(
    ("kind", "door", "times"),
    [
        ("hand-off", "arrival", 1), ("hand-off", "code of a frame", 1),
        ("sign-in link", "sign-in link", 1), ("portal token", "old link", 3),
    ],
)  # fmt: skip
def test_what_works_once_works_once(stage: Stage, kind: str, door: str, times: int) -> None:
    """ASVS 5.0, 6.5.1: also of two that come one after another from two browsers. A `notify` token
    works again and again, and says so (docs/sign-in.md): it is the control."""
    victim = _mint(stage)
    opened = 0
    for number in range(3):
        with stage.browser() as browser:
            proof, knock = victim.proofs[kind], DOORS[door][0]
            if kind == "sign-in link":
                token, headers = "w" * 42 + str(number), {}
                headers["Cookie"] = f"doorstep-visitor={token}"
                form = {"form": form_token(token, "link")}
                answer = browser.post(f"/sign-in/{proof}", data=form, headers=headers)
            else:
                answer = knock(browser, proof, victim)
        opened += is_let_in(answer)
    assert opened == times


def test_a_request_of_the_shop_system_works_once_and_says_one_thing(stage: Stage) -> None:
    """security.md 4.5: a replay, a name that stands twice, another customer's id."""
    secret = EVERYTHING["DOORSTEP_SHOPIFY_SECRET"].encode()
    pairs = [
        ("logged_in_customer_id", "7001"), ("path_prefix", "/apps/portal"),
        ("shop", EVERYTHING["DOORSTEP_SHOPIFY_SHOP"]), ("timestamp", str(int(time.time()))),
    ]  # fmt: skip
    signed = [*pairs, ("signature", signature_of(pairs, secret))]
    with stage.browser() as browser:
        path = "/shopify/proxy/embed-code"
        first = browser.get(path, params=dict(signed))
        assert first.status_code in (200, 403, 404), "whether that customer is there or not"
        assert browser.get(path, params=dict(signed)).json()["reason"] == "used"
        for name, value in signed:
            twice = [*signed, (name, value)]
            assert browser.get(path, params=urlencode(twice)).json()["reason"] in (
                "malformed",
                "forged",
            )
        others = [(name, "7002" if name[0] == "l" else value) for name, value in signed]
        assert browser.get(path, params=dict(others)).json()["reason"] == "forged"


# Planted cookies


def planted() -> Iterator[str]:
    for name in ("doorstep", "doorstep-embed", "doorstep-visitor", "doorstep-support"):
        for value in ("A" * 43, "", "101", "' OR 1=1--", "A" * 4_000, "%00", "null", '"A"', "é"):
            yield f"{name}={value}"
    yield "; ".join(["doorstep=" + "A" * 43] * 150)


@pytest.mark.parametrize("cookie", list(planted()), ids=lambda one: one[:30])
def test_a_planted_cookie_is_nobodys(stage: Stage, cookie: str) -> None:
    """ASVS 5.0, 7.2.1 and 7.2.4: only what we gave counts, and it is never taken over."""
    with httpx.Client(base_url=stage.service.address, timeout=30) as browser:
        for headers in ({}, FRAME | {"Sec-Fetch-Mode": "navigate"}):
            sent = {"Cookie": cookie.encode("utf-8"), **headers}
            answer = browser.get(ACCOUNT_PAGE, headers=sent)  # type: ignore[arg-type]
            assert answer.status_code in (303, 400, 401, 431)
            assert browser.get("/sign-in", headers=sent).status_code in (200, 400, 431)  # type: ignore[arg-type]


@pytest.mark.parametrize("own", [True, False])
def test_no_session_is_taken_over_by_signing_in(stage: Stage, own: bool) -> None:
    """ASVS 5.0, 7.2.4 (fixation): the id is new, and the one from before is over."""
    victim = _mint(stage)
    before = victim.proofs["session"] if own else "B" * 43
    with stage.browser() as browser:
        cookies = f"doorstep={before}; doorstep-visitor={VISITOR}"
        form = {"form": form_token(VISITOR, "link")}
        link = f"/sign-in/{victim.proofs['sign-in link']}"
        answer = browser.post(link, data=form, headers={"Cookie": cookies})
        assert is_let_in(answer)
        assert answer.cookies["doorstep"] != before
        browser.cookies.clear()
        after = browser.get(ACCOUNT_PAGE, headers={"Cookie": f"doorstep={before}"})
    assert after.status_code == 303
