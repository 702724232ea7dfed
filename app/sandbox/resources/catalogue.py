"""Products, plans and collections."""

from typing import Any

from app.sandbox import fields as f
from app.sandbox.defaults import complete
from app.sandbox.errors import Document, Invalid, NotFound
from app.sandbox.http import Call, Endpoint, Reply
from app.sandbox.resources.generic import (
    creating,
    deleting,
    listing,
    one,
    reading,
    scopes,
    updating,
    writing,
)
from app.sandbox.shop import Shop

_MOST = 250
_PRODUCT: f.Fields = {
    "external_product_id": f.required(f.text(1, 18)),
    "brand": f.nullable(f.text()),
    "description": f.nullable(f.text()),
    "external_created_at": f.nullable(f.moment),
    "external_updated_at": f.nullable(f.moment),
    "images": f.list_of(f.mapping),
    "options": f.list_of(f.mapping),
    "published_at": f.nullable(f.moment),
    "requires_shipping": f.flag,
    "title": f.required(f.text(1)),
    "variants": f.list_of(f.mapping),
    "vendor": f.nullable(f.text()),
}
_PLAN: f.Fields = {
    "channel_settings": f.mapping,
    "discount_amount": f.nullable(f.money),
    "discount_type": f.nullable(f.one_of("percentage", "fixed_amount")),
    "external_plan_group_id": f.nullable(f.text()),
    "external_product_id": f.required(f.external),
    "external_variant_ids": f.list_of(f.anything),
    "sort_order": f.number(0),
    "subscription_preferences": f.mapping,
    "title": f.required(f.text(1)),
    "type": f.required(
        f.one_of("subscription", "prepaid", "prepaid_v2", "onetime", "membership_subscription")
    ),
}
_COLLECTION: f.Fields = {
    "description": f.nullable(f.text()),
    "manual_sort_order": f.list_of(f.anything),
    "sort_order": f.one_of(
        "id-asc",
        "id-desc",
        "created_at-asc",
        "created_at-desc",
        "title-asc",
        "title-desc",
        "manual",
    ),
    "title": f.required(f.text(1)),
    "type": f.one_of("manual", "automatic"),
}


def _product(shop: Shop, call: Call) -> Document:
    found = shop.product(call.path["id"])
    if found is None:
        raise NotFound
    return found


def _get_product(shop: Shop, call: Call) -> Reply:
    return one(shop, call, "products", _product(shop, call))


def _create_product(shop: Shop, call: Call) -> Reply:
    body = call.read(_PRODUCT)
    if not body["external_product_id"].isdigit():
        raise Invalid("external_product_id", "Not a valid id.")
    if shop.product(body["external_product_id"]) is not None:
        raise Invalid("external_product_id", "Already exists.")
    return one(shop, call, "products", _write_product(shop, body), 201)


def _write_product(shop: Shop, document: Document) -> Document:
    shop.forget_catalogue()
    return shop.store.write("products", complete(shop, "products", document))


def _update_product(shop: Shop, call: Call) -> Reply:
    product = _product(shop, call)
    body = call.read(f.optional(_PRODUCT))
    body.pop("external_product_id", None)
    return one(shop, call, "products", _write_product(shop, {**product, **body}))


def _delete_product(shop: Shop, call: Call) -> Reply:
    product = _product(shop, call)
    shop.forget_catalogue()
    shop.store.delete("products", int(product["external_product_id"]))
    return Reply(status=204)


# Plans of one product, many at a time


def _plans(call: Call, field: str) -> list[Document]:
    body = call.read({field: f.required(f.list_of(f.mapping, 1, _MOST))})
    found: list[Document] = body[field]
    return found


def _create_plans(shop: Shop, call: Call) -> Reply:
    product = _product(shop, call)
    owner = {"external_product_id": {"ecommerce": product["external_product_id"]}}
    created = [
        shop.add("plans", f.read({**each, **owner}, _PLAN)) for each in _plans(call, "plans")
    ]
    return Reply({"plans": created}, 201)


def _update_plans(shop: Shop, call: Call) -> Reply:
    product = _product(shop, call)
    changed = []
    for each in _plans(call, "plans"):
        plan = _plan_of(shop, product, each.pop("id", None))
        changed.append(shop.save("plans", {**plan, **f.read(each, f.optional(_PLAN))}))
    return Reply({"plans": changed})


def _delete_plans(shop: Shop, call: Call) -> Reply:
    product = _product(shop, call)
    for each in _plans(call, "plan_ids"):
        shop.remove("plans", _plan_of(shop, product, each.get("id")))
    return Reply(status=204)


def _plan_of(shop: Shop, product: Document, id: Any) -> Document:
    plan = shop.store.get("plans", int(id)) if str(id).isdigit() else None
    own = {"ecommerce": product["external_product_id"]}
    if plan is None or plan["external_product_id"] != own:
        raise Invalid("plans", f"{id} is not a plan of this product.")
    return plan


# What is in a collection


def _add_products(shop: Shop, call: Call) -> Reply:
    collection = shop.read("collections", call.id())
    known = {
        each["external_product_id"]
        for each in shop.find("collection_products", collection_id=collection["id"])
    }
    for external_product_id in _product_ids(call):
        if external_product_id not in known:
            shop.add(
                "collection_products",
                {"collection_id": collection["id"], "external_product_id": external_product_id},
            )
    return _inside(shop, collection)


def _remove_products(shop: Shop, call: Call) -> Reply:
    collection = shop.read("collections", call.id())
    gone = set(_product_ids(call))
    for each in shop.find("collection_products", collection_id=collection["id"]):
        if each["external_product_id"] in gone:
            shop.store.delete("collection_products", each["id"])
    return Reply(status=204)


def _product_ids(call: Call) -> list[str]:
    product: f.Fields = {"external_product_id": f.required(f.text(1))}
    body = call.read({
        "collection_products": f.required(f.list_of(f.nested(product), 1, _MOST)),
    })  # fmt: skip
    return [each["external_product_id"] for each in body["collection_products"]]


def _inside(shop: Shop, collection: Document) -> Reply:
    found = shop.find("collection_products", collection_id=collection["id"])
    return Reply({"collection_products": found})


_READ, _WRITE = scopes("products", "read"), scopes("products", "write")
_BULK = "/products/{id}/plans-bulk"

ENDPOINTS = [
    Endpoint("GET", "/products", listing("products"), _READ),
    Endpoint("GET", "/products/{id}", _get_product, _READ),
    Endpoint("POST", "/products", _create_product, _WRITE),
    Endpoint("PUT", "/products/{id}", _update_product, _WRITE),
    Endpoint("DELETE", "/products/{id}", _delete_product, _WRITE),
    *reading("plans"),
    *writing(
        "plans",
        create=creating("plans", _PLAN),
        update=updating("plans", _PLAN),
        delete=deleting("plans"),
    ),
    Endpoint("POST", _BULK, _create_plans, _WRITE),
    Endpoint("PUT", _BULK, _update_plans, _WRITE),
    Endpoint("DELETE", _BULK, _delete_plans, _WRITE),
    *reading("collections"),
    *writing(
        "collections",
        create=creating("collections", _COLLECTION),
        update=updating("collections", _COLLECTION),
        delete=deleting("collections"),
    ),
    Endpoint("GET", "/collection_products", listing("collection_products"), _READ),
    # Sources disagree on this path, so both are served.
    *(
        Endpoint(method, path, handler, _WRITE)
        for path in ("/collections/{id}/products", "/collections/{id}/collection_products-bulk")
        for method, handler in (("POST", _add_products), ("DELETE", _remove_products))
    ),
]
