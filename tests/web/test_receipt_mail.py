"""Receipts by mail: what stands in them, and that each goes out, once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from app.actions import (
    CancelSeveral,
    PartlyDone,
    ReceiptState,
    Services,
    Which,
    perform,
    receipt_number,
    receipt_of,
    undo,
    which,
)
from app.actions.receipt_rows import LEASE
from app.i18n import say
from app.mail import BadMail, Mail, NotDelivered, SmtpMailer
from app.web import ReceiptPost
from app.web.receipt_mail import GIVEN_UP_AFTER, PAUSES
from app.web.receipt_words import receipt_mail
from tests.actions.cases.cancel import cancel_first
from tests.actions.conftest import pattern, services, shop
from tests.actions.shop import Shop, press, signed_in
from tests.web.receipt_box import (
    HIS,
    JONAS,
    ORIGIN,
    SHOP,
    Box,
    about_coffee,
    both,
    made_up,
    pages,
    post_by,
    row_of,
)
from tests.web.test_mail import Server, Sink, server, sink

__all__ = ["pattern", "server", "services", "shop", "sink"]

MARA = signed_in(101)


@pytest.fixture
async def post(services: Services, server: Server) -> AsyncIterator[ReceiptPost]:
    """One that sends through a real mail server, when it is told to."""
    mailer = SmtpMailer(f"smtp://127.0.0.1:{server.port}", f"{SHOP} <hello@northbound.example>")
    post = post_by(services, mailer)
    yield post
    await post.close()


async def cancelled(shop: Shop, services: Services) -> str:
    """An end of Jonas's subscription."""
    action = await cancel_first(shop, services, JONAS)
    return (await perform(services, JONAS, action, key=press())).activity_id


async def test_the_mail_says_what_ended_and_when_and_how_to_start_again(
    shop: Shop, services: Services, post: ReceiptPost, sink: Sink
) -> None:
    id = await cancelled(shop, services)
    await post.settle()

    (mail,) = sink.mails
    assert mail["To"] == HIS
    assert sink.recipients == [[HIS]]
    assert mail["Subject"].startswith("Your subscription to ")
    assert mail["Subject"].endswith(" is cancelled")
    assert mail["Auto-Submitted"] == "auto-generated"
    row = await row_of(services, id)
    moment = row.at.astimezone((await shop.mirror.shop()).timezone)
    for content in both(mail):
        assert receipt_number(id) in content
        assert f"{moment:%H:%M}" in content
        assert "23 November 2026" in content
        assert "Eastern Standard Time" in content
        assert "What still arrives" in content
        assert f"{ORIGIN}/subscriptions/310" in content
        assert id not in content
    assert (row.state, row.due_at) == (ReceiptState.SENT, None)
    assert row.sent_at is not None
    issued = await receipt_of(services, JONAS, id)
    assert issued is not None
    assert (issued.state, issued.to) == (ReceiptState.SENT, "j…@example.com")

    await post.settle()
    assert len(sink.mails) == 1


async def test_it_goes_out_by_itself_and_open_pages_are_told(
    shop: Shop, services: Services, post: ReceiptPost, sink: Sink
) -> None:
    news: asyncio.Queue[None] = asyncio.Queue()
    await shop.mirror.customer(102).snapshot()
    post.start()
    leave = shop.mirror.changes.subscribe(102, lambda: news.put_nowait(None))

    id = await cancelled(shop, services)
    while (await row_of(services, id)).state is not ReceiptState.SENT:
        await news.get()

    leave()
    assert [mail["To"] for mail in sink.mails] == [HIS]


async def test_what_an_earlier_run_has_left_goes_out_at_the_start(
    shop: Shop, services: Services, post: ReceiptPost, sink: Sink
) -> None:
    id = await cancelled(shop, services)
    await services.close()
    news: asyncio.Queue[None] = asyncio.Queue()
    leave = shop.mirror.changes.subscribe(102, lambda: news.put_nowait(None))

    post.start()

    while (await row_of(services, id)).state is not ReceiptState.SENT:
        await news.get()
    leave()
    assert len(sink.mails) == 1


async def test_one_that_was_taken_back_is_told_so(
    shop: Shop, services: Services, post: ReceiptPost, sink: Sink
) -> None:
    id = await cancelled(shop, services)
    await undo(services, JONAS, id, key=press())
    await post.settle()

    ended, again = sorted(sink.mails, key=lambda mail: "again" in mail["Subject"])
    assert again["Subject"].endswith(" is active again")
    assert ended["Message-ID"] != again["Message-ID"]
    assert "Sun 29 Nov" in both(again)[0]


async def test_of_several_it_tells_what_was_done_and_what_was_not(
    shop: Shop, services: Services, post: ReceiptPost, sink: Sink
) -> None:
    three = tuple(
        Which(address_id=address, subscription_id=id)
        for address, id in ((201, 302), (201, 303), (202, 306))
    )
    await shop.fault("POST", "/subscriptions/303/cancel", "422")
    with pytest.raises(PartlyDone):
        await perform(services, MARA, CancelSeveral(subscriptions=three), key=press())
    await post.settle()

    (mail,) = sink.mails
    assert mail["Subject"] == "2 of 3 subscriptions are cancelled"
    names = {
        id: (await shop.client.subscriptions.get(id)).product_title or "" for id in (302, 303, 306)
    }
    text, html = both(mail)
    for content in (text, html):
        done, _, left = content.partition("Not done")
        assert names[302].split()[0] in done
        assert names[306].split()[0] in done
        assert "is not cancelled" not in done
        assert "is not cancelled" in left
        assert f"{ORIGIN}/activity" in left, "where the rest can be tried again"
    assert f"{names[303]}" in text.partition("Not done")[2].partition("What stays active")[0]


async def test_a_refused_mail_is_tried_again_and_its_refusal_is_told_without_the_address(
    shop: Shop, services: Services, post: ReceiptPost, sink: Sink
) -> None:
    id = await cancelled(shop, services)
    sink.refuses = True
    with capture_logs() as logs:
        await post.settle()
        assert (await row_of(services, id)).state is ReceiptState.WAITING
        await post.settle()  # not due yet
        assert (await row_of(services, id)).tries == 1
        await shop.advance(PAUSES[0])
        await post.settle()
        assert (await row_of(services, id)).tries == 2
        sink.refuses = False
        await shop.advance(PAUSES[1])
        await post.settle()

    assert (await row_of(services, id)).state is ReceiptState.SENT
    assert len(sink.mails) == 1
    assert [log["log_level"] for log in logs if "receipt" in log] == ["warning", "warning", "info"]
    assert "@" not in str(logs)
    assert "jonas" not in str(logs).lower()


@pytest.mark.usefixtures("services")
async def test_at_last_it_is_given_up_loudly(shop: Shop) -> None:
    services = shop.services()
    id = await made_up(services, about_coffee(copy_to_shop=True))

    def refuse(_: Mail) -> None:
        raise NotDelivered("SMTPDataError")

    post = post_by(services, Box(refuse))
    attempts = 0
    with capture_logs() as logs:
        while (due := await services.journal.receipts.next_due()) is not None:
            await shop.advance(max(due - services.clock(), timedelta(0)))
            await post.settle()
            attempts += 1
            assert attempts < 50

    row = await row_of(services, id)
    assert (row.state, row.copy, row.due_at) == (ReceiptState.NOT_SENT, ReceiptState.NOT_SENT, None)
    assert attempts > len(PAUSES)
    assert services.clock() - row.at <= GIVEN_UP_AFTER
    (given_up,) = [log for log in logs if log["log_level"] == "error"]
    assert given_up["receipt"] == row.number
    assert "@" not in str(logs)
    issued = await receipt_of(services, JONAS, id)
    assert issued is not None
    assert issued.state is ReceiptState.NOT_SENT


async def test_two_senders_at_once_send_one_mail(
    shop: Shop, services: Services, sink: Sink, post: ReceiptPost, server: Server
) -> None:
    other = post_by(shop.services(), SmtpMailer(f"smtp://127.0.0.1:{server.port}", "a@b.example"))
    await cancelled(shop, services)
    await asyncio.gather(post.settle(), other.settle(), post.settle(), other.settle())
    assert len(sink.mails) == 1


async def test_a_sender_that_dies_after_sending_sends_the_same_mail_again(
    shop: Shop, services: Services, sink: Sink, post: ReceiptPost, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = await cancelled(shop, services)

    async def die(*_: Any, **__: Any) -> bool:
        raise OSError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(services.journal.receipts, "note", die)
        await post.settle()
    assert (await row_of(services, id)).state is ReceiptState.WAITING
    await shop.advance(LEASE)
    await post.settle()

    first, second = sink.mails
    assert first["Message-ID"] == second["Message-ID"], "a mailbox can tell that it is the same"
    assert (await row_of(services, id)).state is ReceiptState.SENT


async def test_a_mail_on_its_way_is_finished_when_the_service_stops(services: Services) -> None:
    under_way, may_end = asyncio.Event(), asyncio.Event()

    class Slow(Box):
        async def send(self, mail: Mail) -> None:
            under_way.set()
            await may_end.wait()
            await super().send(mail)

    box = Slow()
    post = post_by(services, box)
    post.start()
    id = await made_up(services, about_coffee())
    await under_way.wait()
    later = await made_up(services, about_coffee())
    closing = asyncio.create_task(post.close())
    await asyncio.sleep(0)
    may_end.set()
    await closing

    assert len(box.mails) == 1
    assert (await row_of(services, id)).state is ReceiptState.SENT
    assert (await row_of(services, later)).tries == 0, "it waits for the next start"


async def test_what_came_out_otherwise_is_told(services: Services) -> None:
    box = Box()
    await made_up(services, about_coffee(), differences=(say("But it now comes on Monday."),))
    await post_by(services, box).settle()
    (mail,) = box.mails
    for content in (mail.text, mail.html):
        assert "But it now comes on Monday." in content.partition("Otherwise than foreseen")[2]


async def test_one_that_cannot_be_made_does_not_hold_up_the_others(
    shop: Shop, services: Services
) -> None:
    def break_once(mail: Mail) -> None:
        if "Tea" in mail.subject:
            raise RuntimeError("mara.lindqvist@example.com")

    box = Box(break_once)
    await made_up(services, about_coffee("Tea"))
    await made_up(services, about_coffee("Coffee"))
    with capture_logs() as logs:
        await post_by(services, box).settle()
    assert [mail.subject for mail in box.mails] == ["Your subscription to Coffee is cancelled"]
    assert "@" not in str(logs)


async def test_the_shop_gets_a_copy_and_the_customer_none_twice(
    shop: Shop, services: Services
) -> None:
    store = (await shop.mirror.shop()).email

    def not_to_the_shop(mail: Mail) -> None:
        if mail.to == store:
            raise NotDelivered("SMTPConnectError")

    box = Box(not_to_the_shop)
    post = post_by(services, box)
    id = await made_up(services, about_coffee(copy_to_shop=True))
    await post.settle()
    row = await row_of(services, id)
    assert (row.state, row.copy) == (ReceiptState.SENT, ReceiptState.WAITING)

    box.fails = lambda _: None
    await shop.advance(PAUSES[0])
    await post.settle()

    assert [mail.to for mail in box.mails] == [HIS, store]
    assert HIS in box.mails[1].text
    assert "102 in Recharge" in box.mails[1].text
    assert "in Recharge" not in box.mails[0].text
    assert box.mails[1].subject == f"Copy: {box.mails[0].subject}"
    assert "your receipt" not in box.mails[1].text
    row = await row_of(services, id)
    assert (row.copy, row.due_at) == (ReceiptState.SENT, None)


async def test_what_went_to_the_customer_is_kept_before_the_copy_goes_out(
    shop: Shop, services: Services
) -> None:
    store = (await shop.mirror.shop()).email

    def die_at_the_copy(mail: Mail) -> None:
        if mail.to == store:
            raise RuntimeError("killed")

    box = Box(die_at_the_copy)
    id = await made_up(services, about_coffee(copy_to_shop=True))
    await post_by(services, box).settle()
    assert (await row_of(services, id)).state is ReceiptState.SENT

    box.fails = lambda _: None
    await shop.advance(LEASE)
    await post_by(services, box).settle()
    assert [mail.to for mail in box.mails] == [HIS, store]


async def test_a_customer_without_an_address_is_not_written_to(
    shop: Shop, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = shop.mirror.customer

    def without_address(customer_id: int) -> Any:
        mine = read(customer_id)

        class Nameless:
            async def snapshot(self) -> Any:
                found = await mine.snapshot()
                return replace(found, customer=found.customer.model_copy(update={"email": None}))

        return Nameless()

    id = await made_up(services, about_coffee())
    box = Box()
    monkeypatch.setattr(shop.mirror, "customer", without_address)
    with capture_logs() as logs:
        await post_by(services, box).settle()
        issued = await receipt_of(services, JONAS, id)

    assert box.mails == []
    assert issued is not None
    assert (issued.state, issued.to) == (ReceiptState.NOT_SENT, "")
    assert (await row_of(services, id)).due_at is None
    assert any(log["log_level"] == "warning" for log in logs)


async def test_an_address_that_cannot_be_used_is_not_tried_again(services: Services) -> None:
    def refuse(_: Mail) -> None:
        raise BadMail("the sender is not an e-mail address")

    id = await made_up(services, about_coffee())
    await post_by(services, Box(refuse)).settle()
    row = await row_of(services, id)
    assert (row.state, row.due_at) == (ReceiptState.NOT_SENT, None)


async def test_what_was_not_read_back_is_read_before_it_is_told(
    shop: Shop, services: Services
) -> None:
    id = await made_up(services, about_coffee(), is_confirmed=False)
    box = Box()
    post = post_by(services, box)
    await post.settle()
    assert box.mails == [], "the subscription is active still"

    await shop.client.subscriptions.cancel(310, cancellation_reason="Late")
    await shop.advance(PAUSES[0])
    await post.settle()
    assert len(box.mails) == 1
    assert (await row_of(services, id)).state is ReceiptState.SENT


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script> & co",
        "Coffee\r\nBcc: x@evil.example\r\n\r\nYou owe us money.",
        "Coffee\u2028Bcc: x@evil.example\x85\x00\x1b[31m",
        "Coffee " * 60,
        "{secret}",
    ],
)
async def test_a_products_name_stays_a_name(
    name: str, services: Services, post: ReceiptPost, sink: Sink
) -> None:
    await made_up(services, about_coffee(name))
    await post.settle()

    (mail,) = sink.mails
    assert mail["Bcc"] is None
    assert mail["To"] == HIS
    assert len(mail["Subject"]) <= 200
    text, html = both(mail)
    assert "<script" not in html
    assert "\x1b" not in text + html
    flat = " ".join(name.replace("\x00", "").replace("\x1b", "").split())
    assert f"- {flat} does not come any more." in text.splitlines()


@pytest.mark.parametrize(("language", "direction"), [("de", "ltr"), ("ar", "rtl")])
async def test_it_is_written_as_the_shops_language_is(
    language: str, direction: str, shop: Shop, services: Services
) -> None:
    id = await made_up(services, about_coffee())
    mail = receipt_mail(
        await row_of(services, id),
        shop=await shop.mirror.shop(),
        to=HIS,
        pages=pages(language),
        origin=ORIGIN,
    )
    assert f'<html lang="{language}" dir="{direction}">' in mail.html
    if language == "de":
        assert "23. November 2026" in mail.text
        assert "Ostküsten-Normalzeit" in mail.text


def test_pauses_grow() -> None:
    assert list(PAUSES) == sorted(PAUSES)
    assert PAUSES[-1] < GIVEN_UP_AFTER


async def test_what_still_comes_beside_it_stands_in_the_mail_once(
    shop: Shop, services: Services, post: ReceiptPost, sink: Sink
) -> None:
    snapshot = (await shop.situation(services, 101)).snapshot
    active = [one for one in snapshot.subscriptions if one.status == "active"]
    every = CancelSeveral(subscriptions=tuple(map(which, active)))
    await perform(services, MARA, every, key=press())
    await post.settle()

    (mail,) = sink.mails
    for content in both(mail):
        rest = content.partition("What still arrives")[2]
        assert content.count("Northbound Enamel Cup (Forest) still comes on") == 1
        assert "Northbound Enamel Cup (Forest) still comes on" in rest
        assert "Nothing more." not in content
