"""Bundle selections: what a customer has put into a bundle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Required, TypedDict, Unpack

from pydantic import JsonValue

from app.recharge.filters import Created, Ids, Paging, Updated
from app.recharge.query import OneOrMore
from app.recharge.resource import Listing, Resource
from app.recharge.values import Amount, Moment, Record


class BundleItem(Record):
    """One product in a bundle. External ids are plain texts here."""

    id: int | None = None
    collection_id: str | None = None
    collection_source: str | None = None
    created_at: Moment | None = None
    external_product_id: str | None = None
    external_variant_id: str | None = None
    price: Amount | None = None
    quantity: int = 1
    updated_at: Moment | None = None


class BundleSelection(Record):
    """What is in the bundle of one subscription or one-time (`purchase_item_id`). External ids are
    plain texts here."""

    id: int
    bundle_variant_id: int | None = None
    charge_id: int | None = None
    order_id: int | None = None
    purchase_item_id: int | None = None
    created_at: Moment | None = None
    external_product_id: str | None = None
    external_variant_id: str | None = None
    is_fallback: bool = False
    items: tuple[BundleItem, ...] = ()
    updated_at: Moment | None = None


class BundleSelectionFilters(Paging, Created, Updated, Ids, total=False):
    """What bundle selections are listed by."""

    active_purchase_items: bool | None
    bundle_variant_ids: OneOrMore[int] | None
    item_external_product_ids: OneOrMore[str] | None
    item_external_variant_ids: OneOrMore[str] | None
    purchase_item_ids: OneOrMore[int] | None


class BundleSelectionChanges(TypedDict, total=False):
    """Each item: collection_id, collection_source, external_product_id, external_variant_id,
    quantity."""

    items: Required[Sequence[Mapping[str, JsonValue]]]
    plan_id: int


class NewBundleSelection(BundleSelectionChanges, total=False):
    """The first content of a subscription's bundle."""

    purchase_item_id: Required[int]


class BundleSelections(Resource[BundleSelection]):
    """`client.bundle_selections`. Scopes: read_subscriptions, write_subscriptions."""

    _path = "/bundle_selections"
    _singular = "bundle_selection"
    _plural = "bundle_selections"
    _model = BundleSelection

    async def get(self, id: int) -> BundleSelection:
        """GET /bundle_selections/{id}. NotFound for an unknown id."""
        return await self._get(id)

    def list(self, **filters: Unpack[BundleSelectionFilters]) -> Listing[BundleSelection]:
        """GET /bundle_selections."""
        return self._list(filters)

    async def create(self, **values: Unpack[NewBundleSelection]) -> BundleSelection:
        """POST /bundle_selections."""
        return await self._create(values)

    async def update(self, id: int, **changes: Unpack[BundleSelectionChanges]) -> BundleSelection:
        """PUT /bundle_selections/{id}: the new items replace the old ones."""
        return await self._update(id, changes)

    async def delete(self, id: int) -> None:
        """DELETE /bundle_selections/{id}."""
        await self._delete(id)
