"""Metafields: notes that a shop attaches to its records."""

from __future__ import annotations

from typing import Required, TypedDict, Unpack

from pydantic import JsonValue

from app.recharge.filters import Paging
from app.recharge.resource import Listing, Resource
from app.recharge.values import Moment, OpenEnum, Record


class MetafieldOwner(OpenEnum):
    """What a metafield can belong to."""

    ADDRESS = "address"
    CHARGE = "charge"
    CUSTOMER = "customer"
    ORDER = "order"
    STORE = "store"
    SUBSCRIPTION = "subscription"


class MetafieldValueType(OpenEnum):
    """How a metafield's value is to be read."""

    STRING = "string"
    JSON_STRING = "json_string"
    INTEGER = "integer"


class Metafield(Record):
    """A named value of another record, `owner_resource` number `owner_id`."""

    id: int
    owner_id: int | None = None
    created_at: Moment | None = None
    description: str | None = None
    key: str = ""
    namespace: str = ""
    owner_resource: MetafieldOwner | None = None
    updated_at: Moment | None = None
    value: JsonValue = None
    value_type: MetafieldValueType | None = None


class MetafieldFilters(Paging, total=False):
    """What metafields are listed by; the API demands the owner's kind."""

    namespace: str | None
    owner_id: int | None
    owner_resource: Required[MetafieldOwner | str]


class MetafieldChanges(TypedDict, total=False):
    """What can be changed about a metafield."""

    description: str | None
    value: str | int
    value_type: MetafieldValueType | str


class NewMetafield(TypedDict, total=False):
    """A metafield to be made."""

    description: str | None
    key: Required[str]
    namespace: Required[str]
    owner_id: Required[int]
    owner_resource: Required[MetafieldOwner | str]
    value: Required[str | int]
    value_type: Required[MetafieldValueType | str]


class Metafields(Resource[Metafield]):
    """`client.metafields`. The scope is that of the record which the metafield belongs to."""

    _path = "/metafields"
    _singular = "metafield"
    _plural = "metafields"
    _model = Metafield

    async def get(self, id: int) -> Metafield:
        """GET /metafields/{id}. NotFound for an unknown id."""
        return await self._get(id)

    def list(self, **filters: Unpack[MetafieldFilters]) -> Listing[Metafield]:
        """GET /metafields. Refused without `owner_resource`."""
        return self._list(filters)

    async def create(self, **values: Unpack[NewMetafield]) -> Metafield:
        """POST /metafields, the body wrapped as Recharge's own storefront client wraps it."""
        return await self._create({"metafield": values})

    async def update(self, id: int, **changes: Unpack[MetafieldChanges]) -> Metafield:
        """PUT /metafields/{id}."""
        return await self._update(id, {"metafield": changes})

    async def delete(self, id: int) -> None:
        """DELETE /metafields/{id}."""
        await self._delete(id)
