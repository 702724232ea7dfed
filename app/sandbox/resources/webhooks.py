"""Webhook registrations, and a test delivery."""

from app.sandbox import fields as f
from app.sandbox.errors import Document, Invalid
from app.sandbox.http import Call, Endpoint, Reply
from app.sandbox.nouns import NOUNS
from app.sandbox.resources.generic import deleting, one, reading, writing
from app.sandbox.shop import TOPICS, Shop
from app.sandbox.webhooks import is_loopback, note_delivery

_MOST_PER_TOPIC = 10
_INCLUDED = ("customer", "addresses", "metafields", "payment_methods")
_FIELDS: f.Fields = {
    "address": f.required(f.text(1)),
    "included_objects": f.list_of(f.one_of(*_INCLUDED)),
    "topic": f.required(f.one_of(*TOPICS)),
    "version": f.one_of("2021-01", "2021-11"),
}


def _create(shop: Shop, call: Call) -> Reply:
    body = call.read(_FIELDS)
    _check(shop, body)
    if len(shop.find("webhooks", topic=body["topic"])) >= _MOST_PER_TOPIC:
        raise Invalid("topic", f"At most {_MOST_PER_TOPIC} webhooks for one topic.")
    return one(shop, call, "webhooks", shop.add("webhooks", body), 201)


def _update(shop: Shop, call: Call) -> Reply:
    webhook = shop.read("webhooks", call.id())
    body = {**webhook, **call.read(f.optional(_FIELDS))}
    _check(shop, body)
    return one(shop, call, "webhooks", shop.save("webhooks", body))


def _check(shop: Shop, body: Document) -> None:
    if not is_loopback(body["address"]):
        raise Invalid("address", "The sandbox sends webhooks to loopback addresses only.")


def _test(shop: Shop, call: Call) -> Reply:
    """Send the newest object of the topic's noun, or an empty one."""
    webhook = shop.read("webhooks", call.id())
    noun = webhook["topic"].split("/")[0]
    plural = next((each.plural for each in NOUNS.values() if each.singular == noun), None)
    newest = shop.store.find(plural, order="id DESC", limit=1) if plural else []
    note_delivery(shop, webhook, noun, newest[0] if newest else {})
    return Reply({})


ENDPOINTS = [
    *reading("webhooks"),
    *writing("webhooks", create=_create, update=_update, delete=deleting("webhooks")),
    Endpoint("POST", "/webhooks/{id}/test", _test, ("store_info",)),
]
