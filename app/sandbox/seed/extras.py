"""What some customers have besides: a filled box, store credit, notes of the shop."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from app.sandbox.seed.books import Books
from app.sandbox.seed.catalogue import BOX_CHOICES, Ware
from app.sandbox.seed.formats import Document, moment, money
from app.sandbox.seed.shop import CURRENCY, STORE_ID


def fill_box(
    books: Books, number: int, subscription: Document, choices: Mapping[Ware, int]
) -> None:
    """What the customer chose for the box of a bundle subscription."""
    created = subscription["created_at"]
    books.bundle_selections.append(
        {
            "id": number,
            "bundle_variant_id": None,
            "purchase_item_id": subscription["id"],
            "charge_id": None,
            "created_at": created,
            "external_product_id": subscription["external_product_id"]["ecommerce"],
            "external_variant_id": subscription["external_variant_id"]["ecommerce"],
            "is_fallback": False,
            "items": [
                {
                    "id": number * 100 + place,
                    "collection_id": str(BOX_CHOICES),
                    "collection_source": "shopify",
                    "created_at": created,
                    "external_product_id": each.product_id,
                    "external_variant_id": each.variant_id,
                    "price": money(each.variant.price),
                    "quantity": quantity,
                    "updated_at": created,
                }
                for place, (each, quantity) in enumerate(choices.items(), 1)
            ],
            "order_id": None,
            "updated_at": created,
        }
    )


def credit(books: Books, number: int, customer: int, name: str, kind: str, *amounts: str) -> None:
    """Store credit in the shop's currency: what is left, and what it began with. The difference
    was spent on a delivery."""
    left, initial = amounts
    if spent := Decimal(initial) - Decimal(left):
        at = moment(books.in_days(-5))
        books.credit_adjustments.append(
            {
                "id": number + 5000,
                "credit_account_id": number,
                "amount": str(spent),
                "created_at": at,
                "currency_code": CURRENCY,
                "ending_balance": left,
                "note": "Used for a delivery",
                "type": "debit",
                "updated_at": at,
            }
        )
    books.credit_accounts.append(
        {
            "id": number,
            "api_client_id": None,
            "customer_id": customer,
            "store_id": STORE_ID,
            "api_client_restricted": False,
            "available_balance": left,
            "created_at": moment(books.in_days(-34)),
            "currency_code": CURRENCY,
            "expires_at": moment(books.in_months(8)),
            "initial_balance": initial,
            "name": name,
            "redemption_code": None,
            "type": kind,
            "updated_at": moment(books.in_days(-5)),
        }
    )


def note(books: Books, number: int, resource: str, owner: int, key: str, value: str) -> None:
    """A metafield on a store, customer, address, subscription, order or charge."""
    books.metafields.append(
        {
            "id": number,
            "owner_id": owner,
            "created_at": moment(books.in_days(-34))[:19],
            "description": None,
            "key": key,
            "namespace": "northbound",
            "owner_resource": resource,
            "updated_at": moment(books.in_days(-34))[:19],
            "value": value,
            "value_type": "string",
        }
    )
