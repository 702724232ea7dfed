"""Which deliveries follow from a customer's records."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.i18n import Money
from app.mirror import Delivery, DeliveryStatus, Snapshot
from app.recharge import Product
from tests.mirror.records import (
    address,
    charge,
    onetime,
    prepaid_order,
    snapshot,
    subscription,
)

TODAY = date(2026, 1, 10)
QUEUED, PROJECTED, SKIPPED, FAILED, PENDING, _UNKNOWN = DeliveryStatus


def usd(amount: str) -> Money:
    return Money(Decimal(amount), "USD")


def days(deliveries: tuple[Delivery, ...]) -> list[str]:
    return [delivery.date.strftime("%d %b") for delivery in deliveries]


def plan(of: Snapshot, until: date = date(2026, 12, 31)) -> tuple[Delivery, ...]:
    return of.schedule(TODAY, until)


def test_a_month_keeps_the_day_of_the_date_before_cut_to_the_months_end() -> None:
    coffee = subscription(next_charge_scheduled_at="2026-01-31")
    assert days(plan(snapshot(coffee), date(2026, 4, 30))) == [
        "31 Jan", "28 Feb", "28 Mar", "28 Apr",
    ]  # fmt: skip


def test_a_day_of_the_month_returns_after_a_short_month() -> None:
    coffee = subscription(next_charge_scheduled_at="2026-01-31", order_day_of_month=31)
    assert days(plan(snapshot(coffee), date(2026, 4, 30))) == [
        "31 Jan", "28 Feb", "31 Mar", "30 Apr",
    ]  # fmt: skip


def test_a_leap_day_is_followed_by_a_29th_until_a_february_cuts_it() -> None:
    coffee = subscription(
        next_charge_scheduled_at="2028-02-29",
        order_interval_frequency=12,
        charge_interval_frequency=12,
    )
    found = snapshot(coffee).schedule(date(2028, 1, 1), date(2032, 12, 31))
    assert [delivery.date for delivery in found] == [
        date(2028, 2, 29), date(2029, 2, 28), date(2030, 2, 28), date(2031, 2, 28),
        date(2032, 2, 28),
    ]  # fmt: skip


def test_a_weekday_is_the_first_on_or_after_the_date() -> None:
    thursday = date(2026, 1, 15)
    coffee = subscription(
        next_charge_scheduled_at=str(thursday),
        order_interval_unit="day",
        order_interval_frequency=30,
        charge_interval_frequency=30,
        order_day_of_week=0,
    )
    found = plan(snapshot(coffee), date(2026, 4, 1))
    assert days(found) == ["15 Jan", "16 Feb", "23 Mar"]
    assert [delivery.date.weekday() for delivery in found[1:]] == [0, 0]


def test_two_weeks() -> None:
    coffee = subscription(
        next_charge_scheduled_at="2026-01-15",
        order_interval_unit="week",
        order_interval_frequency=2,
        charge_interval_frequency=2,
    )
    assert days(plan(snapshot(coffee), date(2026, 2, 28))) == [
        "15 Jan", "29 Jan", "12 Feb", "26 Feb",
    ]  # fmt: skip


def test_the_next_delivery_is_the_stores_own_charge_and_the_others_are_estimates() -> None:
    coffee = subscription(next_charge_scheduled_at="2026-01-20", quantity=2)
    next_one, later = plan(snapshot(coffee, charge("2026-01-20", coffee)), date(2026, 2, 28))
    assert (next_one.status, next_one.charge_id, next_one.total) == (QUEUED, 501, usd("16.95"))
    assert not next_one.is_estimate
    assert next_one.items[0].charge_id == 501
    assert next_one.payment_method_id == 601
    assert (later.status, later.charge_id, later.total) == (PROJECTED, None, usd("24.00"))
    assert later.is_estimate
    assert [(item.title, item.quantity, item.total) for item in later.items] == [
        ("Harbor Blend", 2, usd("24.00"))
    ]


def test_a_skip_in_the_middle_moves_nothing() -> None:
    coffee = subscription(next_charge_scheduled_at="2026-01-31")
    kept = charge("2026-01-31", coffee)
    skipped = charge("2026-02-28", coffee, id=502, status="skipped")
    found = plan(snapshot(coffee, kept, skipped), date(2026, 4, 30))
    assert [(day, delivery.status) for day, delivery in zip(days(found), found, strict=True)] == [
        ("31 Jan", QUEUED), ("28 Feb", SKIPPED), ("28 Mar", PROJECTED), ("28 Apr", PROJECTED),
    ]  # fmt: skip
    assert found[1].key == "2026-02-28.201.skipped"
    assert not found[1].is_skippable


def test_skipping_one_of_two_items_leaves_two_deliveries_on_the_date() -> None:
    coffee = subscription(301, next_charge_scheduled_at="2026-01-20")
    tea = subscription(302, next_charge_scheduled_at="2026-02-20", product_title="Tea")
    found = plan(
        snapshot(
            coffee,
            tea,
            charge("2026-01-20", coffee),
            charge("2026-01-20", tea, id=502, status="skipped"),
        ),
        date(2026, 1, 31),
    )
    assert [(delivery.key, delivery.items[0].title) for delivery in found] == [
        ("2026-01-20.201.due", "Harbor Blend"),
        ("2026-01-20.201.skipped", "Tea"),
    ]


def test_two_addresses_on_one_day_are_two_deliveries() -> None:
    here = subscription(301, next_charge_scheduled_at="2026-01-20")
    there = subscription(302, next_charge_scheduled_at="2026-01-20", address_id=202)
    found = plan(snapshot(here, there, address(201), address(202)), date(2026, 1, 31))
    assert [delivery.key for delivery in found] == ["2026-01-20.201.due", "2026-01-20.202.due"]


def test_items_of_one_address_and_day_come_together() -> None:
    """The second delivery of the coffee joins the tea's charge: what is charged is an estimate."""
    coffee = subscription(
        301,
        next_charge_scheduled_at="2026-01-14",
        order_interval_unit="week",
        order_interval_frequency=1,
        charge_interval_frequency=1,
    )
    tea = subscription(302, next_charge_scheduled_at="2026-01-21", product_title="Tea")
    first, second = plan(
        snapshot(coffee, tea, charge("2026-01-14", coffee), charge("2026-01-21", tea, id=502)),
        date(2026, 1, 21),
    )
    assert not first.is_estimate
    assert (second.status, second.charge_id, second.is_estimate) == (QUEUED, 502, True)
    assert [(item.title, item.charge_id) for item in second.items] == [
        ("Tea", 502), ("Harbor Blend", None),
    ]  # fmt: skip
    assert second.total == usd("28.95")


def test_what_joins_a_charge_pays_no_second_shipping_and_gets_no_second_amount_off() -> None:
    """The charge has both already; a percentage is taken off each item."""
    coffee = subscription(301, next_charge_scheduled_at="2026-01-14", order_interval_unit="week")
    tea = subscription(302, next_charge_scheduled_at="2026-01-21")
    lines = [{"title": "Standard", "price": "4.95"}]
    charges = (
        charge("2026-01-14", coffee, shipping_lines=lines),
        charge("2026-01-21", tea, id=502, shipping_lines=lines),
    )
    for kind, value, total in (("fixed_amount", "2", "28.95"), ("percentage", "50", "22.95")):
        discounts = [{"id": 1, "code": "OFF", "value": value, "value_type": kind}]
        of = snapshot(coffee, tea, *charges, address(discounts=discounts))
        assert plan(of, date(2026, 1, 21))[1].total == usd(total)


def test_a_onetime_comes_with_its_charge_or_on_its_date() -> None:
    coffee = subscription(next_charge_scheduled_at="2026-01-20")
    cup = onetime("2026-01-20")
    charged = plan(snapshot(coffee, cup, charge("2026-01-20", coffee, cup)), date(2026, 1, 31))
    assert [item.kind for item in charged[0].items] == ["subscription", "onetime"]
    assert [item.is_skippable for item in charged[0].items] == [True, False]

    uncharged = plan(snapshot(coffee, cup), date(2026, 1, 31))
    assert uncharged[0].total == usd("21.00")

    cancelled = onetime("2026-01-20", is_cancelled=True)
    assert plan(snapshot(coffee, cancelled), date(2026, 1, 31))[0].total == usd("12.00")


def test_one_prepaid_charge_pays_for_several_deliveries() -> None:
    coffee = subscription(
        next_charge_scheduled_at="2026-03-05",
        charge_interval_frequency=3,
        is_prepaid=True,
        price="99.00",
    )
    left = prepaid_order("2026-02-05T05:00:00+00:00", coffee)
    found = plan(snapshot(coffee, left), date(2026, 6, 30))
    assert [(delivery.date.isoformat(), str(delivery.total.amount)) for delivery in found] == [
        ("2026-02-05", "0.00"),
        ("2026-03-05", "99.00"),
        ("2026-04-05", "0.00"),
        ("2026-05-05", "0.00"),
        ("2026-06-05", "99.00"),
    ]
    assert found[0].status is QUEUED
    assert found[0].charge_id is None
    assert all(item.is_prepaid for delivery in found for item in delivery.items)
    assert not any(delivery.is_skippable for delivery in found)


def test_a_delayed_prepaid_order_comes_beside_the_next_charge() -> None:
    coffee = subscription(
        is_prepaid=True, charge_interval_frequency=3, next_charge_scheduled_at="2026-03-05"
    )
    delayed = prepaid_order("2026-03-05T05:00:00+00:00", coffee)
    for records in ((coffee, delayed), (coffee, delayed, charge("2026-03-05", coffee))):
        (delivery,) = plan(snapshot(*records), date(2026, 3, 31))
        assert [item.purchase_item_id for item in delivery.items] == [301, 301]


def test_a_total_that_recharge_is_about_to_make_anew_is_an_estimate() -> None:
    coffee = subscription(next_charge_scheduled_at="2026-01-20")
    for is_under_way in (True, False):
        queued = charge("2026-01-20", coffee, has_uncommitted_changes=is_under_way)
        (delivery,) = plan(snapshot(coffee, queued), date(2026, 1, 31))
        assert delivery.is_estimate == is_under_way


def test_a_prepaid_orders_day_is_that_of_the_shops_zone() -> None:
    coffee = subscription(is_prepaid=True)
    late = prepaid_order("2026-02-05T04:00:00+00:00", coffee)  # 23:00 of the 4th in New York
    assert [delivery.date for delivery in plan(snapshot(coffee, late))] == [date(2026, 2, 4)]


def test_what_was_paid_before_is_not_skippable_though_its_subscription_is_now() -> None:
    coffee = subscription(is_prepaid=False, is_skippable=True)
    left = prepaid_order("2026-02-05T05:00:00+00:00", coffee)
    (delivery,) = plan(snapshot(coffee, left))
    assert not delivery.is_skippable
    assert delivery.items[0].is_prepaid


def test_a_failed_payment_stands_first_while_it_is_tried_again() -> None:
    coffee = subscription(next_charge_scheduled_at="2026-01-05")
    failed = charge(
        "2026-01-05",
        coffee,
        status="error",
        error_type="CARD_DECLINED",
        retry_date="2026-01-12",
    )
    found = plan(snapshot(coffee, failed), date(2026, 2, 28))
    assert [(delivery.key, delivery.retry_date) for delivery in found] == [
        ("2026-01-05.201.failed", date(2026, 1, 12)),
        ("2026-02-05.201.due", None),
    ]
    assert found[0].error_type == "CARD_DECLINED"
    assert not found[0].is_skippable
    assert snapshot(coffee, failed).next_delivery(TODAY) == found[0]

    given_up = charge("2026-01-05", coffee, status="error")
    assert snapshot(coffee, given_up).next_delivery(TODAY) == found[1]


def test_a_payment_under_way_is_pending_and_what_is_done_is_gone() -> None:
    coffee = subscription(next_charge_scheduled_at="2026-02-10")
    under_way = charge("2026-01-10", coffee, status="pending")
    done = charge("2026-01-10", coffee, id=502, status="success")
    found = plan(snapshot(coffee, under_way, done), date(2026, 1, 31))
    assert [(delivery.status, delivery.charge_id) for delivery in found] == [(PENDING, 501)]


def test_what_was_skipped_in_the_past_is_not_shown() -> None:
    coffee = subscription(next_charge_scheduled_at="2026-02-05")
    found = plan(snapshot(coffee, charge("2026-01-05", coffee, status="skipped")))
    assert found[0].date == date(2026, 2, 5)


def test_the_next_delivery_is_not_a_skipped_one() -> None:
    coffee = subscription(next_charge_scheduled_at="2026-02-20")
    skipped = charge("2026-01-20", coffee, status="skipped")
    kept = charge("2026-02-20", coffee, id=502)
    found = snapshot(coffee, skipped, kept).next_delivery(TODAY)
    assert found is not None
    assert found.charge_id == 502


def test_the_next_delivery_may_be_years_away() -> None:
    whisky = subscription(next_charge_scheduled_at="2031-05-05")
    found = snapshot(whisky).next_delivery(TODAY)
    assert found is not None
    assert found.date == date(2031, 5, 5)


def test_nothing_comes_from_a_subscription_that_has_ended_or_has_no_date() -> None:
    ended = subscription(301, status="cancelled", next_charge_scheduled_at="2026-02-05")
    paused = subscription(302, next_charge_scheduled_at=None)
    assert plan(snapshot(ended, paused)) == ()
    assert snapshot(ended, paused).next_delivery(TODAY) is None


@pytest.mark.parametrize(
    "unknown",
    [
        {"order_interval_unit": "fortnight"},
        {"charge_interval_frequency": 0, "order_interval_frequency": 0},
        {"charge_interval_frequency": 200_000, "order_interval_frequency": 200_000},
    ],
)
def test_a_rhythm_that_cannot_be_followed_still_has_its_next_date(
    unknown: dict[str, Any],
) -> None:
    coffee = subscription(next_charge_scheduled_at="2026-01-20", **unknown)
    assert days(plan(snapshot(coffee))) == ["20 Jan"]


def test_the_addresss_discount_is_in_an_estimate() -> None:
    coffee = subscription(next_charge_scheduled_at="2026-01-20", price="9.99")

    def total(*discounts: dict[str, object]) -> tuple[Money, tuple[str, ...]]:
        found = plan(snapshot(coffee, address(discounts=discounts)), date(2026, 1, 31))
        return found[0].total, found[0].discounts

    tenth = {"id": 1, "code": "NEIGHBOR", "value": "10", "value_type": "percentage"}
    assert total(tenth) == (usd("8.99"), ("NEIGHBOR",))
    assert total({"id": 1, "code": "TWO", "value": 2, "value_type": "fixed_amount"}) == (
        usd("7.99"), ("TWO",),
    )  # fmt: skip
    assert total({"id": 1, "value": "50", "value_type": "fixed_amount"}) == (usd("0.00"), ())
    assert total({"id": 1, "code": "SHIP", "value": "4.95", "value_type": "shipping"})[0] == (
        usd("9.99")
    )
    assert total({"id": 1, "code": "UNKNOWN"})[0] == usd("9.99")


def test_half_a_cent_is_taken_off_as_the_shop_takes_it_off() -> None:
    coffee = subscription(next_charge_scheduled_at="2026-01-20", price="56.65")
    tenth = [{"id": 1, "code": "TENTH", "value": 10, "value_type": "percentage"}]
    found = plan(snapshot(coffee, address(discounts=tenth)), date(2026, 1, 31))[0]
    assert (found.discount, found.total) == (usd("5.67"), usd("50.98"))


def test_an_addresss_shipping_is_in_an_estimate_where_it_is_known() -> None:
    coffee = subscription(next_charge_scheduled_at="2026-01-20")
    lines = [{"title": "Standard", "price": "4.95"}, {"title": "Cooling", "price": "1.05"}]
    charged = charge("2026-01-20", coffee, shipping_lines=lines)
    assert [each.total for each in plan(snapshot(coffee, charged), date(2026, 2, 28))] == [
        usd("16.95"), usd("18.00"),
    ]  # fmt: skip
    fixed = address(shipping_lines_override=[{"title": "Own", "price": "2.00"}])
    assert plan(snapshot(coffee, charged, fixed), date(2026, 2, 28))[1].total == usd("14.00")

    elsewhere = charge("2026-01-21", subscription(302, address_id=202), shipping_lines=lines)
    assert plan(snapshot(coffee, elsewhere), date(2026, 1, 20))[0].total == usd("12.00")


def test_an_address_in_another_currency_is_charged_in_it() -> None:
    coffee = subscription(next_charge_scheduled_at="2026-01-20", presentment_currency="EUR")
    euro = address(presentment_currency="EUR")
    assert plan(snapshot(coffee, euro))[0].total == Money(Decimal("12.00"), "EUR")


def test_a_picture_comes_from_the_item_or_from_the_product() -> None:
    coffee = subscription(next_charge_scheduled_at="2026-01-20")
    product = Product.model_validate(
        {"external_product_id": "7001", "images": [{"medium": "https://shop.example/7001.svg"}]}
    )
    bare = snapshot(coffee)
    assert plan(bare)[0].items[0].picture is None
    known = snapshot(coffee, products={"7001": product})
    assert plan(known)[0].items[0].picture == "https://shop.example/7001.svg"

    queued = charge("2026-01-20", coffee)
    record = queued.model_dump(mode="json")
    record["line_items"][0]["images"] = {"medium": "https://shop.example/line.svg"}
    pictured = snapshot(coffee, type(queued).model_validate(record))
    first, second = plan(pictured, date(2026, 2, 28))
    assert first.items[0].picture == "https://shop.example/line.svg"
    assert second.items[0].picture == "https://shop.example/line.svg"  # its product's


def test_a_revision_tells_whether_anything_shown_has_changed() -> None:
    coffee = subscription(next_charge_scheduled_at="2026-01-20")
    one = plan(snapshot(coffee))[0]
    same = plan(snapshot(subscription(next_charge_scheduled_at="2026-01-20")))[0]
    dearer = plan(snapshot(subscription(next_charge_scheduled_at="2026-01-20", price="13.00")))[0]
    assert one.revision == same.revision
    assert one.revision != dearer.revision
    assert one.key == dearer.key
    assert replace(one, charge_id=7).revision != one.revision


def test_until_is_inclusive_and_the_order_is_by_date() -> None:
    first = subscription(302, next_charge_scheduled_at="2026-01-12")
    second = subscription(301, next_charge_scheduled_at="2026-01-20")
    of = snapshot(second, first)
    assert days(plan(of, date(2026, 2, 12))) == ["12 Jan", "20 Jan", "12 Feb"]
    assert days(plan(of, date(2026, 2, 12) - timedelta(days=1))) == ["12 Jan", "20 Jan"]
