"""One order on the page: the newest are there, an old one is looked for, others' are not found."""

from __future__ import annotations

from datetime import date

from app.actions import Services
from app.i18n import Texts
from app.recharge import Charge, Order
from app.state import OrderState, Portal
from app.state.order import MOST_KNOWN
from app.state.standing import standing_of
from tests.actions.shop import Shop, signed_in
from tests.state.page import MARA, opened, until

TOM, REGULAR = signed_in(104), signed_in(111)
OLDEST = 1001
"""The first of the 400 orders of customer 111."""
FAILED = 574
"""The charge of customer 104 whose payment failed."""
English = Texts("en")


async def newest(portal: Portal) -> Order:
    return portal.records.orders[0]


async def test_one_of_the_newest_is_there_at_once(services: Services, shop: Shop) -> None:
    portal = await opened(services, MARA)
    order = await newest(portal)
    await shop.forget_counters()
    state = portal.orders.of("order", order.id)
    assert (state.status, state.record) == ("ready", order)
    assert English.render(state.name) == f"Order No. {order.external_order_number.ecommerce}"
    assert state.day is not None
    assert state.receipt_path == f"/orders/{order.id}/receipt"
    assert [line.title for line in state.items] == [line.title for line in order.line_items]
    assert all(state.picture(line) for line in state.items)
    assert state.bill is not None
    assert state.bill.adds_up
    assert portal.orders.of("order", order.id) is state
    await state.open()
    assert (await shop.counters())["requests"] == {}
    portal.close()


async def test_an_old_one_is_looked_for(services: Services) -> None:
    portal = await opened(services, REGULAR)
    state = portal.orders.of("order", OLDEST)
    assert str(state.status) == "loading"
    await portal.orders.look(f"/orders/{OLDEST}")
    assert str(state.status) == "ready"
    assert isinstance(state.record, Order)
    assert state.record.id == OLDEST
    portal.close()


async def test_an_old_one_may_be_asked_for_before_anything_is_known(services: Services) -> None:
    portal = Portal(services, REGULAR, English)
    state = portal.orders.of("order", OLDEST)
    await state.open()
    assert str(state.status) == "loading"
    await portal.open()
    await until(state, lambda: state.status != "loading")
    assert state.record is not None
    portal.close()


async def test_what_is_anothers_is_missing_like_what_does_not_exist(services: Services) -> None:
    hers = await opened(services, MARA)
    order = await newest(hers)
    portal = await opened(services, TOM)
    for id in (order.id, 987654321, None):
        state = portal.orders.of("order", id)
        await state.open()
        assert (state.status, state.record) == ("missing", None)
    mine = hers.orders.of("charge", FAILED)
    await mine.open()
    assert str(mine.status) == "missing"
    for each in (hers, portal):
        each.close()


async def test_a_failure_says_so_and_can_be_tried_again(services: Services, shop: Shop) -> None:
    portal = await opened(services, REGULAR)
    await shop.fault("GET", "/orders/*", "500", times=9)
    state = portal.orders.of("order", OLDEST)
    await state.open()
    assert str(state.status) == "failed"
    assert state.failure is not None
    assert state.failure.can_retry
    await shop.no_faults()
    await state.open()
    assert str(state.status) == "ready"
    portal.close()


async def test_a_failed_payment_tells_why_and_when_it_is_tried_again(services: Services) -> None:
    portal = await opened(services, TOM)
    state = portal.orders.of("charge", FAILED)
    assert str(state.status) == "ready"
    assert English.render(state.name) == "Payment"
    assert state.failure_reason is not None
    assert English.render(state.failure_reason.reason) == "The bank declined the card."
    assert state.retry_date is not None
    assert state.delivery is not None
    assert state.delivery.delivery.charge_id == FAILED
    assert state.receipt_path is None
    portal.close()


async def test_a_payment_that_went_through_meanwhile_is_looked_up(
    services: Services, shop: Shop
) -> None:
    portal = await opened(services, MARA)
    due = next(one for one in portal.records.charges if one.status == "queued")
    state = portal.orders.of("charge", due.id)
    assert str(state.status) == "ready"
    await shop.client.charges.process(due.id)
    await shop.mirror.customer(101).refresh("charges", "orders")
    await portal.read_again()
    await until(state, lambda: isinstance(state.record, Charge) and state.record.status != "queued")
    assert word(state.record or order()) == "Paid"
    portal.close()


def order(**fields: object) -> Order:
    known = {"id": 1, "customer": {"id": 101}, "status": "success", "total_price": "10.00"}
    return Order.model_validate(known | fields)


def word(record: Order | Charge) -> str:
    return English.render(standing_of(record).word)


def test_how_an_order_stands() -> None:
    assert word(order()) == "Ordered"
    assert word(order(total_refunds="4.00")) == "Partly refunded"
    assert word(order(total_refunds="10.00")) == "Refunded"
    assert word(order(charge={"id": 1, "status": "refunded"})) == "Refunded"
    assert word(order(status="queued")) == "Planned"
    assert word(order(status="error")) == "Not sent"
    assert word(order(status="cancelled")) == "Cancelled"
    assert word(order(status="dreaming")) == "State not known"


async def test_paths_of_other_things_are_left_alone(portal: Portal) -> None:
    for path in ("/orders", "/orders/", "/orders/x", "/orders/0", "/orders/charges", "/schedule"):
        await portal.orders.look(path)
    assert portal.orders._known == {}


async def test_the_day_is_that_of_the_shops_zone(portal: Portal) -> None:
    state = OrderState(portal, "order", None)
    state.record = order(processed_at="2026-11-02T03:30:00Z")
    assert state.day == date(2026, 11, 1)
    state.close()


async def test_a_page_does_not_hold_every_order_that_it_has_shown(portal: Portal) -> None:
    first = portal.orders.of("order", 1)
    for id in range(2, 2 + MOST_KNOWN):
        portal.orders.of("order", id)
    assert len(portal.orders._known) == MOST_KNOWN
    assert portal.orders.of("order", 1) is not first
