"""What can be bought: the shop's products, their plans, and the search among them. Pure.

::

    for offering in catalogue.find(snapshot, "dark roast", kind="subscription", limit=8):
        offering.title, offering.price, offering.plans

A product can be subscribed to where a plan of it is displayed in the customer portal
(`channel_settings.customer_portal.display`). Anything can be bought once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Literal
from unicodedata import combining, normalize

from pydantic import TypeAdapter

from app.i18n import Money
from app.recharge import (
    BundleSelection,
    Images,
    MembershipProgram,
    Plan,
    PlanType,
    Product,
    Variant,
)

if TYPE_CHECKING:
    from app.mirror.snapshot import Snapshot

Kind = Literal["subscription", "onetime"]

_CENT: Final = Decimal("0.01")
_PREPAID: Final = (PlanType.PREPAID, PlanType.PREPAID_V2)
_SUBSCRIBED: Final = (PlanType.SUBSCRIPTION, *_PREPAID)
_PRODUCTS = TypeAdapter(list[Product])
_PLANS = TypeAdapter(list[Plan])
_PROGRAMS = TypeAdapter(list[MembershipProgram])


@dataclass(frozen=True)
class Catalogue:
    """The shop's products and plans, as they were read together.

    products:   by their external id
    plans:      of each product, by its external id, in the merchant's order; deleted ones are not
                among them
    bundles:    external ids of products that customers put together themselves, as far as they are
                found among the newest contents of the shop's bundles: no list tells them
    is_refused: the store does not list its products: there are none here, however many it has
    programs:   what memberships are of, by id
    has_programs: whether they were asked for: shops without memberships are not asked
    """

    products: Mapping[str, Product] = field(default_factory=dict)
    plans: Mapping[str, tuple[Plan, ...]] = field(default_factory=dict)
    bundles: frozenset[str] = frozenset()
    is_refused: bool = False
    programs: Mapping[int, MembershipProgram] = field(default_factory=dict)
    has_programs: bool = False
    loaded_at: datetime | None = None


NOTHING: Final = Catalogue()
"""As long as nothing has been read."""


@dataclass(frozen=True)
class Offering:
    """One variant of a product, as it can be bought.

    variant_title: None where the product has only one variant
    price:         of one, each time it comes: with the plan's discount for a subscription. In the
                   store's currency. A variant whose price is not known is not offered.
    picture:       address of a picture; None where there is none
    plans:         those that customers may choose for this variant, in order; none for one-times
    """

    product: Product
    variant: Variant
    title: str
    variant_title: str | None
    price: Money
    picture: str | None
    plans: tuple[Plan, ...] = ()


def find(
    snapshot: Snapshot, words: str, kind: Kind = "subscription", limit: int = 20
) -> tuple[Offering, ...]:
    """Variants whose titles hold the beginnings of all these words, in any case and order.

    Those whose product's title begins with what was typed come first, the others by their titles.
    Each product's first fitting variant comes before the other variants, so that a short list
    shows many products. No words find everything.
    """
    wanted = _words(words)
    typed = _folded(words).strip()
    ranked: list[tuple[int, bool, str, int, Offering]] = []
    for product in snapshot.products.values():
        is_start = bool(typed) and _folded(product.title).startswith(typed)
        fitting = (
            one for one in offerings(snapshot, product, kind) if _holds(product, one, wanted)
        )
        ranked += (
            (min(place, 1), not is_start, _folded(product.title), place, one)
            for place, one in enumerate(fitting)
        )
    ranked.sort(key=lambda each: each[:4])
    return tuple(each[-1] for each in ranked[:limit])


def offerings(snapshot: Snapshot, product: Product, kind: Kind) -> Iterator[Offering]:
    """The variants of one product that can be bought in this way, in the merchant's order."""
    plans = displayed_plans(snapshot, product.external_product_id)
    if kind == "subscription" and not plans:
        return
    for variant in product.variants:
        fitting = plans_of(plans, variant.external_variant_id) if kind == "subscription" else ()
        amount = unit_price(variant, fitting[0] if fitting else None)
        if amount is None or (kind == "subscription" and not fitting):
            continue
        title = None if len(product.variants) < 2 else variant.title or None
        yield Offering(
            product=product,
            variant=variant,
            title=product.title,
            variant_title=title,
            price=Money(amount, snapshot.shop.currency),
            picture=picture_of(variant.image, *product.images),
            plans=fitting,
        )


def offering(snapshot: Snapshot, variant_id: str, kind: Kind = "subscription") -> Offering | None:
    """The variant of this external id, where it can be bought in this way."""
    product = product_of(snapshot, variant_id)
    if product is None:
        return None
    found = (
        one
        for one in offerings(snapshot, product, kind)
        if one.variant.external_variant_id == variant_id
    )
    return next(found, None)


def product_of(snapshot: Snapshot, variant_id: str) -> Product | None:
    """The product that has this variant."""
    for product in snapshot.products.values():
        if any(each.external_variant_id == variant_id for each in product.variants):
            return product
    return None


def displayed_plans(snapshot: Snapshot, product_id: str | None) -> tuple[Plan, ...]:
    """The plans of a product that customers may choose from here, in the merchant's order."""
    return tuple(
        plan
        for plan in snapshot.plans.get(product_id or "", ())
        if plan.channel_settings.customer_portal.display and is_complete(plan)
    )


def plans_of(plans: Sequence[Plan], variant_id: str) -> tuple[Plan, ...]:
    """Those of a product's plans that hold for one variant."""
    return tuple(
        plan
        for plan in plans
        if not plan.has_variant_restrictions or variant_id in plan.external_variant_ids
    )


def is_complete(plan: Plan) -> bool:
    """Whether it is subscribed by, and all of its rhythm is known."""
    rhythm = plan.subscription_preferences
    numbers = rhythm.charge_interval_frequency, rhythm.order_interval_frequency
    is_known = all(numbers) and rhythm.interval_unit is not None and rhythm.interval_unit.is_known
    return is_known and plan.type in _SUBSCRIBED


def is_prepaid(plan: Plan) -> bool:
    """Whether one payment of this plan buys several deliveries."""
    return parcels(plan) > 1


def parcels(plan: Plan) -> int:
    """How many deliveries one payment buys."""
    rhythm = plan.subscription_preferences
    charge, order = rhythm.charge_interval_frequency or 1, rhythm.order_interval_frequency or 1
    return max(charge // order, 1)


def unit_price(variant: Variant, plan: Plan | None = None) -> Decimal | None:
    """What one piece costs each time it is charged, less the plan's discount; of a prepaid plan for
    all its deliveries. In the store's currency, halves up; None where it is not known.

    That Recharge takes this price for a new item without one is a guess: what it took is compared
    with what was promised.
    """
    price = variant.prices.unit_price
    if price is None:
        return None
    if plan is not None:
        if plan.discount_amount and plan.discount_type == "percentage":
            price -= price * plan.discount_amount / 100
        elif plan.discount_amount:
            price -= plan.discount_amount
        price = max(price, Decimal(0)) * parcels(plan)
    return price.quantize(_CENT, rounding=ROUND_HALF_UP)


def picture_of(*images: Images) -> str | None:
    """The address of the first picture there is."""
    for image in images:
        if picture := image.medium or image.small or image.large or image.original:
            return picture
    return None


def catalogue_of(document: Any, loaded_at: datetime) -> Catalogue:
    """The catalogue of a kept document: see `document_of`.

    Raises:
        ValidationError, KeyError: another release kept it, with other ideas of a catalogue.
    """
    plans: dict[str, list[Plan]] = {}
    for plan in _PLANS.validate_python(document["plans"]):
        product_id = plan.external_product_id.ecommerce
        if product_id and plan.deleted_at is None:
            plans.setdefault(product_id, []).append(plan)
    products = _PRODUCTS.validate_python(document["products"])
    return Catalogue(
        products={product.external_product_id: product for product in products},
        plans={
            product_id: tuple(sorted(each, key=lambda plan: (plan.sort_order or 0, plan.id)))
            for product_id, each in plans.items()
        },
        bundles=frozenset(map(str, document["bundles"])),
        is_refused=bool(document["is_refused"]),
        programs={one.id: one for one in _PROGRAMS.validate_python(document.get("programs") or ())},
        has_programs=document.get("programs") is not None,
        loaded_at=loaded_at,
    )


def document_of(
    products: Sequence[Product],
    plans: Sequence[Plan],
    contents: Sequence[BundleSelection],
    programs: Sequence[MembershipProgram] | None = None,
    *,
    is_refused: bool,
) -> dict[str, Any]:
    """What is kept of a catalogue. `contents` are some of the shop's bundles; `programs` are None
    where nobody asked."""
    return {
        "bundles": sorted({one.external_product_id or "" for one in contents} - {""}),
        "products": [one.model_dump(mode="json", exclude_unset=True) for one in products],
        "plans": [one.model_dump(mode="json", exclude_unset=True) for one in plans],
        "is_refused": is_refused,
        "programs": None
        if programs is None
        else [one.model_dump(mode="json", exclude_unset=True) for one in programs],
    }


def _holds(product: Product, one: Offering, wanted: Sequence[str]) -> bool:
    if not wanted:
        return True
    held = _words(f"{product.title} {one.variant.title}")
    return all(any(word.startswith(start) for word in held) for start in wanted)


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", _folded(text)))


@lru_cache(maxsize=8192)
def _folded(text: str) -> str:
    """A text as it is compared: without case and accents."""
    return "".join(one for one in normalize("NFKD", text.casefold()) if not combining(one))
