"""The scopes of a token, and which of them a route asks for."""

_BOTH = (
    "customers", "orders", "subscriptions", "products", "discounts", "payment_methods", "payments",
    "checkouts", "batches", "gift_purchases", "credit_accounts", "credit_adjustments",
)  # fmt: skip

ALL_SCOPES: tuple[str, ...] = (
    *(f"read_{each}" for each in _BOTH),
    *(f"write_{each}" for each in _BOTH),
    "write_notifications",
    "write_retention_strategies",
    "write_free_gifts",
    "read_accounts",
    "read_events",
    "read_bundle_products",
    "read_credit_summary",
    "store_info",
)
