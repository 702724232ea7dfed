"""The gallery's pages of one subscription."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from app.recharge import AppliedDiscount, Order, Subscription
from components.gallery.example import Example
from components.gallery.made_up import MadeUpDelivery, MadeUpSubscription
from components.gallery.samples import (
    ARABIC,
    BEIRUT,
    DAY,
    HOME,
    LONG,
    PICTURES,
    VISA,
    delivery,
    subscription,
)
from components.menus import DELIVERY_OFFERS, ON_CARD, SUBSCRIPTION_OFFERS
from components.next_delivery import NextDelivery
from components.schedule_timeline import TimelineEntry
from components.subscription_card import SubscriptionCard
from components.subscription_details import PastOrders, SubscriptionDetails


def _orders() -> tuple[Order, ...]:
    moments = [datetime(2026, 11, 16, 9, tzinfo=UTC) - timedelta(days=14 * n) for n in range(3)]
    return tuple(
        Order.model_validate(
            {
                "id": 900 + number,
                "customer": {"id": 101},
                "status": "success",
                "total_price": "23.40",
                "currency": "USD",
                "processed_at": moment.isoformat(),
                "external_order_number": {"ecommerce": str(1041 - number)},
            }
        )
        for number, moment in enumerate(moments)
    )


def _subscription(record: Subscription | None = None, **values: Any) -> MadeUpSubscription:
    given: dict[str, Any] = {
        "next_date": DAY,
        "picture": PICTURES + "coffee-house.svg",
        "address": HOME,
        "payment_method": VISA,
    }
    return MadeUpSubscription(record or subscription(), **{**given, **values})


def _delivery() -> MadeUpDelivery:
    offers = tuple(offer.key for offer in DELIVERY_OFFERS)
    return MadeUpDelivery(delivery(), address=HOME, payment_method=VISA, offers=offers)


def _details(case: str, make: Callable[[], MadeUpSubscription], language: str = "en") -> Example:
    return Example(
        SubscriptionDetails,
        case,
        lambda texts: SubscriptionDetails.show(make(), texts),
        language,
    )


_TENTH_OFF = AppliedDiscount.model_validate(
    {"code": "HARBOUR10", "value": "10.00", "value_type": "percentage"}
)
_CANCELLED = subscription(status="cancelled").model_copy(
    update={
        "cancelled_at": datetime(2026, 11, 2, 15, tzinfo=UTC),
        "cancellation_reason": "I have more than I need",
    }
)

EXAMPLES: tuple[Example, ...] = (
    _details(
        "active",
        lambda: _subscription(offers=tuple(offer.key for offer in SUBSCRIPTION_OFFERS)),
    ),
    Example(
        SubscriptionCard,
        "with its buttons",
        lambda texts: SubscriptionCard.show(_subscription(offers=ON_CARD), texts),
    ),
    Example(
        NextDelivery,
        "with all that can be done",
        lambda texts: NextDelivery.show(_delivery(), texts),
    ),
    Example(
        TimelineEntry,
        "with a menu",
        lambda texts: TimelineEntry.show(_delivery(), texts),
    ),
    Example(
        PastOrders,
        "three orders",
        lambda texts: PastOrders.show(_subscription(past_orders=_orders()), texts),
    ),
    _details(
        "cancelled",
        lambda: _subscription(_CANCELLED, status="cancelled", next_date=None),
    ),
    _details("ended", lambda: _subscription(status="expired", next_date=None)),
    _details("paused", lambda: _subscription(status="paused", next_date=None)),
    _details("being saved", lambda: _subscription(is_pending=True)),
    _details(
        "with a discount",
        lambda: _subscription(address=HOME.model_copy(update={"discounts": (_TENTH_OFF,)})),
    ),
    _details(
        "prepaid",
        lambda: _subscription(
            subscription(is_prepaid=True, every=1, unit="month", charged_every=3),
            prepaid_left=(DAY, DAY + timedelta(days=30)),
        ),
    ),
    _details(
        "price and rhythm not known",
        lambda: _subscription(subscription(price=None, every=None, unit=None)),
    ),
    _details(
        "long names",
        lambda: _subscription(subscription(title=LONG.title, variant=LONG.variant_title)),
    ),
    _details(
        "right to left",
        lambda: _subscription(
            subscription(title=ARABIC.title, variant=ARABIC.variant_title), address=BEIRUT
        ),
        "ar",
    ),
)
