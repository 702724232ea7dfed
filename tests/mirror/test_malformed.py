"""What is unknown or unreadable upstream is never told as a fact, and never hides the rest."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest

from app.database import Database
from app.i18n import Money
from app.mirror import Delivery, DeliveryStatus, Mirror, Snapshot
from app.recharge import LocalBudget, RechargeClient
from tests.mirror.conftest import Upstream, at_once
from tests.mirror.records import address, charge, line, onetime, snapshot, subscription

TODAY = date(2026, 1, 10)
COFFEE = subscription(next_charge_scheduled_at="2026-01-20")


def plan(of: Snapshot, until: date = date(2026, 1, 31)) -> tuple[Delivery, ...]:
    return of.schedule(TODAY, until)


def usd(amount: str) -> Money:
    return Money(Decimal(amount), "USD")


def test_a_price_that_is_not_told_is_not_zero() -> None:
    told = line(COFFEE, unit_price=None, total_price=None)
    (due,) = plan(snapshot(COFFEE, charge("2026-01-20", COFFEE, line_items=[told])))
    (item,) = due.items
    assert item.unit_price is None
    assert not item.is_total_known
    assert due.is_total_known
    assert due.total == usd("16.95")


def test_shipping_is_free_only_where_the_parts_add_up() -> None:
    def shipping(**fields: Any) -> Money | None:
        return plan(snapshot(COFFEE, charge("2026-01-20", COFFEE, **fields)))[0].shipping

    assert shipping(shipping_lines=None) is None
    assert shipping(shipping_lines=[]) is None
    assert shipping(shipping_lines=[{"price": None}]) is None
    assert shipping(shipping_lines=[{"price": "0.00"}]) == usd("0.00")
    assert shipping(shipping_lines=[], total_price="12.00") == usd("0.00")
    assert shipping(shipping_lines=[], total_price="13.00", total_tax="1.00") == usd("0.00")


def test_shipping_that_nothing_tells_is_unknown_in_an_estimate() -> None:
    assert plan(snapshot(COFFEE))[0].shipping is None


@pytest.mark.parametrize("status", ["queued", "skipped"])
@pytest.mark.parametrize(
    "lines", [None, [], [line(COFFEE, purchase_item_id=None)], [line(COFFEE, purchase_item_id="x")]]
)
def test_nothing_is_projected_beside_a_charge_whose_items_cannot_be_told(
    status: str, lines: Any
) -> None:
    held = charge("2026-01-20", COFFEE, line_items=lines, total_price="61.10", status=status)
    found = plan(snapshot(COFFEE, onetime("2026-01-20"), held), date(2026, 2, 28))
    first, later = found
    assert (first.total, first.is_estimate) == (usd("61.10"), False)
    assert len(first.items) == len(lines or ())
    assert later.date == date(2026, 2, 20)


def test_elsewhere_and_on_other_days_the_plan_goes_on() -> None:
    other = subscription(302, address_id=202, next_charge_scheduled_at="2026-01-20")
    held = charge("2026-01-20", COFFEE, line_items=[])
    found = plan(snapshot(COFFEE, other, held, address(), address(202)))
    assert [(each.address_id, each.status.value) for each in found] == [
        (201, "queued"),
        (202, "projected"),
    ]


@pytest.mark.parametrize("price", [None, "NaN", "abc", "1e27", "1e400", "-Infinity"])
def test_without_a_price_the_total_is_unknown(price: object) -> None:
    coffee = subscription(next_charge_scheduled_at="2026-01-20", price=price)
    (due,) = plan(snapshot(coffee))
    assert due.items[0].unit_price is None
    assert not due.is_total_known


@pytest.mark.parametrize("value", ["1e11", "-1e11"])
def test_a_discount_beyond_all_sense_breaks_no_estimate(value: str) -> None:
    odd = {"id": 1, "code": "ODD", "value": value, "value_type": "percentage"}
    coffee = subscription(
        next_charge_scheduled_at="2026-01-20", price="99999999999", quantity=1_000_000
    )
    (due,) = plan(snapshot(coffee, address(discounts=[odd])))
    assert not due.is_total_known


def test_an_estimate_for_an_address_that_is_not_known_is_unknown() -> None:
    elsewhere = subscription(address_id=299, next_charge_scheduled_at="2026-01-20")
    (due,) = plan(snapshot(elsewhere))
    assert not due.is_total_known


def test_a_rhythm_that_is_not_told_is_not_monthly() -> None:
    coffee = subscription(
        next_charge_scheduled_at="2026-01-20",
        order_interval_unit=None,
        order_interval_frequency=None,
        charge_interval_frequency=None,
    )
    assert coffee.order_interval_unit is None
    assert coffee.order_interval_frequency is None
    found = plan(snapshot(coffee), date(2026, 12, 31))
    assert [delivery.date for delivery in found] == [date(2026, 1, 20)]


@pytest.mark.parametrize("status", ["frozen", None])
def test_a_charge_in_a_state_that_is_not_known_holds_its_date(status: str | None) -> None:
    frozen = charge("2026-01-20", COFFEE, status=status)
    (held,) = plan(snapshot(COFFEE, frozen))
    assert held.status is DeliveryStatus.UNKNOWN
    assert (held.charge_id, held.total, held.is_estimate) == (501, usd("16.95"), False)
    assert not held.is_skippable
    assert not any(item.is_skippable for item in held.items)


@pytest.mark.parametrize("status", ["hibernating", None])
def test_a_subscription_in_a_state_that_is_not_known_is_not_projected(status: str | None) -> None:
    asleep = subscription(next_charge_scheduled_at="2026-01-20", status=status)
    assert not asleep.status.is_known
    assert plan(snapshot(asleep)) == ()


def test_a_hundred_daily_subscriptions_share_their_items() -> None:
    """What is the same on every date is made once: a full year of many stays quick."""
    daily = {"order_interval_unit": "day", "next_charge_scheduled_at": "2026-01-10"}
    many = [subscription(1000 + number, **daily) for number in range(100)]
    found = plan(snapshot(*many), TODAY + timedelta(days=365))
    assert len(found) == 366
    assert len({id(item) for delivery in found for item in delivery.items}) == 100


class Spoiled(httpx.AsyncBaseTransport):
    """The look-alike's answers, with some fields of some records overwritten."""

    def __init__(self, upstream: Upstream, spoil: dict[str, dict[str, Any]]) -> None:
        self._inner = upstream.line
        self._spoil = spoil

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self._inner.handle_async_request(request)
        body = httpx.Response(200, content=await response.aread()).json()
        self._walk(body)
        return httpx.Response(response.status_code, json=body)

    def _walk(self, value: Any, noun: str = "") -> None:
        if isinstance(value, list):
            for index, one in enumerate(value):
                if index == 0 and isinstance(one, dict) and noun in self._spoil:
                    one.update(self._spoil[noun])
                self._walk(one)
        elif isinstance(value, dict):
            for name, inner in value.items():
                self._walk(inner, name)


async def spoiled(sqlite: Database, upstream: Upstream, **spoil: dict[str, Any]) -> Snapshot:
    client = RechargeClient(
        upstream.sandbox.token,
        base_url="http://recharge",
        transport=Spoiled(upstream, spoil),
        budget=LocalBudget(size=10_000, rate=10_000.0),
        sleep=at_once,
    )
    try:
        for _ in ("read from the shop", "read from the database alone"):
            mirror = Mirror(sqlite, client)
            found = await mirror.customer(101).snapshot()
            await mirror.settled()
            await mirror.close()
        return found
    finally:
        await client.aclose()


async def test_a_card_whose_year_cannot_be_read_is_a_card_still(
    sqlite: Database, upstream: Upstream
) -> None:
    details = {"brand": "visa", "last4": "4242", "exp_month": 1, "exp_year": "x"}
    found = await spoiled(sqlite, upstream, payment_methods={"payment_details": details})
    card = found.payment_methods[0].payment_details
    assert (card.last4, card.exp_year) == ("4242", None)
    assert found.unreadable == 0


@pytest.mark.parametrize(
    ("noun", "wrong"),
    [
        ("subscriptions", {"quantity": "many"}),
        ("subscriptions", {"id": "none"}),
        ("payment_methods", {"default": "perhaps"}),
        ("addresses", {"address1": {"street": 1}}),
        ("charges", {"total_price": "NaN"}),
        ("charges", {"scheduled_at": "soon"}),
        ("orders", {"total_price": "1e400"}),
    ],
)
async def test_a_record_that_cannot_be_read_is_set_aside_alone(
    sqlite: Database, upstream: Upstream, mirror: Mirror, noun: str, wrong: dict[str, Any]
) -> None:
    whole = await mirror.customer(101).snapshot()
    assert whole.unreadable == 0
    await mirror.forget_everything()
    found = await spoiled(sqlite, upstream, **{noun: wrong})
    assert found.unreadable == 1
    assert len(getattr(found, noun)) == len(getattr(whole, noun)) - 1


async def test_what_was_set_aside_is_back_when_it_can_be_read(
    sqlite: Database, upstream: Upstream, mirror: Mirror
) -> None:
    assert (await spoiled(sqlite, upstream, charges={"total_price": "NaN"})).unreadable == 1
    await mirror.customer(101).refresh("charges")
    assert (await mirror.customer(101).snapshot()).unreadable == 0


async def test_a_charge_of_a_new_state_is_in_the_snapshot(
    sqlite: Database, upstream: Upstream
) -> None:
    found = await spoiled(sqlite, upstream, charges={"status": "frozen"})
    assert "frozen" in {charge.status for charge in found.charges}
