"""The Theme Engine's links lead into the same places here."""

from __future__ import annotations

import httpx
import pytest

from app.actions import Level
from app.recharge import RechargeError
from app.web import new_place
from tests.auth.world import HASHES, JONAS, MARA
from tests.web.conftest import Portal
from tests.web.reading import form

HOSTED, EMBEDDED = "/portal", "/tools/recurring/portal"
PRESSED = {
    "Sec-Fetch-User": "?1",
    "Sec-Fetch-Site": "cross-site",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Dest": "document",
}
"""What a browser says when a person has pressed a link, as in a web mailbox."""
FROM_A_MAIL_PROGRAM = {**PRESSED, "Sec-Fetch-Site": "none", "Sec-Fetch-User": ""}
_OWN = {"Sec-Fetch-Site": "same-origin"}
BY_A_SCRIPT = {name: value for name, value in PRESSED.items() if name != "Sec-Fetch-User"}


async def pressed(browser: httpx.AsyncClient, page: httpx.Response) -> httpx.Response:
    """Press the button of our own page."""
    action, fields = form(page)
    return await browser.post(action, data=fields, headers=_OWN)


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
@pytest.mark.parametrize("headers", [PRESSED, FROM_A_MAIL_PROGRAM], ids=["web", "program"])
async def test_a_pressed_link_signs_in_and_leads_to_a_clean_address(
    portal: Portal, start: str, headers: dict[str, str]
) -> None:
    token = await portal.tokens.issue(MARA)
    browser = portal.browser(**headers)

    answer = await browser.get(f"{start}/{HASHES[MARA]}/subscriptions/301?token={token}")

    assert answer.status_code == 303
    assert answer.headers["location"] == "/subscriptions/301"
    assert (await browser.get("/subscriptions/301")).text == f"customer {MARA}"
    principal = await portal.sessions.read(browser.cookies["doorstep"])
    assert principal is not None
    assert (principal.method, principal.level) == ("theme token", Level.LINK)


@pytest.mark.parametrize("start", [HOSTED, EMBEDDED])
@pytest.mark.parametrize("headers", [BY_A_SCRIPT, {}], ids=["script", "nothing said"])
async def test_where_nobody_is_seen_to_press_a_press_is_asked_for(
    portal: Portal, start: str, headers: dict[str, str]
) -> None:
    token = await portal.tokens.issue(MARA)
    browser = portal.browser()
    for _ in range(3):
        page = await browser.get(f"{start}/{HASHES[MARA]}/schedule?token={token}", headers=headers)
        assert page.status_code == 200
        assert "doorstep" not in browser.cookies
    action, _ = form(page)
    assert action == f"{start}/{HASHES[MARA]}/schedule", "the token is not in the address"

    answer = await pressed(browser, page)

    assert answer.headers["location"] == "/schedule"
    assert (await browser.get("/schedule")).text == f"customer {MARA}"


async def test_a_form_of_another_site_signs_nobody_in(portal: Portal) -> None:
    link = f"{HOSTED}/{HASHES[JONAS]}/schedule?token={await portal.tokens.issue(JONAS)}"
    _, hidden = form(await portal.browser().get(link))
    victim = portal.browser()
    await victim.get("/sign-in")
    for fields in (hidden, {"token": hidden["token"]}, {}):
        answer = await victim.post(link.partition("?")[0], data=fields)
        assert "doorstep" not in victim.cookies
        assert answer.status_code in (303, 403)
    assert (await pressed(victim, await victim.get(link))).headers["location"] == "/schedule"


async def test_a_link_of_the_merchants_works_again_and_again_for_its_hours(portal: Portal) -> None:
    link = f"{HOSTED}/{HASHES[MARA]}/schedule?token={await portal.tokens.issue(MARA)}"
    browser, other = portal.browser(**PRESSED), portal.browser(**PRESSED)
    await browser.get(link)
    session = browser.cookies["doorstep"]

    again = await browser.get(link)
    assert again.headers["location"] == "/schedule"
    assert browser.cookies["doorstep"] == session

    assert (await other.get(link)).headers["location"] == "/schedule"
    portal.clock.move(hours=12)
    late = portal.browser(**PRESSED)
    elsewhere = await late.get(link)
    assert elsewhere.headers["location"] == "/sign-in?next=%2Fschedule&why=portal"
    assert "doorstep" not in late.cookies
    assert "does not sign you in any more" in (await late.get(elsewhere.headers["location"])).text


async def test_a_link_that_was_asked_for_takes_a_press_and_works_once(portal: Portal) -> None:
    token = await portal.tokens.issue(MARA, purpose="login")
    link = f"{HOSTED}/{HASHES[MARA]}/schedule?token={token}"
    browser, other = portal.browser(**PRESSED), portal.browser(**PRESSED)
    page, elsewhere = await browser.get(link), await other.get(link)
    assert "doorstep" not in browser.cookies

    assert (await pressed(browser, page)).headers["location"] == "/schedule"

    principal = await portal.sessions.read(browser.cookies["doorstep"])
    assert principal is not None
    assert (principal.method, principal.level) == ("link", Level.CODE)
    assert (await pressed(other, elsewhere)).headers["location"].endswith("why=portal")
    assert (await other.get(link)).headers["location"].endswith("why=portal")
    assert "doorstep" not in other.cookies


async def test_who_came_by_the_merchants_link_gets_further_by_their_own(portal: Portal) -> None:
    link = f"{HOSTED}/{HASHES[MARA]}/schedule?token="
    browser = portal.browser(**PRESSED)
    await browser.get(link + await portal.tokens.issue(MARA))

    page = await browser.get(link + await portal.tokens.issue(MARA, purpose="login"))
    await pressed(browser, page)

    principal = await portal.sessions.read(browser.cookies["doorstep"])
    assert principal is not None
    assert principal.level is Level.CODE


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


async def test_anothers_good_link_asks_before_it_changes_who_is_signed_in(portal: Portal) -> None:
    browser = portal.browser(**PRESSED)
    await browser.get(f"{HOSTED}/{HASHES[MARA]}?token={await portal.tokens.issue(MARA)}")
    hers = browser.cookies["doorstep"]

    page = await browser.get(f"{HOSTED}/{HASHES[JONAS]}?token={await portal.tokens.issue(JONAS)}")
    assert "with another account" in page.text
    assert (await browser.get("/")).text == f"customer {MARA}"
    await pressed(browser, page)

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

    assert (await portal.browser(**PRESSED).get(link)).headers["location"] == "/schedule"


async def test_looking_with_head_uses_nothing(portal: Portal) -> None:
    link = f"{HOSTED}/{HASHES[MARA]}/schedule?token={await portal.tokens.issue(MARA)}"
    scanner = portal.browser()
    await scanner.head(link)
    assert "doorstep" not in scanner.cookies

    assert (await portal.browser(**PRESSED).get(link)).headers["location"] == "/schedule"


async def test_unknown_places_use_nothing(portal: Portal) -> None:
    token = await portal.tokens.issue(MARA)
    browser = portal.browser(**PRESSED)

    for place in ("request_objects", "products/search"):
        answer = await browser.get(f"{HOSTED}/{HASHES[MARA]}/{place}?token={token}")
        assert answer.status_code == 404
        answer = await browser.post(f"{HOSTED}/{HASHES[MARA]}/{place}?token={token}", headers=_OWN)
        assert answer.status_code == 404
    assert "doorstep" not in browser.cookies

    assert (await browser.get(f"{HOSTED}/{HASHES[MARA]}?token={token}")).status_code == 303
    assert (await browser.get("/")).status_code == 200


async def test_a_link_stays_good_while_the_shop_does_not_answer(portal: Portal) -> None:
    link = f"{HOSTED}/{HASHES[MARA]}/schedule?token={await portal.tokens.issue(MARA)}"
    browser = portal.browser(**PRESSED)
    portal.people.failure = RechargeError("down")

    answer = await browser.get(link)
    assert answer.status_code == 503
    assert "Your link is still good" in answer.text

    portal.people.failure = None
    assert (await browser.get(link)).headers["location"] == "/schedule"
