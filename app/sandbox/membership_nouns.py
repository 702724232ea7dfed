"""The nouns around memberships. Their names come from Recharge's storefront client; scopes, and
that memberships can be listed by customer, are guesses."""

from app.sandbox.columns import Extract, Filter, Noun, at, time
from app.sandbox.errors import Document

_STAMPS: dict[str, Extract] = {"created_at": time("created_at"), "updated_at": time("updated_at")}

MEMBERSHIP_NOUNS = (
    Noun(
        "membership_program",
        "membership_programs",
        "products",
        {**_STAMPS, "status": at("status")},
        {"ids": Filter("ids", "id"), "status": Filter("texts", "status")},
        ("id",),
    ),
    Noun(
        "membership_benefit",
        "membership_benefits",
        "products",
        {**_STAMPS, "program_id": at("program_id")},
        {},
        ("id",),
    ),
    Noun(
        "membership",
        "memberships",
        "subscriptions",
        {
            **_STAMPS,
            "customer_id": at("customer_id"),
            "membership_program_id": at("membership_program_id"),
            "status": at("status"),
            "cancelled_at": time("cancelled_at"),
            "expires_at": time("expires_at"),
            "next_charge_scheduled_at": at("next_charge_scheduled_at"),
        },
        {
            "customer_id": Filter("id", "customer_id"),
            "membership_program_ids": Filter("ids", "membership_program_id"),
            "status": Filter("texts", "status"),
            **{
                f"{column}_{end}": Filter(end, column)
                for column in ("created_at", "expires_at")
                for end in ("min", "max")
            },
        },
        ("id",),
    ),
)

MEMBERSHIP_TEMPLATES: dict[str, Document] = {
    "membership_programs": {"description": None, "external_attributes": None, "tag_name": None},
    "membership_benefits": {"description": None},
    "memberships": {
        "cancellation_reason": None,
        "cancellation_reason_comments": None,
        "cancelled_at": None,
        "charge_interval_frequency": "1",
        "charge_interval_unit": "month",
        "has_queued_charges": True,
        "next_charge_scheduled_at": None,
        "purchase_item_status": "active",
        "purchase_item_type": "membership_subscription",
        "quantity": 1,
        "status": "active",
        "type": "membership_subscription",
    },
}
"""What a document leaves out: see `app.sandbox.defaults`."""
