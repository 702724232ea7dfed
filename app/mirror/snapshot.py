"""All that is known of one customer at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Final, TypeVar

from pydantic import TypeAdapter

from app.mirror import projection
from app.mirror.delivery import Delivery
from app.mirror.rows import NEWEST_ORDERS
from app.mirror.shop import Shop
from app.recharge import (
    Address,
    Charge,
    Customer,
    Membership,
    MembershipProgram,
    Onetime,
    Order,
    PaymentMethod,
    Plan,
    Product,
    Record,
    Subscription,
)

R = TypeVar("R", bound=Record)

_ORDERS = TypeAdapter(list[Order])

_MOST_SCHEDULES: Final = 4
"""Schedules that a snapshot keeps: all who look at it ask for the same few."""


@dataclass(frozen=True, eq=False)
class Snapshot:
    """One customer's records, read together: they fit each other.

    charges:        those that are not done with: queued, skipped, failed, pending
    products:       the shop's products by their external id; empty until the catalogue has been
                    read, or where the store refuses to list its products
    pictures:       addresses of pictures by external product id, from products and items
    plans:          of each product, by its external id, in the merchant's order
    bundles:        external ids of products that customers put together themselves
    is_unlisted:    the store refuses to list its products
    memberships:    what the customer pays for without getting anything sent; none where the shop
                    has no such thing
    programs:       what memberships are of, by id, as far as they have been read
    loaded_at:      when everything was last read from Recharge
    unreadable:     how many records are there that could not be read, and so are in none of these
    revision:       grows with every change of this customer's rows
    """

    shop: Shop
    customer: Customer
    addresses: tuple[Address, ...]
    payment_methods: tuple[PaymentMethod, ...]
    subscriptions: tuple[Subscription, ...]
    onetimes: tuple[Onetime, ...]
    charges: tuple[Charge, ...]
    products: Mapping[str, Product]
    loaded_at: datetime
    revision: int
    unreadable: int = 0
    plans: Mapping[str, tuple[Plan, ...]] = field(default_factory=dict)
    bundles: frozenset[str] = frozenset()
    is_unlisted: bool = False
    memberships: tuple[Membership, ...] = ()
    programs: Mapping[int, MembershipProgram] = field(default_factory=dict)
    order_documents: tuple[str, ...] = field(default=(), repr=False)
    coming_documents: tuple[str, ...] = field(default=(), repr=False)
    read: dict[tuple[str, ...], tuple[Order, ...]] = field(default_factory=dict, repr=False)
    """Orders by their documents, as far as they have been read: copies of this share them."""

    @cached_property
    def orders(self) -> tuple[Order, ...]:
        """The newest 50, newest first. Read from their documents when first asked for."""
        return self._orders(self._newest)

    def orders_with(self, item_id: int) -> tuple[Order, ...]:
        """Those of `orders` in which an item came. Only documents that hold its id are read."""
        if item_id not in self._orders_with:
            perhaps = self._orders(tuple(one for one in self._newest if str(item_id) in one))
            self._orders_with[item_id] = tuple(
                order
                for order in perhaps
                if any(line.purchase_item_id == item_id for line in order.line_items)
            )
        return self._orders_with[item_id]

    @cached_property
    def prepaid_orders(self) -> tuple[Order, ...]:
        """Orders that are not made yet, by id: what is left of prepaid goods."""
        return self._orders(self.coming_documents)

    @property
    def has_more_orders(self) -> bool:
        """Whether there are orders older than those in `orders`."""
        return len(self.order_documents) > NEWEST_ORDERS

    @cached_property
    def pictures(self) -> Mapping[str, str]:
        """Addresses of pictures by external product id."""
        found: dict[str, str] = {}
        for charge in self.charges:
            for line in charge.line_items:
                picture = line.images.medium or line.images.small or line.images.large
                if picture and line.external_product_id.ecommerce:
                    found[line.external_product_id.ecommerce] = picture
        for product_id, product in self.products.items():
            if product.images:
                image = product.images[0]
                if picture := image.medium or image.small or image.large or image.original:
                    found[product_id] = picture
        return found

    def _orders(self, documents: tuple[str, ...]) -> tuple[Order, ...]:
        if documents not in self.read:
            self.read[documents] = tuple(_ORDERS.validate_json(f"[{','.join(documents)}]"))
        return self.read[documents]

    @property
    def _newest(self) -> tuple[str, ...]:
        return self.order_documents[::-1][:NEWEST_ORDERS]

    @cached_property
    def _orders_with(self) -> dict[int, tuple[Order, ...]]:
        return {}

    @cached_property
    def _schedules(self) -> dict[tuple[date, date], tuple[Delivery, ...]]:
        return {}

    def address(self, id: int | None) -> Address | None:
        """The address, when it is this customer's."""
        return _by_id(self.addresses, id)

    def subscription(self, id: int | None) -> Subscription | None:
        """The subscription, when it is this customer's."""
        return _by_id(self.subscriptions, id)

    def onetime(self, id: int | None) -> Onetime | None:
        """The one-time, when it is this customer's."""
        return _by_id(self.onetimes, id)

    def charge(self, id: int | None) -> Charge | None:
        """The charge, when it is this customer's."""
        return _by_id(self.charges, id)

    def membership(self, id: int | None) -> Membership | None:
        """The membership, when it is this customer's."""
        return _by_id(self.memberships, id)

    def payment_method(self, id: int | None) -> PaymentMethod | None:
        """The payment method, when it is this customer's."""
        return _by_id(self.payment_methods, id)

    def schedule(self, today: date, until: date) -> tuple[Delivery, ...]:
        """Deliveries from `today` to `until` inclusive, and earlier ones that are not settled.

        `today` is the day in the shop's zone. The rules are in `app.mirror.projection`.
        """
        key = today, until
        if key not in self._schedules:
            for (since, last), known in self._schedules.items():
                if since == today and last > until:
                    return tuple(each for each in known if each.date <= until)
            if len(self._schedules) >= _MOST_SCHEDULES:
                self._schedules.clear()
            self._schedules[key] = projection.schedule(self, today, until)
        return self._schedules[key]

    def next_delivery(self, today: date) -> Delivery | None:
        """The first delivery that is due and not skipped, or whose payment will be tried again."""
        return projection.next_delivery(self, today)


def _by_id(records: tuple[R, ...], id: int | None) -> R | None:
    return next((record for record in records if getattr(record, "id", None) == id), None)
