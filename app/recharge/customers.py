"""Customers: who subscribes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, Required, Self, TypedDict, Unpack

import structlog
from pydantic import (
    Field,
    ModelWrapValidatorHandler,
    PrivateAttr,
    ValidationError,
    model_validator,
)

from app.recharge.credits import CreditSummary
from app.recharge.delivery_schedule import DeliverySchedule
from app.recharge.filters import Created, Ids, Paging, Updated
from app.recharge.parts import AnalyticsData
from app.recharge.resource import Listing, Resource
from app.recharge.sending import Call
from app.recharge.values import ExternalId, MaybeMoment, Record, id_of, wrong_fields

if TYPE_CHECKING:
    from app.recharge.addresses import Address
    from app.recharge.metafields import Metafield
    from app.recharge.payment_methods import PaymentMethod
    from app.recharge.subscriptions import Subscription

_log = structlog.get_logger(__name__)

CustomerInclusion = Literal["addresses", "metafields", "payment_methods", "subscriptions"]


class CustomerInclude(Record):
    """What came along with a customer; None where it was not asked for.

    A record that cannot be read is logged and set aside alone, as in a list.
    """

    addresses: tuple[Address, ...] | None = None
    metafields: tuple[Metafield, ...] | None = None
    payment_methods: tuple[PaymentMethod, ...] | None = None
    subscriptions: tuple[Subscription, ...] | None = None
    _unreadable: dict[str, list[int | None]] = PrivateAttr(default_factory=dict)

    @property
    def unreadable(self) -> Mapping[str, Sequence[int | None]]:
        """Ids of the records that were set aside, by noun."""
        return self._unreadable

    @model_validator(mode="wrap")
    @classmethod
    def _set_aside(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            return handler(data)
        except ValidationError as error:
            places = [each["loc"] for each in error.errors(include_url=False)]
            if not all(len(place) > 1 and isinstance(place[1], int) for place in places):
                raise
            wrong = wrong_fields(error)
        spoiled = {(str(noun), int(index)) for noun, index, *_ in places}
        ids = [(noun, id_of(data[noun][index])) for noun, index in sorted(spoiled)]
        for noun, id in ids:
            _log.warning("a record cannot be read", kind=noun, id=id, fields=wrong)
        readable = {
            noun: [one for index, one in enumerate(part) if (noun, index) not in spoiled]
            if isinstance(part, list)
            else part
            for noun, part in data.items()
        }
        include = handler(readable)
        for noun, id in ids:
            include._unreadable.setdefault(noun, []).append(id)
        return include


class Customer(Record):
    """A person who subscribes. `hash` names the customer in page addresses; it proves nothing."""

    id: int
    analytics_data: AnalyticsData = AnalyticsData()
    apply_credit_to_next_checkout_charge: bool = False
    apply_credit_to_next_recurring_charge: bool = False
    apply_credit_to_next_recurring_charge_channel: str | None = None
    backup_payment_methods_enabled: bool | None = None
    can_add_payment_method: bool | None = None
    created_at: MaybeMoment = None
    email: str = ""
    external_customer_id: ExternalId = ExternalId()
    first_charge_processed_at: MaybeMoment = None
    first_name: str = ""
    has_payment_method_in_dunning: bool = False
    has_valid_payment_method: bool = False
    hash: str = ""
    include: CustomerInclude = Field(default_factory=lambda: CustomerInclude())
    last_name: str = ""
    payment_method_fallback_on_failure_disabled: bool | None = None
    phone: str | None = None
    subscription_related_charge_streak: int = 0
    subscriptions_active_count: int = 0
    subscriptions_total_count: int = 0
    tax_exempt: bool = False
    updated_at: MaybeMoment = None


class CustomerFilters(Paging, Created, Updated, Ids, total=False):
    """`email` and `hash` are the look-ups of a sign-in."""

    email: str | None
    external_customer_id: str | None
    hash: str | None
    include: Sequence[CustomerInclusion]


class CustomerChanges(TypedDict, total=False):
    """What can be changed about a customer."""

    apply_credit_to_next_recurring_charge: bool
    apply_credit_to_next_recurring_charge_channel: str
    backup_payment_methods_enabled: bool
    email: str
    external_customer_id: ExternalId
    first_name: str
    last_name: str
    payment_method_fallback_on_failure_disabled: bool
    phone: str | None
    tax_exempt: bool


class NewCustomer(TypedDict, total=False):
    """A customer to be made."""

    email: Required[str]
    external_customer_id: ExternalId
    first_name: Required[str]
    last_name: Required[str]
    phone: str | None
    tax_exempt: bool


class Customers(Resource[Customer]):
    """`client.customers`. Scopes: read_customers, write_customers."""

    _path = "/customers"
    _singular = "customer"
    _plural = "customers"
    _model = Customer

    async def get(self, id: int, *, include: Sequence[CustomerInclusion] = ()) -> Customer:
        """GET /customers/{id}. NotFound for an unknown id."""
        return await self._get(id, {"include": include or None})

    def list(self, **filters: Unpack[CustomerFilters]) -> Listing[Customer]:
        """GET /customers. Refused for a cursor that is none."""
        return self._list(filters)

    async def create(self, **values: Unpack[NewCustomer]) -> Customer:
        """POST /customers. Needs write_payment_methods too. Refused when the e-mail is taken; makes
        no shopper in the shop system."""
        return await self._create(values)

    async def update(self, id: int, **changes: Unpack[CustomerChanges]) -> Customer:
        """PUT /customers/{id}. Refused when the e-mail is taken or a name is empty."""
        return await self._update(id, changes)

    async def delete(self, id: int) -> None:
        """DELETE /customers/{id}. Refused while subscriptions are active."""
        await self._delete(id)

    async def delivery_schedule(
        self,
        id: int,
        *,
        delivery_count_future: int | None = None,
        future_interval: int | None = None,
        date_min: date | None = None,
        date_max: date | None = None,
    ) -> DeliverySchedule:
        """GET /customers/{id}/delivery_schedule: coming deliveries, projected ones included.

        `future_interval` is in days. NotFound for an unknown id. The answer has no envelope.
        """
        query = {
            "delivery_count_future": delivery_count_future,
            "future_interval": future_interval,
            "date_min": date_min,
            "date_max": date_max,
        }
        call = Call("GET", "/customers/{id}/delivery_schedule", (id,), query=query)
        return await self._ask(call, None, DeliverySchedule)

    async def credit_summary(
        self, id: int, *, include: Sequence[Literal["credit_details"]] = ()
    ) -> CreditSummary:
        """GET /customers/{id}/credit_summary. Needs read_credit_summary."""
        query = {"include": include or None}
        call = Call("GET", "/customers/{id}/credit_summary", (id,), query=query)
        return await self._ask(call, "credit_summary", CreditSummary)
