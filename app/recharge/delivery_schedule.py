"""A customer's delivery schedule: deliveries to come, queued and projected.

Asked for with ``client.customers.delivery_schedule(id)``.
"""

from __future__ import annotations

from app.recharge.parts import Images, PostalAddress, Property, ShippingLine
from app.recharge.payment_methods import PaymentDetails, PaymentType
from app.recharge.values import Amount, Day, ExternalId, Record


class ScheduledCustomer(Record):
    """Whose schedule it is."""

    id: int
    email: str = ""
    first_name: str = ""
    last_name: str = ""


class ScheduledLineItem(Record):
    """An item of a delivery to come. Here the item's id is `subscription_id`, also a one-time's;
    skipped items stay in the schedule."""

    subscription_id: int | None = None
    external_product_id: ExternalId = ExternalId()
    external_variant_id: ExternalId = ExternalId()
    images: Images = Images()
    is_prepaid: bool = False
    is_skippable: bool = False
    is_skipped: bool = False
    original_price: Amount | None = None
    plan_type: str | None = None
    product_title: str = ""
    properties: tuple[Property, ...] = ()
    quantity: int = 1
    subtotal_price: Amount | None = None
    unit_price: Amount | None = None
    variant_title: str | None = None


class ScheduledPaymentMethod(Record):
    """What a delivery will be paid with."""

    id: int
    billing_address: PostalAddress | None = None
    payment_details: PaymentDetails = PaymentDetails()
    payment_type: PaymentType | None = None


class ScheduledOrder(Record):
    """One address's share of a day. `id` is None while it is a projection; `charge_id` is None
    while there is no charge for it."""

    id: int | None = None
    address_id: int | None = None
    charge_id: int | None = None
    currency: str | None = None
    has_uncommitted_changes: bool = False
    line_items: tuple[ScheduledLineItem, ...] = ()
    order_subtotal: Amount | None = None
    payment_method: ScheduledPaymentMethod | None = None
    shipping_address: PostalAddress | None = None
    shipping_lines: tuple[ShippingLine, ...] = ()
    total_discounts: Amount | None = None
    total_duties: Amount | None = None
    total_price: Amount | None = None
    total_tax: Amount | None = None


class ScheduledDelivery(Record):
    """All that is due on one day, a plain date in the shop's zone."""

    date: Day
    orders: tuple[ScheduledOrder, ...] = ()


class DeliverySchedule(Record):
    """Deliveries to come, soonest first. It has no id and, on the wire, no envelope."""

    customer: ScheduledCustomer
    deliveries: tuple[ScheduledDelivery, ...] = ()
