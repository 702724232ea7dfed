"""Signing in by an e-mailed link, as a browser goes through it."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest

from app.mail import NotDelivered
from app.recharge import RechargeError
from tests.auth.world import EMAILS, JONAS, MARA
from tests.web.conftest import Portal, make_portal
from tests.web.reading import form, press, tags


async def ask(portal: Portal, browser: httpx.AsyncClient, email: str, next: str = "") -> str:
    """Ask for a link, and read it from the mail: its path, or nothing when none came."""
    before = len(portal.outbox.mails)
    page = await browser.get("/sign-in", params={"next": next} if next else {})
    answer = await press(browser, page, email=email)
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"] == "/sign-in/sent"
    await portal.front.settle()
    mails = portal.outbox.mails[before:]
    if not mails:
        return ""
    link = re.search(rf"{re.escape(portal.origin)}(/sign-in/[\w-]{{43}})", mails[0].text)
    assert link is not None
    assert link[0] in mails[0].html
    return link[1]


async def test_a_customer_signs_in_and_gets_where_they_wanted(portal: Portal) -> None:
    browser = portal.browser()
    away = await browser.get("/schedule")
    assert away.headers["location"] == "/sign-in?next=%2Fschedule"

    page = await browser.get(away.headers["location"])
    assert "Northbound Coffee &amp; Pantry" in page.text
    answer = await press(browser, page, email=" Mara.Lindqvist@example.com ")
    sent = await browser.get(answer.headers["location"])
    assert "Mara.Lindqvist@example.com" in sent.text
    await portal.front.settle()
    mail = portal.outbox.mails[0]
    assert mail.to == "Mara.Lindqvist@example.com"
    assert re.fullmatch(r"\d{6} is your code for Northbound Coffee & Pantry", mail.subject)
    assert "Sign in to Northbound Coffee & Pantry" in mail.text
    assert "15 minutes" in mail.text
    link = re.search(r"/sign-in/[\w-]{43}", mail.text)
    assert link is not None

    question = await browser.get(link[0])
    assert "Mara.Lindqvist@example.com" in question.text
    done = await press(browser, question)

    assert done.status_code == 303
    assert done.headers["location"] == "/schedule"
    assert (await browser.get("/schedule")).text == f"customer {MARA}"


async def test_opening_a_link_any_number_of_times_uses_nothing(portal: Portal) -> None:
    link = await ask(portal, portal.browser(), EMAILS[MARA])
    scanner = portal.browser()
    for _ in range(3):
        assert (await scanner.get(link)).status_code == 200
        assert (await scanner.head(link)).status_code == 200
    assert "doorstep" not in scanner.cookies

    browser = portal.browser()
    assert (await press(browser, await browser.get(link))).status_code == 303
    assert (await browser.get("/")).status_code == 200


async def test_strangers_get_the_same_answer_and_no_mail(portal: Portal) -> None:
    answers = []
    for email in (EMAILS[MARA], "nobody@example.com"):
        browser = portal.browser()
        page = await browser.get("/sign-in")
        answer = await press(browser, page, email=email)
        sent = await browser.get(answer.headers["location"])
        shown = re.sub(r"[0-9a-f]{64}", "token", sent.text.replace(email, "…"))
        answers.append((answer.status_code, answer.text, shown))

    await portal.front.settle()

    assert answers[0] == answers[1]
    assert [mail.to for mail in portal.outbox.mails] == [EMAILS[MARA]]


async def test_the_answer_does_not_wait_for_the_shop(portal: Portal) -> None:
    portal.outbox.failure = NotDelivered("busy")
    assert await ask(portal, portal.browser(), EMAILS[MARA]) == ""

    portal.outbox.failure = None
    browser = portal.browser()
    page = await browser.get("/sign-in")
    portal.people.failure = RechargeError("down")
    answer = await press(browser, page, email=EMAILS[MARA])
    assert answer.headers["location"] == "/sign-in/sent"
    await portal.front.settle()
    assert portal.outbox.mails == []


@pytest.mark.parametrize(
    "email",
    ["", "mara", "mara@", "@example.com", "a b@example.com", "a@b@example.com", "mara@example",
     "mara@example.com, jonas@example.com", "mara@example.com\r\nBcc: x@evil.example",
     "Mara <mara@example.com>", "mara@.example.com", "x" * 250 + "@example.com", "<b>@x.example"],
)  # fmt: skip
async def test_what_is_no_address_is_asked_for_again(portal: Portal, email: str) -> None:
    browser = portal.browser()
    answer = await press(browser, await browser.get("/sign-in?next=/schedule"), email=email)

    assert answer.status_code == 422
    assert form(answer)[1]["next"] == "/schedule"
    assert form(answer)[1]["email"] == email.strip()[:254]
    assert 'role="alert"' in answer.text
    assert portal.people.asked == []


async def test_an_expired_link_keeps_target_and_address(portal: Portal) -> None:
    link = await ask(portal, portal.browser(), EMAILS[MARA], next="/orders?page=2")
    portal.clock.move(minutes=16)
    phone = portal.browser()  # another one than it was asked for on

    answer = await phone.get(link)
    page = await phone.get(answer.headers["location"])

    assert answer.status_code == 303
    assert "This link has expired: it worked for 15 minutes." in page.text
    assert form(page)[1]["email"] == EMAILS[MARA]
    assert form(page)[1]["next"] == "/orders?page=2"
    await press(phone, page)
    await portal.front.settle()
    assert len(portal.outbox.mails) == 2  # a press was all it took to get the next one


async def test_a_link_that_ends_while_its_page_is_open(portal: Portal) -> None:
    browser = portal.browser()
    page = await browser.get(await ask(portal, browser, EMAILS[MARA], next="/orders"))
    portal.clock.move(minutes=16)

    answer = await press(browser, page)

    assert answer.headers["location"] == "/sign-in?next=%2Forders&why=expired"
    assert "doorstep" not in browser.cookies


async def test_a_used_link_signs_nobody_else_in(portal: Portal) -> None:
    browser = portal.browser()
    link = await ask(portal, browser, EMAILS[MARA], next="/orders")
    other = portal.browser()
    question = await other.get(link)
    await press(browser, await browser.get(link))

    answer = await press(other, question)
    page = await other.get(answer.headers["location"])

    assert "This link has been used already" in page.text
    assert form(page)[1]["next"] == "/orders"
    assert form(page)[1]["email"] == EMAILS[MARA]
    assert (await other.get("/")).status_code == 303


async def test_a_used_link_in_the_same_browser_leads_on(portal: Portal) -> None:
    browser = portal.browser()
    link = await ask(portal, browser, EMAILS[MARA], next="/orders")
    await press(browser, await browser.get(link))

    page = await browser.get((await browser.get(link)).headers["location"])

    assert "This link has been used already" in page.text
    assert 'href="/orders"' in page.text
    assert "Ask for a new one" not in page.text, "there is nothing to ask for: they are in"
    assert "You are signed in" in page.text


async def test_a_forged_link_keeps_what_was_typed_in_this_browser(portal: Portal) -> None:
    browser = portal.browser()
    await ask(portal, browser, EMAILS[MARA], next="/schedule")

    answer = await browser.get("/sign-in/" + "A" * 43)
    page = await browser.get(answer.headers["location"])

    assert "We do not know this link" in page.text
    assert form(page)[1]["email"] == EMAILS[MARA]
    assert form(page)[1]["next"] == "/schedule"


async def test_a_form_of_another_site_signs_nobody_in(portal: Portal) -> None:
    link = await ask(portal, portal.browser(), EMAILS[JONAS])
    attacker = portal.browser()
    _, hidden = form(await attacker.get(link))

    victim = portal.browser()
    for fields in (hidden, {}, {"form": ""}, {"form": "0" * 64}):
        answer = await victim.post(link, data=fields)
        assert answer.status_code == 403
        assert "doorstep" not in victim.cookies
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}):
        assert (await victim.post(link, data=hidden, headers=headers)).status_code == 403

    # The page that came instead works.
    assert (await press(victim, await victim.get(link))).status_code == 303


async def test_a_form_of_another_site_sends_no_mail(portal: Portal) -> None:
    browser = portal.browser()
    answer = await browser.post("/sign-in", data={"email": EMAILS[MARA], "form": "0" * 64})

    assert answer.status_code == 403
    assert form(answer)[1]["email"] == EMAILS[MARA]
    await portal.front.settle()
    assert portal.outbox.mails == []


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("form={form}&email=mara.lindqvist%40example.com&email=x%40evil.example", "form"),
        ("form={form}&email=mara.lindqvist%40example.com", "json"),
        ("form={form}&email=" + "x" * 9000, "form"),
        ("form={form}&" + "&".join(f"f{number}=1" for number in range(30)), "form"),
    ],
)
async def test_forms_that_no_page_of_ours_sends(portal: Portal, body: str, kind: str) -> None:
    browser = portal.browser()
    _, fields = form(await browser.get("/sign-in"))
    types = {"form": "application/x-www-form-urlencoded", "json": "application/json"}

    answer = await browser.post(
        "/sign-in",
        content=body.format(form=fields["form"]),
        headers={"Content-Type": types[kind]},
    )

    assert answer.status_code == 403
    await portal.front.settle()
    assert portal.outbox.mails == []


async def test_signing_in_changes_the_session_cookie(portal: Portal) -> None:
    planted, _ = await portal.sessions.start(JONAS, method="link")
    browser = portal.browser()
    browser.cookies.set("doorstep", planted, domain="localhost.local")
    link = await ask(portal, portal.browser(), EMAILS[MARA])

    await press(browser, await browser.get(link))

    assert await portal.sessions.read(planted) is None
    assert (await browser.get("/")).text == f"customer {MARA}"


async def test_too_many_links_for_an_address(portal: Portal) -> None:
    for number in range(5):
        await ask(portal, portal.browser(f"198.51.100.{number}"), EMAILS[MARA])
    browser = portal.browser()

    answer = await press(browser, await browser.get("/sign-in?next=/orders"), email=EMAILS[MARA])

    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) == 30 * 60  # the hour began at nine
    assert "30 minutes" in answer.text
    assert "Those you already have still work." in answer.text
    assert form(answer)[1]["next"] == "/orders"


async def test_too_many_links_from_a_network(portal: Portal) -> None:
    browser = portal.browser()
    page = await browser.get("/sign-in")
    for number in range(20):
        answer = await press(browser, page, email=f"one{number}@example.com")
        assert answer.status_code == 303

    assert (await press(browser, page, email="other@example.com")).status_code == 429
    elsewhere = portal.browser("203.0.113.8")
    assert await ask(portal, elsewhere, EMAILS[MARA]) != ""


async def test_targets_of_other_hosts_are_forgotten(portal: Portal) -> None:
    browser = portal.browser()
    for target in ("//evil.example", "https://evil.example", "/\\evil.example", "/%2fevil"):
        page = await browser.get("/sign-in", params={"next": target})
        assert form(page)[1]["next"] == "/"
        answer = await press(browser, page, email="x@example.com", next=target)
        assert answer.status_code == 303
        assert form(await browser.get("/sign-in?why=unknown"))[1]["next"] == "/"


async def test_those_who_are_signed_in_are_led_on(portal: Portal) -> None:
    cookie, _ = await portal.sessions.start(MARA, method="link")
    browser = portal.browser(Cookie=f"doorstep={cookie}")

    assert (await browser.get("/sign-in?next=/orders")).headers["location"] == "/orders"
    assert (await browser.get("/sign-in?next=//evil.example")).headers["location"] == "/"


async def test_signing_out_takes_a_press(portal: Portal) -> None:
    browser = portal.browser()
    await press(browser, await browser.get(await ask(portal, browser, EMAILS[MARA])))
    page = await browser.get("/sign-out")
    assert (await browser.get("/")).status_code == 200  # looking changed nothing

    forged = await browser.post("/sign-out", data={"form": "0" * 64})
    assert forged.status_code == 403
    assert (await browser.get("/")).status_code == 200

    done = await press(browser, page)
    assert done.headers["location"] == "/sign-out"
    assert "doorstep" not in browser.cookies
    assert "You are signed out" in (await browser.get("/sign-out")).text
    assert (await browser.get("/")).headers["location"] == "/sign-in"


async def test_signing_out_twice_is_no_error(portal: Portal) -> None:
    assert (await portal.browser().post("/sign-out")).headers["location"] == "/sign-out"


async def test_cookies_are_locked_to_the_host(secure_portal: Portal) -> None:
    browser = secure_portal.browser()
    page = await browser.get("/sign-in")
    link = await ask(secure_portal, browser, EMAILS[MARA])
    done = await press(browser, await browser.get(link))

    cookies = page.headers.get_list("set-cookie") + done.headers.get_list("set-cookie")
    assert any(cookie.startswith("__Host-doorstep=") for cookie in cookies)
    for cookie in cookies:
        assert cookie.startswith("__Host-doorstep")
        for attribute in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
            assert attribute in cookie
        assert "Domain" not in cookie


async def test_damaged_cookies_are_ignored(portal: Portal) -> None:
    for typed in ("x", "W10", "bnVsbA", "e30", "WzEsMl0", "%%%", "W" * 4000, "W1tbW1tb"):
        browser = portal.browser(Cookie=f"doorstep-typed={typed}; doorstep-visitor=x; doorstep=x")
        assert (await browser.get("/sign-in?why=expired")).status_code == 200
        assert (await browser.get("/sign-in/sent")).status_code == 303


async def test_what_is_shown_is_escaped(portal: Portal) -> None:
    portal.people.name = "<script>alert(1)</script>"
    browser = portal.browser()

    page = await press(browser, await browser.get("/sign-in"), email='"><script>alert(2)</script>')

    assert page.status_code == 422
    assert "script" not in tags(page)
    link = await ask(portal, browser, EMAILS[MARA])
    assert link
    assert "<script" not in portal.outbox.mails[0].html


async def test_a_shop_that_does_not_answer_does_not_keep_the_door_shut(portal: Portal) -> None:
    portal.people.failure = RechargeError("down")

    page = await portal.browser().get("/sign-in")

    assert page.status_code == 200
    assert "E-mail me a code" in page.text


async def test_the_demo_shows_where_its_mail_lands(tmp_path: Path) -> None:
    portal = await make_portal(tmp_path, demo_inbox="/sandbox/inbox")
    assert 'href="/sandbox/inbox"' in (await portal.browser().get("/sign-in")).text
    await portal.close()


async def test_pages_are_in_the_readers_direction(tmp_path: Path) -> None:
    portal = await make_portal(tmp_path, language="ar")
    assert '<html lang="ar" dir="rtl">' in (await portal.browser().get("/sign-in")).text
    await portal.close()


async def test_logs_hold_nothing_secret(portal: Portal, capsys: pytest.CaptureFixture[str]) -> None:
    browser = portal.browser()
    link = await ask(portal, browser, EMAILS[MARA])
    await press(browser, await browser.get(link))
    cookie = browser.cookies["doorstep"]
    await browser.get("/nothing?token=verysecret")
    await browser.get("/broken?token=verysecret")
    portal.outbox.failure = NotDelivered("busy")
    await ask(portal, portal.browser(), EMAILS[JONAS])

    captured = capsys.readouterr()
    log = captured.out + captured.err

    assert "signed in" in log
    for secret in (link, link.rpartition("/")[2], cookie, "@", "verysecret", "sk_live_123"):
        assert secret not in log
