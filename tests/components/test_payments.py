"""Payment methods as components: cards, what is asked about them, and payments that fail."""

from __future__ import annotations

from typing import Any

from app.i18n import Texts
from components import (
    BillingDialog,
    Component,
    GiveCardDialog,
    MakeDefaultDialog,
    PaymentBanner,
    PaymentMethodCard,
    PaymentMethodDetails,
    RemoveCardDialog,
)
from components.gallery import EXAMPLES
from components.testing import ComponentTests, drawn, words


class TestPaymentBanner(ComponentTests):
    component = PaymentBanner


class TestPaymentMethodCard(ComponentTests):
    component = PaymentMethodCard


class TestPaymentMethodDetails(ComponentTests):
    component = PaymentMethodDetails


class TestBillingDialog(ComponentTests):
    component = BillingDialog


class TestGiveCardDialog(ComponentTests):
    component = GiveCardDialog


class TestMakeDefaultDialog(ComponentTests):
    component = MakeDefaultDialog


class TestRemoveCardDialog(ComponentTests):
    component = RemoveCardDialog


async def read(name: str) -> list[str]:
    """The words of an example, as they stand on the page."""
    shown: list[Component[Any]] = []
    case = next(one for one in EXAMPLES if one.name == name)
    async with drawn(lambda: shown.append(case.draw(Texts(case.language)))):
        return words(shown[0])


async def test_a_failed_payment_is_told_with_everything_that_helps() -> None:
    text = await read("PaymentBanner, failed, tried again")
    assert text == [
        "The payment for your delivery of Mon, Nov 30 failed",
        "The bank says there is not enough money on the account.",
        "The shop tries again on Thu, Dec 3, with Visa ending in 4242.",
        "Nothing is sent until it is paid. If it keeps failing, the shop may end the subscription.",
        "Please see that there is enough on the account, or use another card.",
        "Update card",
        "Try again now",
    ]


async def test_where_all_is_well_nothing_is_said() -> None:
    assert await read("PaymentBanner, nothing") == []


async def test_a_card_says_how_it_stands_and_what_it_pays_for() -> None:
    text = await read("PaymentMethodCard, expired, and its payment failed")
    assert text[:4] == [
        "Visa ending in 4242",
        "Expired",
        "Was valid until August 2029",
        "It has expired, so payments with it fail.",
    ]
    assert "48 Harbour Street, Portland" in text
    assert any(line.startswith("Next on Mon, Nov 30") for line in text)
    assert "Payment for Mon, Nov 30 failed" in text


async def test_what_is_not_told_is_not_made_up() -> None:
    text = await read("PaymentMethodDetails, nothing known but that it is there")
    assert text[:2] == ["Payment method on file", "State not known"]
    assert "The payment service tells no number by which you could know it." in text
    assert "None is known." in text
    assert "It pays for nothing at the moment." in text
    assert not any("None" in line or "null" in line for line in text if line != "None is known.")


async def test_what_shopify_keeps_says_what_to_do() -> None:
    text = await read("PaymentMethodDetails, kept by Shopify Payments")
    assert any("cannot be changed here" in line for line in text)
