"""What the books are made of: places, shipping, lines, past deliveries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from app.sandbox.seed.catalogue import Ware
from app.sandbox.seed.formats import Document, money
from app.sandbox.seed.shop import Discount


@dataclass(frozen=True)
class Place:
    """A name and a street, as on a parcel."""

    first_name: str
    last_name: str
    address1: str
    city: str
    country_code: str
    zip: str | None
    province: str | None
    phone: str
    address2: str | None = None
    company: str | None = None

    def document(self) -> Document:
        """The place under the field names of the API."""
        return {
            "address1": self.address1,
            "address2": self.address2,
            "city": self.city,
            "company": self.company,
            "country_code": self.country_code,
            "first_name": self.first_name,
            "last_name": self.last_name,
            "phone": self.phone,
            "province": self.province,
            "zip": self.zip,
        }


@dataclass(frozen=True)
class Shipping:
    """How parcels to an address travel, and what each costs in that address's currency.

    The shop's standard rate is left to the sandbox's settings; any other stands on the address.
    """

    title: str
    code: str
    price: Decimal
    free_from: Decimal | None = None
    is_standard: bool = False

    def price_for(self, goods: Decimal) -> Decimal:
        """What a parcel with goods of that worth costs to send."""
        return Decimal() if self.free_from is not None and goods >= self.free_from else self.price

    def rate(self) -> Document:
        """The rate as an address overrides the shop's own with it."""
        return {"code": self.code, "price": money(self.price), "title": self.title}


STANDARD = Shipping("Standard", "standard", Decimal("4.90"), Decimal("40.00"), is_standard=True)
"""The same as the sandbox's settings say for charges to come."""


@dataclass(frozen=True)
class Line:
    """One line of a delivery."""

    ware: Ware
    purchase_item_id: int
    kind: str
    quantity: int
    unit_price: Decimal
    original_price: Decimal
    properties: list[Document]


@dataclass
class Delivery:
    """One day's parcel to one address: it becomes a charge and, when paid, its orders."""

    day: date
    address_id: int
    status: str
    lines: list[Line] = field(default_factory=list)
    order_days: tuple[date, ...] = ()
    error: str | None = None
    error_type: str | None = None
    attempts: int = 1
    retry_day: date | None = None


@dataclass(frozen=True)
class Cancellation:
    """When a subscription was given up, and why."""

    day: date
    reason: str
    comments: str | None = None


def applied(discount: Discount) -> Document:
    """A discount as an address or a charge shows it; its value is a number there."""
    value = float(discount.value)
    return {
        "id": discount.id,
        "application_method": "code",
        "code": discount.code,
        "value": int(value) if value.is_integer() else value,
        "value_type": discount.value_type,
    }
