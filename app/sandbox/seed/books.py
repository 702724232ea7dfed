"""The shop's books: builders that write customers, cards, addresses and subscriptions.

A story in ``stories`` names only what is particular to it; the builders fill in the rest of each
document, and ``subscribe`` also enters every delivery that the subscription has had so far.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256

from babel import Locale

from app.sandbox.seed.catalogue import Rhythm, Ware, plan_id, subscriber_price
from app.sandbox.seed.formats import Document, add_months, moment, money, shift
from app.sandbox.seed.parts import Cancellation, Delivery, Line, Place, Shipping, applied
from app.sandbox.seed.shop import Discount

PriceThen = Callable[[date, Decimal], Decimal]

_NAMES = Locale("en").territories
"""Billing addresses tell their country by its name as well."""


class Books:
    """All that the stories have entered, by noun. ``today`` is the day everything counts from."""

    def __init__(self, today: date, public_url: str) -> None:
        self.today = today
        self.public_url = public_url
        self.customers: dict[int, Document] = {}
        self.payment_methods: dict[int, Document] = {}
        self.addresses: dict[int, Document] = {}
        self.shipping: dict[int, Shipping] = {}
        self.discounts: dict[int, Discount] = {}
        self.subscriptions: list[Document] = []
        self.onetimes: list[Document] = []
        self.bundle_selections: list[Document] = []
        self.credit_accounts: list[Document] = []
        self.credit_adjustments: list[Document] = []
        self.metafields: list[Document] = []
        self.deliveries: dict[tuple[int, date, str], Delivery] = {}

    def in_days(self, days: int) -> date:
        """The day so many days from today; back when negative."""
        return self.today + timedelta(days=days)

    def in_months(self, months: int) -> date:
        """The day so many months from today; back when negative."""
        return add_months(self.today, months)

    def customer(
        self, number: int, first_name: str, last_name: str, email: str, phone: str, since: date
    ) -> int:
        """Open an account. Its counts follow from what is entered later."""
        tail = sha256(f"northbound customer {number}".encode()).hexdigest()[:16]
        self.customers[number] = {
            "id": number,
            "analytics_data": {"utm_params": []},
            "apply_credit_to_next_checkout_charge": False,
            "apply_credit_to_next_recurring_charge": False,
            "apply_credit_to_next_recurring_charge_channel": None,
            "backup_payment_methods_enabled": False,
            "can_add_payment_method": True,
            "created_at": moment(since, hour=4),
            "email": email,
            "external_customer_id": {"ecommerce": str(9000 + number)},
            "first_charge_processed_at": None,
            "first_name": first_name,
            "has_payment_method_in_dunning": False,
            "has_valid_payment_method": False,
            "hash": f"{number}{tail}",
            "last_name": last_name,
            "payment_method_fallback_on_failure_disabled": False,
            "phone": phone,
            "subscription_related_charge_streak": 0,
            "subscriptions_active_count": 0,
            "subscriptions_total_count": 0,
            "tax_exempt": False,
            "updated_at": moment(since, hour=4),
        }
        return number

    def card(
        self,
        number: int,
        customer: int,
        billing: Place,
        *,
        brand: str,
        last4: str,
        expires: date,
        test_card: str = "pm_card_visa",
        payment_type: str = "CREDIT_CARD",
        wallet: str | None = None,
        status: str = "valid",
        status_reason: str | None = None,
        default: bool = True,
        processor: str = "stripe",
    ) -> int:
        """A card as the processor tells of it; ``test_card`` is one of its tokens for tests."""
        owner = self.customers[customer]
        owner["has_valid_payment_method"] = owner["has_valid_payment_method"] or status == "valid"
        created = owner["created_at"][:19]  # cards carry moments without an offset
        self.payment_methods[number] = {
            "id": number,
            "customer_id": customer,
            "billing_address": {**billing.document(), "country": _NAMES[billing.country_code]},
            "created_at": created,
            "default": default,
            "include": {},
            "payment_details": {
                "brand": brand,
                "exp_month": expires.month,
                "exp_year": expires.year,
                "funding_type": "credit",
                "last4": last4,
                "paypal_email": None,
                "paypal_payer_id": None,
                "wallet_type": wallet,
            },
            "payment_type": payment_type,
            "processor_customer_token": f"cus_northbound{customer}",
            "processor_name": processor,
            "processor_payment_method_token": test_card,
            "status": status,
            "status_reason": status_reason,
            "updated_at": created,
        }
        return number

    def address(
        self,
        number: int,
        customer: int,
        card: int | None,
        place: Place,
        shipping: Shipping,
        *,
        currency: str = "USD",
        discount: Discount | None = None,
        is_gift: bool = False,
        note: str | None = None,
    ) -> int:
        """A place to send to, with the card that pays and the rate that applies."""
        self.shipping[number] = shipping
        if discount is not None:
            self.discounts[number] = discount
        created = self.customers[customer]["created_at"]
        self.addresses[number] = {
            "id": number,
            "customer_id": customer,
            "payment_method_id": card,
            **place.document(),
            "created_at": created,
            "discounts": [applied(discount)] if discount else [],
            "is_gift": is_gift,
            "order_attributes": [],
            "order_note": note,
            "presentment_currency": currency,
            "shipping_lines_conserved": [],
            "shipping_lines_override": [] if shipping.is_standard else [shipping.rate()],
            "updated_at": created,
        }
        return number

    def subscribe(
        self,
        number: int,
        address: int,
        ware: Ware,
        rhythm: Rhythm,
        next_date: date,
        *,
        delivered: int,
        quantity: int = 1,
        price: str | None = None,
        price_then: PriceThen | None = None,
        skipped: frozenset[int] = frozenset(),
        cancelled: Cancellation | None = None,
        properties: Mapping[str, str] | None = None,
        charges_at_most: int | None = None,
    ) -> Document:
        """A subscription and its history.

        ``next_date`` anchors the rhythm; a cancelled subscription keeps it as the date that would
        have come. ``delivered`` charges lie before it; those counted in ``skipped`` (1 = the
        newest) were skipped by the customer. ``price`` is of one charge, in the address's
        currency; without it the plan's price holds.
        """
        owner = self.addresses[address]["customer_id"]
        unit = Decimal(price) if price else subscriber_price(ware, rhythm.charge, rhythm.order)
        days = [
            shift(next_date, -step, rhythm.charge, rhythm.unit) for step in range(1, delivered + 1)
        ]
        since = days[-1] if days else self.in_days(-1)
        is_prepaid = rhythm.charge != rhythm.order
        is_active = cancelled is None
        listed = [{"name": name, "value": value} for name, value in (properties or {}).items()]
        document = {
            "id": number,
            "address_id": address,
            "customer_id": owner,
            "analytics_data": {"utm_params": []},
            "cancellation_reason": cancelled.reason if cancelled else None,
            "cancellation_reason_comments": cancelled.comments if cancelled else None,
            "cancelled_at": (
                moment(cancelled.day, hour=16, minute=21).replace("+", ".482913+")
                if cancelled
                else None
            ),
            "charge_interval_frequency": rhythm.charge,
            "created_at": moment(since, hour=5, minute=number % 60),
            "expire_after_specific_number_of_charges": charges_at_most,
            "external_product_id": {"ecommerce": ware.product_id},
            "external_variant_id": {"ecommerce": ware.variant_id},
            "has_queued_charges": is_active,
            "is_digital": False,
            "is_prepaid": is_prepaid,
            "is_skippable": not is_prepaid,
            "is_swappable": not is_prepaid,
            "max_retries_reached": False,
            "next_charge_scheduled_at": next_date.isoformat() if is_active else None,
            "order_day_of_month": None,
            "order_day_of_week": None,
            "order_interval_frequency": rhythm.order,
            "order_interval_unit": rhythm.unit,
            "plan_id": plan_id(ware, rhythm),
            "presentment_currency": self.addresses[address]["presentment_currency"],
            "price": money(unit),
            "product_title": ware.product.title,
            "properties": listed,
            "quantity": quantity,
            "sku": ware.sku,
            "sku_override": False,
            "status": "active" if is_active else "cancelled",
            "updated_at": moment(cancelled.day if cancelled else (days[0] if days else since)),
            "variant_title": ware.variant_title,
        }
        self.subscriptions.append(document)
        customer = self.customers[owner]
        customer["subscriptions_total_count"] += 1
        customer["subscriptions_active_count"] += is_active
        full = unit if price else ware.variant.price * (rhythm.charge // rhythm.order)
        for step, day in enumerate(days, 1):
            then = price_then(day, unit) if price_then else unit
            line = Line(ware, number, "subscription", quantity, then, max(full, then), listed)
            delivery = self.deliver(address, day, "skipped" if step in skipped else "success")
            delivery.lines.append(line)
            if is_prepaid:
                delivery.order_days = tuple(
                    shift(day, place, rhythm.order, rhythm.unit)
                    for place in range(rhythm.charge // rhythm.order)
                )
        return document

    def deliver(self, address: int, day: date, status: str) -> Delivery:
        """The parcel of that day to that address: all that is due there together is one charge."""
        return self.deliveries.setdefault(
            (address, day, status), Delivery(day, address, status, order_days=(day,))
        )

    def fail(self, subscriptions: list[Document], day: date, wares: list[Ware]) -> Delivery:
        """The charge of ``day`` that did not go through, with the subscriptions that wait in it."""
        delivery = self.deliver(subscriptions[0]["address_id"], day, "error")
        for each, ware in zip(subscriptions, wares, strict=True):
            price = Decimal(each["price"])
            delivery.lines.append(
                Line(
                    ware,
                    each["id"],
                    "subscription",
                    each["quantity"],
                    price,
                    ware.variant.price,
                    each["properties"],
                )
            )
        return delivery

    def onetime(
        self, number: int, address: int, ware: Ware, day: date, *, quantity: int = 1
    ) -> Document:
        """A one-time item that travels with the delivery of ``day``."""
        document = {
            "id": number,
            "address_id": address,
            "customer_id": self.addresses[address]["customer_id"],
            "created_at": moment(self.in_days(-1)),
            "external_product_id": {"ecommerce": ware.product_id},
            "external_variant_id": {"ecommerce": ware.variant_id},
            "is_cancelled": False,
            "next_charge_scheduled_at": day.isoformat(),
            "presentment_currency": self.addresses[address]["presentment_currency"],
            "price": money(ware.variant.price),
            "product_title": ware.product.title,
            "properties": [],
            "quantity": quantity,
            "sku": ware.sku,
            "sku_override": False,
            "updated_at": moment(self.in_days(-1)),
            "variant_title": ware.variant_title,
        }
        self.onetimes.append(document)
        return document
