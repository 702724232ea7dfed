"""How filters and bodies are written."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from app.recharge import ChargeStatus, ExternalId, IntervalUnit, InvalidArgument
from app.recharge.query import asks_for_nothing, body, written


def test_filters_are_written_as_the_api_reads_them() -> None:
    filters = {
        "customer_id": 101,
        "ids": [1, 2],
        "status": [ChargeStatus.QUEUED, "error"],
        "is_active": True,
        "scheduled_at_min": date(2026, 7, 1),
        "updated_at_min": datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=2))),
        "limit": 250,
        "email": None,
        "include": [],
    }
    assert written(filters) == {
        "customer_id": "101",
        "ids": "1,2",
        "status": "queued,error",
        "is_active": "true",
        "scheduled_at_min": "2026-07-01",
        "updated_at_min": "2026-07-01T10:00:00+00:00",
        "limit": "250",
    }


@pytest.mark.parametrize(
    "filters",
    [
        {"customer_id": 0},
        {"customer_id": -5},
        {"ids": [1, 0]},
        {"address_ids": [1, -2]},
        {"limit": 0},
        {"limit": 251},
        {"limit": True},
        {"email": ""},
        {"hash": "  "},
        {"status": ["queued,error"]},
        {"price": 1.5},
        {"updated_at_min": datetime(2026, 7, 1)},
        {"anything": {"a": 1}},
    ],
)
def test_an_unclear_filter_is_refused(filters: dict[str, Any]) -> None:
    with pytest.raises(InvalidArgument):
        written(filters)


def test_an_empty_list_asks_for_nothing() -> None:
    assert asks_for_nothing({"ids": []})
    assert asks_for_nothing({"status": ()})
    assert not asks_for_nothing({"include": [], "email": None, "status": "queued"})


def test_bodies_are_written_as_json_can_hold_them() -> None:
    values = {
        "price": Decimal("14.4"),
        "date": date(2026, 7, 1),
        "ends_at": datetime(2026, 7, 1, tzinfo=UTC),
        "external_variant_id": ExternalId(ecommerce="8001"),
        "order_interval_unit": IntervalUnit.WEEK,
        "properties": ({"name": "Grind", "value": 1.5},),
        "items": [{"collection_id": "77", "quantity": 2}],
        "order_note": None,
        "quantity": 2,
        "is_gift": False,
    }
    assert body(values) == {
        "price": "14.40",
        "date": "2026-07-01",
        "ends_at": "2026-07-01T00:00:00+00:00",
        "external_variant_id": {"ecommerce": "8001"},
        "order_interval_unit": "week",
        "properties": [{"name": "Grind", "value": 1.5}],
        "items": [{"collection_id": "77", "quantity": 2}],
        "order_note": None,
        "quantity": 2,
        "is_gift": False,
    }


@pytest.mark.parametrize(
    "values",
    [
        {"address_id": 0},
        {"target_address": {"id": -1}},
        {"purchase_item_ids": [301, 0]},
        {"price": Decimal("NaN")},
        {"weight": float("inf")},
        {"ends_at": datetime(2026, 7, 1)},
        {"file": b"bytes"},
        {"thing": object()},
    ],
)
def test_a_body_that_cannot_be_sent_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(InvalidArgument):
        body(values)
