"""What a discount code gives: looked up in Recharge, and worked out for a charge.

A code that a customer may not use here answers like one that does not exist: otherwise the answer
would tell which codes there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final, Literal

from app.actions.errors import NotPossible
from app.i18n import Message, say
from app.recharge import (
    AppliedDiscount,
    Charge,
    Discount,
    DiscountStatus,
    DiscountValueType,
    LineItem,
    PurchaseItemType,
    RechargeClient,
)

ValueType = Literal["percentage", "fixed_amount", "shipping"]
ItemKind = Literal["all", "subscription", "onetime"]

_CENT: Final = Decimal("0.01")
_NOTHING: Final = Decimal("0.00")
_NEW_CUSTOMERS: Final = "customer_must_not_exist_in_recharge"


@dataclass(frozen=True)
class Terms:
    """A code, and what it gives.

    value:      a percentage (10 is a tenth) or an amount in the store's currency; None where what
                it takes off cannot be told before it is applied
    minimum:    what the goods that it is for must come to; None sets no limit
    item_kind:  what it lowers: everything, or only one kind of item
    product_ids: external ids of the only products that it is for; none: all
    """

    code: str
    value: Decimal | None = None
    value_type: ValueType | None = None
    minimum: Decimal | None = None
    item_kind: ItemKind = "all"
    product_ids: tuple[str, ...] = ()

    @property
    def values(self) -> dict[str, Any]:
        """As the fields of an action."""
        return {
            "code": self.code,
            "value": self.value,
            "value_type": self.value_type,
            "minimum": self.minimum,
            "item_kind": self.item_kind,
            "product_ids": self.product_ids,
        }

    def applied(self) -> AppliedDiscount:
        """As an address or a charge lists it."""
        return AppliedDiscount(
            application_method="code",
            code=self.code,
            value=self.value,
            value_type=DiscountValueType(self.value_type) if self.value_type else None,
        )

    def fitting(self, charge: Charge) -> Decimal:
        """What those goods of a charge come to that the code is for."""
        fitting = [line for line in charge.line_items if self._is_for(line)]
        return sum((line.total_price or _NOTHING for line in fitting), _NOTHING)

    def off(self, charge: Charge) -> Decimal | None:
        """What it takes off a charge; None where that is not known. Halves of a cent go up."""
        if self.value is None or self.value_type is None:
            return None
        goods = self.fitting(charge)
        if self.minimum is not None and goods < self.minimum:
            return _NOTHING
        if self.value_type == "shipping":
            prices = [line.price for line in charge.shipping_lines]
            if not prices or None in prices:
                return None
            carriage = sum((price or _NOTHING for price in prices), _NOTHING)
            return _cents(carriage * min(self.value, Decimal(100)) / 100)
        off = goods * self.value / 100 if self.value_type == "percentage" else self.value
        return _cents(min(goods, off))

    def _is_for(self, line: LineItem) -> bool:
        kind = line.purchase_item_type or PurchaseItemType.SUBSCRIPTION
        if self.item_kind not in ("all", str(kind)):
            return False
        return not self.product_ids or line.external_product_id.ecommerce in self.product_ids


async def look_up(client: RechargeClient, code: str, now: datetime) -> Terms:
    """What a code gives: ``GET /discounts?discount_code=…``, one call.

    Raises:
        NotPossible: it cannot be used, with the reason where that gives nothing away.
        RechargeError: it could not be looked up.
    """
    wanted = code.casefold()
    listing = client.discounts.list(discount_code=code, limit=10)
    found = [one for one in (await listing.page()).records if one.code.casefold() == wanted]
    if not found:
        raise NotPossible(f"discount code of {len(code)} signs", notice=unusable(code))
    return terms_of(found[0], now)


def terms_of(discount: Discount, now: datetime) -> Terms:
    """What a discount gives to whoever uses it in the portal now.

    Raises:
        NotPossible: it cannot be used here.
    """
    code, channels = discount.code, discount.channel_settings
    if not (channels.customer_portal.can_apply and channels.api.can_apply):
        raise NotPossible(f"discount {discount.id}: not for the portal", notice=unusable(code))
    if discount.ends_at is not None and discount.ends_at <= now:
        raise NotPossible(f"discount {discount.id}: ended", notice=ended(code))
    is_off = discount.status in (DiscountStatus.DISABLED, DiscountStatus.FULLY_DISABLED)
    if is_off or (discount.starts_at is not None and discount.starts_at > now):
        raise NotPossible(f"discount {discount.id}: not active", notice=unusable(code))
    if discount.usage_limits.first_time_customer_restriction == _NEW_CUSTOMERS:
        raise NotPossible(f"discount {discount.id}: new customers", notice=for_new_customers(code))
    rule = discount.applies_to
    ids = tuple(rule.ids) if rule else ()
    kind = (rule.purchase_item_type or "all").lower() if rule else "all"
    # Nothing tells here which products a collection holds.
    is_known = not ids or (rule is not None and rule.resource == "shopify_product")
    value_type = str(discount.value_type) if discount.value_type else ""
    is_known = (
        is_known and discount.value is not None and kind in ("all", "subscription", "onetime")
    )
    if not is_known or value_type not in ("percentage", "fixed_amount", "shipping"):
        return Terms(code)
    return Terms(
        code=code,
        value=discount.value,
        value_type=value_type,  # type: ignore[arg-type]  # it is one of the three
        minimum=discount.prerequisite_subtotal_min or None,
        item_kind=kind,  # type: ignore[arg-type]  # it is one of the three
        product_ids=ids,
    )


def recharged(charge: Charge, terms: Terms | None) -> Charge:
    """A charge with this code in place of whatever discount it has; None: with none.

    What a code takes off that cannot be told beforehand is left out.
    """
    before = charge.total_price + charge.total_discounts
    off = (terms.off(charge) if terms else None) or _NOTHING
    return charge.model_copy(
        update={
            "discounts": (terms.applied(),) if terms else (),
            "total_discounts": off,
            "subtotal_price": charge.total_line_items_price - off,
            "total_price": max(before - off, _NOTHING),
        }
    )


def unusable(code: str) -> Message:
    """For every code that does not work here, whether or not there is one."""
    return say(
        "The code {code} does not work here. Nothing was changed. Please check how it is written.",
        code=code,
    )


def ended(code: str) -> Message:
    return say("The code {code} has ended. Nothing was changed.", code=code)


def for_new_customers(code: str) -> Message:
    return say("The code {code} is for new customers only. Nothing was changed.", code=code)


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(_CENT, rounding=ROUND_HALF_UP)
