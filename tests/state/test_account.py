"""The account on screen: devices, and the way to another e-mail address."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from app.actions import STEP_UP, Principal, Services
from app.auth import Codes, Limits, Sessions
from app.state import AccountDoors, AccountState, EmailQuestion, NameQuestion, PhoneQuestion, Portal
from app.web import EmailCodePost, Pages
from tests.actions.shop import Shop
from tests.auth.world import make_settings
from tests.state.page import English, text
from tests.web.shop import Outbox

JONAS, MARA = 102, 101
NEW = "jonas.new@example.org"


async def no_name() -> str:
    return "Northbound"


@dataclass
class Account:
    """An account on screen, with what stands behind it."""

    state: AccountState
    portal: Portal
    outbox: Outbox
    emails: EmailCodePost
    sessions: Sessions
    services: Services
    shop: Shop

    async def code(self) -> str:
        """The code of the mail that was sent last."""
        await self.emails.settle()
        found = re.search(r"^(\d{3}) (\d{3})$", self.outbox.mails[-1].text, re.MULTILINE)
        assert found is not None
        return found[1] + found[2]

    async def asked(self, email: str = NEW) -> EmailQuestion:
        """The question, with a code on its way to this address."""
        question = EmailQuestion(self.state)
        await question.write(email=email)
        assert await question.send()
        return question

    def said(self, question: EmailQuestion) -> str:
        (message,) = question.wrong.values()
        return English.render(message)

    async def address(self) -> str:
        return (await self.shop.client.customers.get(JONAS)).email


@pytest.fixture
async def account(shop: Shop) -> AsyncIterator[Account]:
    clock = shop.sandbox.clock.now
    outbox = Outbox()
    codes, limits = Codes(shop.database, clock), Limits(shop.database)
    emails = EmailCodePost(codes, limits, outbox, Pages(English, no_name), clock)
    sessions = Sessions(shop.database, make_settings(), clock)
    _, principal = await sessions.start(JONAS, method="link", user_agent="Firefox/1 Windows")
    services = shop.services()

    async def is_proven(principal: Principal, what: str) -> bool:
        """The code to the mailbox on record was given: see test_step_up.py."""
        return what == STEP_UP or await emails.is_proven(principal, what)

    services.is_signed_in, services.is_proven = sessions.is_signed_in, is_proven
    portal = Portal(services, principal, English)
    await portal.open()
    state = AccountState(portal, AccountDoors(sessions, emails))
    await state.open()
    yield Account(state, portal, outbox, emails, sessions, services, shop)
    portal.close()
    await emails.settle()


async def test_an_address_is_changed_with_the_code_that_was_sent_there(account: Account) -> None:
    question = await account.asked()
    assert (question.stage, question.sent_to) == ("code", NEW)
    assert account.state.awaited == NEW
    assert question.preview is not None, "what it comes to stands beside the code"
    assert (await account.address()) != NEW, "nothing is changed before"

    code = await account.code()
    (mail,) = account.outbox.mails
    assert mail.to == NEW
    assert code not in mail.subject, "a locked phone shows the subject"
    await question.write(code=f" {code[:3]} {code[3:]} ")
    assert await question.give()
    outcome = await question.confirm()

    assert outcome is not None
    assert await account.address() == NEW
    assert text(account.portal.notice) == f"Your e-mail address is now {NEW}."
    assert account.state.awaited is None, "the code has done its work"
    assert not await account.emails.is_proven(account.portal.principal, f"mailbox {NEW}")


async def test_a_press_without_the_code_changes_nothing(account: Account) -> None:
    question = await account.asked()
    await question.confirm()
    assert await account.address() != NEW
    assert "confirm that it is you" in text(account.portal.notice)


async def test_a_wrong_code_is_told_with_what_is_left(account: Account) -> None:
    question = await account.asked()
    code = await account.code()
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    said = []
    for _ in range(5):
        await question.write(code=wrong)
        assert not await question.give()
        said.append(account.said(question))
    assert said[0].endswith("You can try 4 more times.")
    assert said[3].endswith("You can try 1 more time.")
    assert said[4] == "That was the wrong code too often. Please have a new one sent."
    await question.write(code=code)
    assert not await question.give()
    assert await question.send_again()
    await question.write(code=await account.code())
    assert await question.give()


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef"])
async def test_what_is_no_code_uses_up_no_try(account: Account, typed: str) -> None:
    question = await account.asked()
    await question.write(code=typed)
    assert not await question.give()
    assert account.said(question) == "The code has six digits. It stands in the mail."
    found = await account.emails.find(account.portal.principal)
    assert found is not None
    assert found.tries_left == 5


@pytest.mark.parametrize("typed", ["", "nobody", "a@b", "a@example.com, b@example.com"])
async def test_what_is_no_address_gets_no_mail(account: Account, typed: str) -> None:
    question = EmailQuestion(account.state)
    await question.write(email=typed)
    assert not await question.send()
    assert "does not look like an e-mail address" in account.said(question)
    await account.emails.settle()
    assert account.outbox.mails == []


async def test_the_own_address_needs_no_code(account: Account) -> None:
    question = EmailQuestion(account.state)
    await question.write(email=(await account.address()).upper())
    assert not await question.send()
    assert account.said(question) == "That is your address already."


async def test_whether_an_address_is_taken_shows_only_to_who_reads_it(account: Account) -> None:
    taken = (await account.shop.client.customers.get(MARA)).email
    await account.shop.forget_counters()
    free, theirs = await account.asked(), await account.asked(taken)
    assert (await account.shop.counters())["requests"] == {}, "nobody is looked up"
    assert (free.stage, free.wrong, free.note) == (theirs.stage, theirs.wrong, theirs.note)
    await account.emails.settle()
    mails = [re.sub(r"\d{3} \d{3}", "", mail.text) for mail in account.outbox.mails]
    assert mails[0] == mails[1]

    await theirs.write(code=await account.code())
    assert await theirs.give()
    assert await theirs.confirm() is None
    assert "another account may have it already" in text(account.portal.notice)
    assert (await account.shop.client.customers.get(MARA)).email == taken


async def test_a_code_for_one_address_changes_to_no_other(account: Account) -> None:
    question = await account.asked()
    await question.write(code=await account.code())
    assert await question.give()
    question.sent_to = "somebody.else@example.org"
    await question.ask()
    await question.confirm()
    assert await account.address() not in (NEW, "somebody.else@example.org")


async def test_a_code_of_this_session_is_nothing_in_another(account: Account) -> None:
    await account.asked()
    code = await account.code()
    _, elsewhere = await account.sessions.start(JONAS, method="link")
    assert await account.emails.find(elsewhere) is None
    assert await account.emails.give(elsewhere, code) == "gone"


async def test_what_was_begun_is_found_again_after_a_reload(account: Account) -> None:
    await account.asked()
    code = await account.code()
    again = EmailQuestion(account.state)
    assert (again.stage, again.sent_to) == ("code", NEW)
    await again.ask()
    await again.write(code=code)
    assert await again.give()
    assert await again.confirm() is not None


async def test_a_given_code_counts_when_the_shop_did_not_answer(account: Account) -> None:
    question = await account.asked()
    await question.write(code=await account.code())
    await account.shop.fault("PUT", "/customers/*", "503", times=9)
    assert await question.give()
    assert await question.confirm() is None
    await account.shop.no_faults()
    again = EmailQuestion(account.state)
    assert again.stage == "code"
    await again.ask()
    assert await again.give(), "no second code is needed"
    assert await again.confirm() is not None
    assert await account.address() == NEW


async def test_mails_are_counted_for_the_customer_and_for_the_mailbox(account: Account) -> None:
    for number in range(5):
        await account.asked(f"new{number}@example.org")
    question = EmailQuestion(account.state)
    await question.write(email="new6@example.org")
    assert not await question.send()
    assert "Too many codes were asked for" in account.said(question)

    for session in range(2):
        _, mara = await account.sessions.start(MARA, method="link")
        for _ in range(2):
            assert await account.emails.ask(mara, "victim@example.org") == "sent"
        assert session < 2
    _, sam = await account.sessions.start(106, method="link")
    assert await account.emails.ask(sam, "Victim@example.org") == "sent"
    assert await account.emails.ask(sam, "victim@example.org") == "too many"


async def test_another_address_after_all(account: Account) -> None:
    question = await account.asked("typo@example.org")
    code = await account.code()
    await question.start_again()
    assert (question.stage, question.email) == ("address", "typo@example.org")
    assert account.state.awaited is None
    assert await account.emails.give(account.portal.principal, code) == "gone"


async def test_devices_can_be_signed_out(account: Account) -> None:
    for _ in range(2):
        await account.sessions.start(JONAS, method="link", user_agent="Version/1 Safari/1 iPad")
    await account.sessions.start(MARA, method="link")
    await account.state.open()
    assert account.state.devices is not None
    assert [one.browser for one in account.state.devices] == ["Firefox", "Safari", "Safari"]
    assert account.state.others == 2

    await account.state.sign_out(account.state.devices[1])
    assert account.state.others == 1
    assert text(account.portal.notice) == "That device is signed out. Its open pages close now."
    await account.state.sign_out_others()
    assert account.state.others == 0
    assert text(account.portal.notice).startswith("1 other device is signed out.")
    assert await account.sessions.is_signed_in(account.portal.principal)


async def test_nobody_signs_out_anothers_device(account: Account) -> None:
    _, mara = await account.sessions.start(MARA, method="link")
    (theirs,) = await account.sessions.devices(mara)
    await account.state.sign_out(theirs)
    assert await account.sessions.is_signed_in(mara)
    assert text(account.portal.notice) == "That device was signed out already."


async def test_a_name_is_judged_when_it_was_left(account: Account) -> None:
    question = NameQuestion(account.portal)
    await question.ask()
    assert question.preview is None
    assert question.failure is None, "nothing was written yet"
    await question.choose(last_name="")
    assert question.failure is not None
    assert set(question.failure.parts) == {"last_name"}
    await question.choose(last_name="Weber-Lang")
    assert question.failure is None
    assert question.preview is not None


async def test_a_number_is_read_as_in_the_customers_country(
    account: Account, services: Services, shop: Shop
) -> None:
    question = PhoneQuestion(account.portal)
    await question.choose(phone="(802) 555-0199")
    await question.confirm()
    assert (await shop.client.customers.get(JONAS)).phone == "+18025550199"
    again = PhoneQuestion(account.portal)
    await again.choose(phone="")
    await again.confirm()
    assert (await shop.client.customers.get(JONAS)).phone is None
