"""Memberships: what a customer pays for at an interval and enjoys meanwhile, and the programs that
say what that is.

All of it is known from the types of Recharge's storefront client alone, where these routes are
marked as internal. What is a guess besides: that a shop's own token may call them, and that
memberships can be listed by `customer_id` as other records can. Expect NotFound and Refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal, Unpack

from pydantic import BeforeValidator, Field, JsonValue

from app.recharge.filters import Ids, Paging, Since
from app.recharge.query import OneOrMore
from app.recharge.resource import Listing, Resource
from app.recharge.values import (
    OR_NONE,
    Day,
    ExternalId,
    MaybeAmount,
    MaybeMoment,
    MaybeNumber,
    MaybeText,
    OpenEnum,
    Record,
)

MembershipProgramInclusion = Literal["collections", "membership_benefits"]


class MembershipStatus(OpenEnum):
    """Whether the benefits hold."""

    ACTIVE = "active"
    INACTIVE = "inactive"


class MembershipUnit(OpenEnum):
    """The unit of a membership's interval. Those of subscriptions have weeks, and no years."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


def _in_envelope(value: object) -> object:
    """The storefront client has plain numbers where other records have an envelope."""
    return {"ecommerce": value} if isinstance(value, int | str) else value


AnyExternalId = Annotated[ExternalId, BeforeValidator(_in_envelope)]
MaybeDay = Annotated[Day | None, OR_NONE]


class Membership(Record):
    """A customer's membership. `price` is that of one, each time it is charged, which is every
    `charge_interval_frequency` of `charge_interval_unit`.

    Guesses, as the types alone do not say: `status` tells whether the benefits hold, and
    `cancelled_at` or `purchase_item_status` whether it is charged again, so that a cancelled one is
    active until `expires_at`, the day to which it is paid. That day counts as it is written.
    """

    id: int
    customer_id: int
    address_id: int | None = None
    cancellation_reason: MaybeText = None
    cancellation_reason_comments: MaybeText = None
    cancelled_at: MaybeMoment = None
    charge_interval_frequency: MaybeNumber = None
    charge_interval_unit: MembershipUnit | None = None
    created_at: MaybeMoment = None
    expires_at: MaybeDay = None
    external_product_id: AnyExternalId = ExternalId()
    external_variant_id: AnyExternalId = ExternalId()
    has_queued_charges: bool = False
    membership_program_id: int | None = None
    next_charge_scheduled_at: Day | None = None
    presentment_currency: str | None = None
    price: MaybeAmount = None
    product_title: str = ""
    purchase_item_id: int | None = None
    purchase_item_status: str | None = None
    purchase_item_type: str | None = None
    quantity: int = 1
    status: MembershipStatus = MembershipStatus("unknown")
    type: str | None = None
    updated_at: MaybeMoment = None
    variant_title: str | None = None

    @property
    def is_cancelled(self) -> bool:
        """Whether it is charged no more. Its benefits may still hold."""
        if self.cancelled_at is not None or self.purchase_item_status == "cancelled":
            return True
        return self.status == MembershipStatus.INACTIVE


class MembershipFilters(Paging, total=False):
    """What memberships are listed by. Cancelled ones come only where `include_cancelled` says so;
    they are sorted by `id` alone."""

    created_at_min: Since | None
    created_at_max: Since | None
    customer_id: int | None
    expires_at_min: Since | None
    expires_at_max: Since | None
    include_cancelled: bool | None
    membership_program_ids: OneOrMore[int] | None
    status: MembershipStatus | str | None


class Memberships(Resource[Membership]):
    """`client.memberships`. Scopes, by guess: read_subscriptions, write_subscriptions."""

    _path = "/memberships"
    _singular = "membership"
    _plural = "memberships"
    _model = Membership

    async def get(self, id: int) -> Membership:
        """GET /memberships/{id}. NotFound for an unknown id."""
        return await self._get(id)

    def list(self, **filters: Unpack[MembershipFilters]) -> Listing[Membership]:
        """GET /memberships."""
        return self._list(filters)

    async def cancel(
        self,
        id: int,
        *,
        cancellation_reason: str,
        cancellation_reason_comments: str | None = None,
        cancel_immediately: bool = False,
        expires_at: date | None = None,
    ) -> Membership:
        """POST /memberships/{id}/cancel: it is charged no more. The benefits end at once, or with
        `expires_at`, the day to which it is paid."""
        values: dict[str, object] = {
            "cancel_immediately": cancel_immediately,
            "cancellation_reason": cancellation_reason,
        }
        if cancellation_reason_comments is not None:
            values["cancellation_reason_comments"] = cancellation_reason_comments
        if expires_at is not None:
            values["expires_at"] = expires_at
        return await self._act(id, "cancel", values)

    async def activate(self, id: int, *, expires_at: date | None = None) -> Membership:
        """POST /memberships/{id}/activate: a cancelled one is charged again. Without `expires_at`
        the API says how long it is paid for."""
        return await self._act(id, "activate", {"expires_at": expires_at})


class MembershipBenefit(Record):
    """One thing that members enjoy, in the merchant's words."""

    id: int
    category: str | None = None
    created_at: MaybeMoment = None
    description: str | None = None
    name: str = ""
    program_id: int | None = None
    status: str | None = None
    type: str | None = None
    updated_at: MaybeMoment = None


class MembershipProgramInclude(Record):
    """What came along with a program; None where it was not asked for."""

    collections: JsonValue = None
    membership_benefits: tuple[MembershipBenefit, ...] | None = None


class MembershipProgram(Record):
    """What a membership is of: its name and, where they came along, its benefits."""

    id: int
    created_at: MaybeMoment = None
    description: str | None = None
    external_attributes: JsonValue = None
    include: MembershipProgramInclude = Field(default_factory=lambda: MembershipProgramInclude())
    name: str = ""
    status: str | None = None
    tag_name: str | None = None
    updated_at: MaybeMoment = None

    @property
    def benefits(self) -> tuple[MembershipBenefit, ...]:
        """The benefits that hold."""
        found = self.include.membership_benefits or ()
        return tuple(one for one in found if one.status in (None, "active"))


class MembershipProgramFilters(Paging, Ids, total=False):
    """What programs are listed by."""

    include: Sequence[MembershipProgramInclusion]
    include_deleted: bool | None
    status: str | None


class MembershipPrograms(Resource[MembershipProgram]):
    """`client.membership_programs`. Scope, by guess: read_products."""

    _path = "/membership_programs"
    _singular = "membership_program"
    _plural = "membership_programs"
    _model = MembershipProgram

    async def get(
        self, id: int, *, include: Sequence[MembershipProgramInclusion] = ()
    ) -> MembershipProgram:
        """GET /membership_programs/{id}. NotFound for an unknown id."""
        return await self._get(id, {"include": include or None})

    def list(self, **filters: Unpack[MembershipProgramFilters]) -> Listing[MembershipProgram]:
        """GET /membership_programs."""
        return self._list(filters)
