"""Discounts: codes that customers enter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Required, TypedDict, Unpack

from pydantic import JsonValue

from app.recharge.filters import Created, Ids, Paging, Updated
from app.recharge.parts import DiscountValueType
from app.recharge.resource import Listing, Resource
from app.recharge.values import Amount, ExternalId, Moment, OpenEnum, Record


class DiscountStatus(OpenEnum):
    """Whether a discount can be used; past `ends_at` it becomes disabled."""

    ENABLED = "enabled"
    DISABLED = "disabled"
    FULLY_DISABLED = "fully_disabled"


class AppliesTo(Record):
    """What a discount is for. `purchase_item_type` is seen in capitals and in small letters."""

    ids: tuple[str, ...] = ()
    purchase_item_type: str | None = None
    resource: str | None = None


class DiscountChannel(Record):
    """Whether a discount may be entered in one place."""

    can_apply: bool = True


class DiscountChannels(Record):
    """Where a discount may be entered."""

    api: DiscountChannel = DiscountChannel()
    checkout_page: DiscountChannel = DiscountChannel()
    customer_portal: DiscountChannel = DiscountChannel()
    merchant_portal: DiscountChannel = DiscountChannel()


class UsageLimits(Record):
    """How often, and by whom, a discount may be used; None sets no limit."""

    first_time_customer_restriction: str | None = None
    max_subsequent_redemptions: int | None = None
    one_application_per_customer: bool | None = None
    redemptions: int | None = None


class Discount(Record):
    """A code that lowers a price by a percentage or an amount, or makes shipping cheaper."""

    id: int
    applies_to: AppliesTo | None = None
    channel_settings: DiscountChannels = DiscountChannels()
    code: str = ""
    created_at: Moment | None = None
    ends_at: Moment | None = None
    external_discount_id: ExternalId = ExternalId()
    external_discount_source: str | None = None
    prerequisite_subtotal_min: Amount | None = None
    starts_at: Moment | None = None
    status: DiscountStatus | None = None
    updated_at: Moment | None = None
    usage_limits: UsageLimits = UsageLimits()
    value: Amount | None = None
    value_type: DiscountValueType | None = None


class DiscountFilters(Paging, Created, Updated, Ids, total=False):
    """What discounts are listed by."""

    discount_code: str | None
    discount_type: str | None
    status: DiscountStatus | str | None


class DiscountChanges(TypedDict, total=False):
    """What can be changed about a discount."""

    applies_to: Mapping[str, JsonValue] | None
    channel_settings: Mapping[str, JsonValue]
    ends_at: datetime | None
    prerequisite_subtotal_min: Decimal | None
    starts_at: datetime | None
    status: DiscountStatus | str
    usage_limits: Mapping[str, JsonValue]
    value: Decimal
    value_type: DiscountValueType | str


class NewDiscount(DiscountChanges, total=False):
    """A discount to be made."""

    code: Required[str]


class Discounts(Resource[Discount]):
    """`client.discounts`. Scopes: read_discounts, write_discounts."""

    _path = "/discounts"
    _singular = "discount"
    _plural = "discounts"
    _model = Discount

    async def get(self, id: int) -> Discount:
        """GET /discounts/{id}. NotFound for an unknown id."""
        return await self._get(id)

    def list(self, **filters: Unpack[DiscountFilters]) -> Listing[Discount]:
        """GET /discounts."""
        return self._list(filters)

    async def create(self, **values: Unpack[NewDiscount]) -> Discount:
        """POST /discounts. Refused when the code is taken."""
        return await self._create(values)

    async def update(self, id: int, **changes: Unpack[DiscountChanges]) -> Discount:
        """PUT /discounts/{id}."""
        return await self._update(id, changes)

    async def delete(self, id: int) -> None:
        """DELETE /discounts/{id}."""
        await self._delete(id)
