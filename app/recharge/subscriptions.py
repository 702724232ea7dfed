"""Subscriptions: what comes again and again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, Required, TypedDict, Unpack

from pydantic import Field, JsonValue

from app.recharge.bundle_selections import BundleSelection
from app.recharge.charges import Charge
from app.recharge.filters import Created, Ids, Paging, Updated
from app.recharge.parts import AnalyticsData, IntervalUnit, Property
from app.recharge.query import OneOrMore
from app.recharge.resource import Listing, Resource
from app.recharge.sending import Call
from app.recharge.values import Day, ExternalId, MaybeAmount, MaybeMoment, OpenEnum, Record

if TYPE_CHECKING:
    from app.recharge.addresses import Address
    from app.recharge.customers import Customer
    from app.recharge.metafields import Metafield

SubscriptionInclusion = Literal[
    "address", "bundle_product", "bundle_selections", "charge_activities", "customer", "metafields"
]


class SubscriptionStatus(OpenEnum):
    """Expired: all the charges that it was made for are done."""

    ACTIVE = "active"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class SubscriptionInclude(Record):
    """What came along with a subscription; None where it was not asked for."""

    address: Address | None = None
    bundle_product: JsonValue = None
    bundle_selections: tuple[BundleSelection, ...] | None = None
    charge_activities: JsonValue = None
    customer: Customer | None = None
    metafields: tuple[Metafield, ...] | None = None


class Subscription(Record):
    """A product that is charged and delivered at an interval.

    It is charged every `charge_interval_frequency` and delivered every `order_interval_frequency`
    of `order_interval_unit`; a prepaid one is charged once for several deliveries. `price` is that
    of one piece. An interval or a price that is None is not known: it is never every month, nor
    free. `order_day_of_week` counts from 0, which is Monday.
    """

    id: int
    address_id: int
    customer_id: int
    analytics_data: AnalyticsData = AnalyticsData()
    cancellation_reason: str | None = None
    cancellation_reason_comments: str | None = None
    cancelled_at: MaybeMoment = None
    charge_interval_frequency: int | None = None
    created_at: MaybeMoment = None
    expire_after_specific_number_of_charges: int | None = None
    external_product_id: ExternalId = ExternalId()
    external_variant_id: ExternalId = ExternalId()
    has_queued_charges: bool = False
    include: SubscriptionInclude = Field(default_factory=lambda: SubscriptionInclude())
    is_digital: bool = False
    is_prepaid: bool = False
    is_skippable: bool = False
    is_swappable: bool = False
    max_retries_reached: bool = False
    next_charge_scheduled_at: Day | None = None
    order_day_of_month: int | None = None
    order_day_of_week: int | None = None
    order_interval_frequency: int | None = None
    order_interval_unit: IntervalUnit | None = None
    plan_id: int | None = None
    presentment_currency: str | None = None
    price: MaybeAmount = None
    product_title: str = ""
    properties: tuple[Property, ...] = ()
    quantity: int = 1
    sku: str | None = None
    sku_override: bool = False
    status: SubscriptionStatus = SubscriptionStatus("unknown")
    updated_at: MaybeMoment = None
    variant_title: str | None = None


class SubscriptionFilters(Paging, Created, Updated, Ids, total=False):
    """What subscriptions are listed by."""

    address_id: int | None
    address_ids: OneOrMore[int] | None
    bundles_only: bool | None
    customer_id: int | None
    external_variant_id: str | None
    include: Sequence[SubscriptionInclusion]
    status: SubscriptionStatus | str | None


class SubscriptionChanges(TypedDict, total=False):
    """An interval needs all three of its fields, or `plan_id` instead. `properties` replaces the
    whole list. Change the interval first and the date second: a new interval sets a new date."""

    charge_interval_frequency: int
    expire_after_specific_number_of_charges: int | None
    external_product_id: ExternalId
    external_variant_id: ExternalId
    next_charge_scheduled_at: date
    order_day_of_month: int | None
    order_day_of_week: int | None
    order_interval_frequency: int
    order_interval_unit: IntervalUnit | str
    persist_dynamic_pricing: bool
    plan_id: int
    price: Decimal
    product_title: str
    properties: Sequence[Mapping[str, JsonValue]]
    quantity: int
    sku: str | None
    sku_override: bool
    use_external_variant_defaults: bool
    variant_title: str


class NewSubscription(TypedDict, total=False):
    """Either the three fields of the interval or `plan_id` must be given too."""

    addon_parent_subscription_id: int
    address_id: Required[int]
    charge_interval_frequency: int
    expire_after_specific_number_of_charges: int | None
    external_product_id: ExternalId
    external_variant_id: Required[ExternalId]
    gift_id: int
    next_charge_scheduled_at: Required[date]
    order_day_of_month: int | None
    order_day_of_week: int | None
    order_interval_frequency: int
    order_interval_unit: IntervalUnit | str
    plan_id: int
    price: Decimal
    product_title: str
    properties: Sequence[Mapping[str, JsonValue]]
    quantity: Required[int]
    status: SubscriptionStatus


class Subscriptions(Resource[Subscription]):
    """`client.subscriptions`. Scopes: read_subscriptions, write_subscriptions.

    A subscription has no routes of its own for pause, swap or unskip: pause is
    `set_next_charge_date` with `pause=True`, swap is `update` with another variant, unskip is
    `client.charges.unskip`.
    """

    _path = "/subscriptions"
    _singular = "subscription"
    _plural = "subscriptions"
    _model = Subscription

    async def get(self, id: int, *, include: Sequence[SubscriptionInclusion] = ()) -> Subscription:
        """GET /subscriptions/{id}. NotFound for an unknown id."""
        return await self._get(id, {"include": include or None})

    def list(self, **filters: Unpack[SubscriptionFilters]) -> Listing[Subscription]:
        """GET /subscriptions."""
        return self._list(filters)

    async def create(self, **values: Unpack[NewSubscription]) -> Subscription:
        """POST /subscriptions. Refused for a date in the past or half of an interval."""
        return await self._create(values)

    async def update(
        self,
        id: int,
        *,
        commit: bool | None = None,
        force_update: bool | None = None,
        override: bool | None = None,
        **changes: Unpack[SubscriptionChanges],
    ) -> Subscription:
        """PUT /subscriptions/{id}: swap, quantity, interval, properties.

        `commit` waits until queued charges are made anew (about 5 s later otherwise).
        `force_update` changes a cancelled one, which is left alone otherwise. `override` lets a
        plain subscription take a prepaid plan. A new interval deletes skipped and moved charges.
        """
        query = {"commit": commit, "force_update": force_update, "override": override}
        return await self._update(id, changes, query)

    async def delete(self, id: int, *, send_email: bool | None = None) -> None:
        """DELETE /subscriptions/{id}: removes it for good; to stop one, use `cancel`."""
        await self._delete(id, None if send_email is None else {"send_email": send_email})

    async def set_next_charge_date(
        self, id: int, date: date, *, commit: bool | None = None, pause: bool | None = None
    ) -> Subscription:
        """POST /subscriptions/{id}/set_next_charge_date. Refused for today and the past.

        Two subscriptions of an address that fall on one date share a charge, which has a new id.
        """
        query = {"commit": commit, "pause": pause}
        return await self._act(id, "set_next_charge_date", {"date": date}, query=query)

    async def change_address(
        self, id: int, address_id: int, *, next_charge_scheduled_at: date | None = None
    ) -> Subscription:
        """POST /subscriptions/{id}/change_address: to another address of the same customer."""
        values: dict[str, object] = {"address_id": address_id}
        if next_charge_scheduled_at is not None:
            values["next_charge_scheduled_at"] = next_charge_scheduled_at
        return await self._act(id, "change_address", values)

    async def cancel(
        self,
        id: int,
        *,
        cancellation_reason: str,
        cancellation_reason_comments: str | None = None,
        send_email: bool | None = None,
    ) -> Subscription:
        """POST /subscriptions/{id}/cancel. Comments hold at most 1024 characters; the API sends a
        mail unless `send_email` is False."""
        values: dict[str, object] = {"cancellation_reason": cancellation_reason}
        if cancellation_reason_comments is not None:
            values["cancellation_reason_comments"] = cancellation_reason_comments
        if send_email is not None:
            values["send_email"] = send_email
        return await self._act(id, "cancel", values)

    async def activate(self, id: int) -> Subscription:
        """POST /subscriptions/{id}/activate: a cancelled one is active again, with a new date."""
        return await self._act(id, "activate")

    async def skip_charge(self, id: int, date: date) -> Charge:
        """POST /subscriptions/{id}/charges/skip: skips a coming date of this one alone. Answers
        with a charge whose status is skipped. Known from Recharge's storefront client only."""
        call = Call(
            "POST",
            "/subscriptions/{id}/charges/skip",
            (id,),
            body={"date": date, "subscription_id": id},
            repeat_is_safe=True,
        )
        return await self._ask(call, "charge", Charge)
