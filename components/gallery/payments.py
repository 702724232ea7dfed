"""Examples of payment methods, of what is asked about them, and of payments that fail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from app.actions import Change, Effect, Preview, Standing
from app.i18n import say
from app.recharge import PaymentMethod
from app.state import (
    BillingQuestion,
    GiveCardQuestion,
    MakeDefaultQuestion,
    PaymentTrouble,
    PostalDraft,
    RemoveCardQuestion,
    Use,
)
from app.state.payment_trouble import failed_payment
from components.gallery.example import Example
from components.gallery.made_up import MadeUpDelivery, made_up_question
from components.gallery.made_up.payments import MadeUpPaymentMethod, MadeUpPayments
from components.gallery.samples import BEIRUT, DAY, HOME, PAYPAL, VISA, delivery, failed_delivery
from components.payment_banner import PaymentBanner
from components.payment_dialogs import (
    BillingDialog,
    GiveCardDialog,
    MakeDefaultDialog,
    RemoveCardDialog,
)
from components.payment_method_card import PaymentMethodCard, PaymentMethodDetails

_OFFERS = ("give", "billing", "default", "remove")
_AT_HOME = Use(HOME, delivery())


def method(**values: Any) -> PaymentMethod:
    """A payment method, in Recharge's own form."""
    document = {
        "id": 601,
        "customer_id": 101,
        "payment_type": "CREDIT_CARD",
        "processor_name": "stripe",
        "status": "valid",
        "payment_details": {"brand": "visa", "last4": "4242", "exp_month": 8, "exp_year": 2029},
        "billing_address": {
            "first_name": "Mara",
            "last_name": "Lindqvist",
            "address1": "48 Harbour Street",
            "city": "Portland",
            "province": "Maine",
            "zip": "04101",
            "country_code": "US",
        },
    }
    return PaymentMethod.model_validate(document | values)


def _made_up(record: PaymentMethod | None = None, **values: Any) -> MadeUpPaymentMethod:
    return MadeUpPaymentMethod(record or method(), **{"offers": _OFFERS, **values})


def _each(
    case: str, make: Callable[[], MadeUpPaymentMethod], language: str = "en"
) -> list[Example]:
    """As a card and in full."""
    return [
        Example(
            PaymentMethodCard,
            case,
            lambda texts: PaymentMethodCard.show(make(), texts),
            language,
        ),
        Example(
            PaymentMethodDetails,
            case,
            lambda texts: PaymentMethodDetails.show(make(), texts),
            language,
        ),
    ]


def _trouble(**values: Any) -> PaymentTrouble:
    found = failed_payment(failed_delivery(), VISA, DAY)
    return replace(found, **values)


def _banner(case: str, *troubles: PaymentTrouble, language: str = "en") -> Example:
    def draw(texts: Any) -> PaymentBanner:
        payments = MadeUpPayments(
            (), troubles, MadeUpDelivery(failed_delivery(), offers=("pay-again",))
        )
        return PaymentBanner.show(payments, texts)

    return Example(PaymentBanner, case, draw, language)


_EXPIRES = PaymentTrouble(
    kind="expires",
    key="expires-601",
    address_id=201,
    date=DAY,
    method=VISA,
    title=say("{card} expires before your next delivery", card="Visa ending in 4242"),
    reason=say("It is valid until {date}.", date=DAY),
    next=say("The next payment with it is due on {date}.", date=DAY),
    otherwise=say("If nothing is done, that payment will fail, and the delivery is not sent."),
    advice=say("Please update the card before then."),
    fix=("/addresses/201", say("Use a card that you have")),
)

_EFFECT = Preview(
    Effect(
        question=say("Make {card} your default?", card="Visa ending in 4242"),
        confirm=say("Make it the default"),
        done=say("Done."),
        changes=(
            Change(
                "default",
                say("{card} becomes your default payment method.", card="Visa ending in 4242"),
                before=say("none"),
                after=say("Visa ending in 4242"),
            ),
        ),
    ),
    "1",
)


EXAMPLES: tuple[Example, ...] = (
    *_each("pays for an address", lambda: _made_up(uses=(_AT_HOME,))),
    *_each("the default, pays for nothing", lambda: _made_up(method(default=True))),
    *_each("saving", lambda: _made_up(is_pending=True)),
    *_each(
        "expired, and its payment failed",
        lambda: _made_up(standing=Standing.EXPIRED, uses=(Use(HOME, delivery(), failed=DAY),)),
    ),
    *_each(
        "cannot be charged",
        lambda: _made_up(method(status="invalid"), standing=Standing.INVALID, uses=(_AT_HOME,)),
    ),
    *_each(
        "expires too early", lambda: _made_up(standing=Standing.EXPIRES_FIRST, uses=(_AT_HOME,))
    ),
    *_each(
        "nothing known but that it is there",
        lambda: _made_up(
            method(payment_details={}, payment_type=None, billing_address=None, status="new_word"),
            standing=Standing.UNKNOWN,
        ),
    ),
    *_each(
        "kept by Shopify Payments",
        lambda: _made_up(method(processor_name="shopify_payments", payment_type="APPLE_PAY")),
    ),
    *_each(
        "right to left",
        lambda: _made_up(
            method(billing_address={"first_name": "ليلى", "address1": "شارع الحمرا 12"}),
            uses=(Use(BEIRUT, delivery()),),
        ),
        "ar",
    ),
    _banner("failed, tried again", _trouble()),
    _banner("failed for good", failed_payment(failed_delivery(will_retry=False), None, DAY)),
    _banner("expires", _EXPIRES),
    _banner("two", _trouble(), _EXPIRES),
    _banner("nothing", language="en"),
    _banner("right to left", _trouble(), language="ar"),
    Example(
        BillingDialog,
        "another country",
        lambda texts: BillingDialog.show(
            made_up_question(
                BillingQuestion,
                method=_made_up(),
                draft=PostalDraft(language=texts.language, country_code="DE", usage="billing"),
            ),
            texts,
        ),
    ),
    Example(
        MakeDefaultDialog,
        "effect",
        lambda texts: MakeDefaultDialog.show(
            made_up_question(MakeDefaultQuestion, method=_made_up(), preview=_EFFECT), texts
        ),
    ),
    Example(
        GiveCardDialog,
        "nothing chosen",
        lambda texts: GiveCardDialog.show(
            made_up_question(
                GiveCardQuestion,
                method=_made_up(),
                address_ids=(),
                addresses=[BEIRUT],
                pays=lambda address: PAYPAL,
            ),
            texts,
        ),
    ),
    Example(
        RemoveCardDialog,
        "still pays",
        lambda texts: RemoveCardDialog.show(
            made_up_question(
                RemoveCardQuestion,
                method=_made_up(),
                by_id=None,
                used_at=(HOME,),
                others=(PAYPAL,),
            ),
            texts,
        ),
    ),
)
