"""The gallery's questions about what comes, how much of it and how often."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from app.actions import Change, Effect, Preview
from app.actions.products.bundles import Bundle, Piece
from app.i18n import Money, say
from app.mirror import Offering
from app.recharge import Plan, Product
from app.state import (
    AddSubscriptionQuestion,
    BundleQuestion,
    Notice,
    QuantityQuestion,
    RhythmQuestion,
    SwapQuestion,
)
from components.add_subscription_dialog import AddSubscriptionDialog
from components.bundle_dialog import BundleDialog
from components.gallery.example import Example
from components.gallery.made_up import MadeUpSubscription, made_up_question
from components.gallery.samples import DAY, HOME, LONG, PICTURES, subscription
from components.quantity_dialog import QuantityDialog
from components.rhythm_dialog import RhythmDialog
from components.swap_dialog import SwapDialog

__all__ = ["EXAMPLES"]


def _plan(id: int, weeks: int) -> Plan:
    return Plan.model_validate(
        {
            "id": id,
            "subscription_preferences": {
                "charge_interval_frequency": weeks,
                "order_interval_frequency": weeks,
                "interval_unit": "week",
            },
        }
    )


_PLANS = (_plan(2001, 2), _plan(2002, 4), _plan(2003, 8))


def _offering(number: int, title: str, variant: str | None, price: str, picture: str) -> Offering:
    product = Product.model_validate(
        {
            "external_product_id": str(7000 + number),
            "title": title,
            "variants": [{"external_variant_id": str(8000 + number), "title": variant or ""}],
        }
    )
    return Offering(
        product=product,
        variant=product.variants[0],
        title=title,
        variant_title=variant,
        price=Money(Decimal(price), "USD"),
        picture=PICTURES + picture,
        plans=_PLANS,
    )


_FOUND = (
    _offering(1, "Night Ferry Espresso", "500 g, ground", "21.00", "coffee-espresso.svg"),
    _offering(2, "Rolled Oats", None, "6.25", "oats.svg"),
    _offering(3, LONG.title, LONG.variant_title, "1234.50", "honey.svg"),
)


def _subscription() -> MadeUpSubscription:
    return MadeUpSubscription(subscription(), next_date=DAY, address=HOME)


def _effect(question: str, confirm: str, *changes: Change) -> Effect:
    return Effect(
        question=say(question),
        confirm=say(confirm),
        done=say("It is changed."),
        changes=changes,
        stays=(say("All else stays as it is."),),
    )


_PRICE = Change(
    "price",
    say("It costs {price} each time.", price=Money(Decimal("42.00"), "USD")),
    before=Money(Decimal("39.00"), "USD"),
    after=Money(Decimal("42.00"), "USD"),
)
_DATES = Change(
    "dates",
    say("Your next delivery stays on {date}; later ones move.", date=DAY),
    before=[DAY + timedelta(weeks=2 * number) for number in range(3)],
    after=[DAY + timedelta(weeks=4 * number) for number in range(3)],
)


def _swap(case: str, effect: Effect | None = None, **values: Any) -> Example:
    given: dict[str, Any] = {
        "words": "",
        "variant_id": None,
        "plan_id": None,
        "plans": (),
        "plan": None,
        "is_unlisted": False,
        "is_being_read": False,
        "offerings": _FOUND,
        "difference": lambda one: say("{amount} more", amount=one.price),
        "preview": Preview(effect, "seen") if effect else None,
        **values,
    }
    return Example(
        SwapDialog,
        case,
        lambda texts: SwapDialog.show(
            made_up_question(SwapQuestion, subscription=_subscription(), **given), texts
        ),
    )


def _add(case: str, effect: Effect | None = None, **values: Any) -> Example:
    given: dict[str, Any] = {
        "words": "",
        "variant_id": None,
        "plan_id": None,
        "plans": (),
        "plan": None,
        "chosen": None,
        "quantity": 1,
        "address_id": HOME.id,
        "addresses": (HOME, HOME.model_copy(update={"id": 202, "address1": "3 Quay Road"})),
        "date": DAY,
        "dates": (DAY - timedelta(days=6), DAY),
        "first": DAY - timedelta(days=6),
        "last": DAY + timedelta(days=400),
        "today": DAY - timedelta(days=8),
        "joins": lambda day: day == DAY,
        "is_allowed": lambda day: day > DAY - timedelta(days=7),
        "is_unlisted": False,
        "is_being_read": False,
        "offerings": _FOUND,
        "preview": Preview(effect, "seen") if effect else None,
        **values,
    }
    return Example(
        AddSubscriptionDialog,
        case,
        lambda texts: AddSubscriptionDialog.show(
            made_up_question(AddSubscriptionQuestion, **given), texts
        ),
    )


def _quantity(case: str, quantity: int, effect: Effect | None = None, **values: Any) -> Example:
    return Example(
        QuantityDialog,
        case,
        lambda texts: QuantityDialog.show(
            made_up_question(
                QuantityQuestion,
                subscription=_subscription(),
                now=2,
                quantity=quantity,
                preview=Preview(effect, "seen") if effect else None,
                **values,
            ),
            texts,
        ),
    )


def _rhythm(case: str, effect: Effect | None = None, **values: Any) -> Example:
    given: dict[str, Any] = {
        "plans": _PLANS,
        "plan_id": 2001,
        "is_being_read": False,
        "is_now": lambda plan: plan.id == 2001,
        "preview": Preview(effect, "seen") if effect else None,
        **values,
    }
    return Example(
        RhythmDialog,
        case,
        lambda texts: RhythmDialog.show(
            made_up_question(RhythmQuestion, subscription=_subscription(), **given), texts
        ),
    )


def _piece(number: int, quantity: int) -> Piece:
    return Piece(
        collection_id="3004",
        collection_source="shopify",
        product_id=str(7000 + number),
        variant_id=str(8000 + number),
        quantity=quantity,
    )


def _bundle(case: str, chosen: dict[str, int], **values: Any) -> Example:
    known = {one.variant.external_variant_id: one for one in _FOUND}
    given: dict[str, Any] = {
        "words": "",
        "bundle": Bundle((_piece(1, 2), _piece(2, 2)), {}),
        "variant_ids": ("8001", "8002"),
        "offerings": _FOUND[2:],
        "offering": known.get,
        "_quantities": chosen,
        **values,
    }
    return Example(
        BundleDialog,
        case,
        lambda texts: BundleDialog.show(
            made_up_question(BundleQuestion, subscription=_subscription(), **given), texts
        ),
    )


_FAILED = Notice(
    "error", say("Your next delivery could be changed until yesterday. It is too late now.")
)
_SWAPPED = _effect("Swap House Blend?", "Swap for Night Ferry Espresso", _PRICE)

EXAMPLES: tuple[Example, ...] = (
    _swap("nothing chosen"),
    _swap("chosen", _SWAPPED, variant_id="8001"),
    _swap("in another rhythm", _SWAPPED, variant_id="8001", plans=_PLANS, plan=_PLANS[1]),
    _swap("nothing found", offerings=(), words="tea"),
    _swap("products being read", is_being_read=True, offerings=()),
    _swap("products not listed", is_unlisted=True, offerings=()),
    _swap("not possible", variant_id="8001", failure=_FAILED),
    _add("nothing chosen"),
    _add(
        "chosen",
        _effect("Subscribe to Rolled Oats?", "Subscribe, every 4 weeks", _PRICE),
        variant_id="8002",
        chosen=_FOUND[1],
        plans=_PLANS,
        plan=_PLANS[1],
    ),
    _add("products not listed", is_unlisted=True, offerings=()),
    _add("no address with a card", addresses=(), address_id=None),
    _quantity("as it is", 2),
    _quantity("more", 3, _effect("How many House Blend each time?", "Get 3 each time", _PRICE)),
    _quantity("not possible", 3, failure=_FAILED),
    _rhythm("as it is"),
    _rhythm(
        "another",
        _effect("How often should it come?", "Change to every 4 weeks", _DATES),
        plan_id=2002,
    ),
    _rhythm("plans being read", plans=(), plan_id=None, is_being_read=True),
    _rhythm("no other", plans=(), plan_id=None),
    _bundle("as it is", {"8001": 2, "8002": 2}),
    _bundle("one missing", {"8001": 1, "8002": 2}),
    _bundle("too many", {"8001": 3, "8002": 2}),
    _bundle(
        "changed",
        {"8001": 1, "8002": 3},
        preview=Preview(_effect("What should be in it?", "Change what is in it"), "seen"),
    ),
    _bundle("being read", {}, bundle=None, is_asking=True),
)
