"""The merchant's plan: from Recharge, from the file over it, and from the defaults below both."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.mirror import Shop, read_shop
from app.mirror.shop import switches_of
from app.recharge import RetentionStrategy
from app.retention import (
    DEFAULT_MEMBERSHIP_REASONS,
    DEFAULT_REASONS,
    Incentive,
    Plan,
    Reason,
    RetentionFile,
    Span,
    load_retention_file,
    plan_of,
)
from app.retention.strategies import durations_of
from tests.actions.shop import Shop as SandboxShop
from tests.mirror.records import NOW, SHOP


def shop_with(*strategies: dict[str, Any], **portal: dict[str, Any]) -> Shop:
    """A shop with these strategies and settings."""
    records = [
        RetentionStrategy.model_validate({"id": 900 + number, **strategy})
        for number, strategy in enumerate(strategies, 1)
    ]
    return replace(SHOP, strategies=tuple(records), settings=portal, switches=switches_of(portal))


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str], RetentionFile]:
    def file(content: str) -> RetentionFile:
        path = tmp_path / "retention.yaml"
        path.write_text(content, encoding="utf-8")
        return load_retention_file(path)

    return file


async def test_the_demos_shop_as_recharge_has_it(shop: SandboxShop) -> None:
    found = await read_shop(shop.client, {}, NOW)
    plan = plan_of(found, None)
    assert [(each.key, each.incentive, each.discount_code) for each in plan.reasons] == [
        ("951", Incentive.DELAY, None),
        ("952", Incentive.DISCOUNT, "STAY20"),
        ("953", Incentive.SWAP, None),
        ("954", Incentive.SKIP, None),
        ("955", None, None),
        ("956", None, None),
    ]
    assert plan.reasons[1].said("de") == "It costs too much"
    assert plan.reasons[1].answer("de").startswith("Stay with us")
    assert not plan.is_reason_needed
    assert plan.pauses == plan.delays == (Span(1, "month"), Span(2, "month"), Span(3, "month"))
    assert plan.contact == "hello@northbound.example.com"
    members = plan_of(found, None, "membership")
    assert [each.key for each in members.reasons] == ["957", "958", "959"]
    assert not members.is_reason_needed


def test_a_shop_that_has_named_nothing_gets_the_defaults() -> None:
    plan = plan_of(SHOP, None)
    assert plan == Plan(reasons=DEFAULT_REASONS, contact=SHOP.email)
    assert not any(each.incentive is Incentive.DISCOUNT for each in plan.reasons)
    members = plan_of(SHOP, None, "membership")
    assert members == Plan(reasons=DEFAULT_MEMBERSHIP_REASONS, contact=SHOP.email)


def test_no_rest_is_offered_by_default_where_the_shop_has_switched_it_off() -> None:
    shop = shop_with(subscription={"cancellation_enable_pause_options": False})
    away = plan_of(shop, None).reason("away")
    assert away is not None
    assert away.incentive is Incentive.SKIP
    away = plan_of(SHOP, None).reason("away")
    assert away is not None
    assert away.incentive is Incentive.PAUSE


def test_default_reasons_are_in_the_catalogue_of_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    reason = DEFAULT_REASONS[1]
    assert reason.said("en") == reason.said("de") == "It is too expensive"
    assert reason.for_merchant == "It is too expensive"

    class German:
        def render(self, message: object) -> str:
            return "Es ist zu teuer"

    monkeypatch.setattr("app.retention.plan._texts", lambda language: German())
    assert reason.said("de") == "Es ist zu teuer"


@pytest.mark.parametrize(
    ("strategy", "incentive", "code"),
    [
        ({"incentive_type": "delay_subscription"}, Incentive.DELAY, None),
        ({"incentive_type": "skip_charge"}, Incentive.SKIP, None),
        ({"incentive_type": "swap_product"}, Incentive.SWAP, None),
        ({"incentive_type": "discount", "discount_code": "STAY"}, Incentive.DISCOUNT, "STAY"),
        ({"incentive_type": "discount", "discount_code": " "}, None, None),
        ({"incentive_type": "discount"}, None, None),
        ({"incentive_type": "skip_charge", "discount_code": "STAY"}, Incentive.SKIP, None),
        ({"incentive_type": ""}, None, None),
        ({"incentive_type": None}, None, None),
        ({"incentive_type": "free_gift"}, None, None),
    ],
)
def test_what_a_strategy_offers(
    strategy: dict[str, Any], incentive: Incentive | None, code: str | None
) -> None:
    [reason] = plan_of(shop_with({"reason": "Why", **strategy}), None).reasons
    assert (reason.key, reason.incentive, reason.discount_code) == ("901", incentive, code)


def test_which_strategies_count() -> None:
    shop = shop_with(
        {"reason": "One", "cancellation_flow_type": "subscription"},
        {"reason": "", "cancellation_reason": "Two"},
        {"reason": " "},
        {
            "reason": "Three",
            "cancellation_flow_type": "membership",
            "incentive_type": "skip_charge",
        },
        {"reason": "Four", "cancellation_flow_type": "parcel"},
    )
    assert [each.said("en") for each in plan_of(shop, None).reasons] == ["One", "Two"]
    [three] = plan_of(shop, None, "membership").reasons
    assert (three.said("en"), three.incentive) == ("Three", None)


@pytest.mark.parametrize(
    ("value", "is_needed"), [(True, False), (False, True), (1, False), (0, True), (None, False)]
)
def test_whether_a_reason_is_needed(value: object, is_needed: bool) -> None:
    settings = {"cancellation_reason_optional": value}
    assert plan_of(shop_with(subscription=settings), None).is_reason_needed is is_needed
    settings = {"membership_cancellation_reason_optional": value}
    plan = plan_of(shop_with(membership=settings), None, "membership")
    assert plan.is_reason_needed is is_needed


def test_numbers_and_addresses_of_the_settings() -> None:
    shop = shop_with(
        subscription={
            "cancellation_minimum_order_count": 3,
            "cancellation_email_contact": " stay@northbound.example ",
        },
        membership={"allow_membership_cancellation_after": 2},
    )
    assert plan_of(shop, None).minimum_orders == 3
    assert plan_of(shop, None, "membership").minimum_orders == 2
    assert plan_of(shop, None, "membership").contact == "stay@northbound.example"
    odd = shop_with(
        subscription={"cancellation_minimum_order_count": -1, "cancellation_email_contact": "us"}
    )
    assert (plan_of(odd, None).minimum_orders, plan_of(odd, None).contact) == (0, SHOP.email)


def durations(values: object, *, enabled: object = True) -> tuple[Span, ...]:
    return durations_of(
        {
            "cancellation_enable_pause_options": enabled,
            "cancellation_enable_pause_options_values": values,
        }
    )


def test_durations_as_shops_have_been_seen_to_keep_them() -> None:
    seen = (
        "{'duration_options':[{'frequency':1,'unit':'months'},{'frequency':1,'unit':'weeks'},"
        "{'frequency':1.33320003,'unit':'days'}],'enabled':1,"
        "'last_toggled_at':'2023-02-13T17:21:00.521Z'}"
    )
    expected = (Span(1, "month"), Span(1, "week"), Span(1, "day"))
    assert durations(seen) == expected
    assert durations(seen.replace("'", '"'), enabled=1) == expected
    assert durations(json.loads(seen.replace("'", '"'))) == expected
    assert durations(seen, enabled=False) == durations(seen, enabled=0) == ()
    assert durations(seen.replace("'enabled':1", "'enabled':0")) == ()


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([{"frequency": "2", "unit": "Month"}], (Span(2, "month"),)),
        ([{"frequency": 2, "unit": "weeks"}, {"frequency": 2.01, "unit": "week"}],
         (Span(2, "week"),)),
        ([{"frequency": 0.2, "unit": "days"}], ()),
        ([{"frequency": 13, "unit": "months"}], ()),
        ([{"frequency": -1, "unit": "months"}], ()),
        ([{"frequency": float("inf"), "unit": "months"}], ()),
        ([{"frequency": float("nan"), "unit": "months"}], ()),
        ([{"frequency": 10**400, "unit": "months"}], ()),
        ([{"frequency": [], "unit": "months"}, {"frequency": 1, "unit": "moons"}, None, 5], ()),
        ([{"frequency": {"a": 1}, "unit": "months"}, {"unit": "weeks"}], ()),
        ({"frequency": 1}, ()),
        (None, ()),
    ],
)  # fmt: skip
def test_durations_that_are_odd(options: object, expected: tuple[Span, ...]) -> None:
    assert durations(json.dumps({"duration_options": options})) == expected


@pytest.mark.parametrize("text", ["", "{", "[" * 5000, "5", "[]", "x" * 20_000, None, 7])
def test_durations_that_cannot_be_read_are_none(text: object) -> None:
    assert durations(text) == ()
    shop = shop_with(
        subscription={
            "cancellation_enable_pause_options": True,
            "cancellation_enable_pause_options_values": text,
        }
    )
    assert plan_of(shop, None).pauses == Plan().pauses


def test_settings_of_no_shape_at_all_are_no_settings() -> None:
    shop = replace(SHOP, settings={"subscription": "off", "membership": None})
    assert plan_of(shop, None).reasons == DEFAULT_REASONS
    assert plan_of(shop, None, "membership").reasons == DEFAULT_MEMBERSHIP_REASONS


def test_the_file_goes_over_recharge_and_leaves_the_rest(
    file: Callable[[str], RetentionFile],
) -> None:
    shop = shop_with(
        {"reason": "From Recharge", "incentive_type": "skip_charge"},
        subscription={
            "cancellation_reason_optional": False,
            "cancellation_minimum_order_count": 3,
        },
        membership={"allow_membership_cancellation_after": 2},
    )
    said = file(
        "minimum_orders: 0\nhold_out: 20%\ncontact: stay@northbound.example\ndelivery_days: 3\n"
        "pauses: [6 weeks]\ndiscounts: {times: 2}\n"
    )
    plan = plan_of(shop, said)
    assert [each.said("en") for each in plan.reasons] == ["From Recharge"]
    assert plan == replace(
        plan_of(shop, None),
        minimum_orders=0,
        hold_out=Decimal("0.2"),
        contact="stay@northbound.example",
        delivery_days=3,
        pauses=(Span(6, "week"),),
        discount_times=2,
    )
    assert plan.discount_days == 365
    assert plan.is_reason_needed
    members = plan_of(shop, said, "membership")
    assert members.minimum_orders == 2
    assert members.hold_out == Decimal("0.2")
    assert members.reasons == DEFAULT_MEMBERSHIP_REASONS


def test_the_files_own_reasons(file: Callable[[str], RetentionFile]) -> None:
    shop = shop_with({"reason": "From Recharge"})
    said = file(
        "reason: required\n"
        "reasons:\n- {key: dear, text: {en: Dear, de: Teuer}, offer: discount, discount_code: S}\n"
        "memberships:\n  reasons:\n  - {key: m, text: M}\n"
    )
    plan = plan_of(shop, said)
    assert plan.reasons == (
        Reason("dear", {"en": "Dear", "de": "Teuer"}, {}, Incentive.DISCOUNT, "S"),
    )
    assert plan.is_reason_needed
    assert plan.reason("dear") is plan.reasons[0]
    assert plan.reason("cheap") is None
    members = plan_of(shop, said, "membership")
    assert [each.key for each in members.reasons] == ["m"]
    assert not members.is_reason_needed


def test_no_reason_is_needed_where_there_is_none_to_give(
    file: Callable[[str], RetentionFile],
) -> None:
    plan = plan_of(SHOP, file("reason: required\nreasons: []\n"))
    assert (plan.reasons, plan.is_reason_needed) == ((), False)


def test_nobody_is_sent_to_an_address_that_is_not_known() -> None:
    silent = replace(SHOP, email="")
    assert plan_of(SHOP, None).reasons[-1].incentive is Incentive.CONTACT
    assert plan_of(silent, None).contact == ""
    assert [each.key for each in plan_of(silent, None).reasons] == [
        each.key for each in DEFAULT_REASONS
    ]
    assert not any(each.incentive is Incentive.CONTACT for each in plan_of(silent, None).reasons)


def test_a_plan_is_made_once_for_a_shop_and_a_file(
    monkeypatch: pytest.MonkeyPatch, file: Callable[[str], RetentionFile]
) -> None:
    made: list[Shop] = []
    real = plan_of.__globals__["plan_in_recharge"]

    def counted(shop: Shop, flow: Any) -> Plan:
        made.append(shop)
        plan: Plan = real(shop, flow)
        return plan

    monkeypatch.setattr("app.retention.planning.plan_in_recharge", counted)
    shop, said = replace(SHOP), file("")
    first = plan_of(shop, said)
    assert all(plan_of(shop, said) is first for _ in range(5))
    plan_of(shop, said, "membership")
    assert plan_of(shop, said) is first
    assert len(made) == 2
    assert plan_of(shop, None) == first
    assert plan_of(replace(SHOP), None) == first
    assert len(made) == 4


@pytest.mark.parametrize(
    ("language", "said"),
    [("de", "Teuer"), ("de-AT", "Teuer"), ("pt-BR", "Caro"), ("pt", "Dear"), ("", "Dear")],
)
def test_a_reason_is_said_in_the_nearest_language(language: str, said: str) -> None:
    reason = Reason("dear", {"en": "Dear", "de": "Teuer", "pt-BR": "Caro"})
    assert reason.said(language) == said
    assert Reason("dear", {"": "Costly", "de": "Teuer"}).said("fr") == "Costly"
    assert reason.answer(language) == ""
