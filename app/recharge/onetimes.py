"""One-times: products that are added to one delivery."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, Required, TypedDict, Unpack

from pydantic import Field, JsonValue

from app.recharge.bundle_selections import BundleSelection
from app.recharge.errors import InvalidArgument
from app.recharge.filters import Created, Ids, Paging, Updated
from app.recharge.parts import Property
from app.recharge.query import OneOrMore
from app.recharge.resource import Listing, Resource
from app.recharge.sending import Call
from app.recharge.values import Day, ExternalId, MaybeAmount, MaybeMoment, Record, valid_ids

if TYPE_CHECKING:
    from app.recharge.addresses import Address
    from app.recharge.customers import Customer
    from app.recharge.metafields import Metafield

OnetimeInclusion = Literal[
    "address", "bundle_product", "bundle_selections", "charge_activities", "customer", "metafields"
]


class OnetimeInclude(Record):
    """What came along with a one-time; None where it was not asked for."""

    address: Address | None = None
    bundle_product: JsonValue = None
    bundle_selections: tuple[BundleSelection, ...] | None = None
    charge_activities: JsonValue = None
    customer: Customer | None = None
    metafields: tuple[Metafield, ...] | None = None


class Onetime(Record):
    """A product that is charged and delivered once, with the address's charge of that date."""

    id: int
    address_id: int
    customer_id: int
    created_at: MaybeMoment = None
    external_product_id: ExternalId = ExternalId()
    external_variant_id: ExternalId = ExternalId()
    include: OnetimeInclude = Field(default_factory=lambda: OnetimeInclude())
    is_cancelled: bool = False
    next_charge_scheduled_at: Day | None = None
    presentment_currency: str | None = None
    price: MaybeAmount = None
    product_title: str = ""
    properties: tuple[Property, ...] = ()
    quantity: int = 1
    sku: str | None = None
    sku_override: bool = False
    updated_at: MaybeMoment = None
    variant_title: str | None = None


class OnetimeFilters(Paging, Created, Updated, Ids, total=False):
    """What one-times are listed by."""

    address_id: int | None
    address_ids: OneOrMore[int] | None
    customer_id: int | None
    external_variant_id: str | None
    include: Sequence[OnetimeInclusion]
    include_cancelled: bool | None


class OnetimeChanges(TypedDict, total=False):
    """What can be changed about a one-time."""

    address_id: int
    external_variant_id: ExternalId
    next_charge_scheduled_at: date
    price: Decimal
    product_title: str
    properties: Sequence[Mapping[str, JsonValue]]
    quantity: int
    sku: str | None
    variant_title: str


class NewOnetime(TypedDict, total=False):
    """Give `next_charge_scheduled_at`, or `add_to_next_charge` as True where the address has a
    queued charge; never both."""

    add_to_next_charge: bool
    address_id: Required[int]
    external_product_id: ExternalId
    external_variant_id: Required[ExternalId]
    gift_id: int
    next_charge_scheduled_at: date
    price: Decimal
    product_title: str
    properties: Sequence[Mapping[str, JsonValue]]
    quantity: Required[int]
    sku: str | None


class Onetimes(Resource[Onetime]):
    """`client.onetimes`. Scopes: read_subscriptions, write_subscriptions."""

    _path = "/onetimes"
    _singular = "onetime"
    _plural = "onetimes"
    _model = Onetime

    async def get(self, id: int, *, include: Sequence[OnetimeInclusion] = ()) -> Onetime:
        """GET /onetimes/{id}. NotFound for an unknown id."""
        return await self._get(id, {"include": include or None})

    def list(self, **filters: Unpack[OnetimeFilters]) -> Listing[Onetime]:
        """GET /onetimes."""
        return self._list(filters)

    async def create(self, **values: Unpack[NewOnetime]) -> Onetime:
        """POST /onetimes. A date on which the address has a queued charge joins that charge.

        Raises:
            InvalidArgument: both of the date and `add_to_next_charge`, or neither.
        """
        if bool(values.get("add_to_next_charge")) == ("next_charge_scheduled_at" in values):
            raise InvalidArgument(
                "give next_charge_scheduled_at or add_to_next_charge, one of them"
            )
        return await self._create(values)

    async def update(self, id: int, **changes: Unpack[OnetimeChanges]) -> Onetime:
        """PUT /onetimes/{id}."""
        return await self._update(id, changes)

    async def delete(self, id: int) -> None:
        """DELETE /onetimes/{id}."""
        await self._delete(id)

    async def skip_gift(
        self, purchase_item_ids: Sequence[int], recipient_address: Mapping[str, JsonValue]
    ) -> tuple[Onetime, ...]:
        """POST /purchase_items/skip_gift: gives the next delivery away. The address holds the
        recipient's `email` too. Answers with the one-times that were made for the recipient.

        Known from Recharge's storefront client only; never repeated.
        """
        body: dict[str, object] = {
            "purchase_item_ids": valid_ids(purchase_item_ids),
            "recipient_address": recipient_address,
        }
        call = Call("POST", "/purchase_items/skip_gift", body=body)
        return (await self._ask_all(call, "onetimes", Onetime)).records
