"""A code before a press: asked for on the page, given, and the press goes on."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from app.actions import STEP_UP, Acting, Level, Principal, Services
from app.auth import CalendarFeeds, Codes, Limits, Sessions
from app.state import (
    AccountDoors,
    AccountState,
    CalendarFeedState,
    EmailQuestion,
    MakeDefaultQuestion,
    NameQuestion,
    Portal,
    StepUpState,
)
from app.web import EmailCodePost, Pages, StepUpPost
from tests.actions.shop import Shop
from tests.auth.world import make_settings
from tests.state.page import English, text
from tests.web.shop import Outbox

MARA, SECOND = 101, 602
METHODS = "PUT /payment_methods/{id}"


async def no_name() -> str:
    return "Northbound"


@dataclass
class Desk:
    """A customer at an open page, their mailbox, and the shop."""

    portal: Portal
    outbox: Outbox
    codes: StepUpPost
    emails: EmailCodePost
    sessions: Sessions
    services: Services
    shop: Shop

    @property
    def step_up(self) -> StepUpState:
        return self.portal.step_up

    async def asked(self) -> MakeDefaultQuestion:
        """Whether another card is to be the default."""
        question = MakeDefaultQuestion(
            next(one for one in self.portal.payments.methods if one.key == SECOND)
        )
        await question.ask()
        return question

    async def code(self) -> str:
        """The code of the mail that was sent last."""
        await self.codes.settle()
        await self.emails.settle()
        found = re.search(r"^(\d{3}) (\d{3})$", self.outbox.mails[-1].text, re.MULTILINE)
        assert found is not None
        return found[1] + found[2]

    async def default(self) -> int | None:
        methods = self.shop.client.payment_methods.list(customer_id=MARA)
        found = [one.id async for one in methods if one.default]
        return found[0] if found else None


@pytest.fixture
async def desk(shop: Shop) -> AsyncIterator[Desk]:
    clock = shop.sandbox.clock.now
    outbox = Outbox()
    tools = (Codes(shop.database, clock), Limits(shop.database), outbox)
    pages = Pages(English, no_name)
    codes = StepUpPost(shop.mirror, *tools, pages, clock)
    emails = EmailCodePost(*tools, pages, clock)
    sessions = Sessions(shop.database, make_settings(), clock)
    _, principal = await sessions.start(MARA, method="theme token", level=Level.LINK)
    services = shop.services()

    async def is_proven(principal: Principal, what: str) -> bool:
        return await codes.is_proven(principal, what) or await emails.is_proven(principal, what)

    services.is_signed_in, services.is_proven = sessions.is_signed_in, is_proven
    portal = Portal(services, principal, English)
    portal.step_up.codes = codes
    await portal.open()
    yield Desk(portal, outbox, codes, emails, sessions, services, shop)
    portal.close()
    await codes.settle()
    await emails.settle()


async def test_the_press_waits_for_the_code_and_then_goes_on(desk: Desk) -> None:
    before = await desk.default()
    question = await desk.asked()
    assert not await question.is_cleared()
    assert question.is_proving
    assert question.preview is not None, "what was asked is still there"
    (mail,) = [mail for mail in desk.outbox.mails if await desk.code()]
    assert mail.to == desk.portal.records.customer.email
    assert desk.step_up.sent_to == f"{mail.to[0]}…@{mail.to.partition('@')[2]}"
    assert await desk.default() == before

    code = await desk.code()
    await desk.step_up.write(f" {code[:3]} {code[3:]} ")
    assert await question.is_cleared()
    assert await question.confirm() is not None
    assert await desk.default() == SECOND != before


async def test_for_ten_minutes_nothing_more_is_asked(desk: Desk) -> None:
    question = await desk.asked()
    await question.is_cleared()
    await desk.step_up.write(await desk.code())
    assert await question.is_cleared()

    await desk.shop.advance(timedelta(minutes=9))
    assert await (await desk.asked()).is_cleared()
    assert len(desk.outbox.mails) == 1
    await desk.shop.advance(timedelta(minutes=2))
    assert not await (await desk.asked()).is_cleared()
    await desk.codes.settle()
    assert len(desk.outbox.mails) == 2


async def test_wrong_codes_are_told_with_what_is_left(desk: Desk) -> None:
    question = await desk.asked()
    await question.is_cleared()
    right = await desk.code()
    said = []
    for _ in range(5):
        await desk.step_up.write(f"{(int(right) + 1) % 10**6:06d}")
        assert not await question.is_cleared()
        assert desk.step_up.wrong is not None
        said.append(English.render(desk.step_up.wrong))
    assert said[0].endswith("You can try 4 more times.")
    assert said[4] == "That was the wrong code too often. Please have a new one sent."
    await desk.step_up.write(right)
    assert not await question.is_cleared(), "it is used up"
    assert await question.confirm() is None, "and a press without it is refused"
    assert "confirm that it is you" in text(desk.portal.notice)
    assert (await desk.shop.executed()).get(METHODS) is None


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "12 34-5"])
async def test_what_is_no_code_uses_up_no_try(desk: Desk, typed: str) -> None:
    question = await desk.asked()
    await question.is_cleared()
    for _ in range(6):
        await desk.step_up.write(typed)
        assert not await question.is_cleared()
    await desk.step_up.write(await desk.code())
    assert await question.is_cleared()


@pytest.mark.parametrize("form", ["{} {}", "{}-{}", "{}\u00a0{}", "\t{}{}\n"])
async def test_a_code_may_be_pasted_as_it_stands_in_the_mail(desk: Desk, form: str) -> None:
    question = await desk.asked()
    await question.is_cleared()
    code = await desk.code()
    await desk.step_up.write(form.format(code[:3], code[3:]))
    assert await question.is_cleared()


async def test_who_closes_the_dialog_finds_the_same_code_still_good(desk: Desk) -> None:
    question = await desk.asked()
    await question.is_cleared()
    code = await desk.code()
    question.cancel()
    assert not question.is_proving
    await desk.shop.advance(timedelta(minutes=2))

    again = await desk.asked()
    assert not await again.is_cleared()
    await desk.codes.settle()
    assert len(desk.outbox.mails) == 1, "no second mail makes the first one worthless"
    await desk.step_up.write(code)
    assert await again.is_cleared()


async def test_another_code_once_the_first_had_time_to_arrive(desk: Desk) -> None:
    question = await desk.asked()
    await question.is_cleared()
    first = await desk.code()
    assert not desk.step_up.may_send
    assert not await desk.step_up.send_again()
    desk.step_up.may_send = True  # as after half a minute of the page's own time
    assert not await desk.step_up.send_again(), "the service keeps its own time"
    assert desk.step_up.wrong is not None
    assert English.render(desk.step_up.wrong).startswith("The code is on its way")

    await desk.shop.advance(timedelta(seconds=31))
    desk.step_up.may_send = True
    assert await desk.step_up.send_again()
    await desk.step_up.write(first)
    assert not await question.is_cleared(), "the one before does not count any more"
    await desk.step_up.write(await desk.code())
    assert await question.is_cleared()


async def test_too_many_codes_are_not_sent(desk: Desk) -> None:
    for _ in range(7):
        await desk.codes.forget(desk.portal.principal)
        assert not await (await desk.asked()).is_cleared()
    await desk.codes.settle()
    assert len(desk.outbox.mails) == 6
    assert desk.step_up.wrong is not None
    assert "none was sent" in English.render(desk.step_up.wrong)
    assert desk.step_up.sent_to == "", "there is no field for a code that nobody has"


async def test_a_press_where_none_was_sent_asks_for_one_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = await desk.asked()
    with monkeypatch.context() as many_are_waiting:
        many_are_waiting.setattr("app.web.post._MOST_WAITING", 0)
        assert not await question.is_cleared()
    assert desk.step_up.wrong is not None
    assert "cannot send mail at this moment" in English.render(desk.step_up.wrong)
    assert desk.step_up.sent_to == "", "there is no field for a code that nobody has"

    assert not await question.is_cleared()
    assert desk.step_up.wrong is None
    await desk.step_up.write(await desk.code())
    assert await question.is_cleared()


async def test_a_code_of_another_session_or_customer_is_nothing_here(desk: Desk) -> None:
    question = await desk.asked()
    await question.is_cleared()
    code = await desk.code()
    _, elsewhere = await desk.sessions.start(MARA, method="theme token")
    _, jonas = await desk.sessions.start(102, method="theme token")
    for other in (elsewhere, jonas, replace(jonas, session=desk.portal.principal.session)):
        assert await desk.codes.give(other, code) == "gone"
    assert await desk.codes.give(desk.portal.principal, code) == "right"
    for other in (elsewhere, jonas):
        assert not await desk.codes.is_proven(other, STEP_UP)
    assert await desk.codes.is_proven(desk.portal.principal, STEP_UP)
    assert not await desk.codes.is_proven(desk.portal.principal, "mailbox x@example.org")


async def test_nobody_is_sent_a_code_for_the_shop_in_the_customers_place(desk: Desk) -> None:
    behalf = replace(desk.portal.principal, acting=Acting.BEHALF)
    assert await desk.codes.ask(behalf) == "not theirs"
    await desk.codes.settle()
    assert desk.outbox.mails == []


async def test_a_code_never_goes_where_the_page_says(desk: Desk) -> None:
    """Before a new address gets its code, the old one does."""
    account = AccountState(desk.portal, AccountDoors(desk.sessions, desk.emails, desk.codes))
    question = EmailQuestion(account)
    await question.write(email="thief@example.org")
    assert not await question.is_cleared()
    await desk.codes.settle()
    assert [mail.to for mail in desk.outbox.mails] == [desk.portal.records.customer.email]

    await desk.step_up.write(await desk.code())
    assert await question.is_cleared()
    assert await question.send()
    await question.write(code=await desk.code())
    assert desk.outbox.mails[-1].to == "thief@example.org"
    assert await question.give()
    assert await question.is_cleared()
    assert await question.confirm() is not None


async def test_what_is_typed_badly_is_told_before_any_code(desk: Desk) -> None:
    account = AccountState(desk.portal, AccountDoors(desk.sessions, desk.emails, desk.codes))
    question = EmailQuestion(account)
    await question.write(email="no address")
    assert await question.is_cleared()
    assert not await question.send()
    assert desk.outbox.mails == []


async def test_a_press_without_a_dialog_asks_in_one_and_waits(desk: Desk) -> None:
    question = await desk.asked()
    await question.is_cleared()
    await desk.step_up.write(await desk.code())
    await question.is_cleared()
    done = await question.confirm()
    assert done is not None
    await desk.shop.advance(timedelta(minutes=11))
    opened = asyncio.Event()
    desk.step_up.opener = opened.set

    undoing = asyncio.create_task(desk.portal.take_back(done.activity_id))
    await opened.wait()
    assert await desk.default() == SECOND
    await desk.step_up.write(await desk.code())
    assert await desk.step_up.give()
    desk.step_up.go_on()
    await undoing
    assert await desk.default() != SECOND


async def test_who_leaves_the_dialog_changes_nothing(desk: Desk) -> None:
    opened = asyncio.Event()
    desk.step_up.opener = opened.set
    question = await desk.asked()
    pressing = asyncio.create_task(question.confirm())
    await opened.wait()
    desk.step_up.leave()
    assert await pressing is None
    assert await desk.shop.executed() == {}
    assert desk.portal.notice is None


async def test_a_page_that_closes_lets_its_press_go(desk: Desk) -> None:
    opened = asyncio.Event()
    desk.step_up.opener = opened.set
    pressing = asyncio.create_task((await desk.asked()).confirm())
    await opened.wait()
    desk.portal.close()
    assert await pressing is None
    assert await desk.shop.executed() == {}


async def test_what_needs_no_code_is_asked_for_none(desk: Desk) -> None:
    delivery = desk.portal.next_delivery
    assert delivery is not None
    assert not await desk.step_up.is_needed(delivery.skip_action(None))
    name = NameQuestion(desk.portal)
    await name.choose(first_name="Maria")
    assert not await name.is_cleared(), "who came by a link that may have been forwarded"


async def test_a_calendar_address_outlives_a_link_so_it_takes_a_code(desk: Desk) -> None:
    """Who came by a link that was passed on would keep reading by it for ever (ASVS 5.0, 8.2.1)."""
    feeds = CalendarFeeds(desk.shop.database)
    desk.step_up.opener = None
    who = desk.portal.principal
    state = CalendarFeedState(feeds, who, "http://localhost", desk.step_up.is_sure)
    await state.make()
    assert state.address is None, "no dialog could be opened"

    opened = asyncio.Event()
    desk.step_up.opener = opened.set
    making = asyncio.create_task(state.make())
    await opened.wait()
    assert state.address is None
    desk.step_up.leave()
    await making
    assert state.address is None

    opened.clear()
    making = asyncio.create_task(state.make())
    await opened.wait()
    await desk.step_up.write(await desk.code())
    assert await desk.step_up.give()
    desk.step_up.go_on()
    await making
    assert state.address is not None


async def test_who_came_by_a_code_makes_one_at_once(desk: Desk) -> None:
    who = replace(desk.portal.principal, level=Level.CODE)
    state = CalendarFeedState(CalendarFeeds(desk.shop.database), who, "http://localhost")
    await state.make()
    assert state.address is not None
    assert desk.outbox.mails == []
