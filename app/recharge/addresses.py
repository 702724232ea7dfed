"""Addresses: where deliveries go. Subscriptions and charges hang on an address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Literal, Required, TypedDict, Unpack

from pydantic import Field, JsonValue

from app.recharge.charges import Charge
from app.recharge.filters import Created, Ids, Paging, Updated
from app.recharge.parts import AppliedDiscount, Property, ShippingLine
from app.recharge.resource import Listing, Resource
from app.recharge.sending import Call
from app.recharge.values import MaybeMoment, Record, valid_ids

if TYPE_CHECKING:
    from app.recharge.customers import Customer
    from app.recharge.discounts import Discount
    from app.recharge.payment_methods import PaymentMethod
    from app.recharge.subscriptions import Subscription

MOST_MERGED = 10
"""Addresses that one merge may take in."""

AddressInclusion = Literal[
    "charge_activities", "customer", "discount", "payment_methods", "subscriptions"
]


class AddressInclude(Record):
    """What came along with an address; None where it was not asked for."""

    charge_activities: JsonValue = None
    customer: Customer | None = None
    discount: Discount | None = None
    payment_methods: tuple[PaymentMethod, ...] | None = None
    subscriptions: tuple[Subscription, ...] | None = None


class Address(Record):
    """Where deliveries go, and with which card they are paid. `country_code` is ISO alpha-2."""

    id: int
    customer_id: int
    payment_method_id: int | None = None
    address1: str = ""
    address2: str | None = None
    city: str = ""
    company: str | None = None
    country_code: str = ""
    created_at: MaybeMoment = None
    discounts: tuple[AppliedDiscount, ...] = ()
    first_name: str = ""
    include: AddressInclude = Field(default_factory=lambda: AddressInclude())
    is_gift: bool = False
    last_name: str = ""
    order_attributes: tuple[Property, ...] = ()
    order_note: str | None = None
    phone: str | None = None
    presentment_currency: str | None = None
    province: str | None = None
    shipping_lines_conserved: tuple[ShippingLine, ...] = ()
    shipping_lines_override: tuple[ShippingLine, ...] | None = None
    updated_at: MaybeMoment = None
    zip: str | None = None


class AddressFilters(Paging, Created, Updated, Ids, total=False):
    """What addresses are listed by. `is_active`: whether active subscriptions are on it."""

    customer_id: int | None
    discount_code: str | None
    discount_id: int | None
    include: Sequence[AddressInclusion]
    is_active: bool | None


class AddressChanges(TypedDict, total=False):
    """`discounts`: ``[{"code": "TEN"}]`` lowers all coming charges, ``[]`` ends that."""

    address1: str
    address2: str | None
    city: str
    company: str | None
    country_code: str
    discounts: Sequence[Mapping[str, int | str]]
    first_name: str
    is_gift: bool
    last_name: str
    order_attributes: Sequence[Mapping[str, JsonValue]]
    order_note: str | None
    payment_method_id: int
    phone: str | None
    province: str | None
    shipping_lines_override: Sequence[Mapping[str, JsonValue]] | None
    zip: str | None


class NewAddress(AddressChanges, total=False):
    """A new address has no card of its own unless `payment_method_id` is given: until then its
    charges cannot be processed."""

    customer_id: Required[int]
    presentment_currency: str


class Addresses(Resource[Address]):
    """`client.addresses`. Scopes: read_customers, write_customers; skip_charge: write_orders."""

    _path = "/addresses"
    _singular = "address"
    _plural = "addresses"
    _model = Address

    async def get(self, id: int, *, include: Sequence[AddressInclusion] = ()) -> Address:
        """GET /addresses/{id}. NotFound for an unknown id."""
        return await self._get(id, {"include": include or None})

    def list(self, **filters: Unpack[AddressFilters]) -> Listing[Address]:
        """GET /addresses."""
        return self._list(filters)

    async def create(self, **values: Unpack[NewAddress]) -> Address:
        """POST /addresses. Refused without address1, city, country_code, first_name, last_name and
        province (which is None where a country has none)."""
        return await self._create(values)

    async def update(
        self, id: int, *, commit: bool | None = None, **changes: Unpack[AddressChanges]
    ) -> Address:
        """PUT /addresses/{id}. `commit` waits until queued charges are made anew, which otherwise
        happens about 5 s later. One discount per address. Conflict while another change runs."""
        return await self._update(id, changes, {"commit": commit})

    async def delete(self, id: int) -> None:
        """DELETE /addresses/{id}. Refused while an active subscription is on it."""
        await self._delete(id)

    async def merge(
        self,
        target_id: int,
        source_ids: Sequence[int],
        *,
        delete_source_addresses: bool | None = None,
        next_charge_date: date | None = None,
    ) -> Address:
        """POST /addresses/merge: moves all subscriptions to the target and answers with it.

        InvalidArgument for none or more than 10 sources.
        Different presentment currencies fail it as a whole.
        """
        values: dict[str, object] = {
            "target_address": {"id": target_id},
            "source_addresses": [{"id": id} for id in valid_ids(source_ids, MOST_MERGED)],
        }
        if delete_source_addresses is not None:
            values["delete_source_addresses"] = delete_source_addresses
        if next_charge_date is not None:
            values["next_charge_date"] = next_charge_date
        return await self._one(Call("POST", "/addresses/merge", body=values, repeat_is_safe=True))

    async def skip_charge(self, id: int, *, date: date, subscription_ids: Sequence[int]) -> Charge:
        """POST /addresses/{id}/charges/skip: skips a date of the schedule that has no charge yet.

        Answers with a new charge whose status is skipped. Refused for a date that the schedule does
        not produce.
        """
        call = Call(
            "POST",
            "/addresses/{id}/charges/skip",
            (id,),
            body={"date": date, "subscription_ids": valid_ids(subscription_ids)},
            repeat_is_safe=True,
        )
        return await self._ask(call, "charge", Charge)
