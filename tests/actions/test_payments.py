"""Payment methods: what they are called, how they stand, what is refused, and what is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from app.actions import (
    Action,
    EditBillingAddress,
    GiveCard,
    MakeDefault,
    NotPossible,
    PostalInput,
    Principal,
    RemoveCard,
    Services,
    Situation,
    Standing,
    SwitchedOff,
    UnknownObject,
    WrongParts,
    billing_of,
    card_named,
    card_titled,
    perform,
    preview,
    standing_of,
)
from app.actions.payments.standing import last_day
from app.i18n import Texts
from app.recharge import PaymentMethod
from tests.actions.cases.payments import AT_HOME, AT_STUDIO, BILLING, HERS, SECOND, more
from tests.actions.shop import TODAY, Shop, press, signed_in

MARA, TOM, HANNAH = signed_in(101), signed_in(104), signed_in(108)
ENGLISH = Texts("en")


def method(**values: Any) -> PaymentMethod:
    details = {name: values.pop(name) for name in list(values) if name in _DETAILS}
    document = {"id": 1, "customer_id": 101, "payment_type": "CREDIT_CARD"} | values
    return PaymentMethod.model_validate(document | {"payment_details": details})


_DETAILS = ("brand", "last4", "exp_month", "exp_year", "wallet_type", "paypal_email")


def words(error: pytest.ExceptionInfo[Any]) -> str:
    return ENGLISH.render(error.value.notice)


async def told(services: Services, who: Principal, action: Action) -> list[str]:
    effect = (await preview(services, who, action)).effect
    return [ENGLISH.render(one.text) for one in effect.changes]


@pytest.mark.parametrize(
    ("values", "name", "title"),
    [
        ({"brand": "visa", "last4": "4242"}, "Visa ending in 4242", None),
        ({"brand": "AMEX", "last4": "8431"}, "American Express ending in 8431", None),
        ({"brand": "Dankort", "last4": "1111"}, "Dankort ending in 1111", None),
        ({"last4": "1111"}, "the card ending in 1111", "Card ending in 1111"),
        ({"brand": "visa"}, "your Visa card", "Visa card"),
        ({}, "your card on file", "Card on file"),
        (
            {"brand": "visa", "last4": "4242", "wallet_type": "apple_pay"},
            "Apple Pay, Visa ending in 4242",
            None,
        ),
        ({"payment_type": "GOOGLE_PAY"}, "Google Pay", None),
        ({"payment_type": "PAYPAL"}, "PayPal", None),
        (
            {"payment_type": "PAYPAL", "paypal_email": "m@example.com"},
            "PayPal, m@example.com",
            None,
        ),
        (
            {"payment_type": "SEPA_DEBIT", "last4": "3000"},
            "the bank account ending in 3000",
            "Bank account ending in 3000",
        ),
        ({"payment_type": "SEPA_DEBIT"}, "your bank account (SEPA)", "Bank account (SEPA)"),
        ({"payment_type": "BARTER"}, "your payment method on file", "Payment method on file"),
        ({"payment_type": None}, "your payment method on file", "Payment method on file"),
    ],
)
def test_what_it_is_called(values: dict[str, Any], name: str, title: str | None) -> None:
    found = method(**values)
    assert ENGLISH.render(card_named(found)) == name
    assert ENGLISH.render(card_titled(found)) == (title or name)


@pytest.mark.parametrize(
    ("month", "year", "last"),
    [
        (2, 2028, date(2028, 2, 29)),
        ("03", "2027", date(2027, 3, 31)),
        (12, 26, date(2026, 12, 31)),
        (13, 2027, None),
        (None, 2027, None),
        (1, 20270, None),
    ],
)
def test_a_card_is_valid_until_the_end_of_its_month(
    month: Any, year: Any, last: date | None
) -> None:
    assert last_day(method(exp_month=month, exp_year=year)) == last


async def at(shop: Shop, services: Services, **values: Any) -> tuple[Situation, PaymentMethod]:
    """Mara's records, where her first card is this one."""
    situation = await shop.situation(services, 101)
    mine = method(id=HERS, brand="visa", last4="4242", **values)
    others = tuple(one for one in situation.snapshot.payment_methods if one.id != HERS)
    snapshot = replace(situation.snapshot, payment_methods=(mine, *others))
    return replace(situation, snapshot=snapshot), mine


@pytest.mark.parametrize(
    ("values", "standing"),
    [
        ({"exp_month": 10, "exp_year": 2026}, Standing.EXPIRED),
        ({"exp_month": 10, "exp_year": 2026, "status": "valid"}, Standing.EXPIRED),
        ({"exp_month": 11, "exp_year": 2026, "status": "valid"}, Standing.EXPIRES_FIRST),
        ({"exp_month": 12, "exp_year": 2026, "status": "valid"}, Standing.GOOD),
        ({"exp_month": 12, "exp_year": 2029, "status": "invalid"}, Standing.INVALID),
        ({"status": "empty"}, Standing.EMPTY),
        ({"status": "unvalidated"}, Standing.UNCHECKED),
        ({"status": "not_validated"}, Standing.UNCHECKED),
        ({"status": "on_holiday"}, Standing.UNKNOWN),
        ({"status": None}, Standing.GOOD),
    ],
)
async def test_how_it_stands(
    shop: Shop, services: Services, values: dict[str, Any], standing: Standing
) -> None:
    """Her next delivery is on the second of December."""
    situation, mine = await at(shop, services, **values)
    assert standing_of(situation, mine) is standing


async def test_the_month_ends_on_the_shops_clock(shop: Shop, services: Services) -> None:
    situation, mine = await at(shop, services, exp_month=11, exp_year=2026)
    last = replace(situation, today=date(2026, 11, 30))
    assert standing_of(last, mine) is Standing.EXPIRES_FIRST
    assert standing_of(replace(last, today=date(2026, 12, 1)), mine) is Standing.EXPIRED


async def test_another_card_for_an_address(shop: Shop, services: Services) -> None:
    action = GiveCard(address_id=AT_HOME, payment_method_id=SECOND)
    assert await told(services, MARA, action) == [
        "Mastercard ending in 4444 pays for all that comes to 18 Lantern Row, Portland.",
        "The next one is on Wed, Dec 2, for about $77.24.",
    ]
    with pytest.raises(NotPossible) as refused:
        await preview(services, MARA, GiveCard(address_id=AT_HOME, payment_method_id=HERS))
    assert "pays for deliveries to 18 Lantern Row, Portland already" in words(refused)


@pytest.mark.parametrize(
    "action",
    [
        GiveCard(address_id=AT_HOME, payment_method_id=603),
        GiveCard(address_id=203, payment_method_id=SECOND),
        MakeDefault(payment_method_id=603),
        RemoveCard(payment_method_id=603),
        EditBillingAddress(payment_method_id=603, address=BILLING),
        RemoveCard(payment_method_id=999),
    ],
)
async def test_what_is_anothers_is_not_there(
    shop: Shop, services: Services, action: Action
) -> None:
    await shop.situation(services, 102)
    with pytest.raises(UnknownObject):
        await perform(services, MARA, action, key=press())
    assert await shop.executed() == {}


async def test_the_merchant_may_keep_payment_methods_to_herself(
    shop: Shop, services: Services
) -> None:
    await shop.switch(view_recharge_payment_methods=False)
    with pytest.raises(SwitchedOff):
        await perform(services, MARA, MakeDefault(payment_method_id=SECOND), key=press())
    assert await shop.executed() == {}


async def test_a_failed_payment_is_tried_again_with_the_new_card(
    shop: Shop, services: Services
) -> None:
    id = await more(shop, 104)
    action = GiveCard(address_id=205, payment_method_id=id)
    assert (
        "The payment for Fri, Nov 20 has failed. The shop tries it again on Wed, Nov 25, "
        "with this one." in await told(services, TOM, action)
    )
    await perform(services, TOM, action, key=press())
    failed = next(
        one
        for one in (await shop.situation(services, 104)).snapshot.charges
        if one.status == "error"
    )
    assert failed.error_type == "CARD_UPDATED_NOW_PENDING_NEXT_ATTEMPT"
    assert failed.retry_date == TODAY + timedelta(days=1)


async def test_a_card_that_cannot_pay_is_told_before_it_is_given(
    shop: Shop, services: Services
) -> None:
    situation, mine = await at(shop, services, exp_month=10, exp_year=2026)
    effect = GiveCard(address_id=AT_STUDIO, payment_method_id=mine.id).effect(situation)
    assert ENGLISH.render(effect.changes[1].text) == (
        "Visa ending in 4242 has expired on Sat, Oct 31: the payment will fail."
    )


async def test_what_still_pays_is_not_removed(shop: Shop, services: Services) -> None:
    with pytest.raises(NotPossible) as refused:
        await perform(services, MARA, RemoveCard(payment_method_id=SECOND), key=press())
    assert words(refused) == (
        "Mastercard ending in 4444 still pays for deliveries to 402 Ropewalk Lane, Portland, so "
        "it was not removed. Choose another payment method there first."
    )
    assert await shop.executed() == {}


async def test_what_is_gone_already_is_removed(shop: Shop, services: Services) -> None:
    id = await more(shop, 101)
    await shop.forget_counters()
    await shop.fault("DELETE", "/payment_methods/*", "cut_after")
    done = await perform(services, MARA, RemoveCard(payment_method_id=id), key=press())
    assert ENGLISH.render(done.notice) == "Visa ending in 4444 is removed."
    assert (await shop.executed()).get("DELETE /payment_methods/{id}") == 1


async def test_what_shopify_keeps_is_read_only(shop: Shop, services: Services) -> None:
    for action in (
        EditBillingAddress(payment_method_id=610, address=BILLING),
        MakeDefault(payment_method_id=610),
    ):
        with pytest.raises(NotPossible) as refused:
            await perform(services, HANNAH, action, key=press())
        assert "Shopify Payments" in words(refused)
        assert "Ask for the link" in words(refused)
    assert await shop.executed() == {}


async def test_a_wrong_billing_address_is_refused_at_its_fields(
    shop: Shop, services: Services
) -> None:
    wrong = BILLING.model_copy(update={"zip": "1011", "city": ""})
    action = EditBillingAddress(payment_method_id=HERS, address=wrong)
    with pytest.raises(WrongParts) as refused:
        await perform(services, MARA, action, key=press())
    assert set(refused.value.parts) == {"zip", "city"}
    assert await shop.executed() == {}


async def test_a_billing_address_is_kept_as_it_was_written(shop: Shop, services: Services) -> None:
    action = EditBillingAddress(payment_method_id=HERS, address=BILLING)
    await perform(services, MARA, action, key=press())
    kept = (await shop.client.payment_methods.get(HERS)).billing_address
    assert kept is not None
    assert (kept.last_name, kept.country, kept.country_code) == ("Lindqvist-Ōe", "Germany", "DE")
    situation = await shop.situation(services, 101)
    mine = situation.snapshot.payment_method(HERS)
    assert mine is not None
    assert billing_of(mine) == BILLING
    with pytest.raises(NotPossible):
        await preview(services, MARA, action)


def test_a_country_may_be_told_by_its_name_alone() -> None:
    kept = {"address1": "1 Main Street", "country": "United States", "country_code": None}
    assert billing_of(method(billing_address=kept)) == PostalInput(
        address1="1 Main Street", country_code="US"
    )
    assert billing_of(method()) == PostalInput()


async def test_the_second_address_goes_on_with_its_own_card(shop: Shop, services: Services) -> None:
    await perform(services, MARA, MakeDefault(payment_method_id=SECOND), key=press())
    situation = await shop.situation(services, 101)
    pays = {one.id: one.payment_method_id for one in situation.snapshot.addresses}
    assert (pays[AT_HOME], pays[AT_STUDIO]) == (HERS, SECOND)
    assert [one.id for one in situation.snapshot.payment_methods if one.default] == [SECOND]
