"""What deliveries cost: of charges as Recharge tells it, of projected items as an estimate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from app.mirror.delivery import DeliveryItem
from app.recharge import Address, Charge

_CENT = Decimal("0.01")
_TOO_MUCH = Decimal(10) ** 18
"""Whatever adds up to this is a mistake somewhere."""


@dataclass(frozen=True)
class Cost:
    """What a delivery costs, and what of it is shipping and tax, after what discount. None where
    that is not known."""

    total: Decimal | None = Decimal("0.00")
    discount: Decimal | None = Decimal("0.00")
    shipping: Decimal | None = Decimal("0.00")
    tax: Decimal | None = Decimal("0.00")

    def __add__(self, other: Cost) -> Cost:
        return Cost(
            sum_of((self.total, other.total)),
            sum_of((self.discount, other.discount)),
            sum_of((self.shipping, other.shipping)),
            sum_of((self.tax, other.tax)),
        )


def cost_of(charge: Charge) -> Cost:
    """What a charge says."""
    tax = Decimal("0.00") if charge.taxes_included else charge.total_tax
    shipping = sum_of(line.price for line in charge.shipping_lines)
    if not charge.shipping_lines:
        # Nothing for shipping is a fact only where the other parts make up the total.
        goods = sum_of(line.total_price for line in charge.line_items)
        is_all = goods is not None and goods - charge.total_discounts + tax == charge.total_price
        shipping = Decimal("0.00") if is_all else None
    return Cost(charge.total_price, charge.total_discounts, shipping, tax)


def sum_of(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """None as soon as one of them is not known."""
    total = Decimal("0.00")
    for amount in amounts:
        if amount is None:
            return None
        total += amount
    return total


def estimate(
    items: Sequence[DeliveryItem],
    address: Address | None,
    shipping: Decimal | None,
    *,
    whole: bool,
) -> Cost:
    """What projected items will cost. An amount off a whole delivery is not taken off `items`
    that only join one, whose charge has it already."""
    if address is None or not all(item.is_total_known for item in items):
        return Cost(None, None, None, None)
    goods = rest = sum((item.total.amount for item in items), Decimal("0.00"))
    if goods >= _TOO_MUCH:
        return Cost(None, None, None, None)
    for discount in address.discounts:
        if discount.value is None:
            continue
        if discount.value_type == "percentage":
            if not 0 <= discount.value <= 100:
                return Cost(None, None, None, None)
            # Halves of a cent are taken off, as the shop does: not left on what remains.
            rest -= (rest * discount.value / 100).quantize(_CENT, ROUND_HALF_UP)
        elif discount.value_type == "fixed_amount" and whole:
            rest -= discount.value
    rest = max(rest, Decimal("0.00")).quantize(_CENT, ROUND_HALF_UP)
    if not (whole and goods):
        shipping = Decimal("0.00")
    return Cost(rest + (shipping or 0), goods - rest, shipping, None)
