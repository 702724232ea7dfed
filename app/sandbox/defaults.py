"""Every modern field of every noun, so that strict clients can load what the sandbox answers.

Callers, rules and the seed give what they know; `complete` adds the rest.
"""

from __future__ import annotations

import hashlib
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from app.sandbox.errors import Document
from app.sandbox.membership_nouns import MEMBERSHIP_TEMPLATES

if TYPE_CHECKING:
    from app.sandbox.shop import Shop

_NOBODY: Document = {"ecommerce": None}

TEMPLATES: dict[str, Document] = {
    "customers": {
        "analytics_data": {"utm_params": []},
        "apply_credit_to_next_checkout_charge": False,
        "apply_credit_to_next_recurring_charge": False,
        "apply_credit_to_next_recurring_charge_channel": None,
        "backup_payment_methods_enabled": None,
        "can_add_payment_method": True,
        "external_customer_id": _NOBODY,
        "first_charge_processed_at": None,
        "has_payment_method_in_dunning": False,
        "has_valid_payment_method": False,
        "payment_method_fallback_on_failure_disabled": False,
        "phone": None,
        "subscription_related_charge_streak": 0,
        "subscriptions_active_count": 0,
        "subscriptions_total_count": 0,
        "tax_exempt": False,
    },
    "addresses": {
        "payment_method_id": None,
        "address2": None,
        "company": None,
        "discounts": [],
        "is_gift": False,
        "order_attributes": [],
        "order_note": None,
        "phone": None,
        "presentment_currency": None,
        "province": None,
        "shipping_lines_conserved": [],
        "shipping_lines_override": [],
        "zip": None,
    },
    "subscriptions": {
        "analytics_data": {"utm_params": []},
        "cancellation_reason": None,
        "cancellation_reason_comments": None,
        "cancelled_at": None,
        "charge_interval_frequency": 1,
        "expire_after_specific_number_of_charges": None,
        "external_product_id": _NOBODY,
        "has_queued_charges": False,
        "is_digital": False,
        "is_swappable": True,
        "max_retries_reached": False,
        "next_charge_scheduled_at": None,
        "order_day_of_month": None,
        "order_day_of_week": None,
        "order_interval_frequency": 1,
        "order_interval_unit": "month",
        "plan_id": None,
        "presentment_currency": None,
        "price": "0.00",
        "product_title": "",
        "properties": [],
        "quantity": 1,
        "sku": None,
        "sku_override": False,
        "status": "active",
        "variant_title": "",
    },
    "onetimes": {
        "external_product_id": _NOBODY,
        "is_cancelled": False,
        "next_charge_scheduled_at": None,
        "presentment_currency": None,
        "price": "0.00",
        "product_title": "",
        "properties": [],
        "quantity": 1,
        "sku": None,
        "sku_override": False,
        "variant_title": "",
    },
    "charges": {
        "analytics_data": {"utm_params": []},
        "charge_attempts": 0,
        "client_details": {"browser_ip": None, "user_agent": None},
        "discounts": [],
        "error": None,
        "error_type": None,
        "external_order_id": _NOBODY,
        "external_transaction_id": {"payment_processor": None},
        "external_variant_id_not_found": False,
        "has_uncommitted_changes": False,
        "last_charge_attempt": None,
        "merged_at": None,
        "note": None,
        "order_attributes": [],
        "orders_count": 0,
        "processed_at": None,
        "retry_date": None,
        "status": "queued",
        "tags": "",
        "tax_lines": [],
        "taxable": False,
        "taxes_included": False,
        "total_duties": "0.00",
        "total_refunds": "0.00",
        "total_tax": "0.00",
        "type": "recurring",
    },
    "orders": {
        "client_details": {"browser_ip": None, "user_agent": None},
        "discounts": [],
        "error": None,
        "external_cart_token": None,
        "external_order_id": _NOBODY,
        "external_order_name": _NOBODY,
        "external_order_number": _NOBODY,
        "is_prepaid": False,
        "note": None,
        "order_attributes": [],
        "processed_at": None,
        "status": "success",
        "tags": "",
        "tax_lines": [],
        "taxable": False,
        "total_duties": "0.00",
        "total_refunds": "0.00",
        "total_tax": "0.00",
        "type": "recurring",
    },
    "payment_methods": {
        "billing_address": None,
        "default": False,
        "include": {},
        "payment_details": {},
        "payment_type": "CREDIT_CARD",
        "processor_customer_token": None,
        "processor_name": "stripe",
        "processor_payment_method_token": None,
        "status": "valid",
        "status_reason": None,
    },
    "products": {
        "brand": None,
        "description": None,
        "images": [],
        "options": [],
        "published_at": None,
        "requires_shipping": True,
        "variants": [],
        "vendor": None,
    },
    "plans": {
        "channel_settings": {
            channel: {"display": True}
            for channel in ("api", "checkout_page", "customer_portal", "merchant_portal")
        },
        "deleted_at": None,
        "discount_amount": None,
        "discount_type": None,
        "external_plan_group_id": None,
        "external_plan_id": None,
        "external_plan_name": None,
        "external_variant_ids": [],
        "has_variant_restrictions": False,
        "sort_order": 0,
        "type": "subscription",
    },
    "collections": {
        "description": None,
        "manual_sort_order": [],
        "sort_order": "id-desc",
        "type": "manual",
    },
    "collection_products": {},
    "discounts": {
        "applies_to": {"ids": [], "purchase_item_type": "all", "resource": None},
        "channel_settings": {
            channel: {"can_apply": True}
            for channel in ("api", "checkout_page", "customer_portal", "merchant_portal")
        },
        "ends_at": None,
        "external_discount_id": _NOBODY,
        "external_discount_source": None,
        "prerequisite_subtotal_min": None,
        "starts_at": None,
        "status": "enabled",
        "usage_limits": {
            "first_time_customer_restriction": None,
            "max_subsequent_redemptions": None,
            "one_application_per_customer": False,
            "redemptions": None,
        },
    },
    "credit_accounts": {
        "api_client_id": None,
        "api_client_restricted": False,
        "expires_at": None,
        "name": "",
        "redemption_code": None,
        "type": "manual",
    },
    "credit_adjustments": {"note": None},
    "retention_strategies": {
        "cancellation_flow_type": "subscription",
        "discount_code": None,
        "incentive_type": None,
    },
    "bundle_selections": {
        "bundle_variant_id": None,
        "charge_id": None,
        "external_product_id": None,
        "external_variant_id": None,
        "is_fallback": False,
        "items": [],
        "order_id": None,
    },
    **MEMBERSHIP_TEMPLATES,
    "metafields": {"description": None},
    "webhooks": {"included_objects": [], "version": "2021-11"},
    "store": {},
    "shop_settings": {},
}

_SUBSCRIPTION_PREFERENCES: Document = {
    "apply_cutoff_date_to_checkout": False,
    "charge_interval_frequency": None,
    "cutoff_day_of_month": None,
    "cutoff_day_of_week": None,
    "expire_after_specific_number_of_charges": None,
    "interval_unit": None,
    "order_day_of_month": None,
    "order_day_of_week": None,
    "order_interval_frequency": None,
    "pricing_progression": [],
}


def complete(shop: Shop, plural: str, document: Document) -> Document:
    """The document with every field of its noun."""
    whole = {**deepcopy(TEMPLATES[plural]), **document}
    finish = _FINISHERS.get(plural)
    if finish is not None:
        finish(shop, whole)
    return whole


def _customer(shop: Shop, customer: Document) -> None:
    if not customer.get("hash"):
        tail = hashlib.sha256(f"{customer['id']}:{customer.get('email')}".encode()).hexdigest()
        customer["hash"] = f"{customer['id']}{tail[:16]}"


def _subscription(shop: Shop, subscription: Document) -> None:
    _item(shop, subscription)
    prepaid = subscription["charge_interval_frequency"] > subscription["order_interval_frequency"]
    subscription["is_prepaid"] = prepaid
    subscription["is_skippable"] = not prepaid
    # Older documents keep the customer only on the address.
    if subscription.get("customer_id") is None:
        address = shop.read("addresses", subscription["address_id"])
        subscription["customer_id"] = address["customer_id"]


def _item(shop: Shop, item: Document) -> None:
    """What a subscription or one-time takes from the catalogue and its address."""
    address = shop.read("addresses", item["address_id"])
    item.setdefault("customer_id", address["customer_id"])
    if item.get("presentment_currency") is None:
        item["presentment_currency"] = address.get("presentment_currency") or currency(shop)
    found = shop.variant((item.get("external_variant_id") or {}).get("ecommerce"))
    if found is None:
        return
    product, variant = found
    if not (item.get("external_product_id") or {}).get("ecommerce"):
        item["external_product_id"] = {"ecommerce": product["external_product_id"]}
    item["product_title"] = item.get("product_title") or product.get("title", "")
    item["variant_title"] = item.get("variant_title") or variant.get("title", "")
    if not item.get("sku_override"):
        item["sku"] = item.get("sku") or variant.get("sku")


def _plan(shop: Shop, plan: Document) -> None:
    preferences = plan.get("subscription_preferences") or {}
    plan["subscription_preferences"] = {**_SUBSCRIPTION_PREFERENCES, **preferences}


def _payment_method(shop: Shop, method: Document) -> None:
    billing = method.get("billing_address")
    if isinstance(billing, dict):
        billing.setdefault("country", billing.get("country_code"))
        billing.setdefault("country_code", billing.get("country"))


def _credit_account(shop: Shop, account: Document) -> None:
    account.setdefault("currency_code", currency(shop))
    account.setdefault("initial_balance", "0.00")
    account.setdefault("available_balance", account["initial_balance"])
    stores = shop.store.find("store", limit=1)
    account.setdefault("store_id", stores[0]["id"] if stores else None)
    account.setdefault(
        "available_balance_set",
        {
            "shop_money": {
                "amount": account["available_balance"],
                "currency_code": account["currency_code"],
            }
        },
    )


def currency(shop: Shop) -> str:
    """The shop's own currency."""
    stores = shop.store.find("store", limit=1)
    return str(stores[0].get("currency", "USD")) if stores else "USD"


_FINISHERS: dict[str, Any] = {
    "customers": _customer,
    "subscriptions": _subscription,
    "onetimes": _item,
    "plans": _plan,
    "payment_methods": _payment_method,
    "credit_accounts": _credit_account,
}
