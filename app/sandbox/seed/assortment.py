"""How a product is written down: rows that ``drinks`` and ``pantry`` fill."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import product as combinations

_GRINDS = ("Whole bean", "Filter", "Espresso")


@dataclass(frozen=True)
class Variant:
    """One thing that can be bought. Prices in US dollars, weight in grams."""

    labels: tuple[str, ...]
    price: Decimal
    compare_at: Decimal | None
    grams: int


@dataclass(frozen=True)
class Product:
    """One product. ``plans`` names its set of plans in ``catalogue``; ``slug`` its picture."""

    slug: str
    title: str
    kind: str
    plans: str
    description: str
    options: tuple[str, ...]
    variants: tuple[Variant, ...]


def _variant(
    labels: tuple[str, ...], price: str, grams: int, compare_at: str | None = None
) -> Variant:
    compared = Decimal(compare_at) if compare_at else None
    return Variant(labels, Decimal(price), compared, grams)


def coffee(
    slug: str,
    title: str,
    description: str,
    small: str,
    large: str,
    *,
    compare_at: tuple[str, str] | None = None,
) -> Product:
    """A coffee in two sizes and three grinds; prices as US dollars, of the small and large bag."""
    sizes = (
        ("12 oz", small, 340, compare_at and compare_at[0]),
        ("2 lb", large, 907, compare_at and compare_at[1]),
    )
    variants = tuple(
        _variant((size, grind), price, grams, before or None)
        for (size, price, grams, before), grind in combinations(sizes, _GRINDS)
    )
    return Product(slug, title, "coffee", "coffee", description, ("Size", "Grind"), variants)


def sized(
    slug: str,
    title: str,
    kind: str,
    plans: str,
    description: str,
    *sizes: tuple[str, str, int] | tuple[str, str, int, str],
    option: str = "Size",
) -> Product:
    """A product with one option: label, price, grams and, at will, the price before."""
    variants = tuple(_variant((size[0],), *size[1:]) for size in sizes)
    return Product(slug, title, kind, plans, description, (option,), variants)
