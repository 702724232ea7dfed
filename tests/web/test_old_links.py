"""The Theme Engine's links lead into the same places here."""

from __future__ import annotations

import pytest

from app.recharge import RechargeError
from app.web import new_place
from tests.auth.world import HASHES, JONAS, MARA
from tests.web.conftest import Portal

HOSTED, EMBEDDED = "/portal", "/tools/recurring/portal"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", "/"),
        ("/", "/"),
        ("/overview", "/"),
        ("/subscriptions", "/subscriptions"),
        ("/subscriptions/", "/subscriptions"),
        ("/subscriptions/new", "/subscriptions"),
        ("/subscriptions/301", "/subscriptions/301"),
        ("/subscriptions/301/cancel", "/subscriptions/301/cancel"),
        ("/subscriptions/301/cancel/951", "/subscriptions/301/cancel/951"),
        ("/subscriptions/301/cancel/951/x", "/subscriptions/301"),
        ("/subscriptions/301/cancel/confirm", "/subscriptions/301"),
        ("/subscriptions/301/skip", "/subscriptions/301"),
        ("/schedule", "/schedule"),
        ("/delivery_schedule", "/schedule"),
        ("/onetimes/401", "/schedule"),
        ("/manage/501", "/schedule"),
        ("/orders", "/orders"),
        ("/orders/1001", "/orders/1001"),
        ("/purchase_history", "/orders"),
        ("/addresses", "/addresses"),
        ("/addresses/201", "/addresses"),
        ("/shipping", "/addresses"),
        ("/payment_methods", "/payment-methods"),
        ("/payment_methods/601", "/payment-methods"),
        ("/payment_source", "/payment-methods"),
        ("/payment_sources", "/payment-methods"),
        ("/customer", "/account"),
        ("/subscriptions/0", None),
        ("/subscriptions/01", None),
        ("/subscriptions/x", None),
        ("/subscriptions/99999999999999999999", None),
        ("/request_objects", None),
        ("/products/search", None),
        ("/evil.example", None),
    ],
)
def test_old_addresses_and_ours(old: str, new: str | None) -> None:
    assert new_place(old) == new


@pytest.mark.parametrize("start", [HOSTED, EMBEDDED])
async def test_an_old_link_signs_in_and_leads_to_a_clean_address(
    portal: Portal, start: str
) -> None:
    token = await portal.tokens.issue(MARA)
    browser = portal.browser()

    answer = await browser.get(f"{start}/{HASHES[MARA]}/subscriptions/301?token={token}")

    assert answer.status_code == 303
    assert answer.headers["location"] == "/subscriptions/301"
    assert (await browser.get("/subscriptions/301")).text == f"customer {MARA}"


async def test_the_same_link_again_goes_on_in_this_browser_only(portal: Portal) -> None:
    link = f"{HOSTED}/{HASHES[MARA]}/schedule?token={await portal.tokens.issue(MARA)}"
    browser, other = portal.browser(), portal.browser()
    await browser.get(link)
    session = browser.cookies["doorstep"]

    again = await browser.get(link)
    assert again.headers["location"] == "/schedule"
    assert browser.cookies["doorstep"] == session

    elsewhere = await other.get(link)
    assert elsewhere.headers["location"] == "/sign-in?next=%2Fschedule&why=portal"
    assert "doorstep" not in other.cookies
    assert "does not sign you in any more" in (await other.get(elsewhere.headers["location"])).text


@pytest.mark.parametrize("kind", ["none", "empty", "forged", "another's", "expired", "twice"])
async def test_without_a_good_token_there_is_the_sign_in_page(portal: Portal, kind: str) -> None:
    token = await portal.tokens.issue(MARA if kind != "another's" else JONAS)
    if kind == "expired":
        portal.clock.move(hours=12)
    query = {
        "none": "", "empty": "?token=", "forged": "?token=" + "A" * 43,
        "twice": f"?token={token}&token={token}",
    }.get(kind, f"?token={token}")  # fmt: skip
    browser = portal.browser()

    answer = await browser.get(f"{HOSTED}/{HASHES[MARA]}/orders{query}")

    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?next=%2Forders")
    assert "doorstep" not in browser.cookies


async def test_guessing_hashes_asks_nobody(portal: Portal) -> None:
    for number in range(10):
        await portal.browser().get(f"{HOSTED}/{MARA}{number:016x}/orders?token={'A' * 43}")

    assert portal.people.asked == []


async def test_a_customers_own_hash_needs_no_token_while_signed_in(portal: Portal) -> None:
    cookie, _ = await portal.sessions.start(MARA, method="link")
    browser = portal.browser(Cookie=f"doorstep={cookie}")

    own = await browser.get(f"{HOSTED}/{HASHES[MARA]}/schedule")
    anothers = await browser.get(f"{HOSTED}/{HASHES[JONAS]}/schedule")

    assert own.headers["location"] == "/schedule"
    assert anothers.headers["location"] == "/sign-in?next=%2Fschedule"


async def test_anothers_good_link_changes_who_is_signed_in(portal: Portal) -> None:
    browser = portal.browser()
    await browser.get(f"{HOSTED}/{HASHES[MARA]}?token={await portal.tokens.issue(MARA)}")
    hers = browser.cookies["doorstep"]

    await browser.get(f"{HOSTED}/{HASHES[JONAS]}?token={await portal.tokens.issue(JONAS)}")

    assert (await browser.get("/")).text == f"customer {JONAS}"
    assert await portal.sessions.read(hers) is None


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Purpose": "prefetch"},
        {"Sec-Purpose": "prefetch;prerender"},
        {"Purpose": "prefetch"},
        {"Sec-Fetch-Dest": "image", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Dest": "empty", "Sec-Fetch-Mode": "cors"},
    ],
)
async def test_only_a_person_who_opens_a_link_uses_it(
    portal: Portal, headers: dict[str, str]
) -> None:
    link = f"{HOSTED}/{HASHES[MARA]}/schedule?token={await portal.tokens.issue(MARA)}"
    machine = portal.browser(**headers)

    answer = await machine.get(link)
    assert answer.status_code in (404, 503)
    assert (await machine.head(link)).status_code != 200
    assert "doorstep" not in machine.cookies

    browser = portal.browser(**{"Sec-Fetch-Dest": "document", "Sec-Fetch-Mode": "navigate"})
    assert (await browser.get(link)).headers["location"] == "/schedule"


async def test_looking_with_head_uses_nothing(portal: Portal) -> None:
    link = f"{HOSTED}/{HASHES[MARA]}/schedule?token={await portal.tokens.issue(MARA)}"
    scanner = portal.browser()
    await scanner.head(link)
    assert "doorstep" not in scanner.cookies

    assert (await portal.browser().get(link)).headers["location"] == "/schedule"


async def test_unknown_places_use_nothing(portal: Portal) -> None:
    token = await portal.tokens.issue(MARA)
    browser = portal.browser()

    answer = await browser.get(f"{HOSTED}/{HASHES[MARA]}/request_objects?token={token}")
    assert answer.status_code == 404
    answer = await browser.post(f"{HOSTED}/{HASHES[MARA]}/schedule?token={token}")
    assert answer.status_code == 405

    assert (await browser.get(f"{HOSTED}/{HASHES[MARA]}?token={token}")).status_code == 303
    assert (await browser.get("/")).status_code == 200


async def test_a_link_stays_good_while_the_shop_does_not_answer(portal: Portal) -> None:
    link = f"{HOSTED}/{HASHES[MARA]}/schedule?token={await portal.tokens.issue(MARA)}"
    browser = portal.browser()
    portal.people.failure = RechargeError("down")

    answer = await browser.get(link)
    assert answer.status_code == 503
    assert "Your link is still good" in answer.text

    portal.people.failure = None
    assert (await browser.get(link)).headers["location"] == "/schedule"
