"""Examples of one order, of buying it again, and of store credit."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, cast

from app.actions import Change, Effect, Preview
from app.i18n import say
from app.mirror import Offering
from app.recharge import Charge, Order, Product
from app.state import BuyAgainQuestion, Notice
from app.state.credit import Account, Movement
from app.state.questions.again import AgainItem, Place
from components.buy_again_dialog import BuyAgainDialog
from components.gallery.example import Example
from components.gallery.made_up import made_up_question
from components.gallery.made_up.purchases import MadeUpCredit, MadeUpOrder
from components.gallery.samples import (
    ARABIC,
    COFFEE,
    DAY,
    HONEY,
    LONG,
    OATS,
    PICTURES,
    delivery,
    usd,
)
from components.gallery.samples import HOME as AT_HOME
from components.order_details import OrderDetails
from components.store_credit import StoreCredit

_HOME: dict[str, Any] = {
    "first_name": "Mara",
    "last_name": "Lindqvist",
    "address1": "48 Harbour Street",
    "address2": "Apt 5",
    "city": "Portland",
    "province": "Maine",
    "zip": "04101",
    "country_code": "US",
}


def _line(title: str, variant: str | None, price: str, quantity: int, picture: str) -> Any:
    total = Decimal(price) * quantity
    return {
        "title": title,
        "variant_title": variant,
        "quantity": quantity,
        "unit_price": price,
        "total_price": str(total),
        "images": {"medium": PICTURES + picture},
        "external_variant_id": {"ecommerce": title[:3]},
        "taxable": True,
        "unit_price_includes_tax": False,
    }


_ORDER: dict[str, Any] = {
    "id": 1042,
    "customer": {"id": 101, "email": "mara@example.com"},
    "currency": "USD",
    "external_order_number": {"ecommerce": "1042"},
    "processed_at": "2026-11-02T07:15:00Z",
    "status": "success",
    "line_items": [
        _line("Harbour House Blend", "500 g, whole bean", "19.50", 1, "coffee-house.svg"),
        _line("Rolled Oats", None, "6.25", 2, "oats.svg"),
    ],
    "discounts": [{"code": "HARBOUR10", "value": "10.00", "value_type": "percentage"}],
    "shipping_address": _HOME,
    "billing_address": _HOME,
    "shipping_lines": [{"title": "Standard", "price": "4.90"}],
    "tax_lines": [{"title": "State tax", "rate": "0.0550", "price": "1.58"}],
    "total_line_items_price": "32.00",
    "total_discounts": "3.20",
    "subtotal_price": "28.80",
    "total_tax": "1.58",
    "total_duties": "0.00",
    "total_refunds": "0.00",
    "total_price": "35.28",
}


def _order(**changes: Any) -> Order:
    return Order.model_validate(_ORDER | changes)


def _charge(**changes: Any) -> Charge:
    given: dict[str, Any] = {
        "id": 574,
        "address_id": 201,
        "status": "error",
        "scheduled_at": "2026-11-19",
        "processed_at": None,
        "error_type": "CARD_DECLINED",
        "retry_date": "2026-11-24",
        "charge_attempts": 2,
    }
    return Charge.model_validate(_ORDER | given | changes)


def _details(case: str, record: Order | Charge, language: str = "en") -> Example:
    return Example(
        OrderDetails,
        case,
        lambda texts: OrderDetails.show(MadeUpOrder(record, offers=("buy-again",)), texts),
        language,
    )


_PARCELS = [
    {
        "tracking_company": "UPS",
        "tracking_number": "1Z 999 AA1 01 2345 6784",
        "tracking_url": "https://www.ups.com/track?tracknum=1Z999AA10123456784",
    },
    {"tracking_company": "Harbour Bikes", "tracking_url": "javascript:alert(1)"},
]
_ARABIC_HOME = {
    "first_name": "ليلى",
    "last_name": "حداد",
    "address1": "شارع الحمرا ١٢",
    "city": "بيروت",
    "country_code": "LB",
}

_COFFEE, _MISSING = (
    AgainItem(
        title=item.title,
        variant_title=item.variant_title,
        quantity=item.quantity,
        picture=item.picture,
        before=usd("18.00"),
        offering=None,
        reason=say("The shop does not offer this any more."),
    )
    for item in (COFFEE, HONEY)
)
_PRODUCT = Product.model_validate(
    {
        "external_product_id": "7001",
        "title": COFFEE.title,
        "variants": [{"external_variant_id": "8001", "prices": {"unit_price": "19.50"}}],
    }
)


def _offered(item: AgainItem, price: str) -> AgainItem:
    variant = _PRODUCT.variants[0]
    return replace(
        item,
        offering=Offering(
            product=_PRODUCT,
            variant=variant,
            title=item.title,
            variant_title=item.variant_title,
            price=usd(price),
            picture=item.picture,
            plans=(),
        ),
        reason=None,
    )


_PLACES = (Place(AT_HOME, delivery(COFFEE, OATS)), Place(AT_HOME, None))
_AGAIN: dict[str, Any] = {
    "items": (_offered(_COFFEE, "19.50"), _MISSING),
    "offered": (_offered(_COFFEE, "19.50"),),
    "gone": (_MISSING,),
    "places": _PLACES,
    "place": _PLACES[0],
    "chosen": ("8001",),
    "is_unlisted": False,
    "is_being_read": False,
    "is_alone": False,
    "date": DAY,
    "first": DAY,
    "last": DAY + timedelta(days=300),
    "today": DAY - timedelta(days=7),
}
_COMES = Preview(
    Effect(
        say("Order this again for {date}?", date=DAY),
        say("Order for {date}", date=DAY),
        say("Your order comes on {date}.", date=DAY),
        (
            Change(
                "total",
                say(
                    "Your delivery of {date} costs {cost} instead of {before}.",
                    date=DAY,
                    cost=usd("56.40"),
                    before=usd("36.90"),
                ),
                before=usd("36.90"),
                after=usd("56.40"),
            ),
            Change("where", say("It comes with your delivery of {date}.", date=DAY)),
        ),
        (say("It comes once. Your subscriptions stay as they are."),),
    ),
    "1",
)


def _again(case: str, language: str = "en", **values: Any) -> Example:
    def draw(texts: Any) -> Any:
        question = made_up_question(BuyAgainQuestion, **(_AGAIN | values))
        return cast(Any, BuyAgainDialog).show(question, texts)

    return Example(BuyAgainDialog, case, draw, language)


_GIFT = Account(
    key=991,
    name=say("{name}", name="Thank you for sending a friend"),
    given=usd("20.00"),
    left=usd("12.00"),
    day=DAY - timedelta(days=40),
    expires=DAY + timedelta(days=200),
    is_expired=False,
    movements=(
        Movement(DAY - timedelta(days=9), say("Used for a delivery"), usd("-13.00"), usd("12.00")),
        Movement(DAY - timedelta(days=20), say("Added"), usd("5.00"), usd("25.00")),
    ),
    has_more=True,
)


def _credit(case: str, state: Any, language: str = "en") -> Example:
    return Example(StoreCredit, case, lambda texts: StoreCredit.show(state(), texts), language)


EXAMPLES: tuple[Example, ...] = (
    _details("ordered", _order()),
    _details(
        "taxes included, refunded in part, sent in two parcels",
        _order(
            line_items=[
                dict(line, unit_price_includes_tax=True) for line in _ORDER["line_items"]
            ],
            total_price="33.70",
            total_refunds="10.00",
            fulfillments=_PARCELS,
            billing_address=_HOME | {"address1": "7 Mill Lane", "city": "Burlington"},
            note="Please ring twice.\nThe dog is friendly.",
        ),
    ),
    _details("amounts that do not add up", _order(total_price="30.00")),
    _details("little is told", Order.model_validate({
        "id": 7, "customer": {"id": 101}, "status": "hibernating", "total_price": "12.00",
        "currency": "USD", "line_items": [{"quantity": 2}],
    })),
    _details("failed, and tried again", _charge()),
    _details("failed for good", _charge(error_type="BRAND_NEW", retry_date=None)),
    _details("skipped", _charge(status="skipped", error_type=None, retry_date=None)),
    _details(
        "long names",
        _order(line_items=[
            _line(LONG.title, LONG.variant_title, "1234567.89", 12, "oats.svg")
        ]),
    ),
    _details(
        "right to left",
        _order(
            line_items=[_line(ARABIC.title, ARABIC.variant_title, "21.00", 1, "coffee-house.svg")],
            shipping_address=_ARABIC_HOME,
            billing_address=_ARABIC_HOME,
        ),
        "ar",
    ),
    _again("loading", is_asking=True),
    _again("error", failure=Notice("error", say("The shop could not be asked."), can_retry=True)),
    _again("effect", preview=_COMES),
    _again("on a day of its own", preview=_COMES, place=_PLACES[1], is_alone=True),
    _again("nothing is sold any more", items=(_MISSING,), offered=(), chosen=()),
    _again("products that cannot be listed", is_unlisted=True, offered=(), gone=(), chosen=()),
    _again("right to left", "ar", preview=_COMES),
    _credit("some", lambda: MadeUpCredit(usd("12.00"), (_GIFT,))),
    _credit(
        "used for the next delivery", lambda: MadeUpCredit(usd("12.00"), (), is_used_next=True)
    ),
    _credit("nothing left", lambda: MadeUpCredit(usd("0.00"), ())),
    _credit("what it came from is not told", lambda: MadeUpCredit(usd("12.00"), None)),
    _credit("no such thing here", lambda: MadeUpCredit(None, None, is_told=False)),
    _credit(
        "expired, and not read just now",
        lambda: MadeUpCredit(
            usd("0.00"),
            (replace(_GIFT, is_expired=True, expires=DAY, movements=()),),
            failure=Notice("error", say("The shop could not be asked.")),
        ),
    ),
    _credit("right to left", lambda: MadeUpCredit(usd("12.00"), (_GIFT,)), "ar"),
)  # fmt: skip
