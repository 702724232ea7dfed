"""What the gallery shows: deliveries and subscriptions of made-up customers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from app.i18n import Money
from app.mirror import Delivery, DeliveryItem, DeliveryStatus
from app.recharge import Address, PaymentMethod, Subscription
from components.gallery.made_up import MadeUpDelivery, MadeUpSubscription

DAY = date(2026, 11, 30)
PICTURES = "/sandbox/pictures/"

HOME = Address(
    id=201,
    customer_id=101,
    first_name="Mara",
    last_name="Lindqvist",
    address1="48 Harbour Street",
    address2="Apt 5",
    city="Portland",
    province="Maine",
    zip="04101",
    country_code="US",
)
BEIRUT = Address(
    id=209,
    customer_id=109,
    first_name="ليلى",
    last_name="حداد",
    address1="شارع الحمرا 12",
    city="بيروت",
    country_code="LB",
)
VISA = PaymentMethod.model_validate(
    {"id": 601, "customer_id": 101, "payment_details": {"brand": "visa", "last4": "4242"}}
)
PAYPAL = PaymentMethod.model_validate(
    {"id": 602, "customer_id": 101, "payment_details": {"paypal_email": "mara@example.com"}}
)


def usd(amount: str) -> Money:
    return Money(Decimal(amount), "USD")


def item(
    id: int,
    title: str,
    variant: str | None,
    price: str,
    *,
    quantity: int = 1,
    picture: str | None = None,
    is_prepaid: bool = False,
) -> DeliveryItem:
    unit = usd(price)
    return DeliveryItem(
        purchase_item_id=id,
        kind="subscription",
        title=title,
        variant_title=variant,
        quantity=quantity,
        unit_price=unit,
        total=usd("0") if is_prepaid else unit * quantity,
        picture=PICTURES + picture if picture else None,
        is_skippable=not is_prepaid,
        is_prepaid=is_prepaid,
    )


COFFEE = item(301, "Harbour House Blend", "500 g, whole bean", "19.50", picture="coffee-house.svg")
ESPRESSO = item(302, "Night Ferry Espresso", "1 kg", "34.00", picture="coffee-espresso.svg")
OATS = item(303, "Rolled Oats", None, "6.25", quantity=2, picture="oats.svg")
HONEY = item(304, "Heather Honey", "340 g jar", "12.00", picture="honey.svg")
LONG = item(
    305,
    "Kleinbäuerlich angebauter Hochlandkaffee aus Äthiopien, besonders schonend trommelgeröstet",
    "Feingemahlen für Siebträgermaschinen, wiederverschließbarer Vorratsbeutel, 2 × 500 g",
    "1234567.89",
    quantity=12,
)
ARABIC = item(
    306, "قهوة عربية بالهيل (محمصة طازجة)", "500 غرام", "21.00", picture="coffee-house.svg"
)


def delivery(
    *items: DeliveryItem,
    days: int = 0,
    status: DeliveryStatus = DeliveryStatus.QUEUED,
    is_estimate: bool = False,
) -> Delivery:
    items = items or (COFFEE, OATS, HONEY)
    goods = sum((one.total for one in items), usd("0"))
    shipping = usd("4.90" if goods.amount else "0")
    return Delivery(
        date=DAY + timedelta(days=days),
        address_id=201,
        status=status,
        items=items,
        total=goods + shipping,
        discount=usd("0"),
        shipping=shipping,
        tax=usd("0"),
        is_estimate=is_estimate,
        charge_id=501 if status != DeliveryStatus.PROJECTED else None,
        payment_method_id=601,
    )


def unpriced_delivery() -> Delivery:
    """A delivery of which nothing tells what it costs."""
    unpriced = replace(COFFEE, unit_price=None, total=usd("0"), is_total_known=False)
    return replace(
        delivery(unpriced, status=DeliveryStatus.PROJECTED, is_estimate=True),
        is_total_known=False,
        discount=None,
        shipping=None,
        tax=None,
    )


def failed_delivery(*, will_retry: bool = True) -> Delivery:
    return replace(
        delivery(COFFEE, status=DeliveryStatus.FAILED),
        error_type="INSUFFICIENT_FUNDS",
        retry_date=DAY + timedelta(days=3) if will_retry else None,
    )


def year() -> list[MadeUpDelivery]:
    """A year of two rhythms, with one delivery skipped."""
    states = []
    for number in range(26):
        days = number * 14
        items = (COFFEE, OATS, HONEY) if number % 2 == 0 else (ESPRESSO,)
        status = DeliveryStatus.PROJECTED if number > 1 else DeliveryStatus.QUEUED
        if number == 2:
            status = DeliveryStatus.SKIPPED
        planned = delivery(*items, days=days, status=status, is_estimate=number > 1)
        states.append(MadeUpDelivery(planned, address=HOME, payment_method=VISA))
    return states


def subscription(
    id: int = 301,
    title: str = "Harbour House Blend",
    variant: str | None = "500 g, whole bean",
    *,
    price: str | None = "19.50",
    quantity: int = 1,
    every: int | None = 2,
    unit: str | None = "week",
    charged_every: int | None = None,
    is_prepaid: bool = False,
    status: str = "active",
) -> Subscription:
    return Subscription.model_validate(
        {
            "id": id,
            "address_id": 201,
            "customer_id": 101,
            "product_title": title,
            "variant_title": variant,
            "price": price,
            "quantity": quantity,
            "order_interval_frequency": every,
            "order_interval_unit": unit,
            "charge_interval_frequency": charged_every or every,
            "is_prepaid": is_prepaid,
            "status": status,
            "next_charge_scheduled_at": DAY.isoformat(),
        }
    )


def subscriptions() -> list[MadeUpSubscription]:
    """A customer with four subscriptions."""
    rows = (
        (301, "Harbour House Blend", "500 g, whole bean", "19.50", 1, 2, "coffee-house.svg", 0),
        (302, "Night Ferry Espresso", "1 kg", "34.00", 1, 4, "coffee-espresso.svg", 14),
        (303, "Rolled Oats", None, "6.25", 2, 4, "oats.svg", 0),
        (304, "Heather Honey", "340 g jar", "12.00", 1, 4, "honey.svg", 0),
    )
    return [
        MadeUpSubscription(
            subscription(id, title, variant, price=price, quantity=quantity, every=every),
            next_date=DAY + timedelta(days=days),
            picture=PICTURES + picture,
            address=HOME,
            payment_method=VISA,
        )
        for id, title, variant, price, quantity, every, picture, days in rows
    ]
