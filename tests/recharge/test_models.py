"""Every model against samples in the shapes that the API has been seen to send."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import pytest
from pydantic import ValidationError

import app.recharge as recharge
from app.recharge import (
    Charge,
    ChargeStatus,
    Customer,
    DeliverySchedule,
    IntervalUnit,
    Order,
    PaymentMethod,
    PurchaseItemType,
    Record,
    Subscription,
    SubscriptionStatus,
)

SAMPLES = Path(__file__).parent / "samples"


def model_of(name: str) -> type[Record]:
    """`subscription_cancelled` is a sample of Subscription."""
    words = name.split("_")
    for length in range(len(words), 0, -1):
        model: Any = getattr(recharge, "".join(word.title() for word in words[:length]), None)
        if model is not None:
            return cast(type[Record], model)
    raise AssertionError(f"{name} is a sample of nothing")


def load(name: str) -> Any:
    body = json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    return body if name == "delivery_schedule" else next(iter(body.values()))


NAMES = sorted(path.stem for path in SAMPLES.glob("*.json"))


def fields_of(record: Record, prefix: str = "") -> set[str]:
    """Fields that no model knows, by dotted name."""
    unknown = {f"{prefix}{name}" for name in record.model_extra or {}}
    for name, value in record:
        parts = value if isinstance(value, tuple) else (value,)
        for part in parts:
            if isinstance(part, Record):
                unknown |= fields_of(part, f"{prefix}{name}.")
    return unknown


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_survives_being_written_and_read_again(name: str) -> None:
    record = model_of(name).model_validate(load(name))
    written = json.loads(json.dumps(record.model_dump(mode="json")))
    again = type(record).model_validate(written)
    assert again == record
    assert again.model_dump(mode="json") == written


@pytest.mark.parametrize("name", NAMES)
def test_a_field_of_tomorrow_is_kept_and_disturbs_nothing(name: str) -> None:
    data = load(name)
    record = model_of(name).model_validate(data)
    richer = model_of(name).model_validate(data | {"of_tomorrow": [1, {"a": None}]})
    assert richer.model_dump(mode="json") == record.model_dump(mode="json") | {
        "of_tomorrow": [1, {"a": None}]
    }


@pytest.mark.parametrize("name", NAMES)
def test_all_but_the_essential_fields_may_be_missing_or_null(name: str) -> None:
    model, data = model_of(name), load(name)
    essential = {each for each, field in model.model_fields.items() if field.is_required()}
    least = model.model_validate({each: data[each] for each in essential})
    nulls = {each: None for each in model.model_fields if each not in essential}
    assert model.model_validate({**nulls, **{each: data[each] for each in essential}}) == least


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"token_information", "shop_settings"}))
def test_what_is_essential_is_demanded(name: str) -> None:
    with pytest.raises(ValidationError):
        model_of(name).model_validate({})


def test_the_models_know_every_field_of_the_samples() -> None:
    unknown = {
        f"{name}: {field}"
        for name in NAMES
        for field in fields_of(model_of(name).model_validate(load(name)))
    }
    assert unknown == {
        "shop_settings: customer_portal.custom_code",  # the merchant's HTML, of no use to us
        "subscription_tomorrow: mood",
    }


def test_a_subscription() -> None:
    subscription = Subscription.model_validate(load("subscription"))
    assert subscription.next_charge_scheduled_at == date(2022, 4, 9)
    assert subscription.created_at == datetime(2022, 3, 10, 12, 13, 28, tzinfo=UTC)
    assert subscription.price == Decimal("14.40")
    assert subscription.order_interval_unit is IntervalUnit.DAY
    assert subscription.status is SubscriptionStatus.ACTIVE
    assert subscription.external_variant_id.ecommerce == "8001"
    assert [(one.name, one.value) for one in subscription.properties] == [
        ("Grind", "Filter"),
        ("Strength", 3),
    ]
    assert subscription.include.customer is None


def test_a_subscription_of_tomorrow() -> None:
    subscription = Subscription.model_validate(load("subscription_tomorrow"))
    assert subscription.status == "hibernating"
    assert subscription.order_interval_unit == "lunar_month"
    assert subscription.price == Decimal("14.4")
    assert subscription.properties == ()


def test_a_charge_and_what_came_along() -> None:
    charge = Charge.model_validate(load("charge_with_includes"))
    assert charge.status is ChargeStatus.PENDING_MANUAL_PAYMENT
    assert charge.scheduled_at == date(2022, 4, 9)
    assert charge.retry_date == date(2022, 4, 11)
    assert charge.last_charge_attempt == datetime(2022, 4, 9, 5, tzinfo=UTC)
    assert charge.total_price == Decimal("32.18")
    assert charge.discounts[0].value == Decimal("10.0")
    assert charge.tax_lines[0].rate == Decimal("0.0875")
    assert charge.line_items[1].purchase_item_type is PurchaseItemType.ONETIME
    assert charge.line_items[1].images.medium is None
    assert charge.include.customer == Customer.model_validate(load("customer_2022"))
    assert charge.include.subscriptions == (Subscription.model_validate(load("subscription")),)
    assert charge.include.metafields == ()
    assert charge.include.payment_methods is None, "it was not asked for, which is not: none"


def test_an_order_knows_its_moment_and_an_imported_one_may_lack_prices() -> None:
    assert Order.model_validate(load("order")).scheduled_at == datetime(2022, 3, 10, 4, tzinfo=UTC)
    imported = Order.model_validate(load("order_imported"))
    assert imported.line_items[0].unit_price is None
    assert imported.charge.id is None


def test_a_card_may_tell_its_month_as_text() -> None:
    details = PaymentMethod.model_validate(load("payment_method_texts")).payment_details
    assert (details.exp_month, details.exp_year, details.last4) == (2, 2028, "4242")


def test_tokens_of_the_payment_processor_are_not_shown() -> None:
    shown = repr(PaymentMethod.model_validate(load("payment_method")))
    assert "cus_1" not in shown
    assert "pm_1" not in shown


def test_the_delivery_schedule_tells_projections_from_charges() -> None:
    schedule = DeliverySchedule.model_validate(load("delivery_schedule"))
    first, second = schedule.deliveries
    assert first.orders[0].id is None
    assert first.orders[0].charge_id == 501
    assert first.orders[0].line_items[0].subscription_id == 301
    assert (second.date, second.orders) == (date(2022, 5, 9), ())


def test_a_record_without_its_owner_is_not_taken() -> None:
    for name, owner in (
        ("subscription", "customer_id"),
        ("address", "customer_id"),
        ("payment_method", "customer_id"),
        ("charge", "customer"),
        ("order", "customer"),
    ):
        data = {field: value for field, value in load(name).items() if field != owner}
        with pytest.raises(ValidationError):
            model_of(name).model_validate(data)
