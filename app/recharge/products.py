"""Products: what can be subscribed to. Keyed by the shop system's own id, a text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Required, TypedDict, Unpack

from pydantic import JsonValue

from app.recharge.filters import Paging
from app.recharge.parts import Images
from app.recharge.query import OneOrMore
from app.recharge.resource import Listing, Resource
from app.recharge.sending import Call
from app.recharge.values import Amount, Moment, Record


class OptionValue(Record):
    """One choice of an option, such as Large."""

    label: str = ""
    position: int | None = None


class ProductOption(Record):
    """What a customer chooses by, such as Size."""

    name: str = ""
    position: int | None = None
    values: tuple[OptionValue, ...] = ()


class Dimensions(Record):
    """How heavy a variant is, in its own unit."""

    weight: Amount | None = None
    weight_unit: str | None = None


class Prices(Record):
    """What a variant costs once, without a plan's discount, in the store's currency."""

    compare_at_price: Amount | None = None
    unit_price: Amount | None = None


class Variant(Record):
    """One form of a product that can be bought."""

    external_variant_id: str
    dimensions: Dimensions = Dimensions()
    image: Images = Images()
    option_values: tuple[OptionValue, ...] = ()
    prices: Prices = Prices()
    requires_shipping: bool = True
    sku: str | None = None
    tax_code: str | None = None
    taxable: bool = False
    title: str = ""


class Product(Record):
    """A product of the shop. It has no id of Recharge's own."""

    external_product_id: str
    brand: str | None = None
    description: str | None = None
    external_created_at: Moment | None = None
    external_updated_at: Moment | None = None
    images: tuple[Images, ...] = ()
    options: tuple[ProductOption, ...] = ()
    published_at: Moment | None = None
    requires_shipping: bool = True
    title: str = ""
    variants: tuple[Variant, ...] = ()
    vendor: str | None = None


class ProductFilters(Paging, total=False):
    """What products are listed by."""

    external_product_ids: OneOrMore[str] | None


class ProductChanges(TypedDict, total=False):
    """What can be changed about a product."""

    brand: str
    description: str
    images: Sequence[Mapping[str, JsonValue]]
    options: Sequence[Mapping[str, JsonValue]]
    requires_shipping: bool
    title: str
    variants: Sequence[Mapping[str, JsonValue]]
    vendor: str


class NewProduct(ProductChanges, total=False):
    """A product to be made."""

    external_product_id: Required[str]


class Products(Resource[Product]):
    """`client.products`. Scopes: read_products, write_products."""

    _path = "/products"
    _singular = "product"
    _plural = "products"
    _model = Product

    async def get(self, external_product_id: str) -> Product:
        """GET /products/{external_product_id}. NotFound for an unknown id."""
        return await self._one(
            Call("GET", "/products/{external_product_id}", (external_product_id,))
        )

    def list(self, **filters: Unpack[ProductFilters]) -> Listing[Product]:
        """GET /products. Reported to be Refused (422) on shops whose catalogue is Shopify's."""
        return self._list(filters)

    async def create(self, **values: Unpack[NewProduct]) -> Product:
        """POST /products."""
        return await self._create(values)

    async def update(self, external_product_id: str, **changes: Unpack[ProductChanges]) -> Product:
        """PUT /products/{external_product_id}."""
        route = "/products/{external_product_id}"
        call = Call("PUT", route, (external_product_id,), body=changes, repeat_is_safe=True)
        return await self._one(call)

    async def delete(self, external_product_id: str) -> None:
        """DELETE /products/{external_product_id}."""
        route = "/products/{external_product_id}"
        await self._sender.send(Call("DELETE", route, (external_product_id,), repeat_is_safe=True))
