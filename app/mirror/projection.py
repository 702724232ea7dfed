"""Which deliveries follow from a customer's records. Pure: no calls, no clock.

The rules:

- Recharge's own charges stand as they are: date, items and total are the store's. One whose state
  is not known holds its date all the same, and where the items of one cannot be told, nothing is
  projected to its address on its date: it would count twice.
- An active subscription's deliveries run from its next charge date in its rhythm; each date
  follows from the one before (`calendar.Rhythm`). A date that a skipped charge holds is skipped
  and moves nothing.
- Prepaid goods: each charge pays for several deliveries, which start on the charge's date. What is
  left of the last charge stands in the customer's queued orders. One that was delayed can meet the
  next charge: then both come.
- All that comes to one address on one date is one delivery. Where a charge is queued for a date
  and other items are projected to it, the delivery is queued and its total an estimate; so is the
  total of a charge that Recharge is about to make anew (`has_uncommitted_changes`).
- A projected total is price times quantity less the discount that the address carries, and the
  shipping of the address where it is known. Taxes are not in it. Without the price of every item
  there is no total.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from app.i18n import Money
from app.mirror.calendar import charge_rhythm, delivery_rhythm
from app.mirror.cost import Cost, cost_of, estimate, sum_of
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
"""What a charge's status means for its delivery; charges in other known ones are done with."""

_DUE = group_of(DeliveryStatus.PROJECTED)
_ORDER = ("failed", "pending", "unknown", "due", "skipped")
_SETTLED = (DeliveryStatus.SKIPPED, DeliveryStatus.UNKNOWN)
"""In the past these are of no concern any more."""
_NO_COST = Cost()
_MONTH = timedelta(days=31)
_YEAR = timedelta(days=366)


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
    # Most have one soon: looking no further than needed keeps many subscriptions quick.
    for until in (today + _MONTH, today + _YEAR, horizon):
        for delivery in schedule(snapshot, today, until):
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


@dataclass(frozen=True)
class _Place:
    """An address as deliveries to it need it."""

    address: Address | None
    currency: str
    shipping: Decimal | None
    discounts: list[str]


class _Plan:
    """Collects what comes, by group, date and address."""

    def __init__(self, snapshot: Snapshot, today: date, until: date) -> None:
        self._snapshot = snapshot
        self._today = today
        self._until = until
        self._drafts: dict[tuple[date, int, str], _Draft] = {}
        self._held: set[tuple[int, date]] = set()
        """Items that Recharge itself holds on a date: nothing is projected for them there."""
        self._full: set[tuple[int, date]] = set()
        """Addresses where on a date nothing is projected at all."""
        self._places: dict[int, _Place] = {}

    def add_charge(self, charge: Charge) -> None:
        status = _status(charge)
        if status is None or charge.address_id is None or charge.scheduled_at is None:
            return
        ids = [line.purchase_item_id for line in charge.line_items]
        self._held.update((id, charge.scheduled_at) for id in ids if id is not None)
        if not ids or None in ids:
            self._full.add((charge.address_id, charge.scheduled_at))
        if charge.scheduled_at > self._until:
            return
        if status in _SETTLED and charge.scheduled_at < self._today:
            return
        draft = self._draft(charge.scheduled_at, charge.address_id, group_of(status))
        draft.charges.append(charge)
        currency = self._currency_of_charge(charge)
        items = [self._line(line, currency, charge.id) for line in charge.line_items]
        if status is DeliveryStatus.UNKNOWN:
            items = [replace(item, is_skippable=False) for item in items]
        draft.items += items

    def add_prepaid_order(self, order: Order) -> None:
        """A delivery that the last charge of prepaid goods has paid for."""
        if order.scheduled_at is None or order.address_id is None:
            return
        day = order.scheduled_at.astimezone(self._snapshot.shop.timezone).date()
        if not self._today <= day <= self._until:
            return
        draft = self._draft(day, order.address_id, _DUE)
        draft.is_ordered = True
        currency = order.currency or self._currency(order.address_id)
        for line in order.line_items:
            item = self._line(line, currency, None)
            nothing = Money(Decimal("0.00"), currency)
            paid = replace(item, total=nothing, is_total_known=True, is_prepaid=True)
            draft.items.append(replace(paid, is_skippable=False))

    def add_onetime(self, onetime: Onetime) -> None:
        day = onetime.next_charge_scheduled_at
        if onetime.is_cancelled or day is None or onetime.address_id is None:
            return
        if self._is_held(onetime.id, onetime.address_id, day):
            return
        if not self._today <= day <= self._until:
            return
        currency = onetime.presentment_currency or self._currency(onetime.address_id)
        price = None if onetime.price is None else Money(onetime.price, currency)
        item = DeliveryItem(
            purchase_item_id=onetime.id,
            kind="onetime",
            title=onetime.product_title,
            variant_title=onetime.variant_title,
            quantity=onetime.quantity,
            unit_price=price,
            total=(price or Money(Decimal("0.00"), currency)) * onetime.quantity,
            is_total_known=price is not None,
            picture=self._picture(onetime.external_product_id.ecommerce),
        )
        self._draft(day, onetime.address_id, _DUE).projected.append(item)

    def add_subscription(self, subscription: Subscription) -> None:
        first = subscription.next_charge_scheduled_at
        if first is None or subscription.address_id is None:
            return
        # The same on every date: made once, since there can be hundreds of dates.
        items = {is_charged: self._projected(subscription, is_charged) for is_charged in (0, 1)}
        address_id = subscription.address_id
        for day, is_charged in _dates(subscription, first, self._until):
            if day >= self._today and not self._is_held(subscription.id, address_id, day):
                draft = self._draft(day, address_id, _DUE)
                draft.projected.append(items[is_charged])

    def deliveries(self) -> tuple[Delivery, ...]:
        keys = sorted(self._drafts, key=lambda key: (key[0], _ORDER.index(key[2]), key[1]))
        return tuple(self._delivery(key, self._drafts[key]) for key in keys)

    def _is_held(self, item_id: int, address_id: int, day: date) -> bool:
        return (item_id, day) in self._held or (address_id, day) in self._full

    def _draft(self, day: date, address_id: int, group: str) -> _Draft:
        key = day, address_id, group
        if key not in self._drafts:
            self._drafts[key] = _Draft()
        return self._drafts[key]

    def _delivery(self, key: tuple[date, int, str], draft: _Draft) -> Delivery:
        day, address_id, _group = key
        place = self._place(address_id)
        charge = draft.charges[0] if draft.charges else None
        if charge:
            status = _status(charge) or DeliveryStatus.UNKNOWN
            currency = self._currency_of_charge(charge)
        else:
            status = DeliveryStatus.QUEUED if draft.is_ordered else DeliveryStatus.PROJECTED
            currency = place.currency
        discounts = [name for each in draft.charges for name in _names(each.discounts)]
        if draft.projected:
            cost = estimate(draft.projected, place.address, place.shipping, whole=charge is None)
            discounts += [name for name in place.discounts if name not in discounts]
        else:
            cost = _NO_COST
        for each in draft.charges:
            cost += cost_of(each)

        def money(amount: Decimal | None) -> Money | None:
            return None if amount is None else Money(amount, currency)

        return Delivery(
            date=day,
            address_id=address_id,
            status=status,
            items=(*draft.items, *draft.projected),
            total=Money(cost.total or Decimal("0.00"), currency),
            is_total_known=cost.total is not None,
            discount=money(cost.discount),
            shipping=money(cost.shipping),
            tax=money(cost.tax),
            is_estimate=bool(draft.projected)
            or any(each.has_uncommitted_changes for each in draft.charges),
            charge_id=charge.id if charge else None,
            payment_method_id=place.address.payment_method_id if place.address else None,
            discounts=tuple(discounts),
            retry_date=charge.retry_date if charge else None,
            error_type=charge.error_type if charge else None,
        )

    def _place(self, address_id: int) -> _Place:
        """What is the same for all that comes to an address: looked up once for all days."""
        place = self._places.get(address_id)
        if place is None:
            address = self._snapshot.address(address_id)
            place = self._places[address_id] = _Place(
                address,
                self._currency(address_id),
                self._shipping(address) if address else None,
                _names(address.discounts) if address else [],
            )
        return place

    def _line(self, line: LineItem, currency: str, charge_id: int | None) -> DeliveryItem:
        """An item as Recharge holds it."""
        source = self._snapshot.subscription(line.purchase_item_id)
        unit, total = line.unit_price, line.total_price
        if total is None and unit is not None:
            total = unit * line.quantity
        pictured = line.images.medium or line.images.small or line.images.large
        return DeliveryItem(
            purchase_item_id=line.purchase_item_id,
            kind="onetime" if line.purchase_item_type == "onetime" else "subscription",
            title=line.title,
            variant_title=line.variant_title,
            quantity=line.quantity,
            unit_price=None if unit is None else Money(unit, currency),
            total=Money(total if total is not None else Decimal("0.00"), currency),
            is_total_known=total is not None,
            picture=pictured or self._picture(line.external_product_id.ecommerce),
            is_skippable=_is_skippable(source),
            is_prepaid=source.is_prepaid if source else False,
            charge_id=charge_id,
        )

    def _projected(self, subscription: Subscription, is_charged: bool | int) -> DeliveryItem:
        """An item that follows from a subscription."""
        currency = subscription.presentment_currency or self._currency(subscription.address_id)
        price = None if subscription.price is None else Money(subscription.price, currency)
        nothing = Money(Decimal("0.00"), currency)
        return DeliveryItem(
            purchase_item_id=subscription.id,
            kind="subscription",
            title=subscription.product_title,
            variant_title=subscription.variant_title,
            quantity=subscription.quantity,
            unit_price=price,
            total=price * subscription.quantity if price and is_charged else nothing,
            is_total_known=price is not None or not is_charged,
            picture=self._picture(subscription.external_product_id.ecommerce),
            is_skippable=_is_skippable(subscription),
            is_prepaid=subscription.is_prepaid,
        )

    def _shipping(self, address: Address) -> Decimal | None:
        """What the address itself says, or else the last charge known of it."""
        lines = address.shipping_lines_override or address.shipping_lines_conserved
        if not lines:
            charges = [each for each in self._snapshot.charges if each.address_id == address.id]
            return cost_of(max(charges, key=lambda each: each.id)).shipping if charges else None
        return sum_of(line.price for line in lines)

    def _currency(self, address_id: int | None) -> str:
        address = self._snapshot.address(address_id)
        return (address and address.presentment_currency) or self._snapshot.shop.currency

    def _currency_of_charge(self, charge: Charge) -> str:
        return charge.currency or self._currency(charge.address_id)

    def _picture(self, product: str | None) -> str | None:
        return self._snapshot.pictures.get(product) if product else None


def _status(charge: Charge) -> DeliveryStatus | None:
    """What stands between the customer and the charge's delivery; None when it is done with."""
    if not charge.status.is_known:
        return DeliveryStatus.UNKNOWN
    return _STATUSES.get(charge.status)


def _dates(subscription: Subscription, first: date, until: date) -> Iterator[tuple[date, bool]]:
    """Dates of a subscription's deliveries, and whether it is charged for on them."""
    charges, deliveries = charge_rhythm(subscription), delivery_rhythm(subscription)
    for charge_day in charges.dates(first, until):
        yield charge_day, True
        day: date | None = charge_day
        for _ in range(charges.every // deliveries.every - 1 if deliveries.every else 0):
            day = deliveries.after(day) if day else None
            if day and day <= until:
                yield day, False


def _is_skippable(subscription: Subscription | None) -> bool:
    return subscription is not None and subscription.is_skippable and not subscription.is_prepaid


def _names(discounts: tuple[AppliedDiscount, ...]) -> list[str]:
    return [each.code for each in discounts if each.code]
