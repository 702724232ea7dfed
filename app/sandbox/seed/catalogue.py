"""The catalogue as documents: products, plans, collections and what is in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from app.sandbox.seed.assortment import Product, Variant
from app.sandbox.seed.drinks import DRINKS
from app.sandbox.seed.formats import Document, cents, moment, money
from app.sandbox.seed.pantry import PANTRY_GOODS

PRODUCTS = (*DRINKS, *PANTRY_GOODS)

_FIRST_PRODUCT = 7001
_FIRST_VARIANT = 8001
_FIRST_PLAN = 2001
_LAUNCHED = date(2016, 4, 12)
_VENDOR = "Northbound Coffee & Pantry"

COFFEE, TEA, PANTRY, BOX_CHOICES = 3001, 3002, 3003, 3004


@dataclass(frozen=True)
class Ware:
    """One variant of one product, with the ids the shop knows them by."""

    product: Product
    variant: Variant
    product_id: str
    variant_id: str
    sku: str

    @property
    def variant_title(self) -> str:
        """All its labels, e.g. ``12 oz / Filter``."""
        return " / ".join(self.variant.labels)


@dataclass(frozen=True)
class Rhythm:
    """How often a plan charges and delivers: every ``charge`` and ``order`` × ``unit``."""

    charge: int
    order: int
    unit: str

    @property
    def name(self) -> str:
        """The rhythm in the words of a plan."""
        unit = self.unit if self.order == 1 else f"{self.order} {self.unit}s"
        if self.charge == self.order:
            return f"Delivery every {unit}"
        return f"{self.charge // self.order} deliveries, paid ahead"


@dataclass(frozen=True)
class PlanSet:
    """The plans of a product: all share one discount, prepaid ones stand alone (the API's rule)."""

    type: str
    percent: int
    rhythms: tuple[Rhythm, ...]


def _weeks(*numbers: int) -> tuple[Rhythm, ...]:
    return tuple(Rhythm(number, number, "week") for number in numbers)


_MONTHLY = Rhythm(1, 1, "month")
_PLAN_SETS: Mapping[str, PlanSet] = {
    "coffee": PlanSet("subscription", 10, (*_weeks(1, 2, 4, 6, 8), _MONTHLY)),
    "tea": PlanSet("subscription", 10, (*_weeks(2, 4, 6, 8), _MONTHLY)),
    "pantry": PlanSet("subscription", 5, (*_weeks(2, 4, 6, 8), _MONTHLY)),
    "bundle": PlanSet("subscription", 15, (*_weeks(2, 4), _MONTHLY)),
    "prepaid": PlanSet("prepaid", 10, (Rhythm(3, 1, "month"), Rhythm(6, 1, "month"))),
    "onetime": PlanSet("onetime", 0, ()),
}


@cache
def wares() -> Mapping[str, tuple[Ware, ...]]:
    """Every variant, by its product's slug."""
    found: dict[str, tuple[Ware, ...]] = {}
    variant_id = _FIRST_VARIANT
    for product_id, product in enumerate(PRODUCTS, _FIRST_PRODUCT):
        initials = "".join(word[0] for word in product.slug.split("-")).upper()
        found[product.slug] = tuple(
            Ware(
                product,
                variant,
                str(product_id),
                str(variant_id + place),
                f"NB-{product_id}{initials}-{place + 1}",
            )
            for place, variant in enumerate(product.variants)
        )
        variant_id += len(product.variants)
    return found


def ware(slug: str, *labels: str) -> Ware:
    """The variant of a product that carries the labels, or its first one."""
    return next(each for each in wares()[slug] if each.variant.labels[: len(labels)] == labels)


def subscriber_price(each: Ware, charge: int = 1, order: int = 1) -> Decimal:
    """The price of one charge with the plan's discount; a prepaid one pays for all its orders."""
    percent = _PLAN_SETS[each.product.plans].percent
    return cents(each.variant.price * (100 - percent) / 100 * (charge // order))


def plan_id(each: Ware, rhythm: Rhythm) -> int | None:
    """The id of the product's plan with this rhythm, where there is one."""
    return _plan_ids().get((each.product_id, rhythm))


def picture(slug: str, public_url: str) -> Document:
    """A product's images object: one drawing serves every size."""
    url = f"{public_url}/pictures/{slug}.svg"
    return {"large": url, "medium": url, "original": url, "small": url, "sort_order": 0}


def product_documents(public_url: str) -> Iterator[Document]:
    """Every product with its variants and its picture."""
    for each in wares().values():
        product, first = each[0].product, each[0]
        yield {
            "external_product_id": first.product_id,
            "brand": _VENDOR,
            "description": product.description,
            "external_created_at": moment(_LAUNCHED),
            "external_updated_at": moment(_LAUNCHED),
            "handle": product.slug,
            "images": [picture(product.slug, public_url)],
            "options": [
                {
                    "name": name,
                    "position": place,
                    "values": [
                        {"label": label, "position": position}
                        for position, label in enumerate(
                            dict.fromkeys(v.labels[place] for v in product.variants)
                        )
                    ],
                }
                for place, name in enumerate(product.options)
            ],
            "product_type": product.kind,
            "published_at": moment(_LAUNCHED),
            "requires_shipping": True,
            "title": product.title,
            "variants": [_variant_document(one, public_url) for one in each],
            "vendor": _VENDOR,
        }


def _variant_document(each: Ware, public_url: str) -> Document:
    before = each.variant.compare_at
    return {
        "external_variant_id": each.variant_id,
        "dimensions": {"weight": each.variant.grams, "weight_unit": "g"},
        "image": picture(each.product.slug, public_url),
        "option_values": [{"label": label} for label in each.variant.labels],
        "prices": {
            "compare_at_price": money(before) if before else None,
            "unit_price": money(each.variant.price),
        },
        "requires_shipping": True,
        "sku": each.sku,
        "tax_code": None,
        "taxable": False,
        "title": each.variant_title,
    }


def _planned() -> Iterator[tuple[int, Ware, PlanSet, Rhythm]]:
    number = _FIRST_PLAN
    for each in wares().values():
        plans = _PLAN_SETS[each[0].product.plans]
        for rhythm in plans.rhythms:
            yield number, each[0], plans, rhythm
            number += 1


@cache
def _plan_ids() -> Mapping[tuple[str, Rhythm], int]:
    return {(each.product_id, rhythm): number for number, each, _, rhythm in _planned()}


def plan_documents() -> Iterator[Document]:
    """Every plan of every product."""
    for number, each, plans, rhythm in _planned():
        group = f"group-{each.product.plans}"
        yield {
            "id": number,
            "channel_settings": {
                channel: {"display": True}
                for channel in ("api", "checkout_page", "customer_portal", "merchant_portal")
            },
            "created_at": moment(_LAUNCHED),
            "deleted_at": None,
            "discount_amount": money(Decimal(plans.percent)),
            "discount_type": "percentage",
            "external_plan_group_id": group,
            "external_plan_id": f"{group}-{rhythm.charge}-{rhythm.order}-{rhythm.unit}",
            "external_plan_name": rhythm.name,
            "external_product_id": {"ecommerce": each.product_id},
            "external_variant_ids": [],
            "has_variant_restrictions": False,
            "sort_order": plans.rhythms.index(rhythm),
            "subscription_preferences": {
                "apply_cutoff_date_to_checkout": False,
                "charge_interval_frequency": rhythm.charge,
                "cutoff_day_of_month": None,
                "cutoff_day_of_week": None,
                "expire_after_specific_number_of_charges": None,
                "interval_unit": rhythm.unit,
                "order_day_of_month": None,
                "order_day_of_week": None,
                "order_interval_frequency": rhythm.order,
                "pricing_progression": [],
            },
            "title": f"Subscribe and save {plans.percent} %",
            "type": plans.type,
            "updated_at": moment(_LAUNCHED),
        }


_COLLECTIONS: tuple[tuple[int, str, str, frozenset[str]], ...] = (
    (COFFEE, "Coffee", "Roasted on Tuesdays, sent on Wednesdays.", frozenset({"coffee"})),
    (TEA, "Tea", "Whole leaves and flowers, in tins and refills.", frozenset({"tea"})),
    (
        PANTRY,
        "Pantry",
        "Chocolate, oils, spices and breakfast.",
        frozenset({"chocolate", "oil", "spice", "breakfast", "ware"}),
    ),
    (
        BOX_CHOICES,
        "For your box",
        "All that can go into Build Your Own Box.",
        frozenset({"coffee", "tea", "chocolate", "spice", "breakfast"}),
    ),
)


def collection_documents() -> Iterator[Document]:
    """The collections, without what is in them."""
    for number, title, description, _ in _COLLECTIONS:
        yield {
            "id": number,
            "created_at": moment(_LAUNCHED),
            "description": description,
            "manual_sort_order": [],
            "sort_order": "title-asc",
            "title": title,
            "type": "manual",
            "updated_at": moment(_LAUNCHED),
        }


def collection_product_documents() -> Iterator[Document]:
    """Which product is in which collection."""
    number = 3101
    for collection, _, _, kinds in _COLLECTIONS:
        for each in wares().values():
            product = each[0].product
            if product.kind not in kinds:
                continue
            if collection == BOX_CHOICES and product.plans == "prepaid":
                continue
            yield {
                "id": number,
                "collection_id": collection,
                "external_product_id": each[0].product_id,
                "created_at": moment(_LAUNCHED),
                "updated_at": moment(_LAUNCHED),
            }
            number += 1
