"""The shop itself: store, portal settings, discount codes and retention strategies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from app.sandbox.seed.formats import Document, add_months, moment, money

STORE_ID = 177001
CURRENCY = "USD"
_OPENED = date(2016, 4, 12)


def store_document(today: date, public_url: str) -> Document:
    """The store: name, zone, currencies."""
    return {
        "id": STORE_ID,
        "checkout_logo_url": f"{public_url}/pictures/northbound.svg",
        "checkout_platform": "recharge",
        "created_at": moment(_OPENED),
        "currency": CURRENCY,
        "customer_portal_base_url": public_url,
        "default_api_version": "2021-11",
        "disabled_currencies_historical": [],
        "email": "hello@northbound.example.com",
        "enabled_presentment_currencies": ["USD", "EUR"],
        "enabled_presentment_currencies_symbols": [
            {"currency": "USD", "location": "before", "suffix": " USD", "symbol": "$"},
            {"currency": "EUR", "location": "after", "suffix": " EUR", "symbol": "€"},
        ],
        "external_platform": "shopify",
        "identifier": "northbound-coffee",
        "merchant_portal_base_url": "https://northbound.example.com/merchant",
        "name": "Northbound Coffee & Pantry",
        "phone": "+1 207-555-0100",
        "timezone": {
            "iana_name": "America/New_York",
            "name": "(GMT-05:00) Eastern Time (US & Canada)",
        },
        "updated_at": moment(today - timedelta(days=20)),
        "weight_unit": "g",
    }


def shop_settings_document() -> Document:
    """What the merchant allows in the portal; names as in the Theme Engine's settings object."""
    return {
        "customer_portal": {
            "collection_ids": [],
            "custom_code": {
                "backend_portal": "",
                "credit_cart_update_page": "",
                "footer": "",
                "header": "",
                "header_logo_url": None,
            },
            "discount_input": True,
            "edit_shipping_address": True,
            "enable_membership_programs": False,
            "force_customer_portal_accounts": False,
            "hosted_customer_portal": True,
            "inventory_behaviour": "bypass",
            "membership": {
                "allow_membership_cancellation_after": 0,
                "allow_membership_cancellation_in_customer_portal": 1,
                "membership_cancellation_reason_optional": 1,
            },
            "onetime": {
                "available_products": "recharge_products",
                "enabled": True,
                "shopify_collection_id": None,
                "zero_inventory_purchase": True,
            },
            "show_credits": True,
            "subscription": {
                "add_product": True,
                "cancel_subscription": True,
                "cancellation_email_contact": "",
                "cancellation_enable_pause_options": True,
                "cancellation_enable_pause_options_values": (
                    '{"duration_options":[{"frequency":1,"unit":"months"},'
                    '{"frequency":2,"unit":"months"},{"frequency":3,"unit":"months"}],"enabled":1}'
                ),
                "cancellation_minimum_order_count": 0,
                "cancellation_reason_optional": True,
                "change_product": True,
                "change_quantity": True,
                "change_variant": True,
                "edit_order_frequency": "Any",
                "edit_scheduled_date": True,
                "reactivate_subscription": True,
                "skip_prepaid_order": False,
                "skip_scheduled_order": True,
                "zero_inventory_purchase": True,
            },
            "view_memberships": True,
            "view_order_schedule": True,
            "view_recharge_payment_methods": True,
            "view_subscriptions": True,
        },
        "has_shopify_connector": False,
        "multicurrency_enabled": True,
        "shop_id": STORE_ID,
    }


@dataclass(frozen=True)
class Discount:
    """One discount code; days count from today, back when negative."""

    id: int
    code: str
    value: str
    value_type: str
    ends_in_days: int | None = None
    status: str = "enabled"
    in_portal: bool = True
    minimum: str | None = None
    applies_to: str = "all"
    once_per_customer: bool = False


NEIGHBOR = Discount(901, "NEIGHBOR10", "10.00", "percentage")
WELCOME = Discount(
    902, "WELCOME15", "15.00", "percentage", applies_to="subscription", once_per_customer=True
)
FIVE_OFF = Discount(903, "PANTRY5", "5.00", "fixed_amount", minimum="30.00")
FREE_DELIVERY = Discount(904, "FREEDELIVERY", "100.00", "shipping", minimum="40.00")
LAST_SUMMER = Discount(
    905, "SUMMERPORCH", "20.00", "percentage", ends_in_days=-45, status="disabled"
)
STAFF = Discount(906, "STAFF40", "40.00", "percentage", in_portal=False)
STAY = Discount(907, "STAY20", "20.00", "percentage", applies_to="subscription")
WITHDRAWN = Discount(908, "OLDFRIENDS", "10.00", "fixed_amount", status="fully_disabled")

DISCOUNTS = (
    NEIGHBOR,
    WELCOME,
    FIVE_OFF,
    FREE_DELIVERY,
    LAST_SUMMER,
    STAFF,
    STAY,
    WITHDRAWN,
)


def discount_documents(today: date) -> Iterator[Document]:
    """The discount codes as they stand on ``today``."""
    for each in DISCOUNTS:
        starts = add_months(today, -14)
        ends = None if each.ends_in_days is None else today + timedelta(days=each.ends_in_days)
        yield {
            "id": each.id,
            "applies_to": {
                "ids": [],
                "purchase_item_type": each.applies_to,
                "resource": None,
            },
            "channel_settings": {
                "api": {"can_apply": True},
                "checkout_page": {"can_apply": True},
                "customer_portal": {"can_apply": each.in_portal},
                "merchant_portal": {"can_apply": True},
            },
            "code": each.code,
            "created_at": moment(starts),
            "ends_at": moment(ends) if ends else None,
            "external_discount_id": {"ecommerce": None},
            "external_discount_source": None,
            "prerequisite_subtotal_min": money(Decimal(each.minimum)) if each.minimum else None,
            "starts_at": moment(starts),
            "status": each.status,
            "updated_at": moment(ends or starts),
            "usage_limits": {
                "first_time_customer_restriction": None,
                "max_subsequent_redemptions": None,
                "one_application_per_customer": each.once_per_customer,
                "redemptions": None,
            },
            "value": each.value,
            "value_type": each.value_type,
        }


# Reason, what stands against it, its words to the customer, and the code it gives. A reason that is
# answered in words alone has been seen with an empty incentive and with none.
_STRATEGIES: tuple[tuple[str, str | None, str, str | None], ...] = (
    (
        "I have more than I can use",
        "delay_subscription",
        "Let it rest a while: move your next delivery, and keep your price.",
        None,
    ),
    (
        "It costs too much",
        "discount",
        "Stay with us and take 20 % off every delivery.",
        STAY.code,
    ),
    (
        "I want to try something else",
        "swap_product",
        "Swap it for another product; your dates stay as they are.",
        None,
    ),
    (
        "I am away for a while",
        "skip_charge",
        "Skip the next delivery, and the one after it comes as planned.",
        None,
    ),
    (
        "It arrived late or damaged",
        "",
        "We are sorry. Write to hello@northbound.example.com and we make it good.",
        None,
    ),
    ("Another reason", None, "Tell us in your own words, so we can do better.", None),
)
_MEMBERSHIP_STRATEGIES: tuple[tuple[str, str | None, str, str | None], ...] = (
    (
        "I do not use it enough",
        "",
        "Members taste every new coffee two weeks before it is out.",
        None,
    ),
    ("The membership costs too much", "", "It pays for itself with four deliveries a year.", None),
    ("Another reason", None, "Tell us in your own words, so we can do better.", None),
)


def retention_strategy_documents() -> Iterator[Document]:
    """The reasons to cancel, and what the shop answers to each."""
    flows = [("subscription", each) for each in _STRATEGIES]
    flows += [("membership", each) for each in _MEMBERSHIP_STRATEGIES]
    for number, (flow, (reason, incentive, text, code)) in enumerate(flows, 951):
        yield {
            "id": number,
            "cancellation_flow_type": flow,
            "created_at": moment(_OPENED),
            "discount_code": code,
            "incentive_type": incentive,
            "prevention_text": text,
            "reason": reason,
            "updated_at": moment(_OPENED),
        }
