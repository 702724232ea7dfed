"""The nouns: for each, its names, scope, filter columns, filters and sort orders."""

from collections.abc import Mapping

from app.sandbox.columns import Extract, Filter, Noun, at, every, lower, time
from app.sandbox.membership_nouns import MEMBERSHIP_NOUNS

_STAMPS: dict[str, Extract] = {"created_at": time("created_at"), "updated_at": time("updated_at")}
_STAMP_FILTERS = {
    "created_at_min": Filter("min", "created_at"),
    "created_at_max": Filter("max", "created_at"),
    "updated_at_min": Filter("min", "updated_at"),
    "updated_at_max": Filter("max", "updated_at"),
}
_IDS = {"ids": Filter("ids", "id")}
_CREATED = ("id", "created_at", "updated_at")


def _window(column: str, *, days: bool = False) -> dict[str, Filter]:
    prefix = "day_" if days else ""
    return {f"{column}_{end}": Filter(prefix + end, column) for end in ("min", "max")}


_CUSTOMER = {"customer_id": Filter("id", "customer_id")}
_ADDRESS = {"address_id": Filter("id", "address_id"), "address_ids": Filter("ids", "address_id")}
_ITEMS = {
    "purchase_item_id": Filter("has", "purchase_item_ids"),
    "purchase_item_ids": Filter("has_any", "purchase_item_ids"),
}
_DISCOUNTS = {
    "discount_id": Filter("has", "discount_ids"),
    "discount_code": Filter("has_text", "discount_codes"),
}
_DISCOUNT_COLUMNS = {
    "discount_ids": every("discounts", "id"),
    "discount_codes": every("discounts", "code"),
}
_ITEM_COLUMN = {"purchase_item_ids": every("line_items", "purchase_item_id")}
_VARIANT = {"external_variant_id": at("external_variant_id", "ecommerce")}

_ALL = (
    Noun("store", "store", "store_info"),
    Noun("shop_settings", "shop_settings", "store_info"),
    Noun(
        "product",
        "products",
        "products",
        {"external_product_id": at("external_product_id")},
        {"external_product_ids": Filter("texts", "external_product_id")},
        ("id",),
    ),
    Noun(
        "plan",
        "plans",
        "products",
        {
            **_STAMPS,
            "external_product_id": at("external_product_id", "ecommerce"),
            "type": at("type"),
        },
        {
            **_IDS,
            "external_product_id": Filter("text", "external_product_id"),
            "type": Filter("texts", "type"),
            **_window("updated_at"),
        },
    ),
    Noun(
        "collection",
        "collections",
        "products",
        {**_STAMPS, "title": at("title")},
        _IDS,
        ("id", "created_at", "title"),
    ),
    Noun(
        "collection_product",
        "collection_products",
        "products",
        {
            "collection_id": at("collection_id"),
            "external_product_id": at("external_product_id"),
        },
        {"collection_id": Filter("id", "collection_id")},
        ("id",),
    ),
    Noun(
        "discount",
        "discounts",
        "discounts",
        {
            **_STAMPS,
            "code": lower("code"),
            "status": at("status"),
            "value_type": at("value_type"),
        },
        {
            **_IDS,
            **_STAMP_FILTERS,
            "discount_code": Filter("lower", "code"),
            "discount_type": Filter("text", "value_type"),
            "status": Filter("texts", "status"),
        },
        _CREATED,
    ),
    Noun(
        "customer",
        "customers",
        "customers",
        {
            **_STAMPS,
            "email": lower("email"),
            "hash": at("hash"),
            "external_customer_id": at("external_customer_id", "ecommerce"),
        },
        {
            **_IDS,
            **_STAMP_FILTERS,
            "email": Filter("lower", "email"),
            "hash": Filter("text", "hash"),
            "external_customer_id": Filter("text", "external_customer_id"),
        },
        _CREATED,
    ),
    Noun(
        "payment_method",
        "payment_methods",
        "payment_methods",
        {
            **_STAMPS,
            "customer_id": at("customer_id"),
            "processor_name": at("processor_name"),
            "processor_payment_method_token": at("processor_payment_method_token"),
            "deleted_at": at("deleted_at"),
        },
        {
            **_CUSTOMER,
            "address_id": Filter(
                "sql_id", "id IN (SELECT payment_method_id FROM addresses WHERE id = ?)"
            ),
            "processor_name": Filter("text", "processor_name"),
            "processor_payment_method_token": Filter("text", "processor_payment_method_token"),
        },
        (),
        naive_stamps=True,
    ),
    Noun(
        "address",
        "addresses",
        "customers",
        {
            **_STAMPS,
            **_DISCOUNT_COLUMNS,
            "customer_id": at("customer_id"),
            "payment_method_id": at("payment_method_id"),
        },
        {
            **_IDS,
            **_STAMP_FILTERS,
            **_CUSTOMER,
            **_DISCOUNTS,
            "is_active": Filter(
                "sql_flag",
                "id IN (SELECT address_id FROM subscriptions WHERE status = 'active')",
            ),
        },
    ),
    Noun(
        "subscription",
        "subscriptions",
        "subscriptions",
        {
            **_STAMPS,
            **_VARIANT,
            "customer_id": at("customer_id"),
            "address_id": at("address_id"),
            "status": at("status"),
            "next_charge_scheduled_at": at("next_charge_scheduled_at"),
        },
        {
            **_IDS,
            **_STAMP_FILTERS,
            **_CUSTOMER,
            **_ADDRESS,
            "external_variant_id": Filter("text", "external_variant_id"),
            "status": Filter("texts", "status"),
            "bundles_only": Filter(
                "sql_flag", "id IN (SELECT purchase_item_id FROM bundle_selections)"
            ),
        },
        _CREATED,
    ),
    Noun(
        "onetime",
        "onetimes",
        "subscriptions",
        {
            **_STAMPS,
            **_VARIANT,
            "customer_id": at("customer_id"),
            "address_id": at("address_id"),
            "is_cancelled": at("is_cancelled"),
            "next_charge_scheduled_at": at("next_charge_scheduled_at"),
        },
        {
            **_IDS,
            **_STAMP_FILTERS,
            **_CUSTOMER,
            **_ADDRESS,
            "external_variant_id": Filter("text", "external_variant_id"),
        },
        _CREATED,
    ),
    Noun(
        "bundle_selection",
        "bundle_selections",
        "subscriptions",
        {
            **_STAMPS,
            "purchase_item_id": at("purchase_item_id"),
            "bundle_variant_id": at("bundle_variant_id"),
            "item_products": every("items", "external_product_id"),
            "item_variants": every("items", "external_variant_id"),
        },
        {
            "purchase_item_ids": Filter("ids", "purchase_item_id"),
            "bundle_variant_ids": Filter("ids", "bundle_variant_id"),
            "item_external_product_ids": Filter("has_any", "item_products"),
            "item_external_variant_ids": Filter("has_any", "item_variants"),
            "active_purchase_items": Filter(
                "sql_flag",
                "purchase_item_id IN (SELECT id FROM subscriptions WHERE status = 'active')",
            ),
        },
    ),
    Noun(
        "order",
        "orders",
        "orders",
        {
            **_STAMPS,
            **_ITEM_COLUMN,
            "customer_id": at("customer", "id"),
            "address_id": at("address_id"),
            "charge_id": at("charge", "id"),
            "external_customer_id": at("customer", "external_customer_id", "ecommerce"),
            "external_order_id": at("external_order_id", "ecommerce"),
            "status": at("status"),
            "type": at("type"),
            "processed_at": time("processed_at"),
            "scheduled_at": time("scheduled_at"),
        },
        {
            **_IDS,
            **_STAMP_FILTERS,
            **_CUSTOMER,
            **_ITEMS,
            "address_id": Filter("id", "address_id"),
            "charge_id": Filter("id", "charge_id"),
            "external_customer_id": Filter("text", "external_customer_id"),
            "external_order_id": Filter("text", "external_order_id"),
            "has_external_order": Filter("sql_flag", "external_order_id IS NOT NULL"),
            "status": Filter("texts", "status"),
            "type": Filter("texts", "type"),
            **_window("scheduled_at"),
            **_window("processed_at"),
        },
        ("id", "updated_at", "processed_at", "scheduled_at"),
    ),
    Noun(
        "charge",
        "charges",
        "orders",
        {
            **_STAMPS,
            **_ITEM_COLUMN,
            **_DISCOUNT_COLUMNS,
            "customer_id": at("customer", "id"),
            "address_id": at("address_id"),
            "external_order_id": at("external_order_id", "ecommerce"),
            "status": at("status"),
            "scheduled_at": at("scheduled_at"),
            "processed_at": time("processed_at"),
            "retry_date": at("retry_date"),
        },
        {
            **_IDS,
            **_STAMP_FILTERS,
            **_CUSTOMER,
            **_ITEMS,
            **_DISCOUNTS,
            "address_id": Filter("id", "address_id"),
            "external_order_id": Filter("text", "external_order_id"),
            "status": Filter("texts", "status"),
            "scheduled_at": Filter("day", "scheduled_at"),
            **_window("scheduled_at", days=True),
            **_window("processed_at"),
        },
        ("id", "updated_at", "scheduled_at", "created_at"),
    ),
    Noun(
        "credit_account",
        "credit_accounts",
        "credit_accounts",
        {
            **_STAMPS,
            "customer_id": at("customer_id"),
            "type": at("type"),
            "expires_at": time("expires_at"),
        },
        {
            **_IDS,
            **_CUSTOMER,
            "credit_type": Filter("texts", "type"),
            **_window("expires_at"),
        },
        ("id", "expires_at"),
    ),
    Noun(
        "credit_adjustment",
        "credit_adjustments",
        "credit_adjustments",
        {**_STAMPS, "credit_account_id": at("credit_account_id")},
        {"credit_account_id": Filter("id", "credit_account_id")},
    ),
    Noun("retention_strategy", "retention_strategies", "subscriptions", _STAMPS),
    *MEMBERSHIP_NOUNS,
    Noun(
        "metafield",
        "metafields",
        "store_info",
        {
            **_STAMPS,
            "owner_id": at("owner_id"),
            "owner_resource": at("owner_resource"),
            "namespace": at("namespace"),
        },
        {
            "owner_id": Filter("id", "owner_id"),
            "owner_resource": Filter("text", "owner_resource"),
            "namespace": Filter("text", "namespace"),
        },
        naive_stamps=True,
    ),
    Noun("webhook", "webhooks", "store_info", {"topic": at("topic")}, {}, ("id",)),
)

NOUNS: Mapping[str, Noun] = {each.plural: each for each in _ALL}
