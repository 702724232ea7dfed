"""Orders: what was or will be shipped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Literal, TypedDict, Unpack

from pydantic import Field, JsonValue

from app.recharge.charges import ChargeStatus, ChargeType, ExternalTransactionId
from app.recharge.filters import Created, Ids, Paging, Since, Updated
from app.recharge.parts import (
    AppliedDiscount,
    ClientDetails,
    CustomerReference,
    LineItem,
    PostalAddress,
    Property,
    ShippingLine,
    TaxLine,
)
from app.recharge.query import OneOrMore
from app.recharge.resource import Listing, Resource
from app.recharge.values import ZERO, Amount, ExternalId, MaybeMoment, Moment, OpenEnum, Record

if TYPE_CHECKING:
    from app.recharge.customers import Customer
    from app.recharge.metafields import Metafield
    from app.recharge.subscriptions import Subscription

OrderInclusion = Literal["customer", "metafields", "subscriptions"]


class OrderStatus(OpenEnum):
    """How far an order has come."""

    SUCCESS = "success"
    ERROR = "error"
    QUEUED = "queued"
    CANCELLED = "cancelled"
    PENDING_CHARGE_STATUS = "pending_charge_status"


class OrderCharge(Record):
    """The charge that paid for an order."""

    id: int | None = None
    external_transaction_id: ExternalTransactionId = ExternalTransactionId()
    payment_processor_name: str | None = None
    status: ChargeStatus | None = None


class OrderInclude(Record):
    """What came along with an order; None where it was not asked for."""

    customer: Customer | None = None
    metafields: tuple[Metafield, ...] | None = None
    subscriptions: tuple[Subscription, ...] | None = None


class Order(Record):
    """What is shipped at once. Unlike a charge's, its `scheduled_at` is a moment. A prepaid charge
    has several orders, the later of them queued."""

    id: int
    address_id: int | None = None
    billing_address: PostalAddress | None = None
    charge: OrderCharge = OrderCharge()
    client_details: ClientDetails = ClientDetails()
    created_at: MaybeMoment = None
    currency: str = ""
    customer: CustomerReference
    discounts: tuple[AppliedDiscount, ...] = ()
    error: str | None = None
    external_cart_token: str | None = None
    external_order_id: ExternalId = ExternalId()
    external_order_name: ExternalId = ExternalId()
    external_order_number: ExternalId = ExternalId()
    include: OrderInclude = Field(default_factory=lambda: OrderInclude())
    is_prepaid: bool = False
    line_items: tuple[LineItem, ...] = ()
    note: str | None = None
    order_attributes: tuple[Property, ...] = ()
    processed_at: MaybeMoment = None
    scheduled_at: Moment | None = None
    shipping_address: PostalAddress | None = None
    shipping_lines: tuple[ShippingLine, ...] = ()
    status: OrderStatus
    subtotal_price: Amount = ZERO
    tags: str = ""
    tax_lines: tuple[TaxLine, ...] = ()
    taxable: bool = False
    total_discounts: Amount = ZERO
    total_duties: Amount = ZERO
    total_line_items_price: Amount = ZERO
    total_price: Amount
    total_refunds: Amount = ZERO
    total_tax: Amount = ZERO
    total_weight_grams: int = 0
    type: ChargeType | None = None
    updated_at: MaybeMoment = None


class OrderFilters(Paging, Created, Updated, Ids, total=False):
    """What orders are listed by."""

    address_id: int | None
    charge_id: int | None
    customer_id: int | None
    external_customer_id: str | None
    external_order_id: str | None
    has_external_order: bool | None
    include: Sequence[OrderInclusion]
    purchase_item_id: int | None
    scheduled_at_max: Since | None
    scheduled_at_min: Since | None
    status: OneOrMore[OrderStatus | str] | None
    type: ChargeType | str | None


class OrderChanges(TypedDict, total=False):
    """Only queued orders, those of prepaid subscriptions, can be changed with an effect."""

    billing_address: Mapping[str, JsonValue]
    customer: Mapping[str, JsonValue]
    external_order_id: ExternalId
    line_items: Sequence[Mapping[str, JsonValue]]
    scheduled_at: datetime
    shipping_address: Mapping[str, JsonValue]
    status: OrderStatus | str


class Orders(Resource[Order]):
    """`client.orders`. Scopes: read_orders, write_orders."""

    _path = "/orders"
    _singular = "order"
    _plural = "orders"
    _model = Order

    async def get(self, id: int, *, include: Sequence[OrderInclusion] = ()) -> Order:
        """GET /orders/{id}. NotFound for an unknown id."""
        return await self._get(id, {"include": include or None})

    def list(self, **filters: Unpack[OrderFilters]) -> Listing[Order]:
        """GET /orders."""
        return self._list(filters)

    async def update(self, id: int, **changes: Unpack[OrderChanges]) -> Order:
        """PUT /orders/{id}."""
        return await self._update(id, changes)

    async def delete(self, id: int) -> None:
        """DELETE /orders/{id}."""
        await self._delete(id)

    async def clone(self, id: int, scheduled_at: datetime) -> Order:
        """POST /orders/{id}/clone: the same order again. Never repeated: it ships goods."""
        return await self._act(id, "clone", {"scheduled_at": scheduled_at}, repeat_is_safe=False)

    async def delay(self, id: int) -> Order:
        """POST /orders/{id}/delay: a queued prepaid order comes one interval later. Never
        repeated: each call moves it on."""
        return await self._act(id, "delay", repeat_is_safe=False)
