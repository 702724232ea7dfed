"""What an order or a charge came to, line by line, exactly as Recharge says. Pure.

Nothing is worked out and nothing is filled in: a part that Recharge does not tell has no line, and
where the parts do not make up the total that is said, not smoothed over. The one sum that is made
here is the one that tells whether they do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from app.i18n import Message, Money, say
from app.recharge import AppliedDiscount, Charge, LineItem, Order, TaxLine

Kind = Literal["goods", "discount", "subtotal", "shipping", "tax", "duties", "total", "refund"]

_CENT: Final = Decimal("0.01")


@dataclass(frozen=True)
class BillLine:
    """One line.

    amount:      None where it is not told what this part came to
    is_included: it is a part of what stands above it, and adds nothing
    """

    kind: Kind
    label: Message
    amount: Money | None
    is_included: bool = False


@dataclass(frozen=True)
class Bill:
    """All lines down to the total, and what was paid back of it.

    lines:   in order: goods, discounts, subtotal, shipping, taxes, duties
    total:   what was to be paid
    after:   below the total: taxes that are part of it, and refunds
    adds_up: whether the lines make up the total; None where a part is not told
    """

    lines: tuple[BillLine, ...]
    total: BillLine
    after: tuple[BillLine, ...]
    adds_up: bool | None

    @property
    def every_line(self) -> tuple[BillLine, ...]:
        """All of it, from the first to the last."""
        return (*self.lines, self.total, *self.after)


def bill_of(record: Order | Charge, currency: str) -> Bill:
    """What it came to.

    currency: where the record names none, that of the shop
    """
    own = record.currency or currency
    told = record.model_fields_set

    def amount(name: str) -> Decimal | None:
        return getattr(record, name) if name in told else None

    def money(value: Decimal | None) -> Money | None:
        return None if value is None else Money(value, own)

    goods, subtotal = amount("total_line_items_price"), amount("subtotal_price")
    off, duties, refunds = (
        amount("total_discounts"),
        amount("total_duties"),
        amount("total_refunds"),
    )
    tax = amount("total_tax")
    is_included = taxes_included(record)
    lines: list[BillLine] = []
    if goods is not None:
        lines.append(BillLine("goods", say("Products"), money(goods)))
    lines += _discounts(record.discounts, off, own)
    if subtotal is not None and (off or goods is None):
        lines.append(BillLine("subtotal", say("Subtotal"), money(subtotal)))
    for way in record.shipping_lines:
        title = way.title or way.code
        label = say("Shipping: {way}", way=title) if title else say("Shipping")
        lines.append(BillLine("shipping", label, money(way.price)))
    taxes = _taxes(record.tax_lines, tax, own, is_included=is_included)
    if not is_included:
        lines += taxes
    if duties:
        lines.append(BillLine("duties", say("Duties"), money(duties)))
    after = list(taxes) if is_included else []
    if refunds:
        after.append(BillLine("refund", say("Refunded"), money(refunds)))
    return Bill(
        tuple(lines),
        BillLine("total", say("Total"), Money(record.total_price, own)),
        tuple(after),
        _adds_up(record, goods, off, duties, tax, is_included=is_included),
    )


def taxes_included(record: Order | Charge) -> bool:
    """Whether prices hold the taxes already. A charge says so; of an order its items do."""
    said = getattr(record, "taxes_included", None)
    if isinstance(said, bool) and (said or "taxes_included" in record.model_fields_set):
        return said
    items = [line for line in record.line_items if line.taxable or line.tax_lines]
    return bool(items) and all(line.unit_price_includes_tax for line in items)


def item_total(line: LineItem, currency: str) -> Money | None:
    """What an item came to; None where that is not told."""
    return None if line.total_price is None else Money(line.total_price, currency)


def unit_price(line: LineItem, currency: str) -> Money | None:
    """What one of it cost; None where that is not told."""
    return None if line.unit_price is None else Money(line.unit_price, currency)


def percentage(share: Decimal) -> Decimal:
    """A number of percent without zeros at its end: 8.750 is 8.75, and 20.0 is 20."""
    return share.quantize(Decimal(1)) if share == share.to_integral() else share.normalize()


def _discounts(
    discounts: Sequence[AppliedDiscount], off: Decimal | None, currency: str
) -> list[BillLine]:
    """A line for each discount. Only the sum of all is told: with one it is that one's, with
    several it has a line of its own."""
    taken = None if off is None else Money(-off, currency)
    if not off:
        return []
    if len(discounts) == 1:
        return [BillLine("discount", _discount(discounts[0], currency), taken)]
    lines = [BillLine("discount", _discount(one, currency), None) for one in discounts]
    label = say("Discounts in total") if discounts else say("Discount")
    return [*lines, BillLine("discount", label, taken)]


def _discount(one: AppliedDiscount, currency: str) -> Message:
    name = one.code or say("Discount")
    if one.value is None or one.value_type is None:
        return say("Discount {code}", code=one.code) if one.code else say("Discount")
    if one.value_type == "percentage":
        rate = percentage(one.value)
        if one.code:
            return say("Discount {code}: {rate}% off", code=name, rate=rate)
        return say("Discount: {rate}% off", rate=rate)
    if one.value_type == "fixed_amount" and one.code:
        value = Money(one.value, currency)
        return say("Discount {code}: {amount} off", code=name, amount=value)
    if one.value_type == "shipping" and one.code:
        return say("Discount {code} on shipping", code=name)
    return say("Discount {code}", code=one.code) if one.code else say("Discount")


def _taxes(
    taxes: Sequence[TaxLine], total: Decimal | None, currency: str, *, is_included: bool
) -> list[BillLine]:
    """A line for each tax; one for all where they are not told one by one."""
    lines = [
        BillLine("tax", _tax(one, is_included), Money(one.price, currency), is_included)
        for one in taxes
        if one.price
    ]
    if lines and (total is None or sum(one.price for one in taxes) == total):
        return lines
    if not total:
        return lines
    label = say("Including tax") if is_included else say("Tax")
    if lines:  # they are not all of it
        label = say("Taxes in total, included") if is_included else say("Taxes in total")
        lines = [BillLine(one.kind, one.label, None, is_included) for one in lines]
    return [*lines, BillLine("tax", label, Money(total, currency), is_included)]


def _tax(one: TaxLine, is_included: bool) -> Message:
    name = one.title or say("tax")
    rate = percentage(one.rate * 100) if one.rate is not None else None
    if is_included:
        if rate is None:
            return say("Including {tax}", tax=name)
        return say("Including {tax} ({rate}%)", tax=name, rate=rate)
    if rate is None:
        return say("{tax}", tax=one.title or say("Tax"))
    return say("{tax} ({rate}%)", tax=one.title or say("Tax"), rate=rate)


def _adds_up(
    record: Order | Charge,
    goods: Decimal | None,
    off: Decimal | None,
    duties: Decimal | None,
    tax: Decimal | None,
    *,
    is_included: bool,
) -> bool | None:
    shipping = [way.price for way in record.shipping_lines]
    if goods is None or any(price is None for price in shipping):
        return None
    added = Decimal(0) if is_included else (tax or Decimal(0))
    carriage = sum((price for price in shipping if price is not None), Decimal(0))
    made_up = goods - (off or 0) + carriage + added + (duties or 0)
    return abs(made_up - record.total_price) < _CENT
