"""Signing in by the code of a mail, as a browser goes through it. No script runs here."""

from __future__ import annotations

import re

import httpx
import pytest

from app.actions import Level
from app.auth.limits import Limits
from app.auth.links import MAILS_IN_ALL
from app.auth.sign_in_codes import FAILED_TRIES
from app.recharge import RechargeError
from tests.auth.world import EMAILS, JONAS, MARA
from tests.web.conftest import Portal
from tests.web.reading import form, press

SENT = "/sign-in/sent"


async def ask(portal: Portal, browser: httpx.AsyncClient, email: str, next: str = "/") -> str:
    """Ask for a mail, and read its code; empty where none came."""
    before = len(portal.outbox.mails)
    await press(browser, await browser.get("/sign-in", params={"next": next}), email=email)
    await portal.front.settle()
    mails = portal.outbox.mails[before:]
    return mails[0].subject.split()[0] if mails else ""


async def give(browser: httpx.AsyncClient, code: str) -> httpx.Response:
    return await press(browser, await browser.get(SENT), at=SENT, code=code)


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


async def under_attack(portal: Portal) -> None:
    """Codes have failed all over the shop."""
    limit = FAILED_TRIES[0]
    await Limits(portal.database).count([(limit, "")], portal.clock(), number=limit.most)


async def test_the_code_signs_in_and_leads_on(portal: Portal) -> None:
    browser = portal.browser()
    code = await ask(portal, browser, EMAILS[MARA], next="/orders")
    mail = portal.outbox.mails[0]
    assert f"{code[:3]} {code[3:]}" in mail.text
    assert f"{code[:3]} {code[3:]}" in mail.html
    assert "in that browser, once, for 10 minutes" in mail.text

    done = await give(browser, f" {code[:3]} {code[3:]} ")

    assert (done.status_code, done.headers["location"]) == (303, "/orders")
    assert (await browser.get("/orders")).text == f"customer {MARA}"
    principal = await portal.sessions.read(browser.cookies["doorstep"])
    assert principal is not None
    assert (principal.method, principal.level) == ("code", Level.CODE)
    assert "doorstep-typed" not in browser.cookies


async def test_the_field_is_made_for_codes(portal: Portal) -> None:
    browser = portal.browser()
    await ask(portal, browser, EMAILS[MARA])
    page = (await browser.get(SENT)).text
    field = re.search(r'<input class="ds-plain-code".*?>', page, re.DOTALL)
    assert field is not None
    for attribute in (
        'autocomplete="one-time-code"',
        'inputmode="numeric"',
        'dir="ltr"',
        "required",
    ):
        assert attribute in field[0]
    assert 'maxlength="6"' not in field[0], "a code pasted with spaces is longer"
    assert '<label for="code">' in page
    assert "<script" not in page


async def test_a_wrong_code_says_what_is_left_and_what_to_do(portal: Portal) -> None:
    browser = portal.browser()
    code = await ask(portal, browser, EMAILS[MARA], next="/orders")
    said = []
    for _ in range(5):
        answer = await give(browser, other_than(code))
        said += re.findall(r'role="alert">([^<]*)<', answer.text)
        assert answer.status_code == 422
        assert "doorstep" not in browser.cookies
    assert said[0] == "This is not the code that we sent. You can try 4 more times."
    assert said[3] == "This is not the code that we sent. You can try 1 more time."
    assert said[4].startswith("That was the wrong code too often")

    # The page is the way on: one press, and the next mail comes, to the same place.
    action, fields = form(answer, at="/sign-in")
    assert fields["next"] == "/orders"
    again = await browser.post(action, data=fields)
    assert again.headers["location"] == f"{SENT}?again=new"
    page = await browser.get(again.headers["location"])
    assert "Only the code in the newest one works." in page.text
    await portal.front.settle()
    done = await press(browser, page, at=SENT, code=portal.outbox.mails[-1].subject.split()[0])
    assert done.headers["location"] == "/orders"


@pytest.mark.parametrize("email", [EMAILS[MARA], "stranger@example.com"])
async def test_who_asks_twice_is_told_that_both_codes_work_and_not_whether_mail_came(
    portal: Portal, email: str
) -> None:
    browser = portal.browser()
    code = await ask(portal, browser, email)
    again = await press(browser, await browser.get(SENT), at="/sign-in")
    page = await browser.get(again.headers["location"])
    assert "You asked for another mail. The code and the link from before work too." in page.text
    await portal.front.settle()
    if code:
        assert (await press(browser, page, at=SENT, code=code)).status_code == 303


async def test_what_is_no_code_is_told_and_costs_no_try(portal: Portal) -> None:
    browser = portal.browser()
    code = await ask(portal, browser, EMAILS[MARA])
    for typed in ("", "12", "not a code", "12345678"):
        answer = await give(browser, typed)
        assert answer.status_code == 422
        assert "The code has six digits." in answer.text
    assert (await give(browser, code)).status_code == 303


async def test_another_browser_cannot_use_the_code(portal: Portal) -> None:
    code = await ask(portal, portal.browser(), EMAILS[MARA])
    attacker = portal.browser()
    await ask(portal, attacker, EMAILS[MARA])

    assert "You can try 4 more times." in (await give(attacker, code)).text
    assert "doorstep" not in attacker.cookies


async def test_two_tabs_that_ask_for_two_addresses_each_take_their_code(portal: Portal) -> None:
    browser = portal.browser()
    mara = await ask(portal, browser, EMAILS[MARA], next="/orders")
    first_tab = await browser.get(SENT)
    await ask(portal, browser, EMAILS[JONAS])

    done = await press(browser, first_tab, at=SENT, code=mara)

    assert done.headers["location"] == "/orders"
    assert (await browser.get("/")).text == f"customer {MARA}"


async def test_a_form_of_another_site_signs_nobody_in(portal: Portal) -> None:
    attacker, victim = portal.browser(), portal.browser()
    code = await ask(portal, attacker, EMAILS[JONAS])
    _, hidden = form(await attacker.get(SENT), at=SENT)
    await ask(portal, victim, EMAILS[MARA])
    for fields in (hidden, {**hidden, "form": "0" * 64}, {"email": EMAILS[JONAS]}):
        answer = await victim.post(SENT, data={**fields, "code": code})
        assert answer.status_code == 403
    for site in ("cross-site", "same-site"):
        answer = await victim.post(
            SENT, data={**hidden, "code": code}, headers={"Sec-Fetch-Site": site}
        )
        assert answer.status_code == 403
    assert "doorstep" not in victim.cookies


async def test_the_page_tells_nothing_about_who_is_a_customer(portal: Portal) -> None:
    """Text, status, headers and the order of answers, from the question to the last try."""
    seen = []
    for email in (EMAILS[MARA], "nobody@example.com"):
        browser = portal.browser()
        code = await ask(portal, browser, email)
        guess = other_than(code) if code else "123456"
        answers = [await browser.get(SENT)]
        answers += [await give(browser, typed) for typed in ("12", *[guess] * 5)]
        answers.append(await browser.get(SENT))
        portal.clock.move(minutes=11)
        answers.append(await browser.get(SENT))
        portal.clock.move(minutes=-11)
        seen.append(
            [
                (
                    one.status_code,
                    re.sub(r"[0-9a-f]{64}", "token", one.text.replace(email, "…")),
                    sorted((name, value) for name, value in one.headers.items()
                           if name != "content-length"),
                )
                for one in answers
            ]
        )  # fmt: skip
    assert seen[0] == seen[1]


async def test_expired_codes_lead_on_to_the_next_mail(portal: Portal) -> None:
    browser = portal.browser()
    code = await ask(portal, browser, EMAILS[MARA])
    page = await browser.get(SENT)
    portal.clock.move(minutes=11)

    answer = await press(browser, page, at=SENT, code=code)

    assert answer.status_code == 422
    assert "This code has expired, or was used." in answer.text
    assert 'name="code"' not in answer.text
    assert form(answer, at="/sign-in")[1]["email"] == EMAILS[MARA]


async def test_under_attack_the_page_asks_for_the_link_or_a_longer_code(portal: Portal) -> None:
    browser = portal.browser()
    code = await ask(portal, browser, EMAILS[MARA])
    page = await browser.get(SENT)
    await under_attack(portal)

    answer = await press(browser, page, at=SENT, code=code)
    assert "Short codes do not work at this moment" in answer.text
    assert "doorstep" not in browser.cookies

    await press(browser, answer, at="/sign-in")
    await portal.front.settle()
    long = portal.outbox.mails[-1].subject.split()[0]
    assert len(long) == 8
    page = await browser.get(SENT)
    assert "eight letters and digits" in page.text
    assert 'inputmode="text"' in page.text
    done = await press(browser, page, at=SENT, code=f"{long[:4]} {long[4:].lower()}")
    assert done.status_code == 303


async def test_a_code_to_an_address_that_was_changed_lets_nobody_in(portal: Portal) -> None:
    browser = portal.browser()
    code = await ask(portal, browser, EMAILS[MARA])
    portal.people.left.add(EMAILS[MARA])

    answer = await give(browser, code)

    assert answer.status_code == 422
    assert "You are not signed in here." in answer.text
    assert "doorstep" not in browser.cookies


async def test_a_shop_that_does_not_answer_keeps_nobody_out(portal: Portal) -> None:
    browser = portal.browser()
    code = await ask(portal, browser, EMAILS[MARA])
    portal.people.failure = RechargeError("down")

    assert (await give(browser, code)).status_code == 303


async def test_without_having_asked_there_is_nothing_to_give(portal: Portal) -> None:
    browser = portal.browser()
    assert (await browser.get(SENT)).headers["location"] == "/sign-in"
    assert (await browser.post(SENT, data={"code": "123456"})).headers["location"] == "/sign-in"


async def test_signing_in_by_code_changes_the_session_cookie(portal: Portal) -> None:
    planted, _ = await portal.sessions.start(JONAS, method="link")
    browser = portal.browser()
    code = await ask(portal, browser, EMAILS[MARA])
    page = await browser.get(SENT)
    browser.cookies.set("doorstep", planted, domain="localhost.local")

    await press(browser, page, at=SENT, code=code)

    assert await portal.sessions.read(planted) is None
    assert browser.cookies["doorstep"] != planted


async def test_when_too_many_mails_go_out_none_is_asked_for(portal: Portal) -> None:
    [limit] = MAILS_IN_ALL
    limits = Limits(portal.database)
    await limits.count([(limit, "")], portal.clock(), number=limit.most - 1)
    await ask(portal, portal.browser(), "nobody@example.com")  # goes nowhere, and does not count
    assert await ask(portal, portal.browser(), EMAILS[MARA])

    for email in (EMAILS[JONAS], "nobody@example.com"):
        browser = portal.browser()
        answer = await press(browser, await browser.get("/sign-in"), email=email)
        assert answer.status_code == 429
        assert "Those you already have still work." in answer.text


async def test_a_code_stands_in_no_log(portal: Portal, capsys: pytest.CaptureFixture[str]) -> None:
    browser = portal.browser()
    code = await ask(portal, browser, EMAILS[MARA])
    await give(browser, other_than(code))
    await give(browser, code)
    captured = capsys.readouterr()
    log = captured.out + captured.err
    assert "signed in" in log
    for secret in (code, other_than(code), "@", browser.cookies["doorstep"]):
        assert secret not in log


@pytest.mark.parametrize("spoilt", ["{0}/", "{0}>", "{0}.", "{0}/x/y", "{0},", "{0}%3E", "{0}/%20"])
async def test_a_spoilt_link_is_mended_and_stands_in_no_other_address(
    portal: Portal, spoilt: str
) -> None:
    browser = portal.browser()
    await ask(portal, browser, EMAILS[MARA])
    link = re.search(r"/sign-in/([\w-]{43})", portal.outbox.mails[0].text)
    assert link is not None

    answer = await browser.get(f"/sign-in/{spoilt.format(link[1])}")

    assert (answer.status_code, answer.headers["location"]) == (303, link[0])
    assert (await browser.get(link[0])).status_code == 200
    for broken in (f"/sign-in/{link[1][:-1]}/", f"/sign-in/{link[1]}x", f"/sign-in/x/{link[1]}"):
        lost = await browser.get(broken)
        assert lost.status_code == 303
        assert link[1][:20] not in lost.headers["location"]
