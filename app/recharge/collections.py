"""Collections: groups of products."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Required, TypedDict, Unpack

from app.recharge.filters import Ids, Paging
from app.recharge.resource import Listing, Resource
from app.recharge.sending import Call
from app.recharge.values import Moment, OpenEnum, Record


class CollectionType(OpenEnum):
    """Whether products are put into a collection by hand or by a rule."""

    MANUAL = "manual"
    AUTOMATIC = "automatic"


class Collection(Record):
    """A group of products, in the order that `sort_order` names (such as title-asc or manual)."""

    id: int
    created_at: Moment | None = None
    description: str | None = None
    manual_sort_order: tuple[str, ...] = ()
    sort_order: str | None = None
    title: str = ""
    type: CollectionType | None = None
    updated_at: Moment | None = None


class CollectionProduct(Record):
    """That a product is in a collection."""

    collection_id: int | None = None
    external_product_id: str | None = None


class CollectionFilters(Paging, Ids, total=False):
    """What collections are listed by."""

    title: str | None


class CollectionChanges(TypedDict, total=False):
    """What can be changed about a collection."""

    description: str | None
    manual_sort_order: Sequence[str]
    sort_order: str
    title: str


class NewCollection(TypedDict, total=False):
    """A collection to be made."""

    description: str | None
    manual_sort_order: Sequence[str]
    sort_order: str
    title: Required[str]
    type: CollectionType | str


class Collections(Resource[Collection]):
    """`client.collections`. Scopes: read_products, write_products."""

    _path = "/collections"
    _singular = "collection"
    _plural = "collections"
    _model = Collection

    async def get(self, id: int) -> Collection:
        """GET /collections/{id}. NotFound for an unknown id."""
        return await self._get(id)

    def list(self, **filters: Unpack[CollectionFilters]) -> Listing[Collection]:
        """GET /collections."""
        return self._list(filters)

    async def create(self, **values: Unpack[NewCollection]) -> Collection:
        """POST /collections."""
        return await self._create(values)

    async def update(self, id: int, **changes: Unpack[CollectionChanges]) -> Collection:
        """PUT /collections/{id}."""
        return await self._update(id, changes)

    async def delete(self, id: int) -> None:
        """DELETE /collections/{id}."""
        await self._delete(id)

    def products(self, id: int, **filters: Unpack[Paging]) -> Listing[CollectionProduct]:
        """GET /collection_products with `collection_id`."""
        key = "collection_products"
        query = {**filters, "collection_id": id}
        return self._listing(f"/{key}", (), query, key, CollectionProduct)

    async def add_products(self, id: int, external_product_ids: Sequence[str]) -> None:
        """POST /collections/{id}/collection_products-bulk, 250 products at most. The route is told
        of by third parties only."""
        await self._change_products("POST", id, external_product_ids)

    async def remove_products(self, id: int, external_product_ids: Sequence[str]) -> None:
        """DELETE /collections/{id}/collection_products-bulk, 250 products at most. The route is
        told of by third parties only."""
        await self._change_products("DELETE", id, external_product_ids)

    async def _change_products(
        self, method: Literal["POST", "DELETE"], id: int, external_product_ids: Sequence[str]
    ) -> None:
        body = {
            "collection_products": [
                {"external_product_id": external} for external in external_product_ids
            ]
        }
        route = "/collections/{id}/collection_products-bulk"
        await self._sender.send(Call(method, route, (id,), body=body, repeat_is_safe=True))
