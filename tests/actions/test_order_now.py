"""The money machine: a charge is paid once at most, and is called what it is."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from app.actions import (
    Activity,
    Declined,
    InProgress,
    NothingKnown,
    NotPossible,
    OrderNow,
    Outcome,
    Principal,
    Result,
    Services,
    Stale,
    UpstreamRefused,
    activities,
    find_activity,
    perform,
    preview,
)
from app.actions.journal import RUNS_FOR
from app.i18n import Texts
from app.mirror import DeliveryStatus
from app.recharge import Charge, RechargeClient
from tests.actions.cases.orders import PROCESS, order_next, try_again
from tests.actions.shop import Patient, Shop, no_wait, press, signed_in

JONAS, TOM = signed_in(102), signed_in(104)
PATH = "/charges/*/process"
ENGLISH = Texts("en")


async def his_order(shop: Shop, services: Services, who: Principal = JONAS) -> OrderNow:
    action = await order_next(shop, services, who)
    await shop.mirror.settled()
    await shop.forget_counters()
    return action


async def sent(shop: Shop) -> tuple[int, int]:
    """How many orders were sent, and how many were executed."""
    counted = await shop.counters()
    return counted["requests"].get(PROCESS, 0), counted["executed"].get(PROCESS, 0)


async def known(services: Services, who: Principal, activity_id: str | None) -> Activity:
    """The activity once its result is known."""
    assert activity_id is not None
    news: asyncio.Queue[None] = asyncio.Queue()
    leave = services.mirror.changes.subscribe(who.customer_id, lambda: news.put_nowait(None))
    try:
        async with asyncio.timeout(20):
            while True:
                found = await find_activity(services, who, activity_id)
                assert found is not None
                if found.result not in (Result.RUNNING, Result.UNKNOWN):
                    return found
                await news.get()
    finally:
        leave()


async def status(shop: Shop, action: OrderNow) -> str:
    """What the sandbox itself says."""
    return str((await shop.client.charges.get(action.charge_id)).status)


async def give_card(shop: Shop, address_id: int, token: str) -> None:
    """Another card for an address."""
    address = await shop.client.addresses.get(address_id)
    method = await shop.client.payment_methods.create(
        customer_id=address.customer_id,
        payment_type="CREDIT_CARD",
        processor_name="stripe",
        processor_customer_token="cus_test",
        processor_payment_method_token=token,
    )
    await shop.client.addresses.update(address_id, payment_method_id=method.id)
    await shop.mirror.customer(address.customer_id).refresh()


async def test_the_price_the_card_and_that_there_is_no_way_back_are_said_before(
    shop: Shop, services: Services
) -> None:
    action = await his_order(shop, services)
    charge = (await shop.situation(services, 102)).snapshot.charge(action.charge_id)
    assert charge is not None

    effect = (await preview(services, JONAS, action)).effect

    amount = ENGLISH.money(effect.amount) if effect.amount else ""
    assert effect.amount is not None
    assert effect.amount.amount == charge.total_price
    told = [ENGLISH.render(change.text) for change in effect.changes]
    assert told[0].startswith(f"You pay {amount} now, with ")
    assert "ending in" in told[0]
    assert charge.line_items[0].title in told[1]
    assert "cannot be undone" in told[-1]
    assert amount in ENGLISH.render(effect.confirm)
    assert await sent(shop) == (0, 0)

    outcome = await perform(services, JONAS, action, key=press())
    assert outcome.undo_until is None
    assert await status(shop, action) == "success"


@pytest.mark.parametrize(
    ("fault", "told", "requests", "executed"),
    [
        ({"kind": "500", "executes": True}, Result.DONE, 1, 1),
        ({"kind": "html", "executes": True}, Result.DONE, 1, 1),
        ({"kind": "cut_after"}, Result.DONE, 1, 1),
        ({"kind": "500"}, Result.NOT_DONE, 1, 0),
        ({"kind": "503"}, Result.NOT_DONE, 1, 0),
        ({"kind": "html"}, Result.NOT_DONE, 1, 0),
        ({"kind": "cut_before"}, Result.NOT_DONE, 1, 0),
        ({"kind": "409", "times": 9}, Result.NOT_DONE, 1, 0),
        ({"kind": "429"}, Result.DONE, 2, 1),
        ({"kind": "422"}, Result.REFUSED, 1, 0),
    ],
    ids=lambda value: "-".join(map(str, value.values())) if isinstance(value, dict) else None,
)
async def test_whatever_the_answer_is_it_is_sent_once(
    fault: dict[str, Any], told: Result, requests: int, executed: int, shop: Shop
) -> None:
    services = shop.services()
    action = await his_order(shop, services)
    await shop.fault("POST", PATH, **fault)
    key = press()

    if told is Result.DONE:
        activity_id: str | None = (await perform(services, JONAS, action, key=key)).activity_id
    else:
        expected = NothingKnown if told is Result.NOT_DONE else UpstreamRefused
        with pytest.raises(expected) as error:
            await perform(services, JONAS, action, key=key)
        words = ENGLISH.render(error.value.notice)
        assert ("do not know yet" in words) == (told is Result.NOT_DONE)
        activity_id = error.value.activity_id
    activity = await known(services, JONAS, activity_id)

    assert activity.result is told
    assert await sent(shop) == (requests, executed)
    is_paid = await status(shop, action) == "success"
    assert is_paid == (told is Result.DONE)
    if told is Result.NOT_DONE:
        assert "You were not charged" in ENGLISH.render(activity.text)
        await shop.no_faults()
        assert isinstance(await perform(services, JONAS, action, key=press()), Outcome)
        assert (await sent(shop))[1] == 1


@pytest.mark.parametrize("executes", [True, False])
async def test_no_answer_in_time(
    executes: bool, shop: Shop, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    action = await his_order(shop, services)
    await shop.fault("POST", PATH, "delay", seconds=60, executes=executes)
    monkeypatch.setattr("app.recharge.charges.PROCESS_SECONDS", 0.05)

    try:
        activity_id: str | None = (await perform(services, JONAS, action, key=press())).activity_id
        assert executes
    except NothingKnown as error:
        activity_id = error.activity_id

    activity = await known(services, JONAS, activity_id)
    assert activity.result is (Result.DONE if executes else Result.NOT_DONE)
    assert await sent(shop) == (1, int(executes))


class NoConnection(httpx.AsyncBaseTransport):
    """Makes no connection for the first orders."""

    def __init__(self, shop: Shop, times: int) -> None:
        self._inner = httpx.ASGITransport(app=shop.sandbox.app)
        self.times = times

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/process") and self.times:
            self.times -= 1
            raise httpx.ConnectError("no route to host")
        return await self._inner.handle_async_request(request)


@pytest.mark.parametrize("times", [1, 99])
async def test_without_a_connection_it_is_tried_again_and_nothing_is_charged_meanwhile(
    times: int, shop: Shop
) -> None:
    client = RechargeClient(
        shop.sandbox.token,
        base_url="http://sandbox/api",
        transport=NoConnection(shop, times),
        budget=Patient(),
        sleep=no_wait,
    )
    services = replace(shop.services(), client=client)
    action = await his_order(shop, services)
    try:
        if times == 1:
            await perform(services, JONAS, action, key=press())
        else:
            with pytest.raises(UpstreamRefused):
                await perform(services, JONAS, action, key=press())
        assert await sent(shop) == (int(times == 1), int(times == 1))
    finally:
        await services.close()
        await client.aclose()


async def as_pending(shop: Shop, action: OrderNow) -> dict[str, Any]:
    charge: Charge = await shop.client.charges.get(action.charge_id)
    return {"charge": charge.model_dump(mode="json") | {"status": "pending"}}


async def test_while_the_bank_is_at_work_nothing_is_said_and_nothing_is_sent(shop: Shop) -> None:
    services = shop.services(settle_payments_after=(0.0, 0.0))
    action = await his_order(shop, services)
    pending = await as_pending(shop, action)
    await shop.forget_counters()
    await shop.fault("POST", PATH, "500", status=200, body=pending, executes=True)
    # It is read once before it is sent; longer than the last look, the bank is still at work.
    await shop.fault("GET", "/charges/*", "500", status=200, body=pending, after=1, times=99)

    with pytest.raises(NothingKnown) as unclear:
        await perform(services, JONAS, action, key=press())
    with pytest.raises(InProgress):
        await perform(services, JONAS, action, key=press())
    with pytest.raises(InProgress):  # another process
        await perform(shop.services(), JONAS, action, key=press())
    found = await find_activity(services, JONAS, unclear.value.activity_id or "")
    assert found is not None
    assert found.result is Result.UNKNOWN

    await shop.no_faults()
    assert (await known(services, JONAS, unclear.value.activity_id)).result is Result.DONE
    assert await sent(shop) == (1, 1)


@pytest.mark.parametrize(
    "fault", [None, {"kind": "500", "executes": True}, {"kind": "cut_after"}], ids=str
)
async def test_a_declined_card_is_a_result_with_a_reason(
    fault: dict[str, Any] | None, shop: Shop, services: Services
) -> None:
    action = await order_next(shop, services, JONAS)
    await give_card(shop, action.address_id, "pm_card_chargeDeclinedInsufficientFunds")
    await shop.forget_counters()
    if fault:
        await shop.fault("POST", PATH, **fault)
    key = press()

    with pytest.raises(Declined) as declined:
        await perform(services, JONAS, action, key=key)

    words = ENGLISH.render(declined.value.notice)
    assert "not enough money" in words
    assert "You were not charged" in words
    assert "use another card" in words
    assert declined.value.changed == "no"
    assert (await activities(services, JONAS))[0].result is Result.REFUSED
    with pytest.raises(Declined) as again:
        await perform(services, JONAS, action, key=key)
    assert again.value.notice == declined.value.notice
    assert await sent(shop) == (1, 1)
    situation = await shop.situation(services, 102)
    assert situation.deliveries[0].status is DeliveryStatus.FAILED


async def test_a_payment_that_was_declined_late_is_told_late(shop: Shop) -> None:
    services = shop.services(settle_payments_after=(0.0, 0.0))
    action = await order_next(shop, services, JONAS)
    await give_card(shop, action.address_id, "pm_card_chargeDeclined")
    await shop.fault("POST", PATH, "cut_after")
    await shop.fault("GET", "/charges", "500", times=99)

    with pytest.raises(NothingKnown) as unclear:
        await perform(services, JONAS, action, key=press())
    await shop.no_faults()

    activity = await known(services, JONAS, unclear.value.activity_id)
    assert activity.result is Result.REFUSED
    assert "declined" in ENGLISH.render(activity.text)


async def test_a_failed_payment_that_fails_again(shop: Shop, services: Services) -> None:
    action = await try_again(shop, services, TOM)
    await give_card(shop, action.address_id, "pm_card_chargeDeclinedExpiredCard")
    await shop.forget_counters()
    with pytest.raises(Declined):
        await perform(services, TOM, action, key=press())

    # It stands as failed from before: that is not taken for an answer.
    await shop.fault("POST", PATH, "500")
    with pytest.raises(NothingKnown) as unclear:
        await perform(services, TOM, action, key=press())
    activity = await known(services, TOM, unclear.value.activity_id)
    assert activity.result is Result.NOT_DONE
    assert await sent(shop) == (2, 1)


async def test_a_failed_payment_is_tried_again_only_where_the_shop_lets_it(
    shop: Shop, services: Services
) -> None:
    action = await try_again(shop, services, TOM)
    await shop.switch(retry_failed_payment=False)

    with pytest.raises(NotPossible):
        await perform(services, TOM, action, key=press())


@pytest.mark.parametrize("executes", [True, False])
async def test_a_process_that_dies_between_sending_and_the_answer(
    executes: bool, shop: Shop
) -> None:
    first = shop.services()
    action = await his_order(shop, first)
    await shop.fault("POST", PATH, "delay", seconds=60, executes=executes)
    waiting = asyncio.create_task(perform(first, JONAS, action, key=press()))
    await shop.received(PROCESS)
    await first.tasks.close(patience=0)
    with pytest.raises(asyncio.CancelledError):
        await waiting
    crashed = (await activities(first, JONAS))[0]
    assert crashed.result is Result.RUNNING

    await shop.advance(RUNS_FOR)
    second = shop.services(settle_payments_after=(3600.0,))
    await second.start()
    if not executes:
        with pytest.raises(InProgress):
            await perform(second, JONAS, action, key=press())
    third = shop.services(settle_payments_after=(0.0,))
    await third.start()

    activity = await known(third, JONAS, crashed.id)
    assert activity.result is (Result.DONE if executes else Result.NOT_DONE)
    assert await sent(shop) == (1, int(executes))
    if executes:
        with pytest.raises(NotPossible):
            await perform(third, JONAS, action, key=press())
    else:
        await perform(third, JONAS, action, key=press())
    assert (await sent(shop))[1] == 1


async def test_two_presses_two_tabs_and_two_processes_make_one_payment(shop: Shop) -> None:
    here, there = shop.services(), shop.services()
    action = await his_order(shop, here)
    seen = await preview(here, JONAS, action)
    key = press()

    results = await asyncio.gather(
        *(
            perform(services, JONAS, action, key=each, revision=seen.revision)
            for services in (here, there)
            for each in (key, key, press(), press())
        ),
        return_exceptions=True,
    )

    done = [each for each in results if isinstance(each, Outcome)]
    assert len({each.activity_id for each in done}) == 1
    others = [each for each in results if not isinstance(each, Outcome)]
    assert all(isinstance(each, InProgress | Stale | NotPossible) for each in others), others
    assert await sent(shop) == (1, 1)


async def test_the_database_itself_refuses_a_second_order_of_a_charge(
    shop: Shop, services: Services
) -> None:
    action = await his_order(shop, services)
    effect = action.effect(await shop.situation(services, 102))

    async def begin() -> None:
        journal, now = services.journal, services.clock()
        claim, _ = await journal.claim(JONAS, action, press(), None, now)
        await journal.begin(
            JONAS,
            claim,
            action,
            effect,
            inverse=None,
            undo_until=None,
            undoes=None,
            before={},
            now=now,
        )

    await begin()
    with pytest.raises(InProgress):
        await begin()


async def test_another_amount_than_the_one_shown_is_not_paid(
    shop: Shop, services: Services
) -> None:
    action = await his_order(shop, services)
    seen = await preview(services, JONAS, action)
    # Nobody has told the mirror.
    await shop.client.subscriptions.update(310, quantity=5, commit=True)

    with pytest.raises(NotPossible) as refused:
        await perform(services, JONAS, action, key=press(), revision=seen.revision)

    assert "not charged" in ENGLISH.render(refused.value.notice)
    assert await sent(shop) == (0, 0)
    with pytest.raises(Stale):
        await perform(services, JONAS, action, key=press(), revision=seen.revision)


async def test_another_card_than_the_one_shown_is_not_charged(
    shop: Shop, services: Services
) -> None:
    action = await his_order(shop, services)
    seen = await preview(services, JONAS, action)
    await give_card(shop, action.address_id, "pm_card_visa")

    with pytest.raises(Stale):
        await perform(services, JONAS, action, key=press(), revision=seen.revision)
    assert await sent(shop) == (0, 0)


@pytest.mark.usefixtures("unrepaired")
async def test_what_is_charged_by_itself_tomorrow_is_left_alone(
    shop: Shop, services: Services
) -> None:
    action = await his_order(shop, services)
    await shop.advance(timedelta(days=5, hours=13))  # the night before

    with pytest.raises(NotPossible) as refused:
        await preview(services, JONAS, action)
    assert "by itself" in ENGLISH.render(refused.value.notice)
