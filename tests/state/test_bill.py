"""What an order came to: as Recharge says, and nothing besides."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.i18n import Texts
from app.recharge import Charge, Order
from app.state.bill import Bill, bill_of, percentage

ENGLISH = Texts("en")

ORDER: dict[str, Any] = {
    "id": 1042,
    "customer": {"id": 101},
    "currency": "USD",
    "status": "success",
    "line_items": [
        {"title": "Coffee", "quantity": 2, "unit_price": "10.00", "total_price": "20.00"}
    ],
    "shipping_lines": [{"title": "Standard", "price": "4.90"}],
    "total_line_items_price": "20.00",
    "total_discounts": "0.00",
    "subtotal_price": "20.00",
    "total_tax": "0.00",
    "total_duties": "0.00",
    "total_refunds": "0.00",
    "total_price": "24.90",
}


def order(**changes: Any) -> Order:
    return Order.model_validate(ORDER | changes)


def told(bill: Bill) -> list[str]:
    """Line by line, as a customer reads it."""
    lines = []
    for line in bill.every_line:
        amount = ENGLISH.money(line.amount) if line.amount else "not told"
        lines.append(f"{ENGLISH.render(line.label)}: {amount}")
    return lines


def test_what_is_nothing_has_no_line() -> None:
    bill = bill_of(order(), "USD")
    assert told(bill) == ["Products: $20.00", "Shipping: Standard: $4.90", "Total: $24.90"]
    assert bill.adds_up


def test_a_discount_stands_under_its_code() -> None:
    tenth = {"code": "TEN", "value": "10.00", "value_type": "percentage"}
    found = order(
        discounts=[tenth], total_discounts="2.00", subtotal_price="18.00", total_price="22.90"
    )
    bill = bill_of(found, "USD")
    assert told(bill) == [
        "Products: $20.00",
        "Discount TEN: 10% off: -$2.00",
        "Subtotal: $18.00",
        "Shipping: Standard: $4.90",
        "Total: $22.90",
    ]
    assert bill.adds_up


def test_of_several_discounts_only_the_sum_is_known() -> None:
    both = [
        {"code": "TEN", "value": "12.50", "value_type": "percentage"},
        {"code": "FIVE", "value": "5.00", "value_type": "fixed_amount"},
        {"code": "SHIP", "value": "100", "value_type": "shipping"},
        {"code": "NEW", "value": "3", "value_type": "from_tomorrow"},
    ]
    found = order(discounts=both, total_discounts="7.50", total_price="17.40")
    assert told(bill_of(found, "USD"))[1:6] == [
        "Discount TEN: 12.5% off: not told",
        "Discount FIVE: $5.00 off: not told",
        "Discount SHIP on shipping: not told",
        "Discount NEW: not told",
        "Discounts in total: -$7.50",
    ]


def test_taxes_come_on_top_with_their_rates() -> None:
    taxes = [
        {"title": "State tax", "rate": "0.0875", "price": "1.75"},
        {"title": "City tax", "rate": 0.01, "price": "0.20"},
    ]
    found = order(tax_lines=taxes, total_tax="1.95", total_duties="3.00", total_price="29.85")
    bill = bill_of(found, "USD")
    assert told(bill)[2:] == [
        "State tax (8.75%): $1.75",
        "City tax (1%): $0.20",
        "Duties: $3.00",
        "Total: $29.85",
    ]
    assert bill.adds_up


def test_taxes_that_prices_hold_already_add_nothing() -> None:
    items = [dict(ORDER["line_items"][0], taxable=True, unit_price_includes_tax=True)]
    taxes = [{"title": "VAT", "rate": "0.19", "price": "3.98"}]
    found = order(line_items=items, tax_lines=taxes, total_tax="3.98", total_refunds="4.90")
    bill = bill_of(found, "USD")
    assert told(bill)[-3:] == ["Total: $24.90", "Including VAT (19%): $3.98", "Refunded: $4.90"]
    assert bill.adds_up
    assert [line.is_included for line in bill.after] == [True, False]


@pytest.mark.parametrize("is_included", [True, False])
def test_a_charge_says_itself_whether_taxes_are_included(is_included: bool) -> None:
    charge = Charge.model_validate(
        ORDER
        | {"address_id": 201, "taxes_included": is_included, "total_tax": "2.00"}
        | {"tax_lines": [{"title": "VAT", "price": "2.00"}]}
    )
    bill = bill_of(charge, "USD")
    assert bill.adds_up is is_included
    assert ("Including VAT: $2.00" in told(bill)) is is_included


def test_taxes_without_lines_have_one_line() -> None:
    assert "Tax: $2.10" in told(bill_of(order(total_tax="2.10", total_price="27.00"), "USD"))


def test_tax_lines_that_are_not_all_of_it_are_not_added_up() -> None:
    taxes = [{"title": "State tax", "rate": "0.05", "price": "1.00"}]
    found = order(tax_lines=taxes, total_tax="1.60", total_price="26.50")
    assert told(bill_of(found, "USD"))[2:4] == [
        "State tax (5%): not told",
        "Taxes in total: $1.60",
    ]


def test_what_is_not_told_is_not_made_up() -> None:
    bare = Order.model_validate(
        {"id": 7, "customer": {"id": 101}, "status": "success", "total_price": "12.00"}
    )
    bill = bill_of(bare, "EUR")
    assert told(bill) == ["Total: €12.00"]
    assert bill.adds_up is None
    null = order(total_line_items_price=None, subtotal_price=None)
    assert told(bill_of(null, "USD"))[0] == "Shipping: Standard: $4.90"


def test_shipping_without_a_price_is_named() -> None:
    bill = bill_of(order(shipping_lines=[{"title": "By hand", "price": None}]), "USD")
    assert told(bill)[1] == "Shipping: By hand: not told"
    assert bill.adds_up is None


def test_amounts_that_do_not_add_up_stay_as_they_are() -> None:
    bill = bill_of(order(total_price="19.00"), "USD")
    assert told(bill) == ["Products: $20.00", "Shipping: Standard: $4.90", "Total: $19.00"]
    assert bill.adds_up is False


cents = st.integers(0, 10**7).map(lambda number: Decimal(number) / 100)


@given(goods=cents, off=cents, shipping=cents, tax=cents, duties=cents, total=cents)
def test_every_amount_is_one_that_recharge_has_told(
    goods: Decimal, off: Decimal, shipping: Decimal, tax: Decimal, duties: Decimal, total: Decimal
) -> None:
    found = order(
        total_line_items_price=str(goods),
        total_discounts=str(off),
        shipping_lines=[{"price": str(shipping)}],
        total_tax=str(tax),
        total_duties=str(duties),
        total_price=str(total),
    )
    bill = bill_of(found, "USD")
    given = {goods, -off, shipping, tax, duties, total, Decimal("20.00")}
    assert {line.amount.amount for line in bill.every_line if line.amount} <= given
    assert bill.adds_up is (goods - off + shipping + tax + duties == total)


def test_a_rate_has_no_zeros_at_its_end() -> None:
    assert [str(percentage(Decimal(one))) for one in ("20.00", "8.750", "0", "100")] == [
        "20",
        "8.75",
        "0",
        "100",
    ]
