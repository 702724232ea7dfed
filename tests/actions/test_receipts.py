"""What customers get by mail: there is one for every end that was made, and for no other."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.actions import (
    CancelSeveral,
    CancelSubscription,
    IssuedReceipt,
    Link,
    NothingKnown,
    PartlyDone,
    Principal,
    Receipt,
    ReceiptKind,
    ReceiptState,
    Result,
    Services,
    SkipDelivery,
    UpstreamRefused,
    Which,
    find_activity,
    perform,
    receipt_number,
    receipt_of,
    resume_saga,
    undo,
)
from app.actions.effect import Effect
from app.actions.journal import Journal
from app.actions.receipt_rows import LEASE, ReceiptRow
from app.actions.receipt_state import veiled
from app.actions.receipts import receipt_from_json, receipt_to_json
from app.actions.receipts import settled as settled_receipt
from app.actions.settle import look
from app.actions.tables import receipts
from app.database import Database
from app.i18n import Texts, say
from tests.actions.cases.cancel import cancel_first
from tests.actions.shop import TODAY, Shop, press, signed_in
from tests.actions.test_saga import settled

MARA, JONAS, PRIYA = signed_in(101), signed_in(102), signed_in(103)
ENGLISH = Texts("en")
NOW = datetime(2026, 11, 23, 17, tzinfo=UTC)
THREE = (
    Which(address_id=201, subscription_id=302),
    Which(address_id=201, subscription_id=303),
    Which(address_id=202, subscription_id=306),
)
CANCEL = "/subscriptions/*/cancel"


async def rows(services: Services, who: Principal) -> list[ReceiptRow]:
    """All receipts of a customer."""
    async with services.database.read() as connection:
        query = select(receipts.c.activity_id).where(receipts.c.customer_id == who.customer_id)
        ids = (await connection.execute(query)).scalars().all()
    found = [await services.journal.receipts.of(who.customer_id, id) for id in ids]
    return [row for row in found if row is not None]


def made_up(*, copy_to_shop: bool = False) -> Receipt:
    """A receipt of an end."""
    return Receipt(
        kind=ReceiptKind.CANCELLED,
        about="subscription 310",
        title=say("Your subscription to {name} is cancelled", name="Coffee"),
        if_open=say("{name} is not cancelled", name="Coffee"),
        links=(Link(say("Start it again"), "/subscriptions/310"),),
        copy_to_shop=copy_to_shop,
    )


def said(*messages: object) -> list[str]:
    return [ENGLISH.render(each) for each in messages]  # type: ignore[arg-type]


async def test_an_end_has_a_receipt_from_the_moment_it_is_recorded(
    shop: Shop, services: Services
) -> None:
    action = await cancel_first(shop, services, JONAS)

    done = await perform(services, JONAS, action, key=press())

    (row,) = await rows(services, JONAS)
    assert row.activity_id == done.activity_id
    assert row.state is ReceiptState.WAITING
    assert row.copy is None
    assert row.receipt.kind is ReceiptKind.CANCELLED
    title = ENGLISH.render(row.receipt.title)
    assert title.startswith("Your subscription to ")
    assert title.endswith(" is cancelled")
    assert row.receipt.arrives, "what still comes is always said"
    assert row.receipt.links[0].path == f"/subscriptions/{action.subscription_id}"
    issued = await receipt_of(services, JONAS, done.activity_id)
    assert issued == IssuedReceipt(
        number=receipt_number(done.activity_id),
        moment=row.at,
        state=ReceiptState.WAITING,
        content=row.receipt,
        to="j…@example.com",
    )
    zone = (await shop.mirror.shop()).timezone
    assert issued.moment.tzinfo == zone
    assert await receipt_of(services, MARA, done.activity_id) is None, "another customer's"


async def test_what_is_paid_for_and_what_goes_on_is_told(shop: Shop, services: Services) -> None:
    await perform(services, PRIYA, await cancel_first(shop, services, PRIYA), key=press())
    (paid,) = await rows(services, PRIYA)
    assert any("What you have paid for in advance still comes" in one.text
               for one in paid.receipt.arrives)  # fmt: skip

    action = await cancel_first(shop, services, MARA)
    before = await shop.situation(services, 101)
    others = [
        one.product_title
        for one in before.snapshot.subscriptions
        if one.status == "active" and one.id != action.subscription_id
    ]
    await perform(services, MARA, action, key=press())
    (many,) = await rows(services, MARA)
    names = said(*many.receipt.active_beside)
    assert len(names) == len(others)
    assert all(name.startswith(title or "") for name, title in zip(names, others, strict=True))


async def test_the_same_press_again_sends_no_second_one(shop: Shop, services: Services) -> None:
    action, key = await cancel_first(shop, services, JONAS), press()
    for _ in range(3):
        await perform(services, JONAS, action, key=key)
    assert len(await rows(services, JONAS)) == 1


async def test_other_changes_send_none(shop: Shop, services: Services) -> None:
    skip = SkipDelivery(address_id=203, date=TODAY + timedelta(days=6))
    done = await perform(services, JONAS, skip, key=press())
    assert await rows(services, JONAS) == []
    assert await receipt_of(services, JONAS, done.activity_id) is None


async def test_what_was_refused_has_none(shop: Shop, services: Services) -> None:
    action = await cancel_first(shop, services, JONAS)
    await shop.fault("POST", CANCEL, "422", times=99)
    with pytest.raises(UpstreamRefused):
        await perform(services, JONAS, action, key=press())
    assert await rows(services, JONAS) == []


@pytest.mark.parametrize(
    ("kind", "was_done"), [("cut_before", False), ("cut_after", True)], ids=["before", "after"]
)
async def test_a_result_that_is_known_late_has_one_if_and_only_if_it_was_made(
    kind: str, was_done: bool, shop: Shop
) -> None:
    services = shop.services(settle_after=(0.0, 0.0))
    action = await cancel_first(shop, services, JONAS)
    await shop.mirror.settled()
    await shop.fault("POST", CANCEL, kind, times=99)
    await shop.fault("GET", "/subscriptions", "500", times=99)
    await shop.fault("GET", "/charges", "500", times=99)

    with pytest.raises(NothingKnown) as unclear:
        await perform(services, JONAS, action, key=press())
    assert await rows(services, JONAS) == [], "nothing is called cancelled yet"
    await shop.no_faults()

    assert await settled(services, JONAS) is (Result.DONE if was_done else Result.NOT_DONE)
    found = await shop.client.subscriptions.get(action.subscription_id)
    assert (found.status == "cancelled") == was_done
    assert [row.activity_id for row in await rows(services, JONAS)] == (
        [unclear.value.activity_id] if was_done else []
    )


async def test_one_end_that_two_pages_asked_for_is_told_once(shop: Shop) -> None:
    services = shop.services(settle_after=(3600.0,))
    action = await cancel_first(shop, services, JONAS)
    await shop.mirror.settled()
    await shop.fault("POST", CANCEL, "cut_before", times=99)
    await shop.fault("GET", "/subscriptions", "500", times=99)
    await shop.fault("GET", "/charges", "500", times=99)
    with pytest.raises(NothingKnown) as unclear:
        await perform(services, JONAS, action, key=press())
    first = unclear.value.activity_id or ""
    await shop.no_faults()
    done = await perform(services, JONAS, action, key=press())
    (told,) = await rows(services, JONAS)
    assert told.activity_id == done.activity_id

    claim = await services.journal.find(102, first)
    assert claim is not None
    assert await look(services, claim), "it shows as done as well"

    assert [row.activity_id for row in await rows(services, JONAS)] == [done.activity_id]


async def test_an_end_after_it_was_started_again_is_told_again(
    shop: Shop, services: Services
) -> None:
    action = await cancel_first(shop, services, JONAS)
    done = await perform(services, JONAS, action, key=press())
    await undo(services, JONAS, done.activity_id, key=press())
    again = await perform(services, JONAS, action, key=press())
    assert again.activity_id in {row.activity_id for row in await rows(services, JONAS)}


async def test_a_process_that_starts_later_tells_what_the_earlier_one_had_begun(
    shop: Shop,
) -> None:
    old, new = shop.services(settle_after=(3600.0,)), shop.services()
    action = await cancel_first(shop, old, JONAS)
    await shop.mirror.settled()
    await shop.fault("POST", CANCEL, "cut_after")
    await shop.fault("GET", "/subscriptions", "500", times=99)
    await shop.fault("GET", "/charges", "500", times=99)
    with pytest.raises(NothingKnown):
        await perform(old, JONAS, action, key=press())
    await old.close()
    await shop.no_faults()

    await new.start()

    assert await settled(new, JONAS) is Result.DONE
    (row,) = await rows(new, JONAS)
    assert row.receipt.kind is ReceiptKind.CANCELLED
    assert (await new.journal.receipts.take(shop.sandbox.clock.now())) != []


async def test_of_several_there_is_one_that_lists_all(shop: Shop, services: Services) -> None:
    done = await perform(services, MARA, CancelSeveral(subscriptions=THREE), key=press())

    (row,) = await rows(services, MARA)
    assert row.activity_id == done.activity_id
    assert said(row.receipt.title) == ["3 subscriptions are cancelled"]
    assert [part.about for part in row.receipt.parts if part] == [
        "subscription 302", "subscription 303", "subscription 306"
    ]  # fmt: skip
    assert row.receipt.not_done == ()
    assert said(*row.receipt.all_arrivals) == said(
        *(each for part in row.receipt.all_parts for each in part.arrives),
        *(row.receipt.comes or {}).values(),
    )
    titles = said(*(part.title for part in row.receipt.all_parts))
    going_on = said(*row.receipt.active_beside)
    assert going_on, "the customer has more of them"
    assert not any(name in title for name in going_on for title in titles)


async def test_of_what_was_made_in_part_it_tells_exactly_that(
    shop: Shop, services: Services
) -> None:
    await shop.fault("POST", "/subscriptions/303/cancel", "422")
    with pytest.raises(PartlyDone) as partly:
        await perform(services, MARA, CancelSeveral(subscriptions=THREE), key=press())
    whole_id = partly.value.activity_id or ""

    (row,) = await rows(services, MARA)
    assert said(row.receipt.title) == ["2 of 3 subscriptions are cancelled"]
    assert [part.about for part in row.receipt.all_parts] == [
        "subscription 302", "subscription 306"
    ]  # fmt: skip
    (left,) = row.receipt.not_done
    assert said(left.title)[0].endswith(" is not cancelled")
    assert left.reason is not None
    assert "subscription 303" not in (row.receipt.goes_on or {}), "it is told of already"
    statuses = {
        one.subscription_id: (await shop.client.subscriptions.get(one.subscription_id)).status
        for one in THREE
    }
    assert statuses == {302: "cancelled", 303: "active", 306: "cancelled"}

    rest = await resume_saga(services, MARA, whole_id, key=press())

    whole = await find_activity(services, MARA, whole_id)
    assert whole is not None
    assert whole.result is Result.DONE
    by_id = {each.activity_id: each for each in await rows(services, MARA)}
    assert set(by_id) == {whole_id, rest.activity_id}, "the rest has its own, the whole no second"
    told = by_id[rest.activity_id].receipt
    assert [part.about for part in told.all_parts] == ["subscription 303"]
    assert said(told.title)[0].startswith("Your subscription to ")


async def test_taking_it_back_has_a_receipt_of_its_own(shop: Shop, services: Services) -> None:
    done = await perform(services, JONAS, await cancel_first(shop, services, JONAS), key=press())
    back = await undo(services, JONAS, done.activity_id, key=press())

    by_id = {row.activity_id: row.receipt for row in await rows(services, JONAS)}
    receipt = by_id[back.activity_id]
    assert receipt.kind is ReceiptKind.ACTIVE
    assert said(receipt.title)[0].endswith(" is active again")
    day = TODAY + timedelta(days=6)
    told = " ".join(said(*receipt.changes))
    assert ENGLISH.date(day) in told, "when it comes next"
    assert "$" in told, "and for how much"


async def test_taking_several_back_lists_all(shop: Shop, services: Services) -> None:
    done = await perform(services, MARA, CancelSeveral(subscriptions=THREE), key=press())
    back = await undo(services, MARA, done.activity_id, key=press())
    by_id = {row.activity_id: row.receipt for row in await rows(services, MARA)}
    assert said(by_id[back.activity_id].title) == ["3 subscriptions are active again"]


async def test_no_address_and_no_name_of_the_customer_is_kept(
    shop: Shop, services: Services
) -> None:
    await perform(services, JONAS, await cancel_first(shop, services, JONAS), key=press())
    customer = (await shop.situation(services, 102)).snapshot.customer
    async with services.database.read() as connection:
        (kept,) = (await connection.execute(select(receipts))).all()
    text = json.dumps(dict(kept._mapping), default=str)
    for secret in (customer.email, customer.last_name, "@"):
        assert (secret or "") not in text


async def test_what_is_kept_reads_back_as_it_was(shop: Shop, services: Services) -> None:
    situation = await shop.situation(services, 101)
    action = CancelSeveral(subscriptions=THREE)
    receipt = action.receipt(situation, action.effect(situation))
    assert receipt is not None
    assert receipt_from_json(json.loads(json.dumps(receipt_to_json(receipt)))) == receipt


def test_what_was_made_in_part_without_steps_is_told_as_that() -> None:
    whole = made_up()
    notice = say("Only a part of your change could be made.")
    told = settled_receipt(whole, is_partly=True, notice=notice)
    assert told is not None
    assert said(told.title, *told.changes) == ["Your change was made in part", *said(notice)]
    assert told.links == whole.links
    assert settled_receipt(whole, is_partly=False, notice=notice) == whole


def test_a_number_can_be_read_out() -> None:
    assert receipt_number("0" * 32) == "C-0000-0000"
    assert receipt_number("f" * 32) == "C-ZZZZ-ZZZZ"
    assert receipt_number("0123456789" + "a" * 22) == "C-04HM-ASW9"


@pytest.mark.parametrize(
    ("address", "shown"),
    [("mara@example.com", "m…@example.com"), ("", ""), ("mara", ""), (" x@y.z ", "x…@y.z")],
)
def test_an_address_is_veiled(address: str, shown: str) -> None:
    assert veiled(address) == shown


@pytest.fixture
async def journal(database_url: str) -> AsyncIterator[Journal]:
    database = Database(database_url)
    await database.upgrade()
    yield Journal(database)
    await database.close()


async def issued(journal: Journal, *, copy_to_shop: bool = False) -> str:
    """A change that is done and has a receipt."""
    action = CancelSubscription(address_id=203, subscription_id=310)
    claim, _ = await journal.claim(JONAS, action, press(), None, NOW)
    claim = await journal.begin(
        JONAS,
        claim,
        action,
        Effect(say("Cancel?"), say("Cancel"), say("Cancelled."), ()),
        inverse=None,
        undo_until=None,
        undoes=None,
        before={},
        now=NOW,
        receipt=made_up(copy_to_shop=copy_to_shop),
    )
    stored = await journal.find(102, claim.activity_id)  # as after a restart
    assert stored is not None
    assert await journal.finish(stored, Result.DONE, say("Cancelled."), now=NOW)
    assert not await journal.finish(stored, Result.DONE, say("Cancelled."), now=NOW)
    return claim.activity_id


async def test_each_is_taken_by_one_of_those_who_ask_at_once(journal: Journal) -> None:
    ids = {await issued(journal) for _ in range(5)}
    assert journal.receipts.news.is_set()

    taken = await asyncio.gather(*(journal.receipts.take(NOW) for _ in range(4)))

    found = [row.activity_id for rows in taken for row in rows]
    assert sorted(found) == sorted(ids)


async def test_what_a_sender_has_left_is_due_again_after_a_while(journal: Journal) -> None:
    id = await issued(journal)
    assert await journal.receipts.next_due() == NOW
    (first,) = await journal.receipts.take(NOW)
    assert await journal.receipts.take(NOW + LEASE / 2) == []
    assert await journal.receipts.next_due() == NOW + LEASE

    (second,) = await journal.receipts.take(NOW + LEASE)
    assert (second.activity_id, first.tries, second.tries) == (id, 1, 2)
    values = {"state": ReceiptState.SENT, "copy": None, "due_at": None, "sent_at": NOW}
    assert not await journal.receipts.note(first, **values)  # type: ignore[arg-type]
    assert await journal.receipts.note(second, **values)  # type: ignore[arg-type]
    assert await journal.receipts.next_due() is None
    assert await journal.receipts.take(NOW + timedelta(days=9)) == []


async def test_the_shops_copy_is_kept_apart(journal: Journal) -> None:
    await issued(journal, copy_to_shop=True)
    (row,) = await journal.receipts.take(NOW)
    assert row.copy is ReceiptState.WAITING


async def test_a_transaction_that_fails_leaves_neither_result_nor_receipt(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> dict[str, object]:
        raise OSError("disk full")

    monkeypatch.setattr("app.actions.receipt_rows.receipt_to_json", broken)
    with pytest.raises(OSError, match="disk full"):
        await issued(journal)
    (claim,) = await journal.open_claims(102)
    assert claim.state is Result.RUNNING
    assert await journal.receipts.take(NOW) == []
