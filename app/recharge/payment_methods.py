"""Payment methods: cards and wallets on file. No card number ever passes here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Literal, Required, TypedDict, Unpack

from pydantic import Field, JsonValue

from app.recharge.filters import Paging
from app.recharge.parts import PostalAddress
from app.recharge.resource import Listing, Resource
from app.recharge.values import (
    OR_NONE,
    MaybeMoment,
    MaybeNumber,
    MaybeText,
    Moment,
    OpenEnum,
    Record,
)

if TYPE_CHECKING:
    from app.recharge.addresses import Address

PaymentMethodInclusion = Literal["addresses"]


class PaymentType(OpenEnum):
    """Written in capitals, unlike all other words of the API."""

    CREDIT_CARD = "CREDIT_CARD"
    PAYPAL = "PAYPAL"
    APPLE_PAY = "APPLE_PAY"
    GOOGLE_PAY = "GOOGLE_PAY"
    SEPA_DEBIT = "SEPA_DEBIT"
    IDEAL = "IDEAL"
    SHOP_PAY = "SHOP_PAY"
    PAYPAL_EXPRESS = "PAYPAL_EXPRESS"
    SOFORT = "SOFORT"
    GIROPAY = "GIROPAY"
    STORED_VALUE = "STORED_VALUE"
    AMAZON_PAY = "AMAZON_PAY"
    INVOICE = "INVOICE"
    AFTERPAY_CLEARPAY = "AFTERPAY_CLEARPAY"
    KLARNA = "KLARNA"


class PaymentMethodStatus(OpenEnum):
    """Whether a payment method can be charged. Two sets of words are in use."""

    VALID = "valid"
    INVALID = "invalid"
    EMPTY = "empty"
    UNVALIDATED = "unvalidated"
    NOT_VALIDATED = "not_validated"


class PaymentDetails(Record):
    """What may be shown of a payment method. All None where the processor tells nothing."""

    brand: MaybeText = None
    exp_month: MaybeNumber = None
    exp_year: MaybeNumber = None
    funding_type: MaybeText = None
    last4: MaybeText = None
    paypal_email: MaybeText = None
    paypal_payer_id: MaybeText = None
    wallet_type: MaybeText = None


class PaymentMethodInclude(Record):
    """What came along with a payment method; None where it was not asked for."""

    addresses: tuple[Address, ...] | None = None


class PaymentMethod(Record):
    """A card or wallet on file at a payment processor."""

    id: int
    customer_id: int
    billing_address: Annotated[PostalAddress | None, OR_NONE] = None
    created_at: MaybeMoment = None
    default: bool = False
    deleted_at: Moment | None = None
    include: PaymentMethodInclude = Field(default_factory=lambda: PaymentMethodInclude())
    payment_details: PaymentDetails = PaymentDetails()
    payment_type: Annotated[PaymentType | None, OR_NONE] = None
    processor_customer_token: str | None = Field(default=None, repr=False)
    processor_name: str | None = None
    processor_payment_method_token: str | None = Field(default=None, repr=False)
    status: Annotated[PaymentMethodStatus | None, OR_NONE] = None
    status_reason: MaybeText = None
    updated_at: MaybeMoment = None


class PaymentMethodFilters(Paging, total=False):
    """Always newest first: the API sorts these by no other order."""

    address_id: int | None
    customer_id: int | None
    include: Sequence[PaymentMethodInclusion]
    include_deleted: bool | None
    processor_name: str | None
    processor_payment_method_token: str | None


class PaymentMethodChanges(TypedDict, total=False):
    """`billing_address` replaces the whole address. A card itself is never changed: make a new
    method, then give it to the address with ``client.addresses.update``."""

    apply_to_all_subscription_addresses: bool
    billing_address: Mapping[str, JsonValue]
    default: bool
    processor_name: str


class NewPaymentMethod(TypedDict, total=False):
    """The tokens come from the payment processor, which holds the card. `address_ids` or
    `apply_to_all_subscription_addresses` put the method to use; without them it is on file only."""

    address_ids: Sequence[int]
    apply_to_all_subscription_addresses: bool
    billing_address: Mapping[str, JsonValue]
    customer_id: Required[int]
    default: bool
    external_mandate_id: str
    external_payment_method_id: str
    payment_method_intent_id: str
    payment_type: Required[PaymentType | str]
    processor_customer_token: Required[str]
    processor_name: Required[str]
    processor_payment_method_token: str
    retry_charges: bool


class PaymentMethods(Resource[PaymentMethod]):
    """`client.payment_methods`. Scopes: read_payment_methods, write_payment_methods."""

    _path = "/payment_methods"
    _singular = "payment_method"
    _plural = "payment_methods"
    _model = PaymentMethod

    async def get(
        self, id: int, *, include: Sequence[PaymentMethodInclusion] = ()
    ) -> PaymentMethod:
        """GET /payment_methods/{id}. NotFound for an unknown id."""
        return await self._get(id, {"include": include or None})

    def list(self, **filters: Unpack[PaymentMethodFilters]) -> Listing[PaymentMethod]:
        """GET /payment_methods."""
        return self._list(filters)

    async def create(self, **values: Unpack[NewPaymentMethod]) -> PaymentMethod:
        """POST /payment_methods. Refused for tokens that the processor does not know."""
        return await self._create(values)

    async def update(self, id: int, **changes: Unpack[PaymentMethodChanges]) -> PaymentMethod:
        """PUT /payment_methods/{id}. Methods of `shopify_payments` cannot be changed here."""
        return await self._update(id, changes)

    async def delete(self, id: int) -> None:
        """DELETE /payment_methods/{id}. Refused while an address uses it."""
        await self._delete(id)
