"""Which deliveries follow from a customer's records. Pure: no calls, no clock.

The rules:

- Recharge's own charges stand as they are: date, items and total are the store's.
- An active subscription's deliveries run from its next charge date in its rhythm; each date
  follows from the one before (`calendar.Rhythm`). A date that a skipped charge holds is skipped
  and moves nothing.
- Prepaid goods: each charge pays for several deliveries, which start on the charge's date. What is
  left of the last charge stands in the customer's queued orders.
- All that comes to one address on one date is one delivery. Where a charge is queued for a date
  and other items are projected to it, the delivery is queued and its total an estimate.
- A projected total is price times quantity less the discount that the address carries, and the
  shipping of the address where it is known. Taxes are not in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from app.i18n import Money
from app.mirror.calendar import Rhythm
from app.mirror.delivery import Delivery, DeliveryItem, DeliveryStatus, group_of
from app.recharge import Address, AppliedDiscount, Charge, LineItem, Onetime, Order, Subscription

if TYPE_CHECKING:
    from app.mirror.snapshot import Snapshot

_STATUSES = {
    "queued": DeliveryStatus.QUEUED,
    "skipped": DeliveryStatus.SKIPPED,
    "error": DeliveryStatus.FAILED,
    "pending": DeliveryStatus.PENDING,
    "pending_manual_payment": DeliveryStatus.PENDING,
}
"""What a charge's status means for its delivery; charges in others are done with."""

_ORDER = ("failed", "pending", "due", "skipped")
_YEAR = timedelta(days=366)
_CENT = Decimal("0.01")


def schedule(snapshot: Snapshot, today: date, until: date) -> tuple[Delivery, ...]:
    """Deliveries from `today` to `until` inclusive by date, and earlier ones that are not settled
    (payment failed or under way, or a charge that is overdue)."""
    plan = _Plan(snapshot, today, until)
    for charge in snapshot.charges:
        plan.add_charge(charge)
    for order in snapshot.prepaid_orders:
        plan.add_prepaid_order(order)
    for onetime in snapshot.onetimes:
        plan.add_onetime(onetime)
    for subscription in snapshot.subscriptions:
        if subscription.status == "active":
            plan.add_subscription(subscription)
    return plan.deliveries()


def next_delivery(snapshot: Snapshot, today: date) -> Delivery | None:
    """The first delivery that is due and not skipped.

    A failed one counts while its payment will be tried again.
    """
    dates = [subscription.next_charge_scheduled_at for subscription in snapshot.subscriptions]
    dates += [charge.scheduled_at for charge in snapshot.charges]
    dates += [onetime.next_charge_scheduled_at for onetime in snapshot.onetimes]
    # Intervals can be years; the first date of each subscription is then in this horizon still.
    horizon = max([today + _YEAR, *(day for day in dates if day)])
    for delivery in schedule(snapshot, today, horizon):
        if delivery.status is DeliveryStatus.SKIPPED:
            continue
        if delivery.status is DeliveryStatus.FAILED and delivery.retry_date is None:
            continue
        return delivery
    return None


@dataclass
class _Draft:
    """A delivery in the making."""

    charges: list[Charge] = field(default_factory=list)
    items: list[DeliveryItem] = field(default_factory=list)
    projected: list[DeliveryItem] = field(default_factory=list)
    is_ordered: bool = False


class _Plan:
    """Collects what comes, by group, date and address."""

    def __init__(self, snapshot: Snapshot, today: date, until: date) -> None:
        self._snapshot = snapshot
        self._today = today
        self._until = until
        self._drafts: dict[tuple[date, int, str], _Draft] = {}
        self._held: set[tuple[int, date]] = set()
        """Items that Recharge itself holds on a date: nothing is projected for them there."""

    def add_charge(self, charge: Charge) -> None:
        status = _STATUSES.get(charge.status)
        if status is None or charge.address_id is None or charge.scheduled_at is None:
            return
        for line in charge.line_items:
            if line.purchase_item_id is not None:
                self._held.add((line.purchase_item_id, charge.scheduled_at))
        if charge.scheduled_at > self._until:
            return
        if status is DeliveryStatus.SKIPPED and charge.scheduled_at < self._today:
            return
        draft = self._draft(charge.scheduled_at, charge.address_id, status)
        draft.charges.append(charge)
        currency = self._currency_of_charge(charge)
        draft.items += [self._line(line, currency, charge.id) for line in charge.line_items]

    def add_prepaid_order(self, order: Order) -> None:
        """A delivery that the last charge of prepaid goods has paid for."""
        if order.scheduled_at is None or order.address_id is None:
            return
        day = order.scheduled_at.astimezone(self._snapshot.shop.timezone).date()
        if not self._today <= day <= self._until:
            return
        draft = self._draft(day, order.address_id, DeliveryStatus.QUEUED)
        draft.is_ordered = True
        currency = order.currency or self._currency(order.address_id)
        for line in order.line_items:
            if line.purchase_item_id is not None:
                self._held.add((line.purchase_item_id, day))
            item = self._line(line, currency, None)
            paid = replace(item, total=Money(Decimal("0.00"), currency), is_prepaid=True)
            draft.items.append(replace(paid, is_skippable=False))

    def add_onetime(self, onetime: Onetime) -> None:
        day = onetime.next_charge_scheduled_at
        if onetime.is_cancelled or day is None or onetime.address_id is None:
            return
        if (onetime.id, day) in self._held or not self._today <= day <= self._until:
            return
        currency = onetime.presentment_currency or self._currency(onetime.address_id)
        price = Money(onetime.price or Decimal("0.00"), currency)
        item = DeliveryItem(
            purchase_item_id=onetime.id,
            kind="onetime",
            title=onetime.product_title,
            variant_title=onetime.variant_title,
            quantity=onetime.quantity,
            unit_price=price,
            total=price * onetime.quantity,
            picture=self._picture(onetime.external_product_id.ecommerce),
        )
        self._draft(day, onetime.address_id, DeliveryStatus.PROJECTED).projected.append(item)

    def add_subscription(self, subscription: Subscription) -> None:
        first = subscription.next_charge_scheduled_at
        if first is None or subscription.address_id is None:
            return
        for day, is_charged in _dates(subscription, first, self._until):
            if day < self._today or (subscription.id, day) in self._held:
                continue
            item = self._projected(subscription, is_charged)
            draft = self._draft(day, subscription.address_id, DeliveryStatus.PROJECTED)
            draft.projected.append(item)

    def deliveries(self) -> tuple[Delivery, ...]:
        keys = sorted(self._drafts, key=lambda key: (key[0], _ORDER.index(key[2]), key[1]))
        return tuple(self._delivery(key, self._drafts[key]) for key in keys)

    def _draft(self, day: date, address_id: int, status: DeliveryStatus) -> _Draft:
        return self._drafts.setdefault((day, address_id, group_of(status)), _Draft())

    def _delivery(self, key: tuple[date, int, str], draft: _Draft) -> Delivery:
        day, address_id, _group = key
        address = self._snapshot.address(address_id)
        charge = draft.charges[0] if draft.charges else None
        if charge:
            status = _STATUSES[charge.status]
            currency = self._currency_of_charge(charge)
        else:
            status = DeliveryStatus.QUEUED if draft.is_ordered else DeliveryStatus.PROJECTED
            currency = self._currency(address_id)
        discounts = [name for each in draft.charges for name in _names(each.discounts)]
        cost = sum((_cost(each) for each in draft.charges), _Cost())
        if draft.projected and address:
            cost += self._estimate(draft.projected, address, whole=charge is None)
            discounts += [name for name in _names(address.discounts) if name not in discounts]
        return Delivery(
            date=day,
            address_id=address_id,
            status=status,
            items=(*draft.items, *draft.projected),
            total=Money(cost.total, currency),
            discount=Money(cost.discount, currency),
            shipping=Money(cost.shipping, currency),
            tax=Money(cost.tax, currency),
            is_estimate=bool(draft.projected),
            charge_id=charge.id if charge else None,
            payment_method_id=address.payment_method_id if address else None,
            discounts=tuple(discounts),
            retry_date=charge.retry_date if charge else None,
            error_type=charge.error_type if charge else None,
        )

    def _line(self, line: LineItem, currency: str, charge_id: int | None) -> DeliveryItem:
        """An item as Recharge holds it."""
        source = self._snapshot.subscription(line.purchase_item_id)
        unit = line.unit_price if line.unit_price is not None else Decimal("0.00")
        total = line.total_price if line.total_price is not None else unit * line.quantity
        pictured = line.images.medium or line.images.small or line.images.large
        return DeliveryItem(
            purchase_item_id=line.purchase_item_id,
            kind="onetime" if line.purchase_item_type == "onetime" else "subscription",
            title=line.title,
            variant_title=line.variant_title,
            quantity=line.quantity,
            unit_price=Money(unit, currency),
            total=Money(total, currency),
            picture=pictured or self._picture(line.external_product_id.ecommerce),
            is_skippable=_is_skippable(source),
            is_prepaid=source.is_prepaid if source else False,
            charge_id=charge_id,
        )

    def _projected(self, subscription: Subscription, is_charged: bool) -> DeliveryItem:
        """An item that follows from a subscription."""
        currency = subscription.presentment_currency or self._currency(subscription.address_id)
        price = Money(subscription.price or Decimal("0.00"), currency)
        total = price * subscription.quantity if is_charged else Money(Decimal("0.00"), currency)
        return DeliveryItem(
            purchase_item_id=subscription.id,
            kind="subscription",
            title=subscription.product_title,
            variant_title=subscription.variant_title,
            quantity=subscription.quantity,
            unit_price=price,
            total=total,
            picture=self._picture(subscription.external_product_id.ecommerce),
            is_skippable=_is_skippable(subscription),
            is_prepaid=subscription.is_prepaid,
        )

    def _estimate(self, items: list[DeliveryItem], address: Address, *, whole: bool) -> _Cost:
        """What projected items will cost. An amount off a whole delivery is not taken off `items`
        that only join one, whose charge has it already."""
        goods = rest = sum((item.total.amount for item in items), Decimal("0.00"))
        for discount in address.discounts:
            if discount.value is None:
                continue
            if discount.value_type == "percentage":
                rest -= rest * discount.value / 100
            elif discount.value_type == "fixed_amount" and whole:
                rest -= discount.value
        rest = max(rest, Decimal("0.00")).quantize(_CENT, ROUND_HALF_UP)
        shipping = self._shipping(address) if whole and goods else Decimal("0.00")
        return _Cost(rest + shipping, goods - rest, shipping)

    def _shipping(self, address: Address) -> Decimal:
        """What the address itself says, or else the last charge known of it."""
        lines = address.shipping_lines_override or address.shipping_lines_conserved
        if not lines:
            charges = [each for each in self._snapshot.charges if each.address_id == address.id]
            lines = max(charges, key=lambda each: each.id).shipping_lines if charges else ()
        return sum((line.price for line in lines), Decimal("0.00"))

    def _currency(self, address_id: int | None) -> str:
        address = self._snapshot.address(address_id)
        return (address and address.presentment_currency) or self._snapshot.shop.currency

    def _currency_of_charge(self, charge: Charge) -> str:
        return charge.currency or self._currency(charge.address_id)

    def _picture(self, product: str | None) -> str | None:
        return self._snapshot.pictures.get(product) if product else None


@dataclass(frozen=True)
class _Cost:
    """What a delivery costs, and what of it is shipping and tax, after what discount."""

    total: Decimal = Decimal("0.00")
    discount: Decimal = Decimal("0.00")
    shipping: Decimal = Decimal("0.00")
    tax: Decimal = Decimal("0.00")

    def __add__(self, other: _Cost) -> _Cost:
        return _Cost(
            self.total + other.total,
            self.discount + other.discount,
            self.shipping + other.shipping,
            self.tax + other.tax,
        )


def _cost(charge: Charge) -> _Cost:
    return _Cost(
        charge.total_price,
        charge.total_discounts,
        sum((line.price for line in charge.shipping_lines), Decimal("0.00")),
        Decimal("0.00") if charge.taxes_included else charge.total_tax,
    )


def _dates(subscription: Subscription, first: date, until: date) -> Iterator[tuple[date, bool]]:
    """Dates of a subscription's deliveries, and whether it is charged for on them."""
    unit = subscription.order_interval_unit or ""
    fixed = subscription.order_day_of_month, subscription.order_day_of_week
    charged = subscription.charge_interval_frequency or 0
    delivered = subscription.order_interval_frequency or charged
    charges, deliveries = Rhythm(charged, unit, *fixed), Rhythm(delivered, unit, *fixed)
    for charge_day in charges.dates(first, until):
        yield charge_day, True
        day: date | None = charge_day
        for _ in range(charged // delivered - 1 if delivered else 0):
            day = deliveries.after(day) if day else None
            if day and day <= until:
                yield day, False


def _is_skippable(subscription: Subscription | None) -> bool:
    return subscription is not None and subscription.is_skippable and not subscription.is_prepaid


def _names(discounts: tuple[AppliedDiscount, ...]) -> list[str]:
    return [each.code for each in discounts if each.code]
