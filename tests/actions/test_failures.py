"""Why payments fail, in words: every type that is known, and those that are not."""

from __future__ import annotations

import pytest

from app.actions import Remedy, failure_of, failure_reason
from app.actions.orders.failures import UNKNOWN_FAILURE
from app.i18n import Texts

ENGLISH = Texts("en")

DOCUMENTED = (
    "CARD_EXPIRED",
    "CARD_DECLINED",
    "INSUFFICIENT_FUNDS",
    "DO_NOT_HONOR",
    "FRAUD_SUSPECTED",
    "AUTHENTICATION_REQUIRED",
    "CUSTOMER_NEEDS_TO_UPDATE_CARD",
    "CARD_UPDATED_NOW_PENDING_NEXT_ATTEMPT",
    "CLOSED_MAX_RETRIES_REACHED",
    "PAYMENT_METHOD_NOT_FOUND",
    "VARIANT_DOES_NOT_EXIST",
    "UNEXPECTED_INVENTORY_LEVEL",
    "SHIPPING_RATE_ERROR",
    "TAX_RATE_ERROR",
    "TRANSIENT_ERROR",
    "TEST_MODE",
)
"""Those of the API's own pages that say anything."""


@pytest.mark.parametrize("error_type", DOCUMENTED)
def test_what_is_documented_is_told(error_type: str) -> None:
    found = failure_of(error_type)
    assert found is not UNKNOWN_FAILURE
    for sentence in (found.reason, found.advice):
        text = ENGLISH.render(sentence)
        assert text.endswith(".")
        assert error_type not in text
        assert "_" not in text


@pytest.mark.parametrize("error_type", [None, "", "GENERIC_ERROR", "SOMETHING_NEW", "¿qué?"])
def test_what_says_nothing_is_told_as_what_it_is(error_type: str | None) -> None:
    found = failure_of(error_type)
    assert ENGLISH.render(found.reason) == "The payment did not go through."
    assert found.remedy is Remedy.UNKNOWN
    assert found.is_helped_by_card


def test_it_does_not_matter_how_a_type_is_written() -> None:
    assert failure_of(" card_expired ") is failure_of("CARD_EXPIRED")
    assert ENGLISH.render(failure_reason("card_expired")) == "The card has expired."


@pytest.mark.parametrize(
    ("error_type", "remedy"),
    [
        ("CARD_DECLINED", Remedy.BANK),
        ("CARD_EXPIRED", Remedy.CARD),
        ("INSUFFICIENT_FUNDS", Remedy.MONEY),
        ("AUTHENTICATION_REQUIRED", Remedy.CONFIRM),
        ("BILLING_ADDRESS_ERROR", Remedy.BILLING),
        ("INVALID_SHIPPING_ADDRESS", Remedy.ADDRESS),
        ("VARIANT_DOES_NOT_EXIST", Remedy.SHOP),
        ("MERCHANT_ACCOUNT_ERROR", Remedy.SHOP),
        ("TRANSIENT_ERROR", Remedy.WAIT),
    ],
)
def test_what_helps(error_type: str, remedy: Remedy) -> None:
    assert failure_of(error_type).remedy is remedy


def test_another_card_is_offered_only_where_it_may_help() -> None:
    assert failure_of("CARD_EXPIRED").is_helped_by_card
    for error_type in ("TAX_RATE_ERROR", "TRANSIENT_ERROR", "INVALID_SHIPPING_ADDRESS"):
        assert not failure_of(error_type).is_helped_by_card
