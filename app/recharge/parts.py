"""Pieces that several records share: addresses, items, discounts, taxes."""

from __future__ import annotations

from pydantic import JsonValue

from app.recharge.values import (
    ZERO,
    Amount,
    ExternalId,
    MaybeAmount,
    MaybeMoment,
    MaybeNumber,
    OpenEnum,
    Record,
)


class PurchaseItemType(OpenEnum):
    """What an item of a charge or an order comes from."""

    SUBSCRIPTION = "subscription"
    ONETIME = "onetime"


class DiscountValueType(OpenEnum):
    """What a discount's value means."""

    PERCENTAGE = "percentage"
    FIXED_AMOUNT = "fixed_amount"
    SHIPPING = "shipping"


class IntervalUnit(OpenEnum):
    """The unit of a rhythm."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Property(Record):
    """A name and a value that a shop attaches to an item, an address or an order."""

    name: str
    value: JsonValue = None


class UtmParams(Record):
    """Where a visit came from."""

    utm_campaign: str | None = None
    utm_content: str | None = None
    utm_data_source: str | None = None
    utm_medium: str | None = None
    utm_source: str | None = None
    utm_term: str | None = None
    utm_timestamp: str | None = None


class AnalyticsData(Record):
    """Where a record came from."""

    utm_params: tuple[UtmParams, ...] = ()


class ClientDetails(Record):
    """The browser in which a first order was placed."""

    browser_ip: str | None = None
    user_agent: str | None = None


class PostalAddress(Record):
    """An address inside another record. `country_code` is ISO 3166-1 alpha-2."""

    address1: str | None = None
    address2: str | None = None
    city: str | None = None
    company: str | None = None
    country: str | None = None
    """Name of the country; only billing addresses of payment methods carry it."""
    country_code: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    phone: str | None = None
    province: str | None = None
    zip: str | None = None


class CustomerReference(Record):
    """The customer inside a charge or an order."""

    id: int
    email: str | None = None
    external_customer_id: ExternalId = ExternalId()
    hash: str | None = None


class TaxLine(Record):
    """One tax: its amount and its rate, a fraction such as 0.0875."""

    price: Amount = ZERO
    rate: Amount | None = None
    title: str | None = None


class ShippingLine(Record):
    """A way of shipping and what it costs; None where that is not told."""

    code: str | None = None
    price: MaybeAmount = None
    retrieved_at: MaybeMoment = None
    source: str | None = None
    status: str | None = None
    tax_lines: tuple[TaxLine, ...] = ()
    taxable: bool = False
    title: str | None = None


class AppliedDiscount(Record):
    """A discount on an address, a charge or an order."""

    id: int | None = None
    application_method: str | None = None
    code: str | None = None
    value: Amount | None = None
    value_type: DiscountValueType | None = None


class Images(Record):
    """Addresses of an item's picture in several sizes."""

    large: str | None = None
    medium: str | None = None
    original: str | None = None
    small: str | None = None
    sort_order: int | None = None


class LineItem(Record):
    """An item of a charge or an order.

    `purchase_item_id` is the id of the subscription or the one-time it comes from. Orders that were
    brought in from another system may lack it, and prices too: None means not told, never free.
    """

    purchase_item_id: MaybeNumber = None
    external_inventory_policy: str | None = None
    external_product_id: ExternalId = ExternalId()
    external_variant_id: ExternalId = ExternalId()
    grams: int | None = None
    handle: str | None = None
    images: Images = Images()
    offer_attributes: JsonValue = None
    original_price: MaybeAmount = None
    properties: tuple[Property, ...] = ()
    purchase_item_type: PurchaseItemType | None = None
    quantity: int = 1
    sku: str | None = None
    tax_due: MaybeAmount = None
    tax_lines: tuple[TaxLine, ...] = ()
    taxable: bool = False
    taxable_amount: MaybeAmount = None
    title: str = ""
    total_price: MaybeAmount = None
    unit_price: MaybeAmount = None
    unit_price_includes_tax: bool = False
    variant_title: str | None = None
