"""What the API's values become: ids, dates, moments, money, words that may grow."""

from __future__ import annotations

import copy
import pickle
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.recharge import ChargeStatus, ExternalId, InvalidArgument, Record, valid_id
from app.recharge.values import ZERO, Amount, Day, Moment, valid_external_id, valid_ids


class Sample(Record):
    id: int
    amount: Amount = ZERO
    day: Day | None = None
    moment: Moment | None = None
    status: ChargeStatus | None = None
    text: str = ""
    is_open: bool = False


def sample(**values: Any) -> Sample:
    return Sample.model_validate({"id": 1, **values})


@pytest.mark.parametrize("id", [1, 101, 9_999_999_999_999_999_999])
def test_an_id_is_a_whole_number_above_zero(id: int) -> None:
    assert valid_id(id) == id


@pytest.mark.parametrize(
    "value",
    [
        0,
        -1,
        10**19,
        True,
        False,
        1.0,
        "101",
        "1/../../customers/9",
        "",
        None,
        Decimal(1),
        [1],
        b"1",
    ],
)
def test_anything_else_is_no_id(value: object) -> None:
    with pytest.raises(InvalidArgument) as caught:
        valid_id(value)
    assert isinstance(caught.value, ValueError)
    assert caught.value.executed == "no"


@given(st.one_of(st.text(), st.floats(), st.booleans(), st.binary(), st.integers(max_value=0)))
def test_no_text_number_or_truth_value_passes_for_an_id(value: object) -> None:
    with pytest.raises(InvalidArgument):
        valid_id(value)


def test_a_refused_id_is_not_shown_since_it_may_be_anything() -> None:
    with pytest.raises(InvalidArgument) as caught:
        valid_id("mara@example.com")
    assert "mara" not in f"{caught.value} {caught.value!r}"


@pytest.mark.parametrize("value", ["7001", "sku-9_A"])
def test_external_ids_are_plain_texts(value: str) -> None:
    assert valid_external_id(value) == value


@pytest.mark.parametrize("value", ["", "..", "7001/../9", "a b", "7001?x=1", "ä", 7001, None, "٣"])
def test_external_ids_hold_nothing_that_changes_a_path(value: object) -> None:
    with pytest.raises(InvalidArgument):
        valid_external_id(value)


def test_lists_of_ids_are_neither_empty_nor_too_long() -> None:
    assert valid_ids([301, 302]) == [301, 302]
    for wrong in ([], [301, "302"], list(range(1, 12))):
        with pytest.raises(InvalidArgument):
            valid_ids(wrong, most=10)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2022-03-10T12:13:28+00:00", datetime(2022, 3, 10, 12, 13, 28, tzinfo=UTC)),
        ("2022-03-09T02:31:39", datetime(2022, 3, 9, 2, 31, 39, tzinfo=UTC)),
        ("2022-03-11T10:19:18.637636+00:00", datetime(2022, 3, 11, 10, 19, 18, 637636, UTC)),
        ("2022-04-09", datetime(2022, 4, 9, tzinfo=UTC)),
        ("2022-03-10T08:13:28-04:00", datetime(2022, 3, 10, 12, 13, 28, tzinfo=UTC)),
        ("Thu, 23 Mar 2023 16:34:57 GMT", datetime(2023, 3, 23, 16, 34, 57, tzinfo=UTC)),
    ],
)
def test_moments_of_every_shape_are_aware_and_in_utc(text: str, moment: datetime) -> None:
    read = sample(moment=text).moment
    assert read == moment
    assert read is not None
    assert read.tzinfo is UTC


@pytest.mark.parametrize("text", ["2022-04-09", "2022-04-09T00:00:00", "2022-04-09T04:00:00+00:00"])
def test_a_day_stays_that_day(text: str) -> None:
    read = sample(day=text).day
    assert read == date(2022, 4, 9)
    assert type(read) is date


@pytest.mark.parametrize("value", [1646914408, 1.5, True, "1646914408", "soon", "", "2022-13-40"])
@pytest.mark.parametrize("field", ["day", "moment"])
def test_what_is_no_date_is_not_taken_for_one(field: str, value: object) -> None:
    with pytest.raises(ValidationError):
        sample(**{field: value})


@pytest.mark.parametrize(
    ("value", "amount"), [("49.00", "49.00"), (49, "49"), (10.1, "10.1"), ("0.0875", "0.0875")]
)
def test_money_is_decimal_from_text_and_number(value: object, amount: str) -> None:
    assert sample(amount=value).amount == Decimal(amount)


@pytest.mark.parametrize("value", [True, "many", float("nan"), float("inf"), [1]])
def test_what_is_no_amount_is_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        sample(amount=value)


def test_a_known_word_is_its_member() -> None:
    status = sample(status="queued").status
    assert status is ChargeStatus.QUEUED
    assert status.is_known


def test_a_new_word_survives() -> None:
    read = sample(status="brand_new")
    assert read.status == "brand_new"
    assert isinstance(read.status, ChargeStatus)
    assert not read.status.is_known
    assert read.status in {"brand_new"}
    assert read.model_dump(mode="json")["status"] == "brand_new"
    assert Sample.model_validate(read.model_dump(mode="json")) == read
    assert pickle.loads(pickle.dumps(read.status)) == copy.deepcopy(read.status) == "brand_new"
    assert "brand_new" not in ChargeStatus.__members__


def test_a_word_is_a_text() -> None:
    with pytest.raises(ValidationError):
        sample(status=5)


def test_null_leaves_a_field_at_its_default() -> None:
    assert sample(amount=None, text=None, is_open=None) == sample()


def test_an_id_is_never_missing() -> None:
    for wrong in ({}, {"id": None}):
        with pytest.raises(ValidationError):
            Sample.model_validate(wrong)


def test_unknown_fields_are_kept_and_records_are_fixed() -> None:
    read = sample(colour={"of": ["the", "day"]})
    assert read.model_extra == {"colour": {"of": ["the", "day"]}}
    assert read.model_dump(mode="json")["colour"] == {"of": ["the", "day"]}
    with pytest.raises(ValidationError):
        read.text = "other"  # type: ignore[misc]


def test_external_ids_are_texts_even_from_numbers() -> None:
    assert ExternalId.model_validate({"ecommerce": 7001}).ecommerce == "7001"
