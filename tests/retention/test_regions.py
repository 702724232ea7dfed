"""The rules by country and state: every row, and what is between and outside the rows."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.mirror import Snapshot
from app.recharge import Order, PaymentMethod, Subscription
from app.retention import (
    STRICTEST,
    TABLE,
    Plan,
    Rules,
    rules_for,
    rules_of,
    strictest,
    withdrawal_ends,
)
from app.retention.labels import WITHDRAWAL
from tests.mirror.records import address, line, snapshot, subscription

MEMBERS = (
    *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU"),
    *("IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"),
)
NO, YES = False, True

rows = pytest.mark.parametrize("row", TABLE.values(), ids=list(TABLE))
some_rows = st.lists(st.sampled_from(list(TABLE.values())), min_size=1, max_size=5)


def place(key: str) -> tuple[str, str | None]:
    country, _, state = key.partition("-")
    return country, state or "Texas" if country == "US" else None


@rows
def test_a_row_names_where_it_comes_from(row: Rules) -> None:
    assert row.since
    assert any(source.startswith("http") for source in row.sources)
    assert any(re.search(r"\d", source) and "http" not in source for source in row.sources)


@rows
def test_a_row_is_found_by_its_place(row: Rules) -> None:
    assert rules_of(*place(row.region)) == row


@rows
def test_the_words_of_a_law_are_in_one_language_each(row: Rules) -> None:
    languages = [label.language for label in row.labels]
    assert len(set(languages)) == len(languages)
    for label in row.labels:
        assert row.labels_in(f"{label.language}-XX") == label
        assert bool(label.cancel) == bool(label.confirm)
        assert (label.withdraw, label.confirm_withdrawal) == WITHDRAWAL[label.language]
    assert bool(row.labels) == bool(row.withdrawal_days)
    assert row.labels_in("ar") == (row.labels[0] if row.labels else None)


@pytest.mark.parametrize(
    ("key", "may_offer", "may_require_reason", "may_hold", "may_close", "without_sign_in", "days"),
    [
        ("US", YES, YES, YES, YES, NO, 0),
        ("US-CA", YES, NO, NO, NO, YES, 0),
        ("US-NY", YES, NO, NO, NO, NO, 0),
        ("US-MA", NO, NO, NO, NO, YES, 0),
        ("US-CO", NO, NO, NO, NO, YES, 0),
        ("GB", YES, NO, NO, NO, YES, 14),
        ("DE", NO, NO, NO, NO, YES, 14),
        ("FR", NO, NO, NO, NO, YES, 14),
        *((key, YES, NO, NO, NO, YES, 14) for key in MEMBERS if key not in ("DE", "FR")),
    ],
)
def test_what_a_place_demands(
    key: str,
    may_offer: bool,
    may_require_reason: bool,
    may_hold: bool,
    may_close: bool,
    without_sign_in: bool,
    days: int,
) -> None:
    found = rules_of(*place(key))
    demanded = (may_offer, may_require_reason, may_hold, may_close, without_sign_in, days)
    assert found.columns == demanded


def test_no_row_is_left_out() -> None:
    assert set(TABLE) == {*MEMBERS, "GB", "US", "US-CA", "US-CO", "US-MA", "US-NY"}
    assert len(MEMBERS) == 27
    assert {label.language for row in TABLE.values() for label in row.labels} == set(WITHDRAWAL)


def test_the_words_of_germany_and_france() -> None:
    germany, france = rules_of("DE").labels_in("en"), rules_of("FR").labels_in("de")
    assert germany
    assert france
    assert (germany.cancel, germany.confirm) == ("Verträge hier kündigen", "Jetzt kündigen")
    assert (germany.withdraw, germany.confirm_withdrawal) == (
        "Vertrag widerrufen",
        "Widerruf bestätigen",
    )
    assert (france.cancel, france.confirm) == (
        "Résilier votre contrat",
        "Notification de la résiliation",
    )


def test_a_country_of_several_languages_speaks_the_readers() -> None:
    belgium = rules_of("BE")
    told = [belgium.labels_in(language) for language in ("fr-CA", "de", "nl_BE", "ja")]
    assert [label.language for label in told if label] == ["fr", "de", "nl", "nl"]


@pytest.mark.parametrize(
    "province", ["California", "CA", "ca", "  cali fornia ", "CALIFORNIA", "C.A."]
)
@pytest.mark.parametrize("country", ["US", "us", " Us "])
def test_a_state_is_known_by_its_name_and_its_code(country: str, province: str) -> None:
    assert rules_of(country, province).region == "US-CA"


@pytest.mark.parametrize("province", ["Texas", "tx", "Delaware", "DE", "Puerto Rico"])
def test_a_state_without_a_row_has_federal_law(province: str) -> None:
    assert rules_of("US", province) is TABLE["US"]


@pytest.mark.parametrize("province", [None, "", "  ", "Bavaria", "California (North)"])
def test_a_state_that_is_not_known_has_the_strictest_of_its_country(province: str | None) -> None:
    found = rules_of("US", province)
    states = strictest(row for key, row in TABLE.items() if key.startswith("US"))
    assert found.region == "US"
    assert found.columns == states.columns == (NO, NO, NO, NO, YES, 0)


@pytest.mark.parametrize("country", [None, "", " ", "CH", "BR", "XX", "Germany", "US-CA", "ÄÖ"])
def test_a_place_that_is_not_known_has_the_strictest_of_all(country: str | None) -> None:
    assert rules_of(country, "California") is STRICTEST
    assert replace(strictest(TABLE.values()), region="") == STRICTEST
    assert STRICTEST.columns == (NO, NO, NO, NO, YES, 14)
    main = STRICTEST.labels_in("ja")
    assert main
    assert main.language == "en"


@given(some_rows)
def test_the_strictest_is_the_kindest_in_each_column(some: list[Rules]) -> None:
    found = strictest(some)
    for row in some:
        assert found.may_offer <= row.may_offer
        assert found.may_require_reason <= row.may_require_reason
        assert found.may_hold_to_minimum <= row.may_hold_to_minimum
        assert found.may_close <= row.may_close
        assert found.without_sign_in >= row.without_sign_in
        assert found.withdrawal_days >= row.withdrawal_days
        assert set(found.sources) >= set(row.sources)
        for label in row.labels:
            own = found.labels_in(label.language)
            assert own
            assert own.withdraw == label.withdraw
    # No kinder than one of them is in that column.
    for column, value in enumerate(found.columns):
        assert value in {row.columns[column] for row in some}
    assert strictest([found, *some]).columns == found.columns
    assert strictest(reversed(some)).columns == found.columns


def test_the_strictest_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="no rows"):
        strictest([])


@given(st.none() | st.text(max_size=30), st.none() | st.text(max_size=30))
def test_no_country_and_no_province_is_too_strange(
    country: str | None, province: str | None
) -> None:
    assert rules_of(country, province).columns
    assert rules_of("US", province).region.startswith("US")


def here(shipped: dict[str, Any], billed: dict[str, Any] | None = None) -> Snapshot:
    """Records of somebody whose parcels and bills go to these places."""
    card = PaymentMethod.model_validate({"id": 601, "customer_id": 101, "billing_address": billed})
    return replace(snapshot(address(**shipped)), payment_methods=(card,))


def test_of_two_places_the_stricter_decides() -> None:
    california = {"country_code": "US", "province": "California"}
    one = subscription()
    assert rules_for(here(california), one) == TABLE["US-CA"]
    abroad = rules_for(here(california, {"country_code": "DE"}), one)
    assert abroad.columns == TABLE["DE"].columns
    assert abroad.region == "DE"
    both = rules_for(here({"country_code": "US", "province": "MA"}, {"country_code": "NL"}), one)
    assert both.columns == (NO, NO, NO, NO, YES, 14)
    assert both.region == "US-MA+NL"
    assert (label := both.labels_in("en"))
    assert label.language == "nl"
    assert rules_for(here(california, {"country_code": "CH"}), one).region == ""


def test_where_no_place_is_known_the_strictest_holds() -> None:
    assert rules_for(here({"country_code": ""}), subscription()) is STRICTEST
    assert rules_for(here({}), subscription(address_id=999)) is STRICTEST
    billed = here({"country_code": ""}, {"country_code": "US", "province": "Texas"})
    assert rules_for(billed, subscription()) == TABLE["US"]


# Withdrawal: 2026-01-10 is a Saturday.
PLAN = Plan(delivery_days=3)
BEGUN = "2026-01-01T15:00:00+00:00"


def order(moment: str, *items: Subscription, id: int = 1001, **fields: Any) -> Order:
    record = {
        "id": id,
        "address_id": 201,
        "customer": {"id": 101},
        "status": "success",
        "currency": "USD",
        "processed_at": moment,
        "line_items": [line(item) for item in items],
        "total_price": "12.00",
    }
    return Order.model_validate(record | fields)


def with_orders(*orders: Order) -> Snapshot:
    """Records with these orders, the oldest first."""
    return replace(snapshot(), order_documents=tuple(one.model_dump_json() for one in orders))


def ends(one: Subscription, *orders: Order, region: str = "FR", plan: Plan = PLAN) -> date | None:
    return withdrawal_ends(rules_of(region), one, plan, with_orders(*orders))


def test_days_are_counted_from_the_arrival_of_the_first_delivery() -> None:
    one = subscription(created_at=BEGUN, next_charge_scheduled_at="2026-02-01")
    orders = order("2026-01-01T15:05:00+00:00", one), order("2026-01-15T15:05:00+00:00", one)
    # Sent on Thursday 1, arrives on Sunday 4, and 14 days later is Sunday 18: so until Monday.
    assert ends(one, *orders) == date(2026, 1, 19)
    assert ends(one, *orders, plan=replace(PLAN, delivery_days=2)) == date(2026, 1, 19)
    assert ends(one, *orders, plan=replace(PLAN, delivery_days=5)) == date(2026, 1, 20)
    assert ends(one, *orders, region="US") is None


def test_a_first_delivery_that_is_still_to_come_is_waited_for() -> None:
    later = subscription(created_at=BEGUN, next_charge_scheduled_at="2026-03-03")
    assert ends(later) == date(2026, 3, 20)
    failed = order(BEGUN, later, status="error")
    assert ends(later, failed) == date(2026, 3, 20)
    assert ends(subscription(created_at=BEGUN)) == date(2026, 1, 19)


def test_the_day_is_that_of_the_shops_zone() -> None:
    # In New York it is still Tuesday 6.
    one = subscription(created_at="2026-01-07T02:00:00+00:00")
    assert ends(one) == date(2026, 1, 23)


def test_where_old_orders_are_not_known_the_latest_day_counts() -> None:
    other = subscription(999)
    one = subscription(created_at=BEGUN, next_charge_scheduled_at="2030-01-01")
    many = [
        order(f"2026-03-{1 + n // 3:02d}T12:00:00+00:00", other, id=2000 + n) for n in range(51)
    ]
    # The oldest that is read is of 1 March: a Sunday, and 17 days later is a Wednesday.
    assert ends(one, *many) == date(2026, 3, 18)
    begun_since = one.model_copy(update={"created_at": many[-1].processed_at})
    assert ends(begun_since, *many) == date(2030, 1, 18)


def test_where_nothing_tells_when_it_began_there_is_no_end() -> None:
    assert ends(subscription()) is None
    far = subscription(next_charge_scheduled_at="9999-12-25")
    assert ends(far) == date.max


@given(
    st.dates(date(2020, 1, 1), date(2035, 1, 1)),
    st.integers(0, 60),
    st.sampled_from([key for key, row in TABLE.items() if row.withdrawal_days]),
)
def test_it_is_never_shorter_than_the_law_says(begun: date, days: int, key: str) -> None:
    one = subscription(created_at=f"{begun}T12:00:00+00:00")
    last = ends(one, region=key, plan=replace(PLAN, delivery_days=days))
    assert last is not None
    assert timedelta(days=14 + days) <= last - begun <= timedelta(days=14 + days + 2)
    assert last.weekday() < 5
