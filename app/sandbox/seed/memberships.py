"""Northbound Circle: the shop's membership, what it brings, and who has it.

The portal shows none of it unless ``enable_membership_programs`` is switched on.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from app.sandbox.seed.books import Books
from app.sandbox.seed.formats import Document, add_months, moment, shift, shop_midnight

CIRCLE = 921
"""The program's id."""

_FOUNDED = date(2021, 3, 1)
_BENEFITS = (
    (931, "Free shipping", "On every order, however small.", "shipping"),
    (932, "5 % off everything", "Also on what is reduced already.", "discount"),
    (933, "First pick of new roasts", "Three days before everyone else.", "access"),
)


def program_documents() -> Iterator[Document]:
    """The program."""
    yield {
        "id": CIRCLE,
        "created_at": moment(_FOUNDED),
        "description": "For those who cannot get enough of us.",
        "external_attributes": {
            "customer_tags": {},
            "image_path": None,
            "order_tag": "northbound-circle",
            "segments": {},
        },
        "name": "Northbound Circle",
        "status": "active",
        "tag_name": "northbound-circle",
        "updated_at": moment(_FOUNDED),
    }


def benefit_documents() -> Iterator[Document]:
    """What members enjoy."""
    for number, name, description, category in _BENEFITS:
        yield {
            "id": number,
            "category": category,
            "created_at": moment(_FOUNDED),
            "description": description,
            "name": name,
            "program_id": CIRCLE,
            "status": "active",
            "type": category,
            "updated_at": moment(_FOUNDED),
        }


def membership_documents(books: Books) -> Iterator[Document]:
    """Mara's, which goes on, Elena's, which ended long ago, and Sam's, which he has cancelled and
    enjoys to the end of the year that he paid."""
    yield _membership(books, 941, 201, "5.00", "month", next_on=books.in_days(16))
    yield _membership(
        books,
        942,
        206,
        "5.00",
        "month",
        cancelled_on=books.in_days(-70),
        ends_on=books.in_days(-52),
        reason="The membership costs too much",
    )
    yield _membership(
        books,
        943,
        207,
        "48.00",
        "year",
        cancelled_on=books.in_days(-6),
        ends_on=books.in_days(83),
        reason="I do not use it enough",
    )


def _membership(
    books: Books,
    number: int,
    address: int,
    price: str,
    unit: str,
    *,
    next_on: date | None = None,
    cancelled_on: date | None = None,
    ends_on: date | None = None,
    reason: str | None = None,
) -> Document:
    """One membership; the day to which it is paid is the day on which it would be charged next."""
    paid_until = next_on or ends_on or books.today
    begun = add_months(paid_until, -12) if unit == "year" else shift(paid_until, -4, 1, "month")
    return {
        "id": number,
        "address_id": address,
        "customer_id": books.addresses[address]["customer_id"],
        "membership_program_id": CIRCLE,
        "purchase_item_id": 39_000 + number,
        "cancellation_reason": reason,
        "cancellation_reason_comments": None,
        "cancelled_at": moment(cancelled_on) if cancelled_on else None,
        # Texts and numbers as the storefront client has them, where other nouns are otherwise.
        "charge_interval_frequency": "1",
        "charge_interval_unit": unit,
        "created_at": moment(begun),
        "expires_at": shop_midnight(paid_until),
        "external_product_id": 7901,
        "external_variant_id": 8901 if unit == "month" else 8902,
        "has_queued_charges": next_on is not None,
        "next_charge_scheduled_at": next_on.isoformat() if next_on else None,
        "presentment_currency": "USD",
        "price": price,
        "product_title": "Northbound Circle",
        "purchase_item_status": "active" if next_on else "cancelled",
        "purchase_item_type": "membership_subscription",
        "quantity": 1,
        "status": "active" if paid_until > books.today else "inactive",
        "type": "membership_subscription",
        "updated_at": moment(cancelled_on or books.today - timedelta(days=3)),
        "variant_title": "Monthly" if unit == "month" else "Yearly",
    }
