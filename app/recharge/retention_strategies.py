"""Retention strategies: what a shop says and offers to a customer who is about to cancel."""

from __future__ import annotations

from typing import Required, TypedDict, Unpack

from pydantic import JsonValue

from app.recharge.filters import Created, Ids, Paging, Updated
from app.recharge.resource import Listing, Resource
from app.recharge.values import Moment, OpenEnum, Record


class CancellationFlow(OpenEnum):
    """What the customer is about to cancel."""

    SUBSCRIPTION = "subscription"
    MEMBERSHIP = "membership"


class Incentive(OpenEnum):
    """What is offered instead; empty where it is words alone."""

    DELAY_SUBSCRIPTION = "delay_subscription"
    DISCOUNT = "discount"
    SKIP_CHARGE = "skip_charge"
    SWAP_PRODUCT = "swap_product"
    NONE = ""


class RetentionStrategy(Record):
    """A reason to cancel, the words against it, and what is offered instead. After a customer has
    declined the offer, `reason` is the cancellation reason to send."""

    id: int
    cancellation_flow_type: CancellationFlow | None = None
    cancellation_reason: str | None = None
    """The same as `reason`, where it is sent at all."""
    created_at: Moment | None = None
    discount: JsonValue = None
    discount_code: str | None = None
    incentive_type: Incentive | None = None
    prevention_text: str = ""
    reason: str = ""
    updated_at: Moment | None = None


class RetentionStrategyFilters(Paging, Created, Updated, Ids, total=False):
    """What retention strategies are listed by."""

    cancellation_flow_type: CancellationFlow | str | None


class RetentionStrategyChanges(TypedDict, total=False):
    """What can be changed about a retention strategy."""

    cancellation_flow_type: CancellationFlow | str
    discount_code: str | None
    incentive_type: Incentive | str
    prevention_text: str
    reason: str


class NewRetentionStrategy(TypedDict, total=False):
    """A retention strategy to be made."""

    cancellation_flow_type: CancellationFlow | str
    discount_code: str | None
    incentive_type: Incentive | str
    prevention_text: Required[str]
    reason: Required[str]


class RetentionStrategies(Resource[RetentionStrategy]):
    """`client.retention_strategies`. Scopes: read_subscriptions, write_retention_strategies."""

    _path = "/retention_strategies"
    _singular = "retention_strategy"
    _plural = "retention_strategies"
    _model = RetentionStrategy

    async def get(self, id: int) -> RetentionStrategy:
        """GET /retention_strategies/{id}. NotFound for an unknown id."""
        return await self._get(id)

    def list(self, **filters: Unpack[RetentionStrategyFilters]) -> Listing[RetentionStrategy]:
        """GET /retention_strategies."""
        return self._list(filters)

    async def create(self, **values: Unpack[NewRetentionStrategy]) -> RetentionStrategy:
        """POST /retention_strategies."""
        return await self._create(values)

    async def update(
        self, id: int, **changes: Unpack[RetentionStrategyChanges]
    ) -> RetentionStrategy:
        """PUT /retention_strategies/{id}."""
        return await self._update(id, changes)

    async def delete(self, id: int) -> None:
        """DELETE /retention_strategies/{id}."""
        await self._delete(id)
