"""The same goods once more: which of them, and with which delivery."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Final

from app.actions import BuyAgain, Goods
from app.actions.comparison import due
from app.actions.onetimes.again import MOST_GOODS
from app.actions.onetimes.changes import MOST_PIECES
from app.i18n import Message, Money, say
from app.mirror import Delivery, Offering, Snapshot, catalogue
from app.recharge import Address, LineItem, Order
from app.state.questions.dates import DayQuestion

if TYPE_CHECKING:
    from app.state.order import OrderState
    from app.state.portal import Portal

MOST_DATES: Final = 3
"""Deliveries that are offered to come along with."""


@dataclass(frozen=True)
class AgainItem:
    """One product of an order.

    offering: what the shop offers of it now; None where it cannot be bought
    reason:   why not; None where it can
    before:   what one of it cost then; None where that is not told
    """

    title: str
    variant_title: str | None
    quantity: int
    picture: str | None
    before: Money | None
    offering: Offering | None
    reason: Message | None

    @property
    def variant_id(self) -> str:
        return self.offering.variant.external_variant_id if self.offering else ""

    @property
    def is_dearer(self) -> bool | None:
        """Whether it costs more than then; None where it costs the same, or nobody can tell."""
        now = self.offering.price if self.offering else None
        if now is None or self.before is None or now.currency != self.before.currency:
            return None
        return None if now == self.before else now > self.before


@dataclass(frozen=True)
class Place:
    """Where and when it can come.

    delivery: what it comes along with; None for a day of its own
    """

    address: Address
    delivery: Delivery | None


class BuyAgainQuestion(DayQuestion):
    """Which goods of an order should come once more, and with which delivery.

    chosen: the variants; at first all that are still offered
    place:  one of `places`
    date:   the day, where it comes by itself
    """

    def __init__(self, order: OrderState) -> None:
        super().__init__(order.portal)
        self.order = order
        self.places = places_of(order.portal, order.record.address_id if order.record else None)
        self.place: Place | None = next(iter(self.places), None)
        self.date = self.first
        self.chosen: tuple[str, ...] = tuple(one.variant_id for one in self.offered)[:MOST_GOODS]

    @property
    def items(self) -> tuple[AgainItem, ...]:
        """All that was in the order, each product once."""
        return items_of(self.portal.records, self.order)

    @property
    def offered(self) -> tuple[AgainItem, ...]:
        """What can still be bought."""
        return tuple(one for one in self.items if one.offering is not None)

    @property
    def gone(self) -> tuple[AgainItem, ...]:
        """What cannot."""
        return tuple(one for one in self.items if one.offering is None)

    @property
    def is_unlisted(self) -> bool:
        """Whether the store does not let its products be listed: nobody knows what it offers."""
        return self.portal.records.is_unlisted

    @property
    def is_being_read(self) -> bool:
        """Whether the products have not come yet."""
        return not self.portal.records.products and not self.is_unlisted

    @property
    def is_alone(self) -> bool:
        """Whether it comes on a day of its own."""
        return self.place is not None and self.place.delivery is None

    @property
    def day(self) -> date:
        """When it comes."""
        delivery = self.place.delivery if self.place else None
        return delivery.date if delivery else self.date

    def is_allowed(self, day: date) -> bool:
        """Whether it can come on a day of its own."""
        return self.first <= day <= self.last

    @property
    def action(self) -> BuyAgain | None:
        wanted = [one for one in self.offered if one.variant_id in self.chosen]
        if self.place is None or not wanted:
            return None
        goods = tuple(Goods(variant_id=one.variant_id, quantity=one.quantity) for one in wanted)
        return BuyAgain.of(address_id=self.place.address.id, date=self.day, goods=goods)


def can_buy_again(order: OrderState) -> bool:
    """Whether to offer it: there is something, somewhere that it can go to, and the merchant lets
    customers buy once."""
    portal = order.portal
    return (
        order.kind == "order"
        and bool(order.items)
        and portal.is_offered(BuyAgain)
        and any(one.payment_method_id is not None for one in portal.records.addresses)
    )


def items_of(records: Snapshot, order: OrderState) -> tuple[AgainItem, ...]:
    """What was in an order, each product once, with what the shop offers of it now."""
    found: dict[object, AgainItem] = {}
    for number, line in enumerate(order.items):
        id = line.external_variant_id.ecommerce
        key = (id, _is_gift(order, line)) if id else number
        if key in found:
            old = found[key]
            quantity = min(old.quantity + line.quantity, MOST_PIECES)
            found[key] = replace(old, quantity=quantity)
        else:
            found[key] = _item(records, order, line)
    return tuple(found.values())


def places_of(portal: Portal, address_id: int | None) -> tuple[Place, ...]:
    """Where and when something can come once: the next deliveries, first those to the address of
    the order, and a day of its own."""
    situation = portal.situation
    payable = {one.id: one for one in portal.records.addresses if one.payment_method_id is not None}
    coming = [
        each
        for each in due(situation)
        if each.address_id in payable and not situation.is_too_late(each.date)
    ]
    near = sorted(coming[: MOST_DATES * 4], key=lambda each: each.address_id != address_id)
    kept = sorted(near[:MOST_DATES], key=lambda each: (each.address_id != address_id, each.date))
    own = payable.get(address_id or 0) or next(iter(payable.values()), None)
    alone = [Place(own, None)] if own is not None else []
    return (*(Place(payable[each.address_id], each) for each in kept), *alone)


def _item(records: Snapshot, order: OrderState, line: LineItem) -> AgainItem:
    id = line.external_variant_id.ecommerce
    offering = catalogue.offering(records, id, "onetime") if id else None
    reason: Message | None = None
    if _is_gift(order, line):
        offering, reason = None, say("It was a gift of the shop.")
    elif offering is None:
        reason = say("The shop does not offer this any more.")
    elif offering.product.external_product_id in records.bundles:
        offering = None
        reason = say("You put this together yourself: it can only be subscribed to.")
    # Of prepaid goods each order carries a share, which nobody can buy one for.
    price = None if _is_prepaid(order) else line.unit_price
    return AgainItem(
        title=(offering.title if offering else "") or line.title,
        variant_title=line.variant_title,
        quantity=min(max(line.quantity, 1), MOST_PIECES),
        picture=order.picture(line),
        before=None if price is None else Money(price, order.currency),
        offering=offering,
        reason=reason,
    )


def _is_gift(order: OrderState, line: LineItem) -> bool:
    """Whether it was given: what has no price and was not paid before."""
    return line.unit_price is not None and not line.unit_price and not _is_prepaid(order)


def _is_prepaid(order: OrderState) -> bool:
    return isinstance(order.record, Order) and order.record.is_prepaid
