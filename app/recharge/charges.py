"""Charges: what was paid, what is due, what was skipped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, Unpack

from pydantic import Field, JsonValue

from app.recharge.errors import InvalidArgument
from app.recharge.filters import Created, Ids, Paging, Since, Updated
from app.recharge.parts import (
    AnalyticsData,
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
from app.recharge.sending import PROCESS_SECONDS
from app.recharge.values import (
    ZERO,
    Amount,
    Day,
    ExternalId,
    MaybeMoment,
    OpenEnum,
    Record,
    valid_ids,
)

if TYPE_CHECKING:
    from app.recharge.customers import Customer
    from app.recharge.metafields import Metafield
    from app.recharge.payment_methods import PaymentMethod
    from app.recharge.subscriptions import Subscription

ChargeInclusion = Literal[
    "charge_activities", "customer", "metafields", "payment_methods", "subscriptions"
]


class ChargeStatus(OpenEnum):
    """How far a charge has come. A pending one is with the payment processor."""

    QUEUED = "queued"
    SUCCESS = "success"
    ERROR = "error"
    SKIPPED = "skipped"
    REFUNDED = "refunded"
    PARTIALLY_REFUNDED = "partially_refunded"
    PENDING = "pending"
    PENDING_MANUAL_PAYMENT = "pending_manual_payment"


class ChargeType(OpenEnum):
    """Whether a charge comes from a first purchase or from a subscription's rhythm."""

    CHECKOUT = "checkout"
    RECURRING = "recurring"


class ExternalTransactionId(Record):
    """The payment's id at the payment processor."""

    payment_processor: str | None = None


class ChargeInclude(Record):
    """What came along with a charge; None where it was not asked for."""

    charge_activities: JsonValue = None
    customer: Customer | None = None
    metafields: tuple[Metafield, ...] | None = None
    payment_methods: tuple[PaymentMethod, ...] | None = None
    subscriptions: tuple[Subscription, ...] | None = None


class Charge(Record):
    """What is paid at once, for one address on one date.

    `scheduled_at` is a plain date in the shop's zone. `has_uncommitted_changes` tells that the
    charge is being made anew after an edit, for about 5 s.
    """

    id: int
    address_id: int
    analytics_data: AnalyticsData = AnalyticsData()
    billing_address: PostalAddress | None = None
    charge_attempts: int = 0
    client_details: ClientDetails = ClientDetails()
    created_at: MaybeMoment = None
    currency: str = ""
    customer: CustomerReference
    discounts: tuple[AppliedDiscount, ...] = ()
    error: str | None = None
    error_type: str | None = None
    external_order_id: ExternalId = ExternalId()
    external_transaction_id: ExternalTransactionId = ExternalTransactionId()
    external_variant_id_not_found: bool = False
    has_uncommitted_changes: bool = False
    include: ChargeInclude = Field(default_factory=lambda: ChargeInclude())
    last_charge_attempt: MaybeMoment = None
    line_items: tuple[LineItem, ...] = ()
    merged_at: MaybeMoment = None
    note: str | None = None
    order_attributes: tuple[Property, ...] = ()
    orders_count: int = 0
    original_scheduled_at: Day | None = None
    payment_processor: str | None = None
    processed_at: MaybeMoment = None
    retry_date: Day | None = None
    scheduled_at: Day | None = None
    shipping_address: PostalAddress | None = None
    shipping_lines: tuple[ShippingLine, ...] = ()
    status: ChargeStatus = ChargeStatus("unknown")
    subtotal_price: Amount = ZERO
    tags: str = ""
    tax_lines: tuple[TaxLine, ...] = ()
    taxable: bool = False
    taxes_included: bool = False
    total_discounts: Amount = ZERO
    total_duties: Amount = ZERO
    total_line_items_price: Amount = ZERO
    total_price: Amount
    total_refunds: Amount = ZERO
    total_tax: Amount = ZERO
    total_weight_grams: int = 0
    type: ChargeType | None = None
    updated_at: MaybeMoment = None


class ChargeFilters(Paging, Created, Updated, Ids, total=False):
    """What charges are listed by."""

    address_id: int | None
    customer_id: int | None
    discount_code: str | None
    discount_id: int | None
    external_order_id: str | None
    include: Sequence[ChargeInclusion]
    processed_at_max: Since | None
    processed_at_min: Since | None
    purchase_item_id: int | None
    purchase_item_ids: OneOrMore[int] | None
    scheduled_at: date | None
    scheduled_at_max: Since | None
    scheduled_at_min: Since | None
    status: OneOrMore[ChargeStatus | str] | None


class Charges(Resource[Charge]):
    """`client.charges`. Scopes: read_orders, write_orders; process: write_payments.

    Charges are made and deleted by Recharge alone. Processed ones older than 90 days are gone from
    the API (since 19 March 2025): for what was bought long ago, ask `client.orders`.
    """

    _path = "/charges"
    _singular = "charge"
    _plural = "charges"
    _model = Charge

    async def get(self, id: int, *, include: Sequence[ChargeInclusion] = ()) -> Charge:
        """GET /charges/{id}. NotFound for an unknown id."""
        return await self._get(id, {"include": include or None})

    def list(self, **filters: Unpack[ChargeFilters]) -> Listing[Charge]:
        """GET /charges."""
        return self._list(filters)

    async def skip(self, id: int, *, purchase_item_ids: Sequence[int]) -> Charge:
        """POST /charges/{id}/skip. Refused unless the charge is queued; prepaid items are not
        skippable. Skipping some of several items answers with another charge, which holds them.

        `purchase_item_ids` is always sent: some shops' charges are not skipped without it.
        """
        return await self._act(id, "skip", {"purchase_item_ids": valid_ids(purchase_item_ids)})

    async def unskip(self, id: int, *, purchase_item_ids: Sequence[int]) -> Charge:
        """POST /charges/{id}/unskip. Refused unless the charge is skipped and to come. The answer
        may be another charge: the one on that date which the items have joined."""
        return await self._act(id, "unskip", {"purchase_item_ids": valid_ids(purchase_item_ids)})

    async def apply_discount(
        self, id: int, *, discount_code: str | None = None, discount_id: int | None = None
    ) -> Charge:
        """POST /charges/{id}/apply_discount. Refused when the charge or its address has one. The
        discount is lost when the charge is made anew, by any edit of what is in it."""
        if (discount_code is None) == (discount_id is None):
            raise InvalidArgument("give discount_code or discount_id, one of them")
        given = (
            {"discount_code": discount_code}
            if discount_id is None
            else {"discount_id": discount_id}
        )
        return await self._act(id, "apply_discount", given)

    async def remove_discount(self, id: int) -> Charge:
        """POST /charges/{id}/remove_discount. A discount of the address stays; remove that with
        ``client.addresses.update(id, discounts=[])``."""
        return await self._act(id, "remove_discount")

    async def process(self, id: int) -> Charge:
        """POST /charges/{id}/process: takes the money now, within 30 s.

        Never repeated here, whatever the error: after an unclear answer read this same charge
        again, since it is the only way to know whether the customer has paid. Needs
        write_payments, and a plan of Recharge's that allows it.
        """
        return await self._act(id, "process", repeat_is_safe=False, seconds=PROCESS_SECONDS)

    async def refund(
        self,
        id: int,
        *,
        amount: Decimal,
        full_refund: bool | None = None,
        retry: bool | None = None,
        error: str | None = None,
        error_type: str | None = None,
    ) -> Charge:
        """POST /charges/{id}/refund. `retry` needs `error` and `error_type`. Never repeated."""
        values = {
            "amount": amount,
            "full_refund": full_refund,
            "retry": retry,
            "error": error,
            "error_type": error_type,
        }
        given = {name: value for name, value in values.items() if value is not None}
        return await self._act(id, "refund", given, repeat_is_safe=False, seconds=PROCESS_SECONDS)

    async def capture_payment(self, id: int) -> Charge:
        """POST /charges/{id}/capture_payment: takes an authorised payment. Never repeated."""
        return await self._act(id, "capture_payment", repeat_is_safe=False, seconds=PROCESS_SECONDS)

    async def add_free_gift(
        self,
        id: int,
        *,
        free_gifts: Sequence[Mapping[str, JsonValue]],
        conserve_on_skip: bool | None = None,
    ) -> Charge:
        """POST /charges/{id}/add_free_gift with ``[{"external_variant_id": …, "quantity": 1}]``.
        Needs write_free_gifts. Never repeated: a gift might be added twice."""
        values: dict[str, object] = {"free_gifts": free_gifts}
        if conserve_on_skip is not None:
            values["conserve_on_skip"] = conserve_on_skip
        return await self._act(id, "add_free_gift", values, repeat_is_safe=False)

    async def remove_free_gift(self, id: int, *, external_variant_ids: Sequence[str]) -> Charge:
        """POST /charges/{id}/remove_free_gift. Needs write_free_gifts."""
        return await self._act(
            id, "remove_free_gift", {"external_variant_ids": external_variant_ids}
        )

    async def change_next_charge_date(self, id: int, next_charge_date: date) -> Charge:
        """POST /charges/{id}/change_next_charge_date: moves all that is in the charge. Known from
        Recharge's storefront client only."""
        return await self._act(
            id, "change_next_charge_date", {"next_charge_date": next_charge_date}
        )
