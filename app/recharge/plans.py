"""Plans: at which intervals, and with which discount, a product can be subscribed to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Required, TypedDict, Unpack

from pydantic import JsonValue

from app.recharge.filters import Ids, Paging, Updated
from app.recharge.parts import IntervalUnit
from app.recharge.resource import Listing, Resource
from app.recharge.sending import Call
from app.recharge.values import Amount, ExternalId, Moment, OpenEnum, Record


class PlanType(OpenEnum):
    """How a plan is paid: each time, in advance, once."""

    SUBSCRIPTION = "subscription"
    PREPAID = "prepaid"
    PREPAID_V2 = "prepaid_v2"
    ONETIME = "onetime"
    MEMBERSHIP_SUBSCRIPTION = "membership_subscription"


class PlanChannel(Record):
    """Whether a plan is offered in one place."""

    display: bool = True


class PlanChannels(Record):
    """Where a plan is offered."""

    api: PlanChannel = PlanChannel()
    checkout_page: PlanChannel = PlanChannel()
    customer_portal: PlanChannel = PlanChannel()
    merchant_portal: PlanChannel = PlanChannel()


class SubscriptionPreferences(Record):
    """The rhythm of a plan. Its unit is called `interval_unit`; a subscription's, in which it
    becomes, is called `order_interval_unit`."""

    apply_cutoff_date_to_checkout: bool | None = None
    charge_interval_frequency: int | None = None
    cutoff_day_of_month: int | None = None
    cutoff_day_of_week: int | None = None
    expire_after_specific_number_of_charges: int | None = None
    interval_unit: IntervalUnit | None = None
    order_day_of_month: int | None = None
    order_day_of_week: int | None = None
    order_interval_frequency: int | None = None
    pricing_progression: tuple[JsonValue, ...] = ()


class Plan(Record):
    """A way to subscribe to a product. All plans of a product share title and discount."""

    id: int
    channel_settings: PlanChannels = PlanChannels()
    created_at: Moment | None = None
    deleted_at: Moment | None = None
    discount_amount: Amount | None = None
    discount_type: str | None = None
    external_plan_group_id: str | None = None
    external_plan_id: str | None = None
    external_plan_name: str | None = None
    external_product_id: ExternalId = ExternalId()
    external_variant_ids: tuple[str, ...] = ()
    has_variant_restrictions: bool = False
    sort_order: int | None = None
    subscription_preferences: SubscriptionPreferences = SubscriptionPreferences()
    title: str = ""
    type: PlanType | None = None
    updated_at: Moment | None = None


class PlanFilters(Paging, Updated, Ids, total=False):
    """What plans are listed by."""

    external_product_id: str | None
    type: PlanType | str | None


class PlanChanges(TypedDict, total=False):
    """What can be changed about a plan."""

    channel_settings: Mapping[str, JsonValue]
    discount_amount: Decimal | None
    discount_type: str | None
    external_plan_name: str
    external_variant_ids: Sequence[str]
    sort_order: int
    subscription_preferences: Mapping[str, JsonValue]
    title: str


class NewPlan(PlanChanges, total=False):
    """A plan to be made."""

    external_product_id: Required[ExternalId]
    type: Required[PlanType | str]


class Plans(Resource[Plan]):
    """`client.plans`. Scopes: read_products, write_products. Prepaid plans cannot be mixed with
    other types on one product."""

    _path = "/plans"
    _singular = "plan"
    _plural = "plans"
    _model = Plan

    async def get(self, id: int) -> Plan:
        """GET /plans/{id}. Known from Recharge's storefront client; NotFound for an unknown id."""
        return await self._get(id)

    def list(self, **filters: Unpack[PlanFilters]) -> Listing[Plan]:
        """GET /plans."""
        return self._list(filters)

    async def create(self, **values: Unpack[NewPlan]) -> Plan:
        """POST /plans."""
        return await self._create(values)

    async def update(self, id: int, **changes: Unpack[PlanChanges]) -> Plan:
        """PUT /plans/{id}."""
        return await self._update(id, changes)

    async def delete(self, id: int) -> None:
        """DELETE /plans/{id}."""
        await self._delete(id)

    async def create_many(
        self, external_product_id: str, plans: Sequence[Mapping[str, object]]
    ) -> tuple[Plan, ...]:
        """POST /products/{external_product_id}/plans-bulk. Never repeated."""
        return await self._bulk("POST", external_product_id, plans)

    async def update_many(
        self, external_product_id: str, plans: Sequence[Mapping[str, object]]
    ) -> tuple[Plan, ...]:
        """PUT /products/{external_product_id}/plans-bulk; each plan with its `id`."""
        return await self._bulk("PUT", external_product_id, plans)

    async def delete_many(self, external_product_id: str, plan_ids: Sequence[int]) -> None:
        """DELETE /products/{external_product_id}/plans-bulk."""
        route = "/products/{external_product_id}/plans-bulk"
        body = {"plan_ids": [{"id": id} for id in plan_ids]}
        await self._sender.send(
            Call("DELETE", route, (external_product_id,), body=body, repeat_is_safe=True)
        )

    async def _bulk(
        self, method: str, external_product_id: str, plans: Sequence[Mapping[str, object]]
    ) -> tuple[Plan, ...]:
        call = Call(
            "PUT" if method == "PUT" else "POST",
            "/products/{external_product_id}/plans-bulk",
            (external_product_id,),
            body={"plans": plans},
            repeat_is_safe=method == "PUT",
        )
        return (await self._ask_all(call, "plans", Plan)).records
