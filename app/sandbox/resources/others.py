"""Retention strategies, bundle selections, metafields, the store and the token."""

from collections.abc import Mapping

from app.sandbox import fields as f
from app.sandbox.errors import Document, Invalid, NotFound
from app.sandbox.http import Call, Endpoint, Reply
from app.sandbox.postal import shipping_countries
from app.sandbox.resources.generic import creating, deleting, one, reading, updating, writing
from app.sandbox.shop import Shop

_STRATEGY: f.Fields = {
    "cancellation_flow_type": f.one_of("subscription", "membership"),
    "discount_code": f.nullable(f.text()),
    "incentive_type": f.nullable(
        f.one_of("delay_subscription", "discount", "skip_charge", "swap_product")
    ),
    "prevention_text": f.required(f.text()),
    "reason": f.required(f.text(1)),
}
_ITEM: f.Fields = {
    "id": f.identifier,
    "collection_id": f.required(f.anything),
    "collection_source": f.required(f.one_of("shopify", "recharge")),
    "created_at": f.anything,
    "external_product_id": f.required(f.text(1)),
    "external_variant_id": f.required(f.text(1)),
    "price": f.anything,
    "quantity": f.required(f.number(1)),
    "updated_at": f.anything,
}
_BUNDLE: f.Fields = {
    "items": f.required(f.list_of(f.nested(_ITEM))),
    "plan_id": f.nullable(f.identifier),
    "purchase_item_id": f.required(f.identifier),
}
_OWNERS = ("address", "store", "customer", "subscription", "order", "charge")
_METAFIELD: f.Fields = {
    "description": f.nullable(f.text()),
    "key": f.required(f.text(1)),
    "namespace": f.required(f.text(1)),
    "owner_id": f.required(f.identifier),
    "owner_resource": f.required(f.one_of(*_OWNERS)),
    "value": f.required(f.anything),
    "value_type": f.required(f.one_of("string", "json_string", "integer")),
}
# Metafields want the scope of their owner; the sandbox asks for the commonest one.
_METAFIELD_SCOPES = {"GET": ("read_customers",), "*": ("write_customers",)}


def _fill_items(shop: Shop, selection: Document) -> Document:
    """Each chosen item gets an id, its price and its timestamps."""
    stamp = shop.stamp()
    items = []
    for place, each in enumerate(selection["items"], 1):
        found = shop.variant(each["external_variant_id"])
        price = found[1]["prices"]["unit_price"] if found else "0.00"
        made = {"id": selection["id"] * 100 + place, "created_at": stamp, "price": price}
        items.append({**made, **each, "updated_at": stamp})
    return {**selection, "items": items}


def _bundle_of(shop: Shop, body: Document) -> Document:
    subscription = shop.store.get("subscriptions", body["purchase_item_id"])
    if subscription is None:
        raise Invalid("purchase_item_id", "Not found")
    return {
        "external_product_id": subscription["external_product_id"]["ecommerce"],
        "external_variant_id": subscription["external_variant_id"]["ecommerce"],
    }


def _create_bundle(shop: Shop, call: Call) -> Reply:
    body = call.read(_BUNDLE)
    body.pop("plan_id", None)
    document = {**_bundle_of(shop, body), **body, "id": shop.store.take_id("bundle_selections")}
    written = shop.add("bundle_selections", _fill_items(shop, document))
    return one(shop, call, "bundle_selections", written, 201)


def _update_bundle(shop: Shop, call: Call) -> Reply:
    selection = shop.read("bundle_selections", call.id())
    body = call.read(f.optional(_BUNDLE))
    body.pop("plan_id", None)
    changed = _fill_items(shop, {**selection, **body})
    return one(shop, call, "bundle_selections", shop.save("bundle_selections", changed))


def _unwrapped(call: Call) -> Call:
    """Some clients wrap a metafield in its envelope, others send it flat."""
    inner = call.body.get("metafield")
    if isinstance(inner, dict):
        return Call(call.method, call.path, call.query, inner, call.version)
    return call


def _list_metafields(shop: Shop, call: Call) -> Reply:
    if "owner_resource" not in call.query and "cursor" not in call.query:
        raise Invalid("owner_resource", "Missing data for required field.")
    return reading("metafields")[0].handler(shop, call)


def _create_metafield(shop: Shop, call: Call) -> Reply:
    return creating("metafields", _METAFIELD)(shop, _unwrapped(call))


def _update_metafield(shop: Shop, call: Call) -> Reply:
    return updating("metafields", _METAFIELD)(shop, _unwrapped(call))


def _store(shop: Shop, call: Call) -> Reply:
    found = shop.store.find("store", limit=1)
    if not found:
        raise NotFound
    return Reply({"store": found[0]})


def _shop_settings(shop: Shop, call: Call) -> Reply:
    found = shop.store.find("shop_settings", limit=1)
    shown = {key: value for key, value in (found[0] if found else {}).items() if key != "id"}
    return Reply({"shop_settings": shown})


def _shipping_countries(shop: Shop, call: Call) -> Reply:
    return Reply({"shipping_countries": shipping_countries(shop.settings.shipping_countries)})


def _token(shop: Shop, call: Call) -> Reply:
    stores = shop.store.find("store", limit=1)
    email = stores[0].get("email") if stores else None
    return Reply({
        "token_information": {
            "client": {"contact_email": email, "email": email, "name": "Sandbox"},
            "contact_email": email,
            "name": "sandbox",
            "scopes": shop.settings.scopes,
        }
    })  # fmt: skip


def _with_scopes(endpoints: list[Endpoint], own: Mapping[str, tuple[str, ...]]) -> list[Endpoint]:
    return [
        Endpoint(each.method, each.template, each.handler, own.get(each.method, own["*"]))
        for each in endpoints
    ]


ENDPOINTS = [
    *reading("retention_strategies"),
    *_with_scopes(
        writing(
            "retention_strategies",
            create=creating("retention_strategies", _STRATEGY),
            update=updating("retention_strategies", _STRATEGY),
            delete=deleting("retention_strategies"),
        ),
        {"*": ("write_retention_strategies",)},
    ),
    *reading("bundle_selections"),
    *writing(
        "bundle_selections",
        create=_create_bundle,
        update=_update_bundle,
        delete=deleting("bundle_selections"),
    ),
    *_with_scopes(
        [
            Endpoint("GET", "/metafields", _list_metafields),
            reading("metafields")[1],
            *writing(
                "metafields",
                create=_create_metafield,
                update=_update_metafield,
                delete=deleting("metafields"),
            ),
        ],
        _METAFIELD_SCOPES,
    ),
    Endpoint("GET", "/store", _store, ("store_info",)),
    Endpoint("GET", "/shop/settings", _shop_settings),
    Endpoint("GET", "/shop/shipping_countries", _shipping_countries),
    Endpoint("GET", "/token_information", _token, versions=("2021-01", "2021-11")),
]
